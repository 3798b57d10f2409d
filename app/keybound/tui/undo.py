"""Take back the last change of a profile, through its plan."""

from keybound.domain.errors import KeyboundError
from keybound.tui.app_protocol import AppProtocol
from keybound.tui.dialogs.confirm import Confirm
from keybound.tui.profile.compare import edits
from keybound.tui.profile.plan import lines_of
from keybound.tui.styled_text import Line, line
from keybound.tui.words import moment

STAYS = "Secrets, and expiries that are recorded, stay as they are."


async def take_back(app: AppProtocol) -> None:
    """Ask with the plan, then do it."""
    try:
        found = await app.service_worker.run(app.service.last_change)
    except KeyboundError as error:
        app.say(str(error), severity="warning")
        return
    if found is None:
        app.say("nothing to undo: no profile or binding was changed in the application")
        return
    change, text = found
    plan = await app.ask(app.service.plan_text, change.profile, text)
    if plan is None:
        return
    if plan.fault:
        app.say(f"cannot undo ({change.said}): {change.profile}.toml would be invalid: {plan.fault}", severity="error")
        return
    when = line((f"Made {moment(change.at, app.now())}. {STAYS}", "muted"))
    lines: list[Line | str] = [when, (), *edits(change.after, text), (), *lines_of(plan)]
    if await app.push_screen_wait(Confirm(f"Undo: {change.said}?", lines, "Undo")):
        await app.act(app.service.take_back, change, text)
