"""A labelled set for scanners: tokens of every kind in the catalogue in thirty kinds of files, among what only looks like one.

Every token is made up; those with a public checksum keep it. A file has a token a line at most, so that a finding is judged
by its file and line.
"""

import json
import random
import string
import uuid
from base64 import b64encode
from collections.abc import Callable
from hashlib import md5, sha1, sha256, sha512
from pathlib import Path
from typing import NamedTuple

from keybound.catalogue.provider import TokenKind, variables_of
from keybound.catalogue.shipped import shipped
from support.samples import good_sample

Place = tuple[str, int]
_HEX = "0123456789abcdef"
_WORDS = "account build cache client deploy event filter gateway handler index job kernel layout module network object".split()


class Labelled(NamedTuple):
    """``tokens``: file and line of each, with its provider; ``faulty``: of those whose checksum does not hold."""

    tokens: dict[Place, str]
    faulty: set[Place]


# a name, a variable and a token to the lines of a file, the token in one of them
Lines = Callable[[str, str, str], list[str]]
KINDS: dict[str, Lines] = {
    "{name}.env": lambda name, var, token: ["# settings", f"{var}={token}", "DEBUG=0"],
    ".env.{name}": lambda name, var, token: [f"export {var}='{token}'"],
    "{name}.sh": lambda name, var, token: ["#!/bin/sh", "set -eu", f'export {var}="{token}"', "make deploy"],
    "{name}.zsh_history": lambda name, var, token: [f": 1700000000:0;{var}={token} ./deploy", ": 1700000001:0;ls"],
    "{name}.bash_history": lambda name, var, token: [
        f'curl -H "Authorization: Bearer {token}" https://api.{name}.io',
        "ls",
    ],
    "{name}.fish": lambda name, var, token: [f"set -gx {var} {token}"],
    "{name}.py": lambda name, var, token: ["import os", "", f'{var} = "{token}"', "", "def main():", "    pass"],
    "{name}.js": lambda name, var, token: [f"const {name}Token = '{token}';", "module.exports = {};"],
    "{name}.ts": lambda name, var, token: [f"export const config = {{ {name}ApiKey: '{token}' }};"],
    "{name}.go": lambda name, var, token: ["package main", f'const {name}Token = "{token}"'],
    "{name}.rb": lambda name, var, token: [f"ENV['{var}'] = '{token}'"],
    "{name}.rs": lambda name, var, token: [f'let {name}_token = "{token}";'],
    "{name}.java": lambda name, var, token: [f'  private static final String {var} = "{token}";'],
    "{name}.kt": lambda name, var, token: [f'val {name}Token = "{token}"'],
    "{name}.php": lambda name, var, token: ["<?php", f"define('{var}', '{token}');"],
    "{name}.cs": lambda name, var, token: [f'    var {name}Token = "{token}";'],
    "{name}.json": lambda name, var, token: ["{", f'  "{name}": {{ "token": {json.dumps(token)} }}', "}"],
    "{name}.mcp.json": lambda name, var, token: ['{"mcpServers": {"x": {"env": {', f'"{var}": "{token}"', "}}}}"],
    "{name}.yaml": lambda name, var, token: [f"{name}:", f"  api_key: {token}"],
    "{name}.compose.yml": lambda name, var, token: [
        "services:",
        "  app:",
        "    environment:",
        f'      - "{var}={token}"',
    ],
    "{name}.toml": lambda name, var, token: [f"[{name}]", f'token = "{token}"'],
    "{name}.ini": lambda name, var, token: [f"[{name}]", f"token = {token}"],
    "{name}.properties": lambda name, var, token: [f"{name}.token={token}"],
    "{name}.xml": lambda name, var, token: ["<settings>", f"  <{name}Token>{token}</{name}Token>", "</settings>"],
    "{name}.tf": lambda name, var, token: [f'provider "{name}" {{', f'  token = "{token}"', "}"],
    "Dockerfile.{name}": lambda name, var, token: ["FROM debian", f"ENV {var}={token}"],
    "{name}.md": lambda name, var, token: ["# Set-up", "", f"Run `{var}={token} make`."],
    "{name}.ipynb": lambda name, var, token: [
        '{"cells": [{"source": [',
        json.dumps(f'{name}_token = "{token}"\n'),
        "]}]}",
    ],
    "{name}.log": lambda name, var, token: [f"2026-01-01T00:00:00Z debug {var}={token} status=200"],
    "{name}.secret.yaml": lambda name, var, token: [
        "kind: Secret",
        "data:",
        f"  {var}: {b64encode(token.encode()).decode()}",
    ],
}


