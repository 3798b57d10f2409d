"""What is a secret in a text, and what only looks like one."""

import random
from base64 import b64encode

import pytest

from keybound.catalogue.recognise import Fault, Recogniser, Sure
from keybound.catalogue.shipped import shipped
from keybound.custody.scan.finder import Finder, as_text
from keybound.custody.scan.finds import Find
from keybound.custody.scan.lookalikes import is_placeholder, looks_chosen, looks_random
from keybound.domain.text.secret import expose_secret
from support.samples import good_sample

FINDER = Finder(Recogniser(shipped()))
KINDS = {(kind.provider, kind.name): kind for provider in shipped() for kind in provider.tokens}
GITHUB = good_sample(KINDS["github", "personal access token (classic)"], random.Random(3))
STRIPE = next(
    good_sample(kind, random.Random(4))
    for (provider, _), kind in KINDS.items()
    if provider == "stripe" and kind.prefixes
)
RANDOM = "x7Gq2LmZ9vB4tRwK8nYc"


def found(text: str | bytes) -> list[tuple[str, str, str]]:
    """Provider, secret and sureness of each find that has no fault."""
    data = text.encode() if isinstance(text, str) else text
    finds = [one for one in FINDER.find(data) if one.fault is None]
    return [(one.provider, expose_secret(one.secret).decode("latin-1"), one.sure.value) for one in finds]


@pytest.mark.parametrize(
    "text",
    [
        GITHUB,
        f'token = "{GITHUB}"',
        f"https://{GITHUB}@github.com/octo/api.git",
        f"https://octo:{GITHUB}@github.com/octo/api.git",
        f'{{"text": "first\\n{GITHUB}\\nlast"}}',
        f"https://api.example.com/?token%3D{GITHUB}&page=2",
        f"Authorization: Bearer {GITHUB}",
        f"('{GITHUB}',)",
        f"<token>{GITHUB}</token>",
        f"  GITHUB_TOKEN: {b64encode(GITHUB.encode()).decode()}",
        f"Authorization: Basic {b64encode(f'octo:{GITHUB}'.encode()).decode()}",
        f"\xff\xfe {GITHUB} \xff",
    ],
)
def test_a_token_is_found_however_it_is_wrapped(text: str) -> None:
    assert found(text.encode("latin-1")) == [("github", GITHUB, "checksum")]


@pytest.mark.parametrize(
    "text",
    [
        f"x{GITHUB}",
        f"{GITHUB}x",
        f"{GITHUB}-1",
        f"_{GITHUB}",
        GITHUB[:-1],
        "ghp_" + "x" * 36,
        "AKIAIOSFODNN7EXAMPLE",
        "STRIPE_KEY=sk_test_1234567890abcdefghijklmn",
    ],
)
def test_a_part_of_something_else_is_no_token(text: str) -> None:
    assert found(text) == []


def test_what_fails_its_checksum_is_a_fault_and_not_a_guess_instead() -> None:
    bad = GITHUB[:-1] + ("0" if GITHUB[-1] != "0" else "1")
    (one,) = FINDER.find(f"github_token = '{bad}'".encode())
    assert (one.provider, one.fault) == ("github", Fault.CHECKSUM)


@pytest.mark.parametrize(
    "text",
    [
        f"API_TOKEN={RANDOM}",
        f"apiKey: '{RANDOM}'",
        f'"client_secret": "{RANDOM}",',
        f'headers.set("X-Api-Key", "{RANDOM}")',
        f"curl --token {RANDOM} https://api.example.com",
        f"DB_PASSWORD_PROD = {RANDOM};",
        f"Authorization: Bearer {RANDOM}",
        f"https://api.example.com/?api_key={RANDOM}&page=2",
        f"secret_key => '{RANDOM}'",
        f"const apiKeyProd = `{RANDOM}`",
    ],
)
def test_a_name_that_says_secret_makes_a_guess(text: str) -> None:
    assert [row[1:] for row in found(text)] == [(RANDOM, "guess")]


