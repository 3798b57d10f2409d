"""What an ``[[alert]]`` of config.toml may say: which alerts go where."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from keybound.domain.profile.shapes import At, Fields, Json, Span, Table, TableError, Text, Texts, as_table, texts_of
from keybound.domain.values.alert_kinds import AlertKind
from keybound.domain.values.durations import seconds
from keybound.domain.values.names import is_name
from keybound.domain.values.readings import Value

DESKTOP, BELL, SYSLOG, COMMAND, FILE = "desktop", "bell", "syslog", "command", "file:"
WAYS = (DESKTOP, BELL, SYSLOG, COMMAND)
_KINDS = tuple(kind.value for kind in AlertKind)
_TIMEOUT, _LONGEST = 10, 60  # seconds that a command has


class _Kind:
    """A kind of alert."""

    def check(self, at: At, value: Value) -> None:
        """It is known."""
        if value not in _KINDS:
            raise TableError(at, f"{value!r} is no kind of alert", f"Known: {', '.join(_KINDS)}.")

    def schema(self) -> Json:
        """An enumeration."""
        return {"enum": list(_KINDS)}


class _Profile:
    """The name of a profile."""

    def check(self, at: At, value: Value) -> None:
        """It can be one."""
        if not is_name(str(value)):
            raise TableError(at, f"{value!r} is not a valid profile name (a-z 0-9 . _ -)")

    def schema(self) -> Json:
        """A string."""
        return {"type": "string"}


class _To:
    """Where an alert goes."""

    def check(self, at: At, value: Value) -> None:
        """It is a channel, or a file whose path does not depend on the folder."""
        text = str(value)
        if text not in WAYS and not text.startswith((f"{FILE}/", f"{FILE}~/")):
            hint = f"Known: {', '.join(WAYS)}, and file:PATH with a path that begins with / or ~/."
            raise TableError(at, f"alerts cannot go to {text!r}", hint)

    def schema(self) -> Json:
        """A word, or a file."""
        return {"anyOf": [{"enum": list(WAYS)}, {"type": "string", "pattern": "^file:(/|~/)"}]}


_FIELDS = Fields(
    {
        "when": Texts(_Kind(), bare=True),
        "profiles": Texts(_Profile(), bare=True),
        "to": Texts(_To(), bare=True),
        "command": Texts(Text()),
        "timeout": Span(),
    },
    needed=("to",),
)


class AlertShape:
    """One ``[[alert]]``."""

    def check(self, at: At, value: Value) -> None:
        """Its fields; a command is there where it is asked for, and only there."""
        _FIELDS.check(at, value)
        table = as_table(at, value)
        asked = COMMAND in texts_of(table["to"])
        if asked and not any(texts_of(table.get("command", []))[:1]):
            raise TableError(at, 'to = "command" needs a command', 'Add one: command = ["./notify-me"]')
        if not asked and ("command" in table or "timeout" in table):
            raise TableError(at, 'the command is not used: "command" is missing in to')
        if asked and "timeout" in table and not 0 < seconds(str(table["timeout"])) <= _LONGEST:
            raise TableError((*at, "timeout"), f"must be between 1s and {_LONGEST}s")

    def schema(self) -> Json:
        """An object."""
        return _FIELDS.schema()


class AlertRule(NamedTuple):
    """Alerts of these kinds and profiles (none named: all) go to these channels. ``timeout``: seconds for ``command``."""

    when: frozenset[str]
    profiles: frozenset[str]
    to: tuple[str, ...]
    command: tuple[str, ...] = ()
    timeout: int = _TIMEOUT

    def wants(self, kind: str, about: str) -> bool:
        """Whether it is for an alert about this token, profile or file."""
        return kind in (self.when or _KINDS) and (not self.profiles or about.partition("/")[0] in self.profiles)


def alert_rules(tables: Iterable[Table]) -> tuple[AlertRule, ...]:
    """The rules of checked tables."""
    return tuple(
        AlertRule(
            frozenset(texts_of(one.get("when", []))),
            frozenset(texts_of(one.get("profiles", []))),
            tuple(dict.fromkeys(texts_of(one["to"]))),
            tuple(texts_of(one.get("command", []))),
            seconds(str(one["timeout"])) if "timeout" in one else _TIMEOUT,
        )
        for one in tables
    )


def wanted(rules: Sequence[AlertRule], kind: str, about: str) -> bool:
    """Whether any channel wants an alert."""
    return any(rule.wants(kind, about) for rule in rules)
