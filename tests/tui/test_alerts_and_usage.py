"""Alerts in the application: counted in the header, listed on a key, seen by that; delivered while it is open."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from keybound.custody.alerts.raising import raise_alert
from keybound.custody.application.alerting import alert_views, with_delivery
from keybound.custody.application.usage_view import usage_view
from keybound.custody.context.context import Context
from keybound.custody.view_models.tokens import UsageView
from keybound.domain.values.alert_kinds import AlertKind
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.verdict.states import State
from keybound.stores.journal.journal import Draft
from keybound.tui.app import KeyboundApp
from support.sample_service import NOW, OVERVIEW, SampleService
from support.tui import driven


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_unseen_alerts_are_counted_listed_and_then_seen(size: tuple[int, int]) -> None:
    service = SampleService(OVERVIEW._replace(alerts=2))
    async with driven(service, size=size) as app:
        assert ("2 alerts" if size[0] == 120 else "!2") in app.shown
        await app.press("N")
        assert app.dialog == "Alerts"
        assert "staging/deploy is expired: flags.beta_writes is true, bound to false" in app.said("Text")
        assert app.said("Text").count("  new") == 2
        assert ("see_alerts", (4, 3)) in service.calls
        await app.press("escape")
        assert "2 alerts" not in app.shown
        assert "!2" not in app.shown
        await app.press("N", "N")
        assert [call for call in service.calls if call[0] == "see_alerts"] == [("see_alerts", (4, 3))]


async def test_where_there_are_none_it_says_so() -> None:
    service = SampleService()
    service.alerted = []
    async with driven(service) as app:
        await app.press("N")
        assert "No alerts." in app.shown


async def test_the_bell_rings_when_an_alert_asks_for_it() -> None:
    service = SampleService(OVERVIEW._replace(rings=True))
    with patch.object(KeyboundApp, "bell") as bell:
        async with driven(service):
            pass
    assert bell.call_count == service.evaluations


@pytest.fixture
def context(environ: dict[str, str], tmp_path: Path) -> Iterator[Context]:
    context = Context(environ, str(tmp_path))
    context.delivers = True
    Path(context.home.config).mkdir(parents=True)
    Path(context.home.settings).write_text('[[alert]]\nto = ["bell", "file:~/alerts.jsonl"]\n')
    yield context
    context.state.close()


def test_it_delivers_while_it_is_open(context: Context) -> None:
    raise_alert(context, AlertKind.EXPIRED, "p/a", "its lifetime ended")
    first, second = (with_delivery(context, OVERVIEW) for _ in range(2))
    assert (first.alerts, first.rings, first.notes) == (1, True, OVERVIEW.notes)
    assert (second.alerts, second.rings) == (1, False)
    assert len(Path(context.home.user, "alerts.jsonl").read_text().splitlines()) == 1
    (view,) = alert_views(context, 9)
    assert (view.line, view.state, view.over) == ("p/a is expired: its lifetime ended", State.EXPIRED, False)


def test_what_cannot_be_delivered_is_said_in_it(context: Context) -> None:
    Path(context.home.user, "alerts.jsonl").mkdir()
    raise_alert(context, AlertKind.EXPIRED, "p/a", "its lifetime ended")
    first, second = (with_delivery(context, OVERVIEW) for _ in range(2))
    assert [note for note in first.notes if "is a directory" in note]
    assert second.notes == OVERVIEW.notes


def test_a_tokens_panel_has_what_the_index_says(context: Context) -> None:
    for day, program in ((0, "/bin/make"), (0, "/bin/make"), (12, "/bin/make"), (12, "/usr/bin/curl")):
        at = context.clock() - timedelta(days=12 - day)
        context.journal.append([Draft(EventKind.RELEASED, "p/a", {"program": program}, {"way": "exec"})], at)
    view = usage_view(context, "p/a", 14)
    assert (view.times, view.days) == (4, (0, 2, *[0] * 11, 2))
    assert view.programs == (("curl", 1, True), ("make", 3, False))
    assert usage_view(context, "p/none", 14) == UsageView(0, None, (0,) * 14, ())


async def test_the_panel_follows_the_token_whose_usage_was_read() -> None:
    service = SampleService()
    service.used["staging/deploy"] = UsageView(
        5000, NOW - 86_400 * 300, (7,) * 14, (("curl", 4999, True), ("sh", 1, False))
    )
    async with driven(service) as app:
        assert "98 in 14 days, 5,000 in all" in app.shown
        assert "curl unusual  sh 1" in app.shown
        await app.press("down")
        assert "5,000" not in app.shown
