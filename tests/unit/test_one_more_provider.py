"""One more provider, from outside: one file. Its tokens are recognised, completed, proposed and scanned for."""

from pathlib import Path

import pytest

from keybound.cli.main import main
from keybound.cli.verbs.shells.completion import candidates
from keybound.custody.context.context import Context
from keybound.custody.profiles.library import Library
from keybound.custody.providers.catalogue import read_catalogue
from keybound.custody.recognition.proposal import propose
from keybound.domain.text.secret import Secret

ACME = """name = "Acme \x1b[31m\u202e[b]"
[variables]
names = ["ACME_TOKEN", "ACME_KEY"]
[page]
make = "https://acme.example/tokens"
[[token]]
name = "deploy token"
prefixes = "acme_"
pattern = 'acme_[0-9a-f]{8}'
length = 13
[[depends]]
key = "env:ACME_URL"
rule = "url_host"
only = "acme.example"
certain = true
why = "acme sends it there"
[[depends]]
key = "env:ACME_REGION"
rule = "equals"
why = "for one region"
[[depends]]
key = "of-a-later-version:x"
rule = "equals"
why = "this version skips it"
"""
TOKEN = "acme_0123abcd"


@pytest.fixture
def context(environ: dict[str, str], tmp_path: Path) -> Context:
    environ |= {"ACME_URL": "https://eu.acme.example/api", "ACME_REGION": "eu"}
    made = Context(environ, str(tmp_path))
    for folder in ("providers", "profiles"):
        Path(made.home.config, folder).mkdir(parents=True)
    text = ACME.replace("\x1b", "\\u001b").replace("\u202e", "\\u202e")
    Path(made.home.config, "providers", "acme.toml").write_text(text)
    Path(made.home.profile_path("default")).write_text('schema = 1\n[tokens.acme]\nenv = "ACME_TOKEN"\n')
    return made


def test_a_provider(
    context: Context, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    catalogue = read_catalogue(context.home)
    assert catalogue.notes == ()
    assert "acme" in candidates(context, ["add", "--kind", "ac"])
    profile = Library(context.home).load("default").profile
    told = propose(context, catalogue, profile, Secret(TOKEN))
    assert (told.name, told.kind, told.env) == ("acme-2", "acme", ("ACME_KEY",))  # the first ones are taken
    assert [(one.bind, one.certain) for one in told.offers] == [
        ("env:ACME_URL url_host=eu.acme.example outside=suspend", True),
        ('env:ACME_REGION equals="eu" outside=suspend', False),
    ]
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    said = run_with(TOKEN, ["recognise"], monkeypatch, capfd)
    assert "deploy token (by its form)" in said
    assert "made at   https://acme.example/tokens" in said
    assert not {"\x1b", "\u202e"} & set(said)  # a name from outside drives no terminal


def run_with(given: str, argv: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> str:
    """What a command prints that reads this on standard input."""
    monkeypatch.setattr("keybound.cli.console.io.read_input", lambda: given.encode())
    monkeypatch.setattr("sys.stdin", None)
    assert main(argv) == 0
    return capfd.readouterr().out


@pytest.mark.parametrize(
    ("value", "offered"),
    [
        ("https://acme.example", True),
        ("https://other.example", False),
        ("https://acme.example.evil.example/acme.example", False),
        ("https://notacme.example", False),
        ("git@acme.example:a/b.git", True),
        ("git@evil.example:acme.example/b.git", False),
        ("https://u:secret-token@acme.example", False),
        ("", False),
        ("http://[acme.example", False),
    ],
)
def test_what_says_nothing_of_such_a_token_is_not_offered(
    context: Context, environ: dict[str, str], value: str, offered: bool
) -> None:
    environ["ACME_URL"] = value
    profile = Library(context.home).load("default").profile
    told = propose(context, read_catalogue(context.home), profile, Secret(TOKEN))
    assert ("env:ACME_URL" in [one.key for one in told.offers]) is offered
