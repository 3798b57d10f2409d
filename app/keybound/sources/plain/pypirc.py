"""What uploads to Python's package index: ``password`` of a section, with its ``repository`` and ``username``.

Source: packaging.python.org, "The .pypirc file".
"""

from collections.abc import Iterator, Sequence

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import (
    PlainFile,
    PlainSecret,
    Taken,
    as_variable,
    host_of,
    is_secret,
    table,
    without_lines,
)

_HOSTS = {"pypi": "upload.pypi.org", "testpypi": "test.pypi.org"}


def _find(values: Value) -> Iterator[PlainSecret]:
    for section, entries in table(values).items():
        fields = table(entries)
        password, address = fields.get("password"), fields.get("repository")
        if isinstance(password, str) and is_secret(password):
            host = host_of(address) if address is not None else _HOSTS.get(section, "")
            provider = "pypi" if password.startswith("pypi-") else ""
            yield PlainSecret((section, "password"), Secret(password), provider, host, str(fields.get("username", "")))


def _variable(found: PlainSecret) -> str:
    """twine reads one variable, whatever the index."""
    return "TWINE_PASSWORD" if found.keys[0] == "pypi" else as_variable("TWINE_PASSWORD", found.keys[0])


def _without(text: str, taken: Sequence[Taken]) -> str:
    return without_lines(text, [one.line for one in taken])


PLAIN = PlainFile("ini", _find, _variable, _without, "it is removed; twine reads TWINE_PASSWORD")
