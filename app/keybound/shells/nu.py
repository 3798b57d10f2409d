"""Nushell; its hook compares times with its own ``ls``, and starts the program only when something has changed."""

from keybound.shells.base import HookedShell
from keybound.shells.json import Json
from keybound.shells.step import GONE, ONCE, EnvUpdate
from keybound.shells.step_json import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


_HOOK = r"""
def _keybound_stamp [path: string] {
    if $path == '' { return (-1) }
    try { ls -D $path | get 0.modified | into int } catch { -1 }
}
def _keybound_text [link: string] { try { ls -lD $link | get 0.target } catch { null } }
def _keybound_place [] { $"($env.PWD):($env.KEYBOUND_PROFILE? | default '')" }
def _keybound_same [] {
    let was = $env._KEYBOUND.was
    let now = (date now | into int)
    if $was == null or $now < $was.since or $now >= $was.until or (_keybound_place) != $was.place { return false }
    if ($was.files | any {|one| (_keybound_stamp $one.0) != (_keybound_stamp $one.1) }) { return false }
    if ($was.links | any {|one| (_keybound_text $one.0) != $one.1 }) { return false }
    $was.saw | transpose name value | all {|one| ($env | get -o $one.name) == $one.value }
}
def --env _keybound_keep [name: string] {
    let before = ($env | get -o $name)
    let prior = ($env._KEYBOUND.prior | reject -o $name)
    $env._KEYBOUND.prior = if $before == null { $prior } else { $prior | insert $name $before }
}
def --env _keybound_drop [name: string] {
    hide-env -i $name
    let before = ($env._KEYBOUND.prior | get -o $name)
    if $before != null { load-env { $name: $before } }
    $env._KEYBOUND.prior = ($env._KEYBOUND.prior | reject -o $name)
}
def _keybound_tried [] {
    let last = $env._KEYBOUND.last
    let now = (date now | into int)
    $last.place == (_keybound_place) and $now >= $last.at and $now < $last.at + 10_000_000_000
}
def _keybound_there [] {
    if (@PYTHON@ | path exists) { return true }
    print -e $"keybound: (@PYTHON@) @GONE@"
    false
}
def --env _keybound_step [...how: string] {
    if (_keybound_same) or (_keybound_tried) { return }
    $env._KEYBOUND.was = null
    $env._KEYBOUND.last = { place: (_keybound_place), at: (date now | into int) }
    if not (_keybound_there) { return }
    let folder = $env._KEYBOUND.folder
    let answer = (try { with-env @HOME@ { ^@PYTHON@ @START@ hook-step nu $folder ...$how } | from json } catch { null })
    if $answer == null { return }
    for name in $answer.drop { _keybound_drop $name }
    if $answer.held == '' { hide-env -i KEYBOUND_HELD } else { $env.KEYBOUND_HELD = $answer.held }
    for name in $answer.keep { _keybound_keep $name }
    load-env $answer.put
    let now = (date now | into int)
    $env._KEYBOUND.prompt = { profile: $answer.profile, state: $answer.state }
    $env._KEYBOUND.last = { place: '', at: 0 }
    $env._KEYBOUND.was = {
        since: $now, until: ($now + $answer.seconds * 1_000_000_000), place: (_keybound_place),
        files: $answer.files, links: $answer.links,
        saw: ($answer.names | reduce -f {} {|name, all| $all | insert $name ($env | get -o $name) })
    }
}
def --env _keybound_pin [name: string] {
    if not $env._KEYBOUND.pinned { _keybound_keep KEYBOUND_PROFILE }
    $env._KEYBOUND.pinned = true
    $env.KEYBOUND_PROFILE = $name
}
def --env --wrapped keybound [...words: string] {
    let use = ($words | length) == 2 and $words.0 == use
    if $use and $words.1 == '-' {
        _keybound_drop KEYBOUND_PROFILE
        $env._KEYBOUND.pinned = false
    } else if not (_keybound_there) {
        return
    } else if $use and not ($words.1 | str starts-with '-') {
        let done = (with-env @HOME@ { ^@PYTHON@ @START@ use --shell nu $words.1 | complete })
        if $done.exit_code == 0 { _keybound_pin $words.1 } else { print -e -n $done.stderr }
    } else if ($words | length) > 0 {
        ^@PYTHON@ @START@ ...$words
    } else {
        let switch = $"($env._KEYBOUND.folder)/switch"
        with-env (@HOME@ | insert KEYBOUND_SWITCH_FILE $switch) { ^@PYTHON@ @START@ }
        let chosen = (try { open --raw $switch | lines | get -o 0 } catch { null })
        if $chosen != null { '' | save -f $switch; _keybound_pin $chosen }
    }
}
if ($env._KEYBOUND? | default {} | get -o pid) != $nu.pid {
    $env._KEYBOUND = {
        pid: $nu.pid, folder: $"(@HOOKS@)/($nu.pid)-nu", was: null, last: { place: '', at: 0 }, prior: {}, pinned: false,
        prompt: { profile: '', state: '' }
    }
    $env.config.hooks.pre_prompt = ($env.config.hooks.pre_prompt? | default [] | append {|| _keybound_step })
    if not $nu.is-interactive { _keybound_step @ONCE@ }
}
"""


class Nu(Json, HookedShell):
    """Nushell evaluates no text, so it is given JSON: ``keybound env --shell nu | from json | load-env``."""

    rc_file = "config.nu, after keybound hook nu | save -f ~/.keybound.nu"
    rc_line = "source ~/.keybound.nu"
    text_only = True

    def hook(self, python: str, home: "Mapping[str, str]", state: str) -> str:
        """The script that config.nu sources: ``keybound hook nu | save -f ~/.keybound.nu``, then ``source ~/.keybound.nu``."""
        import json

        from keybound.shells.starting import start_words

        places = {"@PYTHON@": python, "@HOOKS@": f"{state}/hooks"}
        text = (
            _HOOK.lstrip("\n")
            .replace("@START@", start_words())
            .replace("@ONCE@", ONCE)
            .replace("@GONE@", GONE)
            .replace("@HOME@", json.dumps(dict(home)))
        )
        for mark, value in places.items():
            text = text.replace(mark, json.dumps(value, ensure_ascii=False))
        return text

    def render(self, answer: EnvUpdate) -> bytes:
        """One JSON object."""
        return render(answer)


SHELL = Nu()
