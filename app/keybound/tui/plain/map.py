"""The Map screen as a list: each key of the profile in use, its value, and the tokens that are bound to it."""

from collections.abc import Iterator

from keybound.custody.view_models.tokens import BoundRow, TokenView
from keybound.domain.verdict.wording import in_sentence
from keybound.tui.plain.screens import Seen
from keybound.tui.plain.text import Text
from keybound.tui.words import plural, row_place


def lines(seen: Seen) -> Iterator[Text]:
    """Keys by group, in the order of the profile."""
    overview = seen.service.overview()
    tokens = [token for token in overview.tokens if token.profile == overview.active]
    keys: dict[tuple[str, str], list[tuple[TokenView, BoundRow]]] = {}
    for token in tokens:
        for row in token.bound:
            keys.setdefault((row.group, row.key), []).append((token, row))
    yield Text(f"Profile {overview.active or 'none'}: {plural(len(keys), 'key')}, {plural(len(tokens), 'token')}")
    group = ""
    for (name, key), hits in sorted(keys.items()):
        if name != group:
            group = name
            yield Text("")
            yield Text(f"{name}:")
        yield from _key(key, hits)
    free = [token.name for token in tokens if not token.bound]
    if free:
        yield Text("")
        yield Text(f"Bound to nothing: {', '.join(free)}")


def _key(key: str, hits: list[tuple[TokenView, BoundRow]]) -> Iterator[Text]:
    row = hits[0][1]
    value = f"cannot be read: {row.now.words}" if row.inside is None else f"is {row.now.words}"
    place = row_place(row)
    yield Text(f"{key} {value}{f' ({place})' if place else ''}", 1)
    for token, bound in hits:
        where = {True: "inside", False: "outside", None: "not known"}[bound.inside]
        yield Text(f"{token.name}: {where}, bound to {in_sentence(bound.rule)}; the token is {token.state.word}", 2)
