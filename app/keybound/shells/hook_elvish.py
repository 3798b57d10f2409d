"""The prompt hook of Elvish. Elvish before 0.21 cannot look at a file's time, so the program is started at each prompt."""

from collections.abc import Mapping

from keybound.shells.elvish_form import SHELL
from keybound.shells.step_json import render

__all__ = ["hook", "render"]

_HOOK = """
var keybound-prior = [&]
fn keybound-call {|@words|
  env @ENV@ @PYTHON@ -I -m keybound.cli $@words
}
fn keybound-step {
  try {
    var answer = (keybound-call hook-step elvish $keybound-folder | from-json)
    for name $answer[drop] {
      unset-env $name
      if (has-key $keybound-prior $name) {
        set-env $name $keybound-prior[$name]
        set keybound-prior = (dissoc $keybound-prior $name)
      }
    }
    for name $answer[keep] {
      if (has-env $name) { set keybound-prior = (assoc $keybound-prior $name (get-env $name)) }
    }
    for name [(keys $answer[put])] { set-env $name $answer[put][$name] }
    if (eq $answer[held] '') { unset-env KEYBOUND_HELD } else { set-env KEYBOUND_HELD $answer[held] }
  } catch { nop }
}
fn keybound {|@words|
  if (and (== (count $words) 2) (eq $words[0] use)) {
    eval (keybound-call use --shell elvish $words[1] | slurp)
    return
  }
  keybound-call $@words
}
edit:add-var keybound~ $keybound~
set edit:before-readline = [$@edit:before-readline $keybound-step~]
"""


def hook(shell: str, python: str, home: Mapping[str, str], state: str) -> str:
    """The script that ``eval (keybound hook elvish | slurp)`` evaluates."""
    words = " ".join(_quoted(f"{name}={value}") for name, value in home.items())
    head = f"var keybound-folder = {_quoted(state + '/hooks/')}$pid'-elvish'\n"
    return head + _HOOK.replace("@ENV@", words).replace("@PYTHON@", _quoted(python)).lstrip()


def _quoted(text: str) -> str:
    return SHELL.assign("X", text.encode()).decode().partition(" X ")[2].rstrip("\n")
