"""The public suites of JSON, TOML and YAML: never a crash, and no value that the suite does not give.

What is read otherwise stands here with its reason; docs/keys.md says the same for people.
"""

import contextlib
import json
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from keybound.domain.values.canonical import same
from keybound.domain.values.readings import Value
from keybound.sources.formats.json import parse_json
from keybound.sources.formats.reading import parse
from keybound.sources.parse_fault import ParseError

VECTORS = Path(__file__).resolve().parents[2].parent / "shared" / "vectors"
pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason="the public test vectors are not beside the repository")


def read(path: str, data: bytes) -> Any:
    """The value, or the fault."""
    try:
        return parse(path, data)
    except ParseError as fault:
        return fault


def refused(value: object) -> bool:
    return isinstance(value, ParseError)


# The suite calls these valid; they are refused, as a key that stands twice is.
JSON_TWICE = {"y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"}
# Either answer is right by the suite. All others are refused: not UTF-8, half a surrogate pair, out of a float's range.
JSON_EITHER_READ: dict[str, Value] = {
    "i_number_too_big_neg_int.json": [-123123123123123123123123123123],
    "i_number_too_big_pos_int.json": [100000000000000000000],
    "i_number_very_big_negative_int.json": [-237462374673276894279832749832423479823246327846],
    "i_structure_UTF-8_BOM_empty_object.json": {},
}


@pytest.mark.parametrize("name", ["x.json", "x.jsonc"])
def test_json(name: str) -> None:
    files = sorted((VECTORS / "json").glob("*.json"))
    assert len(files) > 300
    answers = {path.name: read(name, path.read_bytes()) for path in files}
    assert {one for one, value in answers.items() if one[0] == "y" and refused(value)} == JSON_TWICE
    assert {one: value for one, value in answers.items() if one[0] == "i" and not refused(value)} == JSON_EITHER_READ
    taken = {one for one, value in answers.items() if one[0] == "n" and not refused(value)}
    comments_and_commas = {one for one in taken if "comment" in one or "comma" in one}
    assert taken == comments_and_commas


def test_json_itself_has_neither_comments_nor_trailing_commas() -> None:
    """A `.json` that has them is read as JSONC; one that has none is read as JSON."""
    for path in (VECTORS / "json").glob("n_*.json"):
        with contextlib.suppress(UnicodeDecodeError):
            text = path.read_bytes().decode()
            with pytest.raises((ParseError, RecursionError)):
                parse_json(text)


def toml_value(tagged: Any) -> Value:
    """What the suite's tagged JSON means."""
    if isinstance(tagged, list):
        return [toml_value(item) for item in tagged]
    if set(tagged) != {"type", "value"} or isinstance(tagged["type"], dict):
        return {name: toml_value(item) for name, item in tagged.items()}
    kind, text = tagged["type"], tagged["value"]
    if kind == "bool":
        return bool(text == "true")
    convert: dict[str, Any] = {
        "string": str, "integer": int, "float": lambda one: repr(float(one)), "datetime": moment, "datetime-local": moment,
        "date-local": date.fromisoformat, "time-local": time.fromisoformat,
    }  # fmt: skip
    value: Value = convert[kind](text)
    return value


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def exact(value: Value) -> Value:
    """The value with floats as they are written, so that nan is nan and 1.0 is not 1."""
    if isinstance(value, dict):
        return {name: exact(item) for name, item in value.items()}
    if isinstance(value, list):
        return [exact(item) for item in value]
    return repr(value) if isinstance(value, float) else value


def test_toml() -> None:
    names = (VECTORS / "toml" / "files-toml-1.0.0").read_text().split()
    files = [VECTORS / "toml" / name for name in names if name.endswith(".toml")]
    assert len(files) > 500
    for path in files:
        value = read("x.toml", path.read_bytes())
        if "invalid" in path.parts:
            assert refused(value), path
        else:
            told = toml_value(json.loads(path.with_suffix(".json").read_bytes()))
            assert same(exact(value), told), path


