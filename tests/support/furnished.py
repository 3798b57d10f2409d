"""A home with all kinds of files of ours in it, every one of which may be tampered with, and be put back."""

import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keybound.custody.context.home import find_home
from keybound.stores.age.age_file import AgeFileStore
from keybound.stores.keyring.home_tag import home_tag
from support import kernel_keys
from support.quick_store import make_quickly
from support.verb_server import Done, Verbs

PROFILES = {
    "base.toml": 'schema = 1\n[settings]\nregion = "eu-west-1"\n[env]\nAWS_REGION = "{settings.region}"\n',
    "staging.toml": """schema = 1
extends = "base"
[flags]
beta_writes = false
[roles]
active = ["deployer"]
[roles.grants]
deployer = ["repo:read"]
[files]
kube = "~/kube.yaml"
""",
    "prod.toml": """schema = 1
[settings]
region = "eu-west-1"
[tokens.deploy]
env = "DEPLOY_TOKEN"
kind = "minted"
mint = { ttl = "15m", audience = "https://deploy.example.com", claims = { region = "{settings.region}" } }
[tokens.deploy.bound]
"settings.region" = { one_of = ["eu-west-1"], outside = "suspend" }
""",
}
CONFIG = 'schema = 1\n[usage]\nunusual = "ignore"\n'
POLICY = "schema = 1\n"
LOOKS = (
    ("log", "--verify"),
    ("env", "staging", "--shell", "json"),
    ("env", "prod", "--shell", "json"),
    ("list", "--json"),
    ("why", "staging/github"),
)


class Furnished:
    """The home at ``root``. ``mark`` is in all its secrets. ``older``: its files before the secrets of now."""

    def __init__(self, root: Path, verbs: Verbs, mark: str) -> None:
        self.root, self.verbs = root, verbs
        self.current = {"GITHUB_TOKEN": f"{mark}-github-new", "OTHER": f"{mark}-other"}
        self.never = {f"{mark}-github-older", f"{mark}-expired"}
        (root / "kube.yaml").write_text("current-context: staging\n")
        (root / "project").mkdir()
        (root / "project/.keybound.toml").write_text('profile = "staging"\n')
        self._do("init")
        (root / ".config/keybound/config.toml").write_text(CONFIG)
        (root / ".config/keybound/policy.toml").write_text(POLICY)
        for name, text in PROFILES.items():
            (root / ".config/keybound/profiles" / name).write_text(text)
        self._do(
            "add", "staging/github", "--env", "GITHUB_TOKEN", "--bind", "flags.beta_writes equals=false outside=suspend",
            "--bind", "file:kube#current-context equals=staging outside=suspend", given=f"{mark}-github-older",
        )  # fmt: skip
        self._do("add", "staging/old", "--env", "OLD", given=f"{mark}-expired")
        self._do("add", "staging/other", "--env", "OTHER", "--scope", "repo:read", given=f"{mark}-other")
        self._do("add", "prod/deploy")
        self._do("allow", str(root / "project"))
        self._do("approve", "base", "--yes")
        self._do("approve", "staging", "--yes")
        self.older = self.files()
        self._do("refresh", "staging/github", given=f"{mark}-github-new")
        self._do("expire", "staging/old", "--yes")
        self._do("use", "staging")
        self._do("usage", "staging/github")
        self.anchored = sum(len(lines) for lines in self._journal())
        state = root / ".local/state/keybound"
        (state / "view.json").write_text('{"screen": "tokens"}')
        (state / "undo.json").write_text(json.dumps([["staging", "flags", 1.5, "schema = 1\n", "schema = 1 \n"]]))
        for call in LOOKS:
            self._do(*call)
        self.before = self.files()
        self._saved = root.with_name(f"{root.name}-saved")
        shutil.copytree(root, self._saved, symlinks=True)
        self.baseline = self.look()
        self.reset()

    def _journal(self) -> list[list[str]]:
        return [path.read_text().splitlines() for path in self.root.rglob("journal/*.jsonl")]

    def _do(self, *argv: str, given: str = "") -> Done:
        done = self.verbs(*argv, given=given)
        assert done.status in (0, 1), (argv, done)
        return done

    def files(self) -> dict[str, bytes]:
        """Every file of ours, by its path below the home."""
        folders = (".config/keybound", ".local/share/keybound", ".local/state/keybound")
        found = [path for folder in folders for path in (self.root / folder).rglob("*")]
        return {str(path.relative_to(self.root)): path.read_bytes() for path in sorted(found) if path.is_file()}

    def anchored_bytes(self, name: str) -> int:
        """How much of a file ``log --verify`` vouches for."""
        if not name.endswith(".jsonl"):
            return 0
        return sum(len(line) for line in self.before[name].splitlines(keepends=True)[: self.anchored])

    def look(self) -> dict[tuple[str, ...], Done]:
        """All verbs that look."""
        return dict(zip(LOOKS, self.verbs.all_of(LOOKS), strict=True))

    def reset(self) -> None:
        """Everything as it was before the first tampering; what is as it was is left alone."""
        kept = {path.relative_to(self._saved) for path in self._saved.rglob("*")}
        for path in sorted(self.root.rglob("*"), reverse=True):
            if path.relative_to(self.root) not in kept:
                clear(path)
        for relative in sorted(kept):
            _restored(self._saved / relative, self.root / relative)


@contextmanager
def furnished_home(folder: Path, mark: str) -> Iterator[Furnished]:
    """A home on the file store, below ``folder``."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    (folder / "passphrase").write_text("correct horse\n")
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "KEYBOUND_STORE": "file",
        "KEYBOUND_PASSWORD_FILE": str(folder / "passphrase"), "KEYBOUND_AGENT": "off",
    }  # fmt: skip
    found = find_home(environ)
    tag = home_tag(found.config)
    make_quickly(AgeFileStore(str(Path(found.data, "store")), tag, environ, cache_seconds=7200))
    verbs = Verbs(environ, folder, [list(one) for one in LOOKS])
    try:
        yield Furnished(home, verbs, mark)
    finally:
        verbs.close()
        kernel_keys.forget(kernel_keys.kept(f"keybound:{tag}:"))


def clear(path: Path) -> None:
    """Remove whatever is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _told(status: os.stat_result) -> tuple[int, int, int]:
    return stat.S_IFMT(status.st_mode), status.st_mtime_ns, status.st_size


def _restored(kept: Path, path: Path) -> None:
    before = kept.lstat()
    now = path.lstat() if path.exists() or path.is_symlink() else None
    if stat.S_ISDIR(before.st_mode):
        if now is None or not stat.S_ISDIR(now.st_mode):
            clear(path)
            path.mkdir(mode=0o700)
        return
    if (
        now is not None
        and stat.S_ISREG(now.st_mode)
        and now.st_mtime_ns == before.st_mtime_ns
        and now.st_size == before.st_size
    ):
        return
    clear(path)
    shutil.copy2(kept, path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
