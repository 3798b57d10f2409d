"""AWS ``credentials`` and ``config``: each profile's secret key and session token, and the key's id, which goes with them.

Source: docs.aws.amazon.com, "Configuration and credential file settings in the AWS CLI".
"""

from collections.abc import Iterator, Sequence

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import (
    PlainFile,
    PlainSecret,
    Taken,
    as_variable,
    is_secret,
    lines_of,
    table,
    without_lines,
)

_NAMES = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")


def _find(values: Value) -> Iterator[PlainSecret]:
    for section, entries in table(values).items():
        fields = table(entries)
        for name in _NAMES:
            value = fields.get(name)
            if isinstance(value, str) and is_secret(value):
                yield PlainSecret((section, name), Secret(value), "aws", "", str(fields.get("aws_access_key_id", "")))


def _variable(found: PlainSecret) -> str:
    """The tools read one set of keys from variables: that of the default profile."""
    section, name = found.keys
    return name.upper() if section == "default" else as_variable(name, section)


def _without(text: str, taken: Sequence[Taken]) -> str:
    """Where the first of a profile's keys stood, a program that answers with all of them."""
    lines = lines_of(text)
    programs = {one.found.keys[0]: one for one in sorted(taken, key=lambda one: -one.line)}
    for one in programs.values():
        end = lines[one.line - 1][len(lines[one.line - 1].rstrip("\r\n")) :] or "\n"
        lines[one.line - 1] = f"credential_process = {one.helper}{end}"
    kept = {one.line for one in programs.values()}
    return without_lines("".join(lines), [one.line for one in taken if one.line not in kept])


PLAIN = PlainFile("aws", _find, _variable, _without, "a credential_process takes its place", helped=True)
