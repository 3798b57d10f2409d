"""What a plan says of the proposed text: the lines that move tokens. On real files and the real file store."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from keybound.cli.verbs.start.demo import throw_away
from keybound.custody.application.overview import overview
from keybound.custody.context.context import Context
from keybound.custody.demo.samples import furnish
from keybound.custody.planning.plan import plan_text
from keybound.domain.verdict.states import State
from keybound.stores.age.age_file import AgeFileStore
from support.quick_store import make_quickly


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    home = str(tmp_path_factory.mktemp("home"))
    with patch.object(AgeFileStore, "create", lambda store, passphrase: make_quickly(store)):
        made = furnish(throw_away(home), home)
    time.sleep(0.35)  # files rest
    yield made
    made.store.lock()


def text_of(context: Context, profile: str) -> str:
    return Path(context.home.profile_path(profile)).read_text()


def number_of(text: str, start: str) -> int:
    return next(at for at, line in enumerate(text.split("\n"), 1) if line.startswith(start))


def test_a_finding_stands_on_the_line_of_its_key(context: Context) -> None:
    text = text_of(context, "staging").replace("beta_writes = false", "beta_writes = true")
    (row,) = plan_text(context, "staging", text).rows
    assert (row.id, row.after) == ("staging/deploy", State.EXPIRED)
    assert row.lines == (number_of(text, "beta_writes"),)


def test_a_key_that_comes_back_inside_is_named_with_its_line(context: Context) -> None:
    text = text_of(context, "staging").replace("dry_run = true", "dry_run = false")
    plan = plan_text(context, "staging", text)
    back = {row.id: row.back for row in (*plan.rows, *plan.stays)}
    assert back["staging/writer"] == (("flags.dry_run", number_of(text, "dry_run")),)


def test_a_changed_definition_stands_on_its_table(context: Context) -> None:
    text = text_of(context, "staging").replace('ttl = "30d"', 'ttl = "31d"')
    (row,) = plan_text(context, "staging", text).rows
    assert row.needs_approval
    assert row.lines == (number_of(text, "[tokens.deploy]"),)


def test_a_lost_scope_stands_on_the_active_roles(context: Context) -> None:
    text = text_of(context, "base").replace('active = ["deployer"]', 'active = ["reader"]')
    rows = {row.id: row for row in plan_text(context, "base", text).rows}
    assert rows["base/artifacts"].lost == ("packages:read",)
    assert set(rows["base/artifacts"].lines) == {number_of(text, "active")}
    assert set(rows["staging/github"].lines) == {number_of(text, "active")}, (
        "a child's token moves by the parent's line"
    )


def test_a_line_of_another_file_is_not_taken_for_one_of_this_text(context: Context) -> None:
    text = text_of(context, "staging").replace('starts_with = "eu-"', 'starts_with = "us-"')
    row = next(row for row in plan_text(context, "staging", text).rows if row.id == "staging/metrics")
    assert row.findings[0].key == "settings.region"
    assert row.lines == (0, number_of(text, "[tokens.metrics]")), "settings.region stands in base.toml"


def test_the_overview_names_file_and_line_of_what_is_outside(context: Context) -> None:
    rows = {row.key: row for token in overview(context).tokens if token.profile == "staging" for row in token.bound}
    flag = next(
        row
        for token in overview(context).tokens
        for row in token.bound
        if token.id == "staging/writer" and row.key == "flags.dry_run"
    )
    assert (os.path.basename(flag.path), flag.line) == (
        "staging.toml",
        number_of(text_of(context, "staging"), "dry_run"),
    )
    assert rows["file:npmrc"].line == 0, "a whole file has no line"
