"""The kernel's keyring of this user: its quota is small, and shared with everything else the user runs."""

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


def test_a_forgotten_key_leaves_no_link_that_the_quota_pays_for() -> None:
    key = kernel_keyring._find(NAME)
    assert key is not None
    kernel_keyring.forget(NAME)
    assert kernel_keyring._keyctl(kernel_keyring._UNLINK, key, kernel_keyring._USER) != 0
