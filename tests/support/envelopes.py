"""Envelopes in a store, as somebody else may write them."""

import json

from keybound.domain.text.secret import Secret, expose_secret
from keybound.stores.base import Item, SecretStore

GITHUB, OTHER = Item("staging", "github", "token"), Item("staging", "other", "token")


def text_of(store: SecretStore, item: Item) -> Secret:
    text = store.read([item])[item]
    assert isinstance(text, Secret)
    return text


def edited(text: Secret, **fields: object) -> Secret:
    return Secret(json.dumps({**json.loads(expose_secret(text)), **fields}))
