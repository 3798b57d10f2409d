"""The import dialog driven by keys: it looks only when asked, explains, and stores what is ticked."""

import threading
from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from keybound.custody.view_models.outcomes import Done
from keybound.custody.view_models.plain import Imported, PlainFinding, PlainFound, PlainSource, PlainToken, Searched
from keybound.domain.errors import StoreLockedError
from keybound.tui.dialogs.plain_list import PlainList
from support.sample_service import FOUND, OVERVIEW, SampleService
from support.steps import counted
from support.tui import Driven, driven


def ticked(app: Driven) -> set[str]:
    return {one.label for one in app.app.screen.query_one(PlainList).chosen}


ALL = {"//registry.npmjs.org/:_authToken", "STRIPE_KEY", "SESSION_SECRET"}


async def test_what_is_ticked_is_imported_and_said() -> None:
    async with driven() as app:
        assert app.did == []  # nothing is looked for unasked
        await app.press("i")
        assert (app.dialog, app.did) == ("ImportPlain", ["search_plain"])
        assert ticked(app) == ALL
        assert "stores 3 tokens in staging" in app.said("#then")
        assert "changes no file" in app.said("#then")
        await app.press("space")
        assert "stores 2 tokens in staging" in app.said("#then")
        await app.press("enter")
        assert app.service.calls[1:] == [("import_plain", (1, 5), False), ("forget_plain",)]
        assert app.dialog == "ImportedDone"
        assert "2 tokens stored in staging, sealed and read back" in app.shown
        assert "stripe, session-secret" in app.shown
        assert "Their plain copies stay where they are" in app.shown
        assert "~/.bash_history:12" in app.shown  # what is left to do
        assert app.toasts == ["2 tokens imported"]
        await app.press("enter")
        assert app.dialog == ""


async def test_a_ticks_all_and_then_none() -> None:
    async with driven() as app:
        await app.press("i", "space", "ctrl+a")
        assert ticked(app) == ALL
        await app.press("ctrl+a")
        assert ticked(app) == set()
        assert "nothing is stored" in app.said("#then")
        await app.press("enter")
        assert (app.dialog, app.did, app.toasts) == ("ImportPlain", ["search_plain"], ["nothing is ticked"])


async def test_r_replaces_also_the_copies_of_what_is_stored_already() -> None:
    async with driven() as app:
        await app.press("i")
        assert "Its plain copy stays. With o: a variable takes its place" in app.said("#about")
        await app.press("o")
        assert ticked(app) == {*ALL, "GITHUB_TOKEN"}
        assert "Its plain copy is replaced: a variable takes its place" in app.said("#about")
        assert "replace plain copies in 2 files; each is kept encrypted" in app.said("#then")
        await app.press("enter")
        assert app.service.calls[1] == ("import_plain", (0, 1, 2, 5), True)
        assert app.toasts == ["3 tokens imported; 1 file replaced"]
        assert "keybound import --undo /home/ada/.npmrc" in app.shown


async def test_a_heading_ticks_its_file() -> None:
    async with driven() as app:
        await app.press("i", "down")
        assert "~/src/api/.env 2 to import, 1 stored already, 2 left" in " ".join(app.said("#about").split())
        await app.press("space")
        assert ticked(app) == {"//registry.npmjs.org/:_authToken"}
        await app.press("space")
        assert ticked(app) == ALL


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (0, "npm: access token (checksum holds) Becomes staging/npm, exported as NPM_TOKEN_2"),
        (0, "Bound to npm:registry url_host=registry.npmjs.org outside=suspend"),
        (3, "It is the same as staging/github: nothing is stored again."),
        (5, "not taken: DEBUG (line 4) and PORT (line 5) neither its name nor its form says that it is a secret"),
        (7, "not taken: Mail (line 12) staging/mail sets MAIL_PASSWORD already"),
        (
            8,
            "GitHub: personal access token (classic) (checksum holds); others can read it (0644) No import can take it",
        ),
    ],
)
async def test_the_row_under_the_cursor_explains_itself(steps: int, words: str) -> None:
    async with driven() as app:
        await app.press("i", *["down"] * steps)
        assert words in " ".join(app.said("#about").split())


async def test_a_space_on_what_cannot_be_taken_ticks_nothing() -> None:
    async with driven() as app:
        await app.press("i", *["down"] * 7, "space", "down", "space")
        assert ticked(app) == ALL


