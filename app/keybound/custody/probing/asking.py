"""Ask about a token by what its owner approved: a command, else its provider's request, else its own signature."""

import json

from keybound.custody.context.context import Context
from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.probing.answers import (
    Answer,
    Heard,
    NotUnderstoodError,
    ProbeOutcome,
    answer_of,
    expires_of,
    identity_of,
    refuse_secret,
    scopes_of,
)
from keybound.custody.programs.commands import run_command
from keybound.custody.providers.asking import ask
from keybound.custody.tokens.sealing import matched_seal
from keybound.custody.tokens.signature import check_signature
from keybound.domain.errors import RefusedError
from keybound.domain.profile.definition import Command
from keybound.domain.seal.carried import GOOD
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.requests import PROBE, sealed_request
from keybound.domain.text.secret import Secret, expose_secret


def asked_of(one: Judged) -> str:
    """Who will be asked: a host, a program, or "" for nobody beyond this machine. Raises RefusedError where nobody can be.

    Only a definition that is approved is probed: it says where the secret may be sent.
    """
    envelope, token = one.held.envelope, one.token
    if token is None or envelope is None:
        raise RefusedError(f"{one.id} cannot be probed: {one.verdict.why}")
    if token.mint is not None:
        raise RefusedError(f"{one.id} is minted here: no provider knows of it")
    if not matched_seal(one) or one.held.blocked:
        raise RefusedError(f"{one.id} is unapproved: {one.verdict.why}", hint=f"First: keybound approve {one.id}")
    if envelope.secret is None:
        raise RefusedError(f"the secret of {one.id} was erased", hint=f"Give it a new one: keybound refresh {one.id}")
    if token.probe is not None and token.probe.command is not None:
        return token.probe.command.argv[0]
    if (request := sealed_request(envelope.requests, PROBE)) is not None:
        return request.host
    if token.jwt is not None:
        return ""
    raise RefusedError(
        f"{one.id} cannot be probed: nothing approved says how",
        hint=f"Give it a kind that can be (see: keybound docs --providers), or a command: keybound set {one.id} probe ./ask"
        f"\n  If it has one, approve it: keybound approve {one.id}",
    )


def ask_about(context: Context, one: Judged, secret: Secret) -> Answer:
    """Ask, and say what the answer means; nothing is written. ``secret``: the token's own, or one that is to take its place.

    Raises RefusedError where nobody can be asked, BadInputError for a broken config.toml or private CA.
    """
    asked_of(one)
    token, envelope = one.token, one.held.envelope
    if token is None or envelope is None:
        raise RefusedError(f"{one.id} cannot be probed: {one.verdict.why}")
    if token.probe is not None and token.probe.command is not None:
        return _by_command(context, token.probe.command, envelope, secret)
    if (request := sealed_request(envelope.requests, PROBE)) is not None:
        return answer_of(request, ask(context, request, secret), secret, context.clock())
    fault = check_signature(secret, token.jwt) if token.jwt else "it has no key"
    return Answer(ProbeOutcome.OK) if fault == GOOD else Answer(ProbeOutcome.UNCLEAR, f"its signature: {fault}")


def _by_command(context: Context, command: Command, envelope: Envelope, secret: Secret) -> Answer:
    """The command has the secret on its standard input, and prints JSON with identity, scopes and expires, or revoked."""
    try:
        output = run_command("probe", command, envelope.programs, context.environ, secret)
        found = json.loads(expose_secret(output))
    except RefusedError as refusal:
        return Answer(ProbeOutcome.UNCLEAR, refusal.what)
    except (ValueError, RecursionError):
        return Answer(ProbeOutcome.UNCLEAR, "the probe command printed no JSON")
    known = {"identity", "scopes", "expires", "revoked"}
    if not isinstance(found, dict) or found.keys() - known or not isinstance(found.get("revoked", False), bool):
        return Answer(
            ProbeOutcome.UNCLEAR,
            "the probe command must print a JSON table of identity, scopes, expires or revoked (true or false)",
        )
    if found.get("revoked") is True:
        return Answer(ProbeOutcome.REVOKED, "the probe command says that it is revoked")
    try:
        parts = (identity_of(found.get("identity")), scopes_of(found.get("scopes")), expires_of(found.get("expires")))
        refuse_secret(Heard(*parts), secret)
    except NotUnderstoodError as fault:
        return Answer(ProbeOutcome.UNCLEAR, f"the probe command: {fault}")
    return Answer(ProbeOutcome.OK, heard=Heard(*parts))
