"""Two changes of one text: brought together where they do not meet, refused where they do."""

from hypothesis import given
from hypothesis import strategies as st

from keybound.domain.text.merge import merged

LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "\n"]), max_size=8).map("".join)
BASE = "".join(f"line {number}\n" for number in range(12))


def edited(text: str, at: int, new: str) -> str:
    lines = text.splitlines(keepends=True)
    lines[at : at + 1] = [new] if new else []
    return "".join(lines)


@given(LINES, LINES)
def test_a_text_that_only_one_changed_is_the_changed_one(base: str, mine: str) -> None:
    assert merged(base, mine, base) == mine
    assert merged(base, base, mine) == mine
    assert merged(base, mine, mine) == mine


@given(LINES, LINES, LINES)
def test_neither_side_goes_first(base: str, mine: str, theirs: str) -> None:
    assert merged(base, mine, theirs) == merged(base, theirs, mine)


@given(st.integers(0, 4), st.integers(6, 11), st.sampled_from(["", "x\n", "x\ny\n"]), st.sampled_from(["", "z\n"]))
def test_changes_that_do_not_meet_are_both_made(first: int, second: int, one: str, other: str) -> None:
    mine, theirs = edited(BASE, first, one), edited(BASE, second, other)
    assert merged(BASE, mine, theirs) == edited(mine, second + len(mine.splitlines()) - 12, other)


@given(st.integers(0, 11), st.integers(0, 1))
def test_changes_of_the_same_lines_or_of_neighbours_are_refused(at: int, beside: int) -> None:
    theirs = edited(BASE, min(at + beside, 11), "theirs\n")
    assert merged(BASE, edited(BASE, at, "mine\n"), theirs) is None
