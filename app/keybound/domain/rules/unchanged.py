"""``unchanged``: as it was when the owner approved it."""

from keybound.domain.rules.base import RuleKind, is_true

RULE = RuleKind(
    takes="true",
    fits=is_true,
    schema={"const": True},
    inside=lambda _, __, given: given.unchanged,
    words="unchanged",
    sign="≡",
    compares_approved=True,
)
