"""``max``: at most this number, date, time or version."""

from keybound.domain.rules.base import Given, RuleKind
from keybound.domain.rules.order import SCHEMA, TAKES, is_limit, limit_words, order
from keybound.domain.values.readings import Value


def _inside(value: Value, limit: Value, given: Given) -> bool:
    stands = order(value, limit, given)
    return stands is not None and stands <= 0


RULE = RuleKind(
    takes=TAKES,
    fits=is_limit,
    schema=SCHEMA,
    inside=_inside,
    words=lambda limit: f"≤ {limit_words(limit)}",
    sign="≤",
)
