"""wl-copy is told that it gets a secret, where it can be told; a stand-in, as Debian's is older than the option."""

from collections.abc import Callable
from pathlib import Path

import pytest

from keybound.domain.text.secret import Secret
from keybound.stores.clipboard import find_tool, put


@pytest.fixture
def stand_in(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """A wl-copy with this help; it writes down its arguments and keeps what it is given."""

    def made(says: str) -> dict[str, str]:
        for name in ("wl-copy", "wl-paste"):
            program = tmp_path / name
            program.write_text(
                f'#!/bin/sh\nif [ "$1" = --help ]; then echo "{says}"; exit; fi\n'
                f'echo "$*" >> {tmp_path}/words\ncat > {tmp_path}/held\n'
            )
            program.chmod(0o755)
        return {"PATH": f"{tmp_path}:/usr/bin:/bin", "WAYLAND_DISPLAY": "wayland-0"}

    return made


@pytest.mark.parametrize(("says", "words"), [("-s, --sensitive  Mark it.", "--sensitive"), ("-o, --paste-once", "")])
def test_the_option_is_used_where_it_is_known(
    stand_in: Callable[[str], dict[str, str]], tmp_path: Path, says: str, words: str
) -> None:
    environ = stand_in(says)
    tool = find_tool(environ)
    assert tool is not None
    assert put(tool, Secret("a secret"), environ)
    assert (tmp_path / "words").read_text() == f"{words}\n"
    assert (tmp_path / "held").read_text() == "a secret"
