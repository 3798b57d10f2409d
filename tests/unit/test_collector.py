"""Nothing is collected while everything is read; afterwards collections are as they were, also where the reading failed."""

import gc
import sys
from collections.abc import Iterator

import pytest

from keybound.tui.frame.collector import long_work


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)
    gc.unfreeze()
    gc.enable()


@pytest.mark.parametrize("lasting", [True, False])
def test_collections_rest_and_go_on(lasting: bool) -> None:
    with long_work(lasting=lasting):
        assert not gc.isenabled()
        assert sys.getswitchinterval() < 0.002
    assert gc.isenabled()
    assert (gc.get_freeze_count() > 0) is lasting


def test_a_failure_leaves_them_on() -> None:
    with pytest.raises(KeyError), long_work(lasting=False):
        raise KeyError
    assert gc.isenabled()
