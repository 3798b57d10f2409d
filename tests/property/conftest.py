"""A home that is edited at random."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from unittest.mock import patch

import pytest

from keybound.custody.context.context import Context
from keybound.custody.tokens.add import NewDefinition, add
from keybound.custody.tokens.approve import approve_part
from keybound.domain.guard import guard
from keybound.domain.text.secret import Secret
from keybound.domain.values.names import parse_token_id
from keybound.stores.age import kernel_keyring
from support.random_edits import Edits
from support.two_ways import in_full


@pytest.fixture
def fresh(environ: dict[str, str], open_store: None) -> Iterator[Callable[[int], Edits]]:
    """A home in which everything may leave, made anew for a seed."""
    if not kernel_keyring.put("keybound:test", Secret("nothing"), 1):
        pytest.skip("the kernel keeps no identity here")

    def made(seed: int) -> Edits:
        context = Context(environ, environ["HOME"])
        for folder in (context.home.state, f"{context.home.data}/store/child"):
            for path in sorted(Path(folder).rglob("*"), reverse=True):
                with suppress(OSError):  # an agent that lives may take some away itself
                    path.rmdir() if path.is_dir() else path.unlink()
        Path(context.home.profiles).mkdir(parents=True, exist_ok=True)
        edits = Edits(context.home, environ, random.Random(seed))
        edits.begin()
        context = Context(environ, environ["HOME"])
        approve_part(context, "child")
        for name in ("flag", "file", "shell"):
            add(context, NewDefinition(parse_token_id(f"child/{name}")), Secret(f"secret of {name}"))
        context.close()
        assert in_full(environ, edits.cwd) is not None
        return edits

    with patch.object(guard, "SETTLE_NS", 0):
        yield made
