"""What git, Docker, AWS and kubectl ask their credential helpers, and how they are answered.

Input from outside is not believed.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from keybound.domain.errors import BadInputError
from keybound.domain.text.secret import Secret, expose_secret

_MOST = 65_536


def git_question(data: bytes) -> dict[str, str]:
    """``key=value`` lines up to an empty one. Raises BadInputError for anything that could smuggle in another line.

    Keys that end in ``[]`` are lists of git's (``capability[]``, ``wwwauth[]``): they may stand many times, and none is kept.
    """
    if len(data) > _MOST or b"\0" in data or b"\r" in data:
        raise BadInputError("not a request from git: it contains control characters or is too long")
    found: dict[str, str] = {}
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        if not line:
            break
        name, equals, value = line.partition("=")
        if not equals or name in found:
            raise BadInputError("not a request from git: expected key=value lines, each key once")
        if not name.endswith("[]"):
            found[name] = value
    return found


def answers_host(question: Mapping[str, str], hosts: Sequence[str]) -> bool:
    """Whether git asks for one of the declared hosts, over TLS."""
    return question.get("protocol") == "https" and question.get("host", "").lower() in {host.lower() for host in hosts}


def git_answer(user: str, secret: Secret, ends: int = 0) -> bytes:
    """``username`` and ``password`` lines. Raises BadInputError where the secret would break out of its line.

    ``ends``: when the secret ends, in epoch seconds, so that no cache of git's keeps it longer; 0 for one that does not.
    """
    value = expose_secret(secret)
    if any(byte in value for byte in b"\n\r\0"):
        raise BadInputError("the secret contains a line break, which git's protocol cannot carry")
    end = b"password_expiry_utc=%d\n" % ends if ends else b""
    return b"username=" + user.encode() + b"\npassword=" + value + b"\n" + end


def docker_host(data: bytes) -> str:
    """The host of the registry that Docker asks for. Raises BadInputError."""
    text = data.decode("utf-8", "replace").strip()
    if len(data) > _MOST or not text or not text.isprintable() or " " in text:
        raise BadInputError("not a registry's address")
    rest = text.partition("://")[2] if "://" in text else text
    if text.startswith("http://"):
        raise BadInputError("addresses without TLS are not answered", where=text)
    return rest.partition("/")[0].rpartition("@")[2].lower()


def is_docker_session(data: bytes) -> bool:
    """Whether Docker asks for what a login in the browser left (docker/cli, ``credentials/oauth``): no password will do."""
    return data.decode("utf-8", "replace").strip().endswith(("/access-token", "/refresh-token"))


def docker_answer(address: bytes, user: str, secret: Secret) -> bytes:
    """The JSON that Docker reads."""
    fields = {"ServerURL": address.decode("utf-8", "replace").strip(), "Username": user, "Secret": _text(secret)}
    return json.dumps(fields).encode() + b"\n"


def docker_list(hosts: Sequence[str], user: str) -> bytes:
    """What Docker asks the helper of a ``credsStore`` for: addresses with their users, no secret."""
    return json.dumps({f"https://{host}": user for host in hosts}).encode() + b"\n"


def aws_time(moment: datetime) -> str:
    """A moment as every AWS tool reads it: UTC as ``Z`` (Java's reads no offset), whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def aws_answer(key: Secret, secret: Secret, session: Secret | None, expires: str) -> bytes:
    """The JSON of a ``credential_process``. ``expires``: as :func:`aws_time` gives it, or "" where none is known."""
    fields: dict[str, object] = {"Version": 1, "AccessKeyId": _text(key), "SecretAccessKey": _text(secret)}
    if session is not None:
        fields["SessionToken"] = _text(session)
    if expires:
        fields["Expiration"] = expires
    return json.dumps(fields).encode() + b"\n"


def kube_answer(secret: Secret, again: int = 0) -> bytes:
    """The ExecCredential that kubectl reads. Source: kubernetes.io, "client-go credential plugins".

    ``again``: when it should ask anew, in epoch seconds; 0: when it is refused.
    """
    kind = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential"}
    status = {"token": _text(secret)}
    if again:
        status["expirationTimestamp"] = aws_time(datetime.fromtimestamp(again, UTC))
    return json.dumps({**kind, "status": status}).encode() + b"\n"


def _text(secret: Secret) -> str:
    try:
        return expose_secret(secret).decode()
    except UnicodeDecodeError:
        raise BadInputError("the secret is not UTF-8, so JSON cannot hold it") from None
