"""Which backend is meant by "keyring"."""

from pathlib import Path

import pytest

from keybound.custody.context.context import Context
from keybound.domain.errors import BadInputError
from keybound.stores.keyring.secret_service import SecretServiceStore


@pytest.fixture
def context(environ: dict[str, str]) -> Context:
    return Context({**environ, "KEYBOUND_STORE": "keyring"}, "/")


def test_config_names_another_backend(context: Context) -> None:
    assert isinstance(context.store, SecretServiceStore)
    path = Path(context.home.settings)
    path.parent.mkdir(parents=True)
    path.write_text('keyring = "keyring.backends.null.Keyring"\n')
    assert context.store_kind() == "keyring.backends.null.Keyring"
    path.write_text("[hook]\nsay = 'quiet'\n")
    assert context.store_kind() == "keyring"


def test_a_broken_config_is_said(context: Context) -> None:
    path = Path(context.home.settings)
    path.parent.mkdir(parents=True)
    path.write_text("keyrings = 1\n")
    with pytest.raises(BadInputError, match=r"config\.toml:1:1"):
        context.store_kind()
