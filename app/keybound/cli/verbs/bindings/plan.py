"""plan: what a change would do."""

import os
from collections.abc import Sequence

from keybound.cli.console.arguments import add_json, parser
from keybound.cli.console.io import own_context, put_json
from keybound.cli.console.output import say
from keybound.cli.console.rows import finding_json
from keybound.custody.context.context import Context
from keybound.custody.context.paths import from_here
from keybound.custody.envelopes.text_change import text_of
from keybound.custody.planning.plan import plan_text
from keybound.custody.profiles.library import Library
from keybound.custody.prompt.switching import SwitchRow, switch_rows
from keybound.custody.view_models.plans import PlanRow
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.values.keys import Member, parse_key
from keybound.domain.values.names import check_name
from keybound.domain.values.variables import is_variable
from keybound.domain.verdict.states import State
from keybound.sources.editing.edit_toml import parse_toml_value, set_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def plan_parser() -> "ArgumentParser":
    """What ``plan`` takes."""
    parse = parser(
        "plan",
        "keybound plan staging --set flags.beta_writes=true",
        "keybound plan staging --file kube=/tmp/edited-config",
        "keybound plan staging --env KUBECONFIG=~/.kube/prod",
        "keybound plan prod --switch",
    )
    parse.add_argument("profile", metavar="PROFILE", help="The profile to change.")
    parse.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="Give this key a new value (repeatable)."
    )
    parse.add_argument("--profile-file", metavar="PATH", help="Use this edited copy of the profile's file.")
    parse.add_argument(
        "--file",
        action="append",
        default=[],
        metavar="NAME=PATH",
        help="Use this edited copy of a file in [files] (repeatable).",
    )
    parse.add_argument(
        "--env",
        action="append",
        default=[],
        metavar="VAR=VALUE",
        help="Suppose this variable in the environment; without =VALUE, that it is not set (repeatable).",
    )
    parse.add_argument(
        "--switch", action="store_true", help="Show what this shell would gain and lose by switching to it."
    )
    add_json(parse)
    return parse


def plan(argv: list[str]) -> int:
    """Say what changes would do; write nothing, hand out nothing."""
    options = plan_parser().parse_args(argv)
    context = own_context()
    name = check_name(options.profile, "profile")
    if options.switch:
        return _switch(context, name, as_json=options.json)
    if not (options.set or options.profile_file or options.file or options.env):
        raise BadInputError("no change given", hint="See: keybound plan --help")
    text = _proposed(context, name, options.profile_file, options.set)
    found = plan_text(context, name, text, _stand_ins(context, name, options.file), _environ(options.env))
    if found.fault:
        raise BadInputError(found.fault, where=f"line {found.fault_line}" if found.fault_line else "")
    if options.json:
        put_json([_row(row) for row in found.rows])
        return 0
    for line in [*(plan_lines(found.rows) or ["no token would change"]), *found.problems]:
        say(line)
    return 0


def _proposed(context: Context, name: str, copy: str | None, changes: Sequence[str]) -> str:
    page = Library(context.home).page(name)
    text = text_of(copy) if copy else page.text
    if text is None:
        raise NotFoundError(f"no such file: {copy}")
    for one in changes:
        key, equals, value = one.partition("=")
        parsed = parse_key(key)
        if not equals or parsed.kind != "profile":
            raise BadInputError(f"{one!r} is not KEY=VALUE, where KEY is in the profile")
        text = set_value(text, [s.name for s in parsed.path if isinstance(s, Member)], parse_toml_value(value))
    return text


def _stand_ins(context: Context, profile: str, copies: Sequence[str]) -> dict[str, str]:
    files = Library(context.home).load(profile).profile.files
    found = {}
    for one in copies:
        name, equals, path = one.partition("=")
        if not equals or name not in files:
            raise BadInputError(
                f"{one!r} is not NAME=PATH, where NAME is in [files]", hint=f"Known: {', '.join(files) or 'none'}."
            )
        found[files[name]] = from_here(path)
    return found


def _environ(changes: Sequence[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for one in changes:
        name, equals, value = one.partition("=")
        if not is_variable(name):
            raise BadInputError(f"{one!r} is not VAR=VALUE")
        home = value == "~" or value.startswith("~/")  # where a shell leaves it: behind --env it does
        found[name] = (os.path.expanduser(value) if home else value) if equals else None
    return found


def _switch(context: Context, target: str, *, as_json: bool) -> int:
    rows = switch_rows(context, target)
    if as_json:
        put_json([_row(row) for row in rows])
        return 0
    for row in rows:
        summary = [f"+{scope}" for scope in row.gained] + [f"-{scope}" for scope in row.lost]
        say(
            f"{row.id}: {_word(row.before) or 'not here'} -> {_word(row.after) or 'not here'}  {' '.join(summary)}".rstrip()
        )
    if not rows:
        say("no token would change")
    return 0


def _word(state: State | None) -> str | None:
    return state.word if state is not None else None


def _row(row: PlanRow | SwitchRow) -> dict[str, object]:
    return {
        "id": row.id,
        "before": _word(row.before),
        "after": _word(row.after),
        "gained": list(row.gained),
        "lost": list(row.lost),
        "findings": [finding_json(finding) for finding in row.findings],
    }


def _change(row: PlanRow) -> str:
    after = f"{row.after.glyph} {row.after.word}"
    if row.before is not row.after:
        return f"{row.before.glyph} {row.before.word} -> {after}"
    return f"stays {after}; its definition changes" if row.needs_approval else f"stays {after}"


def plan_lines(rows: Sequence[PlanRow]) -> list[str]:
    """A plan in words, for a person."""
    lines = []
    for row in rows:
        lines.append(f"{row.id}: {_change(row)}")
        lines += [f"    loses scope {scope}" for scope in row.lost] + [
            f"    gains scope {scope}" for scope in row.gained
        ]
        lines += [f"    {finding.message}" for finding in row.findings]
    return lines
