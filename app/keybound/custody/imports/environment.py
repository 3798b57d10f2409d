"""The variables of this process. ``env:NAME,NAME`` names some; Keybound's own and what it exported are left out."""

from keybound.custody.context.context import Context
from keybound.custody.context.exported import own_environment
from keybound.custody.imports.source import ImportSource
from keybound.domain.errors import NotFoundError
from keybound.domain.text.secret import Secret
from keybound.domain.values.variables import is_variable
from keybound.sources.plain.base import PlainSecret
from keybound.sources.plain.reading import LocatedSecret


def read_environment(context: Context, names: str) -> ImportSource:
    """Every variable, or those that are named. Raises NotFoundError."""
    environ = own_environment(context.environ)
    wanted = [name for name in names.split(",") if name]
    if missing := [name for name in wanted if name not in environ]:
        raise NotFoundError(f"no such variable: {missing[0]}")
    found = [
        LocatedSecret(PlainSecret((name,), Secret(value)), 0)
        for name, value in environ.items()
        if is_variable(name) and not name.startswith("KEYBOUND_") and value and (not wanted or name in wanted)
    ]
    return ImportSource("the environment", "env", bool(wanted), tuple(found), lambda one: one.keys[0], named=True)
