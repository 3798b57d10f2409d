"""What users have today: each prepared with the same three variables, where it is there."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

VARIABLES = ("PEER_0", "PEER_1", "PEER_2")


def program(name: str) -> str:
    """Its path, "" where it is not there; BENCH_FNOX names one outside of PATH."""
    return os.environ.get(f"BENCH_{name.upper()}", "") or shutil.which(name) or ""


def direnv_folder(folder: Path, environ: Mapping[str, str], files: int) -> Path:
    """A folder whose .envrc exports the variables and watches so many files."""
    folder.mkdir()
    watched = [f"watch_file {folder}/file{number}" for number in range(files - 1)]
    for number in range(files - 1):
        (folder / f"file{number}").write_text("x\n")
    lines = [*(f"export {name}=secret" for name in VARIABLES), *watched]
    (folder / ".envrc").write_text("\n".join(lines) + "\n")
    subprocess.run(["direnv", "allow", str(folder)], env=environ, check=True, capture_output=True)
    return folder


def fnox_folder(folder: Path, environ: Mapping[str, str], *, keychain: bool) -> Path:
    """A folder whose fnox.toml has the variables, in the keychain or as plain text."""
    folder.mkdir()
    if not keychain:
        rows = "".join(f'{name} = {{ default = "secret" }}\n' for name in VARIABLES)
        (folder / "fnox.toml").write_text(f"[secrets]\n{rows}")
        return folder
    (folder / "fnox.toml").write_text('[providers.bench]\ntype = "keychain"\nservice = "bench"\n\n[secrets]\n')
    for name in VARIABLES:
        words = [program("fnox"), "set", name, "--provider", "bench"]
        subprocess.run(words, input=b"secret", env=environ, cwd=folder, check=True, capture_output=True)
    return folder


def password_store(environ: Mapping[str, str]) -> None:
    """A password-store of pass with one secret, under a key without a passphrase. Raises CalledProcessError."""
    home = Path(environ["GNUPGHOME"])
    home.mkdir(mode=0o700)
    make = ["gpg", "--batch", "--passphrase", "", "--quick-gen-key", "bench@example.com"]
    for words, given in (
        (make, b""),
        (["pass", "init", "bench@example.com"], b""),
        (["pass", "insert", "-e", "bench"], b"secret\n"),
    ):
        subprocess.run(words, env=environ, input=given, check=True, capture_output=True, timeout=60)
