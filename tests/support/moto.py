"""AWS as moto plays it, with real checks of signatures; its clients reach it by its own names."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from support.programs_at_hand import needed
from support.providers import Reply, Seen

_STARTING = 40.0  # seconds
_UNCHECKED = 3  # actions before signatures count: those that make the user and its key
_POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'


class Aws:
    """A server that runs, with one user and its access key."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = int(free.getsockname()[1])
        self._child = subprocess.Popen(
            [needed("moto_server"), "-H", "127.0.0.1", "-p", str(self._port)],
            env={"PATH": os.environ["PATH"], "HOME": "/", "INITIAL_NO_AUTH_ACTION_COUNT": str(_UNCHECKED)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            self._wait()
            self._do("CreateUser", UserName="ann")
            self._do("PutUserPolicy", UserName="ann", PolicyName="all", PolicyDocument=_POLICY)
            made = self._do("CreateAccessKey", UserName="ann")
        except BaseException:
            self.close()
            raise
        self.key_id, self.secret = (_text(made, name) for name in ("AccessKeyId", "SecretAccessKey"))

    def hand_on(self, seen: Seen) -> Reply:
        """What the server answers to a request that came for it."""
        kept = ("authorization", "x-amz-date", "content-type")
        headers = {name: value for name, value in seen.headers.items() if name in kept} | {"Host": seen.host}
        return self._ask(seen.method, seen.path, seen.body, headers)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._port}{path}", body or None, headers=headers, method=method
        )
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
                return Reply(answer.read().decode(), answer.status, kind="text/xml")
        except urllib.error.HTTPError as fault:
            with fault:
                return Reply(fault.read().decode(), fault.code, kind="text/xml")

    def _do(self, action: str, **more: str) -> str:
        form = urllib.parse.urlencode({"Action": action, "Version": "2010-05-08", **more}).encode()
        scope = "AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/iam/aws4_request"
        headers = {"Host": "iam.amazonaws.com", "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}"}
        found = self._ask("POST", "/", form, {**headers, "Content-Type": "application/x-www-form-urlencoded"})
        assert found.status == 200, found.body
        return str(found.body)

    def _wait(self) -> None:
        end = time.monotonic() + _STARTING
        while True:
            assert self._child.poll() is None, "the moto server ended"
            assert time.monotonic() < end, "the moto server does not answer"
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self._port)) == 0:
                    return
            time.sleep(0.1)

    def close(self) -> None:
        """End it."""
        if self._child.poll() is None:
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait(timeout=20)


def _text(xml: str, tag: str) -> str:
    return xml.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]


@contextmanager
def aws() -> Iterator[Aws]:
    """A server that ends with the block."""
    made = Aws()
    try:
        yield made
    finally:
        made.close()
