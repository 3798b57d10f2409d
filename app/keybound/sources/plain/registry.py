"""The table of these kinds of files, by their names; a kind's module is imported when such a file is met."""

import re
from functools import cache
from typing import NamedTuple

from keybound.domain.file_formats import fits
from keybound.domain.registry import load
from keybound.sources.plain.base import PlainFile


class PlainKind(NamedTuple):
    """``reader``: where its ``PlainFile`` stands; ``names``: as in the table of file formats.

    ``certain``: all that it yields are secrets, wherever such a file lies; else it says what may be imported.
    """

    reader: str
    names: tuple[str, ...]
    certain: bool = True


KINDS = {
    "npmrc": PlainKind(".npmrc:PLAIN", ("*.npmrc", "etc/npmrc")),
    "pypirc": PlainKind(".pypirc:PLAIN", ("*.pypirc",)),
    "netrc": PlainKind(".netrc:PLAIN", ("*.netrc", "_netrc")),
    "gh": PlainKind(".gh:PLAIN", ("gh/hosts.yml",)),
    "docker": PlainKind(".docker:PLAIN", (".docker/config.json", ".dockerconfigjson")),
    "kube": PlainKind(
        ".kube:PLAIN", (".kube/config", "*.kubeconfig", "kubeconfig", "kubeconfig.yaml", "kubeconfig.yml")
    ),
    "aws": PlainKind(".aws:PLAIN", (".aws/credentials", ".aws/config")),
    "terraform": PlainKind(".terraform:PLAIN", ("credentials.tfrc.json",)),
    "terraformrc": PlainKind(".terraformrc:PLAIN", ("*.terraformrc", "terraform.rc")),
    "cargo": PlainKind(".cargo:PLAIN", (".cargo/credentials.toml", ".cargo/credentials")),
    "dotenv": PlainKind(".dotenv:PLAIN", ("*.env", ".env.*", ".envrc"), certain=False),
    "fnox": PlainKind(".fnox:PLAIN", ("fnox.toml", "fnox.*.toml", "fnox/config.toml"), certain=False),
    "bitwarden": PlainKind(".bitwarden:PLAIN", ("bitwarden*.json",), certain=False),
    "1password": PlainKind(".onepassword:PLAIN", ("*.1pux",), certain=False),
    "1password-csv": PlainKind(".onepassword_csv:PLAIN", ("1password*.csv",), certain=False),
    "git-credentials": PlainKind(".git_credentials:PLAIN", ("*.git-credentials", "git/credentials")),
}


@cache
def any_name() -> re.Pattern[str]:
    """What the last part of a path matches where the whole may be of some kind."""
    names = {name.rpartition("/")[2] for row in KINDS.values() for name in row.names}
    return re.compile("|".join(re.escape(name).replace(r"\*", ".*") for name in sorted(names)))


def plain_kind(path: str) -> str:
    """Which kind of file its name tells; "" for none."""
    if not any_name().fullmatch(path, path.rfind("/") + 1):  # the quick no for nearly every file
        return ""
    return next((kind for kind, row in KINDS.items() if any(fits(name, path) for name in row.names)), "")


def get_plain_file(kind: str) -> PlainFile:
    """The kind of this name."""
    found: PlainFile = load(KINDS[kind].reader, __package__)
    return found
