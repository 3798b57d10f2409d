"""What an OAuth 2.0 server says: its endpoints, codes and tokens, and its refusals."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple

from keybound.domain.errors import RefusedError
from keybound.domain.seal.retired import Grant
from keybound.domain.text.sanitize import clean
from keybound.domain.text.secret import Secret
from keybound.remote.http import HttpResponse, address_fault

_WAIT = 5  # seconds between two polls, where nothing is said (RFC 8628, section 3.2)
_SLOW_DOWN = 5  # seconds that slow_down adds (RFC 8628, section 3.5)
_CODE_LIFE = 600  # seconds, where nothing is said
_LONGEST_WAIT, _LONGEST_CODE_LIFE = 60, 3600  # seconds: no server makes anybody wait longer
_MOST_CODE = 64  # characters that a person may have to type
_LONGEST = timedelta(days=3650)


class Endpoints(NamedTuple):
    """Where an issuer's server is asked for what; "" where it does not do that."""

    token: str
    device: str = ""
    revocation: str = ""


class DeviceCode(NamedTuple):
    """What its owner enters, and where; the secret code by which the answer is asked for, every ``interval`` seconds."""

    user_code: str
    page: str
    page_with_code: str
    code: Secret
    interval: int
    expires_in: int


class Access(NamedTuple):
    """A new access token, what gets the next one, and when it ends, where that was said."""

    secret: Secret
    grant: Grant | None
    expires: datetime | None


class Wait(Enum):
    """What to do while the owner has not agreed yet."""

    PENDING = 0
    SLOWER = _SLOW_DOWN


class OAuthRefusedError(RefusedError):
    """The server answered, and refused. ``code``: its error code (RFC 6749, section 5.2)."""

    def __init__(self, code: str, what: str, hint: str = "") -> None:
        super().__init__(what, hint=hint)
        self.code = code


class UnansweredError(RefusedError):
    """No answer came. ``sent``: the server may have got the request and acted on it."""

    def __init__(self, what: str, *, sent: bool) -> None:
        super().__init__(what)
        self.sent = sent


def device_code_of(table: Mapping[str, Any]) -> DeviceCode:
    """A code for the owner (RFC 8628, section 3.2). Raises RefusedError."""
    try:
        page = _page(table["verification_uri"])
        return DeviceCode(
            _typed(table["user_code"]),
            page,
            _page(table.get("verification_uri_complete") or page),
            _device_code(table["device_code"]),
            min(_number(table.get("interval"), _WAIT), _LONGEST_WAIT),
            min(_number(table.get("expires_in"), _CODE_LIFE), _LONGEST_CODE_LIFE),
        )
    except KeyError as missing:
        raise RefusedError(f"its server's answer lacks {missing.args[0]}") from None


def _typed(code: object) -> str:
    if not isinstance(code, str) or not code.isprintable() or not 0 < len(code) <= _MOST_CODE:
        raise RefusedError("its server's code is none that can be typed")
    return code


def _device_code(code: object) -> Secret:
    if not (text := _token_text(code)):
        raise RefusedError("its server's device code cannot be used")
    return Secret(text)


def _token_text(value: object) -> str:
    """A token as an answer may hold it (RFC 6749, appendix A.12: printable ASCII); "" for anything else."""
    return value if isinstance(value, str) and value.isascii() and value.isprintable() else ""


def _page(address: object) -> str:
    if fault := address_fault(str(address)):
        raise RefusedError(f"its server names a page that cannot be opened: {clean(str(address))}: {fault}")
    return str(address)


def access_of(
    told: Mapping[str, Any], endpoints: Endpoints, client_id: str, before: Secret | None, now: datetime
) -> Access:
    """A token from the answer. ``before``: the refresh token that was used; it stays if none comes. Raises UnansweredError."""
    text, again = _token_text(told.get("access_token")), _token_text(told.get("refresh_token"))
    if not text:
        raise UnansweredError("its server's answer holds no token that can be used", sent=True)
    refresh = Secret(again) if again else before
    grant = Grant(refresh, endpoints.token, endpoints.revocation, client_id) if refresh is not None else None
    life = _number(told.get("expires_in"), 0)
    expires = now + min(timedelta(seconds=life), _LONGEST) if life else None
    return Access(Secret(text), grant, expires)


def _number(value: object, default: int) -> int:
    """A whole number of seconds, as servers write it; ``default`` for what is none."""
    try:
        number = int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return default
    return int(number) if 0 < number < 1 << 31 else default


def refusal_of(table: Mapping[str, Any]) -> OAuthRefusedError:
    """The refusal in an answer (RFC 6749, section 5.2)."""
    code = clean(str(table.get("error", "")))
    words = clean(str(table.get("error_description") or "")) or code or "it gave no reason"
    return OAuthRefusedError(code, f"its OAuth server refused: {words[:200]}")


def endpoints_of(issuer: str, table: Mapping[str, Any]) -> Endpoints:
    """The endpoints in an issuer's metadata. Raises RefusedError where they are another's, or no secret may be sent there."""
    if str(table.get("issuer", "")).rstrip("/") != issuer:
        raise RefusedError(f"the server at {issuer} says that it is {clean(str(table.get('issuer')))}")
    names = ("token_endpoint", "device_authorization_endpoint", "revocation_endpoint")
    token, device, revocation = (str(table.get(name) or "") for name in names)
    for place in filter(None, (token, device, revocation)):
        if fault := address_fault(place):
            raise RefusedError(f"{issuer} names an address that cannot be used: {clean(place)}: {fault}")
    if not token:
        raise RefusedError(f"{issuer} names no token endpoint")
    return Endpoints(token, device, revocation)


def table_of(response: HttpResponse) -> Mapping[str, Any]:
    """An answer as an object. Raises RefusedError where it is none."""
    try:
        told = response.json()
    except ValueError:
        told = None
    if not isinstance(told, Mapping):
        raise RefusedError("its server's answer is no JSON object")
    return told
