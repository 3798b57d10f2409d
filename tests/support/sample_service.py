"""Sample data for snapshots: a hand-made service. Its states follow the pictures, not the guard's rules."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from keybound.custody.view_models.adding import NewToken, Recognised, Suggestion
from keybound.custody.view_models.first_run import StoreChoice, Strength
from keybound.custody.view_models.health import Examination, Health, HealthRow
from keybound.custody.view_models.outcomes import Done, Outcome
from keybound.custody.view_models.overview import AlertView, EventView, Overview, ProfileView
from keybound.custody.view_models.plain import Imported, PlainFinding, PlainFound, PlainSource, PlainToken, Searched
from keybound.custody.view_models.plans import (
    Adoption,
    ApprovalView,
    PlanRow,
    PlanView,
    ProfileChange,
    PutBack,
    SavedDraft,
    SwitchView,
)
from keybound.custody.view_models.profiles import ProfileText
from keybound.custody.view_models.rotation import LoginAnswer, LoginView, RotationView
from keybound.custody.view_models.settings import Setting
from keybound.custody.view_models.status import Attention, Status
from keybound.custody.view_models.tokens import BoundRow, ReleaseRow, TokenView, UsageView
from keybound.domain.errors import BadInputError, KeyboundError
from keybound.domain.profile.comparison import Difference
from keybound.domain.profile.config import Config
from keybound.domain.text.secret import Secret
from keybound.domain.verdict.states import Reaction, State
from keybound.domain.verdict.verdict import Finding, Shown

NOW = 1_779_286_091.0  # 20 May 2026 14:08:11 UTC
DAY, HOUR, MINUTE = 86_400.0, 3_600.0, 60.0
A, W, S, U, E, M = State
PATH = "/home/ada/.config/keybound/profiles/staging.toml"

TEXT = """schema = 1
description = "Staging cluster, writes behind a flag"
extends = "base"

[settings]
region = "eu-west-1"
api.base_url = "https://api.staging.example.com"

[flags]
beta_writes = true
dry_run = false

[roles]
active = ["deployer"]
[roles.grants]              # the scopes each role permits
reader   = ["repo:read", "packages:read"]
deployer = ["repo:read", "packages:*", "deploy:prod"]

[files]
kube  = "~/.kube/config"
npmrc = "~/.npmrc"

[tokens.github]
env     = "GITHUB_TOKEN"
kind    = "github"
scopes  = ["repo:read", "packages:write"]
expires = 2027-01-31T00:00:00Z

