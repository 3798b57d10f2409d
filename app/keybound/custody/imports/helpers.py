"""What tools need beside their file once the secret is gone from it: a helper that answers, made and taken away again."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Sequence

from keybound.custody.context.context import Context
from keybound.custody.imports.preview import Candidate
from keybound.domain.errors import RefusedError
from keybound.sources.plain.base import Taken
from keybound.stores.atomic import write_atomic
from keybound.stores.private_dir import make_private_dir

Step = tuple[str, ...]
_PROGRAM, _GIT = "program", "git"
_GIT_VERB = " git-credential "
_KEY, _SECRET = "aws_access_key_id", "aws_secret_access_key"
_MARK = "# made by: keybound import"


def rows(kind: str, taken: Sequence[Candidate], command: Sequence[str]) -> list[Taken]:
    """What is taken, as the file's own kind replaces it. Raises RefusedError where a part of it was not taken."""
    found = []
    for one in taken:
        helper = ""
        if kind == "docker":
            helper = _docker_helper(one)
        elif kind == "kube":
            helper = shlex.join([*command, "kube-credential", str(one.new.id)])
        elif kind == "aws":
            helper = _aws_command(one, taken, command)
        found.append(Taken(one.located.found, one.located.line, one.variable, helper))
    return found


def steps(context: Context, kind: str, taken: Sequence[Candidate], command: Sequence[str]) -> list[Step]:
    """What has to be made beside the file."""
    if kind == "docker":
        return [_docker_program(context, one, command) for one in taken]
    if kind == "git-credentials":
        return [_git_helper(one, command) for one in taken]
    return []


def make(made: Sequence[Step]) -> list[str]:
    """Make it; return lines that say so. Raises RefusedError, UnavailableError."""
    said = []
    for kind, *words in made:
        if kind == _PROGRAM:
            path, text = words
            make_private_dir(os.path.dirname(path))
            write_atomic(path, text.encode(), 0o700)
            os.chmod(path, 0o700)
            said.append(f"created {path}")
            if os.path.dirname(path) not in os.environ.get("PATH", "").split(os.pathsep):
                said.append(f'Put its folder on PATH: export PATH="{os.path.dirname(path)}:$PATH"')
        else:
            key, helper = words
            for value in to_add(_git_values(key), helper):
                _git("--add", key, value)
            said.append(f"git asks Keybound for {key.removeprefix('credential.').removesuffix('.helper')}")
    return said


def take_away(made: Sequence[Sequence[str]]) -> None:
    """Take away what :func:`make` made, where it still stands."""
    for kind, *words in made:
        if kind == _PROGRAM and os.path.isfile(words[0]):
            os.unlink(words[0])
        elif kind == _GIT:
            key, helper = words
            values = _git_values(key)
            left = without_helper(values, helper)
            if left != values:
                _git("--unset-all", key)
                for value in left:
                    _git("--add", key, value)


def _docker_helper(one: Candidate) -> str:
    return f"keybound-{one.new.id.profile}-{one.new.id.name}"


def _docker_program(context: Context, one: Candidate, command: Sequence[str]) -> Step:
    found = one.located.found
    words = [*command, "docker-credential", str(one.new.id), "--host", found.host]
    words += ["--username", found.user] if found.user else []
    path = os.path.join(context.home.data, "shims", f"docker-credential-{_docker_helper(one)}")
    return _PROGRAM, path, f'#!/bin/sh\n{_MARK}\nexec {shlex.join(words)} "$@"\n'


def _git_helper(one: Candidate, command: Sequence[str]) -> Step:
    found = one.located.found
    words = [*command, "git-credential", str(one.new.id), "--host", found.host]
    words += ["--username", found.user] if found.user else []
    return _GIT, f"credential.https://{found.host}.helper", f"!{shlex.join(words)}"


def _aws_command(one: Candidate, taken: Sequence[Candidate], command: Sequence[str]) -> str:
    section = one.located.found.keys[0]
    names = {other.located.found.keys[1]: other.new.id for other in taken if other.located.found.keys[0] == section}
    if _KEY not in names or _SECRET not in names:
        raise RefusedError(
            f"[{section}] has a part that was not taken", hint="Take the key's id and the secret key together."
        )
    key, secret, session = names[_KEY], names[_SECRET], names.get("aws_session_token")
    words = [*command, "aws-credential", key.profile, "--key", key.name, "--secret", secret.name]
    return shlex.join([*words, "--session", session.name] if session else words)


def to_add(values: Sequence[str], helper: str) -> list[str]:
    """What makes git ask this helper and none of its owner's: an empty value ends the list of those before it."""
    own = values[len(values) - [*values][::-1].index("") :] if "" in values else None
    if own is None or not all(_GIT_VERB in one for one in own):
        return ["", helper]
    return [] if helper in own else [helper]


def without_helper(values: Sequence[str], helper: str) -> list[str]:
    """The values without this helper, and without the empty one that was added for it alone."""
    if helper not in values:
        return [*values]
    at = len(values) - 1 - [*values][::-1].index(helper)
    before, after = [*values[:at]], [*values[at + 1 :]]
    if before[-1:] == [""] and (not after or after[0] == ""):
        before.pop()
    return before + after


def _git_values(key: str) -> list[str]:
    """In their order; none where git is missing."""
    if shutil.which("git") is None:
        return []
    command = ["git", "config", "--global", "--null", "--get-all", key]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split("\0")[:-1]


def _git(*words: str) -> None:
    if shutil.which("git") is None:
        raise RefusedError("git is not installed", hint="The file was not replaced.")
    done = subprocess.run(["git", "config", "--global", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RefusedError(
            f"git config failed: {done.stderr.strip() or done.returncode}", hint="The file was not replaced."
        )
