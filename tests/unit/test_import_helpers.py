"""What an import adds to git's list of helpers, and takes away again: its owner's own stay as they were."""

import pytest

from keybound.custody.imports.helpers import to_add, without_helper

A, B = "!keybound git-credential a --host x", "!keybound git-credential b --host x"


@pytest.mark.parametrize(
    ("values", "added"),
    [
        ([], ["", A]),
        (["store"], ["", A]),
        (["", "!gh auth git-credential"], ["", A]),
        (["", B], [A]),
        (["store", "", A], []),
    ],
)
def test_an_owners_helper_is_not_asked_and_not_lost(values: list[str], added: list[str]) -> None:
    assert to_add(values, A) == added
    if added:
        assert without_helper([*values, *added], A) == values


def test_of_two_either_can_go_first() -> None:
    for first, second in ((A, B), (B, A)):
        left = without_helper(["store", "", A, B], first)
        assert left == ["store", "", second]
        assert without_helper(left, second) == ["store"]
    assert without_helper(["store", "", A, "cache"], A) == ["store", "", "cache"]  # an owner's, added since
    assert without_helper(["store"], A) == ["store"]
