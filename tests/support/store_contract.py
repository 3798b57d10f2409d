"""The contract that every secret store must pass."""

import secrets
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from keybound.domain.errors import StoreLockedError
from keybound.domain.seal.envelope import Envelope, decode_envelope, encode_envelope
from keybound.domain.text.secret import Secret
from keybound.stores.base import Item, SecretStore, Status

MINE, OTHERS = (secrets.token_hex(6) for _ in range(2))  # no two runs share what the kernel keeps for a home
ODD = [
    bytes(range(256)),
    b"\xff\xfe\x00\xc3",
    "\U0001f511 ключ\u2028".encode(),
    b"'\"\\$`!%\r\n\t",
    b" ",
    b"x" * 120_000,
]


class Place(NamedTuple):
    """A store's place: ``of`` gives the open store of a home, ``opened`` is what its owner does when it is locked."""

    of: Callable[[str], SecretStore]
    opened: Callable[[SecretStore], None]


def fresh(part: str = "token") -> Item:
    return Item("p", f"t{secrets.token_hex(4)}", part)


class StoreContract:
    """What the rest of the program relies on."""

    @pytest.fixture
    def store(self, place: Place) -> Iterator[SecretStore]:
        store = place.of(MINE)
        yield store
        if store.status() is Status.LOCKED:
            place.opened(store)

    def test_what_is_written_is_read_and_named(self, store: SecretStore) -> None:
        written = {
            fresh(): Secret("one"),
            fresh("previous"): Secret("two"),
            Item("p", None, "profile"): Secret("three"),
        }
        for item, text in written.items():
            store.write(item, text)
        assert store.status() is Status.OPEN
        assert store.read(list(written)) == written
        assert written.keys() <= store.items()

    @pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
    def test_an_envelope_keeps_every_byte_of_its_secret(self, store: SecretStore, odd: bytes) -> None:
        item = fresh()
        text = encode_envelope(Envelope("/home", f"p/{item.name}", "token", "i", 1, Secret(odd)))
        store.write(item, text)
        read = store.read([item])[item]
        assert isinstance(read, Secret)
        assert read == text
        assert decode_envelope(read, "/home", f"p/{item.name}", "token").secret == Secret(odd)

    def test_many_come_in_one_read(self, store: SecretStore) -> None:
        written = {fresh(): Secret(f"text {number}") for number in range(10)}
        for item, text in written.items():
            store.write(item, text)
        assert store.read([*written, fresh(), *written]) == written

    def test_writing_over_leaves_one(self, store: SecretStore) -> None:
        item = fresh()
        for text in ("old", "new and longer", "n"):
            store.write(item, Secret(text))
        assert store.read([item]) == {item: Secret("n")}
        assert store.delete(item) is True
        assert store.read([item]) == {}

    def test_what_is_absent_is_left_out_and_not_deleted_twice(self, store: SecretStore) -> None:
        here, gone = fresh(), fresh()
        store.write(here, Secret("x"))
        assert store.read([gone, here]) == {here: Secret("x")}
        assert store.delete(gone) is False
        assert gone not in store.items()

    def test_parts_and_neighbours_are_other_items(self, store: SecretStore) -> None:
        item = fresh()
        near = [item._replace(part="previous"), item._replace(name=f"{item.name}.x"), item._replace(profile="p.x")]
        for one in (item, *near):
            store.write(one, Secret(str(one)))
        store.delete(item)
        assert store.read([item, *near]) == {one: Secret(str(one)) for one in near}

    def test_two_homes_never_meet(self, store: SecretStore, place: Place) -> None:
        item, theirs = fresh(), place.of(OTHERS)
        store.write(item, Secret("mine"))
        assert theirs.read([item]) == {}
        assert theirs.delete(item) is False
        theirs.write(item, Secret("theirs"))
        assert (store.read([item]), theirs.read([item])) == ({item: Secret("mine")}, {item: Secret("theirs")})
        assert theirs.delete(item) is True
        assert item in store.items() - theirs.items()
        assert store.read([item]) == {item: Secret("mine")}

    def test_locked_it_says_so_and_nothing_changes(self, store: SecretStore, place: Place) -> None:
        item, absent = fresh(), fresh()
        store.write(item, Secret("x"))
        store.lock()
        assert store.status() is Status.LOCKED
        for call in (
            lambda: store.read([item]),
            lambda: store.read([absent]),
            lambda: store.write(absent, Secret("y")),
            lambda: store.write(item, Secret("y")),
            lambda: store.delete(item),
            lambda: store.unlock(None),
        ):
            with pytest.raises(StoreLockedError) as told:
                call()
            assert "keybound unlock" in told.value.hint
        assert lists(store, item)
        place.opened(store)
        assert store.status() is Status.OPEN
        assert store.read([item, absent]) == {item: Secret("x")}

    def test_unlocking_an_open_one_asks_nobody(self, store: SecretStore) -> None:
        store.unlock(None)
        assert store.status() is Status.OPEN


def lists(store: SecretStore, item: Item) -> bool:
    """Names may be had from a locked store, but never only some."""
    try:
        return item in store.items()
    except StoreLockedError:
        return True
