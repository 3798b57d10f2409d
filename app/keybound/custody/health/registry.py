"""The table of all checks, in the order in which their findings are told."""

from typing import NamedTuple

QUICK, PATIENT = 4.0, 8.0  # seconds; a keyring has 5 for an answer, after 2 of waiting for its turn


class Check(NamedTuple):
    """One row. ``place``: where its function stands, of a context to findings; ``limit``: seconds until it is given up."""

    name: str
    place: str
    limit: float = QUICK


CHECKS = (
    Check("home", ".home:home"),
    Check("modes", ".modes:modes"),
    Check("disk", ".disk:disk"),
    Check("file system", ".file_system:file_system"),
    Check("config", ".config:config"),
    Check("profiles", ".profiles:profiles"),
    Check("store", ".stores.store:store", PATIENT),
    Check("bus", ".stores.bus:bus"),
    Check("kernel keyring", ".stores.kernel_keyring:kernel_keyring"),
    Check("passphrase", ".stores.passphrase:passphrase"),
    Check("lock", ".lock:lock"),
    Check("changes", ".changes:changes", PATIENT),
    Check("leftovers", ".leftovers:leftovers"),
    Check("journal", ".journal:journal"),
    Check("state", ".state:state"),
    Check("clock", ".clock:clock"),
    Check("orphans", ".orphans:orphans", PATIENT),
    Check("alerts", ".alerts:alerts"),
    Check("backup", ".backup:backup"),
    Check("hook", ".hook:hook"),
    Check("notices", ".notices:notices"),
    Check("agent", "keybound.cli.agent.health:agent"),
    Check("versions", ".versions:versions"),
)
