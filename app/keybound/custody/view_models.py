"""What the application sees of the custody: plain values, made by a worker, ready to be shown.

Every text here has passed :func:`keybound.domain.text.sanitize.clean`: it holds no control character.
No value here holds a secret.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from keybound.custody.rotation_views import RotationService, RotationView
from keybound.domain.text.secret import Secret
from keybound.domain.verdict.states import State
from keybound.domain.verdict.verdict import Finding, Shown


class BoundRow(NamedTuple):
    """One binding of a token: the key, its boundary in words and sign, the reading, and how it stands."""

    key: str
    group: str  # settings, flags, roles, files, this shell
    label: str  # the key as it is shown under its group: beta_writes, npmrc#registry
    rule: str  # "= false", "one of staging, dev"
    sign: str  # one character for the matrix: = ∈ ⊆ ~ ≡ ≤ ^
    outside: str  # the reaction's word
    approved: Shown | None
    now: Shown
    inside: bool | None  # None: unreadable
    state: State  # what this binding alone leads to
    path: str = ""  # the file it is read from
    line: int = 0  # 1-based, 0 where it is not known
    set_by: str = ""  # the variable that chose the value of a tool's key


class ReleaseRow(NamedTuple):
    """One release, for the detail panel: when (epoch seconds), way, program, pid, folder."""

    at: float
    way: str
    program: str
    pid: int
    folder: str


class TokenView(NamedTuple):
    """A token as the screens show it. Times are epoch seconds; None: never, or not known."""

    id: str
    profile: str
    name: str
    env: tuple[str, ...]
    kind: str
    scopes: tuple[str, ...]
    state: State
    since: float | None  # since when it is in a sticky state
    why: str
    findings: tuple[Finding, ...]
    bound: tuple[BoundRow, ...]
    expires_at: float | None
    lifetime: float | None  # seconds from sealing or refresh to expires_at
    last_released: float | None
    releases: tuple[ReleaseRow, ...]  # newest first, at most 200
    defined_at: str  # "staging.toml:24"
    inherited: bool
    claims: tuple[tuple[str, str], ...]  # decoded, not verified; empty where the secret is not a JWT
    stale: bool  # the store is away: last known state
    carries: tuple[tuple[str, str], ...] = ()  # what its provider said of it, or its verified signature vouches for
    unread: str = (
        ""  # why bounds, times and the rest are not known now: they are then empty, which says nothing of them
    )
    elsewhere: bool = False  # missing here: the state belongs to a home before this one
    rotation: RotationView = RotationView()


class ProfileView(NamedTuple):
    """A profile as the screens show it; ``fault`` is the one line that says why it cannot be read."""

    name: str
    path: str
    extends: str
    description: str
    children: tuple[str, ...]
    fault: str
    env: tuple[str, ...]  # names of plain variables
    unapproved_parts: tuple[str, ...]  # "env", "grants"
    flags: tuple[tuple[str, bool, bool], ...]  # name, now, own (False: inherited)
    roles: tuple[tuple[str, bool], ...]  # every role that is granted or active, and whether it is active


class EventView(NamedTuple):
    """One line of the journal."""

    seq: int
    at: float
    kind: str  # added, approved, released, expired, …
    id: str
    by: str  # program (pid) folder
    text: str  # what happened, in words
    state: State | None  # the state it led to, for the glyph


class UsageView(NamedTuple):
    """How a token was used, as the journal's index has it. ``times``: ever; ``first``: epoch seconds, None for never.

    ``days``: releases on each of the last days (UTC), oldest first, today last; ``programs``: the most used ones, unusual ones
    first, each with how often it got it and whether it is unusual.
    """

    times: int
    first: float | None
    days: tuple[int, ...]
    programs: tuple[tuple[str, int, bool], ...]


class AlertView(NamedTuple):
    """An alert as the screens show it. ``line``: what it says; ``state``: the state it is about, for the glyph.

    ``over``: it no longer holds.
    """

    number: int
    at: float
    line: str
    state: State | None
    over: bool
    seen: bool


class Overview(NamedTuple):
    """Everything the frame and the lists need, from one evaluation."""

    profiles: tuple[ProfileView, ...]
    tokens: tuple[TokenView, ...]
    active: str  # the profile in use here, "" where none
    pinned: bool  # by this shell
    store: str  # keyring or file
    store_status: str  # open, locked, away
    watched: tuple[str, ...]
    orphans: tuple[str, ...]
    notes: tuple[str, ...]  # lines that the owner should read: a broken journal, a state begun anew
    made_as: str = ""  # the configuration folder of the home that this state belongs to, where it is another one
    alerts: int = 0  # how many are unseen
    rings: bool = False  # whether an alert rings the terminal's bell now


class PlanRow(NamedTuple):
    """What a change would do to one token."""

    id: str
    before: State
    after: State
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    findings: tuple[Finding, ...]
    lines: tuple[int, ...]  # of the proposed text: one a finding (0: elsewhere), then others that the change stands on
    needs_approval: bool  # the definition itself changes and is sealed by saving
    back: tuple[tuple[str, int], ...] = ()  # keys that are inside again, each with its line


class PlanView(NamedTuple):
    """What a change would do. ``fault``: why the proposed text cannot be read (with line), else ""."""

    rows: tuple[PlanRow, ...]  # only those whose state, scopes or definition change
    unchanged: tuple[tuple[str, State], ...]
    fault: str
    fault_line: int
    parts: tuple[str, ...]  # profile parts that saving seals: "env", "grants"
    stays: tuple[PlanRow, ...] = ()  # tokens with a key that is inside again, and whose state does not change by that
    expected: int = 0  # how many states the profile's [[expect]] scenarios name
    problems: tuple[str, ...] = ()  # what `check` would say of the proposed text: policy and scenarios


class ApprovalView(NamedTuple):
    """What approving a token would accept; or, where ``id`` is a profile's name, what of its own part.

    ``before`` and ``after``: the state now and as it would be, None for a part. ``lines``: the definition's difference.
    """

    id: str
    before: State | None
    after: State | None
    why: str  # why it is in its state
    lines: tuple[str, ...]
    readings: tuple[BoundRow, ...]  # approved as they are now
    digest: str  # of exactly this snapshot
    obstacle: str  # why it cannot be approved, or ""
    parts: tuple[str, ...] = ()  # of a profile: "env", "grants"
    former: bool = True  # what was approved before is known; where not, ``lines`` are the whole definition
    findings: tuple[Finding, ...] = ()


class PutBack(NamedTuple):
    """A profile's text before and after a key is set back to its approved value; ``said``: ``flags.beta = false``."""

    profile: str
    before: str
    after: str
    said: str


