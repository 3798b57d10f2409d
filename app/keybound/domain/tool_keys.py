"""The table of the tools whose effective keys can be bound: what the tool itself would use from here, now.

Places are modules of ``keybound.sources.tools``, imported only where such a key is read.
"""

from typing import NamedTuple


class ToolKeys(NamedTuple):
    """``reader``: where its class stands; ``names``: its keys; ``pattern``: of further ones, which ``more`` shows."""

    reader: str
    names: tuple[str, ...]
    pattern: str = ""
    more: str = ""


TOOLS = {
    "kube": ToolKeys(".kube:Kube", ("context", "cluster", "server", "user", "namespace")),
}
