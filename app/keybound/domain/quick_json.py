"""JSON by the interpreter's own C scanner, without the regular expressions that importing ``json`` compiles (3 ms).

Only for texts that Keybound wrote itself. Where the interpreter has no such scanner, it is ``json``.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

try:
    from _json import encode_basestring_ascii as _text
    from _json import make_scanner
except ImportError:
    from json.encoder import encode_basestring_ascii as _text
    from json.scanner import make_scanner  # type: ignore[attr-defined, no-redef, unused-ignore]


class _Plain:
    """What the scanner asks its decoder for."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float  # NaN, Infinity and -Infinity, as json reads them
    memo: "dict[str, str]" = {}  # noqa: RUF012  # the scanner's own cache of keys


_NO_NUMBERS = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
_scan = make_scanner(_Plain)  # type: ignore[arg-type, unused-ignore]


def loads(text: str) -> "Any":
    """The value of a JSON text. Raises ValueError."""
    try:
        value, end = _scan(text, 0)
    except (
        StopIteration,
        TypeError,
        RecursionError,
        SystemError,
    ):  # the last: ``json`` was never imported to raise from
        raise ValueError("not JSON") from None
    if text[end:].strip(" \t\r\n"):
        raise ValueError("text after JSON")
    return value


def dumps(value: object, *, sort: bool = False) -> str:
    """Compact ASCII JSON, the same text as ``json.dumps`` with ``separators=(",", ":")`` and ``sort_keys=sort``."""
    if isinstance(value, str):
        return _text(value)
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _NO_NUMBERS.get(text := float.__repr__(value), text)
    if isinstance(value, dict):
        names = sorted(value) if sort else value
        return "{" + ",".join(f"{_text(name)}:{dumps(value[name], sort=sort)}" for name in names) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(dumps(item, sort=sort) for item in value) + "]"
    raise TypeError(f"no JSON for {type(value).__name__}")
