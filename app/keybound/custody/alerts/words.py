"""What an alert says, in a line for a person: nothing in it can drive a terminal or markup."""

from collections.abc import Mapping, Sequence

from keybound.domain.text.counts import plural
from keybound.domain.text.sanitize import clean, shorten
from keybound.domain.values.alert_kinds import AlertKind
from keybound.stores.alert_table import Alert

_SAID: Mapping[str, str] = {
    AlertKind.EXPIRED: "is expired",
    AlertKind.SUSPENDED: "is suspended",
    AlertKind.UNAPPROVED: "is unapproved",
    AlertKind.GAINED: "",
    AlertKind.LOST: "",
    AlertKind.DUE: "is due",
    AlertKind.REFUSED: "is refused",
    AlertKind.REFRESH_FAILED: "was not refreshed",
    AlertKind.FOUND_PLAIN: "has plain tokens",
    AlertKind.UNUSUAL: "is used as never before",
}
_MOST_LINES, _LONGEST = 5, 300


def alert_words(kind: str, about: str, message: str) -> str:
    """``staging/github is suspended: flags.beta_writes is true, bound to false``."""
    said = _SAID.get(kind, kind)
    return clean(f"{about} {said}: {message}" if said else f"{about} {message}")


def alert_line(alert: Alert) -> str:
    """The same of a kept one."""
    return alert_words(alert.kind, alert.about, alert.message)


def channel_words(name: str) -> str:
    """A channel as its owner calls it: of a command no digest."""
    return "command" if name.startswith("command:") else name


def title(alerts: Sequence[Alert]) -> str:
    """What several are in one line."""
    what = clean(alerts[0].about) if len(alerts) == 1 else plural(len(alerts), "alert")
    return f"Keybound: {what}"


def body(alerts: Sequence[Alert]) -> str:
    """A line for each; of many, for the newest."""
    lines = [shorten(alert_line(one), _LONGEST) for one in reversed(alerts)]
    more = len(lines) - _MOST_LINES
    return "\n".join([*lines[:_MOST_LINES], *([f"and {more} more: keybound alerts"] if more > 0 else [])])


def alert_fields(alert: Alert) -> dict[str, object]:
    """An alert as programs get it."""
    return {"alert": alert.id, "at": alert.at, "kind": alert.kind, "id": alert.about, "message": clean(alert.message)}
