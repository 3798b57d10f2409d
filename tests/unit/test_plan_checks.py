"""A plan says what the profile's own scenarios and the policy would say of the proposed text."""

from pathlib import Path

import pytest

from keybound.custody.application.app_service import CustodyAppService
from keybound.custody.context.context import Context
from keybound.custody.planning.plan import plan_text
from keybound.domain.errors import BadInputError, NotFoundError
from keybound.tui.profile.plan import lines_of

TEXT = """[flags]
a = false
[tokens.t]
env = "T"
[tokens.t.bound]
"flags.a" = { equals = false, outside = "suspend" }
[[expect]]
when = { "flags.a" = true }
then = { t = "suspended" }
[[expect]]
then = { t = "active" }
"""


@pytest.fixture
def context(environ: dict[str, str], open_store: None, tmp_path: Path) -> Context:
    context = Context(environ, str(tmp_path))
    path = Path(context.home.profile_path("p"))
    path.parent.mkdir(parents=True)
    path.write_text(TEXT)
    return context


def said(context: Context, text: str) -> list[str]:
    return ["".join(piece.text for piece in row) for row in lines_of(plan_text(context, "p", text))]


def test_scenarios_that_hold_and_one_that_does_not(context: Context) -> None:
    assert "expect 2 of 2 hold" in said(context, TEXT)
    found = said(context, TEXT.replace('outside = "suspend"', 'outside = "warn"'))
    assert "expect 1 of 2 hold" in found
    assert any(row.startswith("expect: scenario 1: expected suspended, but it is warning") for row in found)


def test_the_policy_speaks_too(context: Context) -> None:
    Path(context.home.policy).write_text('[profiles.p]\nrelease = ["exec"]\n')
    assert any(row.startswith("release: it may not be released by") for row in said(context, TEXT))


def test_a_fault_names_its_line_once_and_its_key(context: Context) -> None:
    assert said(context, TEXT + "[tokens.u]\n")[0] == "line 12: tokens.u: env is missing"
    assert said(context, "a = = 1\n" + TEXT)[0].count("line 1") == 1


def test_a_fault_of_a_parent_is_no_line_of_this_text(context: Context) -> None:
    parent = Path(context.home.profile_path("parent"))
    parent.write_text("[flags]\nb = 3\n")
    plan = plan_text(context, "p", 'extends = "parent"\n' + TEXT)
    assert plan.fault == f"{parent}:2:1: flags.b: a flag is true or false"
    assert plan.fault_line == 0


def test_a_text_that_cannot_be_had_is_said(context: Context) -> None:
    service, folder = CustodyAppService(context), Path(context.home.profiles)
    (folder / "folder.toml").mkdir()
    (folder / "latin.toml").write_bytes(b"# \xff\n")
    (folder / "link.toml").symlink_to("/nowhere/at/all")
    (folder / "dos.toml").write_bytes(b"schema = 1\r\n")
    for name, why in (("folder", "a folder"), ("latin", "not UTF-8"), ("link", "is a broken link")):
        with pytest.raises(BadInputError, match=why):
            service.profile_text(name)
    with pytest.raises(NotFoundError):
        service.profile_text("nope")
    assert service.profile_text("dos") == "schema = 1\r\n"
    assert service.save_text("dos", "schema = 1\r\n# more\r\n", "schema = 1\r\n").ok


def test_a_profile_that_is_a_dead_link_is_at_fault_alone(context: Context) -> None:
    Path(context.home.profile_path("link")).symlink_to("/nowhere/at/all")
    view = CustodyAppService(context).overview()
    assert [token.id for token in view.tokens] == ["p/t"]
    assert {each.name: "is a broken link" in each.fault for each in view.profiles} == {"p": False, "link": True}
