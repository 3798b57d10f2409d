"""config.toml: whether it can be read, and whether what it names is there."""

import os
from collections.abc import Iterator

from keybound.custody.context.config import read_config
from keybound.custody.context.context import Context
from keybound.custody.context.theme_files import names
from keybound.custody.health.finding import Finding, ok, warn
from keybound.domain.profile.config import Config
from keybound.domain.profile.inherit import absolute


def config(context: Context) -> list[Finding]:
    """Raises BadInputError with file, line and reason: a syntax error, an unknown key, two actions of one key."""
    path = context.home.settings
    found = read_config(context.home)
    if not os.path.lexists(path):
        return [ok("there is no config.toml: the defaults hold")]
    return [*_rules(context, found), *_theme(context, found), *_ca(context, found)] or [ok(f"{path} is in order")]


def _rules(context: Context, found: Config) -> Iterator[Finding]:
    path = context.home.settings
    for rule in found.rules:
        if not os.path.lexists(context.home.profile_path(rule.profile)):
            yield warn(
                f"{path}: [[use]] names the profile {rule.profile}, which does not exist",
                f"Create it: keybound profile new {rule.profile}, or edit {path}",
            )
        if rule.folder and not os.path.isdir(absolute(rule.folder, context.home.config, context.home.user)):
            yield warn(f"{path}: [[use]] names the folder {rule.folder}, which does not exist", f"Edit {path}")
    for name in dict.fromkeys(name for rule in found.alerts for name in rule.profiles):
        if not os.path.lexists(context.home.profile_path(name)):
            yield warn(f"{path}: [[alert]] names the profile {name}, which does not exist", f"Edit {path}")


def _theme(context: Context, found: Config) -> Iterator[Finding]:
    if found.theme in ("", "auto") or found.theme in names(context.home.config):
        return
    yield warn(f"{context.home.settings}: there is no theme file {found.theme}.toml", "See: docs/guide.md, Themes")


def _ca(context: Context, found: Config) -> Iterator[Finding]:
    path = absolute(found.ca, context.home.config, context.home.user) if found.ca else ""
    if path and not os.access(path, os.R_OK):
        yield warn(
            f"{path}, the private CA of [network], cannot be read: no provider is reached",
            f"Put it there, or edit {context.home.settings}",
        )