def test_toml_of_a_later_version_is_read_or_refused() -> None:
    names = (VECTORS / "toml" / "files-toml-1.1.0").read_text().split()
    for name in names:
        if name.endswith(".toml"):
            read("x.toml", (VECTORS / "toml" / name).read_bytes())


class Case(NamedTuple):
    name: str
    text: str
    fails: bool
    documents: list[Value] | None  # None: the suite gives no JSON


def yaml_cases() -> Iterator[Case]:
    for path in sorted((VECTORS / "yaml").glob("*.yaml")):
        told: dict[str, Any] = {}
        for number, case in enumerate(yaml.safe_load(path.read_text())):
            told = {**told, "fail": False, **case}
            text = told.get("json")
            documents = None if text is None else list(json_documents(text))
            yield Case(f"{path.stem}-{number}", unfold(told["yaml"]), bool(told["fail"]), documents)


def json_documents(text: str) -> Iterator[Value]:
    text = text.strip()
    while text:
        value: Value
        value, end = json.JSONDecoder().raw_decode(text)
        yield value
        text = text[end:].lstrip()


def unfold(text: str) -> str:
    """The suite's own marks for blanks, tabs, line ends and byte order marks."""
    for mark, meant in (("␣", " "), ("————»", "\t"), ("———»", "\t"), ("——»", "\t"), ("—»", "\t"), ("»", "\t")):
        text = text.replace(mark, meant)
    return text.replace("↵", "").replace("∎\n", "").replace("←", "\r").replace("⇔", "\ufeff")


def plain(value: Value) -> Value:
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(member) for member in value]
    return value.isoformat() if isinstance(value, date) else value


# Read otherwise than the suite says.
YAML_OTHERWISE = {
    "652Z-0": "libyaml takes `?x` in a flow for the mark of a key",
    "HM87-1": "libyaml takes `?x` in a flow for the mark of a key",
    "Y2GN-0": "libyaml ends an anchor's name at a colon",
    "JEF9-2": "libyaml drops blanks after the last newline of a block",
    "L24T-1": "libyaml keeps blanks after the last newline of a block",
    "RZT7-0": "a plain timestamp is a moment, as in TOML",
}
# Read although the suite calls them invalid: libyaml is lenient about where comments, tabs, directives and commas stand.
YAML_LENIENT = {
    "9C9N-0": "a flow that is indented less than its parent",
    "9JBA-0": "`#` right after `]`",
    "CVW2-0": "`#` right after a comma",
    "DK95-1": "a tab before a value's next line",
    "EB22-0": "a directive after a document that is not ended",
    "G5U8-0": "`-` as a value in a flow",
    "MUS6-0": "a directive with a comment that is not parted",
    "MUS6-1": "a directive with two versions",
    "QB6E-0": "a quoted text that is indented too little",
    "RHX7-0": "a directive after a document that is not ended",
    "S98Z-0": "blank lines that are indented more than their block",
    "SU5Z-0": "`#` right after a quote",
    "X4QW-0": "`#` right after `>`",
    "Y79Y-3": "a tab before a flow",
    "YJV2-0": "`-` in a flow",
}
# RefusedError although the suite calls them valid, by what the fault says.
YAML_REFUSED = (
    "the tag",
    "a key is a list or a table",
    "second occurrence",
    "did not find",
    "found",
    "could not find",
    "mapping",
)


def test_yaml() -> None:
    compared = 0
    otherwise, lenient, unexplained = set(), set(), []
    for case in yaml_cases():
        value = read("x.yaml", case.text.encode())
        if isinstance(value, ParseError):
            unexplained += [] if case.fails or value.why.startswith(YAML_REFUSED) else [(case.name, value.why)]
        elif case.fails:
            lenient.add(case.name)
        elif case.documents is not None:
            compared += 1
            told = case.documents if len(case.documents) > 1 else case.documents[0] if case.documents else None
            if not same(plain(value), told):
                otherwise.add(case.name)
    assert compared > 200
    assert otherwise == set(YAML_OTHERWISE)
    assert lenient == set(YAML_LENIENT)
    assert unexplained == []
