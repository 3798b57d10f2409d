"""The release protocol on a proof: the same steps in the same order, with the guard's answer taken from its inputs.

Anything that is not exactly as it was is None, before anything is journaled: the full protocol then decides.
"""

import fcntl
import os
import time
from binascii import a2b_base64

from keybound.custody.held import HELD
from keybound.custody.paths import base_folders, folder_marks, read_line
from keybound.custody.proof import iso, marks_hold, program_marks, proof_mac, proof_path, text_mark
from keybound.domain.quick_json import loads
from keybound.domain.secret import Secret
from keybound.stores import chain
from keybound.stores.secret_quick import read_places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    Variables = dict[str, tuple[str, Secret]]


def quick_release(
    environ: "Mapping[str, str]", cwd: str, profile: str, way: str, by: "Mapping[str, object]"
) -> "tuple[dict[str, str], Variables] | None":
    """Plain variables, and names with token ids and secrets; None where the full protocol must decide."""
    config, data, state, user = base_folders(environ)
    store = environ.get("KEYBOUND_STORE", "") or read_line(state, "store")
    if store != "keyring":
        return None
    marks = folder_marks(config, data, state, user, store) | program_marks()
    try:
        with open(os.path.join(state, "lock"), "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return _proved(environ, cwd, state, profile, way, by, marks)
    except (OSError, ValueError, KeyError, TypeError, IndexError, UnicodeError):
        return None


def _proved(
    environ: "Mapping[str, str]",
    cwd: str,
    state: str,
    profile: str,
    way: str,
    by: "Mapping[str, object]",
    marks: dict[str, str],
) -> "tuple[dict[str, str], Variables] | None":
    with open(proof_path(state, profile), "rb") as file:
        text, macs_text = file.read().splitlines()
    body, macs = loads(text.decode("ascii")), loads(macs_text.decode("ascii"))
    now = time.time()
    if os.path.exists(os.path.join(state, "unfinished.json")) or (body["variables"] and HELD in environ):
        return None
    times, rows = body["times"], body["tokens"]
    if not times["after"][:19] <= iso(now)[:19] or now >= int(times["until"]) or not rows:
        return None
    texts = read_places(environ, [row[4] for row in rows])
    # After the store has answered, which may take its time: what is compared is what there is now.
    if not marks_hold(marks, environ, os.path.realpath(cwd), body) or any(way not in row[3] for row in rows):
        return None
    envelopes = [_opened(row, one, macs[row[0]], text) for row, one in zip(rows, texts, strict=True)]
    variables = {name: (row[0], _secret(one)) for row, one in zip(rows, envelopes, strict=True) for name in row[2]}
    return (body["plain"], variables) if _journal(state, rows, way, by, now) else None


def _opened(row: "Sequence[Any]", envelope: bytes, mac: str, text: bytes) -> "Mapping[str, Any] | None":
    """The envelope, where it is the very one that was judged and its key sealed this proof."""
    if text_mark(envelope) != row[5]:
        return None
    fields: Mapping[str, Any] = loads(envelope.decode("ascii"))
    return fields if proof_mac(fields["key"], row[0], text) == mac else None


def _secret(fields: "Mapping[str, Any] | None") -> Secret:
    if fields is None:
        raise ValueError("no envelope")
    return Secret(fields["secret"] if "secret" in fields else a2b_base64(fields["secret_b64"]))


def _journal(state: str, rows: "Sequence[Any]", way: str, by: "Mapping[str, object]", now: float) -> bool:
    """Append the releases, durably. False where the chain is not in order or a recorded time lies ahead."""
    folder, at = os.path.join(state, "journal"), iso(now)
    with open(os.path.join(folder, chain.LOCK), "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        names = chain.month_files(folder)
        path = chain.file_at(folder, at, names)
        seq, head = chain.last_place(os.path.join(folder, names[-1]))
        kept, floor = chain.read_floor_line(folder)
        if kept != head or floor[:19] > at[:19]:
            return False
        lines = []
        for row in rows:
            seq += 1
            line, head = chain.event_line(seq, at, "released", row[0], by, {"way": way, "state": row[1]}, head)
            lines.append(line)
        chain.write_lines(path, "".join(lines).encode())
        chain.write_floor_line(folder, head, max(at, floor))
    return True
