"""Programs that end-to-end tests need: in CI they must be there, but for those that it says it could not get."""

import os
import shutil

import pytest


def needed(program: str) -> str:
    """The program's path; skip where it is not installed, fail where that is CI."""
    found = shutil.which(program)
    if found is None:
        without = os.environ.get("KEYBOUND_TEST_WITHOUT", "").split()
        assert os.environ.get("CI") != "true" or program in without, f"{program} is missing in CI"
        pytest.skip(f"{program} is not installed")
    return found
