"""The Tokens screen: every token by profile, with its state, its times and why."""

from collections.abc import Iterator

from keybound.custody.view_models.overview import Overview
from keybound.custody.view_models.tokens import TokenView
from keybound.domain.verdict.states import State
from keybound.tui.plain.screens import Seen
from keybound.tui.plain.text import Text
from keybound.tui.tokens.reasons import reasons
from keybound.tui.words import part_names, plural, span, tally


def lines(seen: Seen) -> Iterator[Text]:
    """Profiles, the one in use first, with their tokens; then what belongs to none."""
    overview = seen.service.overview()
    yield Text(_standing(overview))
    for note in overview.notes:
        yield Text(f"Note: {note}")
    profiles = {each.name: each for each in overview.profiles}
    names = dict.fromkeys([*profiles, *(token.profile for token in overview.tokens)])
    for name in sorted(names, key=lambda each: (each != overview.active, each)):
        own = [token for token in overview.tokens if token.profile == name]
        yield Text("")
        yield Text(f"Profile {name}{', in use' if name == overview.active else ''}: {plural(len(own), 'token')}")
        view = profiles.get(name)
        if view is not None and view.fault:
            yield Text(f"It cannot be read: {view.fault}", 1)
        if view is not None and view.unapproved_parts:
            yield Text(f"unapproved: its own {part_names(view.unapproved_parts)}", 1)
        for token in sorted(own, key=lambda each: (-each.state, each.name)):
            yield from token_lines(token, seen.now)
    for id_ in overview.orphans:
        yield Text(f"{id_} has a secret but no definition: keybound adopt {id_}")


def _standing(overview: Overview) -> str:
    counts = ", ".join(f"{count} {state.word}" for state, count in tally(overview.tokens))
    profile = f"Profile in use: {overview.active}." if overview.active else "No profile is in use."
    store = {"keyring": "the keyring", "file": "files"}.get(overview.store, "none yet")
    alerts = f" {plural(overview.alerts, 'unseen alert')}." if overview.alerts else ""
    said = f"{plural(len(overview.tokens), 'token')}{f': {counts}' if counts else ''}."
    return f"{said} {profile} Store: {store}, {overview.store_status}.{alerts}"


def token_lines(token: TokenView, now: float) -> Iterator[Text]:
    """A token, and why it is in its state."""
    yield Text(f"{token.name}: {token.state.word}{', as last known' if token.stale else ''}", 1)
    yield Text("; ".join(_facts(token, now)), 2)
    for reason in reasons(token):
        yield Text(f"{reason.text}{f' ({reason.place})' if reason.place else ''}", 2)


def _facts(token: TokenView, now: float) -> Iterator[str]:
    yield f"sets {', '.join(token.env)}" if token.env else "sets no variable"
    if token.scopes:
        yield f"scopes {', '.join(token.scopes)}"
    if token.unread:
        yield f"not known now: {token.unread}"
    elif token.state is not State.MISSING:
        inside = sum(row.inside is True for row in token.bound)
        yield f"{inside} of {plural(len(token.bound), 'bound key')} inside" if token.bound else "bound to nothing"
        yield _life(token, now)
    yield "never used" if token.last_released is None else f"used {_ago(now - token.last_released)}"


def _life(token: TokenView, now: float) -> str:
    if token.expires_at is None:
        return "never expires"
    return f"{span(token.expires_at - now)} left" if token.expires_at > now else "its time is over"


def _ago(seconds: float) -> str:
    return "just now" if seconds < 1 else f"{span(seconds)} ago"
