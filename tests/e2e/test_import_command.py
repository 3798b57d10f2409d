"""keybound import: what it shows, takes, leaves, replaces and brings back; and the tools that still work after it."""

import json
import os
import random
import re
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dotenv
import pexpect
import pytest

from keybound.catalogue.shipped import shipped
from support.programs_at_hand import needed
from support.samples import good_sample
from support.staging import COMMAND, Run

KIND = next(kind for provider in shipped() if provider.id == "github" for kind in provider.tokens if kind.checksum)
TOKEN = good_sample(KIND, random.Random(1))
RANDOM = "x7Gq2LmZ9vB4tRwK8nYc"
DOTENV = f"""# mine
DEBUG=1
export GITHUB_TOKEN={TOKEN}
DB_PASSWORD='S3cr!t-w0rd #1'
API_KEY={RANDOM}
CUT={TOKEN[:-1]}{"0" if TOKEN[-1] != "0" else "1"}
"""


@pytest.fixture
def begun(keybound: Run, open_store: None) -> Run:
    """A home with an empty profile."""
    assert keybound("init").returncode == 0
    return keybound


@pytest.fixture
def plain(tmp_path: Path, begun: Run) -> Path:
    """A file with three secrets, a plain value, and a token that is cut."""
    path = tmp_path / ".env"
    path.write_text(DOTENV)
    path.chmod(0o640)
    return path


def values(keybound: Run) -> dict[str, str]:
    """What a command gets."""
    found: dict[str, str] = json.loads(keybound("env", "--shell", "json").stdout)
    return found


def test_a_dry_run_says_all_and_does_nothing(begun: Run, plain: Path) -> None:
    done = begun("import", str(plain), "--dry-run")
    text = done.stdout.decode()
    assert done.returncode == 0
    assert [line.split()[:3] for line in text.splitlines()[1:4]] == [
        ["1", "default/github", "GITHUB_TOKEN"],
        ["2", "default/db-password", "DB_PASSWORD"],
        ["3", "default/api-key", "API_KEY"],
    ]  # fmt: skip
    assert "(checksum holds)" in text
    assert "left: DEBUG (line 2): neither its name nor its form says that it is a secret" in text
    assert "left: CUT (line 6): its checksum does not hold: it is mistyped or cut" in text
    assert TOKEN not in text
    assert values(begun) == {}
    assert plain.read_text() == DOTENV


def test_what_is_taken_is_what_a_command_gets_and_the_file_comes_back(begun: Run, plain: Path, home: Path) -> None:
    before = dotenv.dotenv_values(plain)
    done = begun("import", str(plain), "--yes", "--replace")
    assert done.returncode == 0, done.stderr
    assert plain.read_text() == "# mine\nDEBUG=1\n" + DOTENV.splitlines(keepends=True)[-1]
    assert plain.stat().st_mode & 0o777 == 0o640
    assert {**values(begun), **dotenv.dotenv_values(plain)} == before
    for path in home.rglob("*"):
        assert not path.is_file() or TOKEN.encode() not in path.read_bytes(), path
    assert begun("import", "--undo", str(plain)).returncode == 0
    assert plain.read_text() == DOTENV
    assert plain.stat().st_mode & 0o777 == 0o640
    assert begun("import", "--undo", str(plain)).returncode == 4


def test_an_import_twice_is_harmless_and_can_replace_then(begun: Run, plain: Path) -> None:
    assert begun("import", str(plain), "--yes").returncode == 0
    once = begun("list", "--json").stdout
    done = begun("import", str(plain), "--yes")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, b"nothing to import")
    assert begun("list", "--json").stdout == once
    assert begun("import", str(plain), "--yes", "--replace").returncode == 0
    assert TOKEN not in plain.read_text()


def test_without_a_terminal_it_needs_yes(begun: Run, plain: Path) -> None:
    done = begun("import", str(plain), "--replace")
    assert (done.returncode, values(begun), plain.read_text()) == (1, {}, DOTENV)


