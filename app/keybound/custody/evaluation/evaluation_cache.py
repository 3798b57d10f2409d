"""What a long-lived process remembers between looks, so that a look costs what has changed.

For ``watch`` and the application's overview only: a release reads everything. A look gives the same verdicts as one that
remembers nothing (a property test compares them): a profile is taken from memory only while every file it is made of is
what it was, and a verdict only where nothing was found, nothing it was judged on moved, and time alone cannot change it.
Envelopes, the state and the caller's context are read each time.
"""

import time
from collections.abc import Iterable
from typing import NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.context.home import Home
from keybound.custody.evaluation.evaluate import Evaluation, EvaluationContext, Judged, evaluate, judge_tokens
from keybound.custody.profiles.library import Library, Loaded, Page
from keybound.domain.errors import NotFoundError
from keybound.domain.profile.definition import Policy
from keybound.domain.values.names import TokenId
from keybound.sources.files.file_cache import Files, Identity, RememberingSnapshot, identity, rested
from keybound.sources.files.snapshot import Snapshot


class _KeptPage(NamedTuple):
    """A page as it was checked under a policy."""

    identity: Identity
    policy: Policy
    page: Page


class _KeptProfile(NamedTuple):
    """A profile with the names of its tokens by the path of each file that they are bound to."""

    loaded: Loaded
    by_path: dict[str, set[str]]


class _KeptVerdict(NamedTuple):
    judged: Judged
    grants_approved: bool


class EvaluationCache:
    """Remembers profiles, files and verdicts of one home. Not for several threads at once."""

    def __init__(self) -> None:
        self.pages: dict[str, _KeptPage] = {}
        self.profiles: dict[str, _KeptProfile] = {}
        self._files: Files = {}
        self._verdicts: dict[TokenId, _KeptVerdict] = {}

    def evaluate(self, context: Context, names: Iterable[str]) -> Evaluation:
        """Like :func:`keybound.custody.evaluation.evaluate.evaluate`."""
        library = _RememberingLibrary(context.home, self)
        return evaluate(context, names, library, RememberingSnapshot(self._files), self._judged)

    def _judged(self, context: Context, one: Loaded, snapshot: Snapshot, around: EvaluationContext) -> list[Judged]:
        touched = self._touched(one, snapshot)
        approved = around.grants_approved(one.profile)
        stand: dict[str, Judged] = {}
        for name, token in one.profile.tokens.items():
            kept = self._verdicts.get(token.id)
            if kept is not None and name not in touched and _stands(kept, one, around, approved):
                stand[name] = _at_present(kept.judged, around)
        anew = [token for name, token in one.profile.tokens.items() if name not in stand]
        judged = {found.id.name: found for found in judge_tokens(context, one, snapshot, around, anew)}
        for found in judged.values():
            self._verdicts[found.id] = _KeptVerdict(found, approved)
        return [stand.get(name) or judged[name] for name in one.profile.tokens]

    def _touched(self, one: Loaded, snapshot: Snapshot) -> set[str]:
        """The tokens that are bound to a file that was read anew. Asks for every file that the profile is bound to."""
        by_path = self.profiles[one.profile.name].by_path
        for path in by_path:
            snapshot.content(path)
        moved = snapshot.moved if isinstance(snapshot, RememberingSnapshot) else by_path.keys()
        return {name for path in by_path.keys() & moved for name in by_path[path]}


def _stands(kept: _KeptVerdict, one: Loaded, around: EvaluationContext, approved: bool) -> bool:
    """Whether a verdict with nothing found would come out again; its files are the caller's to compare."""
    found = kept.judged
    token, inputs, verdict = found.token, found.inputs, found.verdict
    if token is None or inputs is None or found.loaded is not one or verdict.findings or verdict.to_record:
        return False
    if any(binding.key.context for binding in token.bindings):
        return False
    same = around.of(found.id) == found.held and not found.held.blocked and approved == kept.grants_approved
    in_time = inputs.now <= around.now and (verdict.changes_at is None or around.now < verdict.changes_at)
    return same and in_time and around.ahead == inputs.clock_ahead


def _at_present(found: Judged, around: EvaluationContext) -> Judged:
    inputs = found.inputs
    return found._replace(inputs=inputs._replace(now=around.now, now_ns=time.time_ns()) if inputs else None)


class _RememberingLibrary(Library):
    """Profiles from memory while their files, and the policy, are what they were."""

    def __init__(self, home: Home, memory: EvaluationCache) -> None:
        super().__init__(home)
        self._memory = memory

    def load(self, name: str) -> Loaded:
        """The effective profile. Raises as its base does."""
        kept = self._memory.profiles.get(name)
        if kept is not None and self._same(kept.loaded):
            return kept.loaded
        loaded = super().load(name)
        self._memory.profiles[name] = _KeptProfile(loaded, _by_path(loaded))
        return loaded

    def _same(self, loaded: Loaded) -> bool:
        try:
            return all(self.page(name) is page for name, page in zip(loaded.profile.lineage, loaded.pages, strict=True))
        except NotFoundError:
            return False  # the parent went away: its base says where

    def _read(self, name: str) -> Page:
        path, policy = self.home.profile_path(name), self.policy()
        before, kept = identity(path), self._memory.pages.get(name)
        if kept is not None and (kept.identity, kept.policy) == (before, policy):
            return kept.page
        self._memory.pages.pop(name, None)
        page = super()._read(name)
        if before is not None and before == identity(path) and page.changed_ns and rested(page.changed_ns):
            self._memory.pages[name] = _KeptPage(before, policy, page)
        return page


def _by_path(loaded: Loaded) -> dict[str, set[str]]:
    files = loaded.profile.files
    found: dict[str, set[str]] = {}
    for name, token in loaded.profile.tokens.items():
        for binding in token.bindings:
            if binding.key.kind == "file" and binding.key.name in files:
                found.setdefault(files[binding.key.name], set()).add(name)
    return found
