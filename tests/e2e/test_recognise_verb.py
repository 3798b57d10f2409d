"""``recognise``, and what a release does not load."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from keybound.catalogue.shipped import shipped
from support.samples import good_sample
from support.staging import Run, furnish

GITHUB = next(one for one in shipped() if one.id == "github").tokens[0]


def test_it_tells_and_stores_nothing(keybound: Run, tmp_path: Path) -> None:
    token = good_sample(GITHUB, random.Random(3))
    before = sorted(map(str, tmp_path.rglob("*")))
    done = keybound("recognise", "--json", given=f"{token}\n".encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == [
        {
            "provider": "github",
            "kind": "personal access token (classic)",
            "env": ["GITHUB_TOKEN", "GH_TOKEN"],
            "sure": "checksum",
            "fault": None,
        }
    ]
    assert json.loads(keybound("recognise", "--json", given=b"nothing known").stdout) == []
    broken = token[:-1] + ("0" if token[-1] != "0" else "1")
    (one,) = json.loads(keybound("recognise", "--json", given=broken.encode()).stdout)
    assert (one["sure"], one["fault"]) == ("shape", "checksum")
    said = keybound("recognise", given=broken.encode())
    assert b"mistyped or cut" in said.stderr
    assert token.encode() not in said.stdout + said.stderr
    assert sorted(map(str, tmp_path.rglob("*"))) == before


@pytest.mark.parametrize(
    "arguments", [["exec", "staging", "--mask", "--", "true"], ["env", "staging", "--shell", "json"]]
)
def test_no_release_loads_the_catalogue(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path, tmp_path: Path, arguments: list[str]
) -> None:
    furnish(keybound, profiles, home)
    code = (
        "import sys; from keybound.cli.main import run_here; status = run_here(sys.argv[1:]);"
        "print(status, sorted(one for one in sys.modules if 'catalogue' in one or 'recogni' in one), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], env=environ, cwd=tmp_path, capture_output=True)
    assert done.stderr == b"0 []\n"
