"""Everything the application shows, from one evaluation."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from keybound.custody.application.event_words import event_words
from keybound.custody.application.rotating import rotation_view
from keybound.custody.application.token_views import TokenViews
from keybound.custody.application.watching import always_watched, watched_paths
from keybound.custody.context.context import Context
from keybound.custody.context.has_store import has_store
from keybound.custody.evaluation.describe import NOT_VERIFIED, bound_rows, carried_rows
from keybound.custody.evaluation.evaluate import Evaluating, Evaluation, Judged, evaluate
from keybound.custody.evaluation.last_released import last_released
from keybound.custody.evaluation.orphans import orphans
from keybound.custody.profiles.choose_profile import chosen_name
from keybound.custody.profiles.library import Library, Loaded
from keybound.custody.profiles.lineage import line_in
from keybound.custody.release.release import epoch_seconds
from keybound.custody.rotation.renew import refresh_and_record
from keybound.custody.tokens.claims import claims
from keybound.custody.tokens.sealing import profile_part_changed
from keybound.custody.view_models.overview import EventView, Overview, ProfileView
from keybound.custody.view_models.tokens import ReleaseRow, TokenView
from keybound.domain.errors import KeyboundError, StoreAwayError, StoreLockedError, UnavailableError
from keybound.domain.guard.expiry_times import expiry_time
from keybound.domain.profile.definition import Token
from keybound.domain.text.sanitize import clean, shorten
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.names import TokenId
from keybound.domain.verdict.states import STATES, State
from keybound.stores.base import Status
from keybound.stores.journal.journal import Event

_RECENT = 2000


def overview(context: Context, evaluating: Evaluating = evaluate, views: TokenViews | None = None) -> Overview:
    """Evaluate, record expiries, and describe. Where the store is away: what was last known, marked stale.

    ``views``: those of the look before, of a process that evaluates with a cache.
    """
    if not has_store(context):
        return _stale(context, StoreAwayError("no store is chosen yet"))._replace(store_status="none", notes=())
    try:
        evaluation = refresh_and_record(context, Library(context.home).names(), evaluating)
    except UnavailableError as fault:
        return _stale(context, fault)
    releases = _releases(context)
    times = last_released(context)
    views = views or TokenViews()
    tokens = [
        _rotated(context, one, views.view(one, releases.get(str(one.id), ()), times.get(str(one.id), ""), _token))
        for one in evaluation.judged
    ]
    views.keep(tokens)
    frame = _frame(context)
    if frame.made_as:
        tokens = [each._replace(elsewhere=each.state is State.MISSING) for each in tokens]
    return frame._replace(
        notes=(*frame.notes, *(clean(note) for note in evaluation.notes)),
        profiles=_profiles(context, evaluation),
        tokens=tuple(tokens),
        store_status="open",
        watched=tuple(watched_paths(context, evaluation.snapshot)),
        orphans=orphans(context, evaluation),
    )


def _rotated(context: Context, one: Judged, view: TokenView) -> TokenView:
    """With what is known of its rotation, which the state and the clock decide too."""
    rotation = rotation_view(context, one)
    return view if view.rotation == rotation else view._replace(rotation=rotation)


def _frame(context: Context) -> Overview:
    pin = context.environ.get("KEYBOUND_PROFILE", "")
    kind = context.store_kind()
    notes = ("the state was damaged and has been started afresh",) if context.state.restarted else ()
    active = chosen_name(context)
    made_as = clean(context.home.made_as)
    return Overview((), (), active, bool(pin), kind or "no store", "away", always_watched(context), (), notes, made_as)


def _stale(context: Context, fault: UnavailableError) -> Overview:
    known = [one for one in context.state.known().values() if "/" in one.id and not one.removed]
    status, library = _status(context, fault), Library(context.home)
    releases, times = _releases(context), last_released(context)
    unread = f"the store is {'locked' if status is Status.LOCKED else 'away'}"
    tokens = []
    for one in known:
        id_ = TokenId(*one.id.split("/", 1))
        state = State.EXPIRED if one.pending else STATES.get(one.verdict, State.SUSPENDED)
        view = _defined(_blank(id_), _definition(library, id_), releases.get(one.id, []), times.get(one.id, ""))
        tokens.append(view._replace(state=state, why=clean(fault.what), stale=True, unread=unread))
    note = clean(f"{fault.what}. {fault.hint}")
    names, children = library.names(), _children(library.parents())
    profiles = tuple(_readable(context, library, name, children.get(name, ())) for name in names)
    frame = _frame(context)
    watched = {*frame.watched, *(context.home.profile_path(name) for name in names)}
    return frame._replace(
        profiles=profiles,
        tokens=tuple(tokens),
        store_status=status.value,
        notes=(note,),
        watched=tuple(sorted(watched)),
    )


def _definition(library: Library, token: TokenId) -> Token | None:
    with suppress(KeyboundError):
        return library.load(token.profile).profile.tokens.get(token.name)
    return None


def _readable(context: Context, library: Library, name: str, children: Sequence[str]) -> ProfileView:
    """A profile as far as it can be told without the store: nothing of what is approved."""
    try:
        loaded = library.load(name)
    except KeyboundError as fault:
        return _faulty(context, name, children, fault)
    return _profile(context, loaded, children, ())


def _children(parents: Mapping[str, str]) -> dict[str, list[str]]:
    """By profile those that extend it."""
    found: dict[str, list[str]] = {}
    for name, parent in parents.items():
        found.setdefault(parent, []).append(name)
    return found


def _status(context: Context, fault: UnavailableError) -> Status:
    """What the fault says of the store: asking one that does not answer takes seconds more."""
    if isinstance(fault, StoreLockedError):
        return Status.LOCKED
    return Status.AWAY if isinstance(fault, StoreAwayError) or not context.store_kind() else context.store.status()


def _blank(id_: TokenId) -> TokenView:
    return TokenView(
        str(id_), id_.profile, id_.name, (), "", (), State.SUSPENDED, None, "", (), (), None, None, None, (), "",
        False, (), False,
    )  # fmt: skip


def _token(one: Judged, releases: Sequence[ReleaseRow], last: str) -> TokenView:
    token, envelope = one.token, one.held.envelope
    findings = tuple(finding._replace(message=clean(finding.message)) for finding in one.verdict.findings)
    view = _blank(one.id)._replace(state=one.verdict.state, why=clean(one.verdict.why), findings=findings)
    if token is None:
        return view._replace(unread="its profile cannot be read", last_released=epoch_seconds(last))
    ends = expiry_time(token, envelope) if envelope else None
    sealed = epoch_seconds(envelope.refreshed_at or envelope.sealed_at) if envelope else None
    return _defined(view, token, releases, last)._replace(
        since=epoch_seconds(envelope.sticky.at) if envelope and envelope.sticky else None,
        bound=bound_rows(one),
        expires_at=ends.timestamp() if ends else None,
        lifetime=ends.timestamp() - sealed if ends and sealed else None,
        defined_at=_defined_at(one),
        claims=_claims(one),
        carries=_carries(one),
    )


def _defined(view: TokenView, token: Token | None, releases: Sequence[ReleaseRow], last: str) -> TokenView:
    """What the definition alone says, and the journal."""
    view = view._replace(last_released=epoch_seconds(last), releases=tuple(releases[:200]))
    if token is None:
        return view
    return view._replace(
        env=token.env,
        kind=clean(token.kind),
        scopes=tuple(clean(scope) for scope in token.scopes),
        inherited=token.inherited,
    )


def _defined_at(one: Judged) -> str:
    for page in one.loaded.pages if one.loaded else ():
        if line := line_in(page, ("tokens", one.id.name)):
            return f"{os.path.basename(page.path)}:{line}"
    return ""


def _carries(one: Judged) -> tuple[tuple[str, str], ...]:
    """What was heard or verified; what a JWT merely says stands among its claims."""
    told = carried_rows(one)
    return () if dict(told).get("word") == NOT_VERIFIED else tuple((name, shorten(text, 80)) for name, text in told)


def _claims(one: Judged) -> tuple[tuple[str, str], ...]:
    envelope = one.held.envelope
    if envelope is None or envelope.secret is None:
        return ()
    return tuple((clean(name), shorten(clean(str(value)), 80)) for name, value in claims(envelope.secret).items())


def _profiles(context: Context, evaluation: Evaluation) -> tuple[ProfileView, ...]:
    library = Library(context.home)
    read = {name: [*loaded.profile.lineage, ""][1] for name, loaded in evaluation.loaded.items()}
    children = _children({**library.parents(evaluation.faults), **read})
    made = []
    for name in library.names():
        if name in evaluation.loaded:
            loaded = evaluation.loaded[name]
            unapproved = profile_part_changed(loaded.profile, evaluation.seals[name])
            made.append(_profile(context, loaded, children.get(name, ()), unapproved))
        else:
            made.append(_faulty(context, name, children.get(name, ()), evaluation.faults.get(name)))
    return tuple(made)


def _faulty(context: Context, name: str, children: Sequence[str], fault: KeyboundError | None) -> ProfileView:
    said = clean(str(fault).replace("\n", " ")) if fault else ""
    return ProfileView(name, context.home.profile_path(name), "", "", tuple(children), said, (), (), (), ())


def _profile(context: Context, loaded: Loaded, children: Sequence[str], unapproved: tuple[str, ...]) -> ProfileView:
    profile, own = loaded.profile, loaded.pages[0].table.get("flags", {})
    flags = profile.data.get("flags", {})
    roles = dict.fromkeys([*(profile.grants or {}), *profile.active_roles])
    return ProfileView(
        name=profile.name,
        path=context.home.profile_path(profile.name),
        extends=profile.extends,
        description=clean(profile.description),
        children=tuple(children),
        fault="",
        env=tuple(profile.env),
        unapproved_parts=unapproved,
        flags=tuple((flag, on is True, isinstance(own, Mapping) and flag in own) for flag, on in _items(flags)),
        roles=tuple((role, role in profile.active_roles) for role in roles),
    )


def _items(table: object) -> list[tuple[str, object]]:
    return list(table.items()) if isinstance(table, Mapping) else []


def _releases(context: Context) -> dict[str, list[ReleaseRow]]:
    found: dict[str, list[ReleaseRow]] = {}
    for event in context.journal.newest(_RECENT):
        if event.kind == EventKind.RELEASED:
            found.setdefault(event.id, []).append(
                ReleaseRow(
                    datetime.fromisoformat(event.at).timestamp(),
                    clean(str(event.detail.get("way", ""))),
                    clean(os.path.basename(str(event.by.get("program", "")))),
                    _number(event.by.get("pid")),
                    clean(str(event.by.get("cwd", ""))),
                )
            )
    return found


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def events(context: Context, limit: int, token: str = "") -> list[EventView]:
    """The newest events, newest first; the intents of changes are left out."""
    found = context.journal.newest(limit * 2, token or None)
    return [_event(event) for event in found if event.kind != EventKind.INTENT][:limit]


_LED_TO: Mapping[str, State] = {
    EventKind.ADDED: State.ACTIVE,
    EventKind.APPROVED: State.ACTIVE,
    EventKind.REFRESHED: State.ACTIVE,
    EventKind.EXPIRED: State.EXPIRED,
    EventKind.REMOVED: State.MISSING,
}


def _event(event: Event) -> EventView:
    by = event.by
    return EventView(
        seq=event.seq,
        at=datetime.fromisoformat(event.at).timestamp(),
        kind=clean(event.kind),
        id=clean(event.id),
        by=clean(f"{os.path.basename(str(by.get('program', '')))} ({by.get('pid', '')}) {by.get('cwd', '')}"),
        text=event_words(event),
        state=_LED_TO.get(event.kind),
    )
