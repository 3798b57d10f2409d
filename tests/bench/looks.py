"""A look at 10, 100, 1,000 and 10,000 tokens: whole processes, and what ten times the tokens cost in time."""

import os
from collections.abc import Mapping
from pathlib import Path

from bench.homes import KEYBOUND, file_home
from bench.timing import Command, medians, row
from keybound.custody.context.context import Context
from keybound.custody.envelopes.transaction import envelope_item
from keybound.custody.evaluation.evaluate import evaluate
from keybound.custody.tokens.sealing import known_of, new_envelope
from keybound.domain.seal.envelope import encode_envelope
from keybound.domain.text.secret import Secret

SIZES = (10, 100, 1_000, 10_000)
_A_PROFILE = 100  # tokens


def run(folder: Path, runs: int) -> None:
    """Print the table."""
    print("looks")
    commands = {}
    for count in SIZES:
        environ = file_home(folder / f"home{count}")
        fill(environ, count)
        commands[f"list, {count} tokens"] = Command([KEYBOUND, "list"], environ, folder)
    found = medians(commands, runs)
    before = 0.0
    for name, time in found.items():
        row(name, time, {"a tenth of it": time / before} if before else {})
        before = time


def fill(environ: Mapping[str, str], count: int) -> None:
    """So many tokens in profiles of a hundred, each bound to a flag of its own and to one file; sealed without a journal."""
    home = Path(environ["HOME"])
    (home / "kube.yaml").write_text("current-context: staging\n")
    context = Context({**os.environ, **environ}, str(home))
    names = [f"p{number}" for number in range(0, count, _A_PROFILE)]
    for number, name in enumerate(names):
        size = min(_A_PROFILE, count - number * _A_PROFILE)
        Path(context.home.profile_path(name)).write_text(_profile(name, size))
    for one in evaluate(context, names).judged:
        if one.inputs is not None and one.loaded is not None:
            token, profile = one.inputs.token, one.loaded.profile
            envelope = new_envelope(context, token, profile, Secret("secret"), one.inputs.readings)
            context.store.write(envelope_item(envelope), encode_envelope(envelope))
            context.state.put_all([known_of(envelope, token, profile, None)])
    context.close()


def _profile(name: str, size: int) -> str:
    flags = "".join(f"f{number} = false\n" for number in range(size))
    tokens = "".join(
        f'[tokens.t{number}]\nenv = "{name.upper()}_T{number}"\n[tokens.t{number}.bound]\n'
        f'"flags.f{number}" = {{ equals = false }}\n"file:kube#current-context" = {{ one_of = ["staging", "dev"] }}\n'
        for number in range(size)
    )
    return f'schema = 1\n[files]\nkube = "~/kube.yaml"\n[flags]\n{flags}{tokens}'