def test_at_a_terminal_numbers_choose(begun: Run, plain: Path, environ: dict[str, str]) -> None:
    for typed, status in (("n\r", 1), ("9\rx\r1,3\r", 0)):
        shown = pexpect.spawn(COMMAND, ["import", str(plain), "--replace"], env=environ, timeout=20, encoding="utf-8")
        for line in typed.split("\r")[:-1]:
            shown.expect("Import which")
            shown.sendline(line)
        shown.expect(pexpect.EOF)
        shown.close()
        assert shown.exitstatus == status, shown.before
    assert values(begun) == {"GITHUB_TOKEN": TOKEN, "API_KEY": RANDOM}
    assert "DB_PASSWORD='S3cr!t-w0rd #1'" in plain.read_text()


def test_only_takes_what_is_named_whatever_it_looks_like(begun: Run, plain: Path) -> None:
    assert begun("import", str(plain), "--only", "DEBUG", "--yes").returncode == 0
    assert values(begun) == {"DEBUG": "1"}
    done = begun("import", str(plain), "--only", "NONE", "--yes")
    assert (done.returncode, b"nothing is called NONE" in done.stderr) == (2, True)


def test_a_token_that_is_defined_and_has_no_secret_is_completed(begun: Run, plain: Path, home: Path) -> None:
    profile = home / ".config/keybound/profiles/default.toml"
    profile.write_text(profile.read_text() + '\n[tokens.mine]\nenv = "GITHUB_TOKEN"\n')
    assert begun("import", str(plain), "--only", "GITHUB_TOKEN", "--yes").returncode == 0
    (one,) = json.loads(begun("list", "--json").stdout)
    assert (one["id"], one["state"]) == ("default/mine", "active")


def test_a_variable_that_another_token_sets_is_left(begun: Run, plain: Path) -> None:
    assert begun("add", "other", "--env", "API_KEY", given=b"else").returncode == 0
    done = begun("import", str(plain), "--yes")
    assert b"left: API_KEY (line 5): default/other sets API_KEY already" in done.stdout
    assert values(begun)["API_KEY"] == "else"


def test_programs_read_what_was_taken_and_left(begun: Run, plain: Path) -> None:
    told = json.loads(begun("import", str(plain), "--json", "--yes").stdout)
    assert [(one["id"], one["env"], one["from"], one["line"]) for one in told["taken"]][:1] == [(
        "default/github", "GITHUB_TOKEN", "GITHUB_TOKEN", 3,
    )]  # fmt: skip
    assert {one["from"] for one in told["left"]} == {"DEBUG", "CUT"}


def test_a_file_that_was_edited_since_is_not_overwritten(begun: Run, plain: Path) -> None:
    begun("import", str(plain), "--yes", "--replace")
    plain.write_text("mine\n")
    assert begun("import", "--undo", str(plain)).returncode == 1
    assert plain.read_text() == "mine\n"
    assert begun("import", "--undo", str(plain), "--yes").returncode == 0
    assert plain.read_text() == DOTENV


