"""A tool by its name: imported only when one of its keys is read."""

from keybound.domain.registry import load
from keybound.domain.tool_keys import TOOLS
from keybound.sources.tools.base import Tool


def get_tool(name: str) -> type[Tool]:
    """The class that reads this tool's keys. Raises KeyError where there is none."""
    found: type[Tool] = load(TOOLS[name].reader, __package__)
    return found
