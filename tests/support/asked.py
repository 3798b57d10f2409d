"""A caller whose ``config.toml`` trusts the tests' CA, with the proxies of the tests and no others."""

from pathlib import Path

from keybound.custody.context.context import Context
from keybound.custody.context.home import find_home
from support.providers import Authority


def trusting(environ: dict[str, str], authority: Authority) -> Context:
    """A context of this environment that reaches the tests' servers."""
    home = find_home(environ)
    Path(home.config).mkdir(parents=True, exist_ok=True)
    Path(home.settings).write_text(f'[network]\nca = "{authority.path}"\n')
    return Context(environ, "/")
