"""``git:branch``, ``git:remote.NAME.url`` and ``git:config.KEY``, read from git's files. No git, hook or alias runs."""

import os
from collections.abc import Mapping
from functools import cached_property

from keybound.domain.values.readings import Absent, Found, Reading, Unreadable
from keybound.sources.files.open_file import Content
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.formats.git import Setting, settings
from keybound.sources.git.git_config import Place, read_settings
from keybound.sources.git.git_repository import Repository, find_repository
from keybound.sources.git.git_variables import STEERING
from keybound.sources.parse_fault import ParseError

SYSTEM = "/etc/gitconfig"


class GitReader:
    """Reads git keys for one caller, once. ``system``: the configuration of all users."""

    def __init__(
        self, environ: Mapping[str, str], cwd: str, uid: int, snapshot: Snapshot, system: str = SYSTEM
    ) -> None:
        self._environ = environ
        self._cwd = cwd
        self._uid = uid
        self._snapshot = snapshot
        self._system = system

    def read(self, name: str) -> Reading:
        """Read ``branch``, ``remote.NAME.url`` or ``config.KEY``; never raises."""
        if isinstance(self._repository, Unreadable):
            return self._repository
        if name == "branch":
            return self._branch
        if steered := [one for one in STEERING if self._environ.get(one)]:
            return Unreadable(f"{steered[0]} is set, and Keybound does not follow it")
        if isinstance(self._settings, Unreadable):
            return self._settings
        if name.startswith("config."):
            return _last(name.removeprefix("config."), self._settings)
        if isinstance(self._repository, Absent):
            return self._repository
        return _remote(name.removeprefix("remote.").removesuffix(".url"), self._settings)

    def remotes(self) -> list[str]:
        """The names of the remotes that have a URL; none where that cannot be told."""
        found = [] if isinstance(self._settings, Unreadable) else self._settings
        names = (one.subsection for one in found if one.section == "remote" and one.name == "url" and one.subsection)
        return list(dict.fromkeys(names))

    @cached_property
    def _repository(self) -> Repository | Absent | Unreadable:
        found = find_repository(self._cwd, self._snapshot)
        if not isinstance(found, Repository):
            return found
        strange = [path for path in found.owned if _owner(path) != self._uid]
        if strange and not self._is_safe(found.root):
            return Unreadable(f"{strange[0]} belongs to another user (git config --global --add safe.directory)")
        return found

    def _is_safe(self, root: str) -> bool:
        try:
            found = read_settings(self._own_files(), Place(self._home), self._snapshot)
        except ParseError:
            return False
        safe: list[str] = []
        for setting in found:
            if setting.path == ("safe", "directory"):
                safe = [*safe, str(setting.value)] if setting.value else []
        return "*" in safe or root in safe

    @property
    def _home(self) -> str:
        return self._environ.get("HOME", "")

    def _own_files(self) -> list[str]:
        xdg = self._environ.get("XDG_CONFIG_HOME") or (os.path.join(self._home, ".config") if self._home else "")
        files = [self._system]
        files += [os.path.join(xdg, "git", "config")] if xdg else []
        return files + ([os.path.join(self._home, ".gitconfig")] if self._home else [])

    @cached_property
    def _branch(self) -> Reading:
        repository = self._repository
        if not isinstance(repository, Repository):
            return repository
        path = os.path.join(repository.git_dir, "HEAD")
        content = self._snapshot.content(path)
        if os.path.islink(path) or not isinstance(content, Content):
            return Unreadable(f"{path} is not a plain file")
        text = content.data.decode("utf-8", "surrogateescape").rstrip()
        ref = text.removeprefix("ref:").lstrip()
        if ref == "refs/heads/.invalid":
            return Unreadable("the repository stores its branches in an unsupported form (reftable)")
        if not text.startswith("ref:") or not ref.startswith("refs/heads/"):
            return Absent("no branch is checked out (HEAD is detached)")
        return Found(ref.removeprefix("refs/heads/"))

    @cached_property
    def _settings(self) -> list[Setting] | Unreadable:
        repository = self._repository
        place, files = Place(self._home), self._own_files()
        try:
            if isinstance(repository, Repository):
                branch = self._branch.value if isinstance(self._branch, Found) else ""
                place = Place(self._home, repository.git_dir, str(branch))
                files += self._files_of(repository)
            return read_settings(files, place, self._snapshot)
        except ParseError as fault:
            return Unreadable(str(fault))

    def _files_of(self, repository: Repository) -> list[str]:
        shared = os.path.join(repository.common_dir, "config")
        content = self._snapshot.content(shared)
        text = content.data.decode("utf-8", "replace") if isinstance(content, Content) else ""
        switched = [one.value for one in settings(text) if one.path == ("extensions", "worktreeconfig")]
        own = os.path.join(repository.git_dir, "config.worktree")
        return [shared, own] if switched and _is_true(switched[-1]) else [shared]


def _is_true(value: str | bool) -> bool:
    return value is True or str(value).lower() in ("true", "yes", "on", "1")


def _last(key: str, found: list[Setting]) -> Reading:
    section, _, rest = key.partition(".")
    subsection, dot, name = rest.rpartition(".")
    wanted = (section.lower(), *((subsection,) if dot else ()), name.lower())
    values = [one.value for one in found if one.path == wanted]
    return Found(values[-1]) if values else Absent(f"git has no {key}")


def _remote(name: str, found: list[Setting]) -> Reading:
    values = [one.value for one in found if one.path == ("remote", name, "url")]
    if not values:
        return Absent(f"there is no remote named {name}")
    url = values[0]
    if len(values) > 1 or not isinstance(url, str):
        return Unreadable(f"the remote {name} has {len(values)} urls" if len(values) > 1 else f"{name} has no url")
    longest, base = "", ""
    for one in found:
        if one.section == "url" and one.name == "insteadof" and one.subsection is not None:
            prefix = str(one.value)
            if url.startswith(prefix) and len(prefix) > len(longest):
                longest, base = prefix, one.subsection
    return Found(base + url[len(longest) :])


def _owner(path: str) -> int:
    try:
        return os.lstat(path).st_uid
    except OSError:
        return -1
