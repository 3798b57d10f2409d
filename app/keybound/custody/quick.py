"""The release protocol on a proof: the same steps in the same order, with the guard's answer taken from its inputs.

Anything that is not exactly as it was is None, before anything is journaled: the full protocol then decides.
"""

import fcntl
import os
import time
from binascii import a2b_base64

from keybound.custody.held import own_environment
from keybound.custody.paths import base_folders, folder_marks, read_line
from keybound.custody.proof import iso, marks_hold, program_marks, proof_mac, proof_path, text_mark
from keybound.domain.errors import BadInput
from keybound.domain.quick_json import loads
from keybound.domain.secret import Secret
from keybound.stores import chain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from keybound.custody.quick_choice import QuickChoice

    Variables = dict[str, tuple[str, Secret]]
    Released = tuple[dict[str, str], Variables]

_NOT_AS_IT_WAS = (BadInput, OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)


class Proof:
    """What was proved of ``profile``: ``body`` is what ``text`` says, ``macs`` seal it for each token.

    ``watched`` and ``compared``: the files and variables whose change may change it; ``until``: when time may, in epoch
    seconds; ``rules``: whether config.toml has rules that choose a profile; ``say``: how much the hook says.
    """

    __slots__ = ("body", "compared", "macs", "profile", "rules", "say", "text", "until", "watched")

    def __init__(self, profile: str, data: bytes) -> None:
        self.profile = profile
        self.text, macs = data.splitlines()
        self.body: Mapping[str, Any] = loads(self.text.decode("ascii"))
        self.macs: Mapping[str, str] = loads(macs.decode("ascii"))
        self.watched: list[str] = list(self.body["files"])
        self.compared: list[str] = self.body["compared"]
        self.until = int(self.body["times"]["until"])
        self.rules, self.say = self.body["config"]["rules"], self.body["config"]["say"]

    def states(self) -> list[str]:
        """The states of the tokens that a shell may have."""
        return [row[1] for row in self.body["tokens"] if "shell" in row[3]]


def find_proof(environ: "Mapping[str, str]", choice: "QuickChoice") -> Proof | None:
    """The kept proof of the chosen profile. None: there is none, or a rule may choose another."""
    if not choice.profile:
        return None
    try:
        with open(proof_path(base_folders(environ)[2], choice.profile), "rb") as file:
            proof = Proof(choice.profile, file.read())
        return None if choice.active and proof.rules else proof
    except _NOT_AS_IT_WAS:
        return None


def quick_release(
    environ: "Mapping[str, str]", cwd: str, proof: Proof, way: str, by: "Mapping[str, object]"
) -> "Released | None":
    """Plain variables, and names with token ids and secrets; None where the full protocol must decide."""
    config, data, state, user = base_folders(environ)
    try:
        store = environ.get("KEYBOUND_STORE", "") or read_line(state, "store")
        marks = folder_marks(config, data, state, user, store) | program_marks() | {"profile": proof.profile}
        with open(os.path.join(state, "lock"), "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return _proved(environ, cwd, proof, way, by, marks)
    except _NOT_AS_IT_WAS:
        return None


def _proved(
    environ: "Mapping[str, str]",
    cwd: str,
    proof: Proof,
    way: str,
    by: "Mapping[str, object]",
    marks: dict[str, str],
) -> "Released | None":
    body, rows, seal, state = proof.body, proof.body["tokens"], proof.body["seal"], marks["state"]
    if any(os.path.exists(os.path.join(state, name)) for name in ("unfinished.json", "waiting")) or not rows:
        return None
    texts = _texts(environ, marks, [row[4] for row in rows] + seal[:1])
    # After the store has answered, which may take its time: what is compared is what there is now.
    now, times = time.time(), body["times"]
    if not times["after"][:19] <= iso(now)[:19] or now >= proof.until:
        return None
    if seal and text_mark(texts.pop()) != seal[1]:
        return None
    asker = own_environment(environ) if body["variables"] else environ
    if not marks_hold(marks, asker, os.path.realpath(cwd), body):
        return None
    envelopes = [_opened(row, proof, text) for row, text in zip(rows, texts, strict=True)]
    leaving = [(row, one) for row, one in zip(rows, envelopes, strict=True) if way in row[3]]  # others are passed over
    variables = {name: (row[0], _secret(one)) for row, one in leaving for name in row[2]}
    leave = leaving and _journal(state, [row for row, _ in leaving], way, by, now)
    return (body["plain"], variables) if leave else None


def _texts(environ: "Mapping[str, str]", marks: "Mapping[str, str]", places: list[str]) -> list[bytes]:
    if marks["store"] == "keyring":
        from keybound.stores import secret_quick

        return secret_quick.read_places(environ, places)
    if marks["store"] == "file":
        from keybound.stores import age_quick

        return age_quick.read_places(marks["config"], marks["data"], places)
    raise ValueError("no quick read")


def _opened(row: "Sequence[Any]", proof: Proof, envelope: bytes) -> "Mapping[str, Any]":
    """The envelope. Raises ValueError where it is not the very one that was judged, or its key did not seal this proof."""
    if text_mark(envelope) == row[5]:
        fields: Mapping[str, Any] = loads(envelope.decode("ascii"))
        if proof_mac(fields["key"], row[0], proof.text) == proof.macs[row[0]]:
            return fields
    raise ValueError("another envelope")


def _secret(fields: "Mapping[str, Any]") -> Secret:
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
