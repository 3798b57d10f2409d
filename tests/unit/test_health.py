"""The run of the doctor's checks: each ends in time, none hides another, no value is shown; one more is one row."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from keybound.custody.context.context import Context
from keybound.custody.health import registry
from keybound.custody.health.examine import Found, examine, mend, worst
from keybound.custody.health.file_system import MOUNTS, kind_at
from keybound.custody.health.finding import Finding, fail, ok, warn
from keybound.custody.health.registry import CHECKS, Check
from keybound.custody.view_models.health import Health
from keybound.domain.errors import BadInputError, UnavailableError
from keybound.domain.registry import load

TOKEN = "ghp_" + "a1B2" * 9
MOUNTED = r"""21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 21 0:40 / /home rw shared:7 master:1 - nfs4 server:/home rw
31 30 0:41 / /home/ann/my\040files rw - fuse.sshfs host: rw
32 21 0:42 / /homely rw - xfs /dev/sdb rw
33 30 0:43 / /home/bob rw - ext4 /dev/sdc rw
34 33 0:44 / /home/bob rw - 9p share rw
half a line
"""


def here(name: str, limit: float = 5) -> Check:
    return Check(name, f"{__name__}:{name}", limit)


def hangs(context: Context) -> list[Finding]:
    time.sleep(30)
    return []


def refuses(context: Context) -> list[Finding]:
    raise BadInputError("it is not text", where="/a/file:3", hint="Correct it.")


def cannot_read(context: Context) -> list[Finding]:
    Path("/no/such/file").read_text()
    return []


def is_at_fault(context: Context) -> list[Finding]:
    raise ValueError(TOKEN)


def quotes(context: Context) -> list[Finding]:
    return [warn(f"it is {TOKEN} \x1b[2J in /home/ghp_user/file", f"Remove {TOKEN}")]


def mends(context: Context) -> list[Finding]:
    path = Path(context.home.user, "mended")
    return [ok("done")] if path.exists() else [fail("it is not done", "Do it.", lambda: str(path.write_text("x")))]


def fails_to_mend(context: Context) -> list[Finding]:
    def call() -> str:
        raise UnavailableError("it is held", where="/a/lock")

    return [warn("broken", mend=call), warn("also", mend=lambda: Path("/no/such/file").read_text())]


def rows(found: Sequence[Found]) -> list[tuple[str, str, str, str]]:
    return [(one.check, one.status.value, one.message, one.fix) for one in found]


def test_one_that_hangs_is_given_up_and_the_others_go_on(environ: dict[str, str], tmp_path: Path) -> None:
    begun = time.monotonic()
    found = examine(environ, str(tmp_path), [here("hangs", 0.3), here("hangs", 0.4), here("refuses")])
    assert time.monotonic() - begun < 5
    assert [one.message for one in found] == [
        "gave no answer within 0.3 s", "gave no answer within 0.4 s", "/a/file:3: it is not text",
    ]  # fmt: skip
    assert {one.status for one in found} == {Health.FAIL}
    assert all(one.fix for one in found)


def test_the_command_ends_though_a_check_hangs(environ: dict[str, str]) -> None:
    code = (
        "import sys; from keybound.custody.health import examine as e; from keybound.custody.health.registry import Check; "
        "e.examine.__defaults__ = ((Check('deaf', 'unit.test_health:hangs', 0.2),),); "
        "from keybound.cli.main import main; sys.exit(main(['doctor']))"
    )
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code], env={**environ, "PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True, text=True, check=False, timeout=25,
    )  # fmt: skip
    assert time.monotonic() - begun < 20
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("fail  deaf  gave no answer within 0.2 s\n")


def test_what_a_check_raises_is_what_it_found(environ: dict[str, str], tmp_path: Path) -> None:
    found = examine(environ, str(tmp_path), [here("refuses"), here("cannot_read"), here("is_at_fault")])
    assert rows(found) == [
        ("refuses", "fail", "/a/file:3: it is not text", "Correct it."),
        ("cannot_read", "fail", "/no/such/file: no such file or directory", "Look at /no/such/file"),
        (
            "is_at_fault",
            "fail",
            "the check itself failed (ValueError)",
            "This is a fault of Keybound: please report it, with this line.",
        ),
    ]


def test_no_value_and_no_control_character_is_shown(environ: dict[str, str], tmp_path: Path) -> None:
    (found,) = examine(environ, str(tmp_path), [here("quotes")])
    assert found.message == "it is •••••• \\x1b[2J in /home/ghp_user/file"
    assert found.fix == "Remove ••••••"


def test_what_is_safe_is_mended(environ: dict[str, str], tmp_path: Path) -> None:
    found = examine(environ, str(tmp_path), [here("mends"), here("fails_to_mend")])
    done = mend(found)
    assert [(one.check, one.done) for one in done] == [
        ("mends", True),
        ("fails_to_mend", False),
        ("fails_to_mend", False),
    ]
    assert [one.words for one in done[1:]] == ["/a/lock: it is held", "/no/such/file: No such file or directory"]
    assert mend(examine(environ, str(tmp_path), [here("mends")])) == []


def test_the_worst_counts(environ: dict[str, str], tmp_path: Path) -> None:
    look = [examine(environ, str(tmp_path), [here(one)]) for one in ("mends", "quotes")]
    assert [worst(one) for one in (look[0], look[1], [*look[0], *look[1]], [])] == [
        Health.FAIL, Health.WARN, Health.FAIL, Health.OK,
    ]  # fmt: skip


def test_one_more_check_from_outside(environ: dict[str, str], tmp_path: Path) -> None:
    more = (*CHECKS, here("quotes"))
    assert examine(environ, str(tmp_path), more)[-1].check == "quotes"
    assert "quotes" not in [one.check for one in examine(environ, str(tmp_path))]


def test_every_check_is_there_and_ends_in_time() -> None:
    assert all(callable(load(one.place, registry.__package__)) for one in CHECKS)
    assert all(one.limit <= 8 for one in CHECKS)
    assert len({one.name for one in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/etc", "ext4"),
        ("/home/ann/.config", "nfs4"),
        ("/home/ann/my files/x", "fuse.sshfs"),
        ("/homely", "xfs"),
        ("/home/bob/x", "9p"),
    ],
)
def test_where_a_folder_lies(path: str, kind: str) -> None:
    assert kind_at(path, MOUNTED) == kind


def test_where_a_folder_really_lies() -> None:
    with open(MOUNTS, encoding="utf-8") as file:
        assert kind_at("/proc/self", file.read()) == "proc"
    assert kind_at("/", "") == "unknown"
