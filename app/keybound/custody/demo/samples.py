"""Sample profiles, tokens and files for the demo. Their secrets are random."""

import os
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from keybound.custody.context.context import Context
from keybound.custody.demo.plain_samples import plain_files
from keybound.custody.demo.sample_uses import DAYS, add_uses
from keybound.custody.profiles.choose_profile import activate
from keybound.custody.tokens.add import NewDefinition, add, seal_part, unsealed_part
from keybound.custody.tokens.expire import expire
from keybound.domain.text.secret import Secret
from keybound.domain.values.names import parse_token_id
from keybound.stores.age.age_file import AgeFileStore

_FILES = {
    "kube.yaml": "apiVersion: v1\nkind: Config\ncurrent-context: staging\n",
    ".npmrc": "registry=https://npm.example.com/\n",
}
_PROFILES = {
    "base": """schema = 1
description = "What the teams share"

[settings]
region = "eu-west-1"

[roles]
active = ["deployer"]
[roles.grants]
reader   = ["repo:read"]
deployer = ["repo:read", "packages:*"]

[env]
AWS_REGION = "{settings.region}"
""",
    "staging": """schema = 1
description = "Staging cluster, writes behind a flag"
extends = "base"

[settings]
api.base_url = "https://api.staging.example.com"

[flags]
beta_writes = false   # turn it on and see what expires
dry_run = true

[files]
kube  = "@HOME@/kube.yaml"
npmrc = "@HOME@/.npmrc"
""",
    "personal": """schema = 1
description = "Mine, no employer"

[settings]
account = "ada"

[flags]
experiments = true
""",
}
_URL = "settings.api.base_url url_host=api.staging.example.com"
_KUBE = 'file:kube#current-context one_of=["staging", "dev"] outside=suspend'
_TOKENS = (
    NewDefinition(
        parse_token_id("staging/github"), ("GITHUB_TOKEN",), "github", ("repo:read", "packages:write"), "90d",
        binds=(_URL, 'roles.active subset_of=["reader", "deployer"]'),
    ),
    NewDefinition(
        parse_token_id("staging/deploy"), ("DEPLOY_TOKEN",), ttl="30d", binds=(_URL, "flags.beta_writes equals=false")
    ),
    NewDefinition(
        parse_token_id("staging/cluster"), ("KUBE_TOKEN",), ttl="12h", binds=(_KUBE, "env:AWS_PROFILE equals=staging")
    ),
    NewDefinition(
        parse_token_id("staging/registry"), ("NPM_TOKEN",),
        binds=("file:npmrc#registry starts_with=https://npm.", "file:npmrc unchanged=true outside=warn"),
    ),
    NewDefinition(parse_token_id("staging/metrics"), ("DD_API_KEY",), binds=("settings.region starts_with=eu-",)),
    NewDefinition(parse_token_id("staging/writer"), ("WRITER_TOKEN",), binds=("flags.dry_run equals=false outside=suspend",)),
    NewDefinition(parse_token_id("staging/old"), ("OLD_TOKEN",), binds=("flags.dry_run equals=true",)),
    NewDefinition(parse_token_id("base/artifacts"), ("ARTIFACTS_TOKEN",), scopes=("packages:read",), ttl="60d"),
    NewDefinition(parse_token_id("personal/openai"), ("OPENAI_API_KEY",), binds=("flags.experiments equals=true",)),
    NewDefinition(parse_token_id("personal/github"), ("GITHUB_TOKEN",), ttl="7d", binds=('settings.account equals="ada"',)),
    NewDefinition(parse_token_id("personal/npm"), ("NPM_TOKEN",), binds=('settings.account equals="ada" inside=warn',)),
    NewDefinition(parse_token_id("personal/sentry"), ("SENTRY_AUTH_TOKEN",), expires="2030-01-31"),
)  # fmt: skip


_NEW = {parse_token_id(name) for name in ("staging/cluster", "personal/github", "staging/old")}  # added today


class _Earlier(Context):
    """The same home, some days ago."""

    def __init__(self, environ: Mapping[str, str], home: str, at: datetime) -> None:
        super().__init__(environ, home)
        self._at = at

    def clock(self) -> datetime:
        """That time."""
        return self._at


def furnish(environ: Mapping[str, str], home: str) -> Context:
    """Make the store, the profiles, the files and a dozen tokens; leave one expired, one unapproved, one warning."""
    context = Context(environ, home)
    for name, text in _FILES.items():
        _write(os.path.join(home, name), text)
    for name, text in _PROFILES.items():
        _write(context.home.profile_path(name), text.replace("@HOME@", home))
    context.choose_store("file")
    if isinstance(context.store, AgeFileStore):
        with open(environ["KEYBOUND_PASSWORD_FILE"], "rb") as file:
            context.store.create(Secret(file.read()))
    texts = [secrets.token_urlsafe(30) for _ in _TOKENS]
    now = context.clock()
    for new, text in zip(_TOKENS, texts, strict=True):
        if new.id not in _NEW:
            add(_Earlier(environ, home, now - timedelta(days=DAYS)), new, Secret(text))
    add_uses(context, now)
    for new, text in zip(_TOKENS, texts, strict=True):
        if new.id in _NEW:
            add(context, new, Secret(text))
    for name, text in plain_files(texts[0]).items():
        _write(os.path.join(home, name), text)
    for name in _PROFILES:
        if unsealed_part(context, name):
            seal_part(context, name)
    expire(context, parse_token_id("staging/old"))
    path = context.home.profile_path("personal")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    _write(path, text.replace('env = "OPENAI_API_KEY"', 'env = "OPENAI_KEY"'))
    _write(os.path.join(home, ".npmrc"), _FILES[".npmrc"] + "fund=false\n")
    activate(context, "staging")
    return context


def _write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
