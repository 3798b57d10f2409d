"""Which profile, as far as plain files tell."""

from keybound.custody.paths import IN_USE, base_folders, read_line
from keybound.custody.project import allowed_profile, nearest_project, read_project
from keybound.domain.errors import BadInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


PIN, ACTIVE = "this shell's pin", "the active profile"


class QuickChoice:
    """A profile, "" where it takes more to tell, and how it was chosen.

    ``active``: it is the active one, unless a rule of config.toml names another.
    """

    __slots__ = ("active", "how", "profile")

    def __init__(self, profile: str, how: str = "named", *, active: bool = False) -> None:
        self.profile = "" if "/" in profile or profile.startswith(".") else profile
        self.how, self.active = how, active


def quick_choice(environ: "Mapping[str, str]", cwd: str) -> QuickChoice:
    """The profile that is pinned, that an allowed project file names, or the active one."""
    if pin := environ.get("KEYBOUND_PROFILE", ""):
        return QuickChoice(pin, PIN)
    _, _, state, _ = base_folders(environ)
    try:
        if project := nearest_project(cwd):
            return QuickChoice(allowed_profile(state, project, read_project(project)), project)
        return QuickChoice(read_line(state, IN_USE), ACTIVE, active=True)
    except (OSError, ValueError, BadInput):
        return QuickChoice("")
