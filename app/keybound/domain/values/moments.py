"""Moments as people write them: with a zone, in this machine's local time, or a day alone."""

from datetime import UTC, date, datetime, time

from keybound.domain.values.readings import Value

_LAST = time(23, 59, 59)


def end_moment(value: Value) -> datetime | None:
    """The moment that ``expires`` means, with a zone; None for what is no moment.

    Without a zone it is local time; a date alone is the end of that day, in local time.
    """
    try:
        if isinstance(value, datetime):
            return value if value.tzinfo is not None else value.astimezone()
        return datetime.combine(value, _LAST).astimezone() if isinstance(value, date) else None
    except (OverflowError, OSError, ValueError):  # a year that this machine's clock has not
        return None


def is_local(value: Value) -> bool:
    """Whether what it means depends on the zone of whoever reads it."""
    return isinstance(value, date) and not (isinstance(value, datetime) and value.tzinfo is not None)


def moment_words(moment: datetime) -> str:
    """A moment for a person, with its offset: ``2027-01-31 23:59 -08:00``, ``… UTC``."""
    offset = f"{moment:%z}"
    zone = "UTC" if offset in ("", "+0000") else f"{offset[:3]}:{offset[3:5]}"
    return f"{moment:%Y-%m-%d %H:%M} {zone}"


def numeric_date(value: object) -> datetime | None:
    """A NumericDate (RFC 7519, section 2) as a moment; None for what is none, or outside the years 1 to 9999."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC).replace(microsecond=0)
    except (OverflowError, OSError, ValueError):
        return None


def stamp(moment: datetime) -> str:
    """A time as envelopes and state keep it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
