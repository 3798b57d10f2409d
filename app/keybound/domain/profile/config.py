"""What config.toml and .keybound.toml may hold."""

from collections.abc import Mapping
from typing import NamedTuple

from keybound.domain.profile.alert_rules import AlertRule, AlertShape, alert_rules
from keybound.domain.profile.key_settings import KeyTable
from keybound.domain.profile.shapes import At, Choice, Fields, Json, Only, Table, TableError, Tables, Text, as_table
from keybound.domain.values.names import is_name
from keybound.domain.values.readings import Value

SAYS = ("quiet", "normal", "verbose")
STARTS = ("auto", "manual", "never")
UNUSUAL = ("ignore", "warn")


class _Profile:
    """The name of a profile."""

    def check(self, at: At, value: Value) -> None:
        """It can be one."""
        if not isinstance(value, str) or not is_name(value):
            raise TableError(at, f"{value!r} is not a valid profile name (a-z 0-9 . _ -)")

    def schema(self) -> Json:
        """A string."""
        return {"type": "string"}


class _Use:
    """One ``[[use]]``: a profile, and either a folder or a remote."""

    def check(self, at: At, value: Value) -> None:
        """Its fields, and one of the two."""
        _USE.check(at, value)
        table = as_table(at, value)
        if ("folder" in table) == ("remote" in table):
            raise TableError(at, "a rule has either a folder or a remote")

    def schema(self) -> Json:
        """An object with one of them."""
        return {**_USE.schema(), "oneOf": [{"required": ["folder"]}, {"required": ["remote"]}]}


_USE = Fields({"profile": _Profile(), "folder": Text(), "remote": Text()}, needed=("profile",))
CONFIG = Fields(
    {
        "schema": Only(1),
        "keyring": Text(),
        "hook": Fields({"say": Choice("what the hook says", SAYS)}),
        "agent": Fields({"start": Choice("when the agent starts", STARTS)}),
        "network": Fields({"ca": Text()}),
        "theme": Text(),
        "use": Tables(_Use()),
        "alert": Tables(AlertShape()),
        "keys": KeyTable(),
        "usage": Fields({"unusual": Choice("what is done about unusual programs", UNUSUAL)}),
    },
    words="how Keybound behaves for this user",
)
PROJECT = Fields({"profile": _Profile()}, needed=("profile",), words="the profile of a project's folder")


class UseRule(NamedTuple):
    """A profile for folders at or below ``folder``, or for repositories whose ``remote`` has this form (``*`` matches)."""

    profile: str
    folder: str = ""
    remote: str = ""


class Config(NamedTuple):
    """A checked config.toml. ``keyring``: another backend's "module.Class", or ""; ``say``: how much the hook says;
    ``agent``: when the agent starts; ``ca``: the file of a private CA, as it is written;
    ``alerts``: where alerts go; ``unusual``: whether a token's unusual programs are a warning; ``keys`` and ``theme``: the
    application's; the theme "auto" goes with the terminal.
    """

    keyring: str = ""
    say: str = "normal"
    rules: tuple[UseRule, ...] = ()
    agent: str = "auto"
    ca: str = ""
    alerts: tuple[AlertRule, ...] = ()
    unusual: str = "ignore"
    keys: Table | None = None
    theme: str = ""


def config_of(table: Table) -> Config:
    """Check a config's table. Raises TableError."""
    CONFIG.check((), table)
    hook = as_table(("hook",), table.get("hook", {}))
    agent = as_table(("agent",), table.get("agent", {}))
    network = as_table(("network",), table.get("network", {}))
    return Config(
        str(table.get("keyring", "")),
        str(hook.get("say", "normal")),
        tuple(UseRule(**{name: str(value) for name, value in one.items()}) for one in _tables(table, "use")),
        str(agent.get("start", "auto")),
        str(network.get("ca", "")),
        alert_rules(_tables(table, "alert")),
        str(as_table(("usage",), table.get("usage", {})).get("unusual", "ignore")),
        as_table(("keys",), table["keys"]) if "keys" in table else None,
        str(table.get("theme", "")),
    )


def _tables(table: Table, name: str) -> list[Mapping[str, Value]]:
    found = table.get(name, ())
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def plain_remote(url: str) -> str:
    """A remote as ``host/path``: no scheme, user, port or ``.git``. ``git@host:path`` is understood."""
    text = url.strip()
    _, scheme, rest = text.partition("://")
    rest = rest if scheme else text.replace(":", "/", 1)
    host, slash, path = rest.partition("/")
    host = host.rpartition("@")[2].partition(":")[0].lower()
    return f"{host}{slash}{path.strip('/').removesuffix('.git')}"
