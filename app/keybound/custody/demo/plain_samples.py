"""Files with plain tokens for the demo to find and import. The tokens are random: nobody ever had them."""

import secrets
import string
from base64 import b64encode
from collections.abc import Mapping

_LETTERS = string.ascii_letters + string.digits


def plain_files(stored: str) -> Mapping[str, str]:
    """Their texts by their paths in a home. ``stored``: the secret of a token that is in the store."""
    login = b64encode(f"ada:{_random('dckr_pat_', 27)}".encode()).decode()
    return {
        ".env": f"DEBUG=1\nPORT=8080\nSTRIPE_API_KEY={_random('sk_test_', 24)}\nSESSION_SECRET={_random('', 32)}\n"
        f"GITHUB_TOKEN={stored}\n",
        ".cargo/credentials.toml": f'[registry]\ntoken = "{_random("cio", 32)}"\n',
        ".docker/config.json": f'{{\n\t"auths": {{\n\t\t"https://index.docker.io/v1/": {{ "auth": "{login}" }}\n\t}}\n}}\n',
        ".bash_history": f'git status\ncurl -H "PRIVATE-TOKEN: {_random("glpat-", 20)}" https://gitlab.com/api/v4/user\n',
    }


def _random(prefix: str, length: int) -> str:
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))
