"""The files that say which profile a shell follows, and what is in one; and the times by which a shell watches files."""

import os

from keybound.custody.context.paths import GENERATION, IN_USE, POLICY, PROFILES, SETTINGS
from keybound.custody.shell_state.project import project_places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def deciding_files(environ: "Mapping[str, str]", config: str, state: str, cwd: str) -> list[str]:
    """Every such file, there or not: the change stamp first."""
    own = [os.path.join(state, GENERATION), os.path.join(state, IN_USE)]
    own += [os.path.join(config, SETTINGS), os.path.join(config, POLICY), *_profiles(config)]
    return own if environ.get("KEYBOUND_PROFILE") else [*own, *project_places(cwd)]


def _profiles(config: str) -> list[str]:
    folder = os.path.join(config, PROFILES)
    try:
        return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".toml")]
    except OSError:
        return []


def mtimes(paths: "Iterable[str]") -> dict[str, int | None]:
    """Each path's time of its last change in nanoseconds; None where there is nothing."""
    return {path: mtime(path) for path in paths}


def mtime(path: str) -> int | None:
    """One path's time, as above."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None