class Adoption(NamedTuple):
    """What adopting would write: the profile's text before and after, and the definition as lines for a person."""

    before: str
    text: str
    lines: tuple[str, ...]


class SavedDraft(NamedTuple):
    """Text of a profile that was typed and not saved. ``base``: the file's text that it began with, None: there was none."""

    profile: str
    text: str
    base: str | None
    at: float


class Done(NamedTuple):
    """What became of one of several: ``fault`` says why nothing was done to it, or ""."""

    id: str
    fault: str


class SwitchView(NamedTuple):
    """What arrives, changes and leaves when the profile is switched."""

    target: str
    arrives: tuple[str, ...]
    changes: tuple[str, ...]
    leaves: tuple[str, ...]
    withheld: tuple[tuple[str, State, str], ...]  # token name, state, why


class Suggestion(NamedTuple):
    """A key that a new token may be bound to: its present value becomes the boundary."""

    key: str
    rule: str  # in words, "= https://…"
    bind: str  # as `--bind` takes it
    outside: str
    likely: bool
    why: str = ""


class Recognised(NamedTuple):
    """What the catalogue says of a secret; all empty where it is of no known kind.

    ``fault``: what is wrong with it; ``asks``: so wrong that it is asked about before it is stored. ``offers``: bindings that
    such a token may have; the likely ones are good for it alone. ``notes``: what is wrong with the user's own entries.
    """

    title: str = ""
    words: str = ""
    fault: str = ""
    asks: bool = False
    name: str = ""
    kind: str = ""
    env: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    expires: str = ""
    offers: tuple[Suggestion, ...] = ()
    notes: tuple[str, ...] = ()


