"""fish: its form of export, its completion, and its prompt hook, which starts no process at an unchanged prompt.

Each answer defines ``_keybound_same`` anew, with its files as words: fish reads words quicker than variables. Its
``path mtime`` tells the time of every file in one call, in whole seconds; a file that was young at the last look is
compared with its marker too, to the nanosecond (docs/decisions). fish has no builtin clock: the deadline is a marker
whose time lies ahead, compared with the file that those times have just been written to.
"""

import os

from keybound.shells.base import HookedShell
from keybound.shells.checked import checked
from keybound.shells.step import GONE, ONCE, EnvUpdate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# At each prompt fish writes to a file; the runtime folder is in memory, where that is cheap.
_HOOK = r"""
if not set -q _keybound_dir
    set -l stamps @STATE@/hooks
    test -O "$XDG_RUNTIME_DIR"; and set stamps $XDG_RUNTIME_DIR/keybound
    set -g _keybound_dir $stamps/$fish_pid-(random)(random)
end
function _keybound_call
    @ENV@ $_keybound_python @START@ $argv
end
function _keybound_same
    return 1
end
function _keybound_moved
    for name in $_keybound_names
        set -l saw _keybound_saw_$name
        if set -qx $name
            set -q $saw; and test "$$name" = "$$saw"; or return 0
        else if set -q $saw
            return 0
        end
    end
    return 1
end
function _keybound_see
    set -e _keybound_saw_$argv[1]
    set -qx $argv[1]; and set -g _keybound_saw_$argv[1] "$$argv[1]"
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
function _keybound_there
    test -x $_keybound_python; and return
    echo "keybound: $_keybound_python @GONE@" >&2
    return 127
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
    _keybound_there; or return
    set -l _keybound_out (@ENV@ $_keybound_python @START@ hook-step fish $_keybound_dir $argv | string split0)
    test $pipestatus[1] -eq 0; and eval $_keybound_out[1]
end
function _keybound_hook --on-event fish_prompt
    set -l fish_trace
    _keybound_same; or _keybound_step
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
    _keybound_there; or return
    if test (count $argv) -eq 2; and test "$argv[1]" = use; and not string match -q -- '-*' "$argv[2]"
        _keybound_call use --shell fish $argv[2] >/dev/null; or return
        _keybound_pin $argv[2]
    else if test (count $argv) -gt 0
        $_keybound_python @START@ $argv
    else
        KEYBOUND_SWITCH_FILE=$_keybound_dir/switch _keybound_call; or return
        if test -s $_keybound_dir/switch
            read -l chosen <$_keybound_dir/switch
            echo -n >$_keybound_dir/switch
            _keybound_pin $chosen
        end
    end
end
if not status is-interactive
    or string match -qr -- '^(-[a-z]*c|--command)' (string split0 </proc/$fish_pid/cmdline 2>/dev/null)
    _keybound_step @ONCE@
end
"""
_COMPLETION = """function __keybound_complete
    set -l line (commandline -opc)
    set -l found (@CALL@ complete -- $line[2..] (commandline -ct) 2>/dev/null)
    test -n "$found[1]"; and printf '%s\\n' $found; or __fish_complete_path (commandline -ct)
end
complete -c keybound -f -a '(__keybound_complete)'
"""


