"""States of a token and reactions of a binding, in the order in which the worst decides."""

from enum import Enum, IntEnum


class State(IntEnum):
    """What a verdict says; a larger one is worse."""

    ACTIVE = 0
    WARNING = 1
    SUSPENDED = 2
    UNAPPROVED = 3
    EXPIRED = 4
    MISSING = 5

    @property
    def word(self) -> str:
        """The state as it is written everywhere."""
        return self.name.lower()

    @property
    def glyph(self) -> str:
        """The mark that stands for the state where there is no room for the word."""
        return "●▲■◆×○"[self.value]

    @property
    def usable(self) -> bool:
        """Whether a token in this state may be released."""
        return self <= State.WARNING


class Reaction(IntEnum):
    """What happens when a reading is outside (or, for ``inside``, has changed); a larger one is graver."""

    IGNORE = 0
    WARN = 1
    SUSPEND = 2
    REFRESH = 3
    EXPIRE = 4

    @property
    def word(self) -> str:
        """The reaction as it is written in a profile."""
        return self.name.lower()


REACTIONS = {reaction.word: reaction for reaction in Reaction}
STATES = {state.word: state for state in State}


class Way(Enum):
    """A way by which a secret may leave."""

    SHELL = "shell"
    EXEC = "exec"
    COPY = "copy"
    REVEAL = "reveal"


WAYS = frozenset(way.value for way in Way)


def state_of(reaction: Reaction) -> State:
    """The state that a reaction puts a token in. A refresh that has not run yet withholds."""
    return {
        Reaction.IGNORE: State.ACTIVE,
        Reaction.WARN: State.WARNING,
        Reaction.SUSPEND: State.SUSPENDED,
        Reaction.REFRESH: State.SUSPENDED,
        Reaction.EXPIRE: State.EXPIRED,
    }[reaction]
