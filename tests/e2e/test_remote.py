"""The HTTPS client: what it sends, where, and what it says of everything that goes wrong."""

import logging
import subprocess
import sys
import time
from pathlib import Path

import pytest

from keybound.domain.errors import BadInputError
from keybound.domain.text.secret import Secret, expose_secret
from keybound.remote.client import exchange
from keybound.remote.http import Fault, HttpFault, HttpRequest, HttpResponse, Network, address_fault
from support.providers import Authority, Provider, Reply, provider, proxy

CANARY = "canary-4f1d2c"
PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*PROXIES, *map(str.lower, PROXIES), "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def network(authority: Authority) -> Network:
    return Network(str(authority.path), connect_s=2, whole_s=2)


def asking(url: str, method: str = "GET", body: str | None = None) -> HttpRequest:
    header = ("Authorization", Secret(f"Bearer {CANARY}"))
    return HttpRequest(method, url, (header,), Secret(body) if body is not None else None)


def failed(found: HttpResponse | HttpFault) -> Fault:
    assert isinstance(found, HttpFault), found.status
    assert CANARY not in found.why
    return found.fault


def test_an_answer_is_given_with_its_status_headers_and_body(server: Provider, network: Network) -> None:
    server.answer(Reply({"login": "octo"}, headers={"X-OAuth-Scopes": "repo"}))
    found = exchange(network, asking(f"{server.url}/user", "POST", f'{{"token": "{CANARY}"}}'))
    assert isinstance(found, HttpResponse)
    assert (found.status, found.json(), found.is_json) == (200, {"login": "octo"}, True)
    assert found.headers["x-oauth-scopes"] == "repo"
    (seen,) = server.seen
    assert (seen.method, seen.path, seen.headers["authorization"]) == ("POST", "/user", f"Bearer {CANARY}")
    assert seen.body == f'{{"token": "{CANARY}"}}'.encode()


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
def test_every_status_is_an_answer(server: Provider, network: Network, status: int) -> None:
    server.answer(Reply("no", status, {"Retry-After": "7"}, "text/html"))
    found = exchange(network, asking(server.url))
    assert isinstance(found, HttpResponse)
    assert (found.status, found.headers["retry-after"], found.is_json) == (status, "7", False)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(server: Provider, network: Network, authority: Authority, status: int) -> None:
    with provider(authority) as elsewhere:
        server.answer(Reply("", status, {"Location": f"{elsewhere.url}/steal"}))
        found = exchange(network, asking(server.url))
        assert isinstance(found, HttpResponse)
        assert found.status == status
        assert not elsewhere.seen


@pytest.mark.parametrize(
    ("how", "faults"),
    [
        ("hang", [Fault.LATE]),
        ("drip", [Fault.LATE]),
        ("reset", [Fault.GARBLED, Fault.OFFLINE]),  # the first or the second, by the version of Python
        ("garble", [Fault.GARBLED]),
        ("big", [Fault.TOO_BIG]),
    ],
)
def test_what_goes_wrong_has_a_name_and_takes_no_longer_than_its_limit(
    server: Provider, network: Network, how: str, faults: list[Fault]
) -> None:
    server.answer(how)
    began = time.monotonic()
    assert failed(exchange(network, asking(server.url))) in faults
    assert time.monotonic() - began < 6


def test_a_compressed_answer_is_refused(server: Provider, network: Network) -> None:
    server.answer(Reply("x", headers={"Content-Encoding": "gzip"}))
    assert failed(exchange(network, asking(server.url))) is Fault.GARBLED


def test_nobody_there_is_offline(network: Network) -> None:
    assert failed(exchange(network, asking("https://localhost:1/"))) is Fault.OFFLINE
    assert failed(exchange(network, asking("https://no.such.host.invalid/"))) is Fault.OFFLINE


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_certificate_that_the_system_does_not_trust_is_refused_whatever_a_variable_says(
    server: Provider, authority: Authority, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(authority.path))
    assert failed(exchange(Network(whole_s=2), asking(server.url))) is Fault.UNTRUSTED
    assert not server.seen


def test_a_certificate_for_another_name_is_refused(authority: Authority, network: Network) -> None:
    with provider(authority, "api.example.com") as other:
        found = exchange(network, asking(other.url))
        assert failed(found) is Fault.UNTRUSTED
        assert isinstance(found, HttpFault)
        assert "localhost" in found.why
        assert not other.seen


@pytest.mark.parametrize(
    "url", ["http://localhost/", "ftp://x/", "https:///user", "https://me:pw@host/", "https://[::1", "user", ""]
)
def test_a_secret_goes_to_no_other_kind_of_address(network: Network, url: str) -> None:
    assert address_fault(url)
    assert failed(exchange(network, asking(url))) is Fault.ADDRESS


def test_a_proxy_of_the_environment_is_used_and_learns_the_host_alone(
    authority: Authority, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxy(authority) as between:
        between.answer(Reply({"ok": True}))
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{between.port}")
        found = exchange(network, asking("https://api.example.com/user"))
        assert isinstance(found, HttpResponse)
        assert found.json() == {"ok": True}
        assert between.connects == ["api.example.com:443"]


@pytest.mark.parametrize("text", ["socks5://127.0.0.1:1", "nonsense://x", "http://[::1"])
def test_a_proxy_that_cannot_be_used_is_said(network: Network, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", text)
    assert failed(exchange(network, asking("https://api.example.com/"))) is Fault.PROXY


def test_nothing_that_is_sent_is_logged_or_shown(
    server: Provider, network: Network, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    server.answer(Reply({"token": CANARY}, headers={"X-Echo": "1"}))
    request = asking(f"{server.url}/{'x' * 3}", "POST", CANARY)
    with caplog.at_level(logging.DEBUG):
        found = exchange(network, request)
        server.answer("reset")
        lost = exchange(network, request)
    assert isinstance(found, HttpResponse)
    assert CANARY.encode() in expose_secret(found.body)
    printed = capfd.readouterr()
    for text in (repr(request), repr(found), repr(lost), caplog.text, printed.out, printed.err):
        assert CANARY not in text
    assert not [one for one in caplog.records if one.name.startswith(("httpx2", "httpcore2"))]


@pytest.mark.parametrize("text", [None, "no certificate\n"])
def test_a_private_ca_that_cannot_be_used_is_said_with_its_file(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "ca.pem"
    if text is not None:
        path.write_text(text)
    with pytest.raises(BadInputError, match=r"certificate|no such file") as refusal:
        exchange(Network(str(path)), asking("https://localhost:1/"))
    assert refusal.value.where == str(path)


def test_json_that_is_nested_beyond_reason_is_a_fault_and_no_crash() -> None:
    deep = HttpResponse(200, {}, Secret("[" * 100_000))
    with pytest.raises(ValueError, match=r"deep|Expecting|recursion"):
        deep.json()


def test_nothing_of_it_is_loaded_where_nobody_asks() -> None:
    code = "import sys, keybound.cli.main, keybound.custody.release.release, keybound.custody.prompt.following\n"
    code += "import keybound.custody.rotation.renew, keybound.custody.application.app_service\n"
    code += "print([name for name in sys.modules if name.split('.')[0] in ('httpx2', 'httpcore2', 'ssl', 'jwt')])"
    found = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
