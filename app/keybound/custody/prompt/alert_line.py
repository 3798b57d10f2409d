"""What its owner has not seen yet, in a line at the prompt: once in each shell, until it was looked at."""

import os
from collections.abc import Sequence

from keybound.custody.alerts.words import alert_line
from keybound.custody.context.config import read_config
from keybound.custody.context.context import Context
from keybound.custody.shell_state.markers import ALERTED, fresh_notice
from keybound.domain.errors import KeyboundError
from keybound.domain.profile.alert_rules import BELL
from keybound.domain.text.counts import plural
from keybound.domain.text.sanitize import shorten
from keybound.shells.step import Step
from keybound.stores.alert_table import Alert, AlertTable, ChannelRecord

_LONGEST = 160  # characters of an alert at a prompt


def with_alerts(context: Context, step: Step, folder: str) -> Step:
    """The step with a line for what is unseen. ``folder``: of the shell's stamps. What the step says itself is seen by that."""
    try:
        config = read_config(context.home) if os.path.lexists(context.home.settings) else None
        if config is not None and config.say == "quiet":
            return step
        table = AlertTable(context.state)
        unseen = table.unseen()
        told = [one for one in unseen if _is_told(one, step)]
        table.mark_seen([one.id for one in told])
        new = [one for one in unseen if one not in told]
        line = fresh_notice(folder, _line(new), ALERTED)
        rings = bool(line) and config is not None and _rings(context, table, new)
    except KeyboundError:
        return step
    said = "; ".join(filter(None, [step.said, line]))
    return Step(step.answer, said, step.how, step.signs, rings=rings)


def _is_told(alert: Alert, step: Step) -> bool:
    words = f"{step.said} {step.signs}"
    return alert.message in words or f"{alert.about} is {alert.kind}" in words


def _line(unseen: Sequence[Alert]) -> str:
    if not unseen:
        return ""
    newest = shorten(alert_line(unseen[-1]), _LONGEST)
    number = plural(len(unseen), "unseen alert")
    return (
        f"{number}: {newest} (keybound alerts)"
        if len(unseen) == 1
        else f"{number}: keybound alerts; the newest: {newest}"
    )


def _rings(context: Context, table: AlertTable, new: Sequence[Alert]) -> bool:
    """Whether a bell waits for somebody with a terminal, who is here now."""
    rules = [rule for rule in read_config(context.home).alerts if BELL in rule.to]
    ids = [one.id for one in new if not one.delivered and any(rule.wants(one.kind, one.about) for rule in rules)]
    sent = table.sent() if ids else set()
    waiting = [one for one in ids if (one, BELL) not in sent]
    if waiting:
        table.mark_sent(BELL, waiting, ChannelRecord(context.clock().timestamp()))
    return bool(waiting)
