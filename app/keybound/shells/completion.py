"""Completion scripts: each asks Keybound for candidates with what stands on the line so far."""

# A candidate is the text of a profile, so nothing may expand it: compgen -W would. bash cuts words at : = @ too.
_BASH = r"""_keybound_complete() {
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
    set -l found (@CALL@ complete -- $line[2..] (commandline -ct) 2>/dev/null)
    test -n "$found[1]"; and printf '%s\\n' $found; or __fish_complete_path (commandline -ct)
end
complete -c keybound -f -a '(__keybound_complete)'
"""
SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


def completion_script(shell: str, python: str) -> str:
    """The script of a shell; it calls this interpreter, so that nothing on PATH can stand in for it."""
    return SCRIPTS[shell].replace("@CALL@", f"'{python}' -I -m keybound.cli")