async def test_what_is_left_is_listed_and_taken_where_it_is_ticked() -> None:
    async with driven() as app:
        await app.press("i", *["down"] * 5)
        assert "[ ] PORT" not in app.shown
        await app.press("space")
        assert "[ ] PORT" in app.shown
        assert ticked(app) == ALL
        await app.press("down", "down")
        assert "Not ticked: neither its name nor its form" in app.said("#about")
        await app.press("space")
        assert ticked(app) == ALL | {"PORT"}
        await app.press("ctrl+a")
        assert ticked(app) == {"PORT"}  # it is no part of all that an import would take
        await app.press("enter")
        assert app.service.calls[1] == ("import_plain", (4,), False)


async def test_what_could_not_be_done_says_why() -> None:
    service = SampleService()
    service.imported = Imported(
        ("staging/npm",),
        (Done("staging/stripe", "the profile is broken"),),
        (),
        (Done("~/.npmrc", "it was changed meanwhile"),),
    )
    async with driven(service) as app:
        await app.press("i", "o", "enter")
        assert "staging/stripe not stored: the profile is broken" in app.shown
        assert "~/.npmrc not replaced: it was changed meanwhile" in app.shown
        assert app.toasts == ["1 token imported; 1 not stored; 1 file not replaced"]


async def test_escape_stores_nothing_and_forgets_what_was_found() -> None:
    async with driven() as app:
        await app.press("i", "escape")
        assert (app.dialog, app.did) == ("", ["search_plain", "forget_plain"])


async def test_closing_it_ends_the_search() -> None:
    service, ended = SampleService(), threading.Event()

    def search(goes_on: Callable[[Searched], bool]) -> None:
        files = 0
        while goes_on(Searched(files, 2)):
            files = min(files + 1, 17)
            ended.wait(0.01)
        ended.set()

    service.searching = search
    async with driven(service) as app:
        await app.pilot.press("i")
        await app.pilot.pause(0.4)
        assert "17 files, 2 tokens so far" in app.shown
        await app.pilot.press("enter")  # on the button that closes
        assert ended.wait(5)
        await app.settle()
        assert (app.dialog, app.did) == ("", ["search_plain", "forget_plain"])


async def test_how_many_are_stored_is_seen_and_nothing_closes_it_meanwhile() -> None:
    service, go_on = SampleService(), threading.Event()

    def store(far: Callable[[int], object]) -> None:
        far(2)
        go_on.wait(10)

    service.storing = store
    async with driven(service) as app:
        await app.press("i")
        await app.pilot.press("enter", "escape")
        await app.pilot.pause(0.4)
        assert "Storing … 2 of 3 tokens" in app.said("#then")
        assert app.dialog == "ImportPlain"
        await app.pilot.press("enter")
        go_on.set()
        await app.settle()
        assert (app.dialog, app.did) == ("ImportedDone", ["search_plain", "import_plain", "forget_plain"])


async def test_where_nothing_is_found_it_says_where_it_looked() -> None:
    service = SampleService()
    service.plain = PlainFound("", 23)
    async with driven(service) as app:
        await app.press("i")
        assert "23 files looked at" in app.shown
        await app.press("o", "ctrl+a")
        assert "keybound import FILE" in app.shown
        await app.press("enter")
        assert (app.dialog, app.did) == ("", ["search_plain", "forget_plain"])


