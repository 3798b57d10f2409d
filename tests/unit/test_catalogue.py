"""Every shipped provider keeps one contract; no two of them claim one token."""

import random
import re
import tomllib
from importlib import resources
from pathlib import Path
from timeit import repeat

import pytest

from keybound.catalogue.checksums import CHECKSUMS
from keybound.catalogue.page import providers_page
from keybound.catalogue.parse import provider_of
from keybound.catalogue.provider import Provider, TokenKind
from keybound.catalogue.recognise import Fault, Likeness, Recogniser, Sure, sureness
from keybound.catalogue.shape import check_provider
from keybound.catalogue.shipped import shipped
from support.samples import bad_samples, good_sample, widths

PROVIDERS = shipped()
KINDS = [kind for provider in PROVIDERS for kind in provider.tokens]
RECOGNISER = Recogniser(PROVIDERS)
ROUNDS = 8
SOURCE = re.compile(
    r"https://\S+|[\w.-]+/[\w.-]+(?: \S+)?@[0-9a-f]{7,40}(?: \S+)?(?: \([\w., -]+\))?|RFC \d+.*|run: .+"
)
each_provider = pytest.mark.parametrize("provider", PROVIDERS, ids=lambda one: one.id)


def text_of(provider: str) -> str:
    return resources.files("keybound.catalogue").joinpath("providers", f"{provider}.toml").read_text("utf-8")


def near(kind: TokenKind) -> str:
    """What stands near such a token."""
    return f"export {kind.context[0].upper()}_X=" if kind.context else ""


@each_provider
def test_an_entry_has_the_right_shape_and_every_fact_its_source(provider: Provider) -> None:
    table = tomllib.loads(text_of(provider.id))
    check_provider(provider.id, table)
    cited = [kind.sources for kind in provider.tokens]
    cited += [part.sources for part in (provider.variables, provider.page, provider.life) if part]
    cited += [part.sources for part in (provider.probe, provider.revoke) if part]
    for sources in cited:
        assert sources
        for source in sources:
            assert SOURCE.fullmatch(source), source


@each_provider
def test_an_entry_is_of_use(provider: Provider) -> None:
    names = [kind.name for kind in provider.tokens]
    assert len(set(names)) == len(names)
    for request in filter(None, (provider.probe, provider.revoke)):
        assert " ".join([*request.headers, request.body or ""]).count("{secret}") == (0 if request.sign else 1)
        assert "{secret}" not in request.url


@each_provider
def test_good_and_bad_samples(provider: Provider) -> None:
    for kind in provider.tokens:
        rng = random.Random(f"{kind.provider} {kind.name}")
        assert (kind.shortest, kind.longest) == (widths(kind.pattern)[0], min(widths(kind.pattern)[1], kind.longest))
        assert kind.longest >= min(widths(kind.pattern)[1], 4096)
        expected = Sure.CHECKSUM if kind.checksum else Sure.GUESS if kind.context else Sure.SHAPE
        for _ in range(ROUNDS):
            good = good_sample(kind, rng)
            assert sureness(kind, good) == Likeness(expected), good
            assert not kind.prefixes or good.startswith(kind.prefixes)
            assert kind.shortest <= len(good) <= kind.longest
            for bad in bad_samples(kind, rng):
                assert sureness(kind, bad) is None, bad


@each_provider
def test_no_two_claim_one_token_equally(provider: Provider) -> None:
    for kind in provider.tokens:
        rng = random.Random(f"two {kind.provider} {kind.name}")
        for _ in range(ROUNDS):
            found = RECOGNISER.recognise(good_sample(kind, rng), near(kind))
            assert (found[0].kind, found[0].fault) == (kind, None)
            assert len({one.sure for one in found}) == len(found), [(one.provider.id, one.kind.name) for one in found]


@pytest.mark.parametrize("kind", [one for one in KINDS if one.checksum], ids=lambda one: f"{one.provider}-{one.name}")
def test_one_other_character_breaks_the_checksum(kind: TokenKind) -> None:
    rng = random.Random(kind.name)
    for _ in range(ROUNDS):
        good = good_sample(kind, rng)
        at = rng.randrange(max(map(len, kind.prefixes)), len(good))
        for other in "QZ27x":
            broken = good[:at] + other + good[at + 1 :]
            if other != good[at] and (like := sureness(kind, broken)):
                assert like == Likeness(Sure.SHAPE, Fault.CHECKSUM), broken


def test_the_page_of_providers_is_up_to_date() -> None:
    page = (Path(__file__).parents[2] / "docs/providers.md").read_text()
    assert page == providers_page(PROVIDERS), "write it anew: keybound docs --providers > docs/providers.md"


def test_there_are_enough() -> None:
    assert len(PROVIDERS) >= 60
    assert sum(1 for one in PROVIDERS if one.variables) > len(PROVIDERS) / 2


def test_every_checksum_is_used() -> None:
    assert {kind.checksum for kind in KINDS if kind.checksum} == CHECKSUMS.keys()


def test_a_recognition_costs_less_than_reading_one_entry() -> None:
    """An entry is read in about half a millisecond; the yardstick is measured in the same run."""
    text = text_of("github")
    rng = random.Random(1)
    samples = [good_sample(kind, rng) for kind in KINDS]
    for sample in samples:
        RECOGNISER.recognise(sample)  # patterns are compiled at their first use
    reading = min(repeat(lambda: provider_of("github", tomllib.loads(text)), number=20, repeat=5)) / 20
    telling = min(repeat(lambda: [RECOGNISER.recognise(one) for one in samples], number=5, repeat=5)) / 5 / len(samples)
    assert telling < reading / 2