def make_tokens(folder: Path, rng: random.Random, each: int = 2) -> Labelled:
    """``each`` tokens of every kind, in files of kinds that take turns; and some with a checksum that does not hold."""
    tokens: dict[Place, str] = {}
    faulty: set[Place] = set()
    files = list(KINDS.items())
    rng.shuffle(files)
    number = 0
    for provider in shipped():
        name = provider.id.replace("-", "")
        for kind in provider.tokens:
            for _ in range(each):
                pattern, lines = files[number % len(files)]
                number += 1
                variable = (variables_of(provider, kind) or (f"{name.upper()}_TOKEN",))[0]
                good = good_sample(kind, rng)
                place = _write(
                    folder / f"{number // 40}" / f"n{number}", pattern, name, lines(name, variable, good), good
                )
                tokens[place] = provider.id
            if kind.checksum:
                bad = _broken(kind, rng)
                faulty.add(
                    _write(
                        folder / "faulty" / f"n{number}", "{name}.py", name, KINDS["{name}.py"](name, "TOKEN", bad), bad
                    )
                )
    return Labelled(tokens, faulty)


def _broken(kind: TokenKind, rng: random.Random) -> str:
    good = good_sample(kind, rng)
    return good[:-1] + ("0" if good[-1] != "0" else "1")


def _write(folder: Path, pattern: str, name: str, lines: list[str], token: str) -> Place:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / pattern.format(name=name)
    path.write_text("\n".join(lines) + "\n")
    written = (token, json.dumps(token)[1:-1], b64encode(token.encode()).decode())
    line = next(number for number, one in enumerate(lines, 1) if any(form in one for form in written))
    return str(path), line


