"""Scan files, folders and a repository's history for secrets in clear."""

import os
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from keybound.catalogue.recognise import Sure
from keybound.custody.providers.catalogue import Catalogue
from keybound.custody.scan.finder import Finder, as_text
from keybound.custody.scan.finds import Find
from keybound.custody.scan.fingerprints import fingerprint
from keybound.custody.scan.report import Finding, Report
from keybound.domain.text.secret import expose_secret
from keybound.sources.files.walk import UnreadFile, WalkedFile, walk
from keybound.sources.git.git_command import GitError, all_blobs, commit_of, ignored_files, repository_of, tracked_files
from keybound.sources.parse_fault import ParseError
from keybound.sources.plain.reading import LocatedSecret, plain_secrets
from keybound.sources.plain.registry import KINDS, plain_kind

LARGEST = 8 * 1024 * 1024
_ALLOW = (b"keybound:allow", b"gitleaks:allow", b"betterleaks:allow", b"pragma: allowlist secret")
_BESIDE = 500  # bytes before and after a secret, of the same line, in which a mark allows it
_OFTEN = 200  # files between two signs of progress
Progress = Callable[[Report], None]


class Scan:
    """One scan: ``report`` grows while it runs, and is whole as far as it came when it is interrupted."""

    def __init__(self, catalogue: Catalogue, key: bytes, progress: Progress, largest: int = LARGEST) -> None:
        self.report = Report()
        self._catalogue = catalogue
        self._finder = Finder(catalogue.recogniser)
        self._key = key
        self._progress = progress
        self._largest = largest

    def places(self, paths: Iterable[str], skip: Callable[[str], bool]) -> None:
        """Look at every file at or below ``paths``, once."""
        seen: set[str] = set()
        for path in paths:
            for one in walk(path, self._largest, skip):
                if one.path not in seen:
                    seen.add(one.path)
                    self._file(one)
        self._say_tracked()

    def history(self, repository: str) -> None:
        """Look at all content that a repository ever had, but for what was found in its files already."""
        try:
            self._history(repository)
        except GitError as fault:
            self.report.unread.append(f"the history of {repository}: {fault}")

    def _history(self, repository: str) -> None:
        known = {one.fingerprint for one in (*self.report.findings, *self.report.mistyped)}
        for blob in all_blobs(repository, self._largest):
            self._count(blob.data)
            path = os.path.join(repository, blob.path)
            findings = [one for one in self._findings(path, blob.data, None) if one.fingerprint not in known]
            if findings:
                known |= {one.fingerprint for one in findings}
                commit = commit_of(repository, blob.name)
                self._keep([one._replace(commit=commit or blob.name, tracked=bool(commit)) for one in findings])

    def _file(self, one: WalkedFile | UnreadFile) -> None:
        if isinstance(one, UnreadFile):
            self.report.large += bool(one.size)
            self.report.unread += [] if one.size else [f"{one.path}: {one.why}"]
            return
        self._count(one.data)
        self._keep(self._findings(one.path, one.data, one.mode))

    def _count(self, data: bytes) -> None:
        self.report.files += 1
        self.report.size += len(data)
        if self.report.files % _OFTEN == 0:
            self._progress(self.report)

    def _keep(self, findings: Sequence[Finding]) -> None:
        for one in findings:
            (self.report.mistyped if one.fault else self.report.findings).append(one)

    def _findings(self, path: str, data: bytes, mode: int | None) -> list[Finding]:
        text = as_text(data)
        if text is None:
            self.report.binary += 1
            return []
        finds = self._located(path, text, self._finder.find(text, _last_names(path)))
        return [self._finding(path, mode, line, one) for line, one in finds if not self._is_allowed(text, one)]

    def _located(self, path: str, text: bytes, finds: list[Find]) -> list[tuple[int, Find]]:
        """Each with its line; where the kind of file says where secrets stand, that is surer than a guess."""
        placed = list(self._placed(path, text))
        values = {expose_secret(one.secret) for _, one in placed}
        lines = {line for line, _ in placed}
        found, at, line = [], 0, 1
        for one in finds:
            line += text.count(b"\n", at, one.start)
            at = one.start
            if expose_secret(one.secret) not in values and not (line in lines and one.sure is Sure.GUESS):
                found.append((line, one))
        return sorted([*found, *placed], key=lambda pair: pair[0])

    def _placed(self, path: str, text: bytes) -> Iterable[tuple[int, Find]]:
        kind = plain_kind(path)
        if not kind or not KINDS[kind].certain:
            return
        try:
            secrets = plain_secrets(kind, path, text)
        except ParseError as fault:
            self.report.unread.append(f"{path}: {fault}")
            return
        starts = [0, *(match.end() for match in re.finditer(b"\n", text))] if secrets else []
        for one in secrets:
            yield one.line, self._as_find(kind, starts[max(one.line - 1, 0)], one)

    def _as_find(self, kind: str, start: int, one: LocatedSecret) -> Find:
        label = ".".join(one.found.keys)
        for known in self._catalogue.recognise(one.found.secret, f"{label} {one.found.host}"):
            fault = known.fault if known.sure is not Sure.GUESS else None
            if known.fault is None or fault:
                return Find(
                    start, start, one.found.secret, known.provider.id, known.kind.name, known.sure, fault, label
                )
        return Find(
            start,
            start,
            one.found.secret,
            one.found.provider or kind,
            "secret in a known place",
            Sure.SHAPE,
            None,
            label,
        )

    def _is_allowed(self, text: bytes, one: Find) -> bool:
        start = text.rfind(b"\n", max(one.start - _BESIDE, 0), one.start) + 1
        end = text.find(b"\n", one.end, one.end + _BESIDE)
        line = text[max(start, one.start - _BESIDE) : one.end + _BESIDE if end < 0 else end]
        allowed = any(mark in line for mark in _ALLOW)
        self.report.allowed += allowed
        return allowed

    def _finding(self, path: str, mode: int | None, line: int, one: Find) -> Finding:
        known = fingerprint(self._key, one, path)
        return Finding(one.provider, one.kind, path, line, one.sure, mode, known, one.label, one.fault)

    def _say_tracked(self) -> None:
        """Whether git tracks or ignores the files in which something was found."""
        by_repository: dict[str, list[str]] = {}
        for path in {one.path for one in self.report.findings}:
            if repository := repository_of(os.path.abspath(path)):
                by_repository.setdefault(repository, []).append(os.path.abspath(path))
        inside, tracked, ignored = set[str](), set[str](), set[str]()
        for repository, paths in by_repository.items():
            with suppress(GitError):  # then it is not known
                tracked |= tracked_files(repository)
                ignored |= ignored_files(repository, paths)
                inside |= set(paths)
        self.report.findings = [
            one._replace(tracked=path in tracked if path in inside else None, ignored=path in ignored)
            for one in self.report.findings
            for path in (os.path.abspath(one.path),)
        ]


def _last_names(path: str) -> str:
    return " ".join(path.rsplit(os.sep, 2)[-2:])
