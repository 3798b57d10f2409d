"""completion: scripts for shells, and the candidates that they ask for; profiles are read, no store is touched."""

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from keybound.cli.console.arguments import parser, parser_of
from keybound.cli.console.expecting import Expected, expected
from keybound.cli.console.output import put
from keybound.cli.registry import APPLICATION, VERBS
from keybound.custody.context.context import Context
from keybound.custody.context.paths import current_dir
from keybound.custody.planning.bindable import bindable_names
from keybound.custody.profiles.choose_profile import chosen_name
from keybound.custody.profiles.library import Library, Loaded
from keybound.custody.tokens.binding_text import names
from keybound.domain.errors import KeyboundError
from keybound.domain.profile.definition import Profile
from keybound.domain.values.keys import parse_key
from keybound.domain.values.variables import is_variable
from keybound.shells.registry import completed, get_hook


def completion_parser() -> argparse.ArgumentParser:
    """What ``completion`` takes."""
    parse = parser(
        "completion",
        'eval "$(keybound completion bash)"',
        "keybound completion zsh > ~/.zfunc/_keybound",
        "keybound completion fish > ~/.config/fish/completions/keybound.fish",
    )
    parse.add_argument("shell", choices=completed(), help="The shell to complete in.")
    return parse


def completion(argv: list[str]) -> int:
    """Print a shell's script."""
    shell = get_hook(completion_parser().parse_args(argv).shell)
    call = f"'{sys.executable}' -I -m keybound.cli"  # this interpreter: nothing on PATH can stand in for it
    put(shell.completion.replace("@CALL@", call))
    return 0


def complete(argv: list[str]) -> int:
    """Print candidates for the last word of a line, one a line."""
    words = argv[1:] if argv[:1] == ["--"] else argv
    try:
        found = list(candidates(Context(os.environ, current_dir()), words))
    except (KeyboundError, OSError):
        return 1
    put("".join(f"{one}\n" for one in found if "\n" not in one))
    return 0


def candidates(context: Context, words: Sequence[str]) -> Iterator[str]:
    """What may stand where the last word stands."""
    current = words[-1] if words else ""
    return (one for one in _possible(context, words) if one.startswith(current))


def _possible(context: Context, words: Sequence[str]) -> Iterable[str]:
    if len(words) <= 1:
        return [*VERBS, "help", "--help", "--version", *APPLICATION]
    if words[0] in APPLICATION:
        from keybound.cli.verbs.start.application import application_parser

        wanted = expected(application_parser(), words)
    elif words[0] in VERBS:
        wanted = expected(parser_of(words[0]), words[1:])
    else:
        return ()
    if words[-1].startswith("-") and not wanted.prefix and (wanted.action is None or wanted.flags):
        return wanted.flags
    return [wanted.prefix + one for one in _of_action(context, wanted)]


def _of_action(context: Context, wanted: Expected) -> Iterable[str]:
    action = wanted.action
    if action is None:
        return ()
    if action.choices is not None:
        return [str(one) for one in action.choices]
    find = KINDS.get(str(action.metavar))
    return find(context, wanted.before) if find else ()


def _profiles(context: Context, before: Sequence[str]) -> list[str]:
    return Library(context.home).names()


def _themes(context: Context, before: Sequence[str]) -> list[str]:
    from keybound.custody.context.theme_files import names

    return ["auto", *names(context.home.config)]


def _definitions(context: Context) -> Iterator[Profile]:
    library = Library(context.home)
    for name in library.names():
        try:
            yield library.load(name).profile
        except KeyboundError:
            continue


def _tokens(context: Context, before: Sequence[str]) -> list[str]:
    """Every token's id, and the bare names of the profile in use."""
    used = chosen_name(context)
    found = [token.id for one in _definitions(context) for token in one.tokens.values()]
    return [*map(str, found), *(one.name for one in found if one.profile == used)]


def _new_token(context: Context, before: Sequence[str]) -> list[str]:
    return [*_tokens(context, before), *(f"{name}/" for name in Library(context.home).names())]


def _names(context: Context, before: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(name for one in _definitions(context) for name in one.tokens))


def _what(context: Context, before: Sequence[str]) -> list[str]:
    return [*Library(context.home).names(), *_tokens(context, before)]


def _variables(context: Context, before: Sequence[str]) -> list[str]:
    used = (name for one in _definitions(context) for token in one.tokens.values() for name in token.env)
    return list(dict.fromkeys(used))


def _keys(context: Context, before: Sequence[str]) -> list[str]:
    """What can be bound, and what is bound in the profile, or the token's profile, that was named before."""
    library, first = Library(context.home), before[0] if before else ""
    here = first.partition("/")[0] if "/" in first or first in library.names() else chosen_name(context)
    loaded = library.load(here)
    bound = {binding.key.text for token in loaded.profile.tokens.values() for binding in token.bindings}
    return sorted(bound | set(_plain_keys(context, loaded)))


def _prefixes(context: Context, before: Sequence[str]) -> list[str]:
    name = chosen_name(context)
    return sorted(_plain_keys(context, Library(context.home).load(name) if name else None))


def _plain_keys(context: Context, loaded: Loaded | None) -> Iterator[str]:
    """The keys that no shell would have to quote."""
    return (key for key in bindable_names(context, loaded) if re.fullmatch(r"[\w.:#/+-]+", key, re.ASCII))


def _set_keys(context: Context, before: Sequence[str]) -> list[str]:
    return [f"{key}=" for key in _keys(context, before) if parse_key(key).kind == "profile"]


def _copies(context: Context, before: Sequence[str]) -> list[str]:
    return [f"{name}=" for name in Library(context.home).load(before[0]).profile.files] if before else []


def _kinds(context: Context, before: Sequence[str]) -> list[str]:
    from keybound.custody.providers.catalogue import known_kinds

    return known_kinds(context.home)


def _settings(context: Context, before: Sequence[str]) -> list[str]:
    return [f"{name}=" for name in context.environ if is_variable(name)]


def _rules(context: Context, before: Sequence[str]) -> list[str]:
    return [f"{name}=" for name in names()]


Find = Callable[[Context, Sequence[str]], Iterable[str]]
KINDS: Mapping[str, Find] = {
    "PROFILE": _profiles,
    "THEME": _themes,
    "TOKEN": _tokens,
    "PROFILE/NAME": _new_token,
    "NAME": _names,
    "WHAT": _what,
    "VAR": _variables,
    "KEY": _keys,
    "PREFIX": _prefixes,
    "KIND": _kinds,
    "KEY=VALUE": _set_keys,
    "NAME=PATH": _copies,
    "RULE=VALUE": _rules,
    "VAR=VALUE": _settings,
}
# what the shell completes itself: files, folders, commands
FILES = frozenset({"FILE", "PATH", "DIR", "PROGRAM", "FROM"})
# what nobody can complete
FREE = frozenset(
    {
        "NEW",
        "VALUE",
        "SPAN",
        "WHEN",
        "SCOPE",
        "WORDS",
        "BINDING",
        "FIELDS",
        "WHO",
        "DIGEST",
        "HOST",
        "USER",
        "OPERATION",
        "PATTERN",
        "MIB",
        "COUNT",
        "RECIPIENT",
    }
)
