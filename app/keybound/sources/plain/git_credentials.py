"""What git's helper ``store`` keeps: an address with user and password a line, percent-encoded.

Source: git's manual, git-credential-store(1), STORAGE FORMAT.
"""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from keybound.domain.text.secret import Secret
from keybound.domain.values.readings import Value
from keybound.sources.plain.base import PlainFile, PlainSecret, is_secret


def _find(text: Value) -> Iterator[PlainSecret]:
    for line in str(text).splitlines():
        try:
            parts = urlsplit(line.strip())
            host, password = parts.hostname or "", unquote(parts.password or "")
        except ValueError:  # no address: git passes over it too
            continue
        if is_secret(password):
            user = unquote(parts.username or "")
            yield PlainSecret(
                (f"{user}@{host}",), Secret(password), "github" if host == "github.com" else "", host, user
            )


PLAIN = PlainFile("", _find)
