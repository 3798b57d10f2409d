"""What leaves of a minted token: a fresh JWT, in the place of the key that signs it."""

from collections.abc import Sequence

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.minting.mint import mint
from keybound.custody.release.release import Leaving, Withheld
from keybound.domain.errors import BadInputError, RefusedError
from keybound.domain.verdict.states import State


def minted(context: Context, one: Judged, held: Sequence[str]) -> Leaving | Withheld:
    """The signed token, or why there is none. ``held``: what the asking shell has of it."""
    inputs, loaded, envelope = one.inputs, one.loaded, one.held.envelope
    env = inputs.token.env if inputs else ()
    if inputs is None or loaded is None or envelope is None:
        return Withheld(str(one.id), one.verdict.state.word, one.verdict.why, env)
    try:
        made = mint(loaded.profile, inputs.token, envelope, inputs.readings, context.clock(), held)
    except (BadInputError, RefusedError) as fault:
        return Withheld(str(one.id), State.SUSPENDED.word, fault.what, env)
    return Leaving(one, made.token, {"jti": made.jti, "key": made.key}, made)
