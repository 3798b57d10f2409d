"""A secret that is searched for wherever it could have got, in the forms in which programs write one."""

import os
from collections.abc import Iterator
from pathlib import Path

from keybound.domain.text.masking import forms

SECRET = b'canary/7f3c+"leak\\9d1e 42&x'  # JSON, URLs and base64 each write it otherwise


def encodings(secret: bytes = SECRET) -> set[bytes]:
    """As it is, escaped for JSON, for a URL, in base64 at any offset, in hex of either case, and in UTF-16."""
    text = secret.decode()
    found = forms(secret) | {secret.hex().encode(), secret.hex().upper().encode()}
    return found | {text.encode("utf-16-le"), text.encode("utf-16-be"), secret[::-1]}


def found_in(data: bytes) -> list[bytes]:
    """The encodings that stand there."""
    return [one for one in encodings() if one in data]


def files_with(folder: Path, but: set[Path]) -> Iterator[Path]:
    """The files below a folder in which it stands, but for those that are meant to hold it."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            if path not in but and path.is_file() and found_in(path.read_bytes()):
                yield path
