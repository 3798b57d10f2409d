"""xonsh; its hook compares in Python, and starts the program only when something has changed."""

from keybound.shells.base import HookedShell
from keybound.shells.checked import checked
from keybound.shells.step import GONE, ONCE, EnvUpdate
from keybound.shells.step_json import render

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


_HOOK = r'''
class _KeyboundHook:
    """Sets and drops what Keybound says, before each prompt."""

    def __init__(self, old):
        import os
        self.python, self.home, self.state = @PYTHON@, @HOME@, @STATE@
        self.folder = old.folder if old else f"{self.state}/hooks/{os.getpid()}-{os.urandom(4).hex()}"
        self.prior = old.prior if old else {}
        self.pinned = old.pinned if old else False
        self.same, self.last, self.at = None, None, 0
        self.profile = self.state_word = ""

    def call(self, *words, home=True, more=(), **options):
        import subprocess
        environ = {**__xonsh__.env.detype(), **(self.home if home else {}), **dict(more)}
        return subprocess.run([self.python, *@START@, *words], env=environ, **options)

    def stamp(self, path):
        import os
        try:
            return os.stat(path).st_mtime_ns if path else None
        except OSError:
            return None

    def text(self, link):
        import os
        try:
            return os.readlink(link)
        except OSError:
            return None

    def place(self):
        import os
        try:
            folder = os.getcwd()
        except OSError:
            folder = None
        return folder, __xonsh__.env._d.get("KEYBOUND_PROFILE")

    def tried(self):
        import time
        now = time.time()
        if self.last == self.place() and self.at <= now < self.at + 10:
            return True
        self.last, self.at = self.place(), now
        return False

    def unchanged(self, answer, since, place, saw):
        import time
        env = __xonsh__.env._d
        return (
            since <= time.time() < since + answer["seconds"]
            and place == self.place()
            and all(self.stamp(path) == self.stamp(mark) for path, mark in answer["files"])
            and all(self.text(link) == text for link, text in answer["links"])
            and all(env.get(name) == value for name, value in saw.items())
        )

    def there(self):
        import os, sys
        if os.access(self.python, os.X_OK):
            return True
        print("keybound:", self.python, "@GONE@", file=sys.stderr)
        return False

    def keep(self, name):
        env = __xonsh__.env._d
        self.prior.pop(name, None)
        if name in env:
            self.prior[name] = env[name]

    def drop(self, name):
        env = __xonsh__.env._d
        env.pop(name, None)
        if name in self.prior:
            env[name] = self.prior.pop(name)

    def step(self, *how):
        import json, subprocess, time
        if (self.same and self.same()) or self.tried() or not self.there():
            return
        self.same = None
        try:
            done = self.call("hook-step", "xonsh", self.folder, *how, stdout=subprocess.PIPE)
        except KeyboardInterrupt:
            return
        if done.returncode != 0:
            return
        answer, env = json.loads(done.stdout), __xonsh__.env._d
        for name in answer["drop"]:
            self.drop(name)
        env.pop("KEYBOUND_HELD", None)
        if answer["held"]:
            env["KEYBOUND_HELD"] = answer["held"]
        for name, value in answer.pop("put").items():
            if name in answer["keep"]:
                self.keep(name)
            env[name] = value
        self.profile, self.state_word, self.last = answer["profile"], answer["state"], None
        since, place, saw = time.time(), self.place(), {name: env.get(name) for name in answer["names"]}
        self.same = lambda: self.unchanged(answer, since, place, saw)

    def pin(self, name):
        if not self.pinned:
            self.keep("KEYBOUND_PROFILE")
        self.pinned = True
        __xonsh__.env._d["KEYBOUND_PROFILE"] = name

    def command(self, words):
        import os, subprocess
        use = len(words) == 2 and words[0] == "use"
        if use and words[1] == "-":
            self.drop("KEYBOUND_PROFILE")
            self.pinned = False
            return 0
        if not self.there():
            return 127
        if use and not words[1].startswith("-"):
            done = self.call("use", "--shell", "xonsh", words[1], stdout=subprocess.DEVNULL)
            if done.returncode == 0:
                self.pin(words[1])
            return done.returncode
        if words:
            return self.call(*words, home=False).returncode
        switch = f"{self.folder}/switch"
        done = self.call(more={"KEYBOUND_SWITCH_FILE": switch})
        if os.path.exists(switch) and os.path.getsize(switch):
            with open(switch, "r+") as file:
                self.pin(file.readline().strip())
                file.truncate(0)
        return done.returncode


_keybound_hook = _KeyboundHook(globals().get("_keybound_hook"))
aliases["keybound"] = lambda words: _keybound_hook.command(words)
__xonsh__.env["PROMPT_FIELDS"]["keybound_profile"] = lambda: _keybound_hook.profile
__xonsh__.env["PROMPT_FIELDS"]["keybound_state"] = lambda: _keybound_hook.state_word
if not globals().get("_keybound_hooked"):
    _keybound_hooked = True

    @events.on_pre_prompt
    def _keybound_before_prompt(**_):
        _keybound_hook.step()


if not __xonsh__.env.get("XONSH_INTERACTIVE"):
    _keybound_hook.step("@ONCE@")
'''


class Xonsh(HookedShell):
    """xonsh: Python's own literals; what is not UTF-8 as the surrogates by which Python hands bytes on."""

    rc_file = "~/.xonshrc"
    rc_line = "exec($(keybound hook xonsh))"

    def assign(self, name: str, value: bytes) -> bytes:
        """``__xonsh__.env['NAME'] = 'value'``: xonsh would take ``$NAME`` values of some names for paths."""
        literal = ascii(value.decode("utf-8", "surrogateescape")).encode()
        return b"__xonsh__.env._d['" + checked(name) + b"'] = " + literal + b"\n"

    def unset(self, name: str) -> bytes:
        """Take it out of the environment; one that is not there is no error."""
        return b"__xonsh__.env._d.pop('" + checked(name) + b"', None)\n"

    def hook(self, python: str, home: "Mapping[str, str]", state: str) -> str:
        """The script that ``exec($(keybound hook xonsh))`` evaluates."""
        import shlex

        from keybound.shells.starting import start_words

        text = (
            _HOOK.replace("@START@", repr(shlex.split(start_words())))
            .replace("@ONCE@", ONCE)
            .replace("@GONE@", GONE)
            .replace("@PYTHON@", ascii(python))
            .replace("@HOME@", ascii(dict(home)))
            .replace("@STATE@", ascii(state))
        )
        return text.lstrip("\n")

    def render(self, answer: EnvUpdate) -> bytes:
        """One JSON object."""
        return render(answer)


SHELL = Xonsh()
