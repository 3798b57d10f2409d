"""Every test belongs to one tier, by the folder that it lies in and by nothing else."""

import re

import pytest

from support.tiers import FAST, MARKERS, TESTS, markers_of, without

FILES = sorted(TESTS.rglob("test_*.py"))


def test_every_folder_of_tests_is_a_tier() -> None:
    assert {path.relative_to(TESTS).parts[0] for path in FILES} == MARKERS.keys()


def test_every_tier_is_a_marker_of_its_own_and_known(pytestconfig: pytest.Config) -> None:
    tiers = [markers[0] for markers in MARKERS.values()]
    assert len(set(tiers)) == len(tiers)
    known = {line.partition(":")[0] for line in pytestconfig.getini("markers")}
    assert set(tiers) <= known


def test_no_test_names_a_tier_itself() -> None:
    named = re.compile(rf"\bmark\.({'|'.join(markers[0] for markers in MARKERS.values())})\b")
    assert [path.name for path in FILES if named.search(path.read_text())] == []


def test_this_one_has_its_own(request: pytest.FixtureRequest) -> None:
    assert [mark.name for mark in request.node.iter_markers()] == list(markers_of(TESTS / "unit")) == [FAST]


@pytest.mark.parametrize(
    ("expression", "folders"),
    [
        ("", set()),
        ("fast and not property", set()),
        ("skipif", set()),
        (FAST, MARKERS.keys() - {"unit", "property"}),
        ("e2e", MARKERS.keys() - {"e2e"}),
    ],
)
def test_only_the_name_of_one_tier_leaves_folders_out(expression: str, folders: set[str]) -> None:
    assert without(expression) == folders


def test_no_two_test_files_share_a_name() -> None:
    """Folders of tests are no packages: two modules of one name break the collection of both."""
    names = [path.name for path in TESTS.glob("*/test_*.py")]
    assert [name for name in set(names) if names.count(name) > 1] == []
