"""A secret's value, wrapped so that nothing prints it by accident."""

from keybound.domain.text.digests import compare_digest

MASK = "••••••••"


class Secret:
    """Bytes that show as a mask in repr, str, format, pickles and tracebacks.

    The one way to the bytes is :func:`expose_secret`; a test lists its callers.
    """

    __slots__ = ("__value",)

    def __init__(self, value: bytes | str) -> None:
        self.__value = value.encode() if isinstance(value, str) else value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __len__(self) -> int:
        return len(self.__value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and compare_digest(expose_secret(self), expose_secret(other))

    __hash__ = None  # type: ignore[assignment]  # a hash in a dict's order would leak equality

    def __reduce__(self) -> str:
        raise TypeError("a secret is never pickled")


def expose_secret(secret: Secret) -> bytes:
    """Return the bytes. Call it at the last moment before a store, a child process or the clipboard."""
    value: bytes = secret._Secret__value  # type: ignore[attr-defined]
    return value
