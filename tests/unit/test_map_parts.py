"""Parts of the Map that need no screen: bundles, neighbours, paths, and how much hangs on what."""

from keybound.custody.view_models.tokens import TokenView
from keybound.domain.verdict.states import State
from keybound.tui.map.bundles import bundling
from keybound.tui.map.graph import Edge, Graph
from keybound.tui.map.inspector import way_lines, way_words
from keybound.tui.map.light import Light
from keybound.tui.map.model import ALL, MapModel, model_of
from keybound.tui.map.neighbours import around, centred, path
from keybound.tui.map.scene import Scene, Viewpoint
from keybound.tui.map.visit import Visit
from keybound.tui.map.weights import heaviest_files, heaviest_keys
from support.crowded_service import CROWDED
from support.sample_service import OVERVIEW

EDGES = tuple(
    Edge(key, token, State.EXPIRED if (key, token) == ("a", "t2") else None)
    for key, token in [("a", "t1"), ("b", "t1"), ("a", "t2"), ("b", "t2"), ("c", "t3"), ("c", "t4"), ("d", "t4")]
)
GRAPH = Graph((("one", ("a", "b")), ("two", ("c", "d"))), ("t1", "t2", "t3", "t4", "t5"), EDGES)


def table(key: str) -> str:
    return "one" if key in "ab" else "two"


def sample() -> MapModel:
    return model_of(OVERVIEW, "staging")


def scene(model: MapModel, rows: int) -> Scene:
    asked = Viewpoint(model, rows)
    return asked.scene(asked.bundling())


def test_bundling_goes_as_far_as_it_must() -> None:
    assert bundling(GRAPH, 10, table).parts == {}
    equal = bundling(GRAPH, 8, table)
    assert list(equal.parts.values()) == [("t1", "t2")]
    most = bundling(GRAPH, 2, table)
    assert {"a", "b"} in [set(held) for held in most.parts.values()]
    assert {"t3", "t4"} in [set(held) for held in most.parts.values()], "bound to the same tables"
    drawn = most.opened(())
    assert [edge.state for edge in drawn.graph.edges] == [State.EXPIRED, None], "the worst of what is inside"


def test_at_last_what_belongs_to_one_profile_is_bundled() -> None:
    owners = {"t1": "x", "t2": "x", "t3": "y", "t4": "y", "t5": "y", "a": "x", "b": "x"}
    made = bundling(GRAPH, 1, table, owner_of=lambda name: owners.get(name, ""))
    drawn = made.opened(())
    assert [sorted(drawn.members(name)) for name in drawn.graph.tokens] == [["t1", "t2"], ["t3", "t4", "t5"]]
    assert [sorted(drawn.members(name)) for name in drawn.graph.keys] == [["a", "b"], ["c", "d"]]


def test_the_map_of_all_profiles_joins_what_they_read_in_one_place() -> None:
    def moved(profile: str, path: str) -> list[TokenView]:
        tokens = [each for each in OVERVIEW.tokens if each.id in ("staging/github", "staging/registry")]
        return [
            each._replace(
                id=f"{profile}/{each.name}",
                profile=profile,
                bound=tuple(
                    row._replace(path=path if row.group in ("settings", "roles") else row.path) for row in each.bound
                ),
            )
            for each in tokens
        ]

    both = OVERVIEW._replace(tokens=(*moved("one", "/h/one.toml"), *moved("two", "/h/two.toml")))
    model = model_of(both, ALL)
    shared = {key.shown: set(key.rows) for key in model.keys.values() if len(key.rows) > 1}
    assert shared == {
        "git:config.user.email": {"one/github", "two/github"},
        "file:npmrc": {"one/registry", "two/registry"},
        "file:npmrc#registry": {"one/registry", "two/registry"},
    }
    own = [key for key in model.keys.values() if key.key == "settings.api.base_url"]
    assert [(key.shown, key.group) for key in own] == [
        ("one settings.api.base_url", "one settings"),
        ("two settings.api.base_url", "two settings"),
    ]
    assert model.title("one/github") == "one/github"
    assert [model.owner_of(key.id) for key in own] == ["one", "two"]
    inherited = OVERVIEW._replace(tokens=(*moved("one", "/h/base.toml"), *moved("two", "/h/base.toml")))
    base = [key for key in model_of(inherited, ALL).keys.values() if key.key == "settings.api.base_url"]
    assert [(key.shown, len(key.rows)) for key in base] == [("base settings.api.base_url", 2)], "one value, of one file"


def test_what_is_alone_is_in_no_bundle() -> None:
    made = bundling(GRAPH, 2, table, alone=["t1", "a"])
    assert made.opened(()).home["t1"] == "t1"
    assert made.opened(()).home["a"] == "a"


