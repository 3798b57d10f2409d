"""Every file of ours with any byte changed, cut anywhere, or replaced: nothing is released that was not before.

A run takes some bytes and lengths of each file, by a seed; ``KEYBOUND_FAULTS=all`` takes all of them, which takes hours.
``KEYBOUND_FAULTS_SHARD=2/3`` takes the second of three parts.
"""

import json
import os
import random
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.furnished import LOOKS, Furnished, clear, furnished_home
from support.tried import Tried
from support.verb_server import Done

SEED = 20261128
ALL = os.environ.get("KEYBOUND_FAULTS") == "all"
PART, PARTS = (int(one) for one in os.environ.get("KEYBOUND_FAULTS_SHARD", "1/1").split("/"))
FEW = 1  # bytes and lengths of a file in a usual run
SOME = 40  # replacements in a usual run
PLACES = 5  # files in whose place something else is put in a usual run, for each such thing
SPARSE = 16384  # of a larger file even a full run takes one byte in 16
ENVIRONMENTS = LOOKS[1:3]
VERIFY, LIST = LOOKS[0], LOOKS[3]
Answers = dict[tuple[str, ...], Done]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    with furnished_home(tmp_path_factory.mktemp("ours"), "canary-ours") as home:
        yield home


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Furnished]:
    """Another home, made in the same way."""
    with furnished_home(tmp_path_factory.mktemp("theirs"), "canary-theirs") as home:
        yield home


def released(answers: Answers) -> dict[str, str]:
    found: dict[str, str] = {}
    for call in ENVIRONMENTS:
        given = answers[call].out
        found |= json.loads(given) if given else {}
    return found


def signed(text: str) -> bool:
    return text.startswith("eyJ") and text.count(".") == 2


def judged(before: Answers, after: Answers) -> None:
    """Each verb ended in a known way, and what was released had been released before, or it is said what was not."""
    for call, done in after.items():
        assert done.status in (0, 1, 2, 3, 4), (call, done)
        assert "Traceback" not in done.out + done.err, (call, done.err)
        assert "canary" not in done.err, (call, done)
        assert "canary" not in done.out or call in ENVIRONMENTS, (call, done)
        assert done.err or done.status == 0 or call == VERIFY, (call, "says nothing")
        if call in ENVIRONMENTS and done.status == 0:
            lacking = set(json.loads(before[call].out)) - set(json.loads(done.out))
            assert not lacking or call[1] in after[LIST].err, (call, done, lacking, "and nobody says so")
    allowed = released(before)
    for name, value in released(after).items():
        assert name in allowed, (name, "was not released before")
        assert value == allowed[name] or (signed(value) and signed(allowed[name])), (name, value)


class Tampering:
    """Changes of one file at a time; ``faults``: what was found."""

    def __init__(self, home: Furnished) -> None:
        self.home = home
        self.count = 0
        self.faults: list[str] = []

    def __call__(self, name: str, what: str, change: Callable[[Path], object], *, seen: bool = False) -> None:
        """Look after a change; put the file back, look again. ``seen``: verification has to see it."""
        self.count += 1
        try:
            self._looked_at(name, f"{name}: {what}", change, seen)
        except AssertionError as fault:
            self.faults.append(f"{name}: {what}: {str(fault)[:1500]}")
        finally:
            self.home.reset()

    def _looked_at(self, name: str, what: str, change: Callable[[Path], object], seen: bool) -> None:
        home, path = self.home, self.home.root / name
        change(path)
        after = home.look()
        judged(home.baseline, after)
        assert after[VERIFY].status == 1 or not seen, "not seen by log --verify"
        clear(path)
        path.write_bytes(home.before[name])
        path.chmod(0o600)
        again = home.look()
        judged(home.baseline, again)
        assert set(released(again)) == set(released(home.baseline)), ("put back", again)

    def done(self) -> int:
        """How many were tried; nothing was found."""
        assert not self.faults, f"{len(self.faults)} of {self.count}:\n" + "\n".join(self.faults)
        return self.count


@pytest.fixture
def tampered(furnished: Furnished) -> Tampering:
    return Tampering(furnished)


