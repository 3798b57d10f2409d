"""zsh: its prompt hook, its completion."""

from keybound.shells.base import HookedShell
from keybound.shells.posix import Posix, quoted_path
from keybound.shells.step import EnvUpdate, Watched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_ZSH = r"""
zmodload zsh/datetime 2>/dev/null
_keybound_look() {
  _keybound_seen=
  if [[ ${(Pt)1-} == *export* ]]; then _keybound_seen=x${(P)1-}; fi
}
_keybound_try() { { "$@" } always { TRY_BLOCK_ERROR=0 } }
_keybound_keep() {
  unset "_keybound_prior_$1" "_keybound_priorx_$1"
  if [[ -n ${2-} ]]; then
    if [[ -n ${(P)1+x} ]]; then typeset -g "_keybound_priorx_$1=${(P)1}"; fi
  elif [[ -n ${(P)1+x} ]]; then typeset -g "_keybound_prior_$1=$(typeset -p "$1")"; fi
  unset "$1"
}
_keybound_drop() {
  local _keybound_p=_keybound_prior_$1 _keybound_x=_keybound_priorx_$1
  unset "$1"
  if [[ -n ${(P)_keybound_x+x} ]]; then export "$1=${(P)_keybound_x}"; fi
  if [[ -n ${(P)_keybound_p+x} ]]; then eval "${(P)_keybound_p}"; fi
  unset "$_keybound_p" "$_keybound_x"
}
_keybound_plainly() {
  emulate -L zsh
  setopt no_xtrace no_verbose no_all_export no_aliases
  trap - DEBUG ZERR
  "$@"
}
() {
  emulate -L zsh
  typeset -ga precmd_functions
  (( ${precmd_functions[(Ie)_keybound_hook]} )) || precmd_functions=(_keybound_hook $precmd_functions)
}
"""
_PLACE = b'[[ "$PWD:${KEYBOUND_PROFILE-}" == "$_keybound_place" ]]'
_STAMPS = b"-e $_keybound_dir/deadline"  # to zsh, no file is older or newer than a marker that is gone
_COMPLETION = """#compdef keybound
_keybound_complete() {
  local -a found
  found=("${(@f)$(@CALL@ complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n ${found[1]-} ]]; then compadd -- "${found[@]}"; else _files; fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u -D }
compdef _keybound_complete keybound
"""


class Zsh(Posix, HookedShell):
    """zsh; its form of export is that of every POSIX shell."""

    rc_file = "~/.zshrc"
    rc_line = 'eval "$(keybound hook zsh)"'
    completion = _COMPLETION

    def hook(self, python: str, home: "Mapping[str, str]", state: str) -> str:
        """The script that ``eval "$(keybound hook zsh)"`` evaluates. ``home``: variables that name the home."""
        from keybound.shells.hook_posix import script

        return script("zsh", _ZSH, python, home, state)

    def render(self, answer: EnvUpdate) -> bytes:
        """What zsh evaluates after a step."""
        from keybound.shells.hook_posix import assignments, same_ends

        files = b" && ".join([_STAMPS, *map(_unmoved, answer.files), *same_ends(answer)])
        return assignments(answer, _PLACE, b"[[ " + files + b" ]]", b"_keybound_try ")


def _unmoved(one: Watched) -> bytes:
    path, mark = quoted_path(one.path), quoted_path(one.mark)
    if not one.mark:
        return b"! -e " + path
    return b"-e %s && ! %s -nt %s && ! %s -ot %s" % (path, path, mark, path, mark)


SHELL = Zsh()
