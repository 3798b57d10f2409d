"""What one step of the prompt hook has a shell do. No more is imported than the release path has anyway."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


ONCE = "once"  # a third word: the shell shows no prompt, so what it is given is no news
# what a hook says of an interpreter that is not there any more
GONE = "is gone; this shell keeps its tokens until Keybound is back there or the shell ends"


class Watched:
    """A path to compare with a marker that has its mtime; ``mark`` is "" where the path was absent.

    ``young``: its next change may bear the same second. ``end``: the path without links.
    """

    __slots__ = ("end", "mark", "mtime_ns", "path", "young")

    def __init__(self, path: str, mark: str, mtime_ns: int = 0, *, young: bool = False, end: str = "") -> None:
        self.path, self.mark, self.mtime_ns, self.young, self.end = path, mark, mtime_ns, young, end or path


class Link:
    """A link on the way to a watched path: ``text`` is what stands in it, ``mark`` a link to where it leads.

    ``mark`` is "" where it leads nowhere.
    """

    __slots__ = ("mark", "path", "text")

    def __init__(self, path: str, text: str, mark: str) -> None:
        self.path, self.text, self.mark = path, text, mark


class EnvUpdate:
    """The difference to make, and what to compare at the next prompts.

    ``put``: name → value, where it differs from what the shell has; ``keep``: those of them that are not Keybound's yet,
    whose prior value the shell keeps, with whether it was exported. ``drop``: names to let go of. ``held``: the new
    ``KEYBOUND_HELD``, "" for none. ``files``: compared by time; ``links``: by what they lead to. ``variables``: compared
    by value; none that carries a token. ``seconds``: until the next look in any case. ``profile``, ``state``: for the
    prompt, "" where there is none.
    """

    __slots__ = ("drop", "files", "held", "keep", "links", "profile", "put", "seconds", "state", "variables")

    def __init__(
        self,
        put: "Mapping[str, bytes]",
        keep: "Mapping[str, bool]",
        drop: "Sequence[str]",
        held: str,
        *,
        files: "Sequence[Watched]" = (),
        links: "Sequence[Link]" = (),
        variables: "Sequence[str]" = (),
        seconds: int = 0,
        profile: str = "",
        state: str = "",
    ) -> None:
        self.put, self.keep, self.drop, self.held = put, keep, drop, held
        self.files, self.links, self.variables, self.seconds = files, links, variables, seconds
        self.profile, self.state = profile, state

    def but(self, **fields: "Any") -> "EnvUpdate":
        """The same with other values in these fields."""
        return EnvUpdate(**{name: fields.get(name, getattr(self, name)) for name in self.__slots__})


class Step:
    """What a shell does now. ``said``: what its owner should hear, "" for nothing; ``signs``: the difference in words.

    ``how``: the profile, and why it is this one; ``rings``: whether the terminal's bell rings with it.
    """

    __slots__ = ("answer", "how", "rings", "said", "signs")

    def __init__(self, answer: EnvUpdate, said: str, how: str = "", summary: str = "", *, rings: bool = False) -> None:
        self.answer, self.said, self.how, self.signs, self.rings = answer, said, how, summary, rings
