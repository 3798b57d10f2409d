"""Where theme files are; nothing here loads what paints."""

from collections.abc import Iterator
from pathlib import Path


def shipped_folder() -> Path:
    """The folder of the shipped themes: in the installed package, else in the checkout."""
    package = Path(__file__).parents[2]
    installed = package / "themes"
    return installed if installed.is_dir() else package.parent.parent / "themes"


def names(config: str) -> Iterator[str]:
    """The names of all theme files, as far as a file is called as its theme; ``config``: the user's settings folder."""
    for folder in (shipped_folder(), Path(config) / "themes"):
        yield from sorted(path.stem for path in folder.glob("*.toml"))
