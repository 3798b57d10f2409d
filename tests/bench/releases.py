"""``exec -- true`` with 1, 3 and 20 tokens from a real gnome-keyring, against what users have today."""

import subprocess
import sys
from pathlib import Path

from bench.homes import KEYBOUND, add_tokens, aided, call
from bench.peers import direnv_folder, fnox_folder, password_store, program
from bench.timing import Command, absent, medians, row
from keybound.shells.starting import start_command
from support.secret_service import private_bus

COUNTS = {"one": 1, "three": 3, "twenty": 20}
OURS = "keybound exec, {} from the keyring"
AIDED = "keybound exec, {}, agent"
SHIM = "the same as a shim starts it, {}"


def run(folder: Path, runs: int) -> None:
    """Print the table."""
    print("a command with secrets")
    with private_bus(folder / "bus") as bus:
        bus.start_keyring()
        environ = {
            **bus.environ,
            "PATH": f"{Path(sys.executable).parent}:{bus.environ['PATH']}",
            "GNUPGHOME": str(folder / "gnupg"),
            "PASSWORD_STORE_DIR": str(folder / "store"),
        }
        call(environ, "init")
        for profile, count in COUNTS.items():
            add_tokens(environ, profile, count)
        commands = _ours(environ, folder)
        away = _add_peers(commands, environ, folder)
        with aided(environ) as more:
            commands |= _aided(more, folder)
            found = medians(commands, runs)
    bare = found["bare interpreter"]
    for name, time in found.items():
        row(name, time, {"bare": time / bare, "three": time / found[OURS.format("three")]})
    for name in (OURS, AIDED):
        print(f"  twenty / one, {name.format('…')}: {found[name.format('twenty')] / found[name.format('one')]:.2f}")
    absent(away)


def _ours(environ: dict[str, str], folder: Path) -> dict[str, Command]:
    commands = {"bare interpreter": Command([sys.executable, "-I", "-c", "pass"], environ, folder)}
    for profile in COUNTS:
        commands[OURS.format(profile)] = Command([KEYBOUND, "exec", profile, "--", "true"], environ, folder)
    return commands


def _aided(environ: dict[str, str], folder: Path) -> dict[str, Command]:
    commands = {}
    for profile in COUNTS:
        words = ["exec", profile, "--", "true"]
        commands[AIDED.format(profile)] = Command([KEYBOUND, *words], environ, folder)
        commands[SHIM.format(profile)] = Command([sys.executable, *start_command(), *words], environ, folder)
    return commands


def _add_peers(commands: dict[str, Command], environ: dict[str, str], folder: Path) -> list[str]:
    """Add those that work here; return the names of the others."""
    away = []
    if program("fnox"):
        place = fnox_folder(folder / "fnox", environ, keychain=True)
        commands["fnox exec, three from the keyring"] = Command([program("fnox"), "exec", "--", "true"], environ, place)
    else:
        away.append("fnox")
    if program("direnv"):
        place = direnv_folder(folder / "direnv", environ, 1)
        commands["direnv exec, three in clear"] = Command(["direnv", "exec", ".", "true"], environ, place)
    else:
        away.append("direnv")
    keyring = str(Path(sys.executable).with_name("keyring"))
    subprocess.run([keyring, "set", "bench", "one"], env=environ, input=b"secret", check=True, capture_output=True)
    commands["keyring get, one"] = Command([keyring, "get", "bench", "one"], environ, folder)
    lookup = ["secret-tool", "lookup", "service", "bench", "username", "one"]
    commands["secret-tool lookup, one"] = Command(lookup, environ, folder)
    try:
        password_store(environ)
        commands["pass show, one"] = Command(["pass", "show", "bench"], environ, folder)
    except (OSError, subprocess.SubprocessError):
        return [*away, "pass", "gopass", "envchain"]
    gopass = Command(["gopass", "show", "bench"], environ, folder)
    if program("gopass") and _works(gopass):
        commands["gopass show, one"] = gopass
    else:
        away.append("gopass (or it does not read this store)")
    return away if program("envchain") else [*away, "envchain"]


def _works(command: Command) -> bool:
    done = subprocess.run(
        command.words,
        env=command.environ,
        cwd=command.folder,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode == 0 and b"secret" in done.stdout
