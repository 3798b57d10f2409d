"""A file that cannot be replaced, or that changes meanwhile, stays as it is, is said, and the others are replaced."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from keybound.custody.context.context import Context
from keybound.custody.envelopes.changes import changing
from keybound.custody.imports import copies, helpers, replace
from keybound.custody.imports.copies import Copy, keep_copy, latest_copy
from keybound.custody.imports.preview import Candidate
from keybound.custody.imports.source import read_source
from keybound.custody.tokens.add import NewDefinition
from keybound.domain.errors import NotFoundError, UnavailableError
from keybound.domain.values.names import TokenId
from keybound.sources.plain.registry import get_plain_file
from keybound.stores import atomic

pytestmark = pytest.mark.usefixtures("open_store")


def candidates(context: Context, *paths: Path) -> list[Candidate]:
    sources = [read_source(context, str(path)) for path in paths]
    new = NewDefinition(TokenId("default", "a"))
    return [Candidate(source, one, new, "A_TOKEN") for source in sources for one in source.secrets]


@pytest.fixture
def context(environ: dict[str, str], tmp_path: Path) -> Context:
    return Context(environ, str(tmp_path))


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    made = [tmp_path / name for name in ("a.env", "b.env")]
    for path in made:
        path.write_text("A_TOKEN=word\n")
    return made


def test_what_cannot_be_written_is_said_and_the_rest_is_done(
    context: Context, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stage(path: str, data: bytes) -> object:
        if path.endswith("a.env"):
            raise UnavailableError("cannot be written: Read-only file system", where=path)
        return atomic.stage(path, data)

    monkeypatch.setattr(replace, "stage", stage)
    done = replace.replace_all(context, candidates(context, *files), ["keybound"])
    why = "cannot be written: Read-only file system"
    assert done == [replace.Replacement(str(files[0]), why=why), replace.Replacement(str(files[1]))]
    assert [path.read_text() for path in files] == ["A_TOKEN=word\n", ""]
    with pytest.raises(NotFoundError):  # its copy went too
        latest_copy(context, str(files[0]))


def test_a_file_that_its_tool_writes_at_the_last_moment_is_left(
    context: Context, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(steps: object) -> list[str]:
        files[0].write_text("A_TOKEN=new\n")
        return []

    monkeypatch.setattr(helpers, "make", make)
    done = replace.replace_all(context, candidates(context, files[0]), ["keybound"])
    assert [one.why for one in done] == ["it was changed meanwhile"]
    assert files[0].read_text() == "A_TOKEN=new\n"
    assert [name for name in os.listdir(files[0].parent) if "keybound-" in name] == []


def test_json_with_comments_is_left(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "credentials.tfrc.json"
    path.write_text('{"credentials": {"x.io": {"token": "word"}}, /* mine */}')
    (outcome,) = replace.replace_all(context, candidates(context, path), ["keybound"])
    assert outcome.why == "it cannot be rewritten safely"
    assert "mine" in path.read_text()


def test_of_two_logins_of_a_machine_one_goes(context: Context, tmp_path: Path) -> None:
    path = tmp_path / ".netrc"
    path.write_text("machine a.io login o password word\nmachine a.io login p password other\n")
    (outcome,) = replace.replace_all(context, candidates(context, path)[:1], ["keybound"])
    assert (outcome.why, path.read_text()) == ("", "machine a.io login p password other\n")


def test_an_interrupt_after_the_rename_loses_no_copy(
    context: Context, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(folder: str) -> None:
        if folder == str(files[0].parent):
            raise KeyboardInterrupt

    monkeypatch.setattr(atomic, "sync_dir", interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace.replace_all(context, candidates(context, files[0]), ["keybound"])
    assert files[0].read_text() == ""
    assert latest_copy(context, str(files[0]))[1].data == b"A_TOKEN=word\n"


def test_two_first_imports_at_once_share_one_key(
    context: Context, environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = changing
    first, second = (Copy(str(tmp_path / name), name.encode(), 0o600, "") for name in ("first", "second"))

    @contextmanager
    def overtaken(by: Context) -> Iterator[None]:
        monkeypatch.setattr(copies, "changing", real)
        keep_copy(Context(environ, str(tmp_path)), second)
        with real(by):
            yield

    monkeypatch.setattr(copies, "changing", overtaken)
    keep_copy(context, first)
    for copy in (first, second):
        assert latest_copy(context, copy.path)[1].data == copy.data


def test_a_secret_that_is_only_hidden_from_the_reader_is_not_gone(
    context: Context, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = candidates(context, files[0])
    hides = get_plain_file("dotenv")._replace(without=lambda text, _: f"# {text}")
    monkeypatch.setattr("keybound.custody.imports.replace.get_plain_file", lambda _: hides)
    (outcome,) = replace.replace_all(context, taken, ["keybound"])
    assert (outcome.why, files[0].read_text()) == ("it cannot be rewritten safely", "A_TOKEN=word\n")
