"""Record expiries: by the guard's verdict, or because the owner says so."""

from collections.abc import Iterable

from keybound.custody import transaction
from keybound.custody.changes import changing, complete_unfinished, stamp
from keybound.custody.evaluate import Evaluation, Judged, evaluate, find, settled
from keybound.custody.keeper import Keeper
from keybound.custody.sealing import known_record
from keybound.custody.transaction import Change
from keybound.domain.envelope import Sticky
from keybound.domain.errors import NotFound
from keybound.domain.names import TokenId


def look(keeper: Keeper, names: Iterable[str]) -> Evaluation:
    """Evaluate settled readings and make every expiry found sticky, in envelope and journal.

    Every evaluation of the real configuration comes through here. Raises Unavailable.
    """
    names = list(names)
    complete_unfinished(keeper)
    evaluation = settled(keeper, names)
    if not any(one.verdict.expiry for one in evaluation.judged):
        return evaluation
    with changing(keeper):
        for one in evaluate(keeper, names).judged:
            if one.verdict.expiry is not None:
                _write(keeper, one, one.verdict.expiry.why)
    return evaluate(keeper, names)


def expire(keeper: Keeper, token: TokenId) -> None:
    """Expire a token now. Raises NotFound where it has no secret."""
    with changing(keeper):
        judged = find(keeper, token)
        if judged.held.envelope is None:
            raise NotFound(f"{token} has no secret to expire")
        _write(keeper, judged, "its owner expired it")


def _write(keeper: Keeper, judged: Judged, why: str) -> None:
    envelope = judged.held.envelope
    if envelope is None:
        return
    wiped = judged.token is not None and judged.token.wipe
    sticky = Sticky("expired", why, stamp(keeper.clock()))
    expired = envelope._replace(epoch=envelope.epoch + 1, sticky=sticky, secret=None if wiped else envelope.secret)
    sealed_text = judged.held.known.sealed_text if judged.held.known else ""
    known = known_record(expired, sealed_text, judged.held.known)
    transaction.run(keeper, Change("expired", str(judged.id), put=expired, known=(known,), detail={"why": why}))
