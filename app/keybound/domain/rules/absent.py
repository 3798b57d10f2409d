"""``absent``: there is no value."""

from keybound.domain.rules.base import RuleKind, is_true

RULE = RuleKind(
    takes="true",
    fits=is_true,
    schema={"const": True},
    inside=lambda _, wanted, __: wanted is not True,
    words="absent",
    absent=is_true,
)
