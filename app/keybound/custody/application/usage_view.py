"""How a token was used, as its panel shows it."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from keybound.custody.application.usage import unusual_programs, usage_index
from keybound.custody.context.context import Context
from keybound.custody.view_models.tokens import UsageView
from keybound.domain.text.sanitize import clean


def usage_view(context: Context, token: str, days: int) -> UsageView:
    """Read the index for one token. Raises UnavailableError."""
    index = usage_index(context)
    programs = index.programs(token)
    today = context.clock().astimezone(UTC)
    dates = [f"{today - timedelta(days=back):%Y-%m-%d}" for back in range(days - 1, -1, -1)]
    by_day = index.days(token, dates[0])
    index.close()
    strange = unusual_programs(programs)
    counts = Counter[str]()
    for one in programs:
        counts[one.program] += one.times
    ordered = sorted(counts, key=lambda name: (name not in strange, -counts[name]))
    first = min((one.first for one in programs), default="")
    return UsageView(
        counts.total(),
        datetime.fromisoformat(first).timestamp() if first else None,
        tuple(by_day.get(date, 0) for date in dates),
        tuple((clean(name.rpartition("/")[2] or name), counts[name], name in strange) for name in ordered),
    )
