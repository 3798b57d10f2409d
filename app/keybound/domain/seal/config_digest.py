"""The digest of a token's bound configuration, which minted tokens carry and verifiers compare."""

from collections.abc import Mapping

from keybound.domain.errors import BadInputError
from keybound.domain.profile.definition import Token
from keybound.domain.values.canonical import digest
from keybound.domain.values.readings import Found, Read, Unreadable, Value


def config_digest(token: Token, readings: Mapping[str, Read]) -> str:
    """SHA-256 (hex) of every bound key with its reading; equal exactly where keys and readings are.

    Raises BadInputError where a key cannot be read, or has a value that equals nothing.
    """
    return digest("config", {key: _canonical(key, readings[key]) for key in bound_keys(token)})


def bound_keys(token: Token) -> list[str]:
    """The keys that the digest is of, sorted."""
    return sorted({binding.key.text for binding in token.bindings})


def _canonical(key: str, read: Read) -> Value:
    reading = read.reading
    if isinstance(reading, Unreadable):
        raise BadInputError(f"{key} cannot be read: {reading.why}")
    return ["found", reading.value] if isinstance(reading, Found) else ["absent"]
