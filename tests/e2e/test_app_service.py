"""What the application asks of the custody, on a real home: approvals, put back, unsaved text."""

import os
import random
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from keybound.catalogue.shipped import shipped
from keybound.custody.application.app_service import CustodyAppService
from keybound.custody.context.context import Context
from keybound.custody.view_models.adding import NewToken, Recognised
from keybound.custody.view_models.plain import PlainFinding, Searched
from keybound.domain.errors import NotFoundError, RefusedError
from keybound.domain.text.secret import Secret
from keybound.domain.verdict.states import State
from support.programs_at_hand import needed
from support.samples import good_sample
from support.staging import CANARY, PROFILE, REST, Run, furnish

PARENT = '[settings]\nregion = "eu"\n[flags]\nbeta = false\n'
CHILD = 'extends = "base"\n'


@pytest.fixture
def service(keybound: Run, environ: dict[str, str], profiles: Path, home: Path) -> CustodyAppService:
    furnish(keybound, profiles, home)
    return CustodyAppService(Context(environ, str(home)))


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text()))
    time.sleep(REST)


def state(service: CustodyAppService, id: str) -> State:
    return next(each.state for each in service.overview().tokens if each.id == id)


def test_an_expired_token_is_approved_as_it_was_shown(service: CustodyAppService, profiles: Path) -> None:
    path = profiles / "staging.toml"
    rewrite(path, lambda text: text.replace("beta_writes = false ", "beta_writes = true "))
    assert state(service, "staging/github") is State.EXPIRED
    still = service.approvals(["staging/github"])[0]
    assert "is still outside" in still.obstacle
    assert (still.before, still.after) == (State.EXPIRED, State.EXPIRED)
    rewrite(path, lambda text: text.replace("beta_writes = true ", "beta_writes = false "))
    view = service.approvals(["staging/github"])[0]
    assert (view.before, view.after, view.obstacle) == (State.EXPIRED, State.ACTIVE, "")
    assert view.why.startswith("flags.beta_writes was true on ")
    assert view.why.endswith("bound to false; it is false now")
    assert [(row.key, row.now.text, row.inside) for row in view.readings] == [
        ("flags.beta_writes", "false", True),
        ("file:kube#current-context", "staging", True),
    ]
    assert service.approve([("staging/github", view.digest)])[0].fault == ""
    assert state(service, "staging/github") is State.ACTIVE


def test_what_a_pasted_secret_tells(environ: dict[str, str], service: CustodyAppService, home: Path) -> None:
    needed("npm")
    assert service.recognise("staging", Secret("s3cret"), "") == Recognised()
    good = good_sample(next(one for one in shipped() if one.id == "npm").tokens[0], random.Random(5))
    told = service.recognise("staging", Secret(good), "")
    assert told[:7] == ("npm: access token", "checksum holds", "", False, "npm", "npm", ("NPM_TOKEN",))
    assert [(one.key, one.rule, one.likely) for one in told.offers] == [
        ("npm:registry", "host registry.npmjs.org", True)  # where npm would send it from here
    ]
    broken = service.recognise("staging", Secret(good[:-1] + ("0" if good[-1] != "0" else "1")), "")
    assert (broken.asks, broken.fault) == (True, "its checksum does not hold: it is mistyped or cut")
    new = NewToken("staging/npm", told.env, told.kind, (), "", tuple(one.bind for one in told.offers))
    assert service.add(new, Secret(good)).ok
    assert state(service, "staging/npm") is State.ACTIVE


def test_several_are_decided_alone(keybound: Run, service: CustodyAppService, profiles: Path) -> None:
    keybound("add", "staging/other", "--env", "OTHER", given=b"x\n")
    service.expire(["staging/github", "staging/other"])
    rewrite(profiles / "staging.toml", lambda text: text.replace("beta_writes = false ", "beta_writes = true "))
    views = {view.id: view for view in service.approvals(["staging/github", "staging/other", "staging/gone"])}
    assert [bool(view.obstacle) for view in views.values()] == [True, False, True]
    found = service.approve([(view.id, view.digest) for view in views.values()])
    assert [bool(each.fault) for each in found] == [True, False, True]
    assert state(service, "staging/other") is State.ACTIVE


