"""The documentation: every link leads somewhere, every file that the architecture page names is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
CODE = ROOT / "app/keybound"
ARCHITECTURE = (ROOT / "docs/architecture.md").read_text()


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs/decisions"
    listed = set(re.findall(r"\]\(([^)]+)\)", (folder / "README.md").read_text()))
    assert listed == {path.name for path in folder.glob("*.md")} - {"README.md"}


def test_what_the_architecture_page_names_is_there() -> None:
    files = [*CODE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    named = re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.py)`", ARCHITECTURE)
    assert len(named) > 30
    for name in named:
        assert (CODE / name).is_file() or any(str(path).endswith(f"/{name}") for path in files), name


def test_the_architecture_page_has_every_folder() -> None:
    named = set(re.findall(r"^\| `([\w/]+)` \|", ARCHITECTURE, re.MULTILINE))
    folders = {str(path.parent.relative_to(CODE)) for path in CODE.glob("*/**/__init__.py")}
    assert {one for one in folders if one.count("/") < 2} <= named


def test_no_folder_holds_more_files_than_one_takes_in_at_a_glance() -> None:
    for folder in [CODE, *(path for path in CODE.rglob("*") if path.is_dir())]:
        assert len(list(folder.glob("*.py"))) <= 26, folder
