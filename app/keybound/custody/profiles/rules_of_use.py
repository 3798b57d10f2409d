"""``[[use]]`` rules of config.toml: a profile by folder or by the repository's remote; the first that fits."""

import os

from keybound.custody.context.config import read_config
from keybound.custody.context.context import Context
from keybound.domain.profile.config import UseRule, plain_remote
from keybound.domain.profile.inherit import absolute
from keybound.domain.values.readings import Found
from keybound.domain.values.scopes import permits
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.git.git_keys import GitReader


def first_rule(keeper: Context, seen: Snapshot) -> UseRule | None:
    """The first rule that fits the asker's folder, or None. Raises BadInputError where config.toml is broken.

    ``seen`` keeps what was read of git.
    """
    rules = read_config(keeper.home).rules
    remote = _remote(keeper, seen) if any(rule.remote for rule in rules) else ""
    return next((rule for rule in rules if _fits(keeper, rule, remote)), None)


def _fits(keeper: Context, rule: UseRule, remote: str) -> bool:
    if rule.remote:
        return bool(remote) and permits(rule.remote, remote)
    here = os.path.realpath(keeper.asker.cwd)
    folder = os.path.realpath(absolute(rule.folder, keeper.home.config, keeper.home.user))
    return here == folder or here.startswith(folder.rstrip("/") + "/")


def _remote(keeper: Context, seen: Snapshot) -> str:
    asker = keeper.asker
    reading = GitReader(asker.environ, asker.cwd, asker.uid, seen).read("remote.origin.url")
    return plain_remote(str(reading.value)) if isinstance(reading, Found) else ""
