"""What is alerted: once for one thing, with what was found, and again only when it came again."""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from keybound.custody.alerts.raising import alert_over, raise_alert
from keybound.custody.evaluation.evaluate import Evaluation, evaluate
from keybound.custody.tokens.add import NewDefinition, add
from keybound.custody.tokens.approve import approve_part
from keybound.custody.tokens.expire import evaluate_and_record
from keybound.domain.errors import UnavailableError
from keybound.domain.guard import guard
from keybound.domain.text.secret import Secret
from keybound.domain.values.alert_kinds import AlertKind
from keybound.domain.values.names import parse_token_id
from keybound.stores import generation
from keybound.stores.alert_table import AlertTable
from unit.test_clock import Shifted

PROFILE = """[files]
a = "~/a.toml"
[roles]
active = ["reader"]
[roles.grants]
reader = ["repo:read"]
writer = ["repo:write"]
[tokens.role]
env = "ROLE"
scopes = ["repo:read"]
outside = "warn"
"""


@pytest.fixture
def context(environ: dict[str, str], open_store: None, tmp_path: Path) -> Iterator[Shifted]:
    context = Shifted(dict(environ), str(tmp_path))
    Path(context.home.profiles).mkdir(parents=True)
    profile(context, PROFILE)
    value(context, "y")
    binds = ('file:a#x equals="y" outside="suspend"', "env:WHERE exists=false")
    add(context, NewDefinition(parse_token_id("p/held"), ("HELD",), ttl="10d", binds=binds), Secret("a"))
    approve_part(context, "p")
    rested()
    assert alerts(context) == []
    yield context
    context.state.close()
    context.store.lock()


def profile(context: Shifted, text: str) -> None:
    Path(context.home.profile_path("p")).write_text(text)


def value(context: Shifted, text: str) -> None:
    Path(context.home.user, "a.toml").write_text(f'x = "{text}"\n')


def rested() -> None:
    time.sleep(guard.SETTLE_NS / 1e9)


def look(context: Shifted) -> Evaluation:
    return evaluate_and_record(context, ["p"])


def alerts(context: Shifted) -> list[tuple[str, str, str]]:
    look(context)
    return [(one.kind, one.about, one.message) for one in reversed(AlertTable(context.state).newest(9))]


def test_a_token_outside_its_bounds_is_alerted_once(context: Shifted) -> None:
    value(context, "z")
    found = [("suspended", "p/held", "file:a#x is z, bound to y")]
    assert alerts(context) == found
    before = generation.read(context.home.generation)
    assert alerts(context) == found
    assert generation.read(context.home.generation) == before


def test_what_comes_again_is_alerted_again(context: Shifted) -> None:
    for text in ("z", "y", "z"):
        value(context, text)
        found = alerts(context)
    assert [kind for kind, _, _ in found] == ["suspended", "suspended"]
    assert [one.stands for one in AlertTable(context.state).newest(9)] == [True, False]


def test_another_reason_is_another_alert(context: Shifted) -> None:
    for text in ("z", "w"):
        value(context, text)
        found = alerts(context)
    assert [message for _, _, message in found] == ["file:a#x is z, bound to y", "file:a#x is w, bound to y"]


def test_every_shell_hears_of_a_new_one(context: Shifted) -> None:
    before = generation.read(context.home.generation)
    raise_alert(context, AlertKind.REFUSED, "p/held", "its provider refuses it")
    assert generation.read(context.home.generation) > before


def test_what_one_caller_alone_has_is_nobodys_alert(context: Shifted) -> None:
    context.caller = context.caller._replace(environ={**context.caller.environ, "WHERE": "here"})
    context.environ = {**context.environ, "WHERE": "here"}
    assert not look(context).judged[0].verdict.state.usable
    assert alerts(context) == []


