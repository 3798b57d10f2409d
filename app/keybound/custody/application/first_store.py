"""Where secrets are kept: what this machine has, and the choice, which is recorded once the store has shown that it works."""

import os
from typing import TYPE_CHECKING

from keybound.custody.context.context import Context
from keybound.custody.context.has_store import has_store
from keybound.custody.view_models.first_run import StoreChoice
from keybound.domain.errors import StoreLockedError, UnavailableError
from keybound.domain.text.secret import Secret
from keybound.stores.age import passphrase as passphrases
from keybound.stores.proof import probe_item, prove

if TYPE_CHECKING:
    from keybound.stores.age.age_file import AgeFileStore

KEYRING, FILES = "keyring", "file"
_RECORD = "store"


def record_store(context: Context) -> str:
    """The store that is chosen and there, or ""; written down, so that it holds without ``KEYBOUND_STORE``, too."""
    if not has_store(context):
        return ""
    kind = context.store_kind()
    if not os.path.exists(os.path.join(context.home.state, _RECORD)):
        context.choose_store(kind)
    return kind


def store_choice(context: Context) -> StoreChoice:
    """Look where secrets can be kept; writes nothing and prompts for nothing. Raises BadInputError."""
    fixed = context.store_kind()
    files = _files(context)
    choice = StoreChoice(fixed, "", locked=False, folder=_short(context), exists=files.exists(), given=_given(context))
    if fixed == FILES:
        return choice
    try:
        context.open_store(fixed or KEYRING).read([probe_item()])
    except StoreLockedError as fault:
        return choice._replace(keyring=fault.what, locked=True)
    except UnavailableError as fault:
        return choice._replace(keyring=fault.what)
    return choice


def use_store(context: Context, kind: str, passphrase: Secret) -> None:
    """Open the store, made where it is not there, prove that it keeps what it is given, then record it.

    An empty ``passphrase``: the environment gives it. Raises StoreLockedError for a wrong one, UnavailableError,
    BadInputError; then nothing is recorded.
    """
    if kind == FILES:
        given = passphrase if len(passphrase) else _offered(context)
        files = _files(context)
        if files.exists():
            files.unlock(lambda _: given)
        else:
            files.create(given)
        context.choose_store(kind)
        context.store.unlock(lambda _: given)  # without a kernel keyring, it is open in the object that asked alone
        return
    store = context.open_store(kind)
    store.unlock(lambda _: Secret(""))
    prove(store)
    context.choose_store(kind)


def _files(context: Context) -> "AgeFileStore":
    from keybound.stores.age.age_file import AgeFileStore

    store = context.open_store(FILES)
    assert isinstance(store, AgeFileStore)
    return store


def _short(context: Context) -> str:
    """The folder of the file store, with ``~`` for the user's home."""
    folder = os.path.join(context.home.data, "store")
    return "~" + folder[len(context.home.user) :] if folder.startswith(context.home.user + "/") else folder


def _given(context: Context) -> str:
    names = (passphrases.FILE, passphrases.COMMAND)
    return next((name for name in names if context.environ.get(name)), "")


def _offered(context: Context) -> Secret:
    given = passphrases.offered(context.environ)
    if given is None:
        raise StoreLockedError("the file store needs a passphrase")
    return given
