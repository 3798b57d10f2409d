"""``[[expect]]``: the guard's own answer to readings that are supposed.

Profile keys read the profile with what ``when`` names laid over it. Bindings to files and to the caller's context that
``when`` does not name are taken as inside. The definition is taken as approved, with the profile as it is written.
A supposed reading may also be ``{ absent = true }`` or ``{ unreadable = true }``; a whole file is ``{ changed = true }``
or ``{ mode = "0644" }``. ``now`` is the moment that is supposed; tokens count as refreshed at the present one.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from keybound.domain.guard.guard import GuardInput, judge
from keybound.domain.profile.definition import Binding, Expectation, Profile, Token
from keybound.domain.profile.schema import NOW
from keybound.domain.rules.base import Tools
from keybound.domain.seal.envelope import Envelope
from keybound.domain.text.secret import Secret
from keybound.domain.values.canonical import keyed_digest
from keybound.domain.values.keys import Member, parse_key
from keybound.domain.values.readings import Absent, FileContent, Found, Read, Reading, Unreadable, Value, changed
from keybound.domain.values.walk import walk
from keybound.domain.verdict.states import State
from keybound.domain.verdict.verdict import Verdict

_KEY = bytes(32)
_FILE = FileContent("supposed", 0, 0o600, 0, True)


class Miss(NamedTuple):
    """An expectation that does not hold: its number from 0, the token, the state that came out and why."""

    number: int
    token: str
    wanted: State
    got: State | None
    why: str


def misses(profile: Profile, tools: Tools, now: datetime) -> Iterator[Miss]:
    """Run every expectation of a profile; yield those that do not hold."""
    for number, expectation in enumerate(profile.expectations):
        for name, wanted in expectation.then.items():
            if name not in profile.tokens:
                yield Miss(number, name, wanted, None, f"the profile has no token {name}")
                continue
            verdict = suppose(profile, profile.tokens[name], expectation, tools, now)
            if verdict.state is not wanted:
                yield Miss(number, name, wanted, verdict.state, verdict.why)


def suppose(profile: Profile, token: Token, expectation: Expectation, tools: Tools, now: datetime) -> Verdict:
    """The guard's verdict for a token in a scenario."""
    when = expectation.when
    data = _laid_over(profile.data, when)
    bindings = tuple(one for one in token.bindings if one.key.kind == "profile" or one.key.text in when)
    envelope = Envelope("", str(token.id), "token", "", 1, Secret(""), key=_KEY.hex(), refreshed_at=now.isoformat())
    moment = when.get(NOW)
    active = _texts(data, "active")
    return judge(
        GuardInput(
            token=token._replace(bindings=bindings),
            digest="",
            envelope=envelope._replace(approved=dict(_baseline(profile, bindings))),
            readings={one.key.text: Read(_reading(one, data, when)) for one in bindings},
            active_roles=active,
            grants=profile.grants,
            grants_approved=True,
            roles_read=Read(Found(list(active))),
            now=moment if isinstance(moment, datetime) else now,
            now_ns=0,
            tools=tools,
        )
    )


def _reading(binding: Binding, data: Mapping[str, Value], when: Mapping[str, Value]) -> Reading:
    supposed = when.get(binding.key.text)
    if isinstance(supposed, Mapping):
        if supposed.get("absent") is True:
            return Absent()
        if supposed.get("unreadable") is True:
            return Unreadable("supposed")
    if binding.key.kind == "profile":
        return walk(data, binding.key.path)
    if binding.key.kind == "file" and not binding.key.path:
        mode = supposed.get("mode") if isinstance(supposed, Mapping) else None
        return Found(_FILE._replace(mode=int(mode, 8)) if isinstance(mode, str) else _FILE)
    return Found(supposed)


def _baseline(profile: Profile, bindings: tuple[Binding, ...]) -> Iterator[tuple[str, str]]:
    for binding in bindings:
        if binding.key.kind == "profile":
            reading = walk(profile.data, binding.key.path)
            yield binding.key.text, keyed_digest(_KEY, binding.key.text, changed(reading))


def _laid_over(data: Mapping[str, Value], when: Mapping[str, Value]) -> Mapping[str, Value]:
    for text, value in when.items():
        if text != NOW and (key := parse_key(text)).kind == "profile":
            names = [step.name for step in key.path if isinstance(step, Member)]
            data = _set(data, names, value) if len(names) == len(key.path) else data
    return data


def _set(table: Value, names: list[str], value: Value) -> Mapping[str, Value]:
    here = dict(table) if isinstance(table, Mapping) else {}
    here[names[0]] = _set(here.get(names[0]), names[1:], value) if names[1:] else value
    return here


def _texts(data: Mapping[str, Value], name: str) -> tuple[str, ...]:
    roles = data.get("roles")
    found = roles.get(name, ()) if isinstance(roles, Mapping) else ()
    return tuple(str(one) for one in found) if isinstance(found, list | tuple) else ()