@pytest.mark.parametrize("fails", [["import_plain"], ["import_plain", "plain_found"]])
async def test_a_store_that_is_locked_meanwhile_is_opened_and_nothing_is_lost(
    fails: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> NoReturn:
        raise StoreLockedError("the store is locked")

    async with driven() as app:
        await app.press("i", "space")
        with monkeypatch.context() as patch:
            for name in fails:
                patch.setattr(SampleService, name, locked)
            app.service.view = OVERVIEW._replace(store_status="locked")
            await app.press("enter")
            assert app.dialog == "Unlock"
            await app.press("escape")
        assert app.dialog == "ImportPlain"
        await app.press("enter")
        assert app.service.calls[1:] == [("import_plain", (1, 5), False), ("forget_plain",)]


async def test_where_nothing_can_be_imported_nothing_offers_to() -> None:
    service = SampleService()
    service.plain = PlainFound("staging", 3, by_hand=FOUND.by_hand, notes=FOUND.notes)
    async with driven(service) as app:
        await app.press("i")
        assert "Nothing to import, 2 to remove by hand" in app.shown
        assert "⏎ import" not in app.shown
        assert "replace plain copies" not in app.shown
        await app.press("enter", "o", "end")
        assert (app.said("#about"), app.toasts) == (FOUND.notes[0], [])


async def test_the_first_run_offers_it() -> None:
    async with driven(SampleService(OVERVIEW._replace(tokens=()))) as app:
        assert app.dialog == "Welcome"
        assert app.did == []
        await app.press("i")
        await app.settle()
        assert (app.dialog, app.did) == ("ImportPlain", ["first_profile", "search_plain"])


@pytest.mark.parametrize(("key", "dialog"), [("i", "ImportPlain"), ("a", "AddToken")])
async def test_the_first_run_without_a_profile_makes_one(key: str, dialog: str) -> None:
    async with driven(SampleService(OVERVIEW._replace(profiles=(), tokens=(), active=""))) as app:
        await app.press("escape", key)
        assert (app.dialog, app.did) == ("FirstRun", [])  # it is never made unsaid
        await app.press("enter")
        await app.until(lambda: app.dialog == dialog)
        assert app.did[0] == "first_profile"
        assert "default" in app.shown


async def test_a_click_on_a_box_ticks_and_a_click_beside_it_stands() -> None:
    async with driven() as app:
        await app.press("i")
        await app.pilot.click(PlainList, offset=(5, 3))
        await app.settle()
        assert ticked(app) == ALL - {"STRIPE_KEY"}
        await app.pilot.click(PlainList, offset=(20, 5))
        await app.settle()
        assert ticked(app) == ALL - {"STRIPE_KEY"}
        assert "staging/session-secret" in app.said("#about")


async def test_the_mouse_replaces_and_imports() -> None:
    async with driven() as app:
        await app.press("i")
        await app.pilot.click("#then", offset=(8, 2))
        await app.settle()
        assert "in 2 files; each is kept encrypted" in app.said("#then")
        await app.pilot.click("#yes")
        await app.settle()
        assert app.service.calls[1] == ("import_plain", (0, 1, 2, 5), True)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20)])
async def test_everything_has_its_place(size: tuple[int, int]) -> None:
    async with driven(size=size) as app:
        await app.press("i")
        for words in ("~/.npmrc", "replace plain copies", "Import", "Close", "esc close"):
            assert words in app.shown


def test_the_sample_has_every_kind_of_row() -> None:
    tokens = [one for source in FOUND.sources for one in source.tokens]
    assert any(one.stored for one in tokens)
    assert any(one.left and not one.stored for one in tokens)
    assert FOUND.by_hand
    assert FOUND.notes


def many(tokens: int) -> PlainFound:
    rows = tuple(PlainToken(at, f"KEY_{at}", at + 1, id=f"staging/key-{at}", env=f"KEY_{at}") for at in range(tokens))
    hand = tuple(PlainFinding(f"~/.bash_history:{at}", "named like a secret") for at in range(tokens))
    return PlainFound("staging", 3, (PlainSource("~/.env", "dotenv", "its line is removed", rows),), hand)


@pytest.mark.parametrize("tokens", [20, 1_000])
async def test_as_many_rows_are_made_as_are_seen(tokens: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made, real = [], PlainList._row

    def row(self: PlainList, *words: Any) -> Any:
        made.append(words)
        return real(self, *words)

    monkeypatch.setattr(PlainList, "_row", row)
    service = SampleService()
    service.plain = many(tokens)
    async with driven(service) as app:
        await app.press("i")
        assert 0 < len(made) <= 4 * 40  # it is painted a few times while it opens
        made.clear()
        await app.press("down")
        assert 0 < len(made) <= 2 * 40


def test_ten_times_the_tokens_are_at_most_twelve_times_the_work() -> None:
    def steps(tokens: int) -> int:
        plain = PlainList()
        with counted() as work:
            plain.found = many(tokens)
            plain.ticked = {one.number for one in plain.possible}
            plain.entries(70)
            assert len(plain.chosen) == tokens
            assert len(plain.replaced) == 1
        return work.count

    assert steps(1_000) <= 12 * steps(100)
