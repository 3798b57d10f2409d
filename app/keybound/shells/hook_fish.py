"""The prompt hook of fish: at an unchanged prompt it starts no process.

fish has no builtin clock: the deadline is a marker whose time lies ahead, compared with a file that a redirection has
just written.
"""

from collections.abc import Mapping

from keybound.shells.fish_form import SHELL
from keybound.shells.step import Answer

_HOOK = r"""
function _keybound_call
    @ENV@ $_keybound_python -I -m keybound.cli $argv
end
function _keybound_changed
    set -q _keybound_ready; or return 0
    test "$PWD" = "$_keybound_pwd" -a "$KEYBOUND_PROFILE" = "$_keybound_pin"; or return 0
    echo -n >$_keybound_dir/now
    test $_keybound_dir/now -nt $_keybound_dir/deadline; and return 0
    test $_keybound_generation -nt $_keybound_dir/generation; and return 0
    test $_keybound_generation -ot $_keybound_dir/generation; and return 0
    set -l n 0
    for f in $_keybound_files
        if test -e $_keybound_dir/$n
            test -e "$f"; or return 0
            test "$f" -nt $_keybound_dir/$n; and return 0
            test "$f" -ot $_keybound_dir/$n; and return 0
        else
            test -e "$f"; and return 0
        end
        set n (math $n + 1)
    end
    for name in $_keybound_names
        set -l saw _keybound_saw_$name
        test "$$name" = "$$saw"; or return 0
    end
    return 1
end
function _keybound_keep
    set -q $argv[1]; and set -g _keybound_prior_$argv[1] $$argv[1]
end
function _keybound_drop
    set -l prior _keybound_prior_$argv[1]
    set -e $argv[1]
    if set -q $prior
        set -gx $argv[1] $$prior
        set -e $prior
    end
end
function _keybound_hook --on-event fish_prompt
    set -l before $status
    if _keybound_changed
        set -l out (_keybound_call hook-step fish $_keybound_dir | string collect)
        if test $pipestatus[1] -eq 0
            eval $out
        end
    end
    return $before
end
function keybound
    if test "$argv[1]" = use; and test -n "$argv[2]"; and not string match -q -- '--*' "$argv[2]"
        set -l out (_keybound_call use --shell fish $argv[2] | string collect)
        set -l rc $pipestatus[1]
        test $rc -eq 0; and eval $out
        return $rc
    end
    KEYBOUND_SWITCH_FILE=$_keybound_dir/switch _keybound_call $argv
    set -l rc $status
    if test -s $_keybound_dir/switch
        read -l chosen <$_keybound_dir/switch
        echo -n >$_keybound_dir/switch
        set -gx KEYBOUND_PROFILE $chosen
    end
    return $rc
end
"""


def hook(shell: str, python: str, home: Mapping[str, str], state: str) -> str:
    """The script that ``keybound hook fish | source`` evaluates."""
    head = (
        f"set -g _keybound_python {_quoted(python)}\n"
        f"set -g _keybound_generation {_quoted(state + '/generation')}\n"
        f"set -q _keybound_dir; or set -g _keybound_dir {_quoted(state + '/hooks/')}$fish_pid-(random)(random)\n"
    )
    return head + _HOOK.replace("@ENV@", " ".join(f"{name}={_quoted(value)}" for name, value in home.items())).lstrip()


def render(answer: Answer) -> bytes:
    """What fish evaluates after a step."""
    lines = [f"_keybound_drop {name}\n".encode() for name in answer.drop]
    for name, value in answer.put.items():
        lines += [f"_keybound_keep {name}\n".encode()] if name in answer.keep else []
        lines.append(SHELL.assign(name, value))
    lines.append(SHELL.assign("KEYBOUND_HELD", answer.held.encode()) if answer.held else b"set -e KEYBOUND_HELD\n")
    lines.append(f"set -g _keybound_files {' '.join(map(_quoted, answer.files))}\n".encode("utf-8", "surrogateescape"))
    lines.append(f"set -g _keybound_names {' '.join(answer.variables)}\n".encode())
    lines += [f'set -g _keybound_saw_{name} "${name}"\n'.encode() for name in answer.variables]
    lines.append(b'set -g _keybound_pwd "$PWD"\nset -g _keybound_pin "$KEYBOUND_PROFILE"\nset -g _keybound_ready 1\n')
    return b"".join(lines)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
