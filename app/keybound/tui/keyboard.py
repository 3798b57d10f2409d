"""Which key does what: the keys that a person chose become those that the screens listen to."""

from collections.abc import Mapping

from textual import events
from textual.keys import _character_to_key as _named  # the library has no public way from "?" to "question_mark"
from textual.widget import Widget

from keybound.domain.profile.action_keys import FIXED, NAMES
from keybound.domain.profile.key_settings import keys_of
from keybound.tui.hints import TYPING_HELP, Hint

_SHOWN = {"enter": "⏎", "escape": "esc", "space": "space"}


def textual_key(key: str) -> str:
    """A key as the library calls it: ``?`` is ``question_mark``."""
    *modifiers, last = key.split("+") if len(key) > 1 else [key]
    return "+".join([*modifiers, _named(last) if len(last) == 1 else last])


_FIXED = frozenset(map(textual_key, FIXED))
_HELP = textual_key(NAMES["help"][0])
_CHARACTERS = {textual_key(keys[0]): keys[0] for keys in NAMES.values() if len(keys[0]) == 1}


class Keyboard:
    """``settings``: the table ``[keys]`` of config.toml, checked.

    All widgets listen to the first key of each name (:data:`NAMES`); whatever else is pressed becomes that one.
    """

    def __init__(self, settings: Mapping[str, object]) -> None:
        self._keys = keys_of(settings)  # type: ignore[arg-type]
        self._meant = {
            textual_key(key): textual_key(NAMES[name][0]) for name, keys in self._keys.items() for key in keys
        }
        known = {textual_key(key) for keys in NAMES.values() for key in keys}
        self._free = known - self._meant.keys()  # keys of actions that were given others

    def meant(self, event: events.Key, focused: Widget | None) -> events.Key | None:
        """The key that the screens listen to; None for one that does nothing. Where text is typed, letters are letters."""
        target = self._meant.get(event.key, "" if event.key in self._free else event.key)
        if event.key == target:
            return event
        if focused is not None and focused.check_consume_key(event.key, event.character):
            return event
        typing = focused is not None and focused.check_consume_key("a", "a")
        if typing and target in _CHARACTERS:
            return events.Key(TYPING_HELP, None) if target == _HELP else event
        return events.Key(target, _CHARACTERS.get(target)) if target else None

    def key(self, name: str) -> str:
        """The key of an action as it is shown, or "" where it has none."""
        return next((shown(key) for key in self._keys[name]), "")

    def real(self, hint: Hint) -> Hint | None:
        """A hint with the key that a person presses; None where there is none."""
        listened = textual_key(hint.key or hint.shown)
        if listened == TYPING_HELP:
            keys = [key for key in self._keys["help"] if len(key) > 1]
            return hint._replace(shown=shown(keys[0])) if keys else None
        name = next((name for name, keys in NAMES.items() if textual_key(keys[0]) == listened), "")
        if not name or listened in _FIXED or self._keys[name][:1] == NAMES[name][:1]:
            return hint
        return next((hint._replace(shown=shown(key), key=textual_key(key)) for key in self._keys[name]), None)


def shown(key: str) -> str:
    """A key as the footer shows it: ``^s``, ``F6``, ``⏎``."""
    if key in _SHOWN:
        return _SHOWN[key]
    if key.startswith("ctrl+") and len(key) == len("ctrl+x"):
        return f"^{key[-1]}"
    return key.upper() if key[0] == "f" and key[1:].isdigit() else key
