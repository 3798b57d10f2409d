"""Homes of Keybound to measure."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

KEYBOUND = str(Path(sys.executable).with_name("keybound"))


def file_home(folder: Path) -> dict[str, str]:
    """The environment of a home on the file store, opened."""
    folder.mkdir()
    (folder / "passphrase").write_text("bench\n")
    environ = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "KEYBOUND_STORE": "file",
        "KEYBOUND_AGENT": "off",
        "KEYBOUND_PASSWORD_FILE": str(folder / "passphrase"),
    }
    call(environ, "init")
    return environ


@contextmanager
def aided(environ: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The same with a running agent."""
    with TemporaryDirectory(prefix="kb-") as runtime:
        more = {name: value for name, value in environ.items() if name != "KEYBOUND_AGENT"}
        more["XDG_RUNTIME_DIR"] = runtime
        call(more, "agent", "start")
        yield more
        call(more, "agent", "stop")


def add_tokens(environ: Mapping[str, str], profile: str, count: int, binding: str = "cwd exists=true") -> None:
    """A profile with so many tokens, each with one binding."""
    if profile != "default":
        call(environ, "profile", "new", profile)
    for number in range(count):
        token = f"{profile}/t{number}"
        call(environ, "add", token, "--env", f"{profile.upper()}_{number}", "--bind", binding, given=b"secret\n")


def bind_files(environ: Mapping[str, str], count: int) -> Path:
    """A token in `default` that is bound to so many files; the first of them."""
    home = Path(environ["HOME"])
    paths = [home / f"file{number}" for number in range(count)]
    for path in paths:
        path.write_text("x\n")
    files = "".join(f'f{number} = "{path}"\n' for number, path in enumerate(paths))
    bound = "".join(f'"file:f{number}" = {{ exists = true }}\n' for number in range(count))
    profile = home / ".config/keybound/profiles/default.toml"
    profile.write_text(f'schema = 1\n[files]\n{files}[tokens.t]\nenv = "BENCH_TOKEN"\n[tokens.t.bound]\n{bound}')
    call(environ, "add", "default/t", given=b"secret\n")
    return paths[0]


def bind_tools(environ: Mapping[str, str]) -> None:
    """A token in `default` that is bound to what three tools would use."""
    home = Path(environ["HOME"])
    (home / ".kube").mkdir()
    (home / ".kube" / "config").write_text("current-context: a\ncontexts:\n- name: a\n  context: {}\n")
    (home / ".npmrc").write_text("registry=https://npm.example/\n")
    keys = ("kube:context equals=a", "npm:registry url_host=npm.example", "aws:profile equals=default")
    bound = [word for key in keys for word in ("--bind", key)]
    call(environ, "add", "default/t", "--env", "BENCH_TOKEN", *bound, given=b"secret\n")


def call(environ: Mapping[str, str], *words: str, given: bytes = b"") -> None:
    """Run the installed command."""
    done = subprocess.run([KEYBOUND, *words], env=environ, input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
