"""bash, 3.2 and later: its prompt hook, its completion."""

from keybound.shells.base import HookedShell
from keybound.shells.posix import Posix, quoted_path
from keybound.shells.step import EnvUpdate, Watched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_BASH = r"""
if (( BASH_VERSINFO[0] > 4 || BASH_VERSINFO[0] == 4 && BASH_VERSINFO[1] >= 4 )); then
  eval '_keybound_look() {
    local _keybound_flags=${!1@a}
    _keybound_seen=; if [[ $_keybound_flags == *x* ]]; then _keybound_seen=x${!1}; fi
  }'
  _keybound_text() { printf -v "_keybound_prior_$1" %s "$(declare -p "$1")"; unset -n "$1" 2>/dev/null || :; }
  _keybound_again() { eval "declare -g ${2#declare }"; }
  _keybound_plainly() { local -; set +avxTE; "$@"; }
else
  _keybound_look() { _keybound_seen=${!1+x}${!1-}; }
  _keybound_text() { printf -v "_keybound_prior_$1" %s "${!1-}"; }
  _keybound_again() { printf -v "$1" %s "$2"; }
  _keybound_plainly() {
    local _keybound_was=${-//[!avxTE]/} _keybound_done=0
    set +avxTE
    "$@" || _keybound_done=$?
    if [[ -n $_keybound_was ]]; then set "-$_keybound_was"; fi
    return "$_keybound_done"
  }
fi
_keybound_keep() {
  unset -v "_keybound_prior_$1" "_keybound_priorx_$1"
  if [[ -n ${2-} ]]; then
    if [[ -n ${!1+x} ]]; then printf -v "_keybound_priorx_$1" %s "${!1}"; fi
  elif declare -p "$1" >/dev/null 2>&1; then _keybound_text "$1"; fi
  unset -v "$1"
}
_keybound_drop() {
  local _keybound_p=_keybound_prior_$1 _keybound_x=_keybound_priorx_$1
  unset -v "$1"
  if [[ -n ${!_keybound_x+x} ]]; then export "$1=${!_keybound_x}"; fi
  if [[ -n ${!_keybound_p+x} ]]; then _keybound_again "$1" "${!_keybound_p}"; fi
  unset -v "$_keybound_p" "$_keybound_x"
}
if [[ ";${PROMPT_COMMAND[*]-};" != *_keybound_hook* ]]; then
  if [[ "$(declare -p PROMPT_COMMAND 2>/dev/null)" == "declare -a"* ]]; then
    PROMPT_COMMAND=(_keybound_hook "${PROMPT_COMMAND[@]}")
  else
    PROMPT_COMMAND="_keybound_hook${PROMPT_COMMAND:+;$PROMPT_COMMAND}"
  fi
fi
"""
# [[ == ]] would follow nocasematch
_PLACE = b'[ "$PWD:${KEYBOUND_PROFILE-}" = "$_keybound_place" ]'
# A candidate is the text of a profile, so nothing may expand it: compgen -W would. bash cuts words at : = @ too.
_COMPLETION = r"""_keybound_complete() {
  local rest=$COMP_LINE words found one cut= i
  words=()
  for (( i = 0; i <= COMP_CWORD; i++ )); do
    one=${COMP_WORDS[i]}
    if [[ $i -eq 0 || $rest == [[:space:]]* ]]; then words[${#words[@]}]=$one
    else words[${#words[@]}-1]=${words[${#words[@]}-1]}$one; fi
    rest=${rest#"${rest%%[![:space:]]*}"} rest=${rest#"$one"}
  done
  found=$(@CALL@ complete -- "${words[@]:1}" 2>/dev/null) || return 0
  one=${words[${#words[@]}-1]}
  for i in : = @; do
    if [[ $COMP_WORDBREAKS == *$i* && ${one#"$cut"} == *$i* ]]; then cut=${one%"${one##*$i}"}; fi
  done
  COMPREPLY=()
  while IFS= read -r one; do
    if [[ -z $one ]]; then continue; fi
    printf -v one %q "${one#"$cut"}"
    COMPREPLY[${#COMPREPLY[@]}]=$one
  done <<< "$found"
  [[ ${COMPREPLY[0]-} == */ && ${#COMPREPLY[@]} -eq 1 ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -o default -F _keybound_complete keybound
"""


class Bash(Posix, HookedShell):
    """bash; its form of export is that of every POSIX shell."""

    rc_file = "~/.bashrc"
    rc_line = 'eval "$(keybound hook bash)"'
    completion = _COMPLETION

    def hook(self, python: str, home: "Mapping[str, str]", state: str) -> str:
        """The script that ``eval "$(keybound hook bash)"`` evaluates. ``home``: variables that name the home."""
        from keybound.shells.hook_posix import script

        return script("bash", _BASH, python, home, state)

    def render(self, answer: EnvUpdate) -> bytes:
        """What bash evaluates after a step."""
        from keybound.shells.hook_posix import assignments, same_ends

        files = b" && ".join([*map(_unmoved, answer.files), *same_ends(answer)])
        return assignments(answer, _PLACE, b"[[ " + files + b" ]]" if files else b"")


def _unmoved(one: Watched) -> bytes:
    path, mark = quoted_path(one.path), quoted_path(one.mark)
    if not one.mark:
        return b"! -e " + path
    return b"! %s -nt %s && ! %s -ot %s" % (path, mark, path, mark)  # a missing file is older than any


SHELL = Bash()
