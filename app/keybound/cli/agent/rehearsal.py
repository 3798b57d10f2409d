"""A release of nothing, to nobody, so that a worker has done everything once before its caller comes.

A forked process pays at its first touch of every page, and Python for the first runs of every function: two thirds of
a release. So each worker releases a token of a throw-away home first, whose secret is no secret.
"""

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress

from keybound.cli.verbs.shells.hook_step import put_step
from keybound.cli.verbs.use.env import env_parser
from keybound.cli.verbs.use.exec import exec_parser, released_for
from keybound.custody.context.context import Context
from keybound.custody.prompt.following import follow
from keybound.custody.tokens.add import NewDefinition, add
from keybound.domain.errors import KeyboundError
from keybound.domain.text.secret import Secret
from keybound.domain.values.names import parse_token_id
from keybound.stores.base import Ask, Item, SecretStore, Status
from keybound.stores.journal.journal import Journal
from keybound.stores.private_dir import make_private_dir

_PROFILE = """schema = 1
[flags]
beta = false
[files]
config = "~/config.json"
[env]
STAGE = "staging"
[tokens.sample]
env = ["SAMPLE"]
"""
_CONFIG = '{"stage": "staging"}'
_BINDS = ("flags.beta equals=false", 'file:config#stage one_of=["staging", "dev"]', "env:STAGE equals=staging")


class _Store:
    """A store in this process's memory, for what is no secret."""

    label = "rehearsal"
    limit = None

    def __init__(self) -> None:
        self._texts: dict[Item, Secret] = {}

    def status(self) -> Status:
        """Open."""
        return Status.OPEN

    def read(self, items: Sequence[Item]) -> dict[Item, Secret]:
        """The texts of ``items``."""
        return {item: self._texts[item] for item in items if item in self._texts}

    def prepare(self) -> None:
        """Nothing takes long."""

    def write(self, item: Item, text: Secret) -> None:
        """Keep it."""
        self._texts[item] = text

    def delete(self, item: Item) -> bool:
        """Drop it."""
        return self._texts.pop(item, None) is not None

    def items(self) -> set[Item]:
        """All items."""
        return set(self._texts)

    def unlock(self, ask: Ask | None) -> None:
        """It is open."""

    def lock(self) -> None:
        """It stays open."""


class _Rehearsed(Context):
    """A context whose store is that of the rehearsal."""

    rehearsed: SecretStore

    @property
    def store(self) -> SecretStore:
        """The store of the rehearsal."""
        return self.rehearsed


class Rehearsal:
    """A throw-away home in ``folder``, made once; each worker performs in it. Where it cannot be made nothing is performed."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._store = _Store()
        self._ready = False
        shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError, KeyboundError):
            self._make()
            self._ready = True

    def __enter__(self) -> "Rehearsal":
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make(self) -> None:
        make_private_dir(self._folder)
        context = self._context("made")
        make_private_dir(context.home.profiles)
        for path, text in ((context.home.profile_path("sample"), _PROFILE), (f"{self._folder}/config.json", _CONFIG)):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        add(context, NewDefinition(parse_token_id("sample/sample"), binds=_BINDS), Secret("no secret"))
        context.close()

    def _context(self, name: str) -> Context:
        """A hold on the home, with a journal of its own: what is rehearsed leaves nothing that grows."""
        environ = {"HOME": self._folder, "KEYBOUND_STORE": "file", "KEYBOUND_PROFILE": "sample"}
        context = _Rehearsed(environ, self._folder)
        make_private_dir(f"{self._folder}/{name}")
        context.rehearsed = self._store
        context.__dict__["journal"] = Journal(f"{self._folder}/{name}/journal")
        return context

    def perform(self) -> None:
        """Parse, judge, journal, release and follow, once."""
        if not self._ready:
            return
        name = str(os.getpid())
        with suppress(OSError, KeyboundError):
            exec_parser().parse_args(["sample"])
            env_parser().parse_args(["sample", "--shell", "bash"])
            context = self._context(name)
            released_for(context, "sample", "/bin/true", ["true"], None)
            folder = f"{self._folder}/{name}/hooks/1-1"
            put_step("bash", follow(context, "bash", folder), "quiet")
            context.close()
        shutil.rmtree(f"{self._folder}/{name}", ignore_errors=True)
