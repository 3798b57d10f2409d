"""restore: put a backup back, after showing what that does."""

import os

from keybound.cli.console.arguments import add_json, add_yes, parser
from keybound.cli.console.backup_keys import backup_passphrase, identity_in
from keybound.cli.console.io import (
    answer,
    confirm,
    ensure_store,
    has_terminal,
    own_context,
    passphrase_prompt,
    put_json,
)
from keybound.cli.console.output import say, warn
from keybound.custody.backup.open_backup import SealedBackup
from keybound.custody.backup.restore import restore as put_back
from keybound.custody.backup.restore_plan import Plan, plan_restore
from keybound.custody.backup.steps import Act, Choice, Step
from keybound.custody.context.has_store import has_store
from keybound.custody.context.paths import from_here
from keybound.custody.envelopes.changes import complete_unfinished, refuse_other_home
from keybound.domain.errors import BadInputError
from keybound.domain.text.counts import plural
from keybound.stores.base import Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from keybound.custody.backup.contents import Contents
    from keybound.custody.context.context import Context

_SOME = 100  # items after which it is said how far it is
_WORDS = {
    Act.RESTORE: "comes back",
    Act.REPLACE: "replaces what is here",
    Act.EXPIRE: "expires",
    Act.SAME: "is here already",
    Act.LEAVE: "left",
}


def restore_parser() -> "ArgumentParser":
    """What ``restore`` takes."""
    parse = parser(
        "restore",
        "keybound restore ~/keybound.age --dry-run",
        "keybound restore ~/keybound.age",
        "keybound restore ~/keybound.age --only staging/github --identity ~/.ssh/id_ed25519",
        more="What has expired stays expired. A token comes back approved only with the definition that was approved, and "
        "only from a backup under a passphrase: anybody can encrypt to a recipient.",
    )
    parse.add_argument("file", metavar="FILE", help="The backup.")
    parse.add_argument("--identity", metavar="FILE", help="Open it with this age identity or SSH private key.")
    parse.add_argument("--password-file", metavar="FILE", help="Read the backup's passphrase from this file.")
    parse.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="Restore only this token or profile (repeatable)."
    )
    parse.add_argument(
        "--replace",
        action="append",
        default=[],
        metavar="NAME",
        help="Let this token or profile replace the one that is here (repeatable).",
    )
    parse.add_argument(
        "--keep-approvals",
        action="store_true",
        help="Believe the approvals in a backup that was encrypted to a recipient.",
    )
    parse.add_argument("--dry-run", action="store_true", help="Show what would be done; change nothing.")
    add_json(parse)
    add_yes(parse)
    return parse


def restore(argv: list[str]) -> int:
    """Open, show, ask, put back."""
    options, context = restore_parser().parse_args(argv), own_context()
    refuse_other_home(context)
    sealed = SealedBackup(from_here(os.path.expanduser(options.file)))
    contents = _opened(context, sealed, options)
    trusted = sealed.is_under_passphrase or options.keep_approvals
    choice = Choice(frozenset(options.only), frozenset(options.replace), trusted)
    if not options.dry_run:
        ensure_store(context)
    if has_store(context) and context.store.status() is not Status.OPEN:
        context.store.unlock(passphrase_prompt())
    if not options.dry_run:
        complete_unfinished(context)
    plan = plan_restore(context, contents, choice)
    if not options.json:
        _show(contents, plan)
    if not options.dry_run:
        plan, choice = _chosen(context, contents, choice, plan, asks=not options.yes and has_terminal())
        if _count(plan):
            confirm(f"Restore {plural(_count(plan), 'item')}?", yes=options.yes)
            put_back(context, contents, choice, plan, _told)
    if options.json:
        put_json(_json(contents, plan, dry_run=options.dry_run))
    elif not options.dry_run:
        say(f"{plural(_count(plan), 'item')} restored" if _count(plan) else "nothing to restore")
    return 0


def _told(done: int, of: int) -> None:
    if of > _SOME and done % _SOME == 0:
        warn(f"{done:,} of {of:,}")


def _opened(context: "Context", sealed: SealedBackup, options: "Namespace") -> "Contents":
    if sealed.is_under_passphrase:
        return sealed.open_with_passphrase(backup_passphrase(context.environ, options.password_file, new=False))
    if not options.identity:
        raise BadInputError(
            "it was encrypted to a recipient", where=sealed.path, hint="Name the key that opens it: --identity FILE"
        )
    return sealed.open_with_identity(identity_in(options.identity))


def _chosen(context: "Context", contents: "Contents", choice: Choice, plan: Plan, *, asks: bool) -> tuple[Plan, Choice]:
    """Ask about each conflict that an answer can solve."""
    conflicts = [step for step in plan.steps if step.can_replace] if asks else []
    wanted = [step.id for step in conflicts if answer(f"{_line(step)}. Replace it? [y/N] ") in ("y", "yes")]
    if not wanted:
        return plan, choice
    choice = choice._replace(replace=choice.replace | frozenset(wanted))
    return plan_restore(context, contents, choice), choice


def _show(contents: "Contents", plan: Plan) -> None:
    say(f"Backup of {contents.head.config}, made {contents.head.made_at} by Keybound {contents.head.version}:")
    for step in plan.steps:
        if step.act is not Act.SAME:
            say(f"  {_line(step)}{_hint(step)}")
    same = sum(step.act is Act.SAME for step in plan.steps)
    if same:
        say(f"  {plural(same, 'item')} here already")
    for name in contents.unknown:
        warn(f"{name} is left: this version does not know it")


def _line(step: Step) -> str:
    joint = ": " if step.act in (Act.LEAVE, Act.EXPIRE) else " "
    words = joint.join(filter(None, [_WORDS[step.act], step.note]))
    return f"{' '.join(filter(None, [step.what, step.id]))}: {words}"


def _hint(step: Step) -> str:
    return f" (to replace it: --replace {step.id})" if step.can_replace else ""


def _count(plan: Plan) -> int:
    return sum(step.act not in (Act.SAME, Act.LEAVE) for step in plan.steps)


def _json(contents: "Contents", plan: Plan, *, dry_run: bool) -> dict[str, object]:
    return {
        "made_at": contents.head.made_at,
        "version": contents.head.version,
        "home": contents.head.config,
        "dry_run": dry_run,
        "steps": [
            {"what": step.what, "id": step.id or None, "act": step.act.value, "note": step.note or None}
            for step in plan.steps
        ],
        "unknown": list(contents.unknown),
    }
