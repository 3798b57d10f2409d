"""A scan of folders and repositories: what it reports, and what it says it did not look at."""

import os
import random
import subprocess
from base64 import b64encode
from pathlib import Path

import pytest

from keybound.catalogue.recognise import Recogniser
from keybound.catalogue.shipped import shipped
from keybound.custody.providers.catalogue import Catalogue
from keybound.custody.scan.fingerprints import own_key, read_baseline, write_baseline
from keybound.custody.scan.report import Report
from keybound.custody.scan.scan import Scan
from keybound.domain.errors import BadInputError
from keybound.sources.git import git_command
from support.programs_at_hand import needed
from support.samples import good_sample
from support.scan_corpus import LOOKALIKES, make_lookalikes, make_tokens

CATALOGUE = Catalogue(Recogniser(shipped()), ())
KIND = next(kind for provider in shipped() if provider.id == "github" for kind in provider.tokens if kind.checksum)
TOKEN, OTHER = (good_sample(KIND, random.Random(seed)) for seed in (1, 2))
KEY = b"k" * 32


def scanned(*paths: Path, key: bytes = KEY, largest: int = 1 << 20, history: Path | None = None) -> Report:
    """The report of a scan without an exclusion."""
    work = Scan(CATALOGUE, key, lambda _: None, largest)
    work.places(map(str, paths), lambda _: False)
    if history:
        work.history(str(history))
    return work.report


def git(folder: Path, *words: str) -> None:
    """Run git there, as nobody in particular."""
    names = {"GIT_AUTHOR_NAME": "o", "GIT_AUTHOR_EMAIL": "o@x", "GIT_COMMITTER_NAME": "o", "GIT_COMMITTER_EMAIL": "o@x"}
    plain = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run([needed("git"), "-C", folder, *words], check=True, capture_output=True, env=plain | names)


def test_a_labelled_set_is_found_whole_and_nothing_else(tmp_path: Path) -> None:
    rng = random.Random(23)
    labelled = make_tokens(tmp_path / "tokens", rng)
    make_lookalikes(tmp_path / "lookalikes", rng, files=20)
    report = scanned(tmp_path)
    found = {(one.path, one.line) for one in report.findings}
    assert sorted(labelled.tokens.keys() - found) == []
    assert sorted(found - labelled.tokens.keys()) == []
    assert {(one.path, one.line) for one in report.mistyped} == labelled.faulty
    assert report.binary == 20
    assert len(LOOKALIKES) * 20 + 20 + len(labelled.tokens) + len(labelled.faulty) == report.files


def test_a_finding_says_where_it_is_and_how_open_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "a.sh"
    path.write_text(f"#!/bin/sh\n\nexport A={TOKEN}\r\nexport B={OTHER}\n")
    path.chmod(0o644)
    one, other = scanned(tmp_path).findings
    assert (one.path, one.line, other.line, one.mode, one.provider, one.tracked) == (
        str(path),
        3,
        4,
        0o644,
        "github",
        None,
    )
    assert one.fingerprint != other.fingerprint
    assert TOKEN not in repr(one)


