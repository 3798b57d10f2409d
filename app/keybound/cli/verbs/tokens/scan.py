"""scan: find plain tokens."""

import os
import sys
import time
from fnmatch import fnmatch

from keybound.cli.console.arguments import add_json, parser
from keybound.cli.console.io import own_context, put_json
from keybound.cli.console.output import say, warn
from keybound.custody.alerts.listing import mark_told
from keybound.custody.context.context import Context
from keybound.custody.context.paths import from_here
from keybound.custody.providers.catalogue import Catalogue, read_catalogue
from keybound.custody.scan.alerting import alert_finds, alerted_files, end_alerts
from keybound.custody.scan.fingerprints import new_key, own_key, read_baseline, write_baseline
from keybound.custody.scan.places import usual_places
from keybound.custody.scan.report import Finding, Report
from keybound.custody.scan.scan import LARGEST, Scan
from keybound.custody.scan.words import finding_words, risk_words
from keybound.domain.errors import BadInputError, NotFoundError, UnavailableError
from keybound.domain.text.counts import plural
from keybound.domain.text.sanitize import clean
from keybound.sources.git.git_command import repository_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

_MIB = 1024 * 1024
_LIST = 20  # places that were not read


def scan_parser() -> "ArgumentParser":
    """What ``scan`` takes."""
    parse = parser(
        "scan",
        "keybound scan",
        "keybound scan --history ~/work/api",
        "keybound scan --baseline .keybound-baseline.json --sarif src",
        more="Files that git ignores are scanned too; binary files are not, and links are not followed. A line with "
        "keybound:allow is left out. Exit status 1 means that something was found. No value is printed or kept.",
    )
    parse.add_argument(
        "paths", nargs="*", metavar="PATH", help="Files and folders (default: the usual places and this folder)."
    )
    parse.add_argument(
        "--history", action="store_true", help="Scan all that the repositories of PATH ever contained, too."
    )
    parse.add_argument(
        "--exclude", action="append", default=[], metavar="PATTERN", help="Skip what matches (repeatable)."
    )
    parse.add_argument(
        "--max-size", type=int, default=LARGEST // _MIB, metavar="MIB", help="Skip larger files (default: 8)."
    )
    parse.add_argument("--baseline", metavar="FILE", help="Leave out the findings that this file accepts.")
    parse.add_argument("--write-baseline", metavar="FILE", help="Accept all that is found now: write it to this file.")
    add_json(parse)
    parse.add_argument("--sarif", action="store_true", help="Print SARIF 2.1.0.")
    return parse


def scan(argv: list[str]) -> int:
    """Find plain tokens below the paths, or in the usual places."""
    options = scan_parser().parse_args(argv)
    context = own_context()
    if options.max_size < 1:
        raise BadInputError("--max-size must be 1 or more")
    if options.json and options.sarif:
        raise BadInputError("--json and --sarif cannot be used together")
    catalogue = read_catalogue(context.home)
    for note in catalogue.notes:
        warn(note)
    baseline = read_baseline(options.baseline) if options.baseline else None
    key = new_key() if options.write_baseline else baseline.key if baseline else own_key(context.home.state)
    paths = _paths(options) or [*usual_places(os.environ, context.home.user), from_here(".")]
    report = _run(Scan(catalogue, key, _progress(), options.max_size * _MIB), paths, options)
    if options.write_baseline:
        write_baseline(options.write_baseline, key, report.findings)
        say(f"{options.write_baseline} accepts {plural(len(report.findings), 'finding')}")
        return 0
    accepted = baseline.accepted if baseline else frozenset()
    found = [one for one in report.findings if one.fingerprint not in accepted]
    _alert(context, catalogue, found, paths if _sees_all(options, report) else [])
    _print(options, catalogue, found, report)
    _say_unread(report)
    if report.interrupted:
        return 130
    return 1 if found else 2 if report.unread else 0


def _sees_all(options: "Namespace", report: Report) -> bool:
    """Whether what it did not find is not there."""
    return not (report.interrupted or report.unread or options.baseline or options.exclude)


def _alert(context: Context, catalogue: Catalogue, found: list[Finding], whole: list[str]) -> None:
    """Alert to what was found; end the alerts of files below ``whole`` that have nothing any more."""
    if not os.path.isdir(context.home.state):
        return
    found = [one._replace(path=os.path.abspath(one.path)) for one in found if one.commit is None]
    below = tuple(os.path.join(os.path.abspath(path), "") for path in whole)
    paths = {one.path for one in found}
    try:
        alert_finds(context, catalogue, found)
        clean = [one for one in alerted_files(context) if os.path.join(one, "").startswith(below) and one not in paths]
        end_alerts(context, clean)
        if sys.stdout is not None and sys.stdout.isatty():
            mark_told(context, paths)
    except UnavailableError as fault:
        warn(f"no alert is kept: {fault.what}")


