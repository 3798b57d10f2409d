"""The kernel's keyring of this user: its quota is small, and shared with everything else the user runs."""

import ctypes
import sys

import pytest

from keybound.domain.secret import Secret
from keybound.stores import kernel_keyring

NAME = "keybound:test:forgotten"


@pytest.fixture(autouse=True)
def there() -> None:
    if not kernel_keyring.put(NAME, Secret("canary"), 60):
        pytest.skip("the kernel keeps no key here")


def test_what_is_kept_is_found_until_it_is_forgotten() -> None:
    assert kernel_keyring.get(NAME) == Secret("canary")
    kernel_keyring.forget(NAME)
    assert kernel_keyring.get(NAME) is None


def links() -> set[int]:
    """The keys that the user's keyring links, dead ones too until the kernel has collected them."""
    room = ctypes.create_string_buffer(1 << 16)
    size = kernel_keyring._keyctl(kernel_keyring._READ, kernel_keyring._USER, room, len(room))
    return {int.from_bytes(room.raw[at : at + 4], sys.byteorder) for at in range(0, size, 4)}


def test_a_forgotten_key_leaves_no_link_that_the_quota_pays_for() -> None:
    for number in range(20):  # the kernel may have collected some of them already
        kernel_keyring.put(f"{NAME}:{number}", Secret("canary"), 60)
        key = kernel_keyring._find(f"{NAME}:{number}")
        assert key in links()
        kernel_keyring.forget(f"{NAME}:{number}")
        assert key not in links()
