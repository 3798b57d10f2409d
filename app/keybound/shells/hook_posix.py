"""The prompt hook of bash (3.2 and later) and zsh: at an unchanged prompt it starts no process."""

from collections.abc import Mapping

from keybound.shells.posix import SHELL
from keybound.shells.step import Answer

_HOOK = r"""
_keybound_call() { @ENV@ "$_keybound_python" -I -m keybound.cli "$@"; }
_keybound_changed() {
  [[ -n ${_keybound_ready-} && $PWD == "${_keybound_pwd-}" && ${KEYBOUND_PROFILE-} == "${_keybound_pin-}" ]] || return 0
  (( ${EPOCHSECONDS:-$SECONDS} < _keybound_deadline )) || return 0
  [[ ! $_keybound_generation -nt $_keybound_dir/generation ]] || return 0
  [[ ! $_keybound_generation -ot $_keybound_dir/generation ]] || return 0
  local _keybound_n=0 _keybound_f
  for _keybound_f in ${_keybound_files[@]+"${_keybound_files[@]}"}; do
    if [[ -e $_keybound_dir/$_keybound_n ]]; then
      [[ -e $_keybound_f && ! $_keybound_f -nt $_keybound_dir/$_keybound_n ]] || return 0
      [[ ! $_keybound_f -ot $_keybound_dir/$_keybound_n ]] || return 0
    else
      [[ ! -e $_keybound_f ]] || return 0
    fi
    _keybound_n=$((_keybound_n + 1))
  done
  _keybound_moved
}
_keybound_moved() { return 1; }
_keybound_hook() {
  local _keybound_status=$?
  if _keybound_changed; then
    local _keybound_out
    if _keybound_out=$(_keybound_call hook-step @SHELL@ "$_keybound_dir"); then
      eval "$_keybound_out"
    fi
  fi
  return "$_keybound_status"
}
keybound() {
  local _keybound_out _keybound_rc=0
  if [[ ${1-} == use && -n ${2-} && ${2-} != --* ]]; then
    _keybound_out=$(_keybound_call use --shell @SHELL@ "$2") || return "$?"
    eval "$_keybound_out"
    return 0
  fi
  KEYBOUND_SWITCH_FILE=$_keybound_dir/switch _keybound_call "$@" || _keybound_rc=$?
  if [[ -s $_keybound_dir/switch ]]; then
    IFS= read -r _keybound_out < "$_keybound_dir/switch" || :
    : > "$_keybound_dir/switch"
    export KEYBOUND_PROFILE="$_keybound_out"
  fi
  return "$_keybound_rc"
}
"""

_BASH = r"""
_keybound_keep() { if [[ -n ${!1+x} ]]; then printf -v "_keybound_prior_$1" %s "${!1}"; fi; }
_keybound_drop() {
  local _keybound_p=_keybound_prior_$1
  unset "$1"
  if [[ -n ${!_keybound_p+x} ]]; then export "$1=${!_keybound_p}"; unset "$_keybound_p"; fi
}
if [[ -z ${_keybound_hooked-} ]]; then
  _keybound_hooked=1
  if [[ "$(declare -p PROMPT_COMMAND 2>/dev/null)" == "declare -a"* ]]; then
    PROMPT_COMMAND=(_keybound_hook "${PROMPT_COMMAND[@]}")
  else
    PROMPT_COMMAND="_keybound_hook${PROMPT_COMMAND:+;$PROMPT_COMMAND}"
  fi
fi
"""

_ZSH = r"""
zmodload zsh/datetime 2>/dev/null
_keybound_keep() { if [[ -n ${(P)1+x} ]]; then typeset -g "_keybound_prior_$1=${(P)1}"; fi; }
_keybound_drop() {
  local _keybound_p=_keybound_prior_$1
  unset "$1"
  if [[ -n ${(P)_keybound_p+x} ]]; then export "$1=${(P)_keybound_p}"; unset "$_keybound_p"; fi
}
typeset -ga precmd_functions
(( ${precmd_functions[(Ie)_keybound_hook]} )) || precmd_functions=(_keybound_hook $precmd_functions)
"""


def hook(shell: str, python: str, home: Mapping[str, str], state: str) -> str:
    """The script that ``eval "$(keybound hook bash)"`` evaluates. ``home``: variables that name the home."""
    text = _HOOK.replace("@SHELL@", shell).replace("@ENV@", " ".join(f"{k}={_quoted(v)}" for k, v in home.items()))
    head = (
        f"_keybound_python={_quoted(python)}\n"
        f"_keybound_generation={_quoted(state + '/generation')}\n"
        f": ${{_keybound_dir:={_quoted(state + '/hooks/')}$$-$RANDOM$RANDOM}}\n"
    )
    return head + text.lstrip("\n") + (_BASH if shell == "bash" else _ZSH)


def render(answer: Answer) -> bytes:
    """What the shell evaluates after a step."""
    lines = [f"_keybound_drop {name}\n".encode() for name in answer.drop]
    for name, value in answer.put.items():
        lines += [f"_keybound_keep {name}\n".encode()] if name in answer.keep else []
        lines.append(SHELL.assign(name, value))
    lines.append(f"export KEYBOUND_HELD={_quoted(answer.held)}\n".encode() if answer.held else b"unset KEYBOUND_HELD\n")
    lines.append(
        b"_keybound_files=("
        + b" ".join(_quoted_bytes(path.encode("utf-8", "surrogateescape")) for path in answer.files)
        + b")\n"
    )
    copies = [f"_keybound_saw_{name}=${{{name}-}}\n" for name in answer.variables]
    tests = [f'[[ ${{{name}-}} == "${{_keybound_saw_{name}-}}" ]] || return 0; ' for name in answer.variables]
    lines.append(("".join(copies) + "_keybound_moved() { " + "".join(tests) + "return 1; }\n").encode())
    lines.append(f"_keybound_deadline=$(( ${{EPOCHSECONDS:-$SECONDS}} + {answer.seconds} ))\n".encode())
    lines.append(b"_keybound_pwd=$PWD\n_keybound_pin=${KEYBOUND_PROFILE-}\n_keybound_ready=1\n")
    return b"".join(lines)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _quoted_bytes(data: bytes) -> bytes:
    return b"'" + data.replace(b"'", b"'\\''") + b"'"
