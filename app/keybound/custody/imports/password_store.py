"""``pass``: the first line of an entry is its secret, as its manual has it. ``pass:PREFIX`` takes what lies below PREFIX."""

import os
import shutil
import subprocess
from collections.abc import Iterator

from keybound.custody.context.context import Context
from keybound.custody.imports.source import ImportSource
from keybound.domain.errors import NotFoundError, UnavailableError
from keybound.domain.text.secret import Secret
from keybound.sources.plain.base import PlainSecret
from keybound.sources.plain.reading import LocatedSecret

_SECONDS = 60  # somebody may have to type a passphrase


def read_pass(context: Context, prefix: str) -> ImportSource:
    """The entries at or below a prefix. Raises NotFoundError, UnavailableError where one cannot be decrypted."""
    program = shutil.which("pass", path=context.environ.get("PATH"))
    if program is None:
        raise NotFoundError("pass is not installed")
    root = context.environ.get("PASSWORD_STORE_DIR") or os.path.join(context.home.user, ".password-store")
    names = sorted(_names(root, prefix))
    if not names:
        raise NotFoundError(f"pass has no entry at or below {prefix or root}")
    secrets = tuple(_entry(context, program, name) for name in names)
    return ImportSource(f"pass {prefix}".rstrip(), "pass", names == [prefix], secrets, lambda _: "")


def _names(root: str, prefix: str) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in files:
            name = os.path.relpath(os.path.join(folder, file), root).removesuffix(".gpg")
            if file.endswith(".gpg") and (not prefix or name == prefix or name.startswith(f"{prefix.rstrip('/')}/")):
                yield name


def _entry(context: Context, program: str, name: str) -> LocatedSecret:
    try:
        done = subprocess.run(
            [program, "show", name], capture_output=True, check=False, timeout=_SECONDS, env=dict(context.environ),
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise UnavailableError(f"pass show {name} took over {_SECONDS} s") from None
    if done.returncode:
        raise UnavailableError(f"pass show {name} failed", hint="Try it by hand: the key may be locked.")
    secret = done.stdout.split(b"\n", 1)[0]
    return LocatedSecret(PlainSecret(tuple(name.split("/")), Secret(secret), host=name.rpartition("/")[2]), 0)
