"""What runs here: versions of Keybound, Python and the libraries."""

import os
import platform
import sys
from collections.abc import Iterator

from keybound import __version__
from keybound.custody.context.context import Context
from keybound.custody.context.paths import find_program
from keybound.custody.health.finding import Finding, fail, ok, warn


def versions(context: Context | None) -> list[Finding]:
    """Libraries that are too old or missing; another ``keybound`` that comes first on PATH."""
    python, system = platform.python_version(), platform.system()
    rest = [*_libraries(), *(_on_path(context) if context is not None else ())]
    return [*rest, ok(f"keybound {__version__}, Python {python}, {system}")]


def _libraries() -> Iterator[Finding]:
    from importlib.metadata import PackageNotFoundError, requires, version

    from packaging.requirements import Requirement

    for text in requires("keybound") or ():
        wanted = Requirement(text)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(wanted.name)
        except PackageNotFoundError:
            yield fail(f"the library {wanted.name} is missing", "Install Keybound again.")
            continue
        if not wanted.specifier.contains(found, prereleases=True):
            yield fail(
                f"{wanted.name} {found} is installed, and {wanted.specifier} is needed", "Install Keybound again."
            )


def _on_path(context: Context) -> Iterator[Finding]:
    first = find_program("keybound", context.environ.get("PATH", os.defpath))
    if first and os.path.dirname(os.path.realpath(first)) != os.path.dirname(sys.executable):
        yield warn(f"{first}, which comes first on PATH, is another installation", f"Look: {first} --version")
