"""What a release's proof is made of: every input of the guard, marked so that it can be compared at the next release.

A verdict is a function of its inputs. Where each of them, read again now, has the mark that it had when the guard said
that every token may leave, the guard would say the same: so nothing of it needs to be loaded. The marks are sealed with
each envelope's own key, so that nobody without the secret store can make a proof.
"""

import os
import stat
import time

from keybound.domain.digests import hmac_sha256, sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = "proofs"
LIMIT = 8 * 1024 * 1024
_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


def proof_path(state: str, profile: str) -> str:
    """Where the proof of a profile is kept."""
    return os.path.join(state, FOLDER, profile)


def file_mark(path: str) -> str:
    """Content, permission bits and owner of a regular file; "" where there is none. Raises OSError for anything else."""
    try:
        descriptor = os.open(path, _FLAGS)
    except (FileNotFoundError, NotADirectoryError):
        return ""
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > LIMIT:
            raise OSError(22, "not a file that is read", path)
        data = os.read(descriptor, LIMIT + 1)
        if len(data) != found.st_size:
            raise OSError(22, "it changed while it was read", path)
    finally:
        os.close(descriptor)
    return content_mark(data, stat.S_IMODE(found.st_mode), found.st_uid)


def content_mark(data: bytes, mode: int, owner: int) -> str:
    """The mark of a file with this content, these permission bits and this owner."""
    return f"{sha256(data).hexdigest()} {mode:o} {owner}"


def stamp_of(path: str) -> str:
    """What tells that a file of Keybound's own was written: times, size and inode; "" where there is none.

    The mtime can be put back; the ctime moves whenever anything is written, and nobody sets it.
    """
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return ""
    return f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_size} {found.st_ino}"


def value_mark(value: str | None) -> str:
    """A variable's value, marked; "" where it is not set."""
    return "" if value is None else str(sha256(value.encode("utf-8", "surrogateescape")).hexdigest())


def text_mark(text: bytes) -> str:
    """An envelope's text, marked."""
    return str(sha256(text).hexdigest())


def proof_mac(key: str, id_: str, body: bytes) -> str:
    """The seal of a proof for one token, under its envelope's key K (hex)."""
    return hmac_sha256(bytes.fromhex(key), b"keybound:proof:1\0" + id_.encode() + b"\0" + body).hex()


def program_marks() -> dict[str, str]:
    """The code that judges: a new version of it proves anew."""
    from keybound import __version__

    return {"version": __version__, "code": stamp_of(os.path.dirname(os.path.dirname(__file__)))}


def iso(seconds: float) -> str:
    """Epoch seconds as the journal writes them: ISO 8601 in UTC, in milliseconds."""
    whole = int(seconds)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{int((seconds - whole) * 1000):03d}+00:00"


def marks_hold(
    marks: "Mapping[str, str]", environ: "Mapping[str, str]", cwd: str, body: "Mapping[str, Mapping[str, str]]"
) -> bool:
    """Whether every input has the mark that it had. ``marks``: what the caller must have equal. Raises OSError."""
    return (
        body["home"] == marks
        and all(stamp_of(path) == mark for path, mark in body["stamps"].items())
        and all(value_mark(environ.get(name)) == mark for name, mark in body["variables"].items())
        and body["cwd"] in ({}, {"": cwd})
        and all(file_mark(path) == mark for path, mark in body["files"].items())
    )