[tokens.github.bound]
"settings.api.base_url" = { equals = "https://api.staging.example.com" }
"roles.active"          = { subset_of = ["reader", "deployer"] }
"git:config.user.email" = { equals = "ada@example.com" }
"""

# key: group, label, value now, where
KEYS = {
    "settings.region": ("settings", "region", "eu-west-1", 6),
    "settings.api.base_url": ("settings", "api.base_url", "https://api.staging.example.com", 7),
    "flags.beta_writes": ("flags", "beta_writes", "true", 10),
    "flags.dry_run": ("flags", "dry_run", "false", 11),
    "roles.active": ("roles", "active", "deployer", 14),
    "git:branch": ("this shell", "git:branch", "main", 0),
    "git:config.user.email": ("this shell", "git:user.email", "ada@example.com", 0),
    "env:AWS_PROFILE": ("this shell", "env:AWS_PROFILE", "staging", 0),
    "file:npmrc#registry": ("files", "npmrc#registry", "https://npm.example.com/", 1),
    "file:npmrc": ("files", "npmrc", "0644 · 3f9a1c20", 0),
    "file:kube#current-context": ("files", "kube#current-context", "prod", 4),
    "file:aws#staging.region": ("files", "aws#staging.region", "eu-west-1", 2),
}
OUTSIDE = {
    "flags.beta_writes": (E, "false"),
    "file:npmrc": (W, "0600 · 3f9a1c20"),
    "file:kube#current-context": (S, "staging"),
}
FILES = {"npmrc": "/home/ada/.npmrc", "kube": "/home/ada/.kube/config", "aws": "/home/ada/.aws/config"}


def bound(key: str, rule: str, outside: str = "expire") -> BoundRow:
    group, label, value, line = KEYS[key]
    state, approved = OUTSIDE.get(key, (A, value))
    name = key.removeprefix("file:").partition("#")[0]
    path = FILES[name] if key.startswith("file:") else "" if group == "this shell" else PATH
    sign = {"=": "=", "one": "∈", "⊆": "⊆", "~": "~", "unchanged": "≡", "text": "^"}[rule.split()[0].rstrip(",")]
    inside = key not in OUTSIDE
    return BoundRow(key, group, label, rule, sign, outside, Shown(approved), Shown(value), inside, state, path, line)


def token(
    id: str,
    env: str,
    state: State = A,
    left: float | None = 30 * DAY,
    used: float | None = HOUR,
    lifetime: float = 90 * DAY,
    bounds: Sequence[BoundRow] = (),
    **more: Any,
) -> TokenView:
    profile, _, name = id.partition("/")
    why = more.pop("why", "")
    findings = tuple(
        Finding(row.key, row.rule, Reaction.EXPIRE, row.state, row.approved, row.now, f"{row.key} is outside")
        for row in bounds
        if not row.inside
    )
    values: dict[str, Any] = {
        "id": id, "profile": profile, "name": name, "env": (env,), "kind": "opaque", "scopes": ("read",),
        "state": state, "since": None, "why": why, "findings": findings, "bound": tuple(bounds),
        "expires_at": None if left is None else NOW + left, "lifetime": None if left is None else lifetime,
        "last_released": None if used is None else NOW - used, "releases": (), "defined_at": f"{profile}.toml:23",
        "inherited": False, "claims": (), "stale": False,
    }  # fmt: skip
    return TokenView(**{**values, **more})


BY_COMMAND = RotationView(
    "by ./mint", "by ./revoke, 1h after it was replaced", True,
    revocable=True, by_itself=True, revoke_now="by ./revoke",
)  # fmt: skip
BY_OAUTH = RotationView(
    "by OAuth at https://auth.example.com", "by its OAuth server", automatic=True, oauth=True, revocable=True
)
LEFT_TO_REVOKE = RotationView(
    revoke="by its provider",
    revoke_now="by its provider",
    to_revoke=1,
    revoke_at=NOW - HOUR,
    revoke_fault="registry.npmjs.org answers 503",
    revocable=True,
)
RELEASES = tuple(
    ReleaseRow(NOW - ago, way, program, pid, folder)
    for ago, way, program, pid, folder in (
        (10 * MINUTE, "exec", "make", 4121, "~/src/api"),
        (28 * MINUTE, "shell", "fish", 991, "~/src/api"),
        (3 * HOUR, "copy", "keybound", 3312, "~"),
    )
) + tuple(
    ReleaseRow(NOW - DAY * day - n * MINUTE, "exec", "make", 4000 + n, "~/src/api")
    for day, count in enumerate((2, 6, 9, 3, 0, 1, 1, 2, 4, 7, 2, 1, 0), 1)
    for n in range(count)
)

STAGING = (
    token(
        "staging/deploy", "DEPLOY_TOKEN", E, 23 * DAY, 10 * MINUTE, since=NOW - 6 * MINUTE, kind="minted",
        scopes=("packages:write", "deploy:prod"), why="flags.beta_writes is true, bound to false",
        bounds=(
            bound("flags.beta_writes", "= false"),
            bound("settings.api.base_url", "= https://api.staging.example.com"),
            bound("flags.dry_run", "= false", "suspend"),
            bound("git:branch", "one of main, release", "suspend"),
        ),
        releases=RELEASES, claims=(("iss", "https://sts.example.com"), ("exp", "2027-01-31 00:00 UTC")),
    ),
    token(
        "staging/cluster", "KUBE_TOKEN", S, 6 * HOUR, 10 * MINUTE, 12 * HOUR, scopes=("pods:read",),
        why="file:kube#current-context is prod, bound to one of staging, dev",
        bounds=(
            bound("file:kube#current-context", "one of staging, dev", "suspend"),
            bound("env:AWS_PROFILE", "= staging", "suspend"),
        ),
    ),
    token(
        "staging/registry", "NPM_TOKEN", W, 2 * DAY, HOUR, 30 * DAY, scopes=("publish",), rotation=LEFT_TO_REVOKE,
        why="file:npmrc is 0644 · 3f9a1c20, bound to unchanged, mode ≤ 0600",
        bounds=(
            bound("file:npmrc", "unchanged, mode ≤ 0600", "warn"),
            bound("file:npmrc#registry", r"~ https://[a-z.]+\.example\.com/"),
        ),
    ),
    token(
        "staging/github", "GITHUB_TOKEN", A, 255 * DAY, 2 * MINUTE, 300 * DAY, kind="github",
        scopes=("repo:read", "packages:write"),
        bounds=(
            bound("settings.api.base_url", "= https://api.staging.example.com"),
            bound("roles.active", "⊆ reader, deployer"),
            bound("git:config.user.email", "= ada@example.com", "suspend"),
        ),
    ),
    token(
        "staging/artifacts", "ARTIFACTS_TOKEN", A, 41 * DAY, 3 * DAY, scopes=("blob:read",), rotation=BY_COMMAND,
        bounds=(
            bound("env:AWS_PROFILE", "= staging", "suspend"),
            bound("file:aws#staging.region", "= eu-west-1"),
        ),
    ),
    token(
        "staging/metrics", "DD_API_KEY", A, 300 * DAY, 5 * MINUTE, 365 * DAY, scopes=("metrics:write",), rotation=BY_OAUTH,
        bounds=(bound("settings.region", "text starting with eu-"),),
    ),
)  # fmt: skip

_BASE = bound("settings.api.base_url", "= https://api.staging.example.com")
OTHERS = (
    token("prod/metrics", "DD_API_KEY", U, 300 * DAY, None, 365 * DAY, (_BASE,),
          why="the scopes changed since approval"),
    token("prod/deploy", "DEPLOY_TOKEN", S, 11 * HOUR, 6 * DAY, 12 * HOUR, (_BASE,),
          why="git:branch is main, bound to ~ release/.*"),
    token("prod/github", "GITHUB_TOKEN", A, 61 * DAY, 2 * DAY),
    token("prod/cluster", "KUBE_TOKEN", A, 6 * HOUR, 6 * DAY, 12 * HOUR),
    token("prod/pager", "PD_TOKEN", A, 188 * DAY, 12 * DAY, 200 * DAY),
    token("personal/openai", "OPENAI_API_KEY", W, None, 44 * DAY, why="not used for 44 days"),
    token("personal/cloudflare", "CLOUDFLARE_API_TOKEN", M, None, None, why="no secret has been added"),
    token("personal/github", "GITHUB_TOKEN", A, 71 * DAY, 8 * MINUTE),
    token("personal/npm", "NPM_TOKEN", A, 12 * DAY, DAY),
    token("personal/huggingface", "HF_TOKEN", A, None, 3 * HOUR),
    token("ci-local/registry", "NPM_TOKEN", A, 29 * DAY, 5 * HOUR, 30 * DAY),
    token("ci-local/sonar", "SONAR_TOKEN", A, 80 * DAY, 5 * HOUR),
    token("ci-local/sentry", "SENTRY_AUTH_TOKEN", A, None, 5 * HOUR),
)  # fmt: skip


def profile(name: str, description: str, extends: str = "", children: tuple[str, ...] = ()) -> ProfileView:
    flags = (("beta_writes", True, True), ("dry_run", False, True)) if name == "staging" else ()
    roles = (("reader", False), ("deployer", True)) if name == "staging" else ()
    path = PATH.replace("staging", name)
    return ProfileView(name, path, extends, description, children, "", ("AWS_REGION",), (), flags, roles)


PROFILES = (
    profile("base", "What staging and prod share", children=("staging", "prod")),
    profile("ci-local", "What CI sees, on this machine"),
    profile("personal", "Mine, no employer"),
    profile("prod", "Production, read mostly", "base"),
    profile("staging", "Staging cluster, writes behind a flag", "base"),
)
OVERVIEW = Overview(
    PROFILES, STAGING + OTHERS, "staging", False, "keyring", "open",
    (PATH, *FILES.values(), PATH.replace("staging", "base"), PATH.replace("staging", "prod")), (), (),
)  # fmt: skip

EVENTS = tuple(
    EventView(200 - at, NOW - ago, kind, id, by, text, state)
    for at, (ago, kind, id, by, text, state) in enumerate(
        (
            (2 * MINUTE, "released", "staging/github", "fish (991) ~/src/api", "to a shell as GITHUB_TOKEN", A),
            (6 * MINUTE, "expired", "staging/deploy", "keybound (3312) ~",
             "flags.beta_writes is true, bound to false", E),
            (10 * MINUTE, "released", "staging/deploy", "make (4121) ~/src/api", "to a command as DEPLOY_TOKEN", A),
            (10 * MINUTE, "suspended", "staging/cluster", "keybound (3312) ~",
             "file:kube#current-context is prod", S),
            (88 * MINUTE, "warned", "staging/registry", "keybound (3312) ~", "file:npmrc is 0644", W),
            (5 * HOUR, "approved", "staging/github", "keybound (2210) ~/src/api", "definition and 3 readings", A),
            (2 * DAY, "refreshed", "prod/cluster", "keybound (1801) ~", "by ./mint-token prod", A),
            (6 * DAY, "added", "ci-local/sonar", "keybound (991) ~", "sealed with 5 bounds", A),
        )
    )
)  # fmt: skip

SUGGESTIONS = (
    Suggestion("settings.api.base_url", "= https://api.staging.example.com",
               'settings.api.base_url equals="https://api.staging.example.com"', "expire", True,
               value="https://api.staging.example.com", origin="~/.config/keybound/profiles/staging.toml:7"),
    Suggestion("roles.active", "⊆ deployer", 'roles.active subset_of=["deployer"]', "expire", True),
    Suggestion("git:remote.origin.url", "= git@github.com:acme/api.git",
               'git:remote.origin.url equals="git@github.com:acme/api.git"', "suspend", True,
               value="git@github.com:acme/api.git", origin="git's configuration"),
    Suggestion("flags.beta_writes", "= true", "flags.beta_writes equals=true", "expire", False),
    Suggestion("file:npmrc#registry", "= https://npm.pkg.github.com/",
               'file:npmrc#registry equals="https://npm.pkg.github.com/"', "warn", False),
)  # fmt: skip

GITHUB = Recognised(
    "GitHub: personal access token (classic)", "checksum holds", name="github-2", kind="github", env=("GH_TOKEN",),
    scopes=("repo:read",), expires="2027-01-31 00:00 UTC",
    offers=(
        Suggestion("gh:host", "= github.com", 'gh:host equals="github.com"', "suspend", True, "gh sends it to this host"),
        Suggestion("cwd", "= /home/ada/work/api", 'cwd equals="/home/ada/work/api"', "suspend", False, "for this folder"),
    ),
    notes=("bad.toml:1:1: name is missing",),
)  # fmt: skip

NOT_TOLD = "neither its name nor its form says that it is a secret"
FOUND = PlainFound(
    "staging", 23,
    (
        PlainSource("~/.npmrc", "npmrc", "a variable takes its place", (
            PlainToken(0, "//registry.npmjs.org/:_authToken", 3, "npm: access token (checksum holds)", "staging/npm",
                       "NPM_TOKEN_2", ("npm:registry url_host=registry.npmjs.org outside=suspend",)),
        )),
        PlainSource("~/src/api/.env", "dotenv", "its line is removed", (
            PlainToken(1, "STRIPE_KEY", 2, "Stripe: secret key (shape)", "staging/stripe", "STRIPE_KEY"),
            PlainToken(2, "GITHUB_TOKEN", 3, left="the same as staging/github", stored="staging/github"),
            PlainToken(3, "DEBUG", 4, left=NOT_TOLD, doubtful=True),
            PlainToken(4, "PORT", 5, left=NOT_TOLD, doubtful=True),
            PlainToken(5, "SESSION_SECRET", 6, id="staging/session-secret", env="SESSION_SECRET"),
        )),
        PlainSource("~/bitwarden_export.json", "bitwarden", "", (
            PlainToken(6, "Mail", 12, left="staging/mail sets MAIL_PASSWORD already"),
        )),
    ),
    (
        PlainFinding("~/.bash_history:12", "GitHub: personal access token (classic) (checksum holds)",
                     "others can read it (0644)"),
        PlainFinding("~/.vimrc:40", "named like a secret: api_key"),
    ),
    ("not read: ~/.docker/config.json: permission denied",),
)  # fmt: skip

SWITCH = SwitchView(
    "prod", ("PD_TOKEN",), ("GITHUB_TOKEN", "KUBE_TOKEN", "AWS_REGION"), ("NPM_TOKEN", "ARTIFACTS_TOKEN"),
    (("deploy", S, "git:branch is main, bound to ~ release/.*"), ("metrics", U, "scopes changed since approval")),
)  # fmt: skip

ALERTED = (
    AlertView(4, NOW - 2 * MINUTE, "staging/deploy is expired: flags.beta_writes is true, bound to false", E, False, False),
    AlertView(3, NOW - 40 * MINUTE, "staging/npm gains packages:write", None, False, False),
    AlertView(2, NOW - 3 * DAY, "prod/kube is suspended: file:kube#current-context is dev, bound to prod", S, True, True),
    AlertView(
        1, NOW - 9 * DAY, "/home/ann/src/api/.env has plain tokens: line 3: GitHub: personal access token "
        "(its checksum holds)", None, False, True,
    ),
)  # fmt: skip


class SampleRotation:
    """Rotation that notes what it was asked for. ``due``: what is said to be done; ``answers``: of a login, in order."""

    def __init__(self, calls: list[tuple[Any, ...]]) -> None:
        self.calls = calls
        self.due: Sequence[str] = ()
        self.answers = [LoginAnswer("", 60)] * 9

    def renew(self, token: str) -> str:
        self.calls.append(("renew", token))
        return f"{token} has a new secret from its command"

    def revoke(self, token: str) -> str:
        self.calls.append(("revoke", token))
        return f"{token}: api.example.com revoked it"

    def probe(self, token: str) -> str:
        self.calls.append(("probe", token))
        return f"{token} was probed: ok; octo; scopes repo"

    def begin_login(self, token: str) -> LoginView:
        self.calls.append(("begin_login", token))
        return LoginView("https://auth.example.com/device", "https://auth.example.com/device?c=A", "WDJB-MJHT", 0, 600)

    def ask_login(self) -> LoginAnswer:
        self.calls.append(("ask_login",))
        return self.answers.pop(0)

    def page(self, token: str) -> str:
        return "https://github.com/settings/tokens" if token.endswith("/github") else ""

    def open_page(self, page: str) -> bool:
        self.calls.append(("open_page", page))
        return True

    def do_due(self) -> Sequence[str]:
        self.calls.append(("do_due",))
        return self.due


class SampleFirstRun:
    """A machine where a keyring answers; ``refusal``: what a try to use a store gives."""

    def __init__(self, service: "SampleService") -> None:
        self._service = service
        self.choice = StoreChoice("", "", False, "~/.local/share/keybound/store", False, "")
        self.refusal: KeyboundError | None = None

    def store_choice(self) -> StoreChoice:
        return self.choice

    def strength(self, passphrase: Secret) -> Strength:
        words = (
            ""
            if not len(passphrase)
            else "weak: it takes 3 hours to guess"
            if len(passphrase) < 9
            else "good: it takes years to guess"
        )
        return Strength(words, weak=words.startswith("weak"))

    def use_store(self, kind: str, passphrase: Secret) -> None:
        self._service.calls.append(("use_store", kind, len(passphrase)))
        if self.refusal is not None:
            raise self.refusal
        self._service.view = self._service.view._replace(store=kind, store_status="open")

    def first_profile(self, name: str = "default") -> str:
        self._service.calls.append(("first_profile", name))
        view = self._service.view
        if not view.profiles:
            self._service.view = view._replace(profiles=(profile(name, "My tokens"),), active=name)
        return self._service.view.active


class SampleProfiles:
    """Notes what is asked for, and changes which profiles there are."""

    def __init__(self, service: "SampleService") -> None:
        self._service = service

    def create(self, name: str, parent: str) -> Outcome:
        return self._made(profile(name, "", parent), "create", name, parent)

    def copy(self, name: str, new: str) -> Outcome:
        return self._made(profile(new, ""), "copy_profile", name, new)

    def rename(self, name: str, new: str) -> Outcome:
        self._drop(name)
        return self._made(profile(new, ""), "rename", name, new)

    def remove(self, name: str) -> Outcome:
        self._drop(name)
        return self._service._did("remove_profile", name)

    def losses(self, name: str) -> tuple[str, ...]:
        return tuple(token.id for token in self._service.view.tokens if token.profile == name and token.state is not M)

    def compare(self, left: str, right: str) -> Sequence[Difference]:
        long = "https://api." + "very-" * 12 + "long.example.com"
        return [
            Difference("settings", "settings.region", Shown("eu-west-1"), Shown("us-east-1")),
            Difference("settings", "settings.api.base_url", Shown(long), None),
            Difference("tokens.deploy", "tokens.deploy", None, Shown("defined")),
        ]

    def with_parent(self, name: str, parent: str) -> ProfileText:
        before = self._service.text
        return ProfileText(before, before.replace('extends = "base"\n', f'extends = "{parent}"\n' if parent else ""))

    def _made(self, made: ProfileView, *call: str) -> Outcome:
        view = self._service.view
        self._service.view = view._replace(profiles=(*view.profiles, made))
        return self._service._did(*call)

    def _drop(self, name: str) -> None:
        view = self._service.view
        self._service.view = view._replace(
            profiles=tuple(one for one in view.profiles if one.name != name),
            tokens=tuple(one for one in view.tokens if one.profile != name),
        )


STANDING = Status(
    "keyring", "open", "", "staging", "pinned in this shell", {"GITHUB_TOKEN": "staging/github", "OLD_TOKEN": ""},
    (
        Attention("staging/deploy", State.EXPIRED, "settings.api.base_url left its boundary"),
        Attention("ci-local", State.UNAPPROVED, "its own part has changed"),
        Attention("", None, "an unfinished change is pending (bind)"),
    ),
    "bash", "watch", 2, ('eval "$(keybound hook bash)"', "~/.bashrc"),
)  # fmt: skip


HEALTH = Examination((
    HealthRow("home", Health.OK, "~/.config/keybound, ~/.local/share/keybound, ~/.local/state/keybound", "", False),
    HealthRow("modes", Health.FAIL, "~/.local/state/keybound/state.db can be read or changed by others",
              "Run: keybound doctor --fix (or chmod go-rwx)", True),
    HealthRow("profiles", Health.FAIL, "~/.config/keybound/profiles/broken.toml:3:5: this value is not closed",
              "Correct it: keybound profile edit broken", False),
    HealthRow("store", Health.OK, "the keyring is open", "", False),
    HealthRow("hook", Health.WARN, "this shell is not hooked: it gets and drops no variables by itself",
              'Add to ~/.bashrc: eval "$(keybound hook bash)"', False),
    HealthRow("versions", Health.OK, "keybound 1.0.0, Python 3.11.9, Linux", "", False),
))  # fmt: skip


class SampleService:
    """A service that answers with sample data and notes what it was asked to do."""

    def __init__(self, overview: Overview = OVERVIEW, *, pins: bool = True) -> None:
        self.view = overview
        self.standing = STANDING
        self.health = HEALTH
        self.pins = pins
        self.calls: list[tuple[Any, ...]] = []
        self.rotation = SampleRotation(self.calls)
        self.first_run = SampleFirstRun(self)
        self.profiles = SampleProfiles(self)
        self.harm: tuple[str, ...] = ()
        self.text = TEXT
        self.kept: dict[str, SavedDraft] = {}
        self.evaluations = 0
        self.set: dict[str, str] = {}
        self.changes: list[ProfileChange] = []
        self.left: Mapping[str, object] = {}
        self.before_answer: Callable[[], None] = lambda: None
        self.known: dict[str, Recognised] = {}
        self.plain = FOUND
        self.imported: Imported | None = None
        self.alerted = list(ALERTED)
        self.used: dict[str, UsageView] = {}
        self.storing: Callable[[Callable[[int], object]], None] = lambda far: None
        self.searching: Callable[[Callable[[Searched], bool]], None] = lambda goes_on: None

    def overview(self) -> Overview:
        self.evaluations += 1
        self.before_answer()
        return self.view

    def plan_text(self, profile: str, text: str) -> PlanView:
        if "= =" in text:
            return PlanView((), (), "expected a value after '='", text[: text.index("= =")].count("\n") + 1, ())
        rows = []
        if 'active = ["reader"]' in text:
            said = "no active role grants packages:write"
            finding = Finding("roles.active", "", Reaction.SUSPEND, S, None, Shown("reader"), said)
            rows.append(PlanRow(f"{profile}/github", A, S, (), ("packages:write",), (finding,), (14,), False))
            rows.append(PlanRow(f"{profile}/registry", W, W, ("packages:read",), (), (), (), False))
        if 'region = "us-east-1"' in text:
            said = "settings.region is us-east-1, bound to text starting with eu-"
            finding = Finding("settings.region", "text starting with eu-", Reaction.EXPIRE, E, None, None, said)
            rows.append(PlanRow(f"{profile}/metrics", A, E, (), (), (finding,), (6,), False))
        changed = {row.id for row in rows}
        same = tuple((t.id, t.state) for t in self.view.tokens if t.profile == profile and t.id not in changed)
        return PlanView(tuple(rows), same, "", 0, ())

    def toggled(self, profile: str, text: str, keypath: tuple[str, ...], value: object) -> str:
        name = keypath[-1]
        if name == "active":
            assert isinstance(value, list)
            shown = ", ".join(f'"{role}"' for role in value)
            return text.replace('active = ["deployer"]', f"active = [{shown}]")
        was, now = str(not value).lower(), str(value).lower()
        return text.replace(f"{name} = {was}", f"{name} = {now}")

    def profile_text(self, profile: str) -> str:
        if profile not in {"staging", *(each.name for each in self.view.profiles)}:
            raise BadInputError(f"no profile {profile}")
        return self.text

    def save_text(self, profile: str, text: str, expected: str | None) -> Outcome:
        if expected != self.text:
            return Outcome(False, f"{profile}.toml was changed by another program")
        self.text = text
        return self._did("save_text", profile, text)

    def last_change(self) -> tuple[ProfileChange, str] | None:
        return (self.changes[-1], self.changes[-1].before) if self.changes else None

    def take_back(self, change: ProfileChange, text: str) -> Outcome:
        self.calls.append(("take back", change.profile, text))
        self.changes.pop()
        return Outcome(True, f"undone: {change.said}")

    def plan_switch(self, target: str) -> SwitchView:
        return SWITCH._replace(target=target)

    def switch(self, target: str, everywhere: bool) -> Outcome:
        return self._did("switch", target, everywhere)

    def pins_a_shell(self) -> bool:
        return self.pins

    def suggest(self, profile: str) -> Sequence[Suggestion]:
        return SUGGESTIONS

    def recognise(self, profile: str, secret: Secret, near: str) -> Recognised:
        return next((told for text, told in self.known.items() if Secret(text) == secret), Recognised())

    def search_plain(self, goes_on: Callable[[Searched], bool]) -> None:
        self.calls.append(("search_plain",))
        self.searching(goes_on)

    def plain_found(self, profile: str) -> PlainFound:
        return self.plain._replace(profile=profile)

    def import_plain(self, numbers: Sequence[int], replace: bool, far: Callable[[int], object]) -> Imported:
        self.calls.append(("import_plain", tuple(numbers), replace))
        self.storing(far)
        if self.imported is not None:
            return self.imported
        tokens = [one for source in self.plain.sources for one in source.tokens if one.number in numbers]
        undo = ("keybound import --undo /home/ada/.npmrc",) if replace else ()
        return Imported(tuple(one.id for one in tokens if one.id), undo=undo)

    def forget_plain(self) -> None:
        self.calls.append(("forget_plain",))

    def add(self, new: NewToken, secret: Secret) -> Outcome:
        return self._did("add", new, secret)

    def bind(self, token: str, *binds: str) -> Outcome:
        return self._did("bind", token, *binds)

    def add_harm(self, new: NewToken) -> Sequence[str]:
        return self.harm

    def bind_harm(self, token: str, *binds: str) -> Sequence[str]:
        return self.harm

    def unbind(self, token: str, key: str) -> Outcome:
        return self._did("unbind", token, key)

    def approvals(self, ids: Sequence[str]) -> Sequence[ApprovalView]:
        return [self._approval(each) for each in ids]

    def _approval(self, id: str) -> ApprovalView:
        lines = ('- scopes = "metrics:write"', '+ scopes = "metrics:write, logs:read"')
        if "/" not in id:
            return ApprovalView(id, None, None, "", ('+ env.AWS_REGION = "eu-west-1"',), (), "e0", "", ("env",))
        found = next(each for each in self.view.tokens if each.id == id)
        after = A if found.state is not M else M
        obstacle = "no secret has been added" if found.state is M else ""
        return ApprovalView(id, found.state, after, found.why, lines, found.bound, "7c1e", obstacle)

    def approve(self, chosen: Sequence[tuple[str, str]]) -> Sequence[Done]:
        self.calls.append(("approve", *chosen))
        return [Done(id, "") for id, _ in chosen]

    def refresh(self, token: str, secret: Secret) -> Outcome:
        return self._did("refresh", token, secret)

    def expire(self, tokens: Sequence[str]) -> Sequence[Done]:
        self.calls.append(("expire", *tokens))
        return [Done(id, "") for id in tokens]

    def remove(self, tokens: Sequence[str]) -> Sequence[Done]:
        self.calls.append(("remove", *tokens))
        return [Done(id, "") for id in tokens]

    def adoption(self, token: str) -> Adoption:
        return Adoption(self.text, self.text + "[tokens.old]\n", ("+ env = OLD_TOKEN",))

    def adopt(self, token: str, seen: Adoption) -> Outcome:
        return self._did("adopt", token, seen)

    def reveal(self, token: str) -> Secret:
        self.calls.append(("reveal", token))
        return Secret("sample-not-a-secret")

    def copy(self, token: str, form: str, terminal: Callable[[Secret], None]) -> Outcome:
        self.calls.append(("copy", token, form))
        return Outcome(True, f"{token} copied with wl-copy; it is cleared in 45 s")

    def put_back(self, tokens: Sequence[str], key: str) -> PutBack:
        after = self.text.replace("beta_writes = true", "beta_writes = false")
        return PutBack("staging", self.text, after, f"{key} = false")

    def keep_draft(self, profile: str, text: str, base: str | None) -> None:
        self.kept[profile] = SavedDraft(profile, text, base, NOW)

    def drop_draft(self, profile: str) -> None:
        self.kept.pop(profile, None)

    def drafts(self) -> Sequence[SavedDraft]:
        return list(self.kept.values())

    def recalled(self) -> Mapping[str, object]:
        return self.left

    def remember(self, view: Mapping[str, object]) -> None:
        self.left = view

    def status(self) -> Status:
        return self.standing

    def examine(self) -> Examination:
        return self.health

    def mend(self) -> Examination:
        self.calls.append(("mend",))
        rows = tuple(one for one in self.health.rows if not one.mendable)
        self.health = Examination(rows)
        return Examination(rows, ("modes: mended: ~/.local/state/keybound/state.db: made your own alone",))

    def settings(self) -> Sequence[Setting]:
        return [
            Setting("theme", "the colours; auto goes with the terminal", (), ""),
            Setting("keys.preset", "the keys", ("default", "vim", "emacs"), self.set.get("keys.preset", "default")),
            Setting(
                "hook.say", "how much the prompt hook says", ("quiet", "normal"), self.set.get("hook.say", "normal")
            ),
        ]

    def change_setting(self, name: str, value: str) -> Config:
        self.set[name] = value
        return Config(keys={"preset": self.set.get("keys.preset", "default")})

    def journal(self, limit: int, token: str = "") -> Sequence[EventView]:
        return [event for event in EVENTS if token in ("", event.id)][:limit]

    def usage(self, token: str, days: int) -> UsageView:
        if token in self.used:
            return self.used[token]
        view = next(each for each in self.view.tokens if each.id == token)
        found = Counter(int((NOW - release.at) // DAY) for release in view.releases)
        return UsageView(0, None, tuple(found.get(day, 0) for day in range(days - 1, -1, -1)), ())

    def alerts(self, limit: int) -> Sequence[AlertView]:
        return self.alerted[:limit]

    def see_alerts(self, numbers: Sequence[int]) -> None:
        self.calls.append(("see_alerts", tuple(numbers)))
        self.alerted = [each._replace(seen=True) for each in self.alerted]
        self.view = self.view._replace(alerts=0)

    def unlock(self, ask: Callable[[str], Secret] | None) -> Outcome:
        return self._did("unlock")

    def lock(self) -> Outcome:
        return self._did("lock")

    def _did(self, *call: Any) -> Outcome:
        self.calls.append(call)
        return Outcome(True, f"{call[0]}: done")
