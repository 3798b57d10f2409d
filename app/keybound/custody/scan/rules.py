"""The rules by which secrets are found in a text of bytes: a pattern, and what is made of what it matches."""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from keybound.catalogue.provider import TokenKind
from keybound.catalogue.recognise import Recogniser, Sure, sureness
from keybound.custody.scan.finds import Find
from keybound.custody.scan.lookalikes import is_placeholder, looks_chosen, looks_random
from keybound.domain.text.secret import Secret

_WORD = re.compile(rb"[0-9A-Za-z_-]")
_CALLS = (b"(", b"[", b"{")  # behind a value that is code
_ENCODED = 12
_NEAR = 300  # bytes before and after
_TELLING_NAMES = (
    r"token|secret|passwor[dt]|passwd|passphrase|pwd|api[_. -]?key|access[_.-]?key|account[_.-]?key|auth[_.-]?key|"
    r"private[_.-]?key|client[_.-]?key|signing[_.-]?key|encryption[_.-]?key|master[_.-]?key|app(?:lication)?[_.-]?key|"
    r"license[_.-]?key|credential|authorization|bearer|webhook|[_-]key|[_-]auth"
)
_NAMED = r"([a-z0-9_.-]*(?:" + _TELLING_NAMES + r")(?:[_.-][a-z0-9_.-]*|[a-z0-9]{0,12}))"
_VALUE = r"""([^\s"'`<>,;(){}\[\]\\]{8,})"""
_SCHEME = r"(?:(?:bearer|basic|token|apikey|string)[ \t]+)?"
_OPEN = r"""(?:\\?["'`(\[{]){0,3}"""
ASSIGNMENTS = (
    r"(?i)"
    + _NAMED
    + r"""(?:\\?["'`\])}]){0,3}[ \t]{0,8}(?:=>|:=|[=:>])[ \t]{0,8}"""
    + _SCHEME
    + _OPEN
    + _SCHEME
    + _VALUE,
    r"(?i)" + _NAMED + r"""["'`],[ \t]{0,8}["'`]""" + _SCHEME + _VALUE,  # an argument beside its name
    r"(?i)--?" + _NAMED + r"""[ \t]+["']?""" + _VALUE,  # an option of a command
    r"(?i)\bset(?:env)?[ \t]+(?:-[a-z-]+[ \t]+)*" + _NAMED + r"""[ \t]+["']?""" + _VALUE,  # fish, csh
    r"(?i)\b(bearer)[ \t]+" + _VALUE,
)
_NAME_OF_NONE = re.compile(
    r"(?i)hash|digest|checksum|sha\d*|md5|etag|fingerprint|integrity|public|csrf|xsrf|next|page|continu|cursor|purchase|recv|tokeniz|"
    r"(?:^|[_.-])(?:id|ids|url|uri|path|file|name|type|len|length|count|size|ttl|expires?(?:_in)?|expiry|endpoint|header|prefix|"
    r"field|version|format|algorithm|user|email|words?|arn|ref|selector|limit|budget|usage)$|(?:keys|tokens|board)$|"
    r"(?-i:(?:Id|Url|Uri|Path|File|Name|Type|Length|Count|Hash|Endpoint|Header)$)"
)
_PASSWORD = re.compile(r"(?i)passw|passphrase|pwd")
_URL = r"""[a-zA-Z][a-zA-Z0-9+.-]*://([^\s:/@"'`<>?#]*):([^\s/@"'`<>]{4,})@([\w.-]+)"""
_TRIVIAL = re.compile(
    r"(?i)pass(?:word)?|secret|token|user(?:name)?|admin|root|postgres|guest|test|x-oauth-basic|\*+|\.+|x+"
)
_LOCAL = re.compile(r"(?i)localhost|127\.0\.0\.1|.*\bexample\.(?:com|org|net)|host(?:name)?|server")
_BASIC = r"(?i)\bbasic[ \t]+([a-z0-9+/]{12,}={0,2})"
_PEM = r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[^-]{100,}-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"


class Rule(NamedTuple):
    """``pattern``: in RE2's language, for bytes. ``read``: the text, a match of it, and words of its place, to finds.

    ``longest``: of all that the pattern matches at a place, the longest, not the first of its alternatives.
    """

    pattern: str
    read: Callable[[bytes, Any, str], Iterator[Find]]
    longest: bool = False


def all_rules(recogniser: Recogniser) -> list[Rule]:
    """The rules for all kinds of tokens that begin in a way of their own, and those that go by what stands beside a value."""
    kinds = [kind for provider in recogniser.providers.values() for kind in provider.tokens if kind.prefixes]
    told = [kind for kind in kinds if not kind.context]
    return [
        *map(_shape, told),
        *(rule for kind in told for rule in _in_base64(kind)),
        *(_assignment(recogniser, pattern) for pattern in ASSIGNMENTS),
        _address(recogniser),
        _basic(recogniser),
        Rule(_PEM, _private_key),
    ]


