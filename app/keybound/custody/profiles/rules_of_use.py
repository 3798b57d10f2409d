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


def first_rule(context: Context, seen: Snapshot) -> UseRule | None:
    """The first rule that fits the caller's folder, or None. Raises BadInputError where config.toml is broken.

    ``seen`` keeps what was read of git.
    """
    rules = read_config(context.home).rules
    remote = _remote(context, seen) if any(rule.remote for rule in rules) else ""
    return next((rule for rule in rules if _fits(context, rule, remote)), None)


def _fits(context: Context, rule: UseRule, remote: str) -> bool:
    if rule.remote:
        return bool(remote) and permits(rule.remote, remote)
    here = os.path.realpath(context.caller.cwd)
    folder = os.path.realpath(absolute(rule.folder, context.home.config, context.home.user))
    return here == folder or here.startswith(folder.rstrip("/") + "/")


def _remote(context: Context, seen: Snapshot) -> str:
    caller = context.caller
    reading = GitReader(caller.environ, caller.cwd, caller.uid, seen).read("remote.origin.url")
    return plain_remote(str(reading.value)) if isinstance(reading, Found) else ""
