"""The prompt hook's step on a proof: what :mod:`keybound.custody.following` answers where only the shell has changed.

A new shell, another folder, a switch of the profile, a file that was saved as it was: most steps are of this kind.
"""

import os
import time

from keybound.custody.asker import who
from keybound.custody.deciding_files import deciding_files, mtimes
from keybound.custody.difference import difference, held_by, signs, values_of
from keybound.custody.markers import MOST, Seen, fresh_notice, stamped, sweep
from keybound.custody.paths import base_folders
from keybound.custody.quick import find_proof, quick_release
from keybound.custody.quick_choice import quick_choice
from keybound.shells.step import Step
from keybound.sources.links import Ways

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def quick_follow(environ: "Mapping[str, str]", cwd: str, shell: str, folder: str) -> "tuple[Step, str] | None":
    """The step, and how much of it is said; None where the full step must decide."""
    began_ns = time.time_ns()
    config, _, state, _ = base_folders(environ)
    before = mtimes(deciding_files(environ, config, state, cwd))
    choice = quick_choice(environ, cwd)
    proof = find_proof(environ, choice)
    if proof is None:
        return None
    seen = Seen({**mtimes(proof.watched), **before}, Ways(), began_ns)
    for path in seen.mtimes:
        seen.ways.end(path)
    released = quick_release(environ, cwd, proof, "shell", who(f"hook {shell}"))
    if released is None:
        return None
    sweep(os.path.dirname(folder))
    fresh_notice(folder, "")
    change = difference(environ, held_by(environ), values_of(*released))
    answer = change.but(
        variables=proof.compared,
        seconds=max(1, min(MOST, int(proof.until - time.time()))),
        profile=choice.profile,
        state=_worst(proof.states()),
    )
    how = f"{choice.profile} ({choice.how})"
    return Step(*stamped(folder, answer, "", seen), how, signs(answer, {})), proof.say


def _worst(states: "Sequence[str]") -> str:
    return "warning" if "warning" in states else "active" if states else ""