def _paths(options: "Namespace") -> list[str]:
    for path in options.paths:
        if not os.path.lexists(path):
            raise NotFoundError("no such file or folder", where=path)
    return [os.path.normpath(path) for path in options.paths]


def _run(work: Scan, paths: list[str], options: "Namespace") -> Report:
    """Scan; Ctrl-C ends it with what was found so far."""

    def skip(path: str) -> bool:
        return any(fnmatch(path, one) or fnmatch(os.path.basename(path), one) for one in options.exclude)

    try:
        work.places(paths, skip)
        if options.history:
            found = dict.fromkeys(filter(None, (repository_of(os.path.abspath(path)) for path in paths)))
            for repository in found:
                work.history(repository)
            if not found:
                work.report.unread.append(f"the history of {paths[-1]}: it lies in no git repository")
    except KeyboardInterrupt:
        work.report.interrupted = True
    if _moves():
        sys.stderr.write("\r\x1b[K")
    return work.report


def _progress() -> "Callable[[Report], None]":
    """A line that moves, on a terminal that can take it back."""
    began = time.monotonic()

    def show(report: Report) -> None:
        rate = report.files / max(time.monotonic() - began, 0.001)
        found = plural(len(report.findings), "finding")
        line = f"{report.files:,} files, {report.size / 1e6:,.0f} MB, {found}, {rate:,.0f} files/s"
        sys.stderr.write(
            f"\r\x1b[K{line[: os.get_terminal_size(sys.stderr.fileno()).columns - 1]}"
        )  # one that wraps cannot be taken back
        sys.stderr.flush()

    return show if _moves() else lambda _: None


def _moves() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def _print(options: "Namespace", catalogue: Catalogue, found: list[Finding], report: Report) -> None:
    if options.json:
        put_json([_told(one) for one in found])
    elif options.sarif:
        from keybound.cli.console.sarif import sarif

        put_json(sarif(found))
    else:
        _say(catalogue, found, report)


def _told(one: Finding) -> dict[str, object]:
    fields: dict[str, object] = {
        "provider": one.provider,
        "kind": one.kind,
        "path": one.path,
        "line": one.line,
        "sure": one.sure.value,
        "mode": None if one.mode is None else f"{one.mode:04o}",
        "tracked": one.tracked,
        "fingerprint": one.fingerprint,
    }
    return fields | ({"commit": one.commit} if one.commit else {})


def _say(catalogue: Catalogue, found: list[Finding], report: Report) -> None:
    rows = [(f"{clean(one.path)}:{one.line}", finding_words(catalogue, one), risk_words(one)) for one in found]
    widths = [max((len(row[at]) for row in rows), default=0) for at in (0, 1)]
    for place, what, risk in rows:
        say(f"{place:<{widths[0]}}  {what:<{widths[1]}}  {risk}".rstrip())
    for one in report.mistyped:
        say(f"{clean(one.path)}:{one.line}  {finding_words(catalogue, one)}")
    say(_summary(found, report))


def _summary(found: list[Finding], report: Report) -> str:
    files = len({one.path for one in found})
    what = f"{plural(len(found), 'plain token')} in {plural(files, 'file')}" if found else "no plain tokens found"
    mistyped = "looks like a token but is mistyped, cut or made up: its checksum does not hold"
    if len(report.mistyped) > 1:
        mistyped = "look like tokens but are mistyped, cut or made up: their checksums do not hold"
    rest = [
        (len(report.mistyped), mistyped),
        (report.allowed, "allowed by a comment"),
        (report.large, "over the size limit, not read"),
        (report.binary, "binary, not read"),
    ]
    said = [f"{number} {words}" for number, words in rest if number]
    return "; ".join([f"{what}, of {plural(report.files, 'file')} scanned", *said])


def _say_unread(report: Report) -> None:
    for line in report.unread[:_LIST]:
        warn(f"not read: {clean(line)}")
    if len(report.unread) > _LIST:
        warn(f"not read: {len(report.unread) - _LIST} more")
    if report.interrupted:
        warn("interrupted: these are the findings so far")