def ours(home: Furnished) -> dict[str, bytes]:
    """What is tampered with: all but copies that the program never reads again."""
    return {name: text for name, text in home.before.items() if not name.endswith((".schema.json", "-wal", "-shm"))}


def places(name: str, size: int, seed: int) -> list[int]:
    """The offsets that are tried in a file."""
    if not ALL:
        return sorted(random.Random(f"{seed} {name}").sample(range(size), min(FEW, size)))
    step = 16 if size > SPARSE // 2 else 1
    return list(range(0, size, step))[PART - 1 :: PARTS]


def test_any_byte_changed(tampered: Tampering, tried: Tried) -> None:
    for name, text in ours(tampered.home).items():
        for place in places(name, len(text), SEED):
            other = text[place] ^ random.Random(f"{SEED} {name} {place}").randrange(1, 256)
            changed = text[:place] + bytes([other]) + text[place + 1 :]
            seen = place < tampered.home.anchored_bytes(name)
            tampered(name, f"byte {place} is {other}", putting(changed), seen=seen)
    tried("a byte of any file of ours is changed", tampered.done())


def putting(text: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(text)


def test_cut_anywhere(tampered: Tampering, tried: Tried) -> None:
    for name, text in ours(tampered.home).items():
        line = [text.index(b"\n") + 1] if name.endswith(".jsonl") else []  # whole events: the anchors alone tell
        for size in [*line, *places(name, len(text), SEED + 1)]:
            tampered(name, f"cut to {size}", putting(text[:size]), seen=size < tampered.home.anchored_bytes(name))
    tried("any file of ours is cut", tampered.done())


def test_replaced_by_another(tampered: Tampering, another: Furnished, tried: Tried) -> None:
    """By an older one, by that of another home, and by every other of its kind."""
    home, found = tampered.home, []
    for name, text in ours(home).items():
        texts = {"older": home.older.get(name), "another home's": another.before.get(name)}
        texts |= {one: home.before[one] for one in home.before if Path(one).suffix == Path(name).suffix}
        found += [(name, source, one) for source, one in texts.items() if one is not None and one != text]
    older = [one for one in found if one[0].endswith(".age") and one[1] == "older"]
    for name, source, other in found if ALL else [*older, *random.Random(SEED).sample(found, SOME)]:
        tampered(name, f"replaced by {source}", putting(other))
    tried("any file of ours is replaced by an older one, another's or another home's", tampered.done())


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def link_to_nothing(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent / "nowhere" / "file")


def link_to_itself(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def link_to_a_device(path: Path) -> None:
    """One of our own: what follows the link as root would replace the system's."""
    path.unlink()
    device = path.parent / "device"
    try:
        os.mknod(device, stat.S_IFCHR | 0o600, os.makedev(1, 5))  # as /dev/zero
    except PermissionError:
        os.mkfifo(device)
    path.symlink_to(device)


def no_text(path: Path) -> None:
    path.write_bytes(b"")


def unreadable(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00" * 40_000)


def gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    "change", [folder, fifo, link_to_nothing, link_to_itself, link_to_a_device, no_text, unreadable, gone]
)
def test_something_else_is_in_its_place(tampered: Tampering, change: Callable[[Path], object], tried: Tried) -> None:
    names = list(ours(tampered.home))
    for name in names if ALL else random.Random(f"{SEED} {change.__name__}").sample(names, PLACES):
        tampered(name, change.__name__, change)
    tried("a folder, a fifo, a link, noise or nothing is in the place of any file of ours", tampered.done())


def test_names_in_the_state_that_are_no_text(tampered: Tampering, tried: Tried) -> None:
    """SQLite's own message then has bytes that are no text: found by changing every byte."""
    name = ".local/state/keybound/state.db"
    text = tampered.home.before[name]
    for word in (b"CREATE TABLE scopes", b"CREATE TABLE meta", b"sqlite_autoindex"):
        place = text.index(word)
        for at in (place, place + len(word) - 1):
            tampered(name, f"byte {at} is no text", putting(text[:at] + b"\xb1" + text[at + 1 :]))
    tried("a byte of any file of ours is changed", tampered.done())
