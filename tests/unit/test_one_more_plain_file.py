"""One more kind of plain file, from outside: one row of its table. It is told, scanned, offered, imported and replaced."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from keybound.catalogue.recognise import Recogniser, Sure
from keybound.cli.console.arguments import parser_of
from keybound.cli.verbs.shells.completion import candidates
from keybound.custody.context.context import Context
from keybound.custody.imports.preview import preview
from keybound.custody.imports.replace import replace_all
from keybound.custody.imports.source import read_usual, usual_files
from keybound.custody.providers.catalogue import Catalogue
from keybound.custody.scan.scan import Scan
from keybound.domain.text.secret import Secret
from keybound.sources.plain.base import PlainFile, PlainSecret, Taken, lines_of
from keybound.sources.plain.registry import KINDS, PlainKind, any_name, plain_kind

CATALOGUE = Catalogue(Recogniser(()), ())
TEXT = "host acme.example\npass word\n"


def _find(text: str) -> Iterator[PlainSecret]:
    fields = dict(line.split(" ", 1) for line in text.splitlines())
    if "pass" in fields:
        yield PlainSecret(("pass",), Secret(fields["pass"]), "", fields["host"])


def _without(text: str, taken: Sequence[Taken]) -> str:
    return "".join(line for number, line in enumerate(lines_of(text), 1) if number not in {one.line for one in taken})


PLAIN = PlainFile("", _find, lambda _: "ACME_PASSWORD", _without, "nothing")


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A file of the new kind."""
    monkeypatch.setitem(KINDS, "acme", PlainKind(f"{__name__}:PLAIN", (".acmerc",)))
    any_name.cache_clear()
    made = tmp_path / ".acmerc"
    made.write_text(TEXT)
    yield made
    monkeypatch.undo()
    any_name.cache_clear()


@pytest.fixture
def context(environ: dict[str, str], tmp_path: Path, open_store: None) -> Context:
    made = Context(environ, str(tmp_path))
    profile = Path(made.home.profile_path("default"))
    profile.parent.mkdir(parents=True)
    profile.write_text("schema = 1\n")
    return made


def test_a_kind_of_plain_file(path: Path, context: Context) -> None:
    work = Scan(CATALOGUE, b"k" * 32, lambda _: None)
    work.places([str(path)], lambda _: False)
    (found,) = work.report.findings
    assert (found.provider, found.kind, found.line, found.sure) == ("acme", "secret in a known place", 2, Sure.SHAPE)

    assert "acme" in parser_of("import").format_help()
    assert "acme" in candidates(context, ["import", "--kind", "ac"])
    sources, notes = read_usual(usual_files(context))
    assert notes == []
    (one,) = preview(context, CATALOGUE, sources, "default", [])
    assert (str(one.new.id), one.variable, one.left) == ("default/acme-example", "ACME_PASSWORD", "")
    (outcome,) = replace_all(context, [one], ["keybound"])
    assert (outcome.why, path.read_text()) == ("", "host acme.example\n")


def test_it_was_added_from_outside(tmp_path: Path) -> None:
    assert plain_kind(str(tmp_path / ".acmerc")) == ""
