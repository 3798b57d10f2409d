"""AWS Signature Version 4: the secret signs the request, and is not in it."""

import hmac
from datetime import UTC, datetime
from hashlib import sha256
from urllib.parse import urlsplit

from keybound.domain.text.secret import Secret, expose_secret

_ALGORITHM = "AWS4-HMAC-SHA256"


def signed_headers(
    method: str, url: str, headers: dict[str, str], body: bytes, sign: str, secret: Secret, now: datetime
) -> dict[str, str]:
    """The headers with the date and the signature. ``sign``: ``aws4 SERVICE REGION KEY-ID``; the query must be empty."""
    _, service, region, key_id = sign.split()
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    parts = urlsplit(url)
    named = {**{name.lower(): value for name, value in headers.items()}, "host": parts.netloc, "x-amz-date": moment}
    names = ";".join(sorted(named))
    lines = [f"{name}:{' '.join(named[name].split())}" for name in sorted(named)]
    canonical = "\n".join([method, parts.path or "/", "", *lines, "", names, sha256(body).hexdigest()])
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    text = "\n".join([_ALGORITHM, moment, scope, sha256(canonical.encode()).hexdigest()])
    key = b"AWS4" + expose_secret(secret)
    for part in scope.split("/"):
        key = _mac(key, part)
    signature = _mac(key, text).hex()
    told = f"{_ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return {**headers, "X-Amz-Date": moment, "Authorization": told}


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), sha256).digest()
