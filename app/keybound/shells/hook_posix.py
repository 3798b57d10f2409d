"""What the prompt hooks of bash and zsh share. At an unchanged prompt they start no process."""

from keybound.shells.posix import SHELL, quoted, quoted_path
from keybound.shells.step import GONE, ONCE, EnvUpdate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# What traces, echoes or exports all (set -x -v -a, a DEBUG trap) must see no value: the hook works without it, in
# _keybound_plainly.
# _keybound_same is defined anew by each answer: it names the files and variables, as a loop over them costs twice the time.
_HOOK = r"""
_keybound_same() { return 1; }
_keybound_hook() {
  local _keybound_status=$?
  case $- in
    *[avxTE]*) _keybound_plainly _keybound_prompt || : ;;
    *) _keybound_same || _keybound_plainly _keybound_step || : ;;
  esac
  [[ $- != *e* ]] || return 0
  return "$_keybound_status"
}
_keybound_prompt() { _keybound_same || _keybound_step; }
_keybound_step() {
  local _keybound_out
  if _keybound_tried || ! _keybound_there; then return 0; fi
  if _keybound_out=$(@ENV@ "$_keybound_python" @START@ hook-step @SHELL@ "$_keybound_dir" "$@"); then
    eval "$_keybound_out"
  fi
}
_keybound_tried() {
  local _keybound_place=$PWD:${KEYBOUND_PROFILE-} _keybound_now=${EPOCHSECONDS:-$SECONDS}
  if [ "$_keybound_place" = "${_keybound_last-}" ]; then
    if (( _keybound_now >= _keybound_from && _keybound_now < _keybound_from + 10 )); then return 0; fi
  fi
  _keybound_last=$_keybound_place _keybound_from=$_keybound_now
  return 1
}
_keybound_there() {
  if [[ -x $_keybound_python ]]; then return 0; fi
  printf 'keybound: %s @GONE@\n' "$_keybound_python" >&2
  return 127
}
_keybound_unpin() { _keybound_drop KEYBOUND_PROFILE; _keybound_pinned=; }
_keybound_pin() {
  if [[ -z ${_keybound_pinned-} ]]; then _keybound_keep KEYBOUND_PROFILE x; _keybound_pinned=1; fi
  export KEYBOUND_PROFILE="$1"
}
keybound() {
  local _keybound_chosen
  if [[ $# -eq 2 && $1 == use && $2 == - ]]; then
    _keybound_plainly _keybound_unpin
  elif ! _keybound_there; then
    return 127
  elif [[ $# -eq 2 && $1 == use && $2 != -* ]]; then
    @ENV@ "$_keybound_python" @START@ use --shell @SHELL@ "$2" >/dev/null || return "$?"
    _keybound_plainly _keybound_pin "$2"
  elif [[ $# -gt 0 ]]; then
    "$_keybound_python" @START@ "$@"
  else
    @ENV@ KEYBOUND_SWITCH_FILE=$_keybound_dir/switch "$_keybound_python" @START@ || return "$?"
    if [[ -s $_keybound_dir/switch ]]; then
      IFS= read -r _keybound_chosen < "$_keybound_dir/switch" || :
      : >| "$_keybound_dir/switch"
      _keybound_plainly _keybound_pin "$_keybound_chosen"
    fi
  fi
}
"""

# no prompt will come: a script, or -c, with -i too
_ONCE = f"""\
if [[ $- != *i* || -n ${{BASH_EXECUTION_STRING+x}}${{ZSH_EXECUTION_STRING+x}} ]]; then
  _keybound_plainly _keybound_step {ONCE} || :
fi
"""

# bash 3.2 compares seconds alone: while a file is young, it may change again unseen, so each prompt looks
_COARSE = b"[[ $_keybound_dir/finer -nt $_keybound_dir/deadline ]] || _keybound_until=$_keybound_since\n"


def script(shell: str, own: str, python: str, home: "Mapping[str, str]", state: str) -> str:
    """The whole hook; ``own`` is the part that only this shell understands."""
    from keybound.shells.starting import start_words

    text = (_HOOK + own).replace("@SHELL@", shell).replace("@START@", start_words()).replace("@GONE@", GONE)
    text = text.replace("@ENV@", " ".join(f"{name}={quoted(value)}" for name, value in home.items()))
    head = (
        "_keybound_plain=; case $- in *a*) set +a; unset _keybound_plain; esac\n"
        f"_keybound_python={quoted(python)}\n"
        f"if [[ ${{_keybound_dir-}} != */$$-* ]]; then\n"
        f"  _keybound_dir={quoted(state + '/hooks/')}$$-$RANDOM$RANDOM _keybound_pinned= _keybound_last=\n"
        f"fi\n"
    )
    return (
        head
        + text.lstrip("\n")
        + _ONCE
        + "if [[ -z ${_keybound_plain+x} ]]; then set -a; else unset _keybound_plain; fi\n"
    )


def assignments(answer: EnvUpdate, place: bytes, files: bytes, guard: bytes = b"") -> bytes:
    """What the shell evaluates after a step. In this order, whatever interrupts it is mended by the next step.

    ``place`` and ``files`` are commands that succeed where the shell has not moved, and where no file has; none: empty.
    ``guard``: what stands before a command that a readonly variable would make the end of everything.
    """
    lines = [b"_keybound_same() { return 1; }\n"]
    lines += [guard + f"_keybound_drop {name}\n".encode() for name in answer.drop]
    lines.append(SHELL.assign("KEYBOUND_HELD", answer.held.encode()) if answer.held else b"unset -v KEYBOUND_HELD\n")
    for name, value in answer.put.items():
        if name in answer.keep:
            lines.append(guard + f"_keybound_keep {name} {'x' if answer.keep[name] else ''} && ".encode())
        lines.append(guard + SHELL.assign(name, value))
    lines.append(f"KEYBOUND_PROMPT_PROFILE={answer.profile} KEYBOUND_PROMPT_STATE={answer.state}\n".encode())
    lines.append(b"_keybound_since=${EPOCHSECONDS:-$SECONDS}\n")
    lines.append(f"_keybound_until=$((_keybound_since + {answer.seconds}))\n".encode())
    lines += [_COARSE] if any(one.young for one in answer.files) else []
    lines.append(b'_keybound_place="$PWD:${KEYBOUND_PROFILE-}" _keybound_last=\n')
    for name in answer.variables:
        lines.append(f"_keybound_look {name}; _keybound_saw_{name}=$_keybound_seen\n".encode())
    return b"".join(lines) + _same(answer, place, files)


def _same(answer: EnvUpdate, place: bytes, files: bytes) -> bytes:
    """The comparison of a prompt with what this answer was judged on; its status is 0 where nothing moved."""
    tests = [
        place,
        b"(( ${EPOCHSECONDS:-$SECONDS} >= _keybound_since && ${EPOCHSECONDS:-$SECONDS} < _keybound_until ))",
    ]
    tests += [files] if files else []
    for name in answer.variables:
        tests.append(f'_keybound_look {name} && [ "$_keybound_seen" = "$_keybound_saw_{name}" ]'.encode())
    return b"_keybound_same() {\n  local _keybound_seen\n  " + b" &&\n    ".join(tests) + b"\n}\n"


def same_ends(answer: EnvUpdate) -> list[bytes]:
    """A test for each link that leads somewhere: it leads there still. What has one mtime for ever needs no more."""
    return [b"%s -ef %s" % (quoted_path(one.path), quoted_path(one.mark)) for one in answer.links if one.mark]
