"""The command line: find the verb, import only what it needs, turn errors into one line and an exit status."""

from keybound.cli.agent import client
from keybound.cli.lines import complain, drop, flush, hold_descriptors, put
from keybound.domain.errors import BadInput, CannotPrint, KeyboundError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Verb:
    """A command of the command line.

    ``place``: where its function stands; its parser stands beside it, called as the function with ``_parser`` behind.
    ``group``: its heading in ``keybound --help``; ``says``: what it does, in one line.
    """

    __slots__ = ("group", "place", "says")

    def __init__(self, place: str, group: str, says: str) -> None:
        self.place, self.group, self.says = place, group, says


START = "Get started"
TOKENS = "Manage tokens"
BIND = "Bind and approve them"
USE = "Use them"
PROFILES = "Choose a profile"
SHELLS = "Set up your shell"
MAINTAIN = "Maintain"
# in the order of --help; no module is imported but that of the verb that is called
VERBS = {
    "init": Verb(".house:init", START, "choose where secrets are kept, and create the first profile"),
    "demo": Verb(".demo:demo", START, "try the application on a throwaway home"),
    "status": Verb(".status:status", START, "show the store, the profile in use, and what needs attention"),
    "add": Verb(".adding:add", TOKENS, "store a token and bind it"),
    "list": Verb(".lists:list_tokens", TOKENS, "list all tokens and their states"),
    "show": Verb(".lists:show", TOKENS, "show everything about a token"),
    "why": Verb(".lists:why", TOKENS, "explain why a token is in its state"),
    "set": Verb(".setting:set_", TOKENS, "change one of a token's fields, such as ttl, scopes or env"),
    "token": Verb(".token:token", TOKENS, "rename, move or copy a token"),
    "refresh": Verb(".tokens:refresh", TOKENS, "replace a token's secret"),
    "expire": Verb(".tokens:expire", TOKENS, "expire a token now"),
    "remove": Verb(".tokens:remove", TOKENS, "delete a token: its secret and its definition"),
    "bind": Verb(".binding:bind", BIND, "bind a token to a key, or change its boundary"),
    "unbind": Verb(".binding:unbind", BIND, "remove a binding"),
    "file": Verb(".filing:file", BIND, "name a local file in [files]"),
    "approve": Verb(".approving:approve", BIND, "show what has changed since the last approval, and approve it"),
    "plan": Verb(".planning:plan", BIND, "show what a change would do, without making it"),
    "check": Verb(".checking:check", BIND, "check profiles, policy and scenarios, for CI"),
    "docs": Verb(".docs:docs", BIND, "print a page of what each token depends on, or a JSON Schema"),
    "exec": Verb(".running:exec_", USE, "run a command with a profile's variables"),
    "env": Verb(".leaving:env", USE, "print a profile's variables for a shell to evaluate"),
    "copy": Verb(".copying:copy", USE, "copy a token's secret to the clipboard"),
    "inject": Verb(".injecting:inject", USE, "fill in the {{ token }} placeholders of a template"),
    "shim": Verb(".shims:shim", USE, "create a wrapper that runs a program with its tokens"),
    "git-credential": Verb(".helpers:git_credential", USE, "serve a token to git, as its credential helper"),
    "docker-credential": Verb(".helpers:docker_credential", USE, "serve a token to Docker, as its credential helper"),
    "aws-credential": Verb(".helpers:aws_credential", USE, "serve tokens to AWS tools, as their credential_process"),
    "profile": Verb(".profiles:profile", PROFILES, "create, show and edit profiles"),
    "use": Verb(".house:use", PROFILES, "switch to a profile, or show which one is in use"),
    "allow": Verb(".projects:allow", PROFILES, "let a folder's .keybound.toml choose the profile there"),
    "deny": Verb(".projects:deny", PROFILES, "undo `allow`"),
    "hook": Verb(".hooking:hook", SHELLS, "print a shell's prompt hook"),
    "completion": Verb(".completing:completion", SHELLS, "print a shell's completion script"),
    "agent": Verb(".agent.verb:agent", SHELLS, "start, stop or check the process that speeds up releases"),
    "watch": Verb(".watching:watch", MAINTAIN, "watch the tokens and report every change"),
    "adopt": Verb(".adopting:adopt", MAINTAIN, "restore a token's lost definition, or take over a moved home"),
    "log": Verb(".logs:log", MAINTAIN, "show the journal: every change, release and alert"),
    "lock": Verb(".house:lock", MAINTAIN, "lock the store"),
    "unlock": Verb(".house:unlock", MAINTAIN, "unlock the store"),
}
# what hooks, shims and completion scripts call, not for people
_CALLS = {"hook-step": ".hooking:step", "shim-run": ".shims:shim_run", "complete": ".completing:complete"}


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
    from keybound.domain.verdict.wording import looks_secret

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
    if verb not in VERBS and verb not in _CALLS:
        raise BadInput(f"unknown command {verb!r}", hint="See: keybound --help")
    return _release(argv) if verb in client.VERBS else run_verb(argv)


def _release(argv: list[str]) -> int:
    """By the agent, or else here."""
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
    from keybound.domain.registry import load

    verb = argv[0]
    run: Callable[[list[str]], int] = load(_CALLS[verb] if verb in _CALLS else VERBS[verb].place, __package__)
    return run(list(argv[1:]))
