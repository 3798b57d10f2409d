"""The prompt hook of xonsh: compares in Python, and starts the program only when something has changed."""

from collections.abc import Mapping

from keybound.shells.step_json import render

__all__ = ["hook", "render"]

_HOOK = r'''
class _KeyboundHook:
    """Sets and drops what Keybound says, before each prompt."""

    def __init__(self, old):
        import os
        self.python, self.home, self.state = @PYTHON@, @HOME@, @STATE@
        self.folder = old.folder if old else f"{self.state}/hooks/{os.getpid()}-{os.urandom(4).hex()}"
        self.prior = old.prior if old else {}
        self.ready = False

    def environ(self):
        env = __xonsh__.env.detype()
        return {**env, **self.home}

    def call(self, *words, **options):
        import subprocess
        return subprocess.run([self.python, "-I", "-m", "keybound.cli", *words], env=self.environ(), **options)

    def stamp(self, path):
        import os
        try:
            return os.stat(path).st_mtime_ns
        except OSError:
            return None

    def changed(self):
        import os, time
        env = __xonsh__.env._d
        if not self.ready or time.time() >= self.until or os.getcwd() != self.cwd or env.get("KEYBOUND_PROFILE") != self.pin:
            return True
        if self.stamp(f"{self.state}/generation") != self.stamp(f"{self.folder}/generation"):
            return True
        for number, path in enumerate(self.files):
            if self.stamp(path) != self.stamp(f"{self.folder}/{number}"):
                return True
        return any(env.get(name) != value for name, value in self.saw.items())

    def step(self):
        import json, os, subprocess, time
        if not self.changed():
            return
        done = self.call("hook-step", "xonsh", self.folder, stdout=subprocess.PIPE)
        if done.returncode != 0:
            return
        answer, env = json.loads(done.stdout), __xonsh__.env._d
        for name in answer["drop"]:
            env.pop(name, None)
            if name in self.prior:
                env[name] = self.prior.pop(name)
        for name, value in answer["put"].items():
            if name in answer["keep"] and name in env:
                self.prior[name] = env[name]
            env[name] = value
        env.pop("KEYBOUND_HELD", None)
        if answer["held"]:
            env["KEYBOUND_HELD"] = answer["held"]
        self.files, self.saw = answer["files"], {name: env.get(name) for name in answer["names"]}
        self.cwd, self.pin, self.until = os.getcwd(), env.get("KEYBOUND_PROFILE"), time.time() + answer["seconds"]
        self.ready = True

    def command(self, words):
        import os, subprocess
        env = __xonsh__.env._d
        if len(words) == 2 and words[0] == "use" and not words[1].startswith("--"):
            done = self.call("use", "--shell", "xonsh", words[1], stdout=subprocess.PIPE)
            if done.returncode == 0:
                exec(done.stdout.decode(), {"__xonsh__": __xonsh__})
            return done.returncode
        switch = f"{self.folder}/switch"
        done = subprocess.run(
            [self.python, "-I", "-m", "keybound.cli", *words], env={**self.environ(), "KEYBOUND_SWITCH_FILE": switch}
        )
        if os.path.exists(switch) and os.path.getsize(switch):
            with open(switch) as file:
                env["KEYBOUND_PROFILE"] = file.readline().strip()
            open(switch, "w").close()
        return done.returncode


_keybound_hook = _KeyboundHook(globals().get("_keybound_hook"))
aliases["keybound"] = lambda words: _keybound_hook.command(words)
if not globals().get("_keybound_hooked"):
    _keybound_hooked = True

    @events.on_pre_prompt
    def _keybound_before_prompt(**_):
        _keybound_hook.step()
'''


def hook(shell: str, python: str, home: Mapping[str, str], state: str) -> str:
    """The script that ``exec($(keybound hook xonsh))`` evaluates."""
    text = (
        _HOOK.replace("@PYTHON@", ascii(python)).replace("@HOME@", ascii(dict(home))).replace("@STATE@", ascii(state))
    )
    return text.lstrip("\n")
