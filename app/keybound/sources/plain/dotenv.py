"""dotenv files. Every variable stands here as one that may be a secret: which of them are, their names and forms must tell."""

from collections.abc import Iterator, Sequence

from keybound.domain.text.secret import Secret
from keybound.sources.editing.edit_toml import with_line_ends_of
from keybound.sources.formats.dotenv import dotenv_entries, dotenv_spans
from keybound.sources.plain.base import PlainFile, PlainSecret, Taken, is_secret


def _find(text: str) -> Iterator[PlainSecret]:
    last = {entry.path: entry.value for entry in dotenv_entries(text)}  # as every reader of such files has it
    for path, value in last.items():
        if isinstance(value, str) and is_secret(value):
            yield PlainSecret(path, Secret(value))


def _variable(found: PlainSecret) -> str:
    return found.keys[0]


def _without(text: str, taken: Sequence[Taken]) -> str:
    names = {one.found.keys[0] for one in taken}
    plain = text.replace("\r\n", "\n")
    for name, start, end in reversed(list(dotenv_spans(plain))):
        if name in names:
            plain = plain[:start] + plain[end:]
    return with_line_ends_of(text, plain)


PLAIN = PlainFile("", _find, _variable, _without, "its line is removed", named=True)
