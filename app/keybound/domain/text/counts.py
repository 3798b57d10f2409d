"""Numbers with their nouns."""


def plural(count: int, noun: str, many: str = "") -> str:
    """``1 token``, ``2 tokens``; ``many``: the plural where it is no mere s."""
    return f"{count} {noun}" if count == 1 else f"{count} {many or noun + 's'}"
