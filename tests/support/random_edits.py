"""Random edits of everything that the guard reads, made as people and tools make them."""

import os
import random
from collections.abc import Callable
from pathlib import Path

from keybound.custody.context.home import Home

BASE = """schema = 1
[settings]
region = "eu"
[flags]
writes = false
[roles]
active = ["reader"]
[roles.grants]
reader = ["repo:read"]
writer = ["repo:write"]
"""
CHILD = """schema = 1
extends = "base"
[settings]
port = 8080
[env]
PLAIN = "plain {settings.region}"
[files]
local = "~/local.yaml"
linked = "~/link.json"
gone = "~/gone.ini"
[tokens.flag]
env = "FLAG_TOKEN"
scopes = ["repo:read"]
[tokens.flag.bound]
"flags.writes" = { equals = false }
"settings.port" = { max = 9000 }
[tokens.file]
env = ["FILE_TOKEN", "FILE_TOKEN_2"]
[tokens.file.bound]
"file:local#context" = { one_of = ["staging", "dev"], inside = "warn" }
"file:local" = { mode_at_most = "0644", outside = "suspend" }
"file:linked#a[0].b" = { equals = 1 }
"file:gone" = { absent = true }
[tokens.shell]
env = "SHELL_TOKEN"
release = ["shell", "exec"]
[tokens.shell.bound]
"env:STAGE" = { equals = "staging" }
"cwd" = { starts_with = "/" }
"""
FILES = {
    "local.yaml": "context: staging\n",
    "a.json": '{"a": [{"b": 1}]}\n',
    "b.json": '{"a": [{"b": 2}]}\n',
}
# What a text may become: harmless, out of bounds, broken.
TEXTS = {
    "local.yaml": ["context: staging\n", "context: dev\n", "context: prod\n", "context: [", "", "other: 1\n"],
    "a.json": ['{"a": [{"b": 1}]}\n', '{"a": [{"b": 1, "c": 2}]}', '{"a": [{"b": true}]}', "{", "[]"],
    "base.toml": [BASE, BASE.replace("false", "true"), BASE.replace("eu", "us"), BASE.replace('"repo:read"', '"repo:*"'),
                  BASE.replace('["reader"]', "[]"), BASE.replace('["reader"]', '["reader", "writer"]'), BASE + "x =",
                  "# new\n" + BASE],
    "child.toml": [CHILD, CHILD.replace("8080", "9001"), CHILD.replace('"staging", "dev"', '"staging"'),
                   CHILD.replace("PLAIN", "OTHER"), CHILD.replace("plain {", "plainly {"), CHILD.replace("FLAG_TOKEN", "FLAGS"),
                   CHILD.replace('"base"', '"nowhere"'), CHILD.replace("[tokens.shell]", "[tokens.new]"),
                   CHILD.replace('release = ["shell", "exec"]', 'release = ["copy"]'), "# new\n" + CHILD, CHILD + "["],
    "policy.toml": ["schema = 1\n", 'schema = 1\noutside = "warn"\n', "schema = 1\n[", "x = 1\n"],
    "config.toml": ["schema = 1\n", 'schema = 1\n[hook]\nsay = "quiet"\n', "bogus = 1\n"],
}  # fmt: skip


