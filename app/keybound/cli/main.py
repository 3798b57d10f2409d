"""The command line: find the verb, import only what it needs, turn errors into one line and an exit status."""

from keybound.cli.lines import complain, drop, flush, hold_descriptors, put
from keybound.domain.errors import CannotPrint, KeyboundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

VERBS = {
    "init": ("house:init", "choose a store, make the profile `default`"),
    "demo": ("demo:demo", "the application on a throw-away home"),
    "profile": ("profiles:profile", "list, new, show, edit, rename, remove, set, unset"),
    "add": ("tokens:add", "store a token and bind it"),
    "bind": ("tokens:bind", "bind a token to a key"),
    "unbind": ("tokens:unbind", "take a binding away"),
    "list": ("lists:list_tokens", "every token and its state"),
    "show": ("lists:show", "one token in full"),
    "why": ("lists:why", "why a token is in its state"),
    "approve": ("approving:approve", "approve a definition and its readings"),
    "refresh": ("tokens:refresh", "replace a token's secret"),
    "expire": ("tokens:expire", "expire a token now"),
    "remove": ("tokens:remove", "delete a token"),
    "copy": ("copying:copy", "a token's secret to the clipboard"),
    "use": ("house:use", "switch profile"),
    "env": ("leaving:env", "print what a shell evaluates"),
    "exec": ("running:exec_", "run a command with its tokens"),
    "inject": ("injecting:inject", "fill {{ token }} places of a text"),
    "shim": ("shims:shim", "a program that runs the real one with its tokens"),
    "git-credential": ("helpers:git_credential", "answer git"),
    "docker-credential": ("helpers:docker_credential", "answer Docker"),
    "aws-credential": ("helpers:aws_credential", "answer the AWS tools"),
    "completion": ("completing:completion", "print the completion script of a shell"),
    "allow": ("projects:allow", "let a folder's .keybound.toml choose its profile"),
    "deny": ("projects:deny", "take that back"),
    "hook": ("hooking:hook", "print the prompt hook of a shell"),
    "plan": ("planning:plan", "what a change would do"),
    "check": ("checking:check", "policy, files and scenarios, for CI"),
    "docs": ("docs:docs", "a page of who depends on what; JSON Schemas"),
    "watch": ("watching:watch", "the guard without a screen"),
    "log": ("logs:log", "the journal"),
    "lock": ("house:lock", "lock the store"),
    "unlock": ("house:unlock", "unlock the store"),
}
# what hooks, shims and completion scripts call, not for people
_CALLS = {"hook-step": "hooking:step", "shim-run": "shims:shim_run", "complete": "completing:complete"}
QUICK = ("exec", "env")


def main(argv: "Sequence[str]") -> int:
    """Run one command; return its exit status."""
    hold_descriptors()
    try:
        status = _dispatch(list(argv))
        flush()
        return status
    except KeyboundError as error:
        if isinstance(error, CannotPrint):
            drop()
        complain(str(error))
        return error.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        drop()
        return 1


def _dispatch(argv: list[str]) -> int:
    if not argv:
        from keybound.cli.application import run

        return run()
    verb = argv[0]
    if verb in ("--version", "-V"):
        from keybound import __version__

        put(f"keybound {__version__}\n")
        return 0
    if verb in ("--help", "-h", "help"):
        put(_usage())
        return 0
    where = _CALLS.get(verb) or VERBS.get(verb, ("",))[0]
    if not where:
        complain(f"no command is called {verb!r}\n  See: keybound --help")
        return 2
    if verb in QUICK:
        from keybound.cli.quick import quick

        status = quick(argv)
        if status is not None:
            return status
    from importlib import import_module

    module, _, function = where.partition(":")
    run_verb: Callable[[list[str]], int] = getattr(import_module(f"keybound.cli.{module}"), function)
    return run_verb(argv[1:])


def _usage() -> str:
    rows = "".join(f"  {verb:<17} {words}\n" for verb, (_, words) in VERBS.items())
    return (
        "keybound: the credential manager that knows what a token depends on\n\n"
        "  keybound            opens the application\n  keybound COMMAND    see keybound COMMAND --help\n\n" + rows
    )