def test_a_value_is_put_back_into_the_file_where_it_stands(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path
) -> None:
    keybound("init")
    (profiles / "base.toml").write_text(PARENT)
    (profiles / "child.toml").write_text(CHILD)
    time.sleep(REST)
    keybound("add", "child/t", "--env", "T", "--bind", "flags.beta equals=false", given=b"x\n")
    rewrite(profiles / "base.toml", lambda text: text.replace("beta = false", "beta = true  # why"))
    service = CustodyAppService(Context(environ, str(home)))
    service.overview()
    found = service.put_back(["child/t"], "flags.beta")
    assert found.profile == "base"
    assert found.after == PARENT.replace("beta = false", "beta = false  # why")
    assert (profiles / "base.toml").read_text() == found.before, "nothing is written before the plan was agreed to"
    row = next(row for each in service.overview().tokens if each.id == "child/t" for row in each.bound)
    assert (Path(row.path).name, row.line) == ("base.toml", 4)
    service.save_text(found.profile, found.after, found.before)
    assert (profiles / "base.toml").read_text() == found.after


def test_a_profiles_own_part_is_approved_with_its_difference(service: CustodyAppService, profiles: Path) -> None:
    path = profiles / "staging.toml"
    rewrite(path, lambda text: text + '[env]\nREGION = "eu"\n')
    views = service.approvals(["staging"])
    assert [(view.id, view.parts, view.lines) for view in views] == [("staging", ("env",), ("+ env.REGION = eu",))]
    rewrite(path, lambda text: text.replace('REGION = "eu"', 'REGION = "us"'))
    assert "has changed since it was shown" in service.approve([("staging", views[0].digest)])[0].fault
    views = service.approvals(["staging"])
    assert service.approve([("staging", views[0].digest)])[0].fault == ""
    assert next(each for each in service.overview().profiles if each.name == "staging").unapproved_parts == ()
    rewrite(path, lambda text: text.replace('REGION = "us"', 'REGION = "eu"'))
    assert service.approvals(["staging"])[0].lines == ("- env.REGION = us", "+ env.REGION = eu")


def test_a_token_under_unapproved_grants_is_approved_with_them(service: CustodyAppService, profiles: Path) -> None:
    grants = '[roles]\nactive = ["dev"]\n[roles.grants]\ndev = ["read"]\n'
    rewrite(
        profiles / "staging.toml",
        lambda text: f'{text}scopes = ["read"]\n{grants}'.replace(
            'env = "GITHUB_TOKEN"', 'env = "GITHUB_TOKEN"\nscopes = ["read"]'
        ).replace('}\nscopes = ["read"]\n', "}\n"),
    )
    alone = service.approvals(["staging/github"])[0]
    assert "[roles.grants] of its profile is not approved" in alone.obstacle
    both = service.approvals(["staging"])
    assert [view.id for view in both] == ["staging", "staging/github"]
    assert both[1].after is State.ACTIVE
    assert [each.fault for each in service.approve([(view.id, view.digest) for view in both])] == ["", ""]
    assert state(service, "staging/github") is State.ACTIVE


def test_a_key_inside_its_bounds_is_shown_where_it_stands(
    keybound: Run, environ: dict[str, str], profiles: Path, home: Path
) -> None:
    keybound("init")
    (profiles / "base.toml").write_text(PARENT)
    (profiles / "child.toml").write_text(CHILD + '[settings]\nzone = "a"\n')
    time.sleep(REST)
    keybound("add", "child/t", "--env", "T", "--bind", "flags.beta equals=false", given=b"x\n")
    keybound("bind", "child/t", "settings.zone", "equals=a")
    keybound("bind", "child/t", "cwd", "exists=true")
    rows = CustodyAppService(Context(environ, str(home))).overview().tokens[0].bound
    assert {row.key: (Path(row.path).name, row.line) for row in rows} == {
        "flags.beta": ("base.toml", 4),
        "settings.zone": ("child.toml", 3),
        "cwd": ("", 0),
    }


