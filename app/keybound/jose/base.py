"""What a family of signing keys is: the contract of the files beside this one."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes

Jwk: TypeAlias = Mapping[str, str]  # the members of a key (RFC 7517, RFC 7518 section 6), without kid, use and alg


class Family(NamedTuple):
    """Keys of one type with their algorithm. All functions raise ValueError for a key that is none of the family.

    ``algs``: the names by which headers call the algorithm; the first is the usual one. ``public``: the members that may be
    published; None where a key has no public half. ``make``: a new private key. ``sign`` takes key and message, ``verify``
    key, message and signature. ``load``: the public half as the library has it.
    """

    algs: tuple[str, ...]
    public: tuple[str, ...] | None
    make: Callable[[], Jwk]
    sign: Callable[[Jwk, bytes], bytes]
    verify: Callable[[Jwk, bytes, bytes], bool]
    load: "Callable[[Jwk], PublicKeyTypes] | None" = None
