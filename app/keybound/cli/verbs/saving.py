"""Save a profile's text after its plan was shown and agreed to."""

from collections.abc import Mapping
from datetime import date, time

from keybound.cli.console.io import confirm
from keybound.cli.console.output import say, warn
from keybound.cli.verbs.bindings.plan import plan_lines
from keybound.custody.context.context import Context
from keybound.custody.planning.plan import plan_text
from keybound.custody.tokens.edit import save_text
from keybound.custody.tokens.expire import evaluate_and_record
from keybound.domain.values.readings import Value
from keybound.domain.verdict.wording import shown_value


def save_planned(context: Context, name: str, after: str, before: str, *, yes: bool) -> int:
    """Show the plan, ask where a token changes, save, and record what it expires. Raises RefusedError, BadInputError."""
    plan = plan_text(context, name, after)
    for line in plan_lines(plan.rows):
        warn(line)
    if plan.rows:
        confirm("Make this change?", yes=yes)
    save_text(context, name, after, before)
    evaluate_and_record(context, [name])
    return 0


def say_set(key: str, value: Value) -> None:
    """Say what was written, and of which type it is."""
    say(f"{key} = {shown_value(key, value).text} ({type_words(value)})")


def type_words(value: Value) -> str:
    """What kind of value it is, for a person."""
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text"
        case date() | time():
            return "date or time"
        case Mapping():
            return "table"
        case _:
            return "list"
