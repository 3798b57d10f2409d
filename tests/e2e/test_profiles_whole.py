"""Profiles made, copied, renamed, removed and given a parent, as the application and the command line do it."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from keybound.custody.application.app_service import CustodyAppService
from keybound.custody.context.context import Context
from keybound.domain.errors import BadInputError, RefusedError
from keybound.domain.verdict.states import State
from support.staging import furnish

Run = Callable[..., "object"]


@pytest.fixture
def service(keybound: Callable[..., object], environ: dict[str, str], profiles: Path, home: Path) -> CustodyAppService:
    furnish(keybound, profiles, home)  # type: ignore[arg-type]
    return CustodyAppService(Context(environ, str(home)))


def states(service: CustodyAppService) -> dict[str, State]:
    return {token.id: token.state for token in service.overview().tokens}


def test_one_is_made_below_another_and_its_name_is_taken_then(service: CustodyAppService, profiles: Path) -> None:
    assert service.profiles.create("eu", "staging").text == "eu is made, and extends staging"
    assert 'extends = "staging"' in (profiles / "eu.toml").read_text()
    with pytest.raises(RefusedError, match="already exists"):
        service.profiles.create("eu", "")
    with pytest.raises(BadInputError, match="no such profile"):
        service.profiles.create("us", "nowhere")
    with pytest.raises(BadInputError):
        service.profiles.create("../x", "")
    assert not (profiles / "us.toml").exists()


def test_a_copy_has_the_text_and_no_secret(service: CustodyAppService, profiles: Path) -> None:
    said = service.profiles.copy("staging", "stage").text
    assert said == "stage is a copy of staging; 1 token needs a secret of its own"
    assert (profiles / "stage.toml").read_text() == (profiles / "staging.toml").read_text()
    assert states(service) == {"staging/github": State.ACTIVE, "stage/github": State.MISSING}
    with pytest.raises(RefusedError, match="already exists"):
        service.profiles.copy("staging", "default")


def test_a_copy_approves_nothing_that_was_not_approved(service: CustodyAppService, profiles: Path) -> None:
    text = (profiles / "staging.toml").read_text()
    (profiles / "staging.toml").write_text(f'{text}\n[env]\nPLAIN = "x"\n')
    with pytest.raises(RefusedError, match="not approved"):
        service.profiles.copy("staging", "stage")
    assert not (profiles / "stage.toml").exists()


def test_a_removal_says_what_is_lost_and_loses_that(service: CustodyAppService, profiles: Path) -> None:
    service.profiles.copy("staging", "stage")
    assert service.profiles.losses("stage") == ()
    assert service.profiles.losses("staging") == ("staging/github",)
    service.profiles.remove("staging")
    assert set(states(service)) == {"stage/github"}
    assert not (profiles / "staging.toml").exists()


def test_where_the_profile_in_use_was_removed_another_is(service: CustodyAppService) -> None:
    service.switch("staging", everywhere=True)
    service.profiles.remove("staging")
    assert service.overview().active == "staging"
    assert service.first_run.first_profile("new") == "default"
    assert service.overview().active == "default"


def test_a_parent_is_given_and_taken_in_the_text_alone(service: CustodyAppService, profiles: Path) -> None:
    before, after = service.profiles.with_parent("staging", "default")
    assert before == (profiles / "staging.toml").read_text()
    assert 'extends = "default"' in after
    assert "# kept" in after
    service.save_text("staging", after, before)
    assert service.profiles.with_parent("staging", "").after == before
    assert service.profiles.with_parent("default", "").after == (profiles / "default.toml").read_text()
    looped = service.profiles.with_parent("default", "staging").after
    assert service.plan_text("default", looped).fault


def test_a_renamed_profile_keeps_its_secret(service: CustodyAppService) -> None:
    service.profiles.rename("staging", "stage")
    assert states(service) == {"stage/github": State.ACTIVE}


def test_a_rename_approves_nothing_that_was_not_approved(service: CustodyAppService, profiles: Path) -> None:
    def unapproved(name: str) -> tuple[str, ...]:
        return next(one.unapproved_parts for one in service.overview().profiles if one.name == name)

    text = (profiles / "default.toml").read_text()
    service.save_text("default", f'{text}\n[env]\nPLAIN = "x"\n', text)
    assert unapproved("default") == ()
    service.profiles.rename("default", "mine")
    assert unapproved("mine") == ()
    (profiles / "mine.toml").write_text(f'{text}\n[env]\nPLAIN = "another"\n')
    service.profiles.rename("mine", "ours")
    assert unapproved("ours") == ("env",)


def test_two_are_compared_by_the_verb_and_the_application(
    service: CustodyAppService, keybound: Callable[..., "CompletedProcess[bytes]"]
) -> None:
    service.profiles.copy("staging", "stage")
    assert service.profiles.compare("staging", "stage") == []
    assert keybound("profile", "diff", "staging", "stage").stdout == b"staging and stage do not differ\n"
    keybound("profile", "set", "stage", "settings.region", "mars", "--yes")
    shown = keybound("profile", "diff", "staging", "stage").stdout.decode().split("\n")
    assert shown[0].split() == ["staging", "stage"]
    assert shown[1].split()[0] == "settings.region"
    assert shown[1].split()[-1] == "mars"
    (found,) = json.loads(keybound("profile", "diff", "staging", "stage", "--json").stdout)
    assert found["key"] == "settings.region"
    assert found["right"] == "mars"
    gone = keybound("profile", "diff", "staging", "nowhere")
    assert gone.returncode != 0
    assert b"nowhere" in gone.stderr
