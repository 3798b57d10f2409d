"""Whether a new secret may be taken: what it must be, and how its token must stand."""

from collections.abc import Sequence

from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.tokens.sealing import matched_seal, still_outside
from keybound.domain.errors import BadInputError, RefusedError
from keybound.domain.profile.definition import Token
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.variables import MAX_ENV_STRING


def check_secret(secret: Secret, variables: Sequence[str]) -> None:
    """Raise BadInputError for a secret that is empty, holds NUL, or is too long for any process's environment."""
    if not len(secret):
        raise BadInputError("the secret is empty", hint="Nothing was stored.")
    if b"\0" in expose_secret(secret):
        raise BadInputError("the secret contains a NUL byte, which no variable can hold", hint="Nothing was stored.")
    longest = max((len(name) for name in variables), default=0)
    if len(secret) + longest + 1 > MAX_ENV_STRING:
        raise BadInputError(
            f"the secret is too long for a variable (over {MAX_ENV_STRING} bytes)", hint="Nothing was stored."
        )


def check_given(secret: Secret | None, token: Token) -> None:
    """Raise BadInputError for a secret that cannot be the token's: a minted one takes none, any other needs one."""
    if token.mint is not None and secret is not None:
        raise BadInputError(f"{token.id} is minted: it makes its signing key itself", hint="Nothing was stored.")
    if token.mint is None and secret is None:
        raise BadInputError(f"{token.id} needs a secret", hint="Nothing was stored.")
    if secret is not None:
        check_secret(secret, token.env)


def check_refreshable(one: Judged) -> None:
    """Raise RefusedError where a new secret may not be taken: unapproved, or a binding that expires is still outside."""
    if not matched_seal(one) or one.held.blocked:
        raise RefusedError(f"{one.id} is unapproved: {one.verdict.why}", hint=f"First: keybound approve {one.id}")
    if outside := still_outside(one):
        raise RefusedError(
            f"{one.id} is still outside: {outside[0].message}", hint="Put the value back, or widen the boundary."
        )
