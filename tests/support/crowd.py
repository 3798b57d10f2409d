"""Many shells, and one owner who edits, on one home at the same time; everything is noted with its times."""

import json
import os
import random
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from support.staging import COMMAND, Run

STAGING = """schema = 1
[settings]
region = "r-0"
[env]
REGION = "{settings.region}"
[files]
kube = "~/kube.yaml"
"""
INSIDE, OUTSIDE = "current-context: staging\n", "current-context: prod\n"
TOKENS = {"numbered": "secret-0", "guarded": "guarded-0", "ended": "ended-0", "moved": "moved-0"}
BEGUN = {
    "staging": {"REGION": "r-0", **{name.upper(): secret for name, secret in TOKENS.items()}},
    "prod": {"DEPLOY": "deploy-0"},
}
NAMES = frozenset(name for values in BEGUN.values() for name in values)
SECONDS = 120  # the longest that one command may take
Values = Mapping[str, str]


class Release(NamedTuple):
    """What one shell got, between two moments of the monotonic clock. ``values`` None: it got no answer."""

    way: str
    profile: str
    begin: float
    end: float
    values: Values | None
    said: str


class Write(NamedTuple):
    """What one edit made of the home: the values of each profile that are released after it."""

    what: str
    begin: float
    end: float
    after: Mapping[str, Values]


def furnish_crowd(keybound: Run, profiles: Path, home: Path) -> None:
    """Two profiles and five tokens; one depends on a file."""
    assert keybound("init").returncode == 0
    (profiles / "staging.toml").write_text(STAGING)
    (profiles / "prod.toml").write_text("schema = 1\n")
    (home / "kube.yaml").write_text(INSIDE)
    for name, secret in TOKENS.items():
        binds = ("--bind", "file:kube#current-context equals=staging outside=suspend") if name == "guarded" else ()
        done = keybound("add", f"staging/{name}", "--env", name.upper(), *binds, given=secret.encode())
        assert done.returncode == 0, done.stderr
    assert keybound("add", "prod/deploy", "--env", "DEPLOY", given=b"deploy-0").returncode == 0
    assert keybound("approve", "staging", "--yes").returncode == 0
    assert keybound("use", "staging").returncode == 0


class Shell(threading.Thread):
    """Gets the variables of a profile in one way after another, until it is told to stop."""

    def __init__(self, number: int, seed: int, environ: Mapping[str, str], folder: Path, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.releases: list[Release] = []
        self._random, self._environ, self._over = random.Random(seed * 1000 + number), environ, stop
        self.folder = folder / str(number)
        self._stamps = self.folder / f"{os.getpid()}-1"  # a hook clears those of shells that have ended
        self._stamps.mkdir(parents=True)

    def run(self) -> None:
        while not self._over.is_set():
            way, profile = self._random.choice(("env", "exec", "hook")), self._random.choice(("staging", "prod"))
            argv = {
                "env": ["env", profile, "--shell", "json"],
                "exec": ["exec", profile, "--keep-going", "--", "/usr/bin/env"],
                "hook": ["hook-step", "nu", str(self._stamps)],
            }[way]
            more = {"KEYBOUND_PROFILE": profile} if way == "hook" else {}
            begin = time.monotonic()
            done = subprocess.run(
                [COMMAND, *argv], env={**self._environ, **more}, cwd=self.folder, stdin=subprocess.DEVNULL,
                capture_output=True, text=True, check=False, timeout=SECONDS, start_new_session=True,
            )  # fmt: skip
            said, end = f"{done.returncode} {done.stderr}", time.monotonic()
            self.releases.append(Release(way, profile, begin, end, _values(way, done.stdout), said))


def _values(way: str, out: str) -> Values | None:
    if way == "exec":
        found = dict(line.split("=", 1) for line in out.splitlines() if "=" in line)
    else:
        try:
            found = json.loads(out)
        except ValueError:
            return None
        found = found["put"] if way == "hook" else found
    return {name: value for name, value in found.items() if name in NAMES}


class Owner:
    """Edits the home, one act after another, by commands and by hand; every number is used once."""

    def __init__(self, keybound: Run, home: Path, seed: int) -> None:
        self.writes = [Write("begin", 0.0, 0.0, BEGUN)]
        self.faults: list[str] = []
        self.bound = self.file = 0
        self._keybound, self._home, self._random, self._number = keybound, home, random.Random(seed), 0
        self._name, self._other = "moved", "moved-again"

    def act(self) -> None:
        """One act, by chance."""
        acts: list[Callable[[], None]] = [
            self._refresh, self._deploy, self._region, self._bind, self._name_file, self._end, self._rename, self._kube
        ]  # fmt: skip
        self._number += 1
        self._random.choice(acts)()

    def _refresh(self) -> None:
        secret = f"secret-{self._number}"
        self._do({"NUMBERED": secret}, "refresh", "staging/numbered", given=secret)

    def _deploy(self) -> None:
        secret = f"deploy-{self._number}"
        self._do({"DEPLOY": secret}, "refresh", "prod/deploy", given=secret, profile="prod")

    def _region(self) -> None:
        region = f"r-{self._number}"
        self._do({"REGION": region}, "profile", "set", "staging", "settings.region", region, "--yes")

    def _bind(self) -> None:
        self.bound = self._number
        rule = f'not_one_of=["x-{self.bound}"]'
        self._do({}, "bind", "staging/numbered", "settings.region", rule, "--yes")

    def _name_file(self) -> None:
        self.file = self._number
        self._do({}, "file", "other", f"~/other-{self.file}", "--profile", "staging", "--yes")

    def _end(self) -> None:
        ended = "ENDED" not in self.writes[-1].after["staging"]
        change = {"ENDED": TOKENS["ended"] if ended else None}
        self._do(change, "approve" if ended else "expire", "staging/ended", "--yes")

    def _rename(self) -> None:
        self._do({}, "token", "rename", f"staging/{self._name}", self._other)
        self._name, self._other = self._other, self._name

    def _kube(self) -> None:
        outside = "GUARDED" in self.writes[-1].after["staging"]
        path, begin = self._home / "kube.yaml", time.monotonic()
        new = path.with_suffix(".new")
        new.write_text(OUTSIDE if outside else INSIDE)
        os.replace(new, path)
        self._note("kube by hand", begin, "staging", {"GUARDED": None if outside else TOKENS["guarded"]})

    def _do(self, change: Mapping[str, str | None], *argv: str, given: str = "", profile: str = "staging") -> None:
        begin = time.monotonic()
        done = self._keybound(*argv, given=given.encode())
        if done.returncode != 0:
            self.faults.append(f"{argv}: {done.returncode} {done.stderr.decode()} {done.stdout.decode()}")
            return
        self._note(" ".join(argv), begin, profile, change)

    def _note(self, what: str, begin: float, profile: str, change: Mapping[str, str | None]) -> None:
        before = self.writes[-1].after
        values = {name: value for name, value in {**before[profile], **change}.items() if value is not None}
        self.writes.append(Write(what, begin, time.monotonic(), {**before, profile: values}))


def unexplained(release: Release, writes: list[Write]) -> str:
    """Empty where what was released is what some moment of its time held; else what was released and what was held."""
    held = []
    for number, write in enumerate(writes):
        replaced = writes[number + 1].end if number + 1 < len(writes) else float("inf")
        if write.begin <= release.end and replaced >= release.begin:
            held.append((write.what, write.after[release.profile]))
    if release.values is not None and any(release.values == values for _, values in held):
        return ""
    return f"{release} is none of {held}"
