"""Everything that a token can be bound to from here: each key with its reading, and where that comes from."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.context.exported import own_environment
from keybound.custody.evaluation.describe import key_place
from keybound.custody.profiles.library import Loaded
from keybound.domain.tool_keys import TOOLS
from keybound.domain.values.keys import CARRIED, CARRIED_NAMES, Index, Key, Match, Member, Step, parse_key, path_text
from keybound.domain.values.readings import FileContent, Found, Read, Unreadable, Value
from keybound.domain.values.variables import is_variable
from keybound.domain.verdict.wording import origin_words
from keybound.sources.caller import Caller
from keybound.sources.files.locate import line_of
from keybound.sources.files.open_file import Content
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.parse_fault import ParseError
from keybound.sources.reader import read_keys

PROFILE_GROUP, FILES, GIT, SHELL = "profile", "files", "git", "this shell"
_ROOTS = ("settings", "flags", "env")
_FEW, _MANY = 40, 20_000  # values of one file: of any, and of one that the prefix names
_SMALL = 65_536  # bytes of a file that is looked into without being named
_PLACED = 16_384  # bytes of a file whose values are given with their lines


class BindableKey(NamedTuple):
    """A key that can be bound. ``origin``: what set its value, or why it has none."""

    key: str
    group: str
    read: Read
    origin: str


class BindableKeys(NamedTuple):
    """The keys, and the files that hold more values than are listed."""

    keys: tuple[BindableKey, ...]
    left_out: tuple[str, ...]


def bindable_keys(context: Context, loaded: Loaded | None, prefix: str = "") -> BindableKeys:
    """Every key that begins with ``prefix``, by group. ``loaded``: the profile whose own keys are meant; None for none."""
    finder = _Finder(context, loaded, prefix)
    names = [(text, group) for text, group in finder.names() if text.startswith(prefix)]
    found = finder.read([parse_key(text) for text, _ in names])
    rows = [BindableKey(text, group, found[text], finder.origin(text, found[text])) for text, group in names]
    return BindableKeys(tuple(rows), tuple(finder.left_out))


def bindable_names(context: Context, loaded: Loaded | None, prefix: str = "") -> Iterator[str]:
    """The same keys without their readings."""
    finder = _Finder(context, loaded, prefix)
    return (text for text, _ in finder.names() if text.startswith(prefix))


class _Finder:
    def __init__(self, context: Context, loaded: Loaded | None, prefix: str) -> None:
        profile = loaded.profile if loaded else None
        self._loaded = loaded
        self._prefix = prefix
        self._environ = {**own_environment(context.environ), **(profile.env if profile else {})}
        self._caller: Caller = context.caller._replace(environ=self._environ)
        self._snapshot = Snapshot()
        self.left_out: list[str] = []

    def names(self) -> Iterator[tuple[str, str]]:
        """Keys with their groups."""
        if self._loaded:
            yield from ((text, PROFILE_GROUP) for text in self._of_profile(self._loaded))
            yield from ((text, FILES) for text in self._of_files(self._loaded))
        yield from ((text, GIT) for text in self._of_git())
        yield from self._of_tools()
        yield from ((f"{CARRIED}.{name}", CARRIED) for name in CARRIED_NAMES)
        yield "cwd", SHELL
        hidden = (name for name in sorted(self._environ) if is_variable(name) and not name.startswith("KEYBOUND_"))
        yield from ((f"env:{name}", SHELL) for name in hidden)

    def _wanted(self, kind: str) -> bool:
        """Whether keys of a kind (``kube:``) may begin with the prefix."""
        return kind.startswith(self._prefix) or self._prefix.startswith(kind)

    def _of_profile(self, loaded: Loaded) -> Iterator[str]:
        for root in _ROOTS:
            for steps in leaves((Member(root),), loaded.profile.data.get(root, {})):
                if len(steps) > 1:
                    yield path_text(steps)
        yield "roles.active"

    def _of_files(self, loaded: Loaded) -> Iterator[str]:
        for name, path in loaded.profile.files.items():
            yield f"file:{name}"
            if self._wanted(f"file:{name}#"):
                yield from self._in_named_file(f"file:{name}#", name, path, loaded.profile.formats.get(name, ""))

    def _in_named_file(self, whole: str, name: str, path: str, format_name: str) -> Iterator[str]:
        content, named = self._snapshot.content(path), self._prefix.startswith(whole)
        if not isinstance(content, Content):
            return
        if not named and len(content.data) > _SMALL:
            self.left_out.append(name)
            return
        value = self._snapshot.value(path, content, format_name)
        found = leaves((), value) if not isinstance(value, Unreadable) else iter(())
        yield from (f"{whole}{path_text(steps)}" for steps in islice(found, _MANY if named else _FEW))
        if next(found, None) is not None:
            self.left_out.append(name)

    def _of_git(self) -> Iterator[str]:
        if self._wanted("git:"):
            from keybound.sources.git.git_keys import GitReader

            reader = GitReader(self._environ, self._caller.cwd, self._caller.uid, self._snapshot)
            yield "git:branch"
            yield from (f"git:remote.{name}.url" for name in reader.remotes())
            yield from ("git:config.user.email", "git:config.user.name")

    def _of_tools(self) -> Iterator[tuple[str, str]]:
        for tool, row in TOOLS.items():
            if not self._wanted(f"{tool}:"):
                continue
            from keybound.sources.tools.registry import get_tool

            try:
                more = list(get_tool(tool)(self._caller, self._snapshot).more_names())
            except ParseError:
                more = []
            for name in (*row.names, *more):
                yield f"{tool}:{name if name in row.names else path_text((Member(name),))}", tool

    def read(self, keys: Iterable[Key]) -> dict[str, Read]:
        """Their readings, each source read once."""
        loaded = self._loaded
        profile = loaded.profile if loaded else None
        found = read_keys(
            keys,
            profile_data=profile.data if profile else {},
            profile_path=profile.path if profile else "",
            profile_changed_ns=None,
            files=profile.files if profile else {},
            formats=profile.formats if profile else {},
            caller=self._caller,
            snapshot=self._snapshot,
        )
        return {key.text: read for key, read in found.items()}

    def origin(self, text: str, read: Read) -> str:
        """Where the reading comes from: a file with its line, a variable; why there is none."""
        if not isinstance(read.reading, Found):
            return f"{'unreadable' if isinstance(read.reading, Unreadable) else 'absent'}: {read.reading.why}"
        if read.origin:
            return origin_words(read.origin)
        key = parse_key(text)
        if key.kind == "profile":
            path, line = key_place(self._loaded, tuple(step.name for step in key.path if isinstance(step, Member)))
            return f"{path}:{line}" if line else read.path
        if key.kind == "file":
            return self._in_file(key, read.path)
        return {"env": key.name, "cwd": "this shell", "git": "git's configuration"}[key.kind]

    def _in_file(self, key: Key, path: str) -> str:
        content = self._snapshot.content(path)
        if not key.path or not isinstance(content, Content) or len(content.data) > _PLACED:
            return path
        format_name = self._loaded.profile.formats.get(key.name, "") if self._loaded else ""
        place = line_of(path, content.data.decode("utf-8", "replace"), key.path, format_name)
        return f"{path}:{place[0]}" if place else path


def leaves(path: tuple[Step, ...], value: Value) -> Iterator[tuple[Step, ...]]:
    """The paths to everything in a value that is no table and no list of tables."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from leaves((*path, Member(name)), item)
    elif isinstance(value, list | tuple) and not isinstance(value, FileContent) and _tables(value):
        names = Counter(str(item.get("name")) for item in value if isinstance(item, Mapping))
        for number, item in enumerate(value):
            told = item.get("name") if isinstance(item, Mapping) else None
            step: Step = Match("name", str(told)) if _tells(told) and names[str(told)] == 1 else Index(number)
            yield from leaves((*path, step), item)
    elif path:
        yield path


def _tables(value: Iterable[Value]) -> bool:
    return any(isinstance(item, Mapping | list) for item in value)


def _tells(name: object) -> bool:
    """Whether an element's name can stand in a path."""
    return isinstance(name, str) and "\n" not in name and not set(name[:1]) & {'"', "'"}


def tidy(path: str, home: str) -> str:
    """The text with the home folder as ``~``."""
    return path.replace(f"{home}{os.sep}", f"~{os.sep}") if home else path
