"""From the tables of a lineage to one effective profile."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeGuard

from keybound.domain.profile.definition import (
    Binding,
    Command,
    Expectation,
    JwtCheck,
    OAuth,
    Probe,
    Profile,
    Revocation,
    Token,
)
from keybound.domain.profile.schema import BINDING_OPTIONS
from keybound.domain.profile.shapes import Table, TableError
from keybound.domain.rules.base import Rule
from keybound.domain.values.durations import seconds
from keybound.domain.values.keys import parse_key
from keybound.domain.values.moments import end_moment
from keybound.domain.values.names import TokenId
from keybound.domain.values.readings import Value
from keybound.domain.verdict.states import REACTIONS, STATES, WAYS, Reaction

TYPE_CHECKING = False
if TYPE_CHECKING:
    from keybound.domain.profile.mint import Mint

FOLDER = "folder"  # put beside a command by prepare(); no profile can write it, schema refuses it


def merge(parent: Table, child: Table) -> dict[str, Value]:
    """Tables merge, lists and scalars replace."""
    merged = dict(parent)
    for name, value in child.items():
        below = merged.get(name)
        both = isinstance(value, Mapping) and isinstance(below, Mapping)
        merged[name] = merge(below, value) if both else value  # type: ignore[arg-type]
    return merged


def prepare(table: Table, folder: str, home: str) -> dict[str, Value]:
    """Tie a file's relative paths and commands to the folder it stands in. ``home`` is what ``~/`` means."""
    prepared = {name: value for name, value in table.items() if name not in ("extends", "schema")}
    if isinstance(files := table.get("files"), Mapping):
        prepared["files"] = {name: _tied_file(entry, folder, home) for name, entry in files.items()}
    if isinstance(tokens := table.get("tokens"), Mapping):
        prepared["tokens"] = {name: _tied(token, folder, home) for name, token in tokens.items()}
    return prepared


def _tied_file(entry: Value, folder: str, home: str) -> Value:
    path = absolute(_path_of(entry), folder, home)
    return {**entry, "path": path} if isinstance(entry, Mapping) else path


def _path_of(entry: Value) -> str:
    return str(entry.get("path", "")) if isinstance(entry, Mapping) else str(entry)


def _has_format(entry: Value) -> TypeGuard[Table]:
    return isinstance(entry, Mapping) and "format" in entry


def _tied(token: Value, folder: str, home: str) -> Value:
    if not isinstance(token, Mapping):
        return token
    tied = dict(token)
    for name in ("refresh", "revoke", "probe"):
        if isinstance(way := token.get(name), Mapping) and "command" in way:
            tied[name] = {**way, FOLDER: folder}
    if isinstance(check := token.get("jwt"), Mapping):
        tied["jwt"] = {name: absolute(str(path), folder, home) for name, path in check.items()}
    return tied


def absolute(path: str, folder: str, home: str) -> str:
    """A path of ``[files]`` as an absolute one; nothing in it is expanded but a leading ``~/``."""
    if path.startswith("~/"):
        return f"{home.rstrip('/')}/{path[2:]}"
    return path if path.startswith("/") else f"{folder.rstrip('/')}/{path}"


def effective(
    names: Sequence[str], paths: Sequence[str], tables: Sequence[Table], outside: Reaction = Reaction.EXPIRE
) -> Profile:
    """Build the profile whose prepared tables, own first and then its parents', are given. Raises TableError.

    ``outside``: the reaction where neither a binding nor its token names one.
    """
    merged: dict[str, Value] = {}
    for position, table in reversed(list(enumerate(tables))):
        inheritable = table if position == 0 else {name: value for name, value in table.items() if name != "expect"}
        merged = merge(merged, inheritable)
    own_tokens = _sub(tables[0], "tokens")
    roles = _sub(merged, "roles")
    tokens = {
        name: _token(TokenId(names[0], name), _sub(_sub(merged, "tokens"), name), outside, name not in own_tokens)
        for name in _sub(merged, "tokens")
    }
    env = {name: str(text) for name, text in _sub(merged, "env").items()}
    check_one_owner(tokens.values(), env)
    return Profile(
        name=names[0],
        lineage=tuple(names),
        paths=tuple(paths),
        description=str(tables[0].get("description", "")),
        data=_readable(merged),
        active_roles=_texts(roles.get("active", ())),
        grants={role: _texts(scopes) for role, scopes in _sub(roles, "grants").items()} if "grants" in roles else None,
        env=env,
        files={name: _path_of(entry) for name, entry in _sub(merged, "files").items()},
        formats={name: str(entry["format"]) for name, entry in _sub(merged, "files").items() if _has_format(entry)},
        tokens=tokens,
        expectations=_expectations(merged.get("expect", ())),
        outside=outside,
    )


def check_one_owner(tokens: Iterable[Token], env: Mapping[str, str]) -> None:
    """Raise TableError where two tokens, or a token and ``[env]``, would set one variable."""
    owners: dict[str, tuple[str, ...]] = {name: ("env", name) for name in env}
    for token in tokens:
        place = ("tokens", token.id.name, "env")
        for variable in token.env:
            other = owners.setdefault(variable, place)
            if other != place:
                what = f"{variable} is also set by {'.'.join(other[:2])}"
                raise TableError(place, what, "Give one of them another variable.", also=other)


