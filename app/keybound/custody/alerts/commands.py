"""The commands that config.toml names for alerts: each runs only as its owner approved it."""

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from keybound.custody.context.config import read_config
from keybound.custody.context.context import Context
from keybound.custody.programs.programs import PATH, program_digest, program_fault, resolve
from keybound.domain.errors import RefusedError
from keybound.domain.profile.alert_rules import AlertRule
from keybound.domain.profile.definition import Command
from keybound.domain.text.compact_json import dumps, loads
from keybound.domain.text.digests import sha256
from keybound.stores.alert_table import AlertTable, ChannelRecord
from keybound.stores.atomic import write_atomic
from keybound.stores.generation import touch
from keybound.stores.private_dir import make_private_dir
from keybound.stores.regular_file import regular

_APPROVED = "alert-commands.json"  # in the state: what a config folder from elsewhere brings along approves nothing
NAME = "alert"

Noted = Mapping[str, Sequence[str]]


class AlertCommand(NamedTuple):
    """A command of config.toml. ``noted``: the program as it was approved; None: it was not."""

    command: Command
    digest: str
    noted: Noted | None

    @property
    def channel(self) -> str:
        """What its channel is called in the state."""
        return f"command:{self.digest}"

    @property
    def fault(self) -> str:
        """Why it would not run now; "" where it would."""
        if self.noted is None:
            return "not approved"
        return program_fault(NAME, self.command, self.noted)


def command_of(context: Context, rule: AlertRule) -> AlertCommand:
    """The command of a rule."""
    command = Command(rule.command, context.home.config, timeout=rule.timeout)
    digest = sha256(dumps(["keybound alert 1", context.home.config, *rule.command]).encode()).hexdigest()[:32]
    return AlertCommand(command, digest, _approved(context).get(digest))


def commands(context: Context) -> list[AlertCommand]:
    """Every command that config.toml names for alerts, once. Raises BadInputError where it is broken."""
    found = [command_of(context, rule) for rule in read_config(context.home).alerts if rule.command]
    return list({one.digest: one for one in found}.values())


def found_program(context: Context, one: AlertCommand) -> str:
    """The program that it would run: what is approved with it. Raises RefusedError where there is none."""
    program = resolve(one.command.argv[0], one.command.folder, context.environ.get("PATH", os.defpath))
    if not program:
        raise RefusedError("no such program", where=one.command.argv[0], hint=f"See: {context.home.settings}")
    return program


def approve_command(context: Context, one: AlertCommand) -> None:
    """Have it run from now on, for as long as its words and its program stay as they are. Raises RefusedError."""
    path = context.environ.get("PATH", os.defpath)
    program = found_program(context, one)
    noted = {NAME: [program, program_digest(program)], PATH: [path]}
    make_private_dir(context.home.state)
    write_atomic(_path(context), dumps({**_approved(context), one.digest: noted}).encode())
    AlertTable(context.state).put_record(one.channel, ChannelRecord())  # what waits for it is tried at once
    touch(context.home.generation)


def _path(context: Context) -> str:
    return os.path.join(context.home.state, _APPROVED)


def _approved(context: Context) -> dict[str, Noted]:
    """By digest; nothing where the record is damaged."""
    try:
        with open(_path(context), encoding="ascii", opener=regular) as file:
            return {str(name): dict(noted) for name, noted in dict(loads(file.read())).items()}
    except (OSError, ValueError, TypeError):
        return {}
