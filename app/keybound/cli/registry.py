"""The table of all verbs."""

PACKAGE = "keybound.cli.verbs"  # in which their places are looked for

APPLICATION = ("--theme", "--plain")  # what the application takes, where no verb is named


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
MINTED = "Mint and verify tokens"
PROFILES = "Choose a profile"
SHELLS = "Set up your shell"
MAINTAIN = "Maintain"
# in the order of --help; no module is imported but that of the verb that is called
VERBS = {
    "init": Verb(".start.init:init", START, "choose where secrets are kept, and create the first profile"),
    "demo": Verb(".start.demo:demo", START, "try the application on a throwaway home"),
    "status": Verb(".start.status:status", START, "show the store, the profile in use, and what needs attention"),
    "add": Verb(".tokens.add:add", TOKENS, "store a token and bind it"),
    "recognise": Verb(".tokens.recognise:recognise", TOKENS, "tell what a token is, storing nothing"),
    "list": Verb(".tokens.list:list_tokens", TOKENS, "list all tokens and their states"),
    "show": Verb(".tokens.show:show", TOKENS, "show everything about a token"),
    "why": Verb(".tokens.why:why", TOKENS, "explain why a token is in its state"),
    "usage": Verb(".tokens.usage:usage", TOKENS, "tell which programs got a token, where, how often and when"),
    "set": Verb(".tokens.set:set_", TOKENS, "change one of a token's fields, such as ttl, scopes or env"),
    "token": Verb(".tokens.token:token", TOKENS, "rename, move or copy a token"),
    "import": Verb(".tokens.import_:import_", TOKENS, "take plain tokens from files and other tools into the store"),
    "scan": Verb(".tokens.scan:scan", TOKENS, "find plain tokens in files, the usual places and git's history"),
    "refresh": Verb(".tokens.refresh:refresh", TOKENS, "replace a token's secret"),
    "login": Verb(".tokens.login:login", TOKENS, "get a token by OAuth, by agreeing in a browser"),
    "revoke": Verb(".tokens.revoke:revoke", TOKENS, "end a token's secret at its provider"),
    "probe": Verb(".tokens.probe:probe_", TOKENS, "ask providers what their tokens are and may do"),
    "expire": Verb(".tokens.expire:expire", TOKENS, "expire a token now, or all of them"),
    "remove": Verb(".tokens.remove:remove", TOKENS, "delete a token: its secret and its definition"),
    "bind": Verb(".bindings.bind:bind", BIND, "bind a token to a key, or change its boundary"),
    "unbind": Verb(".bindings.unbind:unbind", BIND, "remove a binding"),
    "keys": Verb(".bindings.keys:keys", BIND, "list what can be bound from here, with its value and origin"),
    "file": Verb(".bindings.file:file", BIND, "name a local file in [files]"),
    "approve": Verb(".bindings.approve:approve", BIND, "show what has changed since the last approval, and approve it"),
    "plan": Verb(".bindings.plan:plan", BIND, "show what a change would do, without making it"),
    "check": Verb(".bindings.check:check", BIND, "check profiles, policy and scenarios, for CI"),
    "docs": Verb(".bindings.docs:docs", BIND, "print a page of what each token depends on, or a JSON Schema"),
    "exec": Verb(".use.exec:exec_", USE, "run a command with a profile's variables"),
    "env": Verb(".use.env:env", USE, "print a profile's variables for a shell to evaluate"),
    "copy": Verb(".use.copy:copy", USE, "copy a token's secret to the clipboard"),
    "inject": Verb(".use.inject:inject", USE, "fill in the {{ token }} placeholders of a template"),
    "shim": Verb(".use.shim:shim", USE, "create a wrapper that runs a program with its tokens"),
    "git-credential": Verb(".use.git_credential:git_credential", USE, "serve a token to git, as its credential helper"),
    "docker-credential": Verb(
        ".use.docker_credential:docker_credential", USE, "serve a token to Docker, as its credential helper"
    ),
    "aws-credential": Verb(
        ".use.aws_credential:aws_credential", USE, "serve tokens to AWS tools, as their credential_process"
    ),
    "kube-credential": Verb(
        ".use.kube_credential:kube_credential", USE, "serve a token to kubectl, as its exec credential plugin"
    ),
    "mint": Verb(".minted.mint:mint", MINTED, "print a freshly signed token"),
    "jwks": Verb(".minted.jwks:jwks", MINTED, "print the public keys of minted tokens"),
    "digest": Verb(".minted.digest:digest", MINTED, "print the digest of a token's bound configuration"),
    "verify": Verb(".minted.verify:verify", MINTED, "check a minted token: signature, times, audience, configuration"),
    "profile": Verb(".profiles.profile:profile", PROFILES, "create, show and edit profiles"),
    "use": Verb(".profiles.use:use", PROFILES, "switch to a profile, or show which one is in use"),
    "allow": Verb(".profiles.allow:allow", PROFILES, "let a folder's .keybound.toml choose the profile there"),
    "deny": Verb(".profiles.deny:deny", PROFILES, "undo `allow`"),
    "hook": Verb(".shells.hook:hook", SHELLS, "print a shell's prompt hook"),
    "completion": Verb(".shells.completion:completion", SHELLS, "print a shell's completion script"),
    "agent": Verb(
        "..agent.verb:agent", SHELLS, "start, stop or check the process that speeds up releases and watches tokens"
    ),
    "watch": Verb(".maintain.watch:watch", MAINTAIN, "watch the tokens and report every change"),
    "alerts": Verb(".maintain.alerts:alerts", MAINTAIN, "list alerts, test where they go, and approve their commands"),
    "doctor": Verb(".maintain.doctor:doctor", MAINTAIN, "check store, files, hook, agent and more, and say what to do"),
    "adopt": Verb(".maintain.adopt:adopt", MAINTAIN, "restore a token's lost definition, or take over a moved home"),
    "log": Verb(".maintain.log:log", MAINTAIN, "show the journal: every change, release and alert"),
    "store": Verb(".maintain.store:store", MAINTAIN, "move secrets to another store, or change its passphrase or key"),
    "backup": Verb(".maintain.backup:backup", MAINTAIN, "write everything into one encrypted file"),
    "restore": Verb(".maintain.restore:restore", MAINTAIN, "put a backup back; what is here stays"),
    "lock": Verb(".maintain.lock:lock", MAINTAIN, "lock the store"),
    "unlock": Verb(".maintain.unlock:unlock", MAINTAIN, "unlock the store"),
}