class Edits:
    """The files of one home, and what may happen to them. ``environ`` and ``cwd`` are the caller's, and change too."""

    def __init__(self, home: Home, environ: dict[str, str], chance: random.Random) -> None:
        self.home, self.environ, self.chance = home, environ, chance
        self.cwd = home.user
        user, profiles = Path(home.user), Path(home.profiles)
        self.paths = {name: user / name for name in ("local.yaml", "a.json")}
        self.paths |= {f"{name}.toml": profiles / f"{name}.toml" for name in ("base", "child")}
        self.paths |= {name: Path(home.config) / name for name in ("policy.toml", "config.toml")}
        self.copies: dict[Path, bytes] = {}

    def begin(self) -> None:
        """Everything as it was approved."""
        user = Path(self.home.user)
        for name, text in FILES.items():
            (user / name).write_text(text)
            (user / name).chmod(0o644)
        self._link("a.json")
        (user / "gone.ini").unlink(missing_ok=True)
        for name in ("policy.toml", "config.toml"):
            self.paths[name].unlink(missing_ok=True)
        self.paths["base.toml"].write_text(BASE)
        self.paths["child.toml"].write_text(CHILD)
        self.environ["STAGE"], self.cwd = "staging", self.home.user

    def one(self) -> str:
        """Make one; return what it was."""
        edits: list[Callable[[], str]] = [
            self._text, self._text, self._text, self._renamed_over, self._times_back, self._relinked, self._mode,
            self._removed, self._appears, self._variable, self._folder, self._older_envelope, self._item_gone,
            self._state_lost, self._floor_ahead, self._nothing,
        ]  # fmt: skip
        return self.chance.choice(edits)()

    def _pick(self) -> tuple[Path, str]:
        name = self.chance.choice(list(self.paths))
        return self.paths[name], self.chance.choice(TEXTS[name])

    def _text(self) -> str:
        path, text = self._pick()
        path.write_text(text)
        return f"{path.name} in place"

    def _renamed_over(self) -> str:
        path, text = self._pick()
        beside = path.with_name(f".{path.name}.new")
        beside.write_text(text)
        beside.rename(path)
        return f"{path.name} by rename"

    def _times_back(self) -> str:
        path, text = self._pick()
        if not path.exists():
            return "nothing"
        before = path.stat()
        path.write_text(text)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        return f"{path.name} with its time put back"

    def _link(self, target: str) -> None:
        link = Path(self.home.user, "link.json")
        link.unlink(missing_ok=True)
        link.symlink_to(target)

    def _relinked(self) -> str:
        target = self.chance.choice(["a.json", "b.json", "nowhere.json", "link.json"])
        self._link(target)
        return f"link to {target}"

    def _mode(self) -> str:
        path = self.paths["local.yaml"]
        if path.exists():
            path.chmod(self.chance.choice([0o600, 0o644, 0o666, 0o777]))
        return "mode"

    def _removed(self) -> str:
        path, _ = self._pick()
        path.unlink(missing_ok=True)
        return f"{path.name} removed"

    def _appears(self) -> str:
        Path(self.home.user, "gone.ini").write_text("x = 1\n")
        return "gone.ini appears"

    def _variable(self) -> str:
        value = self.chance.choice(["staging", "prod", ""])
        self.environ["STAGE"] = value
        if value == "":
            del self.environ["STAGE"]
        return f"STAGE={value}"

    def _folder(self) -> str:
        self.cwd = self.chance.choice([self.home.user, "/", self.home.config])
        return f"in {self.cwd}"

    def _items(self) -> list[Path]:
        return sorted(Path(self.home.data, "store").glob("child/*.age"))

    def _older_envelope(self) -> str:
        """A copy of an item that was taken before comes back."""
        for path in self._items():
            old = self.copies.setdefault(path, path.read_bytes())
            if self.chance.random() < 0.5:
                path.write_bytes(old)
        return "older envelopes"

    def _item_gone(self) -> str:
        items = self._items()
        if items:
            self.chance.choice(items).unlink()
        return "an item is gone"

    def _state_lost(self) -> str:
        for path in Path(self.home.state).glob("state.db*"):
            path.unlink()
        return "the state is lost"

    def _floor_ahead(self) -> str:
        floor = Path(self.home.state, "journal", "floor")
        if floor.exists():
            head = floor.read_text().partition(" ")[0]
            floor.write_text(f"{head} 2199-01-01T00:00:00.000+00:00\n")
        return "the journal's floor lies ahead"

    def _nothing(self) -> str:
        return "nothing"