def test_the_reason_is_one_that_all_callers_have(context: Shifted) -> None:
    binds = ("env:WHERE exists=false", 'file:a#x equals="y" outside="suspend"')
    add(context, NewDefinition(parse_token_id("p/other"), ("OTHER",), binds=binds), Secret("b"))
    context.caller = context.caller._replace(environ={**context.caller.environ, "WHERE": "here"})
    context.environ = {**context.environ, "WHERE": "here"}
    value(context, "z")
    found = [one for one in alerts(context) if one[1] == "p/other"]
    assert found == [("suspended", "p/other", "file:a#x is z, bound to y")]


def test_an_end_that_comes_near_is_alerted_once_and_then_the_end(context: Shifted) -> None:
    context.shift = timedelta(days=9, hours=1)
    (due,) = alerts(context)
    assert due[0] == "due"
    context.shift = timedelta(days=9, hours=20)
    assert alerts(context) == [due]
    context.shift = timedelta(days=11)
    found = alerts(context)
    assert [kind for kind, _, _ in found] == ["due", "expired"]
    assert found[1][2].startswith("its lifetime ended on")


def test_an_expiry_is_one_alert_whatever_the_value_is_by_then(context: Shifted) -> None:
    add(context, NewDefinition(parse_token_id("p/other"), ("OTHER",), binds=('file:a#x equals="y"',)), Secret("b"))
    for text in ("z", "y"):
        value(context, text)
        rested()
        found = [one for one in alerts(context) if one[1] == "p/other"]
        assert found == [("expired", "p/other", "file:a#x is z, bound to y")]


def test_a_file_that_has_not_rested_is_no_alert_yet(context: Shifted) -> None:
    add(context, NewDefinition(parse_token_id("p/other"), ("OTHER",), binds=('file:a#x equals="y"',)), Secret("b"))
    value(context, "z")
    with patch("keybound.custody.tokens.expire.settled", lambda context, names, _: evaluate(context, names)):
        assert [one for one in alerts(context) if one[1] == "p/other"] == []


def test_scopes_gained_and_lost_are_alerted_each_time(context: Shifted) -> None:
    add(context, NewDefinition(parse_token_id("p/role")), Secret("c"))
    look(context)
    expected = []
    for active, kind in (("writer", "lost"), ("reader", "gained"), ("writer", "lost")):
        text = Path(context.home.profile_path("p")).read_text()
        before = "reader" if active == "writer" else "writer"
        profile(context, text.replace(f'active = ["{before}"]', f'active = ["{active}"]'))
        expected.append((kind, "p/role", f"{'loses' if kind == 'lost' else 'gains'} repo:read"))
        assert [one for one in alerts(context) if one[1] == "p/role"] == expected


def test_a_shift_is_never_remembered_without_its_alert(context: Shifted) -> None:
    add(context, NewDefinition(parse_token_id("p/role")), Secret("c"))
    look(context)
    profile(context, Path(context.home.profile_path("p")).read_text().replace('["reader"]', '["writer"]', 1))
    with patch.object(AlertTable, "put", side_effect=UnavailableError("full")), pytest.raises(UnavailableError):
        look(context)
    assert ("lost", "p/role", "loses repo:read") in alerts(context)


def test_an_unapproved_part_is_alerted_until_it_is_approved(context: Shifted) -> None:
    approved = Path(context.home.profile_path("p")).read_text()
    for text in (approved + '[env]\nSTAGE = "less"\n', approved, approved + '[env]\nSTAGE = "less"\n'):
        profile(context, text)
        found = alerts(context)
    assert found == [("unapproved", "p", "[env] is not approved: keybound approve p")] * 2


def test_what_others_raise_stands_until_they_say_that_it_is_over(context: Shifted) -> None:
    for _ in range(2):
        raise_alert(context, AlertKind.REFRESH_FAILED, "p/held", "the refresh command failed with status 1")
    assert len(alerts(context)) == 1
    alert_over(context, AlertKind.REFRESH_FAILED, "p/held")
    raise_alert(context, AlertKind.REFRESH_FAILED, "p/held", "the refresh command failed with status 1")
    assert len(alerts(context)) == 2
