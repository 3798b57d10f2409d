"""The answer of a step for shells that read JSON: Nushell, Elvish, xonsh and PowerShell."""

from keybound.domain.text.compact_json import dumps
from keybound.shells.checked import checked
from keybound.shells.step import EnvUpdate


def render(answer: EnvUpdate) -> bytes:
    """One object. What is not UTF-8 becomes surrogates, which xonsh hands on as bytes; the others refuse the variable."""
    fields = {
        "put": {checked(name).decode(): value.decode("utf-8", "surrogateescape") for name, value in answer.put.items()},
        "keep": list(answer.keep),
        "drop": list(answer.drop),
        "files": [[one.end, one.mark] for one in answer.files],
        "links": [[one.path, one.text] for one in answer.links],
        "names": list(answer.variables),
        "seconds": answer.seconds,
        "held": answer.held,
        "profile": answer.profile,
        "state": answer.state,
    }
    return dumps(fields).encode() + b"\n"


def text_only(answer: EnvUpdate) -> tuple[EnvUpdate, tuple[str, ...]]:
    """The answer without variables that are not text, and their names: for shells whose strings are text."""
    bad = tuple(name for name, value in answer.put.items() if not _is_text(value))
    good = {name: value for name, value in answer.put.items() if name not in bad}
    return answer.but(put=good, keep={name: was for name, was in answer.keep.items() if name not in bad}), bad


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True
