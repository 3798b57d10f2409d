"""Which backend is meant by "keyring"."""

from pathlib import Path

import pytest

from keybound.custody.context.context import Keeper
from keybound.domain.errors import BadInput
from keybound.stores.keyring.secret_service import SecretServiceStore


@pytest.fixture
def keeper(environ: dict[str, str]) -> Keeper:
    return Keeper({**environ, "KEYBOUND_STORE": "keyring"}, "/")


def test_config_names_another_backend(keeper: Keeper) -> None:
    assert isinstance(keeper.store, SecretServiceStore)
    path = Path(keeper.home.settings)
    path.parent.mkdir(parents=True)
    path.write_text('keyring = "keyring.backends.null.Keyring"\n')
    assert keeper.store_kind() == "keyring.backends.null.Keyring"
    path.write_text("[hook]\nsay = 'quiet'\n")
    assert keeper.store_kind() == "keyring"


def test_a_broken_config_is_said(keeper: Keeper) -> None:
    path = Path(keeper.home.settings)
    path.parent.mkdir(parents=True)
    path.write_text("keyrings = 1\n")
    with pytest.raises(BadInput, match=r"config\.toml:1:1"):
        keeper.store_kind()
