"""A definition under another name or in another profile: what it says stays, however it is written."""

import tomllib

import pytest

from keybound.sources.editing.token_text import carry_token, rename_token

FORMS = [
    '[tokens.a]\nenv = "A"   # kept\nscopes = [\n  "x",\n]\n[tokens.a.bound]\n"flags.x" = { equals = true }\n',
    '[tokens]\n[tokens.\'a\']\nenv = "A"\n\n# of b\n[tokens.b]\nenv = "B"\n',
    '[tokens]\na = { env = "A", bound = { "flags.x" = { equals = true } } }\n',
    '[tokens]\na.env = "A"\na.bound."flags.x".equals = true\n',
    'tokens.a.env = "A"\n',
    '[tokens.a]\nenv = "A"\nkind = """\n[tokens.a]\n"""\n[settings]\nx = 1\n',
    '[tokens.a]\nenv = "A"\n[tokens.aa]\nenv = "AA"\n[[expect]]\nwhen = {}\nthen = { a = "expired" }\n',
]


@pytest.mark.parametrize("text", FORMS)
@pytest.mark.parametrize("new", ["c", "c.d", "9"])
def test_rename(text: str, new: str) -> None:
    before, after = tomllib.loads(text), tomllib.loads(rename_token(text, "a", new))
    assert after["tokens"].pop(new) == before["tokens"].pop("a")
    for one in before.get("expect", ()):
        one["then"] = {new if name == "a" else name: state for name, state in one["then"].items()}
    assert after == before
    assert ("# kept" in rename_token(text, "a", new)) is ("# kept" in text)
    assert ("# of b\n[tokens.b]" in rename_token(text, "a", new)) is ("# of b" in text)


@pytest.mark.parametrize("text", FORMS)
@pytest.mark.parametrize(
    "target", ["", "schema = 1\n", 'schema = 1\n[tokens.b]\nenv = "B"\n[[expect]]\nthen = { b = "active" }\n']
)
def test_carry(text: str, target: str) -> None:
    after = tomllib.loads(carry_token(text, "a", target, "c"))
    assert after["tokens"].pop("c") == tomllib.loads(text)["tokens"]["a"]
    wanted = tomllib.loads(target)
    assert after == {**wanted, "tokens": wanted.get("tokens", {})}
