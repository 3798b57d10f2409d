"""Tools' files and variables filled with whatever hurts: each key is a reading, its reason one plain line, and it is soon."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest

from keybound.domain.tool_keys import TOOLS
from keybound.domain.values.keys import parse_key
from keybound.domain.values.readings import Absent, Found, Unreadable
from keybound.sources.caller import Caller
from keybound.sources.files.snapshot import Snapshot
from keybound.sources.reader import read_keys
from support.rounds import rounds

PARTS = (
    b"current-context: a\n", b"contexts:\n", b"- name: a\n  context: {cluster: b}\n",
    b"clusters: [{name: b, cluster: }]\n", b"a: &x [*x]\n", b"<<: *y\n", b"[" * 3000, b"{" * 3000,
    b'{"currentContext":', b'"one"}', b'{"workspaces": ["**/**/**"]}', b"[profile a]\n", b"[default]\n",
    b"region = x\n", b"  nested\n", b"s3 =\n  endpoint_url\n", b"[core]\n", b"project = %(project)s\n", b"[global]\n",
    b"index-url = ${x}\n", b"registry=${A?}${B}\\\\${C}\n", b"registry='\"\n", b'registry="a\\u0000b"\n', b"[]\n",
    b"[]=x\n", b'userconfig="/a\\u0000b"\n', b"@a:registry=https://x y/\n", b"[registry]\ndefault=", b'"""',
    b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"\r", b"\r\n", b"\x1b[31m", "\u2028\u202e".encode(), b"-0", b"1e999",
    b"---\n", b"\t", b"#", b"=" * 2000, b"x" * 20000, b"\n", b"github.com:\n  user: [a]\n", b"a\nb", b"true", b"null",
    b"~",
)  # fmt: skip
NAMES = (
    "KUBECONFIG", "AWS_PROFILE", "AWS_CONFIG_FILE", "npm_config_userconfig", "npm_config_registry",
    "npm_config_prefix", "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "CLOUDSDK_CONFIG",
    "CLOUDSDK_ACTIVE_CONFIG_NAME", "TF_WORKSPACE", "TF_DATA_DIR", "PIP_CONFIG_FILE", "PIP_INDEX_URL",
    "XDG_CONFIG_DIRS", "XDG_CONFIG_HOME", "CARGO_HOME", "GH_CONFIG_DIR", "GH_HOST", "PATH", "HOME",
)  # fmt: skip
VALUES = (
    "", ":", "::::", "/", "//", "..", "~", "~root", "~/x", "$HOME", "${", "${HOME", "%", "\udcff", "a\nb",
    "\x1b]0;x\x07", "x" * 5000, "/dev/null", "/dev/zero", "/proc/self/mem", "/proc/self/environ", "http://[", "[::",
    "tcp://:99999999", "a b", "é", "\u202e", "'\"",
)  # fmt: skip


def attempts() -> Iterator[int]:
    return iter(range(rounds(40, 6, "KEYBOUND_HOSTILE_ROUNDS")))


@pytest.mark.parametrize("tool", TOOLS)
def test_each_key_is_a_reading_whatever_stands_there(tool: str, tmp_path: Path) -> None:
    keys = [parse_key(f"{tool}:{name}") for name in TOOLS[tool].names]
    worst = 0.0
    for number in attempts():
        random, home = Random(f"{tool} {number}"), tmp_path / "home"
        (home / "work").mkdir(parents=True)
        environ = {"HOME": str(home), "PATH": os.environ["PATH"]}
        for name in random.sample(NAMES, random.choice((0, 0, 1, 1, 2, 3))):
            environ[name] = random.choice(VALUES)
        for _ in range(3):  # what is asked for is spoilt, and so is what is asked for then
            snapshot = Snapshot()
            begun = time.process_time()
            found = read_keys(
                keys, profile_data={}, profile_path="", profile_changed_ns=None, files={},
                caller=Caller(environ, str(home / "work"), os.getuid()), snapshot=snapshot,
            )  # fmt: skip
            worst = max(worst, time.process_time() - begun)
            for key, read in found.items():
                assert isinstance(read.reading, Found | Absent | Unreadable), (key, number)
                reason = "" if isinstance(read.reading, Found) else read.reading.why
                assert reason.isprintable(), (key, number, reason)
            for path in map(Path, snapshot.mtimes()):
                if str(path).startswith(str(home)) and random.random() < 0.7 and not os.path.lexists(path):
                    with suppress(OSError):  # a name that is too long, a file where a folder would be
                        path.parent.mkdir(parents=True, exist_ok=True)
                        path.write_bytes(b"".join(random.choice(PARTS) for _ in range(random.randint(1, 6))))
            assert all("\0" not in path for path in snapshot.mtimes())  # a shell could not compare it
        shutil.rmtree(home)
    assert worst < 3  # seconds of processor time