def make_lookalikes(folder: Path, rng: random.Random, files: int = 60) -> None:
    """What holds no token: hashes, identifiers, examples, lockfiles, minified code, images, certificates, prose."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        for pattern, made in LOOKALIKES.items():
            path = folder / pattern.format(number=number)
            path.parent.mkdir(exist_ok=True)
            path.write_text(made(rng))
        (folder / f"image{number}.png").write_bytes(b"\x89PNG\r\n\x1a\n\0" + rng.randbytes(4000))


def _hex(rng: random.Random, length: int) -> str:
    return "".join(rng.choices(_HEX, k=length))


def _word(rng: random.Random) -> str:
    return rng.choice(_WORDS)


def _base64(rng: random.Random, length: int) -> str:
    return b64encode(rng.randbytes(length)).decode()


def _lockfile(rng: random.Random) -> str:
    rows = {
        f"node_modules/{_word(rng)}-{at}": {
            "version": "1.2.3",
            "resolved": f"https://registry.npmjs.org/{_word(rng)}/-/{_word(rng)}-1.2.3.tgz",
            "integrity": "sha512-" + b64encode(sha512(rng.randbytes(8)).digest()).decode(),
        }
        for at in range(30)
    }
    return json.dumps({"lockfileVersion": 3, "packages": rows}, indent=2)


def _cargo_lock(rng: random.Random) -> str:
    return "\n".join(
        f'[[package]]\nname = "{_word(rng)}"\nversion = "0.1.0"\nchecksum = "{sha256(rng.randbytes(8)).hexdigest()}"\n'
        for _ in range(20)
    )


def _go_sum(rng: random.Random) -> str:
    return "\n".join(f"golang.org/x/{_word(rng)} v0.1.0 h1:{_base64(rng, 32)}" for _ in range(20))


def _code(rng: random.Random) -> str:
    return "\n".join(
        [
            "import os",
            f"COMMIT = '{sha1(rng.randbytes(8)).hexdigest()}'",
            f"request_id = '{uuid.UUID(int=rng.getrandbits(128), version=4)}'",
            "token = os.environ['API_TOKEN']",
            "password = getpass.getpass('Password: ')",
            "api_key = config.get('api_key') or settings.API_KEY_DEFAULT_V2",
            "def tokenize(text): return text.split()",
            f"cache_key = f'{_word(rng)}:{{user.id}}:{{token_type}}'",
            "access_token_url = 'https://login.example.com/oauth2/v2.0/token'",
            "secret_name = 'projects/my-project-123/secrets/api-key-v2/versions/latest'",
            f"public_key = '{_base64(rng, 32)}'",
            f"password_hash = '$2b$12${''.join(rng.choices(string.ascii_letters + string.digits, k=53))}'",
            f"etag = '{md5(rng.randbytes(8), usedforsecurity=False).hexdigest()}'",
            "if token_count > MAX_TOKENS_PER_REQUEST_V2: raise ValueError(token)",
        ]
    )


def _examples(rng: random.Random) -> str:
    return "\n".join(
        [
            "# Configuration",
            "Set `GITHUB_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` and `AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE`.",
            "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "export OPENAI_API_KEY=sk-your-key-here-0123456789abcdef",
            "STRIPE_API_KEY=sk_test_1234567890abcdefghijklmn",
            "DATABASE_URL=postgres://user:password@localhost:5432/app",
            "REDIS_URL=redis://:${REDIS_PASSWORD}@redis:6379/0",
            "api_key: <your-api-key-goes-here-32-characters>",
            "password: changeme-please-1234",
            "SLACK_TOKEN=xoxb-000000000000-000000000000-XXXXXXXXXXXXXXXXXXXXXXXX",
            "//registry.npmjs.org/:_authToken=${NPM_TOKEN}",
            "token: {{ vault_token_production_v2 }}",
            "client_secret: op://Private/github/credential-2024",
            f"See issue #{rng.randrange(9999)}.",
        ]
    )


def _minified(rng: random.Random) -> str:
    names = "".join(rng.choices(string.ascii_lowercase, k=26))
    body = "".join(
        f'function {names[at % 26]}{at}(e,t){{return e.token?t.key[{rng.randrange(99)}]:"{_word(rng)}-{_hex(rng, 8)}"}}'
        for at in range(200)
    )
    return f"!function(){{{body}}}();//# sourceMappingURL=data:application/json;base64,{_base64(rng, 300)}"


def _certificate(rng: random.Random) -> str:
    rows = "\n".join(_base64(rng, 48) for _ in range(20))
    return "".join(f"-----BEGIN {what}-----\n{rows}\n-----END {what}-----\n" for what in ("CERTIFICATE", "PUBLIC KEY"))


def _log(rng: random.Random) -> str:
    return "\n".join(
        f"2026-01-01T00:00:{at:02}Z info request={uuid.UUID(int=rng.getrandbits(128), version=4)} trace={_hex(rng, 32)} "
        f"span={_hex(rng, 16)} user_token_hash={_hex(rng, 64)} next_page_token_present=true"
        for at in range(20)
    )


def _styles(rng: random.Random) -> str:
    return "\n".join(
        [
            f".{_word(rng)} {{ color: #{_hex(rng, 6)}; background: url(data:image/png;base64,{_base64(rng, 200)}) }}"
            for _ in range(10)
        ]
    )


def _manifest(rng: random.Random) -> str:
    return "\n".join(
        [
            f"image: registry.example.com/{_word(rng)}@sha256:{_hex(rng, 64)}",
            "env:",
            "- name: API_TOKEN",
            "  valueFrom: {secretKeyRef: {name: api-token-v2, key: token}}",
            f"checksum/config: {_hex(rng, 64)}",
            f"uid: {uuid.UUID(int=rng.getrandbits(128), version=4)}",
            "secretName: my-app-credentials-v2-production",
            "tokenExpirationSeconds: 3600",
        ]
    )


LOOKALIKES: dict[str, Callable[[random.Random], str]] = {
    "a{number}/package-lock.json": _lockfile,
    "a{number}/Cargo.lock": _cargo_lock,
    "a{number}/go.sum": _go_sum,
    "a{number}/code.py": _code,
    "a{number}/README.md": _examples,
    "a{number}/app.min.js": _minified,
    "a{number}/cert.pem": _certificate,
    "a{number}/app.log": _log,
    "a{number}/site.css": _styles,
    "a{number}/deploy.yaml": _manifest,
}


def many_files(folder: Path, rng: random.Random, number: int) -> None:
    """Files of words as a large source tree has them, a token in each hundredth."""
    kinds = [kind for provider in shipped() for kind in provider.tokens if kind.prefixes]
    texts = [" ".join(rng.choices(_WORDS, k=8)) for _ in range(400)]
    for at in range(number):
        place = folder / f"{at // 1000}" / f"{at // 50 % 20}"
        place.mkdir(parents=True, exist_ok=True)
        lines = rng.choices(texts, k=rng.randint(5, 80))
        lines += [f'token = "{good_sample(rng.choice(kinds), rng)}"'] if at % 100 == 0 else []
        (place / f"f{at}.py").write_text("\n".join(lines))
