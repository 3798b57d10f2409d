"""Whether the home lies where other machines may change it: no notices come of that, and locks may not hold."""

import os
import re
import sys

from keybound.custody.context.context import Context
from keybound.custody.health.finding import Finding, ok, warn

MOUNTS = "/proc/self/mountinfo"
_ELSEWHERE = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "virtiofs", "vboxsf", "prl_fs")
)
_FUSE = "fuse."  # fuse.sshfs, fuse.rclone …


def file_system(context: Context) -> list[Finding]:
    """Of each of the three folders."""
    if sys.platform != "linux":
        return [ok("not looked at on this system")]
    with open(MOUNTS, encoding="utf-8", errors="surrogateescape") as file:
        mounts = file.read()
    home = context.home
    kinds = {folder: kind_at(os.path.realpath(folder), mounts) for folder in (home.config, home.data, home.state)}
    faults = [
        warn(
            f"{folder} lies on {kind}: what another machine changes there is seen within seconds, not at once",
            "Keep the state on a local disk: XDG_STATE_HOME" if folder == home.state else "",
        )
        for folder, kind in kinds.items()
        if kind in _ELSEWHERE or kind.startswith(_FUSE)
    ]
    return faults or [ok(f"local ({', '.join(dict.fromkeys(kinds.values()))})")]


def kind_at(path: str, mounts: str) -> str:
    """The file system's type at an absolute path, by the text of proc(5)'s ``mountinfo``; "unknown" where it says none."""
    best, kind = "", "unknown"
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) < 5 or not right:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), fields[4])
        below = point.rstrip("/") + "/"
        if len(point) >= len(best) and (path == point or path.startswith(below)):  # the later of two covers the other
            best, kind = point, right.split(" ")[0]
    return kind
