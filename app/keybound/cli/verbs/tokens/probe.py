"""probe: ask providers what their tokens are, may do, and until when."""

from collections.abc import Sequence

from keybound.cli.console.arguments import add_json, parser
from keybound.cli.console.io import own_context, put_json
from keybound.cli.console.output import flush, say, warn
from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.probing.answers import ProbeOutcome
from keybound.custody.probing.asking import asked_of
from keybound.custody.probing.due import run_due_probes
from keybound.custody.probing.probe import Probed, probe
from keybound.custody.profiles.choose_profile import token_named
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.edit import entry_differs
from keybound.custody.tokens.expire import evaluate_and_record
from keybound.domain.errors import BadInputError, NotFoundError, RefusedError
from keybound.domain.text.sanitize import clean
from keybound.domain.values.names import TokenId

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

_LATER = (ProbeOutcome.OFFLINE, ProbeOutcome.LIMITED)
_MANY = 1_000_000


def probe_parser() -> "ArgumentParser":
    """What ``probe`` takes."""
    parse = parser(
        "probe",
        "keybound probe staging/github",
        "keybound probe --due --json",
        more="A secret is sent only to the host that was approved, over TLS. A token that its provider refuses expires.",
    )
    parse.add_argument(
        "tokens", nargs="*", metavar="TOKEN", help="Tokens to ask about (default: all that can be asked about)."
    )
    parse.add_argument("--due", action="store_true", help="Ask only about tokens whose `probe.every` has passed.")
    add_json(parse)
    return parse


def probe_(argv: list[str]) -> int:
    """Ask, print what was heard and what changed; status 1 where a provider refuses a token, 3 where it cannot be reached."""
    options, context = probe_parser().parse_args(argv), own_context()
    if options.due and options.tokens:
        raise BadInputError("--due cannot be combined with TOKEN")
    names = Library(context.home).names()
    if options.due:
        found = run_due_probes(context, evaluate_and_record(context, names).judged, _MANY)
        probed, faults = list(found.probed), list(found.faults)
    else:
        ids = [token_named(context, one) for one in options.tokens] or _all(context, names)
        probed, faults = _probed(context, ids, options.json)
    for fault in faults:
        warn(fault)
    judged = {
        str(one.id): one for one in evaluate_and_record(context, {one.id.partition("/")[0] for one in probed}).judged
    }
    if options.json:
        put_json([_told(one) for one in probed])
    elif options.due:
        _say(probed)
    for one in probed:
        _say_state(context, one, judged.get(one.id))
    return _status(probed, faults)


def _all(context: Context, names: Sequence[str]) -> list[TokenId]:
    """The tokens about which somebody can be asked."""
    found = []
    for one in evaluate_and_record(context, names).judged:
        try:
            asked_of(one)
        except RefusedError:
            continue
        found.append(one.id)
    if not found:
        say("no token can be asked about: see docs/providers.md for kinds whose providers can be")
    return found


def _probed(context: Context, ids: Sequence[TokenId], quiet: bool) -> tuple[list[Probed], list[str]]:
    probed, faults = [], []
    for token in ids:
        try:
            one = probe(context, token)
        except (RefusedError, NotFoundError) as fault:
            if len(ids) == 1:
                raise
            faults.append(str(fault))
            continue
        probed.append(one)
        if not quiet:
            _say([one])
            flush()
    return probed, faults


def _say(probed: Sequence[Probed]) -> None:
    for one in probed:
        say(f"{one.id}  {'; '.join([one.answer.outcome.value, *map(clean, one.details)])}")


def _say_state(context: Context, one: Probed, judged: Judged | None) -> None:
    if judged is None:
        return
    if not judged.verdict.state.usable:
        warn(f"{one.id} is {judged.verdict.state.word}: {judged.verdict.why}")
    if entry_differs(context, judged):
        warn(f"the entry of {one.id}'s provider is not what was approved; to follow it: keybound approve {one.id}")


def _told(one: Probed) -> dict[str, object]:
    heard = one.answer.heard
    return {
        "id": one.id,
        "outcome": one.answer.outcome.value,
        "why": clean(one.answer.why),
        "identity": heard.identity or None,
        "scopes": None if heard.scopes is None else list(heard.scopes),
        "expires": heard.expires or None,
        "gained": list(one.gained),
        "lost": list(one.lost),
    }


def _status(probed: Sequence[Probed], faults: Sequence[str]) -> int:
    outcomes = {one.answer.outcome for one in probed} - {ProbeOutcome.OK}
    if faults or outcomes - set(_LATER):
        return 1
    return 3 if outcomes else 0