class Fish(HookedShell):
    """fish: single quotes, in which only the backslash and the quote are escaped."""

    rc_file = "~/.config/fish/config.fish"
    rc_line = "keybound hook fish | source"
    completion = _COMPLETION

    def assign(self, name: str, value: bytes) -> bytes:
        """``set -gx NAME 'value'``. A value that is not UTF-8 is given byte for byte as ``\\X..`` escapes."""
        return b"set -gx " + checked(name) + b" " + _word(value) + b"\n"

    def unset(self, name: str) -> bytes:
        """``set -e NAME``."""
        return b"set -e " + checked(name) + b"\n"

    def hook(self, python: str, home: "Mapping[str, str]", state: str) -> str:
        """The script that ``keybound hook fish | source`` evaluates."""
        from keybound.shells.starting import start_words

        places = {
            "@START@": start_words(),
            "@ONCE@": ONCE,
            "@STATE@": _quoted(state),
            "@GONE@": GONE,
            "@ENV@": " ".join(f"{name}={_quoted(value)}" for name, value in home.items()),
        }
        text = f"set -g _keybound_python {_quoted(python)}\n" + _HOOK.lstrip("\n")
        for mark, value in places.items():
            text = text.replace(mark, value)
        return text

    def render(self, answer: EnvUpdate) -> bytes:
        """What fish evaluates after a step, and each value, with NUL after each: ``fish --profile`` logs what is evaluated.

        In this order, whatever interrupts it is mended by the next step.
        """
        lines = [b"set -g _keybound_place\n"]
        lines += [f"_keybound_drop {name}\n".encode() for name in answer.drop]
        lines.append(self.assign("KEYBOUND_HELD", answer.held.encode()) if answer.held else b"set -eg KEYBOUND_HELD\n")
        for number, name in enumerate(answer.put, start=2):
            lines += [f"_keybound_keep {name}\n".encode()] if name in answer.keep else []
            lines.append(f"set -gx {checked(name).decode()} $_keybound_out[{number}]\n".encode())
        lines.append(f"set -gu KEYBOUND_PROMPT_PROFILE {_quoted(answer.profile)}\n".encode())
        lines.append(f"set -gu KEYBOUND_PROMPT_STATE {_quoted(answer.state)}\n".encode())
        lines.append(_same(answer).encode())
        lines.append(f"set -g _keybound_names {' '.join(answer.variables)}\n".encode())
        lines += [f"_keybound_see {name}\n".encode() for name in answer.variables]
        times = "".join(f"{one.mtime_ns // 10**9}\\n" for one in answer.files if one.mark)
        lines.append(f'set -g _keybound_place "$PWD:$KEYBOUND_PROFILE:"{times}\nset -e _keybound_last\n'.encode())
        return b"".join(part + b"\0" for part in (b"".join(lines), *answer.put.values()))


def _same(answer: EnvUpdate) -> str:
    """The function that says whether place, time, files and variables are as they were."""
    there = [one for one in answer.files if one.mark]
    absent = [_quoted(one.path) for one in answer.files if not one.mark]
    if not answer.seconds:
        return "function _keybound_same; return 1; end\n"
    stamps = _quoted(os.path.dirname(there[0].mark)) if there else "$_keybound_dir"
    times = f"path mtime -- {' '.join(_quoted(one.path) for one in there)}" if there else "echo -n"  # path would wait
    looks = [
        '"$PWD:$KEYBOUND_PROFILE:$times" = "$_keybound_place"',
        f"! {stamps}/now -nt {stamps}/deadline",
        *(_unmoved(_quoted(one.path), _quoted(one.mark)) for one in there if one.young),
        *(f"{_quoted(one.path)} -ef {_quoted(one.mark)}" for one in answer.links if one.mark),
    ]
    lines = [
        f"{times} >{stamps}/now; or return 1",  # nowhere to write: what is read next is of old
        f"read -lz times <{stamps}/now",
        f"test {' -a '.join(looks)}",
        *([f"and not path is -- {' '.join(absent)}"] if absent else []),
        *(["and not _keybound_moved"] if answer.variables else []),
    ]
    return "\n".join(["function _keybound_same", *lines, "end\n"])


def _unmoved(path: str, mark: str) -> str:
    return f"! {path} -nt {mark} -a ! {path} -ot {mark}"  # a missing file is older than any


def _word(value: bytes) -> bytes:
    """One word of fish; not in quotes but byte for byte as ``\\X..`` escapes where it is not UTF-8."""
    try:
        value.decode()
    except UnicodeDecodeError:
        return b"".join(b"\\X%02x" % byte for byte in value)
    return b"'" + value.replace(b"\\", b"\\\\").replace(b"'", b"\\'") + b"'"


def _quoted(text: str) -> str:
    return _word(text.encode("utf-8", "surrogateescape")).decode()


SHELL = Fish()
