"""Load profiles from their files, parents included."""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from keybound.custody.context.home import Home
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.domain.profile.definition import Policy, Profile
from keybound.domain.profile.inherit import effective, prepare
from keybound.domain.profile.schema import check_table
from keybound.domain.profile.shapes import TableError
from keybound.domain.values.names import is_name
from keybound.domain.values.readings import Absent, Unreadable, Value
from keybound.sources.files.open_file import Content, open_once
from keybound.sources.profile_text import profile_fault, read_profile_table, without_mark


class Page(NamedTuple):
    """One profile file: its own table, before inheritance. ``changed_ns`` is its ctime, None for a proposed text."""

    path: str
    text: str
    table: Mapping[str, Value]
    changed_ns: int | None


class Loaded(NamedTuple):
    """An effective profile and the latest ctime among the files it is made of.

    ``policy``: the content of policy.toml that it was checked against; None where there was none. ``rules``: what it says.
    """

    profile: Profile
    changed_ns: int | None
    pages: tuple[Page, ...]
    policy: bytes | None = None
    rules: Policy = Policy()
    policy_path: str = ""


class Library:
    """The profiles of a home, each file read once. ``proposed``: texts that stand in for files, for a plan."""

    def __init__(self, home: Home, proposed: Mapping[str, str] | None = None) -> None:
        self.home = home
        self._proposed = proposed or {}
        self._pages: dict[str, Page] = {}
        self._policy: tuple[Policy, bytes | None] | None = None

    def names(self) -> list[str]:
        """Every profile, sorted."""
        try:
            entries = os.listdir(self.home.profiles)
        except (FileNotFoundError, NotADirectoryError):
            entries = []
        except OSError as fault:
            raise BadInputError(f"it cannot be read: {fault.strerror}", where=self.home.profiles) from None
        found = {entry[:-5] for entry in entries if entry.endswith(".toml") and is_name(entry[:-5])}
        return sorted(found | set(self._proposed))

    def load(self, name: str) -> Loaded:
        """Return the effective profile. Raises NotFoundError, or BadInputError with file, line, column and reason."""
        lineage, pages = [name], [self.page(name)]
        while parent := pages[-1].table.get("extends"):
            page = pages[-1]
            if parent in lineage:
                raise _fault(page, ["extends"], f"{' extends '.join([*lineage, str(parent)])}: a cycle")
            if not is_name(str(parent)) or not self._exists(str(parent)):
                raise _fault(page, ["extends"], f"cannot extend {parent!r}: no such profile")
            lineage.append(str(parent))
            pages.append(self.page(str(parent)))
        tables = [prepare(page.table, os.path.dirname(page.path), self.home.user) for page in pages]
        try:
            profile = effective(lineage, [page.path for page in pages], tables, self.policy().outside)
        except TableError as fault:
            raise _fault_of(pages, fault) from None
        stamps = [page.changed_ns for page in pages if page.changed_ns is not None]
        rules, content = self._policy_read()
        return Loaded(profile, max(stamps, default=None), tuple(pages), content, rules, self.home.policy)

    def policy(self) -> Policy:
        """What policy.toml says; an empty policy where there is none. Raises BadInputError with file, line and reason."""
        return self._policy_read()[0]

    def _policy_read(self) -> tuple[Policy, bytes | None]:
        if self._policy is None:
            self._policy = _read_policy(self.home.policy)
        return self._policy

    def page(self, name: str) -> Page:
        """Read and check one file. Raises NotFoundError or BadInputError."""
        if name not in self._pages:
            self._pages[name] = self._read(name)
        return self._pages[name]

    def children(self, name: str) -> list[str]:
        """The profiles that extend this one directly; unreadable ones are passed over."""
        return [other for other, parent in self.parents().items() if parent == name]

    def parents(self, names: Iterable[str] | None = None) -> dict[str, str]:
        """The name that each profile extends (None: of all), "" for none; unreadable ones are passed over."""
        found = {}
        for name in self.names() if names is None else names:
            try:
                found[name] = str(self.page(name).table.get("extends", ""))
            except BadInputError:
                continue
        return found

    def _exists(self, name: str) -> bool:
        return name in self._proposed or os.path.lexists(self.home.profile_path(name))

    def _read(self, name: str) -> Page:
        path = self.home.profile_path(name)
        if name in self._proposed:
            return _page(path, self._proposed[name], None, self.policy())
        content = self._content(name)
        return _page(path, _decoded(content, path), content.ctime_ns, self.policy())

    def text(self, name: str) -> str:
        """What stands in a profile's file, line ends too, whether it parses or not. Raises NotFoundError or BadInputError."""
        return _decoded(self._content(name), self.home.profile_path(name))

    def _content(self, name: str) -> Content:
        path = self.home.profile_path(name)
        content = open_once(path)
        if isinstance(content, Absent):
            if os.path.islink(path):  # listed, so this one alone is at fault
                raise BadInputError("it is a broken link", where=path)
            raise NotFoundError(f"no such profile: {name}", hint=f"Create it: keybound profile new {name}")
        if isinstance(content, Unreadable):
            raise BadInputError(content.why, where=path)
        return content


def _decoded(content: Content, path: str) -> str:
    try:
        return without_mark(content.data.decode())
    except UnicodeDecodeError:
        raise BadInputError("it is not UTF-8 text", where=path) from None


def _read_policy(path: str) -> tuple[Policy, bytes | None]:
    content = open_once(path)
    if isinstance(content, Absent):
        return Policy(), None
    if isinstance(content, Unreadable):
        raise BadInputError(content.why, where=path)
    from keybound.domain.profile.policy import policy_of

    text = content.data.decode("utf-8", "replace")
    try:
        return policy_of(read_profile_table(text, path)), content.data
    except TableError as fault:
        raise profile_fault(path, text, fault.keypath, fault.what, fault.hint) from None


def _page(path: str, text: str, changed_ns: int | None, policy: Policy) -> Page:
    page = Page(path, text, read_profile_table(text, path), changed_ns)
    try:
        check_table(page.table, policy.variables)
    except TableError as fault:
        raise _fault(page, fault.keypath, fault.what, fault.hint) from None
    return page


def _fault_of(pages: Sequence[Page], fault: TableError) -> BadInputError:
    """A fault of an effective profile, at the page where its key stands; of two keys with the other one's place."""
    page = next((one for one in pages if _stands(one, fault.keypath)), pages[0])
    what = fault.what
    other = next((one for one in pages if fault.also and _stands(one, fault.also)), None)
    if other is not None:
        place = profile_fault(other.path, other.text, fault.also, "").where.rpartition(": ")[0]
        what = f"{what} ({place})"
    return _fault(page, fault.keypath, what, fault.hint)


def _stands(page: Page, keypath: Sequence[str]) -> bool:
    table: object = page.table
    for name in keypath:
        if not isinstance(table, Mapping) or name not in table:
            return False
        table = table[name]
    return True


def _fault(page: Page, keypath: "tuple[str, ...] | list[str]", what: str, hint: str = "") -> BadInputError:
    return profile_fault(page.path, page.text, keypath, what, hint)
