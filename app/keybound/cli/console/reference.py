"""The table of commands in the reference, from the parsers."""

import argparse
from collections.abc import Iterator

from keybound.cli.console.arguments import parser_of
from keybound.cli.console.expecting import positionals, takes_value
from keybound.cli.console.parsing import Parser
from keybound.cli.console.usage import groups
from keybound.cli.registry import VERBS


def commands_table() -> str:
    """Markdown: a table a group, a row a command."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    for group, verbs in groups().items():
        yield from [f"**{group}**", "", "| command | what it does |", "|---|---|"]
        for verb in verbs:
            yield from _rows(verb, parser_of(verb))
        yield ""


def _rows(verb: str, parse: Parser) -> Iterator[str]:
    acts = next((one for one in positionals(parse) if isinstance(one, argparse._SubParsersAction)), None)
    if acts is None:
        yield f"| `{verb}{_synopsis(parse)}` | {VERBS[verb].says} |"
        return
    words = {one.dest: str(one.help) for one in acts._get_subactions()}
    for act, inner in acts.choices.items():
        yield f"| `{verb} {act}{_synopsis(inner)}` | {words[act][0].lower()}{words[act][1:].rstrip('.')} |"


def _synopsis(parse: Parser) -> str:
    parts = [_argument(one) for one in positionals(parse)]
    parts += [_option(one) for one in parse._actions if one.option_strings and one.dest != "help"]
    parts += ["-- COMMAND"] if parse.takes_command else []
    return "".join(f" {part}" for part in parts).replace("|", "\\|")


def _argument(action: argparse.Action) -> str:
    name = _name(action)
    return {"?": f"[{name}]", "*": f"[{name}…]", "+": f"{name}…"}.get(str(action.nargs), name)


def _option(action: argparse.Action) -> str:
    flag = action.option_strings[-1]
    words = f"{flag} {_name(action)}" if takes_value(action) else flag
    words = words if action.required else f"[{words}]"
    return f"{words}…" if isinstance(action, argparse._AppendAction) else words


def _name(action: argparse.Action) -> str:
    return "|".join(map(str, action.choices)) if action.choices is not None else str(action.metavar)
