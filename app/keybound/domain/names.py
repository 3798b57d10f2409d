"""Names of profiles, tokens, files and variables."""

import re
from typing import NamedTuple

from keybound.domain.errors import BadInput

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}\Z")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_LOADER = re.compile(
    r"(?:PATH|LD_.*|DYLD_.*|BASH_ENV|BASH_FUNC_.*|ENV|PROMPT_COMMAND|PS[0-4]|IFS|PYTHON.*|NODE_OPTIONS|NODE_PATH|GIT_.*"
    r"|PERL.*|RUBY(?:OPT|LIB|SHELL)|SHELLOPTS|BASHOPTS|ZDOTDIR|CDPATH|FPATH|FIGNORE|GLOBIGNORE|HISTFILE|INPUTRC|EDITOR|VISUAL"
    r"|PAGER|SHELL|HOME|USER|TERM|TERMINFO|XDG_.*|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|GCONV_PATH"
    r"|LOCPATH|NLSPATH|TMPDIR|LUA_(?:INIT|PATH|CPATH).*|PHPRC|PHP_INI_SCAN_DIR|LESSOPEN|LESSCLOSE|MANPAGER|BROWSER"
    r"|KEYBOUND_.*|_KEYBOUND_.*|KEYBOUND|_|PWD|OLDPWD|SHLVL)\Z",
    re.IGNORECASE,
)
MAX_ENV_STRING = 131_072 - 2  # Linux MAX_ARG_STRLEN counts NAME=value and its NUL


class TokenId(NamedTuple):
    """``profile/name``."""

    profile: str
    name: str

    def __str__(self) -> str:
        return f"{self.profile}/{self.name}"


def is_name(text: str) -> bool:
    """Whether ``text`` may name a profile, a token or a file."""
    return _NAME.match(text) is not None


def check_name(text: str, what: str) -> str:
    """Return ``text``, or raise BadInput that says what a name may hold."""
    if not is_name(text):
        raise BadInput(
            f"{text!r} is not a name for a {what}",
            hint="A name is 1 to 64 of a-z 0-9 . _ - and begins with a letter or a digit.",
        )
    return text


def parse_token_id(text: str) -> TokenId:
    """Read ``profile/name``; raise BadInput."""
    profile, slash, name = text.partition("/")
    if not slash:
        raise BadInput(f"{text!r} is not a token", hint="Write it as PROFILE/NAME, for example staging/github.")
    return TokenId(check_name(profile, "profile"), check_name(name, "token"))


def is_variable(text: str) -> bool:
    """Whether ``text`` can be the name of an environment variable in every shell."""
    return _VARIABLE.match(text) is not None


def steers_programs(variable: str) -> bool:
    """Whether the variable changes how programs load or run code, or is Keybound's own."""
    return _LOADER.match(variable) is not None


def variable_fault(variable: str, allowed: frozenset[str] = frozenset()) -> str:
    """Say why ``variable`` may not be exported, or "" where it may. ``allowed``: what policy.toml names."""
    if not is_variable(variable):
        return f"{variable!r} is not a variable name (A-Z a-z 0-9 _, not a digit first)"
    if steers_programs(variable) and variable not in allowed:
        return f"{variable} changes how programs run, so it is not exported unless policy.toml names it"
    return ""
