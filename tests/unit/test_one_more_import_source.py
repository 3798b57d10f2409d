"""One more source of import that is no file, from outside: one row of its table. It is read, and offered in the help."""

from pathlib import Path

import pytest

from keybound.catalogue.recognise import Recogniser
from keybound.cli.console.arguments import parser_of
from keybound.custody.context.context import Context
from keybound.custody.imports.preview import preview
from keybound.custody.imports.source import OTHERS, ImportSource, read_source
from keybound.custody.providers.catalogue import Catalogue
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.text.secret import Secret
from keybound.sources.plain.base import PlainSecret
from keybound.sources.plain.reading import LocatedSecret


def read_acme(context: Context, rest: str) -> ImportSource:
    if rest != "prod":
        raise NotFoundError(f"acme has no vault {rest}")
    secret = LocatedSecret(PlainSecret((rest, "password"), Secret("word"), "", "acme.example"), 0)
    return ImportSource(f"acme's {rest}", "acme", True, (secret,), lambda _: "ACME_PASSWORD")


@pytest.fixture
def context(environ: dict[str, str], tmp_path: Path, open_store: None) -> Context:
    made = Context(environ, str(tmp_path))
    profile = Path(made.home.profile_path("default"))
    profile.parent.mkdir(parents=True)
    profile.write_text("schema = 1\n")
    return made


def test_a_source(monkeypatch: pytest.MonkeyPatch, context: Context) -> None:
    monkeypatch.setitem(OTHERS, "acme", f"{__name__}:read_acme")
    assert "acme:" in " ".join(parser_of("import").format_help().split())
    (one,) = preview(context, Catalogue(Recogniser(()), ()), [read_source(context, "acme:prod")], "default", [])
    assert (str(one.new.id), one.variable, one.left) == ("default/acme-example", "ACME_PASSWORD", "")
    with pytest.raises(NotFoundError, match="no vault other"):
        read_source(context, "acme:other")


def test_it_was_added_from_outside(context: Context) -> None:
    with pytest.raises((NotFoundError, BadInputError)):
        read_source(context, "acme:prod")
