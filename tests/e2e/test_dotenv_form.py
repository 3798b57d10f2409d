"""The dotenv form: what is written is read as the same by everything that reads such files, or it is not written."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from keybound.domain.errors import BadInputError
from keybound.shells.registry import get_shell
from support.dotenv_readers import READERS
from support.staging import Run

PIECES = [
    "a", "b c", " ", "\t", "#", " #x", "=", "'", '"', "`", "\\", "$", "$x", "${x}", "$(id)", "!", "\n", "\n\n", "\r", "\r\n",
    "é", "\u2028", "\x85", "\x0b", "\x0c", "\x1b", "\x7f", "\x01", "\u00a0", "\ufeff", "🔑", "A=b", "\nB='c'", "%", "{{", "}}",
    "~", "*", "-----BEGIN-----", "&", "<", ">", "|", ";", "^", "export ", "\\n", "\\t", "\\x", "\\u0041",
]  # fmt: skip
WRITTEN = {
    "plain": "V='plain'\n",
    "": "V=''\n",
    "it's": 'V="it\'s"\n',
    'say "hi" $x `y` #z': "V='say \"hi\" $x `y` #z'\n",
    "C:\\dir": "V='C:\\dir'\n",
    "l1\nl2": "V='l1\nl2'\n",
    "tab\there": "V='tab\there'\n",
    "it's\nit": 'V="it\'s\nit"\n',
}
REFUSED = {
    "end\\": "a backslash at its end",
    "two\\\\": "two backslashes",
    "it's `x`": "a backtick",
    "it's $x": "a $",
    "it's \\": "a backslash",
    'it\'s "x"': "both kinds of quotes",
    "${HOME}": "${",
    "a\rb": "a carriage return",
}


@pytest.mark.parametrize("value", WRITTEN)
def test_how_a_value_is_written(value: str) -> None:
    assert get_shell("dotenv").assign("V", value.encode()) == WRITTEN[value].encode()


@pytest.mark.parametrize("value", REFUSED)
def test_what_is_refused_and_why(value: str) -> None:
    with pytest.raises(BadInputError, match=f"V contains .*{REFUSED[value].replace('$', '[$]').replace('{', '[{]')}"):
        get_shell("dotenv").assign("V", value.encode())


@pytest.mark.parametrize("reader", READERS)
def test_everything_that_is_written_is_read_as_the_same(reader: str, tmp_path: Path) -> None:
    source, values = random.Random(0), {f"W{number}": value for number, value in enumerate(WRITTEN)}
    while len(values) < 500:
        value = "".join(source.choice(PIECES) for _ in range(source.randint(0, 6)))
        if holdable(value):
            values[f"V{len(values)}"] = value
    path = tmp_path / "file.env"
    path.write_bytes(get_shell("dotenv").export({name: value.encode() for name, value in values.items()}))
    found = READERS[reader](path)
    wrong = {name: (value, found.get(name)) for name, value in values.items() if found.get(name) != value}
    assert not wrong, list(wrong.items())[:3]


def holdable(value: str) -> bool:
    try:
        get_shell("dotenv").assign("V", value.encode())
    except BadInputError:
        return False
    return True


FORMS: dict[str, Callable[[bytes], object]] = {
    "dotenv": lambda out: out.decode().splitlines(),
    "json": json.loads,
    "nu": json.loads,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_value_that_a_form_cannot_hold_stops_no_other(keybound: Run, form: str) -> None:
    assert keybound("init").returncode == 0
    for name, value in (("a", b"\xff\xfe-no-text"), ("b", b"good")):
        assert keybound("add", f"default/{name}", "--env", name.upper(), given=value).returncode == 0
    done = keybound("env", "default", "--shell", form)
    assert done.returncode == 1
    assert FORMS[form](done.stdout) == (["B='good'"] if form == "dotenv" else {"B": "good"})
    assert b"keybound: A " in done.stderr
    assert b"no-text" not in done.stderr
