"""The table of all file formats, and which files have one by their name.

In a name ``*`` is anything, and a slash parts the folder from the file. Places are modules of ``keybound.sources.formats``.
Contents are tried in this order, where no name tells.
"""

from functools import lru_cache
from typing import NamedTuple


class FileFormat(NamedTuple):
    """``reader``: where its ``Format`` stands; ``content``: where the function that tells it by its text, "" for none."""

    reader: str
    names: tuple[str, ...] = ()
    content: str = ""


_JSONC = ("*.jsonc", "*.code-workspace", "tsconfig*.json", "jsconfig*.json", "devcontainer*.json", ".vscode/*.json")
FORMATS = {
    "json": FileFormat(".json:FORMAT", ("*.json",), ".content:is_json"),
    "jsonc": FileFormat(".jsonc:FORMAT", _JSONC),
    "yaml": FileFormat(".yaml:FORMAT", ("*.yaml", "*.yml", ".kube/config"), ".content:is_kubeconfig"),
    "toml": FileFormat(".toml:FORMAT", ("*.toml",), ".content:is_toml"),
    "ini": FileFormat(".ini:FORMAT", ("*.ini", "*.cfg", "*.conf", "*.pypirc"), ".content:is_ini"),
    "aws": FileFormat(".aws:FORMAT", (".aws/config", ".aws/credentials"), ".content:is_aws"),
    "npmrc": FileFormat(".npmrc:FORMAT", ("*.npmrc",)),
    "git": FileFormat(".git:FORMAT", ("*.gitconfig", "*.gitmodules", ".git/config", "git/config")),
    "netrc": FileFormat(".netrc:FORMAT", ("*.netrc", "_netrc")),
    "properties": FileFormat(".properties:FORMAT", ("*.properties",)),
    "dotenv": FileFormat(".dotenv:FORMAT", ("*.env", ".env.*")),
}


@lru_cache(maxsize=1024)
def format_by_name(path: str) -> str:
    """The format that a file's name tells, the closest one where several fit; "" for none."""
    found = [
        (_closeness(pattern), kind) for kind, row in FORMATS.items() for pattern in row.names if fits(pattern, path)
    ]
    return max(found, default=((), ""))[1]


def _closeness(pattern: str) -> tuple[bool, int, int]:
    head, _, tail = pattern.partition("*")
    return "/" in pattern, len(head), len(tail)


def fits(pattern: str, path: str) -> bool:
    """Whether a path ends with such a name, or with such a folder and name where the pattern has a slash."""
    folder, _, name = path.rpartition("/")
    if "/" in pattern:
        name = f"{folder.rpartition('/')[2]}/{name}"
    head, star, tail = pattern.partition("*")
    if not star:
        return name == pattern
    return name.startswith(head) and name.endswith(tail) and len(name) >= len(head) + len(tail)
