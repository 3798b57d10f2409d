"""A cache in the kernel's user keyring, which ends by itself. Whatever fails is "no cache"."""

import os

from keybound.domain.text.secret import Secret, expose_secret

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ctypes
    from typing import Any

CACHE_SECONDS = 8 * 3600
_CALLS = {"x86_64": (248, 250), "aarch64": (217, 219)}  # add_key, keyctl
_PROCESS, _SESSION, _USER = -2, -3, -4
_LINK, _UNLINK, _SEARCH, _READ, _TIMEOUT, _INVALIDATE = 8, 9, 10, 11, 15, 21
_MOST = 4096


def put(name: str, data: Secret, timeout_s: int = CACHE_SECONDS) -> bool:
    """Keep ``data`` under ``name`` for ``timeout_s`` seconds; False where the kernel keeps nothing."""
    if not _linked():
        return False
    # First in the process keyring, so that a key without its time-out is never seen by others.
    key = _add_key(b"user", name.encode(), expose_secret(data), len(data), _PROCESS)
    return key > 0 and _keyctl(_TIMEOUT, key, timeout_s) == 0 and _keyctl(_LINK, key, _USER) == 0


def get(name: str) -> Secret | None:
    """What is kept under ``name``; None where there is nothing, or no cache."""
    key = _find(name)
    if key is None:
        return None
    import ctypes

    buffer = ctypes.create_string_buffer(_MOST)
    size = _keyctl(_READ, key, buffer, _MOST)
    return Secret(buffer.raw[:size]) if 0 < size <= _MOST else None


def forget(name: str) -> None:
    """Drop what is kept under ``name``, for every process."""
    key = _find(name)
    if key is not None:
        # A link that the kernel itself collects stays charged to the user's small quota, so the key is unlinked first; and
        # only who possesses a key may end it, so it is linked here before.
        _keyctl(_LINK, key, _PROCESS)
        _keyctl(_UNLINK, key, _USER)
        _keyctl(_INVALIDATE, key)


def _find(name: str) -> int | None:
    if not _linked():
        return None
    key = _keyctl(_SEARCH, _USER, b"user", name.encode(), 0)
    return key if key > 0 else None


def _linked() -> bool:
    """Link the user keyring into the session's: without that a fresh session may not read the key."""
    return _keyctl(_LINK, _USER, _SESSION) == 0


def _add_key(*arguments: "Any") -> int:
    return _system_call(0, arguments)


def _keyctl(*arguments: "Any") -> int:
    return _system_call(1, arguments)


def _system_call(which: int, arguments: "tuple[Any, ...]") -> int:
    numbers = _CALLS.get(os.uname().machine)
    if numbers is None or os.uname().sysname != "Linux":
        return -1
    try:
        import ctypes

        library = ctypes.CDLL(None)
        library.syscall.restype = ctypes.c_long
        return int(library.syscall(ctypes.c_long(numbers[which]), *map(_word, arguments)))
    except (ImportError, OSError, AttributeError):
        return -1


def _word(argument: "Any") -> "ctypes.c_long | Any":
    import ctypes

    return ctypes.c_long(argument) if isinstance(argument, int) else argument
