"""Set a field of a token that exists: ``ttl``, ``expires``, ``env``, ``scopes`` and the others of its definition."""

import shlex
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import find
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.add import parse_when
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.profile.shapes import texts_of
from keybound.domain.values.names import TokenId
from keybound.domain.values.readings import Value
from keybound.sources.editing.edit_toml import parse_toml_value, set_value, unset

_LISTS = ("scopes", "release", "callers", "refresh.inputs", "probe.inputs")
_COMMANDS = ("refresh", "revoke", "probe")
_SWITCHES = ("wipe", "refresh.multiline", "revoke.provider", "revoke.on_expiry")
_PROBE = ("probe.every", "probe.timeout", "jwt.key", "jwt.jwks")
_TEXTS = ("kind", "ttl", "outside", "grace", "overlap", "refresh.before", "refresh.timeout", *_PROBE)
FIELDS = ("env", "expires", *_TEXTS, *_LISTS, *_COMMANDS, *_SWITCHES)
_OTHER_END = {"ttl": "expires", "expires": "ttl", "jwt.key": "jwt.jwks", "jwt.jwks": "jwt.key"}


class FieldChange(NamedTuple):
    """A profile's text before and after. ``value``: what was read, None where the field is taken away.

    ``dropped``: the field that had to go because it cannot stand beside this one, "" for none.
    """

    before: str
    text: str
    value: Value
    dropped: str = ""


def set_field(context: Context, token: TokenId, field: str, text: str) -> FieldChange:
    """What setting a field makes of the profile's text. Raises NotFoundError, BadInputError."""
    find(context, token)
    before = Library(context.home).page(token.profile).text
    value, changed, dropped = read_field(field, text), before, ""
    if other := _OTHER_END.get(field):
        try:
            changed, dropped = unset(before, ("tokens", token.name, *other.split("."))), other
        except (KeyError, BadInputError):
            changed, dropped = before, ""
    path = ("tokens", token.name, *field.split("."))
    if field in _COMMANDS:
        path = (*path, "command")
    return FieldChange(before, set_value(changed, path, value), value, dropped)


def unset_field(context: Context, token: TokenId, field: str) -> FieldChange:
    """What taking a field away makes of the profile's text. Raises NotFoundError where it is not written there."""
    find(context, token)
    page = Library(context.home).page(token.profile)
    try:
        return FieldChange(page.text, unset(page.text, ("tokens", token.name, *field.split("."))), None)
    except (KeyError, BadInputError):
        raise NotFoundError(f"{token} has no {field} in {page.path}") from None


def read_field(field: str, text: str) -> Value:
    """A field's value as it is typed: lists by commas, commands as words, times as ``--expires`` takes them."""
    if field == "expires":
        return parse_when(text)
    if field in _COMMANDS:
        return _words(text)
    if field in _SWITCHES:
        return parse_toml_value(text)
    if field in _TEXTS:
        return text
    given = parse_toml_value(text)
    items = texts_of(given) if isinstance(given, list) else [one.strip() for one in text.split(",") if one.strip()]
    return items[0] if field == "env" and len(items) == 1 else items


def _words(text: str) -> Value:
    given = parse_toml_value(text)
    if isinstance(given, list):
        return texts_of(given)
    try:
        return shlex.split(text)
    except ValueError as fault:
        raise BadInputError(f"not a command: {fault}", hint="Quote it as in a shell.") from None
