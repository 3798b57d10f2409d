"""What reads dotenv files in the field, each as its users run it: one function a reader, from a path to names and values."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from keybound.sources.formats.dotenv import parse_dotenv
from support.programs_at_hand import needed

_NPM = "const fs = require('fs');console.log(JSON.stringify(require('dotenv').parse(fs.readFileSync(process.argv[1]))))"
_NODE = "console.log(JSON.stringify(process.env))"
_DUMP = "import json, os; print(json.dumps({k: v for k, v in os.environ.items()}))"


def ours(path: Path) -> Mapping[str, object]:
    found = parse_dotenv(path.read_bytes().decode())
    assert isinstance(found, Mapping)
    return found


def bash(path: Path) -> Mapping[str, object]:
    return _json(
        [needed("bash"), "-c", f'set -a; . "$1"; exec "$2" -c "{_DUMP}"', "bash", str(path), needed("python3")]
    )


def python_dotenv(path: Path) -> Mapping[str, object]:
    dotenv = pytest.importorskip("dotenv", reason="python-dotenv is not installed: pip install python-dotenv")
    found: Mapping[str, object] = dotenv.dotenv_values(path)
    return found


def node(path: Path) -> Mapping[str, object]:
    version = subprocess.run([needed("node"), "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, version.strip("v\n").split(".")[:2])) < (20, 12):
        pytest.skip(f"node {version.strip()} reads no env file of several lines: node 20.12 or later does")
    return _json([needed("node"), f"--env-file={path}", "-e", _NODE])


def npm_dotenv(path: Path) -> Mapping[str, object]:
    """npm's dotenv, from the folder that NODE_PATH names."""
    words = [needed("node"), "-e", _NPM, str(path)]
    more = {"NODE_PATH": os.environ.get("NODE_PATH", "")}
    found = subprocess.run([needed("node"), "-e", "require('dotenv')"], env=more, capture_output=True, check=False)
    if found.returncode:
        pytest.skip("npm's dotenv is not installed: npm install --prefix DIR dotenv; NODE_PATH=DIR/node_modules")
    return _json(words, more)


def compose(path: Path) -> Mapping[str, object]:
    """Docker Compose's reader as its source (compose-go, package dotenv) has it: quoted values, each on lines of its own.

    A model, as the program cannot be had everywhere; it was compared with the reader itself.
    """
    left, found = path.read_bytes().decode(), {}
    while left := left.lstrip():
        if left.startswith("#"):
            left = left.partition("\n")[2]
            continue
        start = re.match(r"(?:export)?\s*([A-Za-z0-9_.]+)\s*=[ \t]*(['\"])", left)
        assert start, left
        name, quote, at, value = start[1], start[2], start.end(), ""
        while left[at] != quote:
            if left[at] == "\\":
                at += 1
                value += "" if left[at] == quote else "\\"
            value, at = value + left[at], at + 1
        assert quote == "'" or not re.search(r"[\\$]", value), "escapes and variables are not in the model"
        found[name], left = value, left[at + 1 :]
    return found


READERS: dict[str, Callable[[Path], Mapping[str, object]]] = {
    "keybound": ours,
    "bash": bash,
    "python-dotenv": python_dotenv,
    "node --env-file": node,
    "npm dotenv": npm_dotenv,
    "Docker Compose": compose,
}


def _json(words: list[str], more: Mapping[str, str] | None = None) -> Mapping[str, object]:
    done = subprocess.run(words, env={**(more or {})}, capture_output=True, check=True, timeout=60)
    found: Mapping[str, object] = json.loads(done.stdout)
    return found
