"""Files made to hurt. Run as a program it reads each, binds to it and says what that cost, within bounded memory."""

import json
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from typing import Any

MOST_MEMORY = 1 << 30
SIZE = 8 * 1024 * 1024
TOML_SIZE = 1024 * 1024
LINES = 200_000


def filled(unit: bytes, head: bytes = b"", tail: bytes = b"", size: int = SIZE) -> bytes:
    return head + unit * ((size - len(head) - len(tail)) // len(unit)) + tail


def lines(form: str, most: int = LINES) -> bytes:
    return "".join(form.replace("%", str(number)) for number in range(most)).encode()


def files() -> Iterator[tuple[str, bytes]]:
    """Name (the part before the first space is the file's) and content."""
    deep = 10_000
    yield "a.json a list", filled(b"1,", b"[", b"1]")
    yield "a.json lists", filled(b"[],", b"[", b"[]]")
    yield "a.json twice at the end", b"{" + b",".join(b'"%d":1' % number for number in range(600_000)) + b',"599999":1}'
    yield "a.json a text", filled(b"x", b'"', b'"')
    yield "a.json deep", b"[" * deep + b"]" * deep
    yield "a.json deep tables", b'{"a":' * deep + b"1" + b"}" * deep
    yield "a.json digits", b"9" * SIZE
    yield "a.jsonc comments", filled(b"/*")
    yield "a.jsonc quotes", filled(b'\\"', b'"')
    yield "a.jsonc commas", filled(b", ")
    yield "a.jsonc slashes", filled(b"//\n")
    yield "a.toml lines", lines("a%=1\n", 80_000)
    yield "a.toml headers", lines("[a%]\n", 80_000)
    yield "a.toml dotted", b"a" + b".a" * 300_000 + b"=1"
    yield "a.toml dotted in quotes", b"a" + b' . "a"' * 100_000 + b"=1"
    yield "a.toml header", b"[a" + b".a" * 300_000 + b"]"
    yield "a.toml array", filled(b"1,", b"a=[", b"]", TOML_SIZE)
    yield "a.toml escapes", filled(b"\\n", b'a="', b'"', TOML_SIZE)
    yield "a.toml hex", filled(b"f", b"a=0x", size=TOML_SIZE)
    yield "a.toml letters", filled(b"a", size=TOML_SIZE)
    yield "a.toml deep", b"a = " + b"[" * deep + b"]" * deep
    yield "a.toml deep tables", b"a = " + b"{a=" * deep + b"1" + b"}" * deep
    yield "a.toml large", lines("a%=1\n", 700_000)
    yield "a.yaml a list", filled(b"- 1\n")
    yield "a.yaml keys", lines("a%: 1\n", 700_000)
    yield "a.yaml a flow", filled(b"1,", b"[", b"]")
    yield "a.yaml documents", filled(b"---\n")
    yield "a.yaml hex", filled(b"f", b"a: 0x")
    yield "a.yaml a text", filled(b"x", b"a: ")
    yield "a.yaml anchors", lines("- &a% 1\n", 500_000)
    yield "a.yaml deep", b"[" * deep + b"]" * deep
    yield "a.yaml deeper", filled(b"[")
    yield "a.yaml deep lists", filled(b"- ")
    yield "a.yaml deep keys", filled(b"? ")
    yield (
        "a.yaml laughs",
        b"a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
        + b"".join(
            b"a%d: &a%d [%s]\n" % (level, level, b",".join([b"*a%d" % (level - 1)] * 10)) for level in range(1, 10)
        ),
    )
    yield (
        "a.yaml merges",
        b"a0: &a0 {x: 1}\n"
        + b"".join(
            b"a%d: &a%d {<<: [%s]}\n" % (level, level, b",".join([b"*a%d" % (level - 1)] * 9)) for level in range(1, 9)
        ),
    )
    yield (
        "a.yaml wide merges",
        b"a: &a {" + b",".join(b"k%d: 1" % number for number in range(20_000)) + b"}\n" + lines("b%: {<<: *a}\n", 5000),
    )
    for name in ("a.ini", ".npmrc", "a.properties", ".env", "a.gitconfig"):
        name = ".gitconfig" if name == "a.gitconfig" else name
        yield f"{name} lines", b"[a]\n" * (name == ".gitconfig") + lines("A%=1\n", 90_000)
        yield f"{name} more lines", b"[a]\n" * (name == ".gitconfig") + lines("A%=1\n", 190_000)
        yield f"{name} too many lines", filled(b"A=1\n")
        yield f"{name} one line", filled(b"A", b"A=")
        yield f"{name} brackets", filled(b"[")
        yield f"{name} backslashes", filled(b"\\", b"A=")
        yield f"{name} NUL", filled(b"\0", b"A=")
    yield "a.ini sections", lines("[a%]\n", 190_000)
    yield "a.ini continued", filled(b" " * 40 + b"b\n", b"a=1\n")
    yield "a.properties continued", filled(b"a" * 40 + b"\\\n")
    yield ".env a quote", filled(b"x", b'A="', b'"')
    yield ".env escapes", filled(b"\\n", b'A="', b'"')
    yield ".env hashes", filled(b" #", b"A=")
    yield ".gitconfig escapes", filled(b"\\n", b"[a]\nb=")
    yield ".gitconfig blanks", filled(b"a ", b"[a]\nb=")
    yield ".gitconfig sections", filled(b"[a]")
    yield ".netrc machines", lines("machine a% login b\n", 190_000)
    yield ".netrc one word", filled(b"a", b"machine ")
    yield ".netrc quotes", filled(b'"', b"machine a login ")
    yield ".netrc comments", filled(b"#")
    yield "other words", filled(b"a b\n")
    yield "other json", filled(b"[")
    yield "other kind", lines("apiVersion: kind:%\n", 400_000)
    yield "other random", os.urandom(SIZE)
    yield "a.json larger", filled(b" ", size=SIZE + 1)


def bind(path: str) -> None:
    """Bind to values of the file and to the whole of it, and say what is found."""
    from keybound.domain.values.keys import parse_key
    from keybound.domain.values.readings import Found
    from keybound.domain.verdict.wording import shown
    from keybound.sources.caller import Caller
    from keybound.sources.files.locate import line_of
    from keybound.sources.files.open_file import Content
    from keybound.sources.files.snapshot import Snapshot
    from keybound.sources.reader import read_keys

    snapshot = Snapshot()
    for text in ("file:x#a", "file:x#A", "file:x#[0]", "file:x"):
        key = parse_key(text)
        read = read_keys(
            [key], profile_data={}, profile_path="", profile_changed_ns=None, files={"x": path},
            caller=Caller({}, "/", os.getuid()), snapshot=snapshot,
        )[key]  # fmt: skip
        check(len(shown(text, read.reading).text) <= 300, "a long line")
        if isinstance(read.reading, Found):
            judge(read.reading)
        else:
            check(len(read.reading.why) < 200, "a long reason")
    content = snapshot.content(path)
    if isinstance(content, Content):
        line_of(path, content.data.decode("utf-8", "replace"), parse_key("file:x#a").path)


def judge(reading: Any) -> None:
    from keybound.custody.evaluation.rule_tools import TOOLS
    from keybound.domain.rules.base import Rule
    from keybound.domain.rules.registry import holds

    for rule in (Rule("equals", "x"), Rule("subset_of", [1, "x"]), Rule("url_host", "x"), Rule("matches", ".*x")):
        said = ""
        try:
            check(not holds(rule, reading, TOOLS, unchanged=False), f"it is inside {rule}")
        except ValueError as error:
            said = str(error)
        check(len(said) < 200, "a long reason")


def check(holds: bool, what: str) -> None:
    if not holds:
        raise RuntimeError(what)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files():
            path = os.path.join(folder, name.split(" ")[0])
            with open(path, "wb") as file:
                file.write(data)
            del data
            pid = os.fork()
            if pid == 0:
                resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
                resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
                start = time.process_time()
                said = ""
                try:
                    bind(path)
                except BaseException as error:
                    said = repr(error)[:300]
                print(json.dumps([name, time.process_time() - start, said]), flush=True)
                os._exit(0)
            status = os.waitpid(pid, 0)[1]
            if status:
                print(json.dumps([name, 0, f"ended with status {status}"]), flush=True)


if __name__ == "__main__":
    main()
