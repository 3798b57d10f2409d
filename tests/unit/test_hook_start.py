"""How hooks start the interpreter: each of their steps loads what says so."""

import subprocess
import sys

import pytest

from keybound.shells import starting
from keybound.shells.registry import hooked

HEAVY = ("re", "pathlib", "typing", "enum", "json", "dataclasses")
_SPEAK_JSON = ("elvish", "nu", "pwsh", "xonsh")


@pytest.mark.parametrize("shell", sorted(set(hooked()) - set(_SPEAK_JSON)))
def test_a_hook_loads_nothing_heavy(shell: str) -> None:
    begin = "import sys, keybound.shells.starting; from keybound.shells.registry import get_hook"
    evaluate_and_record = f"{begin}; get_hook({shell!r}); print(*sys.modules)"
    bare = "import site, sys; print(*sys.modules)"
    loaded, before = (
        set(
            subprocess.run(
                [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
            ).stdout.split()
        )
        for code in (evaluate_and_record, bare)
    )
    assert not (loaded - before) & set(HEAVY)


@pytest.mark.parametrize("folder", ["/opt/key bound", "/opt/it's", "/opt/schlüssel", '/opt/"x"$(y)', "/opt/plain"])
def test_a_folder_of_any_name_is_named_so_that_every_shell_hands_it_on(folder: str) -> None:
    literal = starting._literal(folder)
    assert eval(literal) == folder
    assert not set("'$`\\ \n") & set(literal.replace(", ", ","))
