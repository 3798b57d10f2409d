"""completion: scripts for shells, and the candidates that they ask for; profiles are read, no store is touched."""

import sys
from collections.abc import Iterable, Iterator, Sequence

from keybound.cli.io import keeper, parser
from keybound.cli.lines import put
from keybound.cli.main import VERBS
from keybound.custody.keeper import Keeper
from keybound.domain.errors import KeyboundError
from keybound.domain.readings import Value
from keybound.shells.completion import SCRIPTS, completion_script

_PROFILES = frozenset({"use", "env", "exec", "plan", "check", "docs", "inject"})
_TOKENS = frozenset(
    {
        "show",
        "why",
        "refresh",
        "expire",
        "remove",
        "copy",
        "bind",
        "unbind",
        "add",
        "git-credential",
        "docker-credential",
    }
)
_FLAGS = {
    "env": ("--shell",),
    "exec": ("--only", "--mask", "--watch", "--file", "--env-file", "--pristine", "--keep-going", "--"),
    "list": ("--profile", "--state", "--json"),
    "log": ("--token", "--since", "--follow", "--verify", "--json"),
    "plan": ("--set", "--file", "--profile-file", "--switch", "--json"),
    "add": ("--env", "--kind", "--scope", "--ttl", "--expires", "--bind"),
}
_VALUES = {
    "--shell": ("bash", "zsh", "fish", "nu", "pwsh", "elvish", "xonsh", "json", "dotenv"),
    "--watch": ("warn", "stop", "kill"),
    "--state": ("active", "warning", "suspended", "unapproved", "expired", "missing"),
}
_ACTS = ("list", "new", "show", "edit", "rename", "remove", "set", "unset")


def completion(argv: list[str]) -> int:
    """Print a shell's script."""
    parse = parser("completion", "Print the completion script of a shell.")
    parse.add_argument("shell", choices=list(SCRIPTS))
    put(completion_script(parse.parse_args(argv).shell, sys.executable))
    return 0


def complete(argv: list[str]) -> int:
    """Print candidates for the last word of a line, one a line."""
    words = argv[1:] if argv[:1] == ["--"] else argv
    try:
        found = list(candidates(keeper(), words))
    except (KeyboundError, OSError):
        return 1
    put("".join(f"{one}\n" for one in found if "\n" not in one))
    return 0


def candidates(keep: Keeper, words: Sequence[str]) -> Iterator[str]:
    """What may stand where the last word stands."""
    current = words[-1] if words else ""
    return (one for one in _possible(keep, words) if one.startswith(current))


def _possible(keep: Keeper, words: Sequence[str]) -> Iterable[str]:
    if len(words) <= 1:
        return VERBS
    verb, before, current = words[0], words[-2], words[-1]
    if before in _VALUES:
        return _VALUES[before]
    if before in ("--profile", "--extends"):
        return keep.library().names()
    if before in ("--token", "--only"):
        return _tokens(keep) if before == "--token" else (one.partition("/")[2] for one in _tokens(keep))
    if current.startswith("-"):
        return _FLAGS.get(verb, ())
    return _by_verb(keep, verb, words[1:])


def _by_verb(keep: Keeper, verb: str, words: Sequence[str]) -> Iterable[str]:
    if verb == "profile":
        return _of_profile(keep, words)
    if verb in ("hook", "completion"):
        return list(SCRIPTS)
    if verb in ("bind", "unbind") and len(words) == 2:
        return _keys(keep, words[0].partition("/")[0])
    if verb == "approve":
        return [*keep.library().names(), *_tokens(keep)]
    if verb in _TOKENS and len(words) == 1:
        return [*_tokens(keep), *(f"{name}/" for name in keep.library().names())] if verb == "add" else _tokens(keep)
    return keep.library().names() if verb in _PROFILES and len(words) == 1 else ()


def _of_profile(keep: Keeper, words: Sequence[str]) -> Iterable[str]:
    if len(words) == 1:
        return _ACTS
    if len(words) == 2:
        return keep.library().names()
    return _keys(keep, words[1]) if len(words) == 3 and words[0] in ("set", "unset") else ()


def _tokens(keep: Keeper) -> list[str]:
    found = []
    for name in keep.library().names():
        try:
            found += [str(token.id) for token in keep.library().load(name).profile.tokens.values()]
        except KeyboundError:
            continue
    return found


def _keys(keep: Keeper, name: str) -> list[str]:
    profile = keep.library().load(name).profile
    bound = {binding.key.text for token in profile.tokens.values() for binding in token.bindings}
    own = {key for root in ("settings", "flags") for key in _leaves(root, profile.data.get(root, {}))}
    return sorted(bound | own | {f"file:{file}" for file in profile.files} | {"roles.active"})


def _leaves(prefix: str, value: Value) -> Iterator[str]:
    if not isinstance(value, dict):
        yield prefix
        return
    for name, item in value.items():
        if name.replace("_", "a").replace("-", "a").isalnum() and name.isascii():
            yield from _leaves(f"{prefix}.{name}", item)
