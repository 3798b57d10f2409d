"""A dense profile: 30 keys, 10 tokens, 41 edges, as the map is to carry it. Hand-made, after the pictures."""

from keybound.custody.view_models.overview import Overview
from keybound.custody.view_models.tokens import BoundRow
from keybound.domain.verdict.states import State
from keybound.domain.verdict.verdict import Shown
from support.sample_service import DAY, NOW, OVERVIEW, PATH, token

A, W, S, U, E, _ = State

VALUES = {
    "flags": {"audit": "true", "shadow_reads": "false", "new_billing": "false", "beta_writes": "true", "dry_run": "false"},
    "settings": {
        "api.timeout": "30", "tenant": "acme", "queue.url": "amqp://q.staging", "region": "eu-west-1",
        "api.base_url": "https://api.staging.example.com", "bucket": "acme-stg", "cluster": "stg-2",
    },
    "roles": {"active": "deployer"},
    "this shell": {
        "git:remote.origin.url": "git@example.com:acme/api.git", "git:config.user.email": "ada@example.com",
        "env:KUBECONFIG": "absent", "env:AWS_PROFILE": "staging", "git:branch": "main", "env:CI": "absent",
    },
    "files": {
        "aws#staging.region": "eu-west-1", "kube#current-context": "prod", "kube#namespace": "payments",
        "npmrc#registry": "https://npm.example.com/", "npmrc": "0644 · 3f9a1c20", "aws#sso_session": "corp",
        "gcloud#project": "acme-stg", "terraform#workspace": "staging", "ssh_config": "0600 · 91be77d2",
        "docker#credsStore": "pass", "gh#host": "github.com",
    },
}  # fmt: skip
OUTSIDE = {"beta_writes": (E, "false"), "kube#current-context": (S, "staging"), "npmrc": (W, "0600 · 3f9a1c20")}
EDGES = {
    "metrics": (A, 300, "audit region tenant api.timeout"),
    "queue": (A, 88, "queue.url shadow_reads git:remote.origin.url tenant"),
    "billing": (A, 12, "new_billing audit bucket active"),
    "deploy": (E, 23, "beta_writes dry_run api.base_url active git:branch"),
    "github": (A, 23, "api.base_url git:config.user.email git:remote.origin.url gh#host"),
    "artifacts": (A, 41, "bucket env:AWS_PROFILE aws#staging.region region"),
    "cluster": (S, 1, "kube#current-context kube#namespace cluster env:KUBECONFIG env:AWS_PROFILE"),
    "registry": (W, 2, "npmrc npmrc#registry env:CI api.base_url"),
    "terraform": (U, 30, "terraform#workspace aws#sso_session gcloud#project env:CI"),
    "images": (A, 60, "docker#credsStore ssh_config git:branch"),
}


def _row(label: str) -> BoundRow:
    group = next(name for name, keys in VALUES.items() if label in keys)
    key = label if group == "this shell" else f"file:{label}" if group == "files" else f"{group}.{label}"
    state, approved = OUTSIDE.get(label, (A, VALUES[group][label]))
    path = "" if group == "this shell" else "/home/ada/.config/x" if group == "files" else PATH
    short = label.replace("git:config.", "git:").replace("remote.origin.url", "remote")
    now = VALUES[group][label]
    return BoundRow(
        key,
        group,
        short,
        f"= {approved}",
        "=",
        "expire",
        Shown(approved),
        Shown(now),
        label not in OUTSIDE,
        state,
        path,
        9,
    )


def _dense() -> Overview:
    tokens = []
    for name, (state, days, keys) in EDGES.items():
        bounds = tuple(_row(key) for key in keys.split())
        bad = next((row for row in bounds if row.inside is not True), None)
        why = (
            f"{bad.key} is {bad.now.text}, bound to {bad.rule}"
            if bad
            else "its definition changed"
            if state is U
            else ""
        )
        since = NOW - 360 if state is E else None
        tokens.append(
            token(f"staging/{name}", f"{name.upper()}_TOKEN", state, days * DAY, bounds=bounds, why=why, since=since)
        )
    return OVERVIEW._replace(tokens=tuple(tokens))


DENSE = _dense()
assert sum(len(each.bound) for each in DENSE.tokens) == 41
assert len({row.key for each in DENSE.tokens for row in each.bound}) == 30
