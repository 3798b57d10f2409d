"""A plan is what happens: the verdicts that it shows for an edit are those after the edit is really saved."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keybound.custody.context.context import Context
from keybound.custody.planning.plan import plan_text
from keybound.custody.tokens.add import NewDefinition, add
from keybound.custody.tokens.approve import approve, approve_part
from keybound.custody.tokens.edit import save_text
from keybound.custody.tokens.expire import evaluate_and_record
from keybound.domain.guard import guard
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.names import parse_token_id
from keybound.domain.verdict.states import State
from keybound.stores.age.age_file import AgeFileStore
from support.quick_store import PASSPHRASE, make_quickly
from support.rounds import rounds

REST_NS = 20_000_000
TOKENS = ("base/shared", "child/shared", "child/own")
BASE = """[settings]
level = {level}
region = "{region}"
[flags]
beta = {beta}
[roles]
active = {active}
[roles.grants]
reader = {reader}
[tokens.shared]
env = "SHARED"
scopes = ["repo:read"]
[tokens.shared.bound]
"flags.beta" = {{ equals = false, outside = "{outside}" }}
"""
CHILD = 'extends = "base"\n[tokens.own]\nenv = "OWN"\n[tokens.own.bound]\n"settings.level" = {{ max = {most} }}\n'
FIRST = {
    "level": "1",
    "region": "eu",
    "beta": "false",
    "active": '["reader"]',
    "reader": '["repo:*"]',
    "outside": "expire",
}
_edits = st.fixed_dictionaries(
    {
        "level": st.sampled_from(["1", "2", "9"]),
        "region": st.sampled_from(["eu", "us"]),
        "beta": st.sampled_from(["false", "true"]),
        "active": st.sampled_from(['["reader"]', "[]"]),
        "reader": st.sampled_from(['["repo:*"]', '["other"]']),
        "outside": st.sampled_from(["expire", "suspend", "warn"]),
    }
)


def furnish(root: Path) -> Context:
    (root / "pass").write_bytes(expose_secret(PASSPHRASE))
    environ = {"HOME": str(root), "KEYBOUND_STORE": "file", "KEYBOUND_PASSWORD_FILE": str(root / "pass")}
    context = Context(environ, str(root))
    assert isinstance(context.store, AgeFileStore)
    make_quickly(context.store)
    Path(context.home.profiles).mkdir(parents=True)
    save_text(context, "base", BASE.format(**FIRST), None)
    save_text(context, "child", CHILD.format(most=3), None)
    for token in TOKENS:
        add(context, NewDefinition(parse_token_id(token)), Secret("secret"))
    return context


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    with patch.object(guard, "SETTLE_NS", REST_NS):
        context = furnish(tmp_path)
        yield context
        context.state.close()
        context.store.lock()


@settings(
    max_examples=rounds(12, 2, "KEYBOUND_MODEL"),
    deadline=None,
    derandomize="KEYBOUND_MODEL" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(edits=st.lists(_edits, min_size=1, max_size=2))
def test_a_plan_is_what_happens(context: Context, edits: list[dict[str, str]]) -> None:
    begin_anew(context)
    for edit in edits:
        planned_is_saved(context, BASE.format(**edit))


def begin_anew(context: Context) -> None:
    """The first texts again, every token approved."""
    save_text(context, "base", BASE.format(**FIRST), Path(context.home.profile_path("base")).read_text())
    for profile in ("base", "child"):
        approve_part(context, profile)
    for token in TOKENS:
        approve(context, parse_token_id(token))


def planned_is_saved(context: Context, text: str) -> None:
    """Compare every token of the family before and after the save."""
    before = {str(one.id): one.verdict.state for one in evaluate_and_record(context, ["base", "child"]).judged}
    plan = plan_text(context, "base", text)
    planned = {row.id: row.after for row in (*plan.rows, *plan.stays)} | dict(plan.unchanged)
    save_text(context, "base", text, Path(context.home.profile_path("base")).read_text())
    time.sleep(REST_NS / 1e9)
    found = {str(one.id): one.verdict.state for one in evaluate_and_record(context, ["base", "child"]).judged}
    assert planned == found
    assert {row.id: row.before for row in plan.rows}.items() <= before.items()
    assert State.MISSING not in found.values()