def _readable(merged: Table) -> dict[str, Value]:
    paths = {name: _path_of(entry) for name, entry in _sub(merged, "files").items()}
    return {**{name: merged.get(name, {}) for name in ("settings", "flags", "roles", "env")}, "files": paths}


def _sub(table: Table, name: str) -> Table:
    value = table.get(name, {})
    return value if isinstance(value, Mapping) else {}


def _texts(value: Value) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(item) for item in value) if isinstance(value, list | tuple) else ()


def _token(token: TokenId, table: Table, default: Reaction, inherited: bool) -> Token:
    if not _texts(table.get("env", ())):
        hint = f'Name the variable to export it as: env = "{token.name.upper().replace("-", "_").replace(".", "_")}_TOKEN".'
        raise TableError(["tokens", token.name], "env is missing", hint)
    outside = REACTIONS[str(table["outside"])] if "outside" in table else default
    grace = seconds(str(table["grace"])) if "grace" in table else 0
    callers = _texts(table.get("callers", ()))
    ways = frozenset(_texts(table["release"])) if "release" in table else WAYS
    kind = str(table.get("kind", "opaque"))
    return Token(
        id=token,
        env=_texts(table["env"]),
        kind=kind,
        scopes=_texts(table.get("scopes", ())),
        expires=end_moment(table.get("expires")),
        ttl=seconds(str(table["ttl"])) if "ttl" in table else None,
        outside=outside,
        release=ways & {"exec"} if callers else ways,
        callers=callers,
        refresh=_command(table.get("refresh")),
        oauth=_oauth(table.get("refresh")),
        revoke=_revocation(table.get("revoke")),
        overlap=seconds(str(table["overlap"])) if "overlap" in table else 0,
        wipe=table.get("wipe") is True,
        bindings=tuple(_binding(key, rules, outside, grace) for key, rules in _sub(table, "bound").items()),
        inherited=inherited,
        table=table,
        mint=_mint(token, kind, table),
        probe=_probe(table.get("probe")),
        jwt=_jwt(table.get("jwt")),
    )


def _mint(token: TokenId, kind: str, table: Table) -> "Mint | None":
    if kind != "minted" and "mint" not in table:
        return None
    from keybound.domain.profile.mint import read_mint

    return read_mint(("tokens", token.name), kind, table, default_subject=str(token))


def _probe(value: Value) -> Probe | None:
    if not isinstance(value, Mapping):
        return None
    every = seconds(str(value["every"])) if "every" in value else None
    return Probe(every, _command(value) if "command" in value else None)


def _jwt(value: Value) -> JwtCheck | None:
    return JwtCheck(str(value.get("key", "")), str(value.get("jwks", ""))) if isinstance(value, Mapping) else None


def _binding(key: str, rules: Value, default: Reaction, grace: int) -> Binding:
    table = rules if isinstance(rules, Mapping) else {}
    parsed = parse_key(key)
    outside = REACTIONS[str(table["outside"])] if "outside" in table else default
    if parsed.context:
        outside = min(outside, Reaction.SUSPEND)
    boundary = tuple(Rule(name, value) for name, value in table.items() if name not in BINDING_OPTIONS)
    span = seconds(str(table["grace"])) if "grace" in table else grace
    inside = REACTIONS[str(table.get("inside", "ignore"))]
    return Binding(parsed, boundary, outside, inside, span if outside is Reaction.EXPIRE else 0)


def _command(value: Value) -> Command | None:
    if not isinstance(value, Mapping) or "command" not in value:
        return None
    before, limit = _spans(value)
    argv, inputs = _texts(value.get("command", ())), _texts(value.get("inputs", ()))
    return Command(argv, str(value.get(FOLDER, "")), before, limit, inputs, value.get("multiline") is True)


def _spans(table: Table) -> tuple[int | None, int]:
    """Seconds before the end at which a refresh is due, and the limit of one."""
    before = seconds(str(table["before"])) if "before" in table else None
    return before, seconds(str(table["timeout"])) if "timeout" in table else 30


def _oauth(value: Value) -> OAuth | None:
    if not isinstance(value, Mapping) or "oauth" not in value:
        return None
    told = _sub(value, "oauth")
    return OAuth(
        str(told["issuer"]).rstrip("/"), str(told["client_id"]), _texts(told.get("scopes", ())), *_spans(value)
    )


def _revocation(value: Value) -> Revocation | None:
    return Revocation(_command(value), value.get("on_expiry") is True) if isinstance(value, Mapping) else None


def _expectations(value: Value) -> tuple[Expectation, ...]:
    if not isinstance(value, list | tuple):
        return ()
    return tuple(
        Expectation(dict(_sub(one, "when")), {name: STATES[str(state)] for name, state in _sub(one, "then").items()})
        for one in value
        if isinstance(one, Mapping)
    )
