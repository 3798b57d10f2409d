"""Effective keys where keys work: a plan that supposes an environment, scenarios, why, the page, the screens."""

import json
from pathlib import Path

import pytest

from keybound.custody.application.overview import overview
from keybound.custody.context.context import Context
from keybound.tui.words import row_place
from support.staging import Run

SCENARIOS = """
[[expect]]
when = { "kube:context" = "prod" }
then = { t = "suspended" }

[[expect]]
when = { "kube:context" = "staging", 'npm:"@acme:registry"' = "https://npm.acme.example/" }
then = { t = "active" }

[[expect]]
when = { 'npm:"@acme:registry"' = { unreadable = true } }
then = { t = "WORD" }
"""


def config(path: Path, context: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"contexts:\n- name: {context}\n  context: {{}}\ncurrent-context: {context}\n")
    return path


@pytest.fixture
def prod(keybound: Run, home: Path) -> Path:
    """A token bound to the context and a scope's registry, both inside; and another kubeconfig."""
    config(home / ".kube" / "config", "staging")
    (home / ".npmrc").write_text("@acme:registry=https://npm.acme.example/\n")
    assert keybound("init").returncode == 0
    done = keybound(
        "add", "default/t", "--env", "TT", "--bind", "kube:context equals=staging",
        "--bind", 'npm:"@acme:registry" url_host=npm.acme.example outside=expire', given=b"canary-value\n",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert keybound("exec", "--", "printenv", "TT").stdout == b"canary-value\n"
    return config(home / "prod", "prod")


def test_a_plan_supposes_an_environment(keybound: Run, prod: Path, home: Path) -> None:
    done = keybound("plan", "default", "--env", f"KUBECONFIG={prod}")
    assert done.stdout.decode().splitlines() == [
        "default/t: ● active -> ■ suspended",
        f"    kube:context is prod, set by KUBECONFIG in {prod}:4, bound to staging",
    ]
    assert (
        keybound("plan", "default", "--env", "KUBECONFIG=~/prod", "--json").stdout.count(b'"after": "suspended"') == 1
    )
    there = {"KUBECONFIG": str(prod)}
    assert b"suspended -> " in keybound("plan", "default", "--env", "KUBECONFIG", more=there).stdout
    assert keybound("plan", "default", "--env", "KUBECONFIG=").stdout == b"no token would change\n"
    assert keybound("plan", "default", "--env", "A-B=1").returncode == 2
    assert keybound("exec", "--", "printenv", "TT").stdout == b"canary-value\n"  # it was only supposed


def test_what_is_withheld_says_what_set_the_value(
    keybound: Run, prod: Path, environ: dict[str, str], home: Path
) -> None:
    there = {"KUBECONFIG": str(prod)}
    done = keybound("exec", "--", "printenv", "TT", more=there)
    assert done.returncode == 1
    assert f"kube:context is prod, set by KUBECONFIG in {prod}:4, bound to staging".encode() in done.stderr
    rows = json.loads(keybound("list", "--json", more=there).stdout)
    assert [row["state"] for row in rows] == ["suspended"]
    assert b'"expired"' not in keybound("log", "--json").stdout
    assert keybound("exec", "--", "printenv", "TT").returncode == 0  # for that caller alone
    token = overview(Context({**environ, **there}, str(home))).tokens[0]
    row = next(row for row in token.bound if row.key == "kube:context")
    assert (row.group, row_place(row)) == ("this shell", "KUBECONFIG, prod:4")
    inside = next(row for row in token.bound if row.key.startswith("npm:"))
    assert row_place(inside) == ".npmrc:1"


def test_scenarios_suppose_what_a_tool_would_use(keybound: Run, prod: Path, profiles: Path) -> None:
    path = profiles / "default.toml"
    written = path.read_text()
    path.write_text(written + SCENARIOS.replace("WORD", "suspended"))
    assert keybound("check", "default").returncode == 0
    path.write_text(written + SCENARIOS.replace("WORD", "active"))
    done = keybound("check", "default")
    assert done.returncode == 1
    assert b"scenario 3: expected active, but it is suspended" in done.stdout


def test_the_page_of_dependencies_names_them(keybound: Run, prod: Path) -> None:
    page = keybound("docs", "default").stdout.decode()
    assert "| `kube:context` | = staging | " in page
    assert '| `npm:"@acme:registry"` | ' in page
    assert '["npm:#quot;@acme:registry#quot;"]' in page
