"""Completion scripts: each asks Keybound for candidates with what stands on the line so far."""

_BASH = """_keybound_complete() {
  local cur=${COMP_WORDS[COMP_CWORD]} words
  words=$(@CALL@ complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null) || return 0
  local IFS=$'\\n'  # not before: with it, bash 3.2 joins the words of the line
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [[ ${COMPREPLY[0]-} == */ && ${#COMPREPLY[@]} -eq 1 ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -o default -F _keybound_complete keybound
"""
_ZSH = """#compdef keybound
_keybound_complete() {
  local -a found
  found=("${(@f)$(@CALL@ complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n ${found[1]-} ]]; then compadd -- "${found[@]}"; else _files; fi
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -u -D }
compdef _keybound_complete keybound
"""
_FISH = """function __keybound_complete
    set -l line (commandline -opc)
    @CALL@ complete -- $line[2..] (commandline -ct) 2>/dev/null
end
complete -c keybound -f -a '(__keybound_complete)'
"""
SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def completion_script(shell: str, python: str) -> str:
    """The script of a shell; it calls this interpreter, so that nothing on PATH can stand in for it."""
    return SCRIPTS[shell].replace("@CALL@", f"'{python}' -I -m keybound.cli")
