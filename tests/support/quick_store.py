"""A file store that opens at once.

Its identity, made once, lies under PASSPHRASE with a work factor of 2^4. One that `init` makes takes most of a second of
processor time to make, and as much to open.
"""

from base64 import b64decode
from pathlib import Path

from keybound.domain.text.secret import Secret
from keybound.stores.age.age_file import IDENTITY, AgeFileStore
from keybound.stores.age.age_sealing import unwrap_identity
from keybound.stores.private_dir import make_private_dir

PASSPHRASE = Secret("correct horse")
_SEALED = b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNjcnlwdCAxUXp6djVBM2dBd1FJaEhSYzZnNlhRIDQKZnJYRGplQTA0VENucFd3c0dwMmJpdTVt"
    "Y0RUWWs2UWcreWZGYmJkQ2RvZwotLS0gbTRlWitGMUNwQi9yTkxoVXpGb2FkcWU2T3htalVWcjU3aDJzSE1HNnozYwq6tflXrYj1l8szqYZ2"
    "5ciBnW01dbR2Bcj2/mZvO8g5jmd55+FXlfI2yUJklS7UGAJnczzfV8Bcd0NvdY88BkxuesM9eIZrNQOvrnaDdIrqGPYMoTuePx3PFndhvWiQ"
    "0yQYvChhmPl1oTZyWQ=="
)


def make_quickly(store: AgeFileStore) -> None:
    """Make the store, open, as its ``create`` does."""
    make_private_dir(store.folder)
    path = Path(store.folder, IDENTITY)
    path.touch(0o600, exist_ok=False)
    path.write_bytes(_SEALED)
    store.keep(unwrap_identity(_SEALED, PASSPHRASE), _SEALED)