@pytest.mark.parametrize("broken", [True, False])
def test_what_cannot_be_told_is_said_to_be_unknown(
    keybound: Run, service: CustodyAppService, environ: dict[str, str], profiles: Path, home: Path, broken: bool
) -> None:
    before = service.overview()
    if broken:
        rewrite(profiles / "staging.toml", lambda text: text + "= =\n")
    else:
        keybound("lock")
        environ.pop("KEYBOUND_PASSWORD_FILE")
        service = CustodyAppService(Context(environ, str(home)))
    view = service.overview()
    token = view.tokens[0]
    assert token.unread == ("its profile cannot be read" if broken else "the store is locked")
    assert token.env == (() if broken else ("GITHUB_TOKEN",))
    assert set(before.watched) - set(view.watched) <= {str(home / "kube.yaml")}


def test_put_back_of_what_is_not_known_is_refused(service: CustodyAppService) -> None:
    with pytest.raises(RefusedError):
        service.put_back(["staging/github"], "file:kube#current-context")


def test_unsaved_text_is_kept_for_its_owner_alone(service: CustodyAppService, home: Path) -> None:
    before = os.umask(0)
    try:
        service.keep_draft("staging", "typed\r\n\ud800", None)
    finally:
        os.umask(before)
    service.keep_draft("base", "b", "a")
    kept = home / ".local/state/keybound/drafts"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in kept.iterdir()} == {0o600}
    assert [(each.profile, each.text, each.base) for each in service.drafts()] == [
        ("staging", "typed\r\n\ud800", None),
        ("base", "b", "a"),
    ]
    (kept / "bad.json").write_text("{")
    service.drop_draft("staging")
    service.drop_draft("nothing")
    assert [each.profile for each in service.drafts()] == ["base"]


def test_a_definition_that_is_gone_is_written_again_as_it_was_shown(service: CustodyAppService, profiles: Path) -> None:
    path = profiles / "staging.toml"
    rewrite(path, lambda _: PROFILE)
    assert service.overview().orphans == ("staging/github",)
    seen = service.adoption("staging/github")
    assert "+ env = GITHUB_TOKEN" in seen.lines
    assert path.read_text() == seen.before, "nothing is written before it was agreed to"
    rewrite(path, lambda text: text + "# mine\n")
    with pytest.raises(RefusedError):
        service.adopt("staging/github", seen)
    outcome = service.adopt("staging/github", service.adoption("staging/github"))
    assert outcome.text == "staging/github is restored and active"
    assert (service.overview().orphans, state(service, "staging/github")) == ((), State.ACTIVE)
    with pytest.raises(RefusedError):
        service.adoption("staging/github")


def test_a_home_that_was_moved_is_told(
    service: CustodyAppService, environ: dict[str, str], home: Path, tmp_path: Path
) -> None:
    assert (service.overview().made_as, service.overview().tokens[0].elsewhere) == ("", False)
    (home / ".config").rename(tmp_path / "config")
    moved = CustodyAppService(Context({**environ, "XDG_CONFIG_HOME": str(tmp_path / "config")}, str(home)))
    view = moved.overview()
    assert view.made_as == str(home / ".config/keybound")
    assert [(each.state, each.elsewhere) for each in view.tokens] == [(State.MISSING, True)]


def test_the_first_profile_is_made_and_used(environ: dict[str, str], open_store: None, home: Path) -> None:
    service = CustodyAppService(Context(environ, str(home)))
    assert service.overview().profiles == ()
    assert [service.first_run.first_profile(name) for name in ("default", "other")] == ["default", "default"]
    overview = service.overview()
    assert ([one.name for one in overview.profiles], overview.active) == (["default"], "default")


@pytest.fixture
def plain(home: Path) -> str:
    """Files with a token that can be imported, one that is stored already, one that no import takes; the first one's text."""
    npm = good_sample(next(one for one in shipped() if one.id == "npm").tokens[0], random.Random(5))
    (home / ".npmrc").write_text(f"//registry.npmjs.org/:_authToken={npm}\n")
    (home / ".env").write_text(f"DEBUG=1\nAPI_TOKEN={CANARY.decode()}\n")
    (home / ".bash_history").write_text(f"ls\nexport NPM_TOKEN={npm}\n")
    return npm