def test_an_inner_bundle_opens_in_its_outer_one() -> None:
    graph = Graph(
        (("one", ("a", "b")),),
        ("t1", "t2", "t3"),
        (Edge("a", "t1"), Edge("a", "t2"), Edge("b", "t3")),
    )
    made = bundling(graph, 1, table)
    inner = next(name for name, held in made.parts.items() if held == ("t1", "t2"))
    outer = next(name for name, held in made.parts.items() if inner in held)
    assert made.opened([outer]).graph.tokens == (outer, inner, "t3")
    assert made.opened([outer, inner]).graph.tokens == (outer, inner, "t1", "t2", "t3")
    assert made.opened([outer]).way_in("t2") == [outer, inner]
    assert made.opened(()).members(outer) == ["t1", "t2", "t3"]


def test_around_is_two_steps_and_the_centre_stands_in_the_middle() -> None:
    part = around(GRAPH, ["c"])
    assert (part.keys, part.tokens) == (("c", "d"), ("t3", "t4"))
    assert centred(GRAPH, "t1").tokens == ("t2", "t3", "t1", "t4", "t5")
    assert centred(GRAPH, "d").keys == ("d", "c", "a", "b"), "in the middle of its group, its group in the middle"
    assert centred(GRAPH, "gone") == GRAPH


def test_a_path_is_found_or_is_not() -> None:
    assert path(GRAPH, "t3", "d") == ("t3", "c", "t4", "d")
    assert path(GRAPH, "t1", "t1") == ("t1",)
    assert path(GRAPH, "t1", "t4") == ()
    assert path(GRAPH, "t5", "a") == ()


def test_a_path_in_words() -> None:
    model = sample()
    way = ("staging/deploy", "settings.api.base_url", "staging/github", "git:config.user.email")
    assert way_words(model, way) == (
        "deploy is bound to settings.api.base_url, as is github, which is bound to git:config.user.email."
    )
    assert way_words(model, way[1::-1]) == "settings.api.base_url binds deploy."
    lines = way_lines(model, (way[0], way[-1]), way, 60, 2)
    assert len(lines) == 2
    assert all(sum(len(piece.text) for piece in each) <= 60 for each in lines)


def test_weights_count_tokens_and_what_a_file_takes_with_it() -> None:
    model = sample()
    heavy = heaviest_keys(model)
    assert [(each.key.key, each.tokens) for each in heavy[:2]] == [("env:AWS_PROFILE", 2), ("settings.api.base_url", 2)]
    files = {each.path.rpartition("/")[2]: each for each in heaviest_files(model)}
    npmrc = files[".npmrc"]
    assert (npmrc.tokens, npmrc.withheld, npmrc.expired, npmrc.outside) == (1, 1, 1, 1), (
        "one key only warns, one expires"
    )
    kube = files["config"]
    assert (kube.withheld, kube.expired) == (1, 0), "outside it suspends"
    assert heaviest_files(model)[0].path.endswith("staging.toml")
    crowded = [each.path.rpartition("/")[2] for each in heaviest_files(model_of(CROWDED, "staging"))]
    assert crowded == ["staging.toml", ".kube", ".npmrc"], "one that only warns takes nothing with it"


def test_a_bundle_counts_what_is_outside_in_it() -> None:
    made = scene(model_of(CROWDED, "staging"), 60)
    assert sum(bundle.outside for name, bundle in made.bundles.items() if name in made.tokens) == 2
    assert {b.state for b in made.bundles.values() if b.outside} == {State.EXPIRED}
    assert max(len(bundle.members) for bundle in made.bundles.values()) > 5


def test_light_falls_on_the_bundle_that_something_is_in() -> None:
    model = model_of(CROWDED, "staging")
    made = scene(model, 60)
    way = path(model.graph, "staging/deploy-00", "staging/metrics-14")
    assert len(way) == 3
    light = Light(made, way=way)
    assert light.any
    assert light.edges == {(made.home(way[1]), made.home(way[0]))}
    assert Light(made, found=["staging/deploy-00"]).found(made.home("staging/deploy-00")) == 1
    assert Light(made).on("anything"), "nothing is dim where nothing is lit"


def test_search_is_in_names_and_variables_in_any_case() -> None:
    model = sample()
    assert model.search("npm") == ["file:npmrc", "file:npmrc#registry", "staging/registry"]
    assert model.search("Deploy") == ["staging/deploy"]
    assert model.search("") == []


def test_a_third_mark_begins_a_new_path() -> None:
    visit = Visit()
    for name in ("a", "b", "c"):
        visit.mark(name)
    assert visit.marks == ("c",)
    visit.mark("c")
    assert not visit.unmark(), "marked again, it is not marked"
