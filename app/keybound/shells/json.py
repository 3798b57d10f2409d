"""JSON: one object of names and texts."""

from keybound.domain.errors import BadInputError
from keybound.shells.base import Shell
from keybound.shells.checked import checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Json(Shell):
    """``env --shell json``."""

    def assign(self, name: str, value: bytes) -> bytes:
        """An object with one member."""
        return self.export({name: value})

    def unset(self, name: str) -> bytes:
        """An object in which the name is null."""
        import json

        return json.dumps({checked(name).decode(): None}).encode() + b"\n"

    def export(self, values: "Mapping[str, bytes]") -> bytes:
        """One object. Raises BadInputError for a value that is not UTF-8, which JSON cannot hold."""
        import json

        texts = {checked(name).decode(): _text(name, value) for name, value in values.items()}
        return json.dumps(texts, indent=2, ensure_ascii=True).encode() + b"\n"


def _text(name: str, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise BadInputError(
            f"{name} is not UTF-8, so JSON cannot hold it", hint="Use --shell bash, zsh or fish."
        ) from None


SHELL = Json()
