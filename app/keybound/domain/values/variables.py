"""Names of environment variables: which can be one, and which steer how programs run."""

_LOADER = (
    r"(?:PATH|LD_.*|DYLD_.*|BASH_ENV|BASH_FUNC_.*|ENV|PROMPT_COMMAND|PS[0-4]|IFS|PYTHON.*|NODE_OPTIONS|NODE_PATH|GIT_.*"
    r"|PERL.*|RUBY(?:OPT|LIB|SHELL)|SHELLOPTS|BASHOPTS|ZDOTDIR|CDPATH|FPATH|FIGNORE|GLOBIGNORE|HISTFILE|INPUTRC|EDITOR|VISUAL"
    r"|PAGER|SHELL|HOME|USER|TERM|TERMINFO|XDG_.*|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|GCONV_PATH"
    r"|LOCPATH|NLSPATH|TMPDIR|LUA_(?:INIT|PATH|CPATH).*|PHPRC|PHP_INI_SCAN_DIR|LESSOPEN|LESSCLOSE|MANPAGER|BROWSER"
    r"|KEYBOUND_.*|_KEYBOUND_.*|KEYBOUND|_|PWD|OLDPWD|SHLVL)\Z"
)
MAX_ENV_STRING = 131_072 - 2  # Linux MAX_ARG_STRLEN counts NAME=value and its NUL


def is_variable(text: str) -> bool:
    """Whether ``text`` can be the name of an environment variable in every shell: ``[A-Za-z_][A-Za-z0-9_]*``."""
    return text.isascii() and text.isidentifier()


def steers_programs(variable: str) -> bool:
    """Whether the variable changes how programs load or run code, or is Keybound's own."""
    import re

    return re.match(_LOADER, variable, re.IGNORECASE) is not None


def variable_fault(variable: str, allowed: frozenset[str] = frozenset()) -> str:
    """Say why ``variable`` may not be exported, or "" where it may. ``allowed``: what policy.toml names."""
    if not is_variable(variable):
        return f"{variable!r} is not a valid variable name (A-Z a-z 0-9 _, no digit first)"
    if steers_programs(variable) and variable not in allowed:
        return f"{variable} changes how programs run, so it is not exported unless policy.toml allows it"
    return ""
