"""Why nothing can be minted now: found at each evaluation, so that it is said before anybody asks for the token."""

from collections.abc import Iterator, Mapping

from keybound.domain.errors import BadInputError
from keybound.domain.profile.definition import Profile, Token
from keybound.domain.profile.places import fill
from keybound.domain.seal.config_digest import config_digest
from keybound.domain.seal.envelope import Envelope
from keybound.domain.values.readings import Read
from keybound.domain.verdict.states import Reaction, State
from keybound.domain.verdict.verdict import Finding

_EDWARDS = {"EdDSA", "Ed25519"}  # two names of one algorithm, so of one key


def minting_findings(
    profile: Profile, token: Token, envelope: Envelope | None, readings: Mapping[str, Read]
) -> Iterator[Finding]:
    """A finding that suspends for each thing that stands in the way; none for a token that is not minted and holds no keys."""
    if envelope is not None and (why := key_fault(token, envelope)):
        yield _suspends(f"{why}: keybound refresh {token.id}")
    if token.mint is None:
        return
    for place, text in token.mint.texts():
        try:
            fill(profile, place, text)
        except BadInputError as fault:
            yield _suspends(f"its {place} cannot be filled in: {fault.what}")
    try:
        config_digest(token, readings)
    except BadInputError as fault:
        yield _suspends(f"its configuration has no digest: {fault.what}")


def key_fault(token: Token, envelope: Envelope) -> str:
    """Why the stored secret is not what the definition needs; "" where it is."""
    if envelope.secret is None:
        return ""  # it was erased, and that is said
    signs = envelope.signs
    if token.mint is None:
        return "its stored secret is a signing key, which is never released" if signs else ""
    if not signs:
        return "its stored secret is not a signing key"
    same = signs == token.mint.alg or {signs, token.mint.alg} <= _EDWARDS
    return "" if same else f"its signing key is for {signs}, and its definition says {token.mint.alg}"


def _suspends(message: str) -> Finding:
    return Finding("", "", Reaction.SUSPEND, State.SUSPENDED, None, None, message)
