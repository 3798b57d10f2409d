"""doctor: examine what Keybound rests on, and mend what is safe to mend."""

import os
from collections.abc import Sequence

from keybound.cli.console.arguments import add_json, parser
from keybound.cli.console.io import put_json
from keybound.cli.console.output import say, warn
from keybound.custody.context.paths import current_dir
from keybound.custody.health.examine import Found, Mended, examine, mend, worst
from keybound.custody.view_models.health import Health

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def doctor_parser() -> "ArgumentParser":
    """What ``doctor`` takes."""
    parse = parser(
        "doctor",
        "keybound doctor",
        "keybound doctor --fix",
        "keybound doctor --json | jq '.[] | select(.status == \"fail\")'",
        more="Each finding says what, where, and what to do. It unlocks nothing, asks nothing, and prints no value. The exit "
        "status is 1 if something failed.",
    )
    parse.add_argument(
        "--fix",
        action="store_true",
        help="Mend what is safe to mend: modes, leftovers, unfinished changes. Secrets, definitions and approvals stay.",
    )
    add_json(parse)
    return parse


def doctor(argv: list[str]) -> int:
    """Examine; with --fix mend, and examine again."""
    options = doctor_parser().parse_args(argv)
    environ, cwd = dict(os.environ), current_dir()
    found = examine(environ, cwd)
    if options.fix and (mended := mend(found)):
        _tell(mended)
        found = examine(environ, cwd)
    if options.json:
        put_json([{"check": one.check, "status": one.status.value, "message": one.message, "fix": one.fix or None}
                  for one in found])  # fmt: skip
    else:
        _print(found)
    return 1 if worst(found) is Health.FAIL else 0


def _tell(mended: Sequence[Mended]) -> None:
    for one in mended:
        warn(one.line)


def _print(found: Sequence[Found]) -> None:
    width = max(len(one.check) for one in found)
    for one in found:
        say(f"{one.status.value:<4}  {one.check:<{width}}  {one.message}")
        if one.fix:
            say(f"{'':<{width + 8}}{one.fix}")
    say(_summary(found))


def _summary(found: Sequence[Found]) -> str:
    failed, warned = (sum(one.status is which for one in found) for which in (Health.FAIL, Health.WARN))
    if not failed and not warned:
        return "all is in order"
    mendable = any(one.mend is not None for one in found)
    said = f"{failed} failed, {warned} to look at"
    return f"{said}; some can be mended by: keybound doctor --fix" if mendable else said
