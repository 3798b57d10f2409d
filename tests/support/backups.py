"""A furnished home, its backup, and other machines to restore it on."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keybound.custody.context.home import find_home
from keybound.stores.age.age_file import AgeFileStore
from keybound.stores.keyring.home_tag import home_tag
from support import kernel_keys
from support.quick_store import make_quickly

COMMAND = str(Path(sys.executable).with_name("keybound"))


class Machine:
    """A home of its own, with the file store open, or with none at all."""

    def __init__(self, home: Path, environ: dict[str, str]) -> None:
        self.home = home
        self.home.mkdir(parents=True, exist_ok=True)
        self.environ = {**environ, "HOME": str(self.home)}
        self.profiles = self.home / ".config/keybound/profiles"

    def run(
        self, *arguments: str | Path, given: bytes = b"", more: dict[str, str] | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        """The installed command, with no terminal."""
        return subprocess.run(
            [COMMAND, *map(str, arguments)], input=given, capture_output=True, check=False, timeout=60,
            env={**self.environ, **(more or {})}, cwd=self.home, start_new_session=True,
        )  # fmt: skip

    def make_store(self) -> None:
        """The file store, made in no time."""
        home = find_home(self.environ)
        make_quickly(AgeFileStore(str(Path(home.data, "store")), home_tag(home.config), self.environ, 900))

    def released(self, profile: str = "staging") -> str:
        """What a profile gives."""
        return self.run("env", profile, "--shell", "json").stdout.decode()

    def states(self) -> dict[str, str]:
        """Each token's state."""
        import json

        done = self.run("list", "--json")
        assert done.returncode == 0, done.stderr
        return {row["id"]: row["state"] for row in json.loads(done.stdout)}

    def digests(self) -> dict[str, str]:
        """Each file of the home, by what it holds; locks and stamps hold nothing."""
        found = {}
        for place, _, files in os.walk(self.home):
            for name in files:
                path = Path(place, name)
                if not name.endswith(("-shm", "-wal")):
                    found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found


@contextmanager
def machine(folder: Path, environ: dict[str, str]) -> Iterator[Machine]:
    """A new one; its key is forgotten at the end."""
    made = Machine(folder / "home", environ)
    yield made
    tag = home_tag(str(made.home / ".config/keybound"))
    kernel_keys.forget(kernel_keys.kept(f"keybound:{tag}:"))
