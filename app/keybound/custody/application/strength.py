"""How long a passphrase stands against somebody who has the encrypted files."""

from keybound.custody.view_models.first_run import Strength
from keybound.domain.text.secret import Secret, expose_secret

_MOST = 72  # characters: the estimate of longer ones takes long, and they are strong
_WORDS = ("very weak", "weak", "fair", "good", "strong")


def strength(passphrase: Secret) -> Strength:
    """The estimate in words, and the time that guessing it would take at 10,000 tries a second; nothing for an empty one."""
    text = expose_secret(passphrase).decode("utf-8", "replace")[:_MOST]
    if not text:
        return Strength("", weak=False)
    from zxcvbn import zxcvbn

    found = zxcvbn(text)
    time = found["crack_times_display"]["offline_slow_hashing_1e4_per_second"]
    return Strength(f"{_WORDS[found['score']]}: it takes {time} to guess", weak=found["score"] < 2)
