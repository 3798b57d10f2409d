"""What a look costs with 10,000 bindings over 1,000 files: all of it, after one file changed, and after none did.

Run it: python tests/bench/guard.py [RUNS]
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from keybound.custody.context.context import Context
from keybound.custody.envelopes.envelopes import fetch, token_item
from keybound.custody.envelopes.transaction import Change, run
from keybound.custody.evaluation.evaluate import evaluate
from keybound.custody.evaluation.evaluation_cache import EvaluationCache
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.sealing import known_of, new_envelope
from keybound.domain.seal.seal import definition_digest, definition_record
from keybound.domain.text.secret import Secret
from keybound.domain.values.event_kinds import EventKind
from keybound.domain.values.names import TokenId
from keybound.stores.age.age_file import AgeFileStore

PROFILES, TOKENS, BINDINGS, FILES = 10, 10, 100, 1000


def furnish(folder: Path) -> tuple[Context, list[str]]:
    """A home of 10 profiles with 10 tokens each, every token bound to 100 files, ten tokens to a file."""
    (folder / "passphrase").write_text("bench\n")
    environ = {"HOME": str(folder), "KEYBOUND_STORE": "file", "KEYBOUND_PASSWORD_FILE": str(folder / "passphrase")}
    context = Context(environ, str(folder))
    assert isinstance(context.store, AgeFileStore)
    context.store.create(Secret("bench"))
    (folder / "local").mkdir()
    for number in range(FILES):
        (folder / f"local/{number}.toml").write_text(f'place = "staging"\nnumber = {number}\n')
    Path(context.home.profiles).mkdir(parents=True)
    names = [f"p{number}" for number in range(PROFILES)]
    for number, name in enumerate(names):
        Path(context.home.profile_path(name)).write_text(profile_text(number))
        for one in evaluate(context, [name]).judged:
            assert one.inputs is not None
            assert one.loaded is not None
            token, profile = one.inputs.token, one.loaded.profile
            envelope = new_envelope(context, token, profile, Secret("secret"), one.inputs.readings)
            known = known_of(envelope, token, profile, None)
            run(context, Change(EventKind.ADDED, str(one.id), put=envelope, known=(known,)))
    return context, names


def profile_text(number: int) -> str:
    """One profile: each of its tokens is bound to a tenth of the files that its hundred files are."""
    files = range(number * 100, number * 100 + 100)
    lines = ["[files]", *(f'f{file} = "~/local/{file}.toml"' for file in files)]
    for token in range(TOKENS):
        lines += [f"[tokens.t{token}]", f'env = "T{number}_{token}"', f"[tokens.t{token}.bound]"]
        lines += [f'"file:f{file}#place" = {{ one_of = ["staging", "dev"] }}' for file in files]
    return "\n".join(lines) + "\n"


def median_ms(work: Callable[[], object], runs: int, before: Callable[[int], object] = int) -> float:
    """The median time of ``work``; ``before`` runs ahead of each, not counted."""
    times = []
    for turn in range(runs):
        before(turn)
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> int:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        context, names = furnish(folder)
        time.sleep(0.4)  # files rest
        memory = EvaluationCache()

        def evaluate_and_record() -> None:
            found = memory.evaluate(context, names)
            assert sum(one.verdict.state.usable for one in found.judged) == PROFILES * TOKENS

        def write_one(turn: int) -> None:
            (folder / f"local/{turn}.toml").write_text('place = "dev"\n')
            time.sleep(0.35)

        def write_profile(turn: int) -> None:
            path = Path(context.home.profile_path("p0"))
            path.write_text(path.read_text() + "# a comment\n")
            time.sleep(0.35)

        items = [token_item(TokenId(profile, f"t{token}")) for profile in names for token in range(TOKENS)]
        loaded = Library(context.home).load("p0").profile
        full = median_ms(lambda: evaluate(context, names), runs)
        evaluate_and_record()
        rows = {
            "full": full,
            "one file changed": median_ms(evaluate_and_record, runs, write_one),
            "one profile changed": median_ms(evaluate_and_record, runs, write_profile),
            "nothing changed": median_ms(evaluate_and_record, runs),
            "of it: 100 envelopes": median_ms(lambda: fetch(context, items), runs),
            "of full: load 10 profiles": median_ms(lambda: [Library(context.home).load(one) for one in names], runs),
            "of full: 100 definition digests": PROFILES
            * median_ms(
                lambda: [definition_digest(definition_record(one, loaded)) for one in loaded.tokens.values()], runs
            ),
        }
        context.state.close()
        context.store.lock()
    for what, median in rows.items():
        print(f"{what:<34} {median:9.1f} ms   {median / full:7.4f} of full")
    return 0


if __name__ == "__main__":
    sys.exit(main())
