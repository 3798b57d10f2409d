"""The screens as plain text: all is in words, nothing is wider than asked, and nothing in them drives a terminal."""

from itertools import pairwise

import pytest

from keybound.cli.verbs.start.application import SCREENS as OFFERED
from keybound.custody.view_models.overview import Overview
from keybound.domain.errors import BadInputError
from keybound.domain.verdict.states import State
from keybound.tui.frame.tabs import tab_names
from keybound.tui.plain.screens import SCREENS, plain_screen
from support.sample_service import NOW, OVERVIEW, SampleService, token


def printed(name: str, width: int = 80, overview: Overview = OVERVIEW) -> list[str]:
    return plain_screen(SampleService(overview), name, width, NOW)


def test_every_screen_can_be_printed() -> None:
    assert tuple(SCREENS) == tuple(name.lower() for name in tab_names())
    assert sorted(OFFERED) == sorted(SCREENS)


@pytest.mark.parametrize("name", SCREENS)
@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_line_is_wider_than_asked(name: str, width: int) -> None:
    rows = printed(name, width)
    assert rows
    assert all(len(row) <= width or " " not in row.strip() for row in rows), "only what has no blank is wider"
    assert all(row == row.rstrip() and row.isprintable() for row in rows)
    assert not any(first == last == "" for first, last in pairwise(rows))


@pytest.mark.parametrize("state", State)
def test_every_state_has_its_word(state: State) -> None:
    rows = printed("tokens", overview=OVERVIEW._replace(tokens=(token("staging/only", "ONLY", state),)))
    assert f"  only: {state.word}" in rows
    assert not any(each.glyph in row for row in rows for each in State)


def test_all_tokens_are_there_with_their_states_and_why() -> None:
    text = "\n".join(printed("tokens", 300))
    for each in OVERVIEW.tokens:
        assert f"  {each.name}: {each.state.word}\n" in text
    assert "beta_writes is true, bound to false (staging.toml:10)" in text
    assert (
        "sets DEPLOY_TOKEN; scopes packages:write, deploy:prod; 3 of 4 bound keys inside; 23d left; used 10m ago"
        in text
    )


def test_the_map_is_a_list_of_keys_with_their_tokens() -> None:
    rows = printed("map", 200)
    at = rows.index("  flags.beta_writes is true (staging.toml:10)")
    assert rows[at + 1] == "    deploy: outside, bound to false; the token is expired"
    bound = {row.key for each in OVERVIEW.tokens if each.profile == OVERVIEW.active for row in each.bound}
    assert sum(row.startswith("  ") and row[2] != " " for row in rows) == len(bound)


def test_drift_says_what_it_was_and_what_it_hits() -> None:
    rows = printed("drift", 200)
    assert rows[0] == "3 keys outside"
    assert "flags.beta_writes is true; approved: false, since 14:02:11 today (staging.toml:10)" in rows
    assert "  staging/deploy: expired; must be false, else expire" in rows
    calm = OVERVIEW._replace(tokens=(token("staging/one", "ONE"),), profiles=())
    assert printed("drift", overview=calm) == ["No key is outside its boundary."]


def test_the_profile_says_what_holds_and_what_is_inherited() -> None:
    first = OVERVIEW.profiles[0]._replace(name="staging", flags=(("a", True, True), ("b", False, False)))
    rows = printed("profile", overview=OVERVIEW._replace(profiles=(first,), active="staging"))
    assert "  a: on" in rows
    assert "  b: off, inherited" in rows
    assert "  api.base_url = https://api.staging.example.com" in rows
    assert printed("profile", overview=OVERVIEW._replace(active="")) == ["No profile is in use: keybound use PROFILE"]


def test_the_journal_is_one_event_a_line() -> None:
    rows = printed("journal", 200)
    assert (
        rows[0]
        == "14:06:11 today, released staging/github (active): to a shell as GITHUB_TOKEN; by fish (991) ~/src/api"
    )


NASTY = ("\x1b[2J", "\x1b]52;c;eA==\x07", "a\nb", "\u202eabc", "\x9b1m", "\t\r")


@pytest.mark.parametrize("name", SCREENS)
def test_what_others_wrote_cannot_drive_the_terminal(name: str) -> None:
    for nasty in NASTY:
        hit = OVERVIEW.tokens[0]
        row = hit.bound[0]._replace(key=f"flags.{nasty}", label=nasty, rule=nasty, inside=False)
        bad = hit._replace(name=nasty, env=(nasty,), why=nasty, bound=(row,), findings=())
        profile = OVERVIEW.profiles[0]._replace(description=nasty, path=nasty, env=(nasty,), fault=nasty)
        view = OVERVIEW._replace(tokens=(bad,), profiles=(profile,), active=profile.name, notes=(nasty,))
        assert all(row.isprintable() for row in printed(name, overview=view))


def test_an_unknown_screen_is_said() -> None:
    with pytest.raises(BadInputError, match="no screen is called 'maps'"):
        printed("maps")


@pytest.mark.parametrize("name", SCREENS)
def test_it_is_ascii_where_the_screens_are(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = printed(name)
    monkeypatch.setenv("KEYBOUND_ASCII", "1")
    rows = printed(name)
    assert all(row.isascii() for row in rows)
    assert [len(row) for row in rows] == [len(row) for row in before]
    assert name != "map" or rows != before