class NewToken(NamedTuple):
    """What the add dialog gathers. ``binds`` as ``--bind`` takes them: ``KEY RULE=VALUE …``. ``ttl`` as "30d" or ""."""

    id: str
    env: tuple[str, ...]
    kind: str
    scopes: tuple[str, ...]
    ttl: str
    binds: tuple[str, ...]


class Outcome(NamedTuple):
    """What an action did, as one line for a toast; ``ok`` False: refused, and nothing was changed."""

    ok: bool
    text: str


class Searched(NamedTuple):
    """How far a search for plain tokens has come: files looked at, and tokens found in them."""

    files: int
    found: int


class PlainToken(NamedTuple):
    """A plain token that can be imported, or that an import would leave.

    ``number``: by which it is chosen; ``label``: what its file calls it; ``title``: what it is recognised as.
    ``id``, ``env``, ``binds``: of the token that it would become; without ``env``, a helper alone gets it. ``left``: why it
    would not be taken, or ""; ``doubtful``: it would be, where it is chosen; ``stored``: the id of a token that has this very
    secret already, or would have it: only its plain copy is left to replace.
    """

    number: int
    label: str
    line: int
    title: str = ""
    id: str = ""
    env: str = ""
    binds: tuple[str, ...] = ()
    left: str = ""
    doubtful: bool = False
    stored: str = ""


class PlainSource(NamedTuple):
    """A file with plain tokens. ``instead``: what becomes of one whose plain copy is replaced; "" where it cannot be."""

    place: str
    kind: str
    instead: str
    tokens: tuple[PlainToken, ...]


class PlainFinding(NamedTuple):
    """A plain token that no import can take from where it stands. ``risk``: how open it lies, or ""."""

    place: str
    title: str
    risk: str = ""


class PlainFound(NamedTuple):
    """What a search for plain tokens found, as an import into ``profile`` would take it. ``notes``: what could not be read."""

    profile: str
    files: int
    sources: tuple[PlainSource, ...] = ()
    by_hand: tuple[PlainFinding, ...] = ()
    notes: tuple[str, ...] = ()


class Imported(NamedTuple):
    """What an import did. ``undo``: the command for each file that was replaced; ``notes``: what is left to do for its tool."""

    stored: tuple[str, ...] = ()
    not_stored: tuple[Done, ...] = ()
    undo: tuple[str, ...] = ()
    not_replaced: tuple[Done, ...] = ()
    notes: tuple[str, ...] = ()


