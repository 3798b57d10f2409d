"""What git's helper ``store`` keeps: an address with user and password a line, percent-encoded.

Addresses without TLS are left where they are: Keybound's helper would not answer for them. Source: git's manual,
git-credential-store(1), STORAGE FORMAT.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from keybound.domain.text.secret import Secret
from keybound.sources.plain.base import (
    PlainFile,
    PlainSecret,
    Taken,
    as_variable,
    is_secret,
    user_and_secret,
    without_lines,
)

_GITHUB = "github.com"


def _find(text: str) -> Iterator[PlainSecret]:
    for line in text.split("\n"):
        try:
            parts = urlsplit(line.strip())
            user, password = user_and_secret(unquote(parts.username or ""), unquote(parts.password or ""))
        except ValueError:  # no address: git passes over it too
            continue
        if is_secret(password) and parts.scheme == "https" and user.isprintable():
            host = parts.netloc.rpartition("@")[2].lower()  # with its port, as git asks for it
            label, provider = f"{user}@{host}" if user else host, "github" if host == _GITHUB else ""
            yield PlainSecret((label,), Secret(password), provider, host, user, Secret(line.strip()))


def _variable(found: PlainSecret) -> str:
    return "GITHUB_TOKEN" if found.host == _GITHUB else as_variable(found.host, "token")


def _without(text: str, taken: Sequence[Taken]) -> str:
    """git asks a helper instead, which its configuration names."""
    return without_lines(text, [one.line for one in taken])


PLAIN = PlainFile("", _find, _variable, _without, "it is removed; git asks a helper of Keybound", helped=True)
