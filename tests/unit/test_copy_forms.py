"""What is copied in each form, and what has no such form."""

import json
import subprocess

import pytest

from keybound.custody.release.copy_forms import FORMS, in_form
from keybound.domain.errors import BadInputError
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.names import TokenId, parse_token_id
from support.programs_at_hand import needed

TOKEN: TokenId = parse_token_id("staging/github")
VALUE = "it's $HOME `x` \\n"


def formed(form: str, value: str | bytes = VALUE, shell: str = "/bin/bash") -> str:
    variables = {"GITHUB_TOKEN": Secret(value), "GH_TOKEN": Secret(value)}
    return expose_secret(in_form(form, TOKEN, variables, {"SHELL": shell})).decode()


def test_every_form_holds_the_secret_but_the_name() -> None:
    assert formed("secret") == VALUE
    assert formed("id") == "staging/github"
    assert json.loads(formed("json")) == {"GITHUB_TOKEN": VALUE, "GH_TOKEN": VALUE}
    assert {"secret", "id", "json", "export", "curl", "dotenv"} == set(FORMS)


@pytest.mark.parametrize(("shell", "program"), [("/usr/bin/zsh", "zsh"), ("/bin/bash", "bash"), ("", "bash")])
def test_an_export_line_is_one_of_ones_own_shell(shell: str, program: str) -> None:
    needed(program)
    text = formed("export", shell=shell) + '\nprintf %s "$GITHUB_TOKEN$GH_TOKEN"'
    done = subprocess.run([program, "-c", text], capture_output=True, text=True, check=True)
    assert done.stdout == VALUE * 2


def test_a_header_is_one_word_for_curl() -> None:
    words = subprocess.run(
        ["sh", "-c", f"printf '%s|' {formed('curl')}"], capture_output=True, text=True, check=True
    ).stdout
    assert words == f"-H|Authorization: Bearer {VALUE}|"


@pytest.mark.parametrize(
    ("form", "value", "said"),
    [
        ("curl", "a\nInjected: b", "has line ends or control characters"),
        ("curl", b"\xff", "is not ASCII"),
        ("json", b"\xff", "is not UTF-8"),
        ("yaml", "x", "is not a form to copy in"),
    ],
)
def test_what_a_form_cannot_hold_is_refused(form: str, value: str | bytes, said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        formed(form, value)
