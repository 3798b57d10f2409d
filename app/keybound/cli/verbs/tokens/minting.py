"""``--mint``: how a minted token is made, as it is typed."""

import shlex
import tomllib

from keybound.domain.errors import BadInputError
from keybound.domain.profile.mint import MINT
from keybound.domain.values.readings import Value

_EXAMPLE = "For example --mint 'ttl=15m audience=https://deploy.example.com claims.region={settings.region}'."


def read_mint_option(text: str) -> dict[str, Value]:
    """The table that ``NAME=VALUE …`` means; ``claims.NAME=VALUE`` is a claim. Raises BadInputError."""
    table: dict[str, Value] = {}
    claims: dict[str, Value] = {}
    for word in _words(text):
        name, equals, value = word.partition("=")
        group, _, claim = name.partition(".")
        if not equals or not name or (claim and group != "claims"):
            raise BadInputError(f"cannot read {word!r} as NAME=VALUE", hint=_EXAMPLE)
        if name in table or claim in claims:
            raise BadInputError(f"{name} is given twice", hint="Several audiences are a list in the profile.")
        if claim:
            claims[claim] = _typed(value)
        elif name not in MINT.known or name == "claims":
            raise BadInputError(f"mint has no {name}", hint=f"Known: {', '.join(MINT.known)}.")
        else:
            table[name] = value
    return {**table, "claims": claims} if claims else table


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        raise BadInputError(f"the quotes in {text!r} do not match", hint=_EXAMPLE) from None


def _typed(text: str) -> Value:
    """A claim's value: a number, true or false, or a list as in TOML, else the text as it stands."""
    try:
        value: Value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return value
