"""A caller whose ``config.toml`` trusts the tests' CA, with the proxies of the tests and no others."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from keybound.custody.context.context import Context
from keybound.custody.context.home import find_home
from support.providers import Authority, Provider, proxy


def trusting(environ: dict[str, str], authority: Authority) -> Context:
    """A context of this environment that reaches the tests' servers."""
    home = find_home(environ)
    Path(home.config).mkdir(parents=True, exist_ok=True)
    Path(home.settings).write_text(f'[network]\nca = "{authority.path}"\n')
    return Context(environ, "/")


@contextmanager
def every_provider(environ: dict[str, str], authority: Authority) -> Iterator[Provider]:
    """All providers of the internet: a proxy that this environment names answers for each."""
    trusting(environ, authority)
    with proxy(authority) as made:
        environ["HTTPS_PROXY"] = f"http://127.0.0.1:{made.port}"
        yield made
