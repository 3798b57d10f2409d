"""What the forms share that write one line a variable."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class LineForm:
    """One line a variable, as :meth:`assign` writes it."""

    def assign(self, name: str, value: bytes) -> bytes:
        """A line that sets and exports ``name``."""
        raise NotImplementedError

    def export(self, values: "Mapping[str, bytes]") -> bytes:
        """Everything that ``env`` prints."""
        return b"".join(self.assign(name, value) for name, value in values.items())
