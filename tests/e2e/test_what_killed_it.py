"""An expired token says what expired it, in the past tense once the value is back, and what to do next."""

import json
import time
from pathlib import Path

from support.staging import REST, Run, furnish


def test_a_value_that_was_put_back(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    kube = home / "kube.yaml"
    kube.write_text("# a new line\ncurrent-context: prod\n")
    time.sleep(REST)
    said = keybound("why", "staging/github").stdout.decode()
    assert "× expired: file:kube#current-context is prod, bound to one of staging, dev" in said
    assert "Next: put the value back, or widen the boundary with keybound bind; then run keybound approve" in said
    kube.write_text("current-context: staging\n")
    time.sleep(REST)
    said = keybound("why", "staging/github").stdout.decode()
    assert "file:kube#current-context was prod on " in said
    assert "UTC, bound to one of staging, dev; it is staging now" in said
    assert "then prod   now staging   kube.yaml:2" in said
    assert "Next: keybound approve staging/github, or keybound refresh staging/github with a new secret" in said
    (found,) = json.loads(keybound("why", "staging/github", "--json").stdout)["findings"]
    assert (found["key"], found["reaction"], found["now"], found["then"]) == (
        "file:kube#current-context", "expire", "staging", "prod",
    )  # fmt: skip
    assert found["since"].endswith("+00:00")
    (row,) = json.loads(keybound("list", "--json").stdout)
    assert row["findings"] == [found]
    assert "Next: keybound approve staging/github" in keybound("list").stdout.decode()
    assert keybound("approve", "staging/github", "--yes").returncode == 0
    assert "active" in keybound("why", "staging/github").stdout.decode()


def test_one_that_its_owner_expired(keybound: Run, profiles: Path, home: Path) -> None:
    furnish(keybound, profiles, home)
    assert keybound("expire", "staging/github", "--yes").returncode == 0
    (found,) = json.loads(keybound("why", "staging/github", "--json").stdout)["findings"]
    assert (found["key"], found["reaction"], found["message"]) == ("", "expire", "its owner expired it")
