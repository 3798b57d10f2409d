"""Bindings and findings as rows for people: labels, values, places."""

from datetime import datetime

from keybound.custody.evaluation.evaluate import Judged
from keybound.custody.evaluation.rule_tools import TOOLS
from keybound.custody.profiles.library import Loaded
from keybound.custody.profiles.lineage import line_in, page_of
from keybound.custody.view_models.tokens import BoundRow
from keybound.domain.guard.guard import GuardInput
from keybound.domain.profile.definition import Binding
from keybound.domain.rules.registry import holds, literal_of
from keybound.domain.seal.carried import GOOD, carried_reading
from keybound.domain.seal.envelope import Envelope
from keybound.domain.seal.requests import PROBE, REVOKE, sealed_request
from keybound.domain.text.sanitize import clean
from keybound.domain.values.canonical import keyed_digest
from keybound.domain.values.keys import CARRIED, CARRIED_NAMES, Key, Member
from keybound.domain.values.moments import moment_words
from keybound.domain.values.readings import Found, Read, Unreadable, changed
from keybound.domain.verdict.states import State
from keybound.domain.verdict.verdict import Finding, Shown
from keybound.domain.verdict.wording import rule_sign, rules_words, shown, shown_value
from keybound.sources.files.locate import line_of

_CONTEXT = "this shell"
NOT_VERIFIED = "not verified"


def bound_rows(judged: Judged) -> tuple[BoundRow, ...]:
    """Every binding of a token and how it stands."""
    inputs = judged.inputs
    return tuple(_row(judged, inputs, binding) for binding in inputs.token.bindings) if inputs else ()


def _row(judged: Judged, inputs: GuardInput, binding: Binding) -> BoundRow:
    key = binding.key.text
    read = inputs.readings.get(key, Read(Unreadable("it was not read")))
    found = next((one for one in judged.verdict.findings if one.key == key and not one.then), None)
    literal = literal_of(binding.rules)
    path, line = place_of(judged.loaded, found) if found else _stands(judged, binding)
    words = rules_words(binding.rules)
    return BoundRow(
        key=key,
        group=_group(binding),
        label=_label(binding),
        rule=words,
        sign=rule_sign(binding.rules),
        outside=binding.outside.word,
        approved=shown_value(key, literal) if literal is not None else Shown(words),
        now=shown(key, read.reading),
        inside=_inside(inputs, binding, read),
        state=found.state if found else State.ACTIVE,
        path=clean(path or read.path),
        line=line or (read.origin.line if read.origin else 0),
        set_by=read.origin.variable if read.origin else "",
    )


def _stands(judged: Judged, binding: Binding) -> tuple[str, int]:
    """The file and line where a profile key stands, parents included; "" where none has it, or it is no profile key."""
    if binding.key.kind != "profile" or judged.loaded is None:
        return "", 0
    names = tuple(step.name for step in binding.key.path if isinstance(step, Member))
    found = page_of(judged.loaded, names)
    path, line = key_place(judged.loaded, names)
    return (path, line) if line or found is None else (found[1].path, 0)


def _inside(inputs: GuardInput, binding: Binding, read: Read) -> bool | None:
    if isinstance(read.reading, Unreadable):
        return None
    envelope, key = inputs.envelope, binding.key.text
    same = False
    if envelope is not None and key in envelope.approved:
        same = keyed_digest(bytes.fromhex(envelope.key), key, changed(read.reading)) == envelope.approved[key]
    try:
        return all(holds(rule, read.reading, TOOLS, same) for rule in binding.rules)
    except ValueError:
        return None


def _group(binding: Binding) -> str:
    if binding.key.kind == "profile":
        return binding.key.text.partition(".")[0]
    if binding.key.kind == CARRIED:
        return CARRIED
    return _CONTEXT if binding.key.context else "files"


def _label(binding: Binding) -> str:
    text = binding.key.text
    if binding.key.kind in ("profile", CARRIED):
        return text.partition(".")[2]
    return text.removeprefix("file:")


def request_rows(judged: Judged) -> tuple[tuple[str, str], ...]:
    """What its provider may be asked with its secret, as it was approved: "probe" or "revoke", and the request in words."""
    kept = judged.held.envelope.requests if judged.held.envelope else {}
    found = ((name, sealed_request(kept, name)) for name in (PROBE, REVOKE))
    return tuple((name, one.words) for name, one in found if one is not None)


def carried_rows(judged: Judged) -> tuple[tuple[str, str], ...]:
    """What the token carries, by name, and whose word that is; () where nothing is known."""
    envelope, token = judged.held.envelope, judged.token
    if envelope is None or token is None:
        return ()
    read = {name: carried_reading(Key(f"{CARRIED}.{name}", CARRIED, name), token, envelope) for name in CARRIED_NAMES}
    known = [(name, shown(f"{CARRIED}.{name}", one).text) for name, one in read.items() if isinstance(one, Found)]
    return (*known, ("word", _whose_word(envelope))) if known else ()


def _whose_word(envelope: Envelope) -> str:
    if envelope.carried.get("signature") == GOOD:
        return "its signature is good"
    heard = "" if envelope.carried.get("stale") else str(envelope.carried.get("at", ""))
    return f"heard {moment_words(datetime.fromisoformat(heard))}" if heard else NOT_VERIFIED


def place(judged: Judged, finding: Finding) -> str:
    """``staging.toml:9`` for a finding, "" where there is no file; the file alone where the line is not known."""
    path, line = place_of(judged.loaded, finding)
    name = path.rpartition("/")[2]
    return f"{name}:{line}" if line else name


def place_of(loaded: Loaded | None, finding: Finding) -> tuple[str, int]:
    """The file and line of a finding's key; line 0 where it is not known."""
    if not finding.path or finding.then or finding.line:
        return finding.path, finding.line
    if not finding.keypath:
        return finding.path, _file_line(loaded, finding)
    path, line = key_place(loaded, finding.keypath)
    return (path, line) if line else (finding.path, 0)


def key_place(loaded: Loaded | None, keypath: tuple[str, ...]) -> tuple[str, int]:
    """The profile file and line where a key of the token's profile stands, parents included; line 0: nowhere."""
    for page in loaded.pages if loaded else ():
        if line := line_in(page, keypath):
            return page.path, line
    return "", 0


def _file_line(loaded: Loaded | None, finding: Finding) -> int:
    from keybound.domain.values.keys import parse_key
    from keybound.sources.files.open_file import Content, open_once

    key = parse_key(finding.key)
    content = open_once(finding.path)
    if not key.path or not isinstance(content, Content):
        return 0
    given = loaded.profile.formats.get(key.name, "") if loaded and key.kind == "file" else ""
    found = line_of(finding.path, content.data.decode("utf-8", "replace"), key.path, given)
    return found[0] if found else 0