def test_one_value_has_one_fingerprint_wherever_it_lies_and_another_under_another_key(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(TOKEN)
    (tmp_path / "b").write_text(f"x\n{TOKEN}\n")
    one, other = scanned(tmp_path).findings
    assert one.fingerprint == other.fingerprint
    assert scanned(tmp_path, key=b"other" * 8).findings[0].fingerprint != one.fingerprint


def test_a_chosen_password_is_known_by_its_place(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text("db_password = 'S3cr!t-w0rd'\n")
    one, other = scanned(tmp_path).findings
    assert one.fingerprint != other.fingerprint


def test_where_a_kind_of_file_says_where_secrets_stand_any_value_is_found(tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text(
        f"machine a.example.com login o password word\nmachine github.com password {TOKEN}\n"
    )
    rows = [(one.line, one.provider, one.label) for one in scanned(tmp_path).findings]
    assert rows == [(1, "netrc", "a.example.com.password"), (2, "github", "github.com.password")]


def test_a_line_whose_secret_is_known_by_its_place_is_not_guessed_at_as_well(tmp_path: Path) -> None:
    (tmp_path / ".npmrc").write_text(f"//npm.example.com/:_auth={b64encode(b'octo:x7Gq2LmZ9vB4tRwK8nYc').decode()}\n")
    assert [(one.provider, one.line) for one in scanned(tmp_path).findings] == [("npmrc", 1)]


def test_a_file_that_is_broken_is_said_and_scanned_all_the_same(tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text(f"nonsense {TOKEN}\n")
    report = scanned(tmp_path)
    assert [one.provider for one in report.findings] == ["github"]
    assert len(report.unread) == 1
    assert ".netrc" in report.unread[0]


@pytest.mark.parametrize("mark", ["keybound:allow", "gitleaks:allow", "pragma: allowlist secret"])
def test_a_comment_on_the_line_allows(tmp_path: Path, mark: str) -> None:
    (tmp_path / "a").write_text(f"A={TOKEN}  # {mark}\nB={OTHER}\n")
    report = scanned(tmp_path)
    assert [one.line for one in report.findings] == [2]
    assert report.allowed == 1


def test_links_loops_fifos_and_large_files_are_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "real").write_text(TOKEN)
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "gone").symlink_to("nowhere")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "large").write_bytes(b"x" * 100 + TOKEN.encode())
    report = scanned(tmp_path, largest=100)
    assert [one.path for one in report.findings] == [str(tmp_path / "real")]
    assert (report.files, report.large, report.unread) == (1, 1, [])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    (tmp_path / "file").write_text(TOKEN)
    (tmp_path / "file").chmod(0)
    report = scanned(tmp_path)
    assert sorted(report.unread) == [f"{tmp_path}/closed: permission denied", f"{tmp_path}/file: permission denied"]


def test_git_says_what_is_tracked_and_what_is_ignored(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    for name in ("tracked", "new", "ignored"):
        (tmp_path / name).write_text(TOKEN)
    (tmp_path / ".gitignore").write_text("ignored\n")
    git(tmp_path, "add", "tracked")
    git(tmp_path, "config", "remote.origin.url", f"https://{OTHER}@github.com/o/x.git")
    rows = {Path(one.path).name: (one.tracked, one.ignored) for one in scanned(tmp_path).findings}
    assert rows == {"tracked": (True, False), "new": (False, False), "ignored": (False, True), "config": (False, False)}


def test_history_has_what_was_removed_with_the_commit_that_brought_it(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.env").write_text(f"A={TOKEN}\n")
    (tmp_path / "b.env").write_text(f"B={OTHER}\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    head = subprocess.run(
        [needed("git"), "-C", tmp_path, "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    )
    (tmp_path / "a.env").write_text("A=\n")
    git(tmp_path, "commit", "-qam", "two")
    here, before = scanned(tmp_path, history=tmp_path).findings
    assert (Path(here.path).name, here.commit) == ("b.env", None)
    assert (Path(before.path).name, before.line, before.commit) == ("a.env", 1, head.stdout.strip())


def test_a_repository_that_git_refuses_is_said_and_nothing_is_known_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.env").write_text(f"A={TOKEN}\n")
    report = scanned(tmp_path, history=tmp_path)
    assert [(one.tracked, one.ignored) for one in report.findings] == [(None, False)]
    assert report.unread == [
        f"the history of {tmp_path}: fatal: not a git repository (or any of the parent directories): .git"
    ]
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert scanned(tmp_path, history=tmp_path).unread == [f"the history of {tmp_path}: git is not installed"]


def test_contents_are_held_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-q")
    for number in range(9):
        (tmp_path / f"{number}.env").write_text(f"A={good_sample(KIND, random.Random(number))}\n")
    git(tmp_path, "add", ".")
    monkeypatch.setattr(git_command, "_PIECE", 100)
    assert len(list(git_command.all_blobs(str(tmp_path), 1000))) == 9
    assert len(list(git_command._pieces({b"a": 60, b"b": 30, b"c": 60, b"d": 200}))) == 3


def sign(repository: Path) -> None:
    """Let the last commit carry something like a signature."""
    ask = [needed("git"), "-C", str(repository)]
    commit = subprocess.run([*ask, "cat-file", "commit", "HEAD"], capture_output=True, check=True).stdout
    head, _, rest = commit.partition(b"\n\n")
    signed = head + b"\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n aaaa\n -----END PGP SIGNATURE-----\n\n" + rest
    made = subprocess.run(
        [*ask, "hash-object", "-t", "commit", "-w", "--stdin"], input=signed, capture_output=True, check=True
    )
    git(repository, "update-ref", "HEAD", made.stdout.decode().strip())


def test_a_repository_that_names_programs_runs_none_of_them(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.env").write_text(f"A={TOKEN}\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    git(tmp_path, "rm", "-q", "--cached", "a.env")
    (tmp_path / "a.env").unlink()
    sign(tmp_path)
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    for name in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "diff.external",
        "gpg.program",
        "gpg.openpgp.program",
    ):
        git(tmp_path, "config", name, str(trap))
    git(tmp_path, "config", "log.showSignature", "true")
    assert scanned(tmp_path, history=tmp_path).findings
    assert not (tmp_path / "sprung").exists()


def test_a_partial_clone_is_asked_for_nothing_that_it_does_not_have(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.env").write_text(f"A={TOKEN}\n")
    (tmp_path / "b.env").write_text(f"B={OTHER}\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    git(tmp_path, "rm", "-q", "b.env")
    git(tmp_path, "commit", "-qm", "two")
    name = subprocess.run(
        [needed("git"), "-C", tmp_path, "rev-parse", "HEAD~1:a.env"], capture_output=True, text=True, check=True
    ).stdout.strip()
    (tmp_path / ".git/objects" / name[:2] / name[2:]).unlink()
    trap = f"ext::touch {tmp_path}/sprung"
    for key, value in (
        ("core.repositoryformatversion", "1"),
        ("extensions.partialClone", "origin"),
        ("remote.origin.url", trap),
        ("remote.origin.promisor", "true"),
        ("protocol.ext.allow", "always"),
    ):
        git(tmp_path, "config", key, value)
    (tmp_path / "a.env").unlink()
    (found,) = scanned(tmp_path, history=tmp_path).findings
    assert Path(found.path).name == "b.env"
    assert not (tmp_path / "sprung").exists()


def test_any_name_can_stand_in_a_history(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\r\xff b.env")).write_text(f"A={TOKEN}\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    git(tmp_path, "rm", "-q", "-r", ".")
    (found,) = scanned(tmp_path, history=tmp_path).findings
    assert os.fsencode(Path(found.path).name) == b"a\r\xff b.env"


def test_a_limit_is_no_memory_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(TOKEN)
    assert len(scanned(tmp_path, largest=1 << 50).findings) == 1


def test_a_place_that_is_no_file_is_called_so(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    assert scanned(tmp_path / "fifo").unread == [f"{tmp_path}/fifo: it is not a file"]


def test_a_baseline_accepts_what_it_lists_and_no_value_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(TOKEN)
    path = tmp_path / "baseline.json"
    write_baseline(str(path), KEY, scanned(tmp_path).findings)
    assert TOKEN not in path.read_text()
    baseline = read_baseline(str(path))
    (tmp_path / "moved").write_text(f"\n\n{TOKEN} {OTHER}")
    left = [one for one in scanned(tmp_path, key=baseline.key).findings if one.fingerprint not in baseline.accepted]
    assert [(Path(one.path).name, one.line) for one in left] == [("moved", 3)]


@pytest.mark.parametrize(
    "text", ["", "{}", "[" * 200_000, '{"key": "zz", "accepted": []}', '{"key": "00", "accepted": [1]}', "[1]"]
)
def test_a_broken_baseline_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "b").write_text(text)
    with pytest.raises(BadInputError, match="not a baseline"):
        read_baseline(str(tmp_path / "b"))


def test_a_home_has_one_key_and_no_home_has_one_for_once(tmp_path: Path) -> None:
    assert own_key(str(tmp_path)) == own_key(str(tmp_path))
    assert (tmp_path / "scan-key").stat().st_mode & 0o777 == 0o600
    assert own_key(str(tmp_path / "none")) != own_key(str(tmp_path / "none"))
    assert not (tmp_path / "none").exists()
