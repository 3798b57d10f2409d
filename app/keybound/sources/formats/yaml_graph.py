"""Keeps YAML aliases from growing into more than memory holds."""

from collections.abc import Sequence

import yaml

from keybound.sources.parse_fault import ParseError

MOST_COPIES = 100_000


def check_graph(roots: Sequence[yaml.Node]) -> None:
    """Raise ParseError where aliases would copy over 100,000 nodes, or where a node holds itself.

    Raises RecursionError on absurd nesting.
    """
    sizes: dict[int, int] = {}
    if sum(_size(root, sizes) for root in roots) - len(sizes) > MOST_COPIES:
        raise ParseError("its aliases expand to too much")


def _size(node: yaml.Node, sizes: dict[int, int]) -> int:
    known = sizes.get(id(node))
    if known == 0:
        raise ParseError("a value contains itself", int(node.start_mark.line) + 1)
    if known is None:
        sizes[id(node)] = 0
        known = sizes[id(node)] = 1 + sum(_size(child, sizes) for child in _children(node))
    return known


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    if isinstance(node, yaml.MappingNode):
        return [child for pair in node.value for child in pair]
    return []
