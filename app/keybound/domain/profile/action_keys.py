"""The names of what can be done by a key in the application, their keys, and the presets that change these.

A key is one character as it is typed, or a name as ``ctrl+s``, ``f6``, ``enter``. It means one thing in the whole application.
"""

from collections.abc import Mapping

Keys = Mapping[str, tuple[str, ...]]
TABS = 9

NAMES: Keys = {
    # moving
    "up": ("up", "k"),
    "down": ("down", "j"),
    "left": ("left", "h"),
    "right": ("right", "l"),
    "page_up": ("pageup",),
    "page_down": ("pagedown",),
    "first": ("home", "g"),
    "last": ("end", "G"),
    "choose": ("enter",),
    "back": ("escape",),
    "mark": ("space",),
    "filter": ("/",),
    # screens
    **{f"tab_{at}": (str(at),) for at in range(1, TABS + 1)},
    "next_tab": ("]", "ctrl+tab"),
    "previous_tab": ("[", "ctrl+shift+tab"),
    "panel": ("f6",),
    "palette": ("ctrl+p", ":"),
    "help": ("?", "f1"),
    "quit": ("q",),
    "to_shell": ("ctrl+z",),
    # tokens and profiles
    "add": ("a",),
    "import": ("i",),
    "bind": ("b",),
    "approve": ("A",),
    "refresh": ("r",),
    "expire": ("x",),
    "probe": ("P",),
    "revoke": ("X",),
    "remove": ("D",),
    "copy": ("y",),
    "copy_as": ("Y",),
    "reveal": ("v",),
    "put_back": ("u",),
    "undo": ("U",),
    "widen": ("w",),
    "edit": ("e",),
    "profile": ("p",),
    "reload": ("R",),
    "lock": ("L",),
    "calendar": ("C",),
    "alerts": ("N",),
    "messages": ("M",),
    "theme": ("t",),
    "settings": ("S",),
    "status": ("K",),
    "doctor": ("F",),
    # of one screen or dialog
    "sort": ("s",),
    "columns": ("W",),
    "mark_range": ("V",),
    "restore": ("d",),
    "matrix": ("m",),
    "focus": ("f",),
    "overview": ("O",),
    "next_profile": (">",),
    "previous_profile": ("<",),
    "next": ("n",),
    "mute": ("z",),
    "only_token": ("T",),
    "save": ("ctrl+s",),
    "revert": ("ctrl+r",),
    "editor": ("ctrl+o",),
    "compare": ("ctrl+d",),
    "all": ("ctrl+a",),
    "replace": ("o",),
    "edit_chosen": ("ctrl+e",),
    "another": ("+",),
    "duplicate": ("c",),
    "rename": ("f2",),
    "parent": ("I",),
    "demo": ("E",),
}
PRESETS: Mapping[str, Keys] = {
    "default": {},
    "vim": {
        "page_up": ("pageup", "ctrl+b"),
        "page_down": ("pagedown", "ctrl+f"),
        "previous_tab": ("[", "ctrl+shift+tab", "H"),
        "next_tab": ("]", "ctrl+tab", "J"),
    },
    "emacs": {
        "up": ("up", "ctrl+p"),
        "down": ("down", "ctrl+n"),
        "left": ("left", "ctrl+b"),
        "right": ("right", "ctrl+f"),
        "page_up": ("pageup", "alt+v"),
        "page_down": ("pagedown", "ctrl+v"),
        "first": ("home", "alt+<"),
        "last": ("end", "alt+>"),
        "back": ("escape", "ctrl+g"),
        "palette": ("alt+x", ":"),
    },
}
# What widgets themselves listen to. These keys stay what they are; an action may only get others beside them.
FIXED = frozenset(
    {"up", "down", "left", "right", "pageup", "pagedown", "home", "end", "enter", "escape", "space"}
    | {"tab", "shift+tab", "backspace", "delete", "ctrl+c", "ctrl+q"}
)
