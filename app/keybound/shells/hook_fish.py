"""The prompt hook of fish: at an unchanged prompt it starts no process.

fish has no builtin clock: the deadline is a marker whose time lies ahead, compared with a file that a redirection has
just written. Since fish 3.6 the age of the interpreter's file is one, too slow for each prompt. All files are compared by
one call of ``test``, whose arguments each answer makes anew.
"""

from collections.abc import Mapping

from keybound.shells.fish_form import SHELL
from keybound.shells.step import Answer, Watched

_HOOK = r"""
function _keybound_call
    @ENV@ $_keybound_python -I -m keybound.cli $argv
end
function _keybound_moved
    for name in $_keybound_names
        set -l saw _keybound_saw_$name
        test (_keybound_look $name) = $$saw; or return 0
    end
    return 1
end
function _keybound_look
    set -qx $argv[1]; and echo "x$$argv[1]" | string collect --no-trim-newlines; or echo unset
end
function _keybound_tried
    set -l now (path mtime -R -- $_keybound_python 2>/dev/null; or echo 0)
    if test "$PWD:$KEYBOUND_PROFILE" = "$_keybound_last"; and test $now -ge $_keybound_from
        test $now -lt (math $_keybound_from + 10); and return 0
    end
    set -g _keybound_last "$PWD:$KEYBOUND_PROFILE"
    set -g _keybound_from $now
    return 1
end
function _keybound_keep
    set -e _keybound_prior_$argv[1]
    set -e _keybound_priorx_$argv[1]
    if set -qgx $argv[1]
        set -g _keybound_priorx_$argv[1] $$argv[1]
    else if set -qg $argv[1]
        set -g _keybound_prior_$argv[1] $$argv[1]
    end
end
function _keybound_drop
    set -l plain _keybound_prior_$argv[1]
    set -l exported _keybound_priorx_$argv[1]
    set -eg $argv[1]
    if set -q $exported
        set -gx $argv[1] $$exported
        set -e $exported
    else if set -q $plain
        set -gu $argv[1] $$plain
        set -e $plain
    end
end
function _keybound_step
    _keybound_tried; and return
    set -l fish_trace
    set -l out (_keybound_call hook-step fish $_keybound_dir | string collect)
    test $pipestatus[1] -eq 0; and eval $out
end
function _keybound_hook --on-event fish_prompt
    set -l before $status
    set -q _keybound_files[1]; and echo -n >$_keybound_dir/now
    if not test "$PWD:$KEYBOUND_PROFILE" = "$_keybound_place" $_keybound_files
        _keybound_step
    else if set -q _keybound_names[1]; and _keybound_moved
        _keybound_step
    end
    return $before
end
function _keybound_pin
    if not set -q _keybound_pinned
        _keybound_keep KEYBOUND_PROFILE
        set -g _keybound_pinned 1
    end
    set -gx KEYBOUND_PROFILE $argv[1]
end
function keybound
    if test (count $argv) -eq 2; and test "$argv[1]" = use; and test "$argv[2]" = -
        _keybound_drop KEYBOUND_PROFILE
        set -e _keybound_pinned
        return 0
    end
    if test (count $argv) -eq 2; and test "$argv[1]" = use; and not string match -q -- '-*' "$argv[2]"
        _keybound_call use --shell fish $argv[2] >/dev/null; or return
        _keybound_pin $argv[2]
    else if test (count $argv) -gt 0
        $_keybound_python -I -m keybound.cli $argv
    else
        KEYBOUND_SWITCH_FILE=$_keybound_dir/switch _keybound_call; or return
        if test -s $_keybound_dir/switch
            read -l chosen <$_keybound_dir/switch
            echo -n >$_keybound_dir/switch
            _keybound_pin $chosen
        end
    end
end
"""


def hook(python: str, home: Mapping[str, str], state: str) -> str:
    """The script that ``keybound hook fish | source`` evaluates."""
    head = (
        f"set -g _keybound_python {_quoted(python)}\n"
        f"set -q _keybound_dir; or set -g _keybound_dir {_quoted(state + '/hooks/')}$fish_pid-(random)(random)\n"
    )
    return head + _HOOK.replace("@ENV@", " ".join(f"{name}={_quoted(value)}" for name, value in home.items())).lstrip()


def render(answer: Answer) -> bytes:
    """What fish evaluates after a step. In this order, whatever interrupts it is mended by the next step."""
    lines = [b"set -g _keybound_place\n"]
    lines += [f"_keybound_drop {name}\n".encode() for name in answer.drop]
    lines.append(SHELL.assign("KEYBOUND_HELD", answer.held.encode()) if answer.held else b"set -eg KEYBOUND_HELD\n")
    for name, value in answer.put.items():
        lines += [f"_keybound_keep {name}\n".encode()] if name in answer.keep else []
        lines.append(SHELL.assign(name, value))
    lines.append(f"set -gu KEYBOUND_PROMPT_PROFILE {_quoted(answer.profile)}\n".encode())
    lines.append(f"set -gu KEYBOUND_PROMPT_STATE {_quoted(answer.state)}\n".encode())
    words = ["! $_keybound_dir/now -nt $_keybound_dir/deadline", *map(_unmoved, answer.files)]
    lines.append(f"set -g _keybound_files -a {' -a '.join(words)}\n".encode("utf-8", "surrogateescape"))
    lines.append(f"set -g _keybound_names {' '.join(answer.variables)}\n".encode())
    lines += [f"set -g _keybound_saw_{name} (_keybound_look {name})\n".encode() for name in answer.variables]
    lines.append(b'set -g _keybound_place "$PWD:$KEYBOUND_PROFILE"\nset -e _keybound_last\n')
    return b"".join(lines)


def _unmoved(one: Watched) -> str:
    path, mark = _quoted(one.path), _quoted(one.mark)
    if not one.mark:
        return f"! -e {path}"
    return f"! {path} -nt {mark} -a ! {path} -ot {mark}"  # a missing file is older than any


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
