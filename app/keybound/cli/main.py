"""The command line: find the verb, import only what it needs, turn errors into one line and an exit status."""

from keybound.cli.agent import client
from keybound.cli.lines import complain, drop, flush, hold_descriptors, put
from keybound.domain.errors import BadInput, CannotPrint, KeyboundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

VERBS = {
    "init": ("house:init", "choose where secrets are kept, and create the first profile"),
    "demo": ("demo:demo", "try the application on a throwaway home"),
    "status": ("status:status", "show the store, the profile in use, and what needs attention"),
    "profile": ("profiles:profile", "create, show and edit profiles"),
    "add": ("adding:add", "store a token and bind it"),
    "bind": ("binding:bind", "bind a token to a key, or change its boundary"),
    "unbind": ("binding:unbind", "remove a binding"),
    "set": ("setting:set_", "change one of a token's fields, such as ttl, scopes or env"),
    "token": ("token:token", "rename, move or copy a token"),
    "file": ("filing:file", "name a local file in [files]"),
    "adopt": ("adopting:adopt", "restore a token's lost definition, or take over a moved home"),
    "list": ("lists:list_tokens", "list all tokens and their states"),
    "show": ("lists:show", "show everything about a token"),
    "why": ("lists:why", "explain why a token is in its state"),
    "approve": ("approving:approve", "show what has changed since the last approval, and approve it"),
    "refresh": ("tokens:refresh", "replace a token's secret"),
    "expire": ("tokens:expire", "expire a token now"),
    "remove": ("tokens:remove", "delete a token: its secret and its definition"),
    "copy": ("copying:copy", "copy a token's secret to the clipboard"),
    "use": ("house:use", "switch to a profile, or show which one is in use"),
    "env": ("leaving:env", "print a profile's variables for a shell to evaluate"),
    "exec": ("running:exec_", "run a command with a profile's variables"),
    "inject": ("injecting:inject", "fill in the {{ token }} placeholders of a template"),
    "shim": ("shims:shim", "create a wrapper that runs a program with its tokens"),
    "git-credential": ("helpers:git_credential", "serve a token to git, as its credential helper"),
    "docker-credential": ("helpers:docker_credential", "serve a token to Docker, as its credential helper"),
    "aws-credential": ("helpers:aws_credential", "serve tokens to AWS tools, as their credential_process"),
    "completion": ("completing:completion", "print a shell's completion script"),
    "allow": ("projects:allow", "let a folder's .keybound.toml choose the profile there"),
    "deny": ("projects:deny", "undo `allow`"),
    "hook": ("hooking:hook", "print a shell's prompt hook"),
    "plan": ("planning:plan", "show what a change would do, without making it"),
    "check": ("checking:check", "check profiles, policy and scenarios, for CI"),
    "docs": ("docs:docs", "print a page of what each token depends on, or a JSON Schema"),
    "agent": ("agent.verb:agent", "start, stop or check the process that speeds up releases"),
    "watch": ("watching:watch", "watch the tokens and report every change"),
    "log": ("logs:log", "show the journal: every change, release and alert"),
    "lock": ("house:lock", "lock the store"),
    "unlock": ("house:unlock", "unlock the store"),
}
# what hooks, shims and completion scripts call, not for people
_CALLS = {"hook-step": "hooking:step", "shim-run": "shims:shim_run", "complete": "completing:complete"}
QUICK = ("exec", "env")


def main(argv: "Sequence[str]") -> int:
    """Run one command; return its exit status."""
    return _told(_dispatch, argv)


def run_here(argv: "Sequence[str]") -> int:
    """Run a release in full, in this process; return its exit status."""
    return _told(run_verb, argv)


def _told(run: "Callable[[list[str]], int]", argv: "Sequence[str]") -> int:
    hold_descriptors()
    try:
        status = run(list(argv))
        flush()
        return status
    except KeyboundError as error:
        if isinstance(error, CannotPrint):
            drop()
        complain(_said(error, argv))
        return error.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        drop()
        return 1


def _said(error: KeyboundError, argv: "Sequence[str]") -> str:
    """What is said of an error; an argument that looks like a secret is not printed back."""
    from keybound.domain.wording import looks_secret

    text = str(error)
    for word in argv:
        text = text.replace(word, "••••••") if word and looks_secret("", word) else text
    return text


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
        from keybound.cli.usage import usage

        put(usage())
        return 0
    where = _CALLS.get(verb) or VERBS.get(verb, ("",))[0]
    if not where:
        raise BadInput(f"unknown command {verb!r}", hint="See: keybound --help")
    return _release(argv) if verb in client.VERBS else run_verb(argv)


def _release(argv: list[str]) -> int:
    """On a proof, by the agent, or in full here: the first that can tell."""
    if argv[0] in QUICK:
        from keybound.cli.quick import quick

        if (status := quick(argv)) is not None:
            return status
    given = b""
    if argv[0] in client.HELPERS and client.wanted(argv, client.here()):
        from keybound.cli.agent.given import put_back, taken

        given = taken()
    if (answer := client.ask(argv, given)) is not None:
        return client.deliver(answer)
    if given:
        put_back(given)
    status = run_verb(argv)
    if client.missed():
        from keybound.cli.agent.starting import start_for_next_time

        start_for_next_time()
    return status


def run_verb(argv: "Sequence[str]") -> int:
    """Run a command that is known, here."""
    where = _CALLS.get(argv[0]) or VERBS[argv[0]][0]
    from importlib import import_module

    module, _, function = where.partition(":")
    run: Callable[[list[str]], int] = getattr(import_module(f"keybound.cli.{module}"), function)
    return run(list(argv[1:]))
