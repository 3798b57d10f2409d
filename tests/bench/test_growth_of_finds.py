"""Ten times the secrets in a file are at most twelve times the work, for a scan and for the preview of an import."""

import random
from pathlib import Path

import pytest

from bench.test_growth import calls
from keybound.catalogue.recognise import Recogniser
from keybound.catalogue.shipped import shipped
from keybound.custody.context.context import Context
from keybound.custody.imports.preview import preview
from keybound.custody.imports.source import read_source
from keybound.custody.providers.catalogue import Catalogue
from keybound.custody.scan.scan import Scan

CATALOGUE = Catalogue(Recogniser(shipped()), ())
MOST = 12


def secrets(count: int) -> list[str]:
    rng = random.Random(count)
    return ["".join(rng.choices("abcdefghijkmnpqrstuvwxyz23456789", k=32)) for _ in range(count)]


def test_a_scan(tmp_path: Path) -> None:
    found = {}
    for count in (100, 1000):
        path = tmp_path / f"{count}.npmrc"
        path.write_text("".join(f"//r{n}.io/:_authToken={one}\n" for n, one in enumerate(secrets(count))))
        work = Scan(CATALOGUE, b"k" * 32, lambda _: None)
        found[count] = calls(lambda work=work, path=path: work.places([str(path)], lambda _: False))  # type: ignore[misc]
        assert len(work.report.findings) == count
    assert found[1000] <= MOST * found[100], found


@pytest.mark.usefixtures("open_store")
def test_a_preview(environ: dict[str, str], tmp_path: Path) -> None:
    context = Context(environ, str(tmp_path))
    profile = Path(context.home.profile_path("default"))
    profile.parent.mkdir(parents=True)
    profile.write_text("schema = 1\n")
    found = {}
    for count in (100, 1000):
        path = tmp_path / f"{count}.env"
        path.write_text("".join(f"API_KEY_{n}={one}\n" for n, one in enumerate(secrets(count))))
        source = read_source(context, str(path))
        found[count] = calls(lambda source=source: preview(context, CATALOGUE, [source], "default", []))  # type: ignore[misc]
    assert found[1000] <= MOST * found[100], found
