"""Plain tokens that a scan found, as alerts: one for each file."""

from collections.abc import Collection, Iterable

from keybound.custody.alerts.raising import Raised, raise_alerts
from keybound.custody.context.context import Context
from keybound.custody.providers.catalogue import Catalogue
from keybound.custody.scan.report import Finding
from keybound.custody.scan.words import finding_words
from keybound.domain.values.alert_kinds import AlertKind
from keybound.stores.alert_table import AlertTable


def alert_finds(context: Context, catalogue: Catalogue, found: Iterable[Finding]) -> None:
    """Raise what is new. Raises UnavailableError."""
    raise_alerts(context, list(_raised(catalogue, found)))


def end_alerts(context: Context, clean: Collection[str]) -> None:
    """These files, of those that were alerted, hold no plain token any more. Raises UnavailableError."""
    raise_alerts(context, [], [(path, AlertKind.FOUND_PLAIN) for path in clean])


def alerted_files(context: Context) -> list[str]:
    """The files whose alert stands. Raises UnavailableError."""
    return AlertTable(context.state).about(AlertKind.FOUND_PLAIN.value)


def _raised(catalogue: Catalogue, found: Iterable[Finding]) -> Iterable[Raised]:
    files: dict[str, list[str]] = {}
    for one in found:
        files.setdefault(one.path, []).append(f"line {one.line}: {finding_words(catalogue, one)}")
    return (Raised(AlertKind.FOUND_PLAIN, path, "; ".join(words)) for path, words in files.items())
