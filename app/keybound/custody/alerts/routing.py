"""Which channels want an alert, by config.toml."""

import os
from collections.abc import Callable, Sequence

from keybound.custody.alerts.channels.base import Channel
from keybound.custody.context.context import Context
from keybound.domain.profile.alert_rules import BELL, COMMAND, DESKTOP, FILE, SYSLOG, AlertRule
from keybound.stores.alert_table import Alert

Ring = Callable[[], None]


class Routing:
    """The rules, and a channel for each place that they name. ``ring``: how this process rings, None where it cannot."""

    def __init__(self, context: Context, rules: Sequence[AlertRule], ring: Ring | None) -> None:
        self._context, self._ring = context, ring
        self._by_rule = [(rule, [self._channel(rule, to) for to in rule.to]) for rule in rules]

    def wanting(self, alert: Alert) -> dict[str, Channel | None]:
        """The channels that want an alert, by name; None for one that this process has not.

        A bell wakes whoever has not seen it yet.
        """
        wanting = [one for rule, channels in self._by_rule if rule.wants(alert.kind, alert.about) for one in channels]
        return {name: channel for name, channel in wanting if not (alert.seen and name == BELL)}

    def all(self) -> dict[str, Channel | None]:
        """Every channel that is named, by name."""
        return {name: channel for _, channels in self._by_rule for name, channel in channels}

    def _channel(self, rule: AlertRule, to: str) -> tuple[str, Channel | None]:
        channel = self._made(rule, to)
        return (channel.name if channel else to), channel

    def _made(self, rule: AlertRule, to: str) -> Channel | None:
        """The channel; its code is loaded for those alone that are named."""
        if to == DESKTOP:
            from keybound.custody.alerts.channels.desktop import Desktop

            return Desktop(self._context.environ)
        if to == SYSLOG:
            from keybound.custody.alerts.channels.syslog import Syslog

            return Syslog()
        if to == COMMAND:
            from keybound.custody.alerts.channels.command import CommandChannel
            from keybound.custody.alerts.commands import command_of

            return CommandChannel(command_of(self._context, rule), self._context.environ)
        if to == BELL:
            from keybound.custody.alerts.channels.bell import Bell

            return Bell(self._ring) if self._ring else None
        from keybound.custody.alerts.channels.json_file import JsonFile

        path = to.removeprefix(FILE)
        return JsonFile(os.path.join(self._context.home.user, path[2:]) if path.startswith("~/") else path)
