"""The first command on a machine without a keyring: what it will do is said, Enter means yes, a slip costs nothing."""

from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from keybound.domain.text.secret import Secret
from keybound.stores.age.age_sealing import unwrap_identity
from support.staging import COMMAND


@pytest.fixture
def init(environ: dict[str, str], tmp_path: Path) -> Iterator["pexpect.spawn[str]"]:
    kept = {
        name: value for name, value in environ.items() if name == "KEYBOUND_AGENT" or not name.startswith("KEYBOUND_")
    }
    child = pexpect.spawn(COMMAND, ["init"], env=kept, cwd=str(tmp_path), encoding="utf-8", timeout=20)
    child.expect_exact("Continue? [Y/n] ")
    yield child
    child.close(force=True)


def ended(child: "pexpect.spawn[str]") -> int:
    child.expect(pexpect.EOF)
    child.close()
    return int(child.exitstatus or 0)


def test_it_says_what_and_where_and_enter_means_yes(init: "pexpect.spawn[str]", home: Path) -> None:
    asked = " ".join(str(init.before).split())
    assert "No keyring is available, so secrets will be kept in files encrypted" in asked
    assert str(home / ".local/share/keybound/store") in asked
    init.sendline("")
    for question, typed in [
        ("New passphrase for the file store: ", ""),
        ("New passphrase for the file store: ", "correct horse"),
        ("Repeat the passphrase: ", "correct house"),
        ("New passphrase for the file store: ", "correct horse"),
        ("Repeat the passphrase: ", "correct horse"),
    ]:
        init.expect_exact(question)
        init.sendline(typed)
    init.expect_exact("Secrets are kept in")
    assert ended(init) == 0
    made = (home / ".local/share/keybound/store/identity.age").read_bytes()
    unwrap_identity(made, Secret("correct horse"))  # raises where that does not open it


@pytest.mark.parametrize("answer", ["n", "what", "\x04"])
def test_anything_else_changes_nothing(init: "pexpect.spawn[str]", home: Path, answer: str) -> None:
    init.send(answer) if answer == "\x04" else init.sendline(answer)
    init.expect_exact("cancelled: nothing was changed")
    assert ended(init) == 1
    assert not (home / ".local/share/keybound").exists()
    assert not (home / ".local/state/keybound/store").exists()


def test_a_passphrase_that_is_not_given_changes_nothing(init: "pexpect.spawn[str]", home: Path) -> None:
    init.sendline("")
    init.expect_exact("New passphrase for the file store: ")
    init.send("\x04")
    init.expect_exact("nothing was entered")
    assert ended(init) == 1
    assert not (home / ".local/state/keybound/store").exists()
