"""Bindings as ``--bind`` takes them, made from what the screen knows."""

import json
import re

from keybound.custody.view_models.tokens import BoundRow
from keybound.domain.verdict.states import Reaction

_OUTSIDE = re.compile(r"\boutside=\"?[a-z]+\"?\s*")


def with_reaction(bind: str, key: str, reaction: str) -> str:
    """The same binding with another reaction for a reading that is outside."""
    rest = _OUTSIDE.sub("", bind.removeprefix(key)).strip()
    return f"{key} outside={reaction} {rest}"


def turned(reaction: str, steps: int) -> str:
    """The next reaction, round and round."""
    words = [each.word for each in Reaction]
    return words[(words.index(reaction) + steps) % len(words)] if reaction in words else words[-1]


def literal(text: str) -> str:
    """A shown value as TOML: a boolean or a number as it stands, else a text."""
    if text in ("true", "false") or re.fullmatch(r"-?\d+(\.\d+)?", text):
        return text
    return json.dumps(text, ensure_ascii=False)


def widened(row: BoundRow) -> str:
    """A boundary that takes the approved value and the present one; "" where a value is hidden or only part of the key."""
    if row.approved is None or row.approved.hidden or row.now.hidden or row.now.text == "absent":
        return f"{row.key} outside={row.outside} "
    if row.group == "roles":
        names = [each.strip() for each in f"{row.approved.text},{row.now.text}".split(",")]
        listed = ", ".join(literal(name) for name in dict.fromkeys(names) if name)
        return f"{row.key} outside={row.outside} subset_of=[{listed}]"
    values = ", ".join(dict.fromkeys((literal(row.approved.text), literal(row.now.text))))
    return f"{row.key} outside={row.outside} one_of=[{values}]"
