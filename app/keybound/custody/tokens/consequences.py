"""What a binding would do to a token now, before it is written."""

from collections.abc import Collection

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged, evaluate
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.edit import family
from keybound.custody.tokens.sealing import if_approved
from keybound.domain.seal.envelope import Envelope
from keybound.domain.text.secret import Secret
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.states import Reaction, State
from keybound.domain.verdict.verdict import Finding, Verdict


def consequences(context: Context, token: TokenId, text: str, keys: Collection[str] = ()) -> list[str]:
    """A line for each of ``keys`` (none: every key) that is not inside its boundary now, if ``text`` were the profile.

    Tokens that inherit the definition are told of too. Raises BadInputError where the text, or the token in it, cannot be read.
    """
    library = Library(context.home, {token.profile: text})
    library.load(token.profile)  # what does not parse is said with its line
    names = family(library, token.profile)
    judged = [one for one in evaluate(context, names, library).judged if one.id.name == token.name]
    return [
        f"{finding.message}: {one.id} {_would(finding)}"
        for one in judged
        if one.id == token or one.held.envelope is not None
        for finding in _as_if_stored(one).findings
        if finding.key and (not keys or finding.key in keys)
    ]


def _as_if_stored(one: Judged) -> Verdict:
    """The verdict if definition and readings were approved, a secret stored, and every file at rest."""
    if one.inputs is None:
        return one.verdict
    blank = Envelope("", str(one.id), "token", "", 0, Secret(b"-"), key="00")
    envelope, rested = one.inputs.envelope or blank, one.inputs.now_ns + 10**9
    return if_approved(one._replace(inputs=one.inputs._replace(envelope=envelope, now_ns=rested))) or one.verdict


def _would(finding: Finding) -> str:
    if finding.reaction is Reaction.EXPIRE and finding.state is State.WARNING:
        return "would expire after its grace"
    return {
        Reaction.IGNORE: "would stay as it is",
        Reaction.WARN: "would stay usable, with a warning",
        Reaction.SUSPEND: "would be withheld until it is inside",
        Reaction.REFRESH: "would be refreshed by its command, or else expire",
        Reaction.EXPIRE: "would expire at once",
    }[finding.reaction]
