"""Which backend is meant by "keyring"."""

from pathlib import Path

import pytest

from keybound.custody.context.context import Context
from keybound.domain.errors import BadInputError
from keybound.stores.keyring.secret_service import SecretServiceStore


@pytest.fixture
def keeper(environ: dict[str, str]) -> Context:
    return Context({**environ, "KEYBOUND_STORE": "keyring"}, "/")


def test_config_names_another_backend(keeper: Context) -> None:
    assert isinstance(keeper.store, SecretServiceStore)
    path = Path(keeper.home.settings)
    path.parent.mkdir(parents=True)
    path.write_text('keyring = "keyring.backends.null.Keyring"\n')
    assert keeper.store_kind() == "keyring.backends.null.Keyring"
    path.write_text("[hook]\nsay = 'quiet'\n")
    assert keeper.store_kind() == "keyring"


def test_a_broken_config_is_said(keeper: Context) -> None:
    path = Path(keeper.home.settings)
    path.parent.mkdir(parents=True)
    path.write_text("keyrings = 1\n")
    with pytest.raises(BadInputError, match=r"config\.toml:1:1"):
        keeper.store_kind()