@pytest.mark.parametrize(
    "text",
    [
        f"commit = {RANDOM}",
        f"token_id = {RANDOM}",
        f"password_hash: {RANDOM}",
        f"tokenizer_name: {RANDOM}",
        "token = os.environ['GITHUB_TOKEN_2']",
        "password = getpass.getpass()",
        "api_key = settings.API_KEY_V2_DEFAULT",
        "api_key: ${API_KEY_2_PROD_EU1}",
        "secret = 9f1c2d3e-4b5a-4c7d-8e9f-0a1b2c3d4e5f",
        "secret = my-very-own-secret-name-42",
        "token = AbstractTokenFactoryBean2",
        "password: changeme-please-1234",
        "token: <put-your-token-here-42>",
        "secret: op://Private/github/credential42",
        "private_key = ed25519.Ed25519PrivateKey",
        f"token = load_{RANDOM}(1)",
        "key = 0123456789abcdef0123456789abcdef",
    ],
)
def test_what_only_looks_like_a_secret_is_none(text: str) -> None:
    assert found(text) == []


def test_a_password_in_an_address_is_a_guess_unless_it_is_an_example() -> None:
    assert found("postgres://app:S3cr!t-w0rd@db.internal.io/app") == [("url", "S3cr!t-w0rd", "guess")]
    for address in (
        "postgres://app:password@db.internal.io/app",
        "postgres://app:S3cr!t-w0rd@localhost/app",
        "https://user:S3cr!t-w0rd@www.example.com/",
        "redis://:${REDIS_PASSWORD_2}@redis:6379",
    ):
        assert found(address) == [], address


def test_a_private_key_is_found_and_a_public_one_is_not() -> None:
    body = "\n".join(b64encode(random.Random(1).randbytes(48)).decode() for _ in range(5))
    text = "-----BEGIN {0}-----\n" + body + "\n-----END {0}-----"
    (one,) = found(text.format("OPENSSH PRIVATE KEY"))
    assert (one[0], one[2]) == ("private-key", "shape")
    assert found(text.format("PUBLIC KEY")) == found(text.format("CERTIFICATE")) == []


def test_of_what_overlaps_the_surest_is_kept_and_all_else_stays_in_order() -> None:
    text = f"A={STRIPE}\napi_key={GITHUB}\nB_TOKEN={RANDOM}\n"
    assert [row[0] for row in found(text)] == ["stripe", "github", "generic"]


def test_every_kind_that_begins_in_its_own_way_is_found_between_other_text() -> None:
    rng = random.Random(11)
    missed = []
    for key, kind in KINDS.items():
        if kind.prefixes and not kind.context:
            sample = good_sample(kind, rng)
            missed += [] if (key[0], sample) in [row[:2] for row in found(f"before\nvalue = '{sample}'\n")] else [key]
    assert missed == []


def test_bytes_that_are_no_text_are_left_out_and_utf_16_is_read() -> None:
    assert as_text(b"\x7fELF\0" + GITHUB.encode()) is None
    for name in ("utf-16-le", "utf-16-be"):
        data = as_text(("\ufeff" + f"$token = '{GITHUB}'").encode(name))
        assert data is not None
        assert found(data) == [("github", GITHUB, "checksum")]


def test_nothing_prints_a_find() -> None:
    (one,) = FINDER.find(GITHUB.encode())
    assert GITHUB not in f"{one} {one!r}"
    assert isinstance(one, Find)
    assert one.sure is Sure.CHECKSUM


def test_randomness_is_told_from_words() -> None:
    rng = random.Random(5)
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    made = ["".join(rng.choices(letters, k=32)) for _ in range(500)] + [
        f"{rng.getrandbits(128):032x}" for _ in range(500)
    ]
    assert sum(map(looks_random, made)) >= 980
    words = [
        "application-credentials-v2",
        "TokenFactoryBean2Implementation",
        "sha256WithRSAEncryption",
        "my.module.path2.name3",
    ]
    assert [one for one in words if looks_random(one)] == []
    assert looks_chosen("S3cr!t-w0rd")
    assert not looks_chosen("scram-sha-256")
    assert is_placeholder("aaaaaaaaaaaa")
    assert is_placeholder("your-token-1")
