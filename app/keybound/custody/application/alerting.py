"""What the application does about alerts: it delivers while it is open, and lists them."""

from datetime import datetime

from keybound.custody.alerts.delivery import deliver
from keybound.custody.alerts.listing import listed
from keybound.custody.application.usage import alert_unusual
from keybound.custody.context.context import Context
from keybound.custody.view_models.overview import AlertView, Overview
from keybound.domain.errors import KeyboundError
from keybound.domain.text.sanitize import clean
from keybound.domain.verdict.states import STATES


def with_delivery(context: Context, overview: Overview) -> Overview:
    """Deliver what waits; the overview with how many are unseen, whether to ring, and what went wrong. Never raises."""
    rung: list[bool] = []
    try:
        alert_unusual(context)
        faults = deliver(context, lambda: rung.append(True)).faults
    except KeyboundError as fault:
        faults = (fault.what,)
    notes = (*overview.notes, *map(clean, faults))
    return overview._replace(alerts=context.unseen_alerts(), rings=bool(rung), notes=notes)


def alert_views(context: Context, limit: int) -> list[AlertView]:
    """The newest alerts, newest first. Raises UnavailableError."""
    found, _ = listed(context, limit)
    return [
        AlertView(
            one.alert.id, datetime.fromisoformat(one.alert.at).timestamp(), one.line, STATES.get(one.alert.kind), one.over,
            one.alert.seen,
        )
        for one in found
    ]  # fmt: skip