def test_plain_tokens_are_found_explained_and_imported(service: CustodyAppService, home: Path, plain: str) -> None:
    needed("npm")
    seen: list[Searched] = []

    def goes_on(far: Searched) -> bool:
        seen.append(far)
        return True

    service.search_plain(goes_on)
    found = service.plain_found("staging")
    assert [far.files for far in seen] == [0, 1, 2]
    assert [(one.place, one.kind, bool(one.instead)) for one in found.sources] == [
        ("~/.env", "dotenv", True),
        ("~/.npmrc", "npmrc", True),
    ]
    (debug, again), (npm,) = (one.tokens for one in found.sources)
    assert debug.left == "neither its name nor its form says that it is a secret"
    assert (debug.id, debug.doubtful, again.doubtful) == ("", True, False)
    assert (again.stored, again.left) == ("staging/github", "the same as staging/github")
    assert (npm.id, npm.env, npm.line) == ("staging/npm", "NPM_TOKEN", 1)
    assert npm.title == "npm: access token (checksum holds)"
    assert npm.binds == ("npm:registry url_host=registry.npmjs.org outside=suspend",)
    assert found.by_hand == (
        PlainFinding("~/.bash_history:2", "npm: access token (checksum holds)", "others can read it (0644)"),
    )
    for secret in (plain, CANARY.decode()):
        assert secret not in repr((found, seen))

    stored: list[int] = []
    done = service.import_plain([npm.number, again.number], replace=True, far=stored.append)
    assert done.stored == ("staging/npm",)
    assert done.undo == ("keybound import --undo ~/.npmrc", "keybound import --undo ~/.env")
    assert (done.not_stored, done.not_replaced) == ((), ())
    assert (home / ".npmrc").read_text() == "//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n"
    assert (home / ".env").read_text() == "DEBUG=1\n"
    assert state(service, "staging/npm") is State.ACTIVE


def test_what_is_doubtful_is_taken_where_it_is_chosen(service: CustodyAppService, home: Path) -> None:
    (home / ".env").write_text("GITHUB=word\nPATH=/x\n")
    (home / ".git-credentials").write_text("https://ada:ghp_word@github.com\n")
    service.search_plain(lambda _: True)
    file, other = service.plain_found("staging").sources
    shown = other.tokens[0].id
    stored: list[int] = []
    done = service.import_plain(
        [file.tokens[0].number, file.tokens[1].number, other.tokens[0].number], replace=False, far=stored.append
    )
    assert stored == [0, 1]
    assert (shown, done.stored) == ("staging/github-2", ("staging/github-3", "staging/github-2"))
    assert [one.id for one in done.not_stored] == ["PATH"]


def test_what_files_call_their_tokens_cannot_write_on_the_screen(service: CustodyAppService, home: Path) -> None:
    (home / ".npmrc").write_text("//reg\x1b[2J.io/:_authToken=word1234\n")
    (home / ".netrc").write_text("machine a\u202eb login o password word1234\n")
    service.search_plain(lambda _: True)
    found = service.plain_found("staging")
    assert len(found.sources) == 2
    texts = [
        text for source in found.sources for one in source.tokens for text in (one.label, one.id, one.env, one.left)
    ]
    assert all(text.isprintable() for text in texts)


def test_a_search_that_is_ended_reads_no_more(service: CustodyAppService, home: Path, plain: str) -> None:
    seen: list[Searched] = []

    def goes_on(far: Searched) -> bool:
        seen.append(far)
        return len(seen) < 2

    service.search_plain(goes_on)
    assert service.plain_found("staging").files == 1
    service.forget_plain()
    with pytest.raises(NotFoundError):
        service.plain_found("staging")


def test_without_replacing_no_file_is_touched(service: CustodyAppService, home: Path, plain: str) -> None:
    before = {path: path.read_bytes() for path in (home / ".npmrc", home / ".env")}
    service.search_plain(lambda _: True)
    found = service.plain_found("staging")
    stored: list[int] = []
    done = service.import_plain([found.sources[1].tokens[0].number], replace=False, far=stored.append)
    assert (done.stored, done.undo) == (("staging/npm",), ())
    assert {path: path.read_bytes() for path in before} == before
