"""The prompt hook of Nushell: compares times with its own ``ls``, and starts the program only when something has changed."""

import json
from collections.abc import Mapping

from keybound.shells.step_json import render

__all__ = ["hook", "render"]

_HOOK = r"""
def --env _keybound_call [...words: string] {
    with-env @HOME@ { ^@PYTHON@ -I -m keybound.cli ...$words }
}
def _keybound_stamp [path: string] {
    try { ls -D ($path | str escape-glob) | get 0.modified | into int } catch { -1 }
}
def _keybound_changed [] {
    let was = $env._KEYBOUND
    if $was == null { return true }
    if (date now | into int) >= $was.until or $env.PWD != $was.pwd { return true }
    if ($env.KEYBOUND_PROFILE? | default '') != $was.pin { return true }
    if (_keybound_stamp @GENERATION@) != (_keybound_stamp $"($env._KEYBOUND_DIR)/generation") { return true }
    for file in ($was.files | enumerate) {
        if (_keybound_stamp $file.item) != (_keybound_stamp $"($env._KEYBOUND_DIR)/($file.index)") { return true }
    }
    $was.names | any {|name| ($env | get -o $name | default '') != ($was.saw | get -o $name | default '') }
}
def --env _keybound_step [] {
    if not (_keybound_changed) { return }
    let answer = try { _keybound_call hook-step nu $env._KEYBOUND_DIR | from json } catch { return }
    let before = ($env | select -o ...$answer.keep)
    let prior = $env._KEYBOUND_PRIOR
    for name in $answer.drop { hide-env -i $name }
    let back = ($prior | select -o ...$answer.drop | transpose k v | where v != null)
    load-env ($back | reduce -f {} {|it, all| $all | insert $it.k $it.v })
    $env._KEYBOUND_PRIOR = ($prior | reject -o ...$answer.drop | merge $before)
    load-env $answer.put
    if $answer.held == '' { hide-env -i KEYBOUND_HELD } else { $env.KEYBOUND_HELD = $answer.held }
    $env._KEYBOUND = {
        until: ((date now | into int) + $answer.seconds * 1_000_000_000), pwd: $env.PWD, files: $answer.files,
        pin: ($env.KEYBOUND_PROFILE? | default ''), names: $answer.names, saw: ($env | select -o ...$answer.names)
    }
}
def --env --wrapped keybound [...words: string] {
    if ($words | length) == 2 and $words.0 == use {
        let pin = (_keybound_call use --shell nu $words.1 | from json)
        if $pin.KEYBOUND_PROFILE == null { hide-env -i KEYBOUND_PROFILE } else { load-env $pin }
    } else {
        _keybound_call ...$words
    }
}
$env._KEYBOUND = null
$env._KEYBOUND_PRIOR = ($env._KEYBOUND_PRIOR? | default {})
$env._KEYBOUND_DIR = ($env._KEYBOUND_DIR? | default $"(@HOOKS@)/($nu.pid)-nu")
$env.ENV_CONVERSIONS._KEYBOUND = { from_string: {|s| null }, to_string: {|v| '' } }
$env.ENV_CONVERSIONS._KEYBOUND_PRIOR = { from_string: {|s| {} }, to_string: {|v| '' } }
$env.config.hooks.pre_prompt = ($env.config.hooks.pre_prompt? | default [] | append {|| _keybound_step })
"""


def hook(shell: str, python: str, home: Mapping[str, str], state: str) -> str:
    """The script that config.nu sources: ``keybound hook nu | save -f ~/.keybound.nu``, then ``source ~/.keybound.nu``."""
    places = {"@PYTHON@": python, "@GENERATION@": f"{state}/generation", "@HOOKS@": f"{state}/hooks"}
    text = _HOOK.lstrip("\n").replace("@HOME@", json.dumps(dict(home)))
    for mark, value in places.items():
        text = text.replace(mark, json.dumps(value, ensure_ascii=False))
    return text
