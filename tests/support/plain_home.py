"""A home with twelve plain tokens in nine files."""

import json
import random
from base64 import b64encode
from pathlib import Path

from keybound.catalogue.shipped import shipped
from support.samples import good_sample


def made(provider: str, seed: int) -> str:
    """A token of a provider's first kind that begins in its own way."""
    kinds = (kind for one in shipped() if one.id == provider for kind in one.tokens if kind.prefixes)
    return good_sample(next(kinds), random.Random(seed))


GITHUB, NPM, STRIPE, OPENAI = (made(name, 7) for name in ("github", "npm", "stripe", "openai"))
PLAIN = {
    "history": made("gitlab", 7), "netrc": "Xk29vPq7wZr4", "docker": "q7Gq2LmZ9vB4tRwK8nYd",
    "aws": "wQ3eR5tY7uI9oP1aS2dF4gH6jK8lZ0xC/vB+nM5q",
    "git": "hV8kLm2Np4Qr6St8Uv0w", "cargo": made("crates-io", 7), "db": "Tr0ub4dor&3x",
}  # fmt: skip
FILES = {
    ".npmrc": f"//registry.npmjs.org/:_authToken={NPM}\n",
    ".netrc": f"machine files.example.io login ann password {PLAIN['netrc']}\n",
    ".config/gh/hosts.yml": f"github.com:\n    user: ann\n    oauth_token: {GITHUB}\n",
    ".docker/config.json": json.dumps(
        {"auths": {"ghcr.io": {"auth": b64encode(f"ann:{PLAIN['docker']}".encode()).decode()}}}
    ),
    ".aws/credentials": f"[default]\naws_access_key_id = AKIAQ3EGV5GJ7HBXTWM2\naws_secret_access_key = {PLAIN['aws']}\n",
    ".git-credentials": f"https://ann:{PLAIN['git']}@git.example.io\n",
    ".cargo/credentials.toml": f'[registry]\ntoken = "{PLAIN["cargo"]}"\n',
    ".bash_history": f"ls\ncurl -H 'PRIVATE-TOKEN: {PLAIN['history']}' https://gitlab.example.io/api/v4/user\n",
    "project/.env": f"PORT=8080\nSTRIPE_API_KEY={STRIPE}\nOPENAI_API_KEY={OPENAI}\nDB_PASSWORD={PLAIN['db']}\n",
}


def furnish_plain(home: Path) -> None:
    """Write the files."""
    for name, text in FILES.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text)
        (home / name).chmod(0o644 if name == ".bash_history" else 0o600)