class AppService(Protocol):
    """What the application may ask of the custody. Every call blocks (run it in a worker) and is bounded in time.

    A refusal or fault raises :class:`keybound.domain.errors.KeyboundError` with a line for the user.
    """

    @property
    def rotation(self) -> RotationService:
        """New secrets, and the end of old ones."""

    def overview(self) -> Overview:
        """Evaluate everything on live readings, record expiries, and return it."""

    def plan_text(self, profile: str, text: str) -> PlanView:
        """Say what saving ``text`` as the profile's file would do; write nothing."""

    def toggled(self, profile: str, text: str, keypath: tuple[str, ...], value: object) -> str:
        """Return ``text`` with one value set, comments and order kept."""

    def profile_text(self, profile: str) -> str:
        """The profile's own file."""

    def save_text(self, profile: str, text: str, expected: str | None) -> Outcome:
        """Save after its plan was shown, seal what matched its seal before; refuse if the file is no longer ``expected``
        (None: there is none)."""

    def plan_switch(self, target: str) -> SwitchView:
        """Say what a switch of profile would do to a shell that follows."""

    def switch(self, target: str, everywhere: bool) -> Outcome:
        """Pin the shell the application was started from, or make the profile the active one for every following shell."""

    def pins_a_shell(self) -> bool:
        """Whether the application was started from a hooked shell that it can pin."""

    def suggest(self, profile: str) -> Sequence[Suggestion]:
        """Every key that a token of the profile could be bound to: the profile's, likely ones first, then others."""

    def recognise(self, profile: str, secret: Secret, near: str) -> Recognised:
        """What the catalogue says of a secret; ``near``: the name and the variables that were typed beside it."""

    def first_profile(self) -> str:
        """The active profile; made, where there is no profile yet."""

    def search_plain(self, goes_on: Callable[[Searched], bool]) -> None:
        """Look for plain tokens in the usual places. It needs no store: run it beside other calls.

        ``goes_on`` hears of each file; once it says no, the search ends.
        """

    def plain_found(self, profile: str) -> PlainFound:
        """What was found, as an import into the profile would take it; stores nothing."""

    def import_plain(self, numbers: Sequence[int], replace: bool, far: Callable[[int], object]) -> Imported:
        """Store those that were chosen. ``replace``: then replace their plain copies. ``far`` hears how many are stored."""

    def forget_plain(self) -> None:
        """Keep nothing of what was found."""

    def add(self, new: NewToken, secret: Secret) -> Outcome:
        """Define, store and seal a token."""

    def bind(self, token: str, bind: str) -> Outcome:
        """Bind a token to a key and seal."""

    def add_harm(self, new: NewToken) -> Sequence[str]:
        """What adding would do to tokens now, where a reading is not inside its boundary; writes nothing."""

    def bind_harm(self, token: str, bind: str) -> Sequence[str]:
        """What binding would do to tokens now, where the reading is not inside; writes nothing."""

    def unbind(self, token: str, key: str) -> Outcome:
        """Take a binding away and seal."""

    def approvals(self, ids: Sequence[str]) -> Sequence[ApprovalView]:
        """What approving would accept: of a token, or of a profile its own part and each token that needs it."""

    def approve(self, chosen: Sequence[tuple[str, str]]) -> Sequence[Done]:
        """Approve the snapshots that the digests name, of tokens and of profiles' own parts; each is decided alone."""

    def refresh(self, token: str, secret: Secret) -> Outcome:
        """Replace the secret."""

    def expire(self, tokens: Sequence[str]) -> Sequence[Done]:
        """Expire now."""

    def remove(self, tokens: Sequence[str]) -> Sequence[Done]:
        """Delete the secret, then the definition."""

    def adoption(self, token: str) -> Adoption:
        """The definition that was approved last of a token that has a secret but no definition; writes nothing."""

    def adopt(self, token: str, seen: Adoption) -> Outcome:
        """Define it again as it was shown."""

    def reveal(self, token: str) -> Secret:
        """Release to the screen."""

    def copy(self, token: str, terminal: Callable[[Secret], None]) -> Outcome:
        """Release to the clipboard, by the session's tool or by ``terminal``; the outcome says which."""

    def put_back(self, tokens: Sequence[str], key: str) -> PutBack:
        """A profile's text with the key set back to its approved value, where that is known; writes nothing."""

    def keep_draft(self, profile: str, text: str, base: str | None) -> None:
        """Keep unsaved text where only its owner can read it. Never waits for the store."""

    def drop_draft(self, profile: str) -> None:
        """Forget the unsaved text of a profile."""

    def drafts(self) -> Sequence[SavedDraft]:
        """Unsaved texts that were kept."""

    def journal(self, limit: int, token: str = "") -> Sequence[EventView]:
        """The newest events, newest first."""

    def usage(self, token: str, days: int) -> UsageView:
        """How a token was used; ``days``: of how many last days."""

    def alerts(self, limit: int) -> Sequence[AlertView]:
        """The newest alerts, newest first."""

    def see_alerts(self, numbers: Sequence[int]) -> None:
        """Their owner has seen these."""

    def unlock(self, ask: Callable[[str], Secret] | None) -> Outcome:
        """Unlock the store."""

    def lock(self) -> Outcome:
        """Lock the store."""
