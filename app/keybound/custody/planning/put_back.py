"""Put a value back: the profile's text with a key as its binding's ``equals`` names it. Nothing is written here."""

from collections.abc import Sequence

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged, find
from keybound.custody.profiles.library import Library
from keybound.custody.profiles.lineage import page_of
from keybound.custody.view_models.plans import PutBack
from keybound.domain.errors import RefusedError
from keybound.domain.profile.definition import Binding
from keybound.domain.rules.registry import literal_of
from keybound.domain.values.keys import CARRIED, Member, parse_key
from keybound.domain.values.names import TokenId
from keybound.domain.values.readings import Value
from keybound.domain.verdict.wording import value_words
from keybound.sources.editing.edit_toml import set_value


def put_back(context: Context, tokens: Sequence[TokenId], key: str) -> PutBack:
    """The text of the file where the key stands, with the value that one of the tokens is bound to by ``equals``.

    Raises RefusedError where no such value is known.
    """
    for token in tokens:
        one = find(context, token)
        for binding in one.token.bindings if one.token else ():
            literal = literal_of(binding.rules)
            if binding.key.text == key and binding.key.kind == "profile" and literal is not None:
                return _text(context, one, binding, literal)
    if parse_key(key).kind == CARRIED:
        hint = "Refresh it, or widen the boundary: keybound bind"
        raise RefusedError(f"{key} is the token's own, and cannot be put back here", hint=hint)
    raise RefusedError(f"the approved value of {key} is not known here", hint="Edit it where it is written.")


def _text(context: Context, one: Judged, binding: Binding, value: Value) -> PutBack:
    path = [step.name for step in binding.key.path if isinstance(step, Member)]
    found = page_of(one.loaded, path) if one.loaded else None
    profile = found[0] if found else one.id.profile
    page = Library(context.home).page(profile)
    return PutBack(profile, page.text, set_value(page.text, path, value), f"{binding.key.text} = {value_words(value)}")
