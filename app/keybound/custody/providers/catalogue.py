"""The catalogue as this user has it: the shipped providers and those of ``<config dir>/providers``."""

import os
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from keybound.catalogue.parse import provider_of
from keybound.catalogue.provider import Provider
from keybound.catalogue.recognise import Recogniser, Recognition
from keybound.catalogue.shape import check_provider
from keybound.catalogue.shipped import shipped, shipped_ids, shipped_one
from keybound.custody.context.home import Home
from keybound.domain.errors import BadInputError
from keybound.domain.profile.shapes import TableError
from keybound.domain.text.secret import Secret, expose_secret
from keybound.domain.values.names import is_name
from keybound.sources.files.open_file import Content, open_once
from keybound.sources.profile_text import profile_fault, read_profile_table

FOLDER = "providers"
_LONGEST = 65_536


class Catalogue(NamedTuple):
    """``notes``: a line for each own file that was left out, and for each that claims what a shipped provider has."""

    recogniser: Recogniser
    notes: tuple[str, ...]

    def recognise(self, secret: Secret, near: str = "") -> list[Recognition]:
        """What the secret may be, surest first. ``near``: its name and variables, for forms that tell nothing."""
        try:
            text = expose_secret(secret).decode("ascii")
        except UnicodeDecodeError:
            return []
        return self.recogniser.recognise(text, near) if len(text) <= _LONGEST else []


def read_catalogue(home: Home) -> Catalogue:
    """All providers. A bad file of the user's is said in one line, and the others are read."""
    providers, notes = list(shipped()), []
    known = {provider.id: provider for provider in providers}
    for path in _own_files(os.path.join(home.config, FOLDER)):
        try:
            own = _own_provider(path, known)
        except BadInputError as error:
            notes.append(" ".join(str(error).split()))
            continue
        notes += [f"{path}: {line}" for line in overlaps(own, providers)]
        providers.append(own)
    return Catalogue(Recogniser(providers), tuple(notes))


def find_provider(home: Home, id_: str) -> Provider | None:
    """One provider, read alone; None where there is none. Raises BadInputError for a bad file of the user's."""
    if (found := shipped_one(id_)) is not None:
        return found
    path = os.path.join(home.config, FOLDER, f"{id_}.toml")
    return _own_provider(path, ()) if os.path.lexists(path) and is_name(id_) else None


def page_of(home: Home, id_: str) -> str:
    """Where a provider's tokens are made; "" where that is not known."""
    provider = find_provider(home, id_)
    return provider.page.make if provider is not None and provider.page is not None else ""


def known_kinds(home: Home) -> list[str]:
    """The names of all providers, without reading one."""
    own = _own_files(os.path.join(home.config, FOLDER))
    return [*shipped_ids(), *(os.path.basename(path).removesuffix(".toml") for path in own)]


def _own_files(folder: str) -> list[str]:
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return [os.path.join(folder, name) for name in sorted(names) if name.endswith(".toml")]


def _own_provider(path: str, shipped_ones: Collection[str]) -> Provider:
    id_ = os.path.basename(path)[: -len(".toml")]
    if id_ in shipped_ones:
        hint = "Rename the file: Keybound's own entry is used."
        raise BadInputError(f"{id_} is a provider that Keybound ships, and cannot be replaced", where=path, hint=hint)
    content = open_once(path)
    if not isinstance(content, Content):
        raise BadInputError(content.why, where=path)
    try:
        text = content.data.decode()
    except UnicodeDecodeError:
        raise BadInputError("it is not UTF-8 text", where=path) from None
    table = read_profile_table(text, path)
    try:
        check_provider(id_, table)
    except TableError as fault:
        raise profile_fault(path, text, fault.keypath, fault.what, fault.hint) from None
    return provider_of(id_, table, own=True)


def overlaps(own: Provider, providers: Sequence[Provider]) -> Iterator[str]:
    """What an own provider claims that another has already: that one comes first."""
    prefixes = {prefix for kind in own.tokens for prefix in kind.prefixes}
    for provider in providers:
        for prefix in sorted(prefixes):
            if any(other.startswith(prefix) for kind in provider.tokens for other in kind.prefixes):
                yield f"{prefix} is a prefix of {provider.name}'s tokens, which are recognised first"
        for host in sorted(_hosts(own) & _hosts(provider)):
            yield f"{host} is a host of {provider.name}"


def _hosts(provider: Provider) -> set[str]:
    requests = [request for request in (provider.probe, provider.revoke) if request]
    asked = {urlsplit(one.url).hostname for one in requests if "://" in one.url}
    return {host.lower() for host in provider.hosts} | {host for host in asked if host}
