"""Names of profiles, tokens and files."""

import re
from typing import NamedTuple

from keybound.domain.errors import BadInputError

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\Z")


class TokenId(NamedTuple):
    """``profile/name``."""

    profile: str
    name: str

    def __str__(self) -> str:
        return f"{self.profile}/{self.name}"


def is_name(text: str) -> bool:
    """Whether ``text`` may name a profile, a token or a file."""
    return _NAME.match(text) is not None


def check_name(text: str, what: str) -> str:
    """Return ``text``, or raise BadInputError that says what a name may hold."""
    if not is_name(text):
        raise BadInputError(
            f"{text!r} is not a valid {what} name",
            hint="Use 1 to 64 characters from a-z 0-9 . _ - and start with a letter or digit.",
        )
    return text


def parse_token_id(text: str) -> TokenId:
    """Read ``profile/name``; raise BadInputError."""
    profile, slash, name = text.partition("/")
    if not slash:
        raise BadInputError(f"{text!r} is not a token", hint="Write it as PROFILE/NAME, for example staging/github.")
    return TokenId(check_name(profile, "profile"), check_name(name, "token"))
