"""What the fuzzer begins with: small inputs that are read, of each kind."""

from jeepney import new_method_call, new_method_return

from keybound.stores.keyring import secret_bus

_PROFILE = b"""schema = 1
description = "d"
extends = ""
[settings]
region = "eu"
[flags]
a = false
[roles]
active = ["r"]
[roles.grants]
r = ["repo:read"]
[env]
A = "b"
[files]
kube = "~/k.yaml"
[tokens.t]
env = ["TOKEN"]
kind = "opaque"
scopes = ["repo:read"]
ttl = "30d"
on_outside = "expire"
[tokens.t.bind]
"flags.a" = { equals = false }
"settings.region" = { one_of = ["eu", "us"], grace = "1h" }
"file:kube#current-context" = { matches = "st.*" }
[[expect]]
name = "n"
set = { "flags.a" = true }
expired = ["t"]
"""
_CONFIG = b"""theme = "dusk"
keyring = "keyring.backends.null.Keyring"
[hook]
say = "quiet"
[[use]]
profile = "p"
folder = "~/work"
[[alert]]
when = ["expired"]
to = "bell"
[keys]
preset = "vim"
approve = "z"
"""
_POLICY = b"""schema = 1
outside = "expire"
[kinds.github-pat]
longest = "90d"
[profiles."prod*"]
release = ["exec"]
"""
_JSON = b'{"auths": {"ghcr.io": {"auth": "dTpzZWNyZXRfMTIzNDU2Nzg5MA=="}}, "a": [1, 2.5, null, true, "x\\u00e9"]}'
_YAML = b"a: &x\n  b: [1, 2]\nc: *x\nd: 2026-11-01T00:00:00Z\n<<: {e: 0x1f}\ncurrent-context: s\n"
_INI = b'[section "sub"]\n\tname = value ; c\n# c\nother: "q\\n"\n[b]\nlong = a\n  b\n'
_DOTENV = b"export A='x'\nB=\"y\\n$A\" # c\nC=z\nTOKEN=ghp_000000000000000000000000000000000000\n"
_NETRC = b"machine api.github.com login u password s3cretvalue\ndefault login a\nmacdef m\nx\n\n"
_NPMRC = b"//registry.npmjs.org/:_authToken=npm_000000000000000000000000000000000000\n@s:registry=https://r\na[]=1\n"
_ENVELOPE = (
    b'{"format":1,"home":"/home","id":"p/t","part":"token","incarnation":"i","epoch":1,"secret":"x",'
    b'"sealed_at":"2026-11-01T00:00:00+00:00","sticky":{"state":"expired","why":"w","at":"2026-11-01T00:00:00+00:00"}}'
)
_EVENT = (
    b'{"seq":1,"at":"2026-11-01T00:00:00.000+00:00","kind":"released","id":"p/t","by":{"program":"/bin/sh"},'
    b'"detail":{"way":"exec"},"prev":"","hash":"00"}\n'
)
_JWT = b"eyJhbGciOiJFZERTQSIsImtpZCI6ImsifQ.eyJhdWQiOiJhIiwiZXhwIjoxfQ.AAAA"


def _reply(serial: int, signature: str, body: object) -> bytes:
    """What the bus sends in answer to our call number ``serial``."""
    call = new_method_call(secret_bus.SERVICE, "SearchItems")
    call.header.serial = serial
    reply = new_method_return(call, signature, (body,))
    sent: bytes = reply.serialise(serial=serial)
    return sent


SEEDS: dict[str, tuple[bytes, ...]] = {
    "key": (
        b'file:kube#users[name="a"].token',
        b"flags.a",
        b"carried.claims.x.y",
        b"kube:current-context",
        b"git:branch",
    ),
    "profile": (_PROFILE,),
    "settings": (_CONFIG, _POLICY),
    "policy": (_POLICY + b"\n---\n" + _PROFILE,),
    "edit": (_PROFILE, b"[settings]\n", b"settings = {a = 1}\n", b"settings.a.b = 1\r\n"),
    "seal": (b'{"id":"p/t","env":["A"],"bind":{"flags.a":{"equals":false}}}',),
    "template": (b"a {{ a/b }} {{b}} {{", b"{{ keybound }}"),
    "merge": (b"a\nb\nc\n\0a\nx\nc\n\0a\nb\nc\nd\n",),
    "shown": ("a\x1b[31m\u202e\u2028é\x07".encode(),),
    "envelope": (_ENVELOPE,),
    "journal": (_EVENT, _EVENT * 2 + b'{"seq":'),
    "jwt": (_JWT,),
    "key_set": (
        b'{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k","alg":"EdDSA","x":"AAAA"},{"kty":"RSA","n":"AQAB","e":"AQAB"}]}',
    ),
    "git_question": (b"protocol=https\nhost=github.com\ncapability[]=authtype\n\n",),
    "docker_host": (b"https://index.docker.io/v1/", b"https://index.docker.io/v1/access-token"),
    "agent_frame": (b"\0\0\0\1a\0\0\0\2bc",),
    "bus": (_reply(1, "ao", ["/a", "/b"]) + _reply(2, "a{o(oayays)}", {"/a": ("/s", b"", b"x", "text/plain")}),),
    "mask": (b"secret-value\nabc secret-value def\nsecret-\nvalue",),
    "find": (
        _DOTENV,
        _NPMRC,
        b'password = "hunter2hunter2"',
        b"https://u:s3cretpassword@host/x",
        b"Authorization: Basic dTpw",
    ),
    "recognise": (b"ghp_000000000000000000000000000000000000", b"AKIAIOSFODNN7EXAMPLE", _JWT),
    "sealed_item": (b"age-encryption.org/v1\n-> X25519 AAAA\nBBBB\n--- CCCC\n",),
}
_OF_FORMAT = (_JSON, _YAML, _INI, _DOTENV, _NETRC, _NPMRC, _PROFILE)


def seeds(target: str) -> tuple[bytes, ...]:
    """The seeds of a target; a file of any kind for those that read files."""
    return SEEDS.get(target, _OF_FORMAT)
