"""What a shell must set and drop so that it holds exactly what was released to it."""

from keybound.custody.context.exported import still_held, write_held
from keybound.domain.text.secret import expose_secret
from keybound.domain.values.variables import is_variable
from keybound.shells.step import EnvUpdate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from keybound.domain.text.secret import Secret


def held_by(environ: "Mapping[str, str]") -> dict[str, str]:
    """The variables that a shell holds of Keybound's, with their token ids ("" for a plain one)."""
    return {name: id_ for name, id_ in still_held(environ).items() if is_variable(name)}


def values_of(
    plain: "Mapping[str, str]", variables: "Mapping[str, tuple[str, Secret]]"
) -> dict[str, tuple[str, bytes]]:
    """Names with token ids and values, from what a release gave."""
    texts = {name: ("", text.encode("utf-8", "surrogateescape")) for name, text in plain.items()}
    return texts | {name: (id_, expose_secret(secret)) for name, (id_, secret) in variables.items()}


def env_diff(
    environ: "Mapping[str, str]", held: "Mapping[str, str]", values: "Mapping[str, tuple[str, bytes]]"
) -> EnvUpdate:
    """The answer for a shell that holds ``held`` and is to hold ``values``: names with token ids and values.

    A secret that stands in its variable already is taken for Keybound's: it must not come back as what was there before.
    """
    there = {name: environ[name].encode("utf-8", "surrogateescape") for name in values if name in environ}
    same = {name for name, value in there.items() if values[name][0] and value == values[name][1]}
    now = {name: value for name, value in there.items() if name in held or name in same}
    put = {name: value for name, (_, value) in values.items() if now.get(name) != value}
    keep = {name: name in environ for name in put if name not in now}
    return EnvUpdate(put, keep, tuple(name for name in held if name not in values), write_held(values))


def summary(answer: EnvUpdate, why: "Mapping[str, str]") -> str:
    """The difference in words, "" for none. ``why``: the reasons for variables that are dropped, where they are known."""
    reasons = sorted({why[name] for name in answer.drop if name in why})
    names = [f"{'+' if name in answer.keep else '~'}{name}" for name in answer.put]
    names += [f"-{name}" for name in answer.drop]
    return " ".join(names) + (f" ({'; '.join(reasons)})" if reasons else "")


def dropped(names: "Iterable[str]", why: str) -> str:
    """The words for variables that are all dropped for one reason."""
    return " ".join(f"-{name}" for name in names) + f" ({why})"
