"""The page of all providers: what is known of each, and where it was read."""

from collections.abc import Iterator, Sequence

from keybound.catalogue.provider import Dependence, Provider, Request, TokenKind, variables_of

_HEAD = """# Providers

What Keybound recognises, and what it knows of each token: {providers} providers, {kinds} kinds of token. Each fact names
where it was read. An empty field means that no source was found, not that there is nothing. To add a provider, see
[architecture](architecture.md); for one of your own, [files.md](files.md).

Written by `keybound docs --providers`. Change the files in `app/keybound/catalogue/providers`, not this page.

| provider | kind in a profile | its tokens begin with | variable |
|---|---|---|---|
"""


def providers_page(providers: Sequence[Provider]) -> str:
    """Markdown: a table of all, and a section each."""
    kinds = sum(len(provider.tokens) for provider in providers)
    rows = "".join(f"{_row(provider)}\n" for provider in providers)
    sections = "".join(f"\n{line}" if line.startswith("## ") else line for one in providers for line in _section(one))
    return _HEAD.format(providers=len(providers), kinds=kinds) + rows + sections


def _row(provider: Provider) -> str:
    begins = list(dict.fromkeys(prefix for kind in provider.tokens for prefix in kind.prefixes))
    names = provider.variables.names[:1] if provider.variables else ()
    return f"| {provider.name} | `{provider.id}` | {_codes(begins)} | {_codes(names)} |"


def _section(provider: Provider) -> Iterator[str]:
    yield f"## {provider.name}\n\n"
    for kind in provider.tokens:
        yield f"- {_kind(provider, kind)} {_sources(kind.sources)}\n"
    if provider.variables:
        yield f"- Variables: {_codes(provider.variables.names)}. {_sources(provider.variables.sources)}\n"
    if provider.page:
        revoke = f"; revoked at <{provider.page.revoke}>" if provider.page.revoke else ""
        yield f"- Made at <{provider.page.make}>{revoke}. {_sources(provider.page.sources)}\n"
    if provider.life:
        yield f"- Lifetime: {provider.life.words}. {_sources(provider.life.sources)}\n"
    for words, request in (("Asks", provider.probe), ("Revokes", provider.revoke)):
        if request:
            yield f"- {words}: {_request(request)}. {_sources(request.sources)}\n"
    for part in provider.depends:
        yield f"- Depends on {_depends(part)}. {_sources(part.sources)}".rstrip() + "\n"


def _kind(provider: Provider, kind: TokenKind) -> str:
    length = str(kind.shortest) if kind.shortest == kind.longest else f"{kind.shortest} to {kind.longest}"
    begins = f"begins with {_codes(kind.prefixes)}" if kind.prefixes else "without a prefix"
    more = [f"checksum `{kind.checksum}`"] if kind.checksum else []
    more += [f"only near {_codes(kind.context)}"] if kind.context else []
    own = variables_of(provider, kind)
    more += [f"variable {_codes(own)}"] if kind.env else []
    return f"**{kind.name}**: {begins}, {length} characters{''.join(f', {one}' for one in more)}."


def _request(request: Request) -> str:
    told = [
        f"{words} in `{place}`"
        for words, place in (("identity", request.identity), ("scopes", request.scopes), ("expiry", request.expires))
        if place
    ]
    only = f" (for {_codes(request.prefixes)})" if request.prefixes else ""
    return f"`{request.method} {request.url}`{only}{''.join(f', {one}' for one in told)}"


def _depends(part: Dependence) -> str:
    only = f" (where it names {_codes(part.only)})" if part.only else ""
    return f"`{part.key}`{only}: {part.why}{'' if part.certain else ' (named, not proposed)'}"


def _codes(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _sources(sources: Sequence[str]) -> str:
    told = [f"<{one}>" if one.startswith("https://") else f"`{one}`" for one in sources]
    return f"Source: {', '.join(told)}." if told else ""
