"""import: take plain tokens into the store."""

import re
from collections.abc import Sequence

from keybound.cli.console.arguments import add_json, add_yes, parser
from keybound.cli.console.io import answer, confirm, ensure_store, has_terminal, own_context, put_json
from keybound.cli.console.output import say, warn
from keybound.custody.context.context import Context
from keybound.custody.context.paths import from_here
from keybound.custody.imports.copies import bring_back, forget, latest_copy
from keybound.custody.imports.helpers import take_away
from keybound.custody.imports.preview import Candidate, preview
from keybound.custody.imports.replace import replace_all
from keybound.custody.imports.source import OTHERS, ImportSource, read_source, read_usual, usual_files
from keybound.custody.imports.take import Outcome, as_stored, take
from keybound.custody.profiles.choose_profile import profile_in_use
from keybound.custody.providers.catalogue import read_catalogue
from keybound.domain.errors import BadInputError, RefusedError
from keybound.domain.text.sanitize import clean
from keybound.shells.starting import program_words
from keybound.sources.plain.registry import KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable


_LIST = 8  # names that are left for one reason


def import_parser() -> "ArgumentParser":
    """What ``import`` takes."""
    parse = parser(
        "import",
        "keybound import",
        "keybound import ~/.npmrc --replace",
        "keybound import .env --profile staging --dry-run",
        "keybound import env:GITHUB_TOKEN,NPM_TOKEN",
        "keybound import --undo ~/.npmrc",
        more="It shows what it would take and what it would leave, and asks. Nothing is replaced before it is stored and read "
        f"back. FROM is a file ({', '.join(KINDS)}), or {', '.join(f'{name}:' for name in OTHERS)}.",
    )
    parse.add_argument(
        "source",
        nargs="?",
        metavar="FROM",
        help="A file, or another source such as env: (default: the usual places and this folder).",
    )
    parse.add_argument("--kind", choices=list(KINDS), help="What kind of file it is, if its name does not tell.")
    parse.add_argument(
        "--profile", default="", metavar="PROFILE", help="Add to this profile (default: the one in use)."
    )
    parse.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="Take only this, whatever it looks like (repeatable).",
    )
    parse.add_argument("--dry-run", action="store_true", help="Show what would be done; store nothing.")
    parse.add_argument(
        "--replace",
        action="store_true",
        help="Then replace what was taken in the file; an encrypted copy of it is kept.",
    )
    parse.add_argument("--undo", metavar="FILE", help="Make a file what it was before it was replaced.")
    add_json(parse)
    add_yes(parse)
    return parse


def import_(argv: list[str]) -> int:
    """Take what is found in clear, or undo a replacement."""
    options = import_parser().parse_args(argv)
    context = own_context()
    if options.undo:
        return _undo(context, options)
    sources = _sources(context, options)
    ensure_store(context)
    catalogue = read_catalogue(context.home)
    for note in catalogue.notes:
        warn(note)
    found = preview(context, catalogue, sources, profile_in_use(context, options.profile or None), options.only)
    takable = [one for one in found if not one.left]
    if not options.json:
        _show(sources, found)
    if options.dry_run:
        if options.json:
            put_json(_told(takable, [], found))
        return 0
    again = [one for one in found if one.stored]
    if not takable and not (options.replace and again):
        if options.json:
            put_json(_told([], [], found))
        else:
            say("nothing to import")
        return 0
    chosen = _chosen(takable, options)
    outcomes = take(context, chosen, lambda outcome: None if options.json else _say(outcome))
    taken = [one.candidate for one in outcomes if not one.why]
    whole = len(taken) == len(chosen)
    if options.replace:
        tell = warn if options.json else say
        whole &= _replace(context, [*taken, *as_stored(again, taken, takable)], tell)
    if options.json:
        put_json(_told(taken, outcomes, found))
    return 0 if whole else 1


def _sources(context: Context, options: "Namespace") -> list[ImportSource]:
    if options.source:
        source = read_source(context, options.source, options.kind or "")
        if options.replace and not source.path:
            raise BadInputError("--replace is for files", where=source.label)
        return [source]
    sources, notes = read_usual(usual_files(context))
    for note in notes:
        warn(f"not read: {clean(note)}")
    return sources


