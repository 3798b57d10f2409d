"""Check profiles without a store: they parse, keep the policy, and their own ``[[expect]]`` scenarios hold."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from keybound.custody.context.config import read_config
from keybound.custody.context.home import Home
from keybound.custody.evaluation.rule_tools import TOOLS, boundary_fault
from keybound.custody.profiles.library import Library, Loaded
from keybound.domain.errors import BadInputError
from keybound.domain.guard.scenario import misses
from keybound.domain.profile.definition import Policy, Profile, Token
from keybound.domain.profile.places import fill
from keybound.domain.profile.policy import violations
from keybound.domain.values.keys import Member
from keybound.sources.files.locate import line_of


class Problem(NamedTuple):
    """One thing that is wrong: the rule, the profile, the token ("" for none), where (file, line, key) and what."""

    rule: str
    profile: str
    token: str
    where: str
    what: str

    def __str__(self) -> str:
        owner = f"{self.profile}/{self.token}" if self.token else self.profile
        if self.rule == "file":  # the place says whose it is
            return ": ".join(filter(None, [self.where, self.what]))
        return f"{': '.join(filter(None, [self.where, owner, self.what]))} ({self.rule})"


def check(library: Library, names: Iterable[str], now: datetime) -> list[Problem]:
    """Every problem of the named profiles. Raises NotFoundError."""
    return [problem for name in names for problem in _check(library, name, now)]


def config_problems(home: Home) -> list[Problem]:
    """What is wrong with config.toml."""
    try:
        read_config(home)
    except BadInputError as fault:
        return [Problem("file", "", "", fault.where, fault.what)]
    return []


def _check(library: Library, name: str, now: datetime) -> Iterator[Problem]:
    try:
        loaded = library.load(name)
        policy = library.policy()
    except BadInputError as fault:
        yield Problem("file", name, "", fault.where, fault.what)
        return
    yield from _sound(loaded)
    yield from _governed(loaded, policy, now)
    yield from _expected(loaded, now)


def _sound(loaded: Loaded) -> Iterator[Problem]:
    profile = loaded.profile
    for token in profile.tokens.values():
        for binding in token.bindings:
            keypath = ("tokens", token.id.name, "bound", binding.key.text)
            if binding.key.kind == "file" and binding.key.name not in profile.files:
                yield _at(loaded, "file", token.id.name, f"[files] has no file named {binding.key.name}", keypath)
            for rule in binding.rules:
                if fault := boundary_fault({rule.name: rule.value}):
                    yield _at(loaded, rule.name, token.id.name, fault, (*keypath, rule.name))
    yield from _variables(loaded, profile)


def _variables(loaded: Loaded, profile: Profile) -> Iterator[Problem]:
    for name, text in profile.env.items():
        try:
            fill(profile, f"env.{name}", text)
        except BadInputError as fault:
            yield _at(loaded, "env", "", fault.what, ("env", name))
    for token in profile.tokens.values():
        yield from _claims(loaded, profile, token)


def _claims(loaded: Loaded, profile: Profile, token: Token) -> Iterator[Problem]:
    for place, text in token.mint.texts() if token.mint else ():
        try:
            fill(profile, place, text)
        except BadInputError as fault:
            yield _at(loaded, "mint", token.id.name, fault.what, ("tokens", token.id.name, "mint", *place.split(".")))


def _governed(loaded: Loaded, policy: Policy, now: datetime) -> Iterator[Problem]:
    for one in violations(policy, loaded.profile, now):
        yield _at(loaded, one.rule, one.token, one.what, one.keypath)


def _expected(loaded: Loaded, now: datetime) -> Iterator[Problem]:
    for miss in misses(loaded.profile, TOOLS, now):
        got = f"it is {miss.got.word}: {miss.why or 'everything is inside'}" if miss.got is not None else miss.why
        what = f"scenario {miss.number + 1}: expected {miss.wanted.word}, but {got}"
        yield _at(loaded, "expect", miss.token, what, ("expect", str(miss.number), "then", miss.token))


def _at(loaded: Loaded, rule: str, token: str, what: str, keypath: tuple[str, ...]) -> Problem:
    """At the deepest part of ``keypath`` that is written, in the profile's own file or in a parent."""
    where = f"{loaded.profile.path}:1:1"
    for depth in range(len(keypath), 0, -1):
        steps = [Member(name) for name in keypath[:depth]]
        places = ((page.path, line_of(page.path, page.text, steps)) for page in loaded.pages)
        found = next(((path, place) for path, place in places if place), None)
        if found:
            where = f"{found[0]}:{found[1][0]}:{found[1][1]}"
            break
    return Problem(rule, loaded.profile.name, token, where, what)
