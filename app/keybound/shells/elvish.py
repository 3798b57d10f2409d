"""Elvish. Nothing in it (0.22) tells a file's time, so the prompt hook starts the program at each prompt."""

from keybound.shells.base import HookedShell
from keybound.shells.checked import checked
from keybound.shells.step import GONE, ONCE, EnvUpdate
from keybound.shells.step_json import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


_HOOK = """
var keybound-prior = [&]
var keybound-pinned = $false
var keybound-missed = $false
var keybound-prompt-profile = ''
var keybound-prompt-state = ''
fn keybound-keep {|name|
  set keybound-prior = (dissoc $keybound-prior $name)
  if (has-env $name) { set keybound-prior = (assoc $keybound-prior $name (get-env $name)) }
}
fn keybound-drop {|name|
  unset-env $name
  if (has-key $keybound-prior $name) {
    set-env $name $keybound-prior[$name]
    set keybound-prior = (dissoc $keybound-prior $name)
  }
}
fn keybound-pin {|name|
  if (not $keybound-pinned) { keybound-keep KEYBOUND_PROFILE; set keybound-pinned = $true }
  set-env KEYBOUND_PROFILE $name
}
fn keybound-there {
  if (has-external @PYTHON@) { set keybound-missed = $false; put $true; return }
  if (not $keybound-missed) { echo 'keybound:' @PYTHON@ '@GONE@' >&2 }
  set keybound-missed = $true
  put $false
}
fn keybound-step {|@how|
  if (not (keybound-there)) { return }
  try {
    var answer = (e:env @ENV@ @PYTHON@ @START@ hook-step elvish $keybound-folder $@how | from-json)
    for name $answer[drop] { keybound-drop $name }
    if (eq $answer[held] '') { unset-env KEYBOUND_HELD } else { set-env KEYBOUND_HELD $answer[held] }
    for name $answer[keep] { keybound-keep $name }
    for name [(keys $answer[put])] { set-env $name $answer[put][$name] }
    set keybound-prompt-profile keybound-prompt-state = $answer[profile] $answer[state]
  } catch { nop }
}
fn keybound {|@words|
  if (and (== (count $words) 2) (eq $words[0] use) (eq $words[1] -)) {
    keybound-drop KEYBOUND_PROFILE
    set keybound-pinned = $false
  } elif (not (keybound-there)) {
    fail 'keybound is not there'
  } elif (and (== (count $words) 2) (eq $words[0] use) (not-eq $words[1][0] -)) {
    e:env @ENV@ @PYTHON@ @START@ use --shell elvish $words[1] > /dev/null
    keybound-pin $words[1]
  } elif (> (count $words) 0) {
    (external @PYTHON@) @START@ $@words
  } else {
    var switch = $keybound-folder/switch
    e:env @ENV@ KEYBOUND_SWITCH_FILE=$switch @PYTHON@ @START@
    if ?(test -s $switch) {
      keybound-pin (head -n 1 $switch)
      print '' > $switch
    }
  }
}
fn keybound-prompt { put $keybound-prompt-profile $keybound-prompt-state }
try {
  eval &ns=(ns [&keybound~=$keybound~ &step~=$keybound-step~ &prompt~=$keybound-prompt~]) '
    edit:add-vars [&keybound~=$keybound~ &keybound-prompt=$prompt~]
    set edit:before-readline = [$@edit:before-readline $step~]'
} catch { keybound-step @ONCE@ }  # there is no editor: no prompt will come
"""


class Elvish(HookedShell):
    """Elvish: single quotes with the quote doubled; what is not UTF-8 as double quotes with ``\\x..`` bytes."""

    rc_file = "~/.config/elvish/rc.elv"
    rc_line = "eval (keybound hook elvish | slurp)"
    text_only = True

    def assign(self, name: str, value: bytes) -> bytes:
        """``set-env NAME 'value'``."""
        return b"set-env " + checked(name) + b" " + _word(value) + b"\n"

    def unset(self, name: str) -> bytes:
        """``unset-env NAME``."""
        return b"unset-env " + checked(name) + b"\n"

    def hook(self, python: str, home: "Mapping[str, str]", state: str) -> str:
        """The script that ``eval (keybound hook elvish | slurp)`` evaluates."""
        from keybound.shells.starting import start_words

        words = " ".join(_quoted(f"{name}={value}") for name, value in home.items())
        head = f"var keybound-folder = {_quoted(state + '/hooks/')}$pid'-elvish'\n"
        text = _HOOK.replace("@START@", start_words()).replace("@GONE@", GONE).replace("@ONCE@", ONCE)
        return head + text.replace("@ENV@", words).replace("@PYTHON@", _quoted(python)).lstrip()

    def render(self, answer: EnvUpdate) -> bytes:
        """One JSON object."""
        return render(answer)


def _word(value: bytes) -> bytes:
    try:
        value.decode()
    except UnicodeDecodeError:
        return b'"' + b"".join(b"\\x%02x" % byte for byte in value) + b'"'
    return b"'" + value.replace(b"'", b"''") + b"'"


def _quoted(text: str) -> str:
    return _word(text.encode()).decode()


SHELL = Elvish()
