"""The page that says who depends on what: from the profiles alone, the same bytes for the same input."""

from collections.abc import Iterator, Mapping, Sequence

from keybound.custody.profiles.library import Library, Loaded
from keybound.domain.errors import BadInputError
from keybound.domain.profile.definition import Binding, Policy, Profile, Token
from keybound.domain.profile.policy import owners_of
from keybound.domain.profile.renewal_words import probe_words, refresh_words, revoke_words
from keybound.domain.profile.shapes import as_table
from keybound.domain.text.sanitize import clean
from keybound.domain.values.durations import words
from keybound.domain.values.moments import is_local, moment_words
from keybound.domain.verdict.states import WAYS
from keybound.domain.verdict.wording import looks_secret, rules_words

TITLE = "# Tokens and the configuration they depend on"
NOTE = "Written by `keybound docs`. Change the profiles, not this page."


def relations_page(library: Library, names: Sequence[str]) -> str:
    """Markdown: a section a profile, a table a token, a graph, and the same by key. Raises NotFoundError, BadInputError."""
    policy = library.policy()
    loaded = [library.load(name) for name in names]
    lines = [TITLE, "", NOTE, ""]
    for one in loaded:
        lines += _profile(one, policy)
    lines += _by_key([one.profile for one in loaded])
    return "\n".join(lines).rstrip("\n") + "\n"


def broken(library: Library, names: Sequence[str]) -> list[BadInputError]:
    """The profiles that no page can be written of."""
    faults = []
    for name in names:
        try:
            library.load(name)
        except BadInputError as fault:
            faults.append(fault)
    return faults


def _profile(loaded: Loaded, policy: Policy) -> Iterator[str]:
    profile = loaded.profile
    parent = f", extends `{profile.extends}`" if profile.extends else ""
    yield from [f"## Profile `{profile.name}`{parent}", ""]
    yield from [_text(profile.description), ""] if profile.description else []
    owners = owners_of(policy, profile.name)
    yield f"- Owners: {_text(', '.join(owners)) if owners else 'none named'}"
    yield f"- Active roles: {_text(', '.join(profile.active_roles)) or 'none'}"
    for role, scopes in (profile.grants or {}).items():
        yield f"- Role {_code(role)} grants {_text(', '.join(scopes)) or 'nothing'}"
    for name in profile.files:
        yield f"- File {_code(name)} is {_code(_written(loaded, name))}"
    yield ""
    for token in profile.tokens.values():
        yield from _token(token)
    if any(token.bindings for token in profile.tokens.values()):
        yield from _graph(profile)


def _written(loaded: Loaded, name: str) -> str:
    """A path as its profile has it: homes differ between the machines on which the page is checked."""
    tables = (as_table(("files",), page.table.get("files", {})) for page in loaded.pages)
    return next(str(files[name]) for files in tables if name in files)


def _token(token: Token) -> Iterator[str]:
    yield from [f"### `{token.id}`{' (inherited)' if token.inherited else ''}", ""]
    yield f"- Exported as {', '.join(map(_code, token.env))}; kind {_code(token.kind)}"
    yield f"- Scopes: {_text(', '.join(token.scopes)) or 'none declared'}"
    yield f"- Expires: {_ends(token)}"
    yield f"- Release: {', '.join(sorted(token.release)) if token.release != WAYS else 'any way'}"
    if token.callers:
        yield f"- Only for: {', '.join(map(_code, token.callers))}"
    yield f"- Refresh: {_text(refresh_words(token))}"
    yield f"- Revocation: {_text(revoke_words(token))}"
    if asked := probe_words(token):
        yield f"- Carried: {_text(asked)}"
    yield ""
    if not token.bindings:
        yield from ["Not bound to anything.", ""]
        return
    yield from ["| key | boundary | outside | inside, but changed |", "|---|---|---|---|"]
    for binding in token.bindings:
        cells = (_code(binding.key.text), _text(_rules(binding)), _outside(binding), binding.inside.word)
        yield f"| {' | '.join(cells)} |"
    yield ""


def _outside(binding: Binding) -> str:
    return f"{binding.outside.word} after {words(binding.grace)}" if binding.grace else binding.outside.word


def _ends(token: Token) -> str:
    if token.expires is not None:
        written = token.table.get("expires")
        return f"{written} (local time)" if is_local(written) else moment_words(token.expires)
    return f"{words(token.ttl)} after its last refresh" if token.ttl is not None else "never"


def _graph(profile: Profile) -> Iterator[str]:
    keys = dict.fromkeys(one.key.text for token in profile.tokens.values() for one in token.bindings)
    numbers = {key: number for number, key in enumerate(keys)}
    yield from ["```mermaid", "graph LR"]
    for key, number in numbers.items():
        yield f'  k{number}["{_label(key)}"]'
    for number, token in enumerate(profile.tokens.values()):
        yield f'  t{number}(["{_label(str(token.id))}"])'
        for binding in token.bindings:
            yield f'  k{numbers[binding.key.text]} -->|"{_label(_rules(binding))}: {_outside(binding)}"| t{number}'
    yield from ["```", ""]


def _by_key(profiles: Sequence[Profile]) -> Iterator[str]:
    rows: dict[str, list[tuple[Token, Binding]]] = {}
    for profile in profiles:
        for token in profile.tokens.values():
            for binding in token.bindings:
                rows.setdefault(binding.key.text, []).append((token, binding))
    if not rows:
        return
    yield from ["## By key", "", "| key | affects these tokens |", "|---|---|"]
    for key in sorted(rows):
        yield f"| {_code(key)} | {', '.join(f'`{token.id}` ({_outside(one)})' for token, one in rows[key])} |"
    yield ""


def _rules(binding: Binding) -> str:
    text = rules_words(binding.rules)
    return "a value that looks like a secret" if looks_secret(binding.key.text, text) else text


_MARKS: Mapping[int, str] = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>#|"})


def _text(text: str) -> str:
    return clean(text).translate(_MARKS)


def _code(text: str) -> str:
    shown = clean(text).replace("|", "\\|")
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def _label(text: str) -> str:
    return clean(text).replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
