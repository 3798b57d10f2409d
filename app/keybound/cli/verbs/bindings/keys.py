"""keys: everything that a token can be bound to from here."""

from collections.abc import Iterator
from itertools import groupby

from keybound.cli.console.arguments import add_json, parser
from keybound.cli.console.io import own_context, put_json
from keybound.cli.console.output import say, warn
from keybound.custody.context.context import Context
from keybound.custody.planning.bindable import BindableKey, BindableKeys, bindable_keys, tidy
from keybound.custody.profiles.choose_profile import chosen_name
from keybound.custody.profiles.library import Library, Loaded
from keybound.domain.text.sanitize import clean, shorten
from keybound.domain.values.names import check_name
from keybound.domain.values.readings import Found, Reading, Value
from keybound.domain.verdict.wording import shown, shown_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

_WIDE, _LONG = 48, 40  # columns for a key and its value; a longer one takes its room


def keys_parser() -> "ArgumentParser":
    """What ``keys`` takes."""
    parse = parser(
        "keys",
        "keybound keys",
        "keybound keys kube:",
        "keybound keys file:kube# --json",
        more="Values that may be secret are hidden. Name a large file, as in file:NAME#, to see all that is in it.",
    )
    parse.add_argument("prefix", nargs="?", default="", metavar="PREFIX", help="List only keys that begin so.")
    parse.add_argument("--profile", metavar="PROFILE", help="Whose settings and files (default: the one in use).")
    add_json(parse)
    return parse


def keys(argv: list[str]) -> int:
    """List what can be bound, with its value and origin."""
    options, context = keys_parser().parse_args(argv), own_context()
    found = bindable_keys(context, _profile(context, options.profile), options.prefix)
    if options.json:
        put_json([{"key": one.key, "value": _value(one), "origin": clean(one.origin)} for one in found.keys])
        return 0
    for line in _lines(found, context.home.user):
        say(line)
    if not found.keys:
        say(f"No key begins with {options.prefix}")
    for name in found.left_out:
        warn(f"file:{name} has more values: keybound keys file:{name}#")
    return 0


def _profile(context: Context, argument: str | None) -> Loaded | None:
    """The profile named, else the one in use; None where there is none. Raises NotFoundError, BadInputError."""
    name = check_name(argument, "profile") if argument else chosen_name(context)
    return Library(context.home).load(name) if name else None


def _lines(found: BindableKeys, home: str) -> Iterator[str]:
    for number, (group, rows) in enumerate(groupby(found.keys, key=lambda one: one.group)):
        yield from [""] * bool(number)
        yield f"{group}:"
        cells = [(one.key, _words(one.read.reading, one.key), tidy(one.origin, home)) for one in rows]
        wide = min(max(len(key) for key, _, _ in cells), _WIDE)
        long = min(max(len(value) for _, value, _ in cells), _LONG)
        for key, value, origin in cells:
            yield f"  {key:<{wide}}  {value:<{long}}  {origin}".rstrip()


def _words(reading: Reading, key: str) -> str:
    if not isinstance(reading, Found):
        return "-"
    return shorten(shown(key, reading).text, _LONG)


def _value(one: BindableKey) -> object:
    reading = one.read.reading
    if not isinstance(reading, Found):
        return None
    words = shown_value(one.key, reading.value)
    return {"hidden": True} if words.hidden else _plain(reading.value, words.text)


def _plain(value: Value, words: str) -> object:
    """The value itself where JSON has it, else its words."""
    if value is None or isinstance(value, str | bool | int | float):
        return clean(value) if isinstance(value, str) else value
    if isinstance(value, list | tuple) and all(isinstance(item, str | bool | int) for item in value):
        return [clean(item) if isinstance(item, str) else item for item in value]
    return words
