"""What a parser expects at the end of an unfinished line."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from keybound.cli.console.parsing import Parser


class Expected(NamedTuple):
    """What may stand where the last word stands.

    ``action``: an argument, or an option's value; None where nothing of ours may. ``flags``: options not given yet.
    ``before``: the arguments given already, in order. ``prefix``: what of the word is not the value, as in ``--shell=``.
    """

    action: argparse.Action | None
    flags: tuple[str, ...]
    before: tuple[str, ...]
    prefix: str = ""


def expected(parse: Parser, words: Sequence[str]) -> Expected:
    """``words``: everything after the verb; the last one is unfinished."""
    *done, current = words or [""]
    places, given, before = list(positionals(parse)), set[str](), list[str]()
    waiting: argparse.Action | None = None
    for word in done:
        if waiting is not None:
            waiting = None
        elif word == "--":
            return Expected(None, (), tuple(before))
        elif option := _option(parse, word.partition("=")[0]):
            given.update(option.option_strings)
            waiting = option if takes_value(option) and "=" not in word else None
        elif places:
            parse, places = _next(parse, places, word, before)
    if waiting is not None:
        return Expected(waiting, (), tuple(before))
    name, equals, _ = current.partition("=")
    if equals and (option := _option(parse, name)):
        return Expected(option if takes_value(option) else None, (), tuple(before), f"{name}=")
    flags = tuple(_flags(parse, given))
    return Expected(places[0] if places and not current.startswith("-") else None, flags, tuple(before))


def _next(
    parse: Parser, places: list[argparse.Action], word: str, before: list[str]
) -> tuple[Parser, list[argparse.Action]]:
    place = places[0]
    if isinstance(place, argparse._SubParsersAction):
        inner = place.choices.get(word)
        return (inner, list(positionals(inner))) if isinstance(inner, Parser) else (parse, [])
    before.append(word)
    return parse, places if place.nargs in ("*", "+") else places[1:]


def positionals(parse: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments that have no flag."""
    return (action for action in parse._actions if not action.option_strings)


def takes_value(option: argparse.Action) -> bool:
    """Whether a word follows an option."""
    return option.nargs != 0


def _option(parse: argparse.ArgumentParser, name: str) -> argparse.Action | None:
    return parse._option_string_actions.get(name)


def _flags(parse: Parser, given: Iterable[str]) -> Iterator[str]:
    for action in parse._actions:
        again = isinstance(action, argparse._AppendAction)
        if again or not set(action.option_strings) & set(given):
            yield from (flag for flag in action.option_strings if flag.startswith("--"))
    if parse.takes_command:
        yield "--"
