"""What tokens carry is each one's own, on Drift and on the Map."""

from keybound.custody.view_models.overview import Overview
from keybound.custody.view_models.tokens import BoundRow
from keybound.domain.verdict.states import State
from keybound.domain.verdict.verdict import Shown
from keybound.tui.drift.gather import drifts
from keybound.tui.map.model import model_of
from support.sample_service import OVERVIEW, token


def row(value: str) -> BoundRow:
    return BoundRow(
        "carried.identity", "carried", "identity", "= octo", "=", "expire", Shown("octo"), Shown(value),
        value == "octo", State.ACTIVE if value == "octo" else State.EXPIRED,
    )  # fmt: skip


def overview(*values: str) -> Overview:
    tokens = tuple(token(f"prod/t{n}", f"T{n}", bounds=[row(value)]) for n, value in enumerate(values))
    return OVERVIEW._replace(tokens=tokens)


def test_on_drift_each_token_is_its_own_row() -> None:
    found = drifts(overview("mallory", "eve", "octo"))
    assert [(one.row.now.text, [hit.id for hit, _ in one.hits]) for one in found] == [
        ("mallory", ["prod/t0"]),
        ("eve", ["prod/t1"]),
    ]
    assert len({one.name for one in found}) == 2


def test_on_the_map_a_key_with_several_values_says_so() -> None:
    assert model_of(overview("mallory", "octo"), "prod").keys["carried.identity"].value == "each its own"
    assert model_of(overview("octo", "octo"), "prod").keys["carried.identity"].value == "octo"
