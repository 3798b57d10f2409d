"""Put a value back: the profile's text with a key as its binding's ``equals`` names it. Nothing is written here."""

from collections.abc import Sequence

from keybound.custody.evaluate import Judged, find
from keybound.custody.keeper import Keeper
from keybound.custody.views import PutBack
from keybound.domain.definition import Binding
from keybound.domain.errors import Refused
from keybound.domain.keys import Member
from keybound.domain.names import TokenId
from keybound.domain.readings import Value
from keybound.domain.wording import value_words
from keybound.sources.edit_toml import set_value


def put_back(keeper: Keeper, tokens: Sequence[TokenId], key: str) -> PutBack:
    """The text of the file where the key stands, with the value that one of the tokens is bound to by ``equals``.

    Raises Refused where no such value is known.
    """
    for token in tokens:
        one = find(keeper, token)
        for binding in one.token.bindings if one.token else ():
            literal = [rule.value for rule in binding.rules if rule.name == "equals"]
            if binding.key.text == key and binding.key.kind == "profile" and literal:
                return _text(keeper, one, binding, literal[0])
    raise Refused(f"the approved value of {key} is not known here", hint="Edit it where it stands.")


def _text(keeper: Keeper, one: Judged, binding: Binding, value: Value) -> PutBack:
    path = [step.name for step in binding.key.path if isinstance(step, Member)]
    profile = _home_of(one, path)
    page = keeper.library().page(profile)
    return PutBack(profile, page.text, set_value(page.text, path, value), f"{binding.key.text} = {value_words(value)}")


def _home_of(one: Judged, path: Sequence[str]) -> str:
    """The profile in whose file the key stands: the nearest of the lineage; the token's own where none has it."""
    if one.loaded is not None:
        for name, page in zip(one.loaded.profile.lineage, one.loaded.pages, strict=True):
            if _has(page.table, path):
                return name
    return one.id.profile


def _has(table: object, path: Sequence[str]) -> bool:
    for name in path:
        if not isinstance(table, dict) or name not in table:
            return False
        table = table[name]
    return True
