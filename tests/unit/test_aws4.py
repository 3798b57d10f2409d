"""AWS Signature Version 4 against the published test suite's plainest case."""

from datetime import UTC, datetime

from keybound.custody.providers.aws4 import signed_headers
from keybound.domain.text.secret import Secret

NOW = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
SECRET = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
SIGN = "aws4 service us-east-1 AKIDEXAMPLE"


def test_get_vanilla() -> None:
    made = signed_headers("GET", "https://example.amazonaws.com/", {}, b"", SIGN, SECRET, NOW)
    assert made["X-Amz-Date"] == "20150830T123600Z"
    assert made["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, "
        "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    )


def test_what_is_signed_tells_from_what_is_not() -> None:
    found = {
        signed_headers(method, url, headers, body, SIGN, SECRET, NOW)["Authorization"]
        for method, url, headers, body in (
            ("GET", "https://a.example/", {}, b""),
            ("POST", "https://a.example/", {}, b""),
            ("GET", "https://b.example/", {}, b""),
            ("GET", "https://a.example/x", {}, b""),
            ("GET", "https://a.example/", {"Content-Type": "x"}, b""),
            ("GET", "https://a.example/", {}, b"x"),
        )
    }
    assert len(found) == 6
