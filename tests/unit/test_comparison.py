"""What differs between two profiles."""

from keybound.domain.profile.comparison import compare
from keybound.domain.profile.definition import Profile
from keybound.domain.profile.inherit import effective
from keybound.domain.values.readings import Value

Table = dict[str, Value]


def profile(name: str, **table: Value) -> Profile:
    return effective([name], [f"/p/{name}.toml"], [{"schema": 1, **table}])


def rows(left: Profile, right: Profile) -> list[tuple[str, str | None, str | None]]:
    return [
        (each.key, each.left.words if each.left else None, each.right.words if each.right else None)
        for each in compare(left, right)
    ]


def test_what_is_the_same_is_not_named() -> None:
    one = profile("a", settings={"region": "eu", "api": {"url": "u"}}, flags={"beta": True})
    assert rows(one, one._replace(name="b")) == []


def test_values_that_differ_or_stand_on_one_side() -> None:
    left = profile("a", settings={"region": "eu", "api": {"url": "u", "v": 1}}, flags={"beta": True}, env={"A": "1"})
    right = profile("b", settings={"region": "us", "api": {"url": "u", "v": 2}}, roles={"active": ["reader"]})
    assert rows(left, right) == [
        ("settings.api.v", "1", "2"),
        ("settings.region", "eu", "us"),
        ("flags.beta", "true", None),
        ("roles.active", None, "reader"),
        ("env.A", '"1"', None),
    ]


def test_tokens_their_fields_and_their_bindings() -> None:
    bound: Value = {"flags.beta": {"equals": False}, "settings.region": {"equals": "eu"}}
    left = profile("a", tokens={"deploy": {"env": "D", "ttl": "1h", "bound": bound}, "old": {"env": "O"}})
    right = profile(
        "b", tokens={"deploy": {"env": "D", "bound": {"settings.region": {"equals": "us"}}}, "new": {"env": "N"}}
    )
    found = rows(left, right)
    assert [row[0] for row in found] == [
        "tokens.deploy.ttl",
        "tokens.deploy.bound flags.beta",
        "tokens.deploy.bound settings.region",
        "tokens.old",
        "tokens.new",
    ]
    assert found[0][1:] == ("1h", None)
    assert "us" in str(found[2][2])
    assert found[3][1:] == ("defined", None)
    assert found[4][1:] == (None, "defined")


def test_formats_of_files_count() -> None:
    left = profile("a", files={"hosts": {"path": "/etc/hosts", "format": "ini"}})
    right = profile("b", files={"hosts": "/etc/hosts"})
    assert rows(left, right) == [("files.hosts.format", "ini", None)]


def test_what_may_be_a_secret_is_hidden_and_still_differs() -> None:
    left, right = profile("a", env={"API_KEY": "hunter2"}), profile("b", env={"API_KEY": "hunter3"})
    (found,) = compare(left, right)
    assert found.left is not None
    assert found.left.hidden
    assert "hunter" not in str(found)
