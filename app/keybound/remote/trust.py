"""Whose certificates are trusted: the system's, and a private CA that ``config.toml`` names.

The caller's variables have no say: ``SSL_CERT_FILE`` beside ``HTTPS_PROXY`` in a folder's environment would let a stranger
read what is sent.
"""

import os
import ssl
import sys

from keybound.domain.errors import BadInputError

_BUNDLES = (  # where distributions keep all roots in one file
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_HASHED = ".0"  # a folder of roots holds them by the hash of their subject: 5ad8a5d6.0


def tls_context(private_ca: str) -> ssl.SSLContext:
    """A client's context. ``private_ca``: a PEM file that is trusted beside the system's roots, "" for none.

    Raises BadInputError where that file cannot be used.
    """
    context = _system()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if private_ca:
        try:
            context.load_verify_locations(cafile=private_ca)
        except ssl.SSLError:
            raise BadInputError("it holds no certificate (PEM)", where=private_ca, hint=_HINT) from None
        except OSError as fault:
            why = (fault.strerror or "it cannot be read").lower()
            raise BadInputError(why, where=private_ca, hint=_HINT) from None
    return context


_HINT = "config.toml names it in [network] ca."


def _system() -> ssl.SSLContext:
    if sys.platform != "linux":
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    built_in = ssl.get_default_verify_paths()
    if _holds_roots(built_in.openssl_capath):
        context.load_verify_locations(capath=built_in.openssl_capath)
    elif bundle := next(filter(os.path.isfile, (built_in.openssl_cafile, *_BUNDLES)), ""):
        context.load_verify_locations(cafile=bundle)
    return context


def _holds_roots(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(entry.name.endswith(_HASHED) for entry in entries)
    except OSError:
        return False