def _replace(context: Context, taken: Sequence[Candidate], tell: "Callable[[str], None]") -> bool:
    """Whether all files were replaced. ``tell``: prints what was done."""
    found = replace_all(context, taken, program_words())
    for one in found:
        if one.why:
            warn(f"{clean(one.path)} was not replaced: {clean(one.why)}")
        else:
            path = clean(one.path)
            tell(f"{path} was replaced. To bring it back: keybound import --undo {path}")
        for note in one.notes:
            tell(clean(note))
    return not any(one.why for one in found)


def _undo(context: Context, options: "Namespace") -> int:
    if options.source or options.replace or options.dry_run:
        raise BadInputError("--undo takes a file and nothing else")
    kept, copy = latest_copy(context, from_here(options.undo))
    bring_back(copy, changed_too=options.yes)
    take_away(copy.steps)
    forget(kept)  # last: what was killed before this can be undone again
    say(f"{clean(copy.path)} is what it was before the import; the tokens stay in the store")
    return 0


def _show(sources: Sequence[ImportSource], found: Sequence[Candidate]) -> None:
    """A table for each source: what would be taken, numbered through, and what would be left."""
    numbers = {id(one): number for number, one in enumerate((one for one in found if not one.left), 1)}
    for source in sources:
        say(f"{clean(source.label)}:")
        mine = [one for one in found if one.source is source]
        takable = [one for one in mine if not one.left]
        rows = [(f"{numbers[id(one)]:>2}", str(one.new.id), one.variable, _what(one)) for one in takable]
        widths = [max((len(row[at]) for row in rows), default=0) for at in range(4)]
        for row, one in zip(rows, takable, strict=True):
            say("  " + "  ".join(f"{text:<{width}}" for text, width in zip(row, widths, strict=True)).rstrip())
            for bind in one.new.binds:
                say(f"      bound: {bind}")
        for why in dict.fromkeys(one.left for one in mine if one.left):
            names = [f"{clean(one.label)}{_at(one)}" for one in mine if one.left == why]
            more = [f"{len(names) - _LIST} more"] if len(names) > _LIST else []
            only = (
                " (--only takes it all the same)"
                if any(one.left == why and one.located.found.bare for one in mine)
                else ""
            )
            say(f"  left: {'; '.join([*names[:_LIST], *more])}: {why}{only}")


def _what(one: Candidate) -> str:
    if not one.found:
        return f"of no known kind{_at(one)}"
    return f"{one.found.provider.name}: {one.found.kind.name} ({one.found.words}){_at(one)}"


def _at(one: Candidate) -> str:
    return f" (line {one.located.line})" if one.located.line else ""


def _chosen(takable: Sequence[Candidate], options: "Namespace") -> list[Candidate]:
    """All with --yes; at a terminal those whose numbers are typed. Raises RefusedError."""
    if options.yes or not takable:
        return list(takable)
    if options.json:
        raise RefusedError("--json asks nothing", hint="Nothing was changed. Add --dry-run to look, or --yes.")
    if not has_terminal():
        confirm("Import them?", yes=False)
    while True:
        text = answer("Import which? Enter for all, numbers such as 1,3-5, or n for none: ")
        if text in ("n", "no", "none", "q"):
            raise RefusedError("cancelled: nothing was changed")
        numbers = _numbers(text or f"1-{len(takable)}", len(takable))
        if numbers:
            return [takable[number - 1] for number in numbers]
        warn(f"type numbers from 1 to {len(takable)}, such as 1,3-5")


def _numbers(text: str, most: int) -> list[int]:
    """Numbers and spans; none where anything is wrong with them."""
    found: set[int] = set()
    for part in re.split(r"[,\s]+", text.strip()):
        span = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", part)
        if not span:
            return []
        first = int(span.group(1))
        found |= set(range(first, int(span.group(2) or first) + 1))
    return sorted(found) if found and min(found) >= 1 and max(found) <= most else []


def _say(outcome: Outcome) -> None:
    new = outcome.candidate.new
    if outcome.why:
        warn(f"{clean(outcome.candidate.label)}: not stored: {outcome.why}")
    else:
        say(f"● {new.id} is stored, and read back")


def _told(taken: Sequence[Candidate], outcomes: Sequence[Outcome], found: Sequence[Candidate]) -> dict[str, object]:
    failed = [(one.candidate, one.why) for one in outcomes if one.why]
    left = [*((one, one.left) for one in found if one.left), *failed]
    return {
        "taken": [
            {
                "id": str(one.new.id),
                "env": one.variable,
                "kind": one.new.kind,
                "from": one.label,
                "line": one.located.line,
            }
            for one in taken
        ],
        "left": [{"from": one.label, "line": one.located.line, "why": why} for one, why in left],
    }
