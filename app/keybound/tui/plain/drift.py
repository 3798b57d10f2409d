"""The Drift screen: what left its bounds, what it hit, and what else asks for attention."""

from collections.abc import Iterator

from keybound.domain.verdict.wording import in_sentence
from keybound.tui.drift.gather import Drift, drifts, others, parts
from keybound.tui.plain.screens import Seen
from keybound.tui.plain.text import Text
from keybound.tui.plain.tokens import token_lines
from keybound.tui.words import moment, part_names, plural, row_place

EVENTS = 200


def lines(seen: Seen) -> Iterator[Text]:
    """The gravest first, those of the profile in use before all others."""
    overview = seen.service.overview()
    found = drifts(overview, seen.service.journal(EVENTS))
    unread = dict.fromkeys(token.unread for token in overview.tokens if token.unread)
    yield Text(f"{plural(len(found), 'key')} outside" if found else "No key is outside its boundary.")
    for why in unread:
        yield Text(f"Some tokens are not known now: {why}")
    for drift in found:
        yield Text("")
        yield from _drift(drift, seen.now)
    own, rest = parts(overview), others(overview)
    if own or rest:
        yield Text("")
        yield Text("Needs attention:")
    for profile in own:
        yield Text(f"Profile {profile.name}: unapproved, its own {part_names(profile.unapproved_parts)}", 1)
    for token in rest:
        yield from token_lines(token._replace(name=token.id), seen.now)


def _drift(drift: Drift, now: float) -> Iterator[Text]:
    row = drift.row
    value = f"cannot be read: {row.now.words}" if row.inside is None else f"is {row.now.words}"
    before = "not known" if row.approved is None else row.approved.words
    since = f", since {moment(drift.at, now)}" if drift.at else ""
    place = row_place(row)
    yield Text(f"{drift.key} {value}; approved: {before}{since}{f' ({place})' if place else ''}")
    for token, bound in drift.hits:
        must = in_sentence(bound.rule)
        yield Text(f"{token.id}: {token.state.word}; must be {must}, else {bound.outside}", 1)
