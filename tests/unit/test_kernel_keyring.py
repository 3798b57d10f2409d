"""The kernel's keyring of this user: its quota is small, and shared with everything else the user runs."""

import subprocess
import sys
from typing import Any

import pytest

from keybound.domain.text.secret import Secret
from keybound.stores.age import kernel_keyring

NAME = "keybound:test:forgotten"


@pytest.fixture(autouse=True)
def there() -> None:
    if not kernel_keyring.put(NAME, Secret("canary"), 60):
        pytest.skip("the kernel keeps no key here")


def test_what_is_kept_is_found_until_it_is_forgotten() -> None:
    assert kernel_keyring.get(NAME) == Secret("canary")
    kernel_keyring.forget(NAME)
    assert kernel_keyring.get(NAME) is None


def test_another_process_can_end_it_for_everybody() -> None:
    key = kernel_keyring._find(NAME)
    forget = f"from keybound.stores.age import kernel_keyring; kernel_keyring.forget({NAME!r})"
    subprocess.run([sys.executable, "-I", "-c", forget], check=True)
    assert kernel_keyring.get(NAME) is None
    assert kernel_keyring._keyctl(kernel_keyring._READ, key, None, 0) == -1, "it is dead, and not only out of sight"


def test_a_forgotten_key_is_unlinked_while_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its link would stay charged to the quota if the kernel collected it: so the kernel is asked in this order."""
    real, done = kernel_keyring._keyctl, []

    def noted(*words: Any) -> int:
        answer = real(*words)
        done.append((words[0], answer))
        return answer

    monkeypatch.setattr(kernel_keyring, "_keyctl", noted)
    kernel_keyring.forget(NAME)
    assert done[-2:] == [(kernel_keyring._UNLINK, 0), (kernel_keyring._INVALIDATE, 0)]
