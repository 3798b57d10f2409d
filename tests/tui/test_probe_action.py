"""P asks a provider about the token, and what was heard stands in its panel."""

from threading import Event

from keybound.domain.verdict.states import State
from support.sample_service import OVERVIEW, SampleRotation, SampleService, token
from support.tui import driven

HEARD = (("identity", "octo"), ("scopes", "read:org, repo"), ("word", "heard 2026-11-28 10:00 UTC"))


async def test_p_asks_and_says_what_was_heard() -> None:
    async with driven(SampleService()) as app:
        app.canvas("#table").stand("staging/github")  # type: ignore[attr-defined]
        await app.settle()
        await app.press("P")
        await app.settle()
        assert ("probe", "staging/github") in app.service.calls
        assert "staging/github was probed: ok; octo; scopes repo" in app.shown


async def test_while_the_provider_is_asked_the_header_says_so() -> None:
    asked = Event()

    class Patient(SampleRotation):
        def probe(self, token: str) -> str:
            asked.wait(20)
            return super().probe(token)

    service = SampleService()
    service.rotation = Patient(service.calls)
    async with driven(service, size=(120, 40)) as app:
        app.canvas("#table").stand("staging/github")  # type: ignore[attr-defined]
        await app.pilot.press("P")
        await app.until(lambda: "waiting for staging/github" in app.shown)
        await app.press("2")
        assert app.app.main_screen.tab == 1, "everything else goes on"
        asked.set()
        await app.until(lambda: "waiting for" not in app.shown)
        assert "files watched" in app.shown


async def test_its_panel_says_what_it_carries_and_whose_word_that_is() -> None:
    view = OVERVIEW._replace(tokens=(token("prod/t", "T", State.ACTIVE, carries=HEARD),))
    async with driven(SampleService(view), size=(120, 40)) as app:
        app.canvas("#table").stand("prod/t")  # type: ignore[attr-defined]
        await app.settle()
        assert "Carries   heard 2026-11-28 10:00 UTC" in app.shown
        assert "identity  octo" in app.shown
