"""Plain tokens on this machine, for the import dialog: looked for, shown, and taken."""

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence

from keybound.custody.context.context import Context
from keybound.custody.imports.preview import Candidate, preview
from keybound.custody.imports.replace import replace_all
from keybound.custody.imports.source import ImportSource, read_usual, usual_files
from keybound.custody.imports.take import Outcome as TakenOrNot
from keybound.custody.imports.take import as_stored, take
from keybound.custody.providers.catalogue import Catalogue, read_catalogue
from keybound.custody.scan.fingerprints import own_key
from keybound.custody.scan.report import Finding
from keybound.custody.scan.scan import Scan
from keybound.custody.scan.words import finding_words, risk_words
from keybound.custody.tokens.file_names import written_path
from keybound.custody.view_models.outcomes import Done
from keybound.custody.view_models.plain import Imported, PlainFinding, PlainFound, PlainSource, PlainToken, Searched
from keybound.domain.text.sanitize import clean
from keybound.shells.starting import program_words
from keybound.sources.plain.registry import get_plain_file


class PlainSearch:
    """One search, and what it found: secrets among it, so it is kept no longer than the dialog is open."""

    def __init__(self, context: Context, goes_on: Callable[[Searched], bool]) -> None:
        self._context = context
        self._catalogue: Catalogue = read_catalogue(context.home)
        scan = Scan(self._catalogue, own_key(context.home.state), lambda _: None)
        files: list[str] = []

        def each(paths: Iterable[str]) -> Iterator[str]:
            for path in paths:
                if not goes_on(Searched(scan.report.files, len(scan.report.findings))):
                    return
                files.append(path)
                yield path

        scan.places(each(usual_files(context)), lambda _: False)
        self._report = scan.report
        self._sources, self._unread = read_usual(files)
        self._candidates: list[Candidate] = []

    def found(self, profile: str) -> PlainFound:
        """What an import into the profile would take and leave. Raises NotFoundError, BadInputError, UnavailableError."""
        self._profile = profile
        self._candidates = self._preview([])
        importable = {(one.source.path, one.located.line) for one in self._candidates}
        others = [one for one in self._report.findings if (one.path, one.line) not in importable]
        unread = dict.fromkeys([*self._unread, *self._report.unread])
        return PlainFound(
            profile,
            self._report.files,
            tuple(map(self._source, self._sources)),
            tuple(map(self._finding, others)),
            tuple(map(clean, [*self._catalogue.notes, *(f"not read: {line}" for line in unread)])),
        )

    def _preview(self, also: Sequence[Candidate]) -> list[Candidate]:
        located = [one.located for one in also]
        return preview(self._context, self._catalogue, self._sources, self._profile, also=located)

    def take(self, numbers: Sequence[int], far: Callable[[int], object], *, replace: bool) -> Imported:
        """Store what was chosen of what :meth:`found` gave, and replace the plain copies. ``far`` hears how many are stored.

        What is doubtful is taken, too, where it was chosen. Raises UnavailableError.
        """
        if doubtful := [self._candidates[number] for number in numbers if self._candidates[number].doubtful]:
            self._candidates = self._preview(doubtful)
        chosen = [self._candidates[number] for number in numbers]
        again = [one for one in chosen if one.stored]
        outcomes = take(self._context, [one for one in chosen if not one.left], far=far)
        outcomes += [TakenOrNot(one, one.left) for one in chosen if one.left and not one.stored]
        taken = [one.candidate for one in outcomes if not one.why]
        possible = [one for one in self._candidates if not one.left]
        stored = [*taken, *as_stored(again, taken, possible)]
        files = replace_all(self._context, stored, program_words()) if replace else []
        return Imported(
            tuple(str(one.new.id) for one in taken),
            tuple(Done(clean(one.candidate.label), clean(one.why)) for one in outcomes if one.why),
            tuple(f"keybound import --undo {self._typed(one.path)}" for one in files if not one.why),
            tuple(Done(self._place(one.path), clean(one.why)) for one in files if one.why),
            tuple(clean(note) for one in files for note in one.notes),
        )

    def _source(self, source: ImportSource) -> PlainSource:
        mine = [(number, one) for number, one in enumerate(self._candidates) if one.source is source]
        file = get_plain_file(source.kind)
        return PlainSource(self._place(source.path), source.kind, file.instead, tuple(_token(*each) for each in mine))

    def _finding(self, one: Finding) -> PlainFinding:
        place = f"{self._place(one.path)}:{one.line}"
        return PlainFinding(place, clean(finding_words(self._catalogue, one)), risk_words(one))

    def _typed(self, path: str) -> str:
        """As it is typed in a shell."""
        head, rest = ("~/", path) if (path := self._place(path)).startswith("~/") else ("", path)
        return head + shlex.quote(rest.removeprefix(head))

    def _place(self, path: str) -> str:
        return clean(written_path(path, self._context.home.user, "/"))


def _token(number: int, one: Candidate) -> PlainToken:
    found = one.found
    title = clean(f"{found.provider.name}: {found.kind.name} ({found.words})") if found else ""
    if one.left:
        left = (clean(one.left), one.doubtful, one.stored)
        return PlainToken(number, clean(one.label), one.located.line, title, "", "", (), *left)
    variable = "" if one.new.release else one.variable  # its helper alone gets it
    binds = tuple(map(clean, one.new.binds))
    return PlainToken(number, clean(one.label), one.located.line, title, str(one.new.id), variable, binds)
