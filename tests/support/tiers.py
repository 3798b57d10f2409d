"""Which tests run together: the folder of a test below `tests` is its tier, and names its markers."""

from pathlib import Path

TESTS = Path(__file__).parents[1]
FAST = "fast"
MARKERS = {
    "unit": (FAST,),
    "property": ("property", FAST),  # short in the fast tier, see `rounds`
    "tui": ("tui",),
    "snapshot": ("snapshot",),
    "e2e": ("e2e",),
    "faults": ("faults",),
    "bench": ("bench",),
}


def markers_of(path: Path) -> tuple[str, ...]:
    """The markers of what lies in a file or folder below `tests`; none where its folder is no tier."""
    return MARKERS.get(path.relative_to(TESTS).parts[0], ())


def without(expression: str) -> frozenset[str]:
    """The folders that ``-m expression`` leaves out as a whole; none unless it is the name of one marker."""
    known = {marker for markers in MARKERS.values() for marker in markers}
    return frozenset(folder for folder, markers in MARKERS.items() if expression in known - {*markers})
