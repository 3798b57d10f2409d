"""``exists``: whether there is a value at all."""

from keybound.domain.rules.base import RuleKind

RULE = RuleKind(
    takes="true or false",
    fits=lambda value: isinstance(value, bool),
    schema={"type": "boolean"},
    inside=lambda _, wanted, __: wanted is True,
    words=lambda wanted: "present" if wanted is True else "absent",
    absent=lambda wanted: wanted is False,
)