def test_a_link_stays_a_link(begun: Run, plain: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.env"
    link.symlink_to(plain)
    assert begun("import", str(link), "--yes", "--replace").returncode == 0
    assert link.is_symlink()
    assert TOKEN not in plain.read_text()
    assert begun("import", "--undo", str(link)).returncode == 0
    assert (link.is_symlink(), plain.read_text()) == (True, DOTENV)


@pytest.mark.parametrize(
    ("name", "data", "status", "says"),
    [
        ("none.env", None, 4, "no such file"),
        ("x.bin", b"A=1\n", 2, "its name does not tell what kind of file it is"),
        ("a.env", b"A=1\nnonsense\n", 2, "a.env:2: it cannot be read as a dotenv file"),
        ("b.env", b"\xff\xfe", 2, "not UTF-8"),
        (".netrc", b"machine a.io login", 2, ".netrc:1"),
        ("c.env", b"", 0, ""),
    ],
)
def test_a_bad_file_is_one_clear_line(
    begun: Run, tmp_path: Path, name: str, data: bytes | None, status: int, says: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    done = begun("import", str(tmp_path / name), "--yes")
    assert (done.returncode, says in done.stderr.decode()) == (status, True), done.stderr
    assert b"Traceback" not in done.stderr


def test_the_environment_is_a_source_and_names_choose(begun: Run) -> None:
    more = {"MY_TOKEN": RANDOM, "OTHER_TOKEN": TOKEN}
    assert begun("import", "env:MY_TOKEN", "--yes", more=more).returncode == 0
    assert values(begun) == {"MY_TOKEN": RANDOM}
    assert begun("import", "env:NONE", "--yes").returncode == 4
    assert begun("import", "env:", "--yes", "--replace").returncode == 2


def test_of_a_name_that_stands_twice_the_last_counts_and_both_go(begun: Run, tmp_path: Path) -> None:
    path = tmp_path / "twice.env"
    path.write_text(f"A_TOKEN={RANDOM}\nB=1\nA_TOKEN={TOKEN}\n")
    assert begun("import", str(path), "--yes", "--replace").returncode == 0
    assert (values(begun)["A_TOKEN"], path.read_text()) == (TOKEN, "B=1\n")


@contextmanager
def listening(answer: bytes, tls: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[str]]]:
    """A server on loopback that says ``answer`` to everything: its port, and what it was sent as Authorization."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.headers.get("authorization", ""))
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1], heard
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def registry() -> Iterator[tuple[int, list[str]]]:
    """A registry of packages."""
    with listening(b'{"username": "octo"}') as found:
        yield found


def test_npm_still_sends_the_token(begun: Run, home: Path, registry: tuple[int, list[str]]) -> None:
    npm, (port, heard) = needed("npm"), registry
    whoami = [npm, "whoami", "--registry", f"http://127.0.0.1:{port}/"]
    (home / ".npmrc").write_text(f"//127.0.0.1:{port}/:_authToken={RANDOM}\n")
    assert begun("import", str(home / ".npmrc"), "--yes", "--replace").returncode == 0
    assert (home / ".npmrc").read_text() == f"//127.0.0.1:{port}/:_authToken=${{NPM_TOKEN_127_0_0_1_{port}}}\n"
    done = begun("exec", "--", *whoami, more={"PATH": os.environ["PATH"]})
    assert (done.stdout.strip(), set(heard)) == (b"octo", {f"Bearer {RANDOM}"})


def test_git_is_answered_by_the_helper_until_it_is_undone(begun: Run, home: Path, environ: dict[str, str]) -> None:
    git = needed("git")
    stored = home / ".git-credentials"
    stored.write_text(f"https://octo:{TOKEN}@github.com\nhttps://a:other@b.example.com\n")
    subprocess.run([git, "config", "--global", "credential.helper", "store"], env=environ, check=True)
    before = (home / ".gitconfig").read_text()
    assert begun("import", str(stored), "--only", "octo@github.com", "--yes", "--replace").returncode == 0
    assert stored.read_text() == "https://a:other@b.example.com\n"

    def filled() -> str:
        asked = b"protocol=https\nhost=github.com\n\n"
        more = environ | {"GIT_TERMINAL_PROMPT": "0"}
        return subprocess.run(
            [git, "credential", "fill"], input=asked, env=more, capture_output=True, check=True
        ).stdout.decode()

    assert f"username=octo\npassword={TOKEN}" in filled()
    assert begun("import", "--undo", str(stored)).returncode == 0
    assert f"password={TOKEN}" in filled()
    assert re.sub(r"\[credential \"[^]]*\]\n", "", (home / ".gitconfig").read_text()) == before


def test_docker_names_the_helper_and_it_answers(begun: Run, home: Path, environ: dict[str, str]) -> None:
    config = home / ".docker/config.json"
    config.parent.mkdir()
    config.write_text('{"auths": {"ghcr.io": {"auth": "b2N0bzp4N0dxMkxtWjl2QjR0UndLOG5ZYw=="}}}')
    done = begun("import", str(config), "--yes", "--replace")
    assert done.returncode == 0, done.stderr
    helper = json.loads(config.read_text())["credHelpers"]["ghcr.io"]
    program = home / f".local/share/keybound/shims/docker-credential-{helper}"
    answer = subprocess.run([program, "get"], input=b"ghcr.io", env=environ, capture_output=True, check=True)
    assert json.loads(answer.stdout) == {"ServerURL": "ghcr.io", "Username": "octo", "Secret": RANDOM}
    assert values(begun) == {}  # no shell needs what a helper answers with
    assert begun("import", "--undo", str(config)).returncode == 0
    assert not program.exists()
    assert "auth" in json.loads(config.read_text())["auths"]["ghcr.io"]


def test_aws_gets_its_keys_from_a_process(begun: Run, home: Path) -> None:
    aws = needed("aws")
    path = home / ".aws/credentials"
    path.parent.mkdir()
    path.write_text(
        f"[default]\naws_access_key_id = AKIAQ3EGV5GJ7HBXTWM2\naws_secret_access_key = {RANDOM * 2}\nregion = eu-west-1\n"
    )
    assert begun("import", str(path), "--only", "AWS_SECRET_ACCESS_KEY", "--yes", "--replace").returncode == 1
    assert begun("import", str(path), "--yes", "--replace").returncode == 0
    assert "credential_process" in path.read_text()
    done = subprocess.run(
        [aws, "configure", "list"], capture_output=True, text=True, check=False,
        env={"HOME": str(home), "PATH": os.environ["PATH"], "KEYBOUND_STORE": "file",
             "KEYBOUND_PASSWORD_FILE": str(home.parent / "passphrase"), "KEYBOUND_AGENT": "off"},
    )  # fmt: skip
    assert done.stdout.count("custom-process") == 2, done.stdout + done.stderr


def test_json_is_all_that_a_program_gets(begun: Run, plain: Path) -> None:
    refused = begun("import", str(plain), "--json")
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert b"--json asks nothing" in refused.stderr
    done = begun("import", str(plain), "--yes", "--replace", "--json")
    assert len(json.loads(done.stdout)["taken"]) == 3
    assert b"was replaced" in done.stderr
    again = json.loads(begun("import", str(plain), "--json").stdout)
    assert (again["taken"], [one["from"] for one in again["left"]]) == ([], ["DEBUG", "CUT"])


def test_a_token_that_stands_as_a_users_name_is_shown_nowhere(begun: Run, home: Path) -> None:
    needed("git")
    (home / ".git-credentials").write_text(f"https://{TOKEN}:x-oauth-basic@github.com\n")
    done = begun("import", str(home / ".git-credentials"), "--yes", "--replace")
    assert done.returncode == 0
    assert TOKEN.encode() not in done.stdout + done.stderr
    assert TOKEN not in (home / ".gitconfig").read_text()


def test_git_asks_for_each_user_and_port_and_its_owners_helper_comes_back(
    begun: Run, home: Path, environ: dict[str, str]
) -> None:
    git, stored = needed("git"), home / ".git-credentials"
    key = "credential.https://a.example.com:8443.helper"
    subprocess.run([git, "config", "--global", key, "store --file=x"], env=environ, check=True)
    before = (home / ".gitconfig").read_text()
    stored.write_text("".join(f"https://{user}:{user}{RANDOM}@a.example.com:8443\n" for user in ("one", "two")))
    assert begun("import", str(stored), "--yes", "--replace").returncode == 0
    for user in ("one", "two"):
        asked = f"protocol=https\nhost=a.example.com:8443\nusername={user}\n\n".encode()
        more = environ | {"GIT_TERMINAL_PROMPT": "0"}
        done = subprocess.run([git, "credential", "fill"], input=asked, env=more, capture_output=True, check=False)
        assert f"password={user}{RANDOM}" in done.stdout.decode()
    assert begun("import", "--undo", str(stored)).returncode == 0
    assert (home / ".gitconfig").read_text() == before


def test_without_git_nothing_is_replaced_and_undo_still_works(begun: Run, home: Path, tmp_path: Path) -> None:
    stored, alone = home / ".git-credentials", tmp_path / "bin"
    stored.write_text(f"https://octo:{TOKEN}@github.com\n")
    alone.mkdir()
    no_git = {"PATH": str(alone)}
    done = begun("import", str(stored), "--yes", "--replace", more=no_git)
    assert done.returncode == 1
    assert b"was not replaced: git is not installed" in done.stderr
    assert TOKEN in stored.read_text()
    needed("git")
    assert begun("import", str(stored), "--yes", "--replace").returncode == 0
    assert begun("import", "--undo", str(stored), more=no_git).returncode == 0
    assert TOKEN in stored.read_text()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[int, list[str]]]:
    """A server with a certificate of its own, on loopback: its port, and what it was sent as Authorization."""
    key = tmp_path / "server.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    files = ["-keyout", str(key), "-out", str(tmp_path / "crt")]
    subprocess.run([needed("openssl"), *words, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "crt", key)
    with listening(b"{}", context) as found:
        yield found


def test_kubectl_asks_for_the_token(
    begun: Run, home: Path, environ: dict[str, str], cluster: tuple[int, list[str]]
) -> None:
    kubectl, (port, heard) = needed("kubectl"), cluster
    config = home / ".kube/config"
    config.parent.mkdir()
    config.write_text(
        f"""apiVersion: v1
kind: Config
clusters:
- name: c
  cluster: {{server: "https://127.0.0.1:{port}", insecure-skip-tls-verify: true}}
contexts:
- name: x
  context: {{cluster: c, user: ann}}
current-context: x
users:
- name: ann
  user:
    token: {RANDOM}
"""
    )
    done = begun("import", str(config), "--yes", "--replace")
    assert done.returncode == 0, done.stderr
    assert RANDOM not in config.read_text()
    asked = [kubectl, "get", "--raw", "/api"]
    subprocess.run(asked, env=environ | {"KUBECONFIG": str(config)}, check=True, capture_output=True)
    assert set(heard) == {f"Bearer {RANDOM}"}
    assert values(begun) == {}


def test_what_kubectl_reads_from_nowhere_else_stays(begun: Run, home: Path) -> None:
    config = home / ".kube/config"
    config.parent.mkdir()
    config.write_text(
        "users:\n- name: ann\n  user: {client-key-data: a2V5a2V5a2V5}\n- name: b\n  user: {token: word}\n"
    )
    done = begun("import", str(config), "--yes", "--replace")
    assert (done.returncode, b"cannot be rewritten safely" in done.stderr) == (1, True)
    assert b"left: users.ann.client-key-data" in done.stdout
    assert config.read_text().count("token: word") == 1


WRITTEN_BY = {
    "npm": (
        ["npm", "config", "set", f"//npm.example.io/:_authToken={RANDOM}"],
        "",
        ".npmrc",
        {"NPM_TOKEN_NPM_EXAMPLE_IO"},
    ),
    "aws": (
        ["aws", "configure", "set", "aws_secret_access_key", RANDOM * 2],
        "",
        ".aws/credentials",
        {"AWS_SECRET_ACCESS_KEY"},
    ),
    "git": (
        ["git", "credential-store", "store"],
        f"protocol=https\nhost=github.com\nusername=ann@x\npassword=a%b {RANDOM}\n\n",
        ".git-credentials",
        {"GITHUB_TOKEN"},
    ),
    "kubectl": (
        ["kubectl", "config", "set-credentials", "ann", f"--token={RANDOM}"],
        "",
        ".kube/config",
        {"KUBE_ANN_TOKEN"},
    ),
}


@pytest.mark.parametrize("tool", WRITTEN_BY)
def test_what_the_tools_write_themselves_is_read_and_replaced(
    begun: Run, home: Path, environ: dict[str, str], tool: str
) -> None:
    command, given, name, variables = WRITTEN_BY[tool]
    program = needed(command[0])
    tools = {**environ, "PATH": os.environ["PATH"]}
    subprocess.run(
        [program, *command[1:]], input=given, text=True, env=tools, check=True, capture_output=True, cwd=home
    )
    before = (home / name).read_text()
    told = json.loads(begun("import", str(home / name), "--dry-run", "--json").stdout)
    assert ({one["env"] for one in told["taken"]}, told["left"]) == (variables, [])
    done = begun("import", str(home / name), "--yes", "--replace")
    assert (RANDOM in (home / name).read_text()) == (tool == "aws"), done.stderr  # which lacks the id that goes with it
    if tool != "aws":
        assert begun("import", "--undo", str(home / name)).returncode == 0
    assert (home / name).read_text() == before


def test_links_that_loop_are_no_trouble(begun: Run, plain: Path, tmp_path: Path) -> None:
    (tmp_path / "loop.env").symlink_to("loop.env")
    done = begun("import", "--dry-run")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"default/github" in done.stdout
