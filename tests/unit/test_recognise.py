"""Recognition: known checksums, what is cut or mistyped, what stands near, and the user's own entries."""

import random
from pathlib import Path

import pytest

from keybound.catalogue.checksums import CHECKSUMS
from keybound.catalogue.provider import TokenKind
from keybound.catalogue.recognise import Fault, Recogniser, Sure
from keybound.catalogue.shipped import shipped
from keybound.custody.context.context import Context
from keybound.custody.providers.catalogue import read_catalogue
from keybound.domain.text.secret import Secret
from support.samples import good_sample

RNG = random.Random(7)
RECOGNISER = Recogniser(shipped())

OWN = """name = "Acme"
hosts = "api.acme.example"
[variables]
names = "ACME_TOKEN"
[[token]]
name = "token"
prefixes = "acme_"
pattern = 'acme_[0-9a-f]{32}'
length = 37
"""
ACME = "acme_" + "0123456789abcdef" * 2


def kind_of(provider: str, name: str) -> TokenKind:
    return next(kind for one in shipped() if one.id == provider for kind in one.tokens if kind.name == name)


@pytest.fixture
def context(environ: dict[str, str], tmp_path: Path) -> Context:
    return Context(environ, str(tmp_path))


@pytest.fixture
def folder(context: Context) -> Path:
    made = Path(context.home.config, "providers")
    made.mkdir(parents=True)
    return made


@pytest.mark.parametrize(
    ("name", "token"),
    [  # the check value of CRC-32 is 0xCBF43926 for 123456789; BIP 173 has vectors of its own
        ("crc32-base62", "ghp_1234567893jZRME"),
        ("crc32-base36", "1234567891kl8mjq"),
        ("crc32-hex-little-endian", "123456789_2639f4cb"),
        ("bech32", "A12UEL5L"),
        ("bech32", "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"),  # C2SP's age.md
        ("bech32", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"),
    ],
)
def test_known_checksums(name: str, token: str) -> None:
    assert CHECKSUMS[name](token)
    assert not CHECKSUMS[name](token[:-1] + ("q" if token[-1] != "q" else "p"))
    assert not CHECKSUMS[name](token.translate({ord("2"): "3", ord("Z"): "X"}))


def test_a_mistyped_or_cut_token_is_said() -> None:
    good = good_sample(kind_of("github", "personal access token (classic)"), RNG)
    assert RECOGNISER.recognise(good)[0].sure is Sure.CHECKSUM
    wrong = good[:10] + ("a" if good[10] != "a" else "b") + good[11:]
    one = RECOGNISER.recognise(wrong)[0]
    assert (one.provider.id, one.sure, one.fault) == ("github", Sure.SHAPE, Fault.CHECKSUM)
    (cut,) = RECOGNISER.recognise(good[:-3])
    assert (cut.provider.id, cut.sure, cut.fault) == ("github", Sure.GUESS, Fault.LENGTH)
    assert RECOGNISER.recognise("gh") == []
    assert RECOGNISER.recognise("") == []


def test_a_form_that_tells_nothing_needs_words_near_it() -> None:
    secret = good_sample(kind_of("aws", "secret access key"), RNG)
    assert RECOGNISER.recognise(secret) == []
    (found,) = RECOGNISER.recognise(secret, "aws_secret_access_key =")
    assert (found.sure, found.env) == (Sure.GUESS, ("AWS_SECRET_ACCESS_KEY",))


def test_an_own_entry_is_one_file(context: Context, folder: Path) -> None:
    assert read_catalogue(context.home).recognise(Secret(ACME)) == []
    (folder / "acme.toml").write_text(OWN)
    catalogue = read_catalogue(context.home)
    (found,) = catalogue.recognise(Secret(ACME))
    assert (found.provider.id, found.sure, found.env, found.provider.own) == ("acme", Sure.SHAPE, ("ACME_TOKEN",), True)
    assert catalogue.notes == ()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (OWN.replace("[0-9a-f]{32}", "("), 8, "token.0.pattern: not a pattern (RE2): missing )"),
        (OWN.replace("[0-9a-f]{32}", r"(a)\1"), 8, "token.0.pattern: not a pattern (RE2): invalid escape sequence"),
        (OWN.replace("[0-9a-f]{32}", "((a{100}){100}){100}"), 8, "token.0.pattern: not a pattern (RE2): "),
        (OWN.replace("acme_[0-9a-f]{32}", "[a-z]*"), 8, "the pattern matches the empty text"),
        (OWN.replace("{32}'", "{32}$'"), 8, "the pattern has an anchor"),
        (OWN.replace("length = 37", 'length = "37"'), 9, "token.0.length: must be a number of characters"),
        (OWN.replace("length = 37", "length = [9, 3]"), 9, "token.0.length: must be a number of characters"),
        (OWN.replace('prefixes = "acme_"\n', ""), 5, "token.0: prefixes is missing A token without one needs context"),
        (OWN.replace("acme_", "a", 1), 7, "the prefix 'a' is too short"),
        (OWN.replace("ACME_TOKEN", "LD_PRELOAD"), 4, "variables.names: "),
        (OWN.replace("[variables]\nnames", "[variables]\nnamse"), 4, "unknown key 'namse' Did you mean names?"),
        (OWN.replace("hosts = ", "hosts = 3 #"), 2, "hosts: must be a list of texts"),
        (OWN + 'checksum = "md5"\n', 10, "'md5' is not a checksum that Keybound knows"),
        (
            OWN + '[probe]\nurl = "http://acme.example/"\n',
            11,
            "probe.url: must be an address that begins with https://",
        ),
        (OWN + '[probe]\nurl = "https://[::1/x"\n', 11, "probe.url: must be an address that begins with https://"),
        (OWN + '[probe]\nurl = "{env:A B}/x"\n', 11, "probe.url: 'A B' in key 'env:A B' is not a variable name"),
        (
            OWN + '[probe]\nurl = "{env:A}.evil.example/x"\n',
            11,
            "probe.url: must be an address that begins with https://",
        ),
        (OWN + "x = = 1\n", 10, "invalid value"),
        (OWN.replace("[[token]]", "[token]"), 5, "write [[token]], with two brackets"),
    ],
)
def test_a_bad_entry_is_one_line_and_the_rest_is_loaded(
    context: Context, folder: Path, text: str, line: int, said: str
) -> None:
    (folder / "bad.toml").write_text(text)
    (folder / "good.toml").write_text(OWN)
    catalogue = read_catalogue(context.home)
    (note,) = catalogue.notes
    assert note.startswith(f"{folder}/bad.toml:{line}:"), note
    assert said in note, note
    assert "\n" not in note
    assert [one.provider.id for one in catalogue.recognise(Secret(ACME))] == ["good"]


