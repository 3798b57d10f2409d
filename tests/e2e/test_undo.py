"""The last changes made in the application are taken back, also after a restart; what was changed since stays."""

import time
from pathlib import Path

import pytest

from keybound.custody.application.app_service import CustodyAppService
from keybound.custody.context.context import Context
from keybound.domain.errors import BadInputError, RefusedError
from keybound.domain.verdict.states import State
from support.staging import REST, Run, furnish


@pytest.fixture
def service(keybound: Run, environ: dict[str, str], profiles: Path, home: Path) -> CustodyAppService:
    furnish(keybound, profiles, home)
    return CustodyAppService(Context(environ, str(home)))


def state(service: CustodyAppService) -> State:
    return next(each.state for each in service.overview().tokens if each.id == "staging/github")


def test_edits_and_bindings_are_taken_back_in_turn_after_a_restart(
    service: CustodyAppService, environ: dict[str, str], profiles: Path, home: Path
) -> None:
    path = profiles / "staging.toml"
    first = path.read_text()
    service.save_text("staging", first.replace("[flags]", "# mine\n[flags]"), first)
    second = path.read_text()
    service.bind("staging/github", "settings.region exists=true")
    assert "settings.region" in path.read_text()
    again = CustodyAppService(Context(environ, str(home)))
    change, text = again.last_change() or pytest.fail("nothing to undo")
    assert change.said == "bind staging/github to settings.region"
    assert text == second
    assert again.take_back(change, text).text == "undone: bind staging/github to settings.region"
    assert (path.read_text(), state(again)) == (second, State.ACTIVE)
    change, text = again.last_change() or pytest.fail("nothing to undo")
    assert change.said == "edit staging.toml"
    again.take_back(change, text)
    assert (path.read_text(), state(again), again.last_change()) == (first, State.ACTIVE, None)


def test_several_keys_are_bound_all_or_none_and_undone_as_one(service: CustodyAppService, profiles: Path) -> None:
    path = profiles / "staging.toml"
    first = path.read_text()
    with pytest.raises(BadInputError):
        service.bind("staging/github", "settings.region exists=true", "file:nowhere#x exists=true")
    assert path.read_text() == first
    service.bind("staging/github", "settings.region exists=true", "cwd exists=true")
    assert all(path.read_text().count(key) > first.count(key) for key in ("settings.region", "cwd"))
    change, text = service.last_change() or pytest.fail("nothing to undo")
    assert (change.said, text) == ("bind staging/github to settings.region, cwd", first)


def test_what_another_program_changed_since_stays(service: CustodyAppService, profiles: Path) -> None:
    path = profiles / "staging.toml"
    first = path.read_text()
    service.save_text("staging", "# mine\n" + first, first)
    path.write_text(path.read_text() + "# theirs\n")
    time.sleep(REST)
    change, text = service.last_change() or pytest.fail("nothing to undo")
    service.take_back(change, text)
    assert path.read_text() == first + "# theirs\n"


def test_a_change_of_lines_that_were_changed_since_is_refused_and_forgotten(
    service: CustodyAppService, profiles: Path
) -> None:
    path = profiles / "staging.toml"
    first = path.read_text()
    service.save_text("staging", "# mine\n" + first, first)
    path.write_text("# theirs\n" + first)
    with pytest.raises(RefusedError, match=r"the same lines of staging\.toml were changed since"):
        service.last_change()
    assert service.last_change() is None
    assert path.read_text() == "# theirs\n" + first


@pytest.mark.parametrize("text", ["", "[", '[["staging", 5]]', '{"a": 1}'])
def test_a_damaged_memory_is_as_none(
    service: CustodyAppService, environ: dict[str, str], home: Path, text: str
) -> None:
    Path(Context(environ, str(home)).home.state, "undo.json").write_text(text)
    assert service.last_change() is None
