"""What git's helper ``store`` keeps: an address with user and password a line, percent-encoded.

Source: git's manual, git-credential-store(1), STORAGE FORMAT.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from keybound.domain.text.secret import Secret
from keybound.sources.plain.base import PlainFile, PlainSecret, Taken, as_variable, is_secret, without_lines

_GITHUB = "github.com"


def _find(text: str) -> Iterator[PlainSecret]:
    for line in text.splitlines():
        try:
            parts = urlsplit(line.strip())
            host, password = parts.hostname or "", unquote(parts.password or "")
        except ValueError:  # no address: git passes over it too
            continue
        if is_secret(password):
            user, provider = unquote(parts.username or ""), "github" if host == _GITHUB else ""
            yield PlainSecret((f"{user}@{host}",), Secret(password), provider, host, user, Secret(line.strip()))


def _variable(found: PlainSecret) -> str:
    return "GITHUB_TOKEN" if found.host == _GITHUB else as_variable(found.host, "token")


def _without(text: str, taken: Sequence[Taken]) -> str:
    """git asks a helper instead, which its configuration names."""
    return without_lines(text, [one.line for one in taken])


PLAIN = PlainFile("", _find, _variable, _without, helped=True)
