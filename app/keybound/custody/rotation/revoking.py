"""Carry out one revocation, in the way that was approved."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from keybound.custody.context.context import Context
from keybound.custody.programs.commands import missing_input, run_command
from keybound.domain.errors import RefusedError
from keybound.domain.profile.definition import Command
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.requests import sealed_request
from keybound.domain.seal.retired import Retired


class Outcome(NamedTuple):
    """``done``: the secret is good for nothing any more. ``words``: by what, or why not; ``retry_after``: seconds, if told."""

    done: bool
    words: str
    retry_after: int | None = None
    detail: Mapping[str, object] = {}


def carry_out(context: Context, envelope: Envelope, one: Retired) -> Outcome:
    """Ask for the end of one secret. Never raises for what the other side does."""
    if "command" in one.way:
        return _by_command(context, one)
    if "request" in one.way:
        return _by_request(context, one)
    return Outcome(
        False, f"no way to revoke it was approved; when it is revoked: keybound revoke {envelope.id} --forget"
    )


def _by_request(context: Context, one: Retired) -> Outcome:
    from keybound.custody.providers.revoking import RevokeOutcome, revoke_by_request

    request = sealed_request(one.way, "request")
    if request is None:
        return Outcome(False, "the request was approved by a newer version")
    found = revoke_by_request(context, request, one.secret)
    wait = int(found.wait_s) if found.wait_s is not None else None
    return Outcome(found.outcome is RevokeOutcome.DONE, found.why, wait, {"by": "provider", "host": request.host})


def _by_command(context: Context, one: Retired) -> Outcome:
    told: Mapping[str, Any] = one.way["command"]
    command = Command(tuple(told["argv"]), told["folder"], None, told["timeout"], tuple(told["inputs"]))
    noted: Mapping[str, Any] = one.way.get("programs", {})
    missing = missing_input(command, context.environ)
    if missing and not context.attended:
        return Outcome(False, f"its command needs {missing}, which is not set here")
    try:
        run_command("revoke", command, noted, context.environ, given=one.secret)
    except RefusedError as fault:
        return Outcome(False, fault.what)
    detail = {"by": "command", "program": noted["revoke"][0], "arguments": len(command.argv) - 1}
    return Outcome(True, f"{noted['revoke'][0]} revoked it", detail=detail)
