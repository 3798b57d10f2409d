"""plan: what a change would do."""

from collections.abc import Sequence

from keybound.cli.io import keeper, parser, put_json, say
from keybound.cli.rows import finding_json
from keybound.custody.plan import plan_text
from keybound.custody.views import PlanRow
from keybound.domain.errors import BadInput
from keybound.domain.keys import Member, parse_key
from keybound.domain.names import check_name
from keybound.sources.edit_toml import parse_toml_value, set_value


def plan(argv: list[str]) -> int:
    """Say what setting keys would do; write nothing."""
    parse = parser("plan", "What a change would do, before it is made.")
    parse.add_argument("profile")
    parse.add_argument("--set", action="append", required=True, metavar="KEY=VALUE")
    parse.add_argument("--json", action="store_true")
    options = parse.parse_args(argv)
    keep = keeper()
    text = keep.library().page(check_name(options.profile, "profile")).text
    for one in options.set:
        key, equals, value = one.partition("=")
        parsed = parse_key(key)
        if not equals or parsed.kind != "profile":
            raise BadInput(f"{one!r} is not KEY=VALUE with a profile key")
        text = set_value(text, [s.name for s in parsed.path if isinstance(s, Member)], parse_toml_value(value))
    found = plan_text(keep, options.profile, text)
    if found.fault:
        raise BadInput(found.fault)
    if options.json:
        put_json([_row(row) for row in found.rows])
        return 0
    for line in plan_lines(found.rows) or ["no token changes"]:
        say(line)
    return 0


def _row(row: PlanRow) -> dict[str, object]:
    return {
        "id": row.id,
        "before": row.before.word,
        "after": row.after.word,
        "gained": list(row.gained),
        "lost": list(row.lost),
        "findings": [finding_json(finding) for finding in row.findings],
    }


def plan_lines(rows: Sequence[PlanRow]) -> list[str]:
    """A plan in words, for a person."""
    lines = []
    for row in rows:
        lines.append(f"{row.id}: {row.before.glyph} {row.before.word} -> {row.after.glyph} {row.after.word}")
        lines += [f"    loses scope {scope}" for scope in row.lost] + [
            f"    gains scope {scope}" for scope in row.gained
        ]
        lines += [f"    {finding.message}" for finding in row.findings]
    return lines
