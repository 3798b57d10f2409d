"""The owner's own command, which gets the alerts as JSON on standard input. It runs only as it was approved."""

import json
from collections.abc import Mapping, Sequence

from keybound.custody.alerts.channels.base import ChannelError
from keybound.custody.alerts.commands import NAME, AlertCommand
from keybound.custody.alerts.words import alert_fields, body, title
from keybound.custody.programs.commands import run_command
from keybound.domain.errors import RefusedError
from keybound.domain.text.secret import Secret
from keybound.stores.alert_table import Alert

_MOST = 50  # alerts in one call: what it gets must fit into a pipe that nobody reads


class CommandChannel:
    """A command of config.toml."""

    grouped = True

    def __init__(self, command: AlertCommand, environ: Mapping[str, str]) -> None:
        self._command, self._environ = command, environ
        self.name = command.channel

    def send(self, alerts: Sequence[Alert]) -> None:
        """Run it once. Raises ChannelError."""
        command, noted = self._command.command, self._command.noted
        if noted is None or self._command.fault:
            raise ChannelError(f"{command.argv[0]} does not run ({self._command.fault}): keybound alerts approve")
        newest = alerts[-_MOST:]
        told = {
            "title": title(alerts),
            "text": body(alerts),
            "count": len(alerts),
            "alerts": [alert_fields(one) for one in newest],
        }
        given = Secret(json.dumps(told, ensure_ascii=True).encode() + b"\n")
        try:
            run_command(NAME, command, noted, self._environ, given)
        except RefusedError as fault:
            raise ChannelError(fault.what) from None