def test_what_cannot_be_read_is_said(context: Context, folder: Path) -> None:
    (folder / "a.toml").write_bytes(b"name = '\xff'")
    (folder / "b.toml").mkdir()
    (folder / "C.toml").write_text(OWN)
    (folder / "notes.txt").write_text("not one")
    notes = read_catalogue(context.home).notes
    assert len(notes) == 3
    assert "not a valid provider name" in notes[0]
    assert "not UTF-8" in notes[1]
    assert "a folder" in notes[2]


def test_an_own_entry_replaces_nothing(context: Context, folder: Path) -> None:
    (folder / "github.toml").write_text(OWN)
    (folder / "mine.toml").write_text(
        OWN.replace("acme_[0-9a-f]{32}", "ghp_[0-9A-Za-z]{36}").replace("acme_", "ghp_").replace("37", "40")
        + 'checksum = "crc32-base62"\n[probe]\nurl = "https://api.github.com/steal"\n'
    )
    catalogue = read_catalogue(context.home)
    assert [note.split(": ", 1)[1] for note in catalogue.notes] == [
        "github is a provider that Keybound ships, and cannot be replaced Rename the file: Keybound's own entry is used.",
        "ghp_ is a prefix of GitHub's tokens, which are recognised first",
        "api.github.com is a host of GitHub",
    ]
    good = good_sample(kind_of("github", "personal access token (classic)"), RNG)
    assert [one.provider.id for one in catalogue.recognise(Secret(good))] == ["github", "mine"]
    mine = folder / "mine.toml"
    mine.write_text(
        mine.read_text().replace('checksum = "crc32-base62"\n', "")
    )  # what GitHub says of a broken one is heard
    first = read_catalogue(context.home).recognise(Secret(good[:-1] + ("0" if good[-1] != "0" else "1")))[0]
    assert (first.provider.id, first.fault) == ("github", Fault.CHECKSUM)


def test_what_is_no_token(context: Context) -> None:
    catalogue = read_catalogue(context.home)
    assert catalogue.recognise(Secret("ghp_é" + "a" * 35)) == []
    assert catalogue.recognise(Secret("ghp_" + "a" * 1_000_000)) == []