def _shape(kind: TokenKind) -> Rule:
    def read(data: bytes, match: Any, place: str) -> Iterator[Find]:
        start, end = match.span()
        if _stands_alone(data, start, end):
            yield from _token(kind, match.group().decode("latin-1"), start, end)

    return Rule(kind.pattern, read, longest=True)


def _token(kind: TokenKind, text: str, start: int, end: int) -> Iterator[Find]:
    like = sureness(kind, text)
    if like is None or (like.sure is not Sure.CHECKSUM and is_placeholder(_body(kind, text))):
        return
    yield Find(start, end, Secret(text), kind.provider, kind.name, like.sure, like.fault)


def _body(kind: TokenKind, text: str) -> str:
    return text[max((len(prefix) for prefix in kind.prefixes if text.startswith(prefix)), default=0) :]


def _stands_alone(data: bytes, start: int, end: int) -> bool:
    """Whether neither side goes on: an escape such as ``\\n`` or ``%3D`` before it is no part of a word."""
    if end < len(data) and _WORD.match(data, end):
        return False
    if start == 0 or not _WORD.match(data, start - 1):
        return True
    return data[start - 2 : start - 1] == b"\\" or data[start - 3 : start - 2] == b"%"


def _in_base64(kind: TokenKind) -> Iterator[Rule]:
    """Tokens that were encoded whole, as in a Kubernetes Secret: what their beginning becomes is known."""
    for prefix in kind.prefixes:
        whole = b64encode(prefix.encode()).decode().rstrip("=")
        begun = whole[: len(prefix) * 8 // 6]
        if len(begun) < 4:
            continue

        def read(data: bytes, match: Any, place: str) -> Iterator[Find]:
            start, end = match.span()
            text = _decoded(match.group())
            if text and _stands_alone(data, start, end):
                yield from _token(kind, text.strip(), start, end)

        yield Rule(f"{begun}[A-Za-z0-9+/]{{{_ENCODED},}}={{0,2}}", read)


def _decoded(data: bytes) -> str:
    try:
        return b64decode(data, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _assignment(recogniser: Recogniser, pattern: str) -> Rule:
    def read(data: bytes, match: Any, place: str) -> Iterator[Find]:
        name = match.group(1).decode("latin-1")
        value = match.group(2).decode("latin-1").rstrip(".:!?&|").split("&")[0]
        start, end = match.span(2)
        if data[end : end + 1] not in _CALLS:
            yield from _named(recogniser, name, value, f"{place} {_near(data, start)}", start)

    return Rule(pattern, read)


def _named(recogniser: Recogniser, name: str, value: str, near: str, start: int) -> Iterator[Find]:
    """A value beside a name that says secret: one of a known kind by the words of its line, else one that looks random."""
    end = start + len(value)
    for one in recogniser.recognise(value, near):
        if one.fault is None and not is_placeholder(value):
            yield Find(start, end, Secret(value), one.provider.id, one.kind.name, one.sure, None, name)
            return
    if _NAME_OF_NONE.search(name):
        return
    if looks_random(value) or (_PASSWORD.search(name) and looks_chosen(value)):
        yield Find(start, end, Secret(value), "generic", "named like a secret", Sure.GUESS, None, name)


def _address(recogniser: Recogniser) -> Rule:
    def read(data: bytes, match: Any, place: str) -> Iterator[Find]:
        user, value, host = (match.group(at).decode("latin-1") for at in (1, 2, 3))
        start, end = match.span(2)
        for one in recogniser.recognise(value, host):
            if one.fault is None and not is_placeholder(value):
                yield Find(start, end, Secret(value), one.provider.id, one.kind.name, one.sure, None, host)
                return
        if not _TRIVIAL.fullmatch(value) and not _LOCAL.fullmatch(host) and value != user and _is_password(value):
            yield Find(start, end, Secret(value), "url", "password in an address", Sure.GUESS, None, host)

    return Rule(_URL, read)


def _is_password(value: str) -> bool:
    return looks_random(value) or looks_chosen(value)


def _basic(recogniser: Recogniser) -> Rule:
    def read(_data: bytes, match: Any, _place: str) -> Iterator[Find]:
        start, end = match.span(1)
        user, colon, value = _decoded(match.group(1)).partition(":")
        if not colon or is_placeholder(value):
            return
        for part in (value, user):
            for one in recogniser.recognise(part):
                if one.fault is None and one.sure is not Sure.GUESS:
                    yield Find(start, end, Secret(part), one.provider.id, one.kind.name, one.sure)
                    return
        if _is_password(value):
            yield Find(start, end, Secret(value), "generic", "password in a header", Sure.GUESS)

    return Rule(_BASIC, read)


def _private_key(_data: bytes, match: Any, _place: str) -> Iterator[Find]:
    text = match.group().decode("latin-1")
    if not is_placeholder(text[:200].partition("-----")[2]) or len(set(text)) > 40:
        yield Find(match.start(), match.end(), Secret(text), "private-key", "private key", Sure.SHAPE)


def _near(data: bytes, at: int) -> str:
    """What stands before a place, and the rest of its line."""
    end = data.find(b"\n", at, at + _NEAR)
    return data[max(at - _NEAR, 0) : at + _NEAR if end < 0 else end].decode("latin-1")
