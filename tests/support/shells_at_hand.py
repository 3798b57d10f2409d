"""Programs that end-to-end tests need: in CI they must be there."""

import os
import shutil

import pytest


def needed(program: str) -> str:
    """The program's path; skip where it is not installed, fail where that is CI."""
    found = shutil.which(program)
    if found is None:
        assert os.environ.get("CI") != "true", f"{program} is missing in CI"
        pytest.skip(f"{program} is not installed")
    return found
