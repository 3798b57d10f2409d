"""A second overview describes again only the tokens whose verdict moved, and says the same as one that remembers nothing."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

import pytest

from keybound.cli.verbs.start.demo import throw_away
from keybound.custody.application.overview import overview
from keybound.custody.application.token_views import TokenViews
from keybound.custody.context.context import Context
from keybound.custody.demo.samples import furnish
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.evaluation.evaluation_cache import EvaluationCache
from keybound.custody.view_models.overview import Overview
from keybound.custody.view_models.tokens import ReleaseRow, TokenView
from keybound.stores.age.age_file import AgeFileStore
from support.quick_store import make_quickly


class Counting(TokenViews):
    """Remembers which tokens were described."""

    def __init__(self) -> None:
        super().__init__()
        self.described: list[str] = []

    def view(self, one: Judged, releases: Sequence[ReleaseRow], last: str, describe: object) -> TokenView:
        def described(one: Judged, releases: Sequence[ReleaseRow], last: str) -> TokenView:
            self.described.append(str(one.id))
            assert callable(describe)
            found = describe(one, releases, last)
            assert isinstance(found, TokenView)
            return found

        return super().view(one, releases, last, described)


class Looks:
    """One home, looked at again and again by one process."""

    def __init__(self, context: Context) -> None:
        self.context, self.cache, self.views = context, EvaluationCache(), Counting()

    def look(self) -> tuple[Overview, list[str]]:
        """The overview, and what was described for it."""
        self.views.described = []
        found = overview(self.context, self.cache.evaluate, self.views)
        return found, self.views.described

    def write(self, profile: str, old: str, new: str) -> None:
        """Change a profile's text, and let its file rest."""
        path = Path(self.context.home.profile_path(profile))
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))
        time.sleep(0.35)


@pytest.fixture
def looks(tmp_path: Path) -> Iterator[Looks]:
    with patch.object(AgeFileStore, "create", lambda store, passphrase: make_quickly(store)):
        context = furnish(throw_away(str(tmp_path)), str(tmp_path))
    time.sleep(0.35)  # files rest
    found = Looks(context)
    found.look()
    found.look()
    yield found
    context.store.lock()


def test_nothing_changed_describes_no_token_that_is_well(looks: Looks) -> None:
    found, described = looks.look()
    well = [each.id for each in found.tokens if not each.findings]
    assert len(well) > 5
    assert set(described) & set(well) <= {
        each.id for each in found.tokens if any(row.group == "this shell" for row in each.bound)
    }


def test_a_change_describes_its_profile_alone(looks: Looks) -> None:
    before, usual = looks.look()
    looks.write("staging", "dry_run = true", "dry_run = true  # as ever")
    after, described = looks.look()
    assert {each.id for each in after.tokens if each.profile == "staging"} <= set(described)
    assert {name.partition("/")[0] for name in set(described) - set(usual)} == {"staging"}
    assert [each.id for each in after.tokens] == [each.id for each in before.tokens]


def test_it_says_what_a_first_look_says(looks: Looks) -> None:
    looks.write("staging", "dry_run = true", "\ndry_run = true")
    kept, fresh = looks.look()[0], overview(looks.context)
    assert kept == fresh
    moved = next(each for each in kept.tokens if each.name == "writer")
    assert any(row.line for row in moved.bound)
