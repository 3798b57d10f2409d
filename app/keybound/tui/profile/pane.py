"""The Profile screen: the text, its switches, and the plan of what saving would do."""

import os
from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import TextArea

from keybound.custody.view_models.overview import ProfileView
from keybound.custody.view_models.plans import PlanView, SavedDraft
from keybound.domain.errors import KeyboundError
from keybound.domain.text.merge import merged
from keybound.domain.text.sanitize import clean
from keybound.tui.app_protocol import host
from keybound.tui.canvas import Canvas
from keybound.tui.empty import indented, lacks
from keybound.tui.frame.memory import View, text
from keybound.tui.frame.pane import Pane
from keybound.tui.hints import HELP, PALETTE, TYPING_HELP, Hint
from keybound.tui.profile.editor import Editor, changed_lines, line_for, notes_of
from keybound.tui.profile.find import Place, next_place, places, previous_place
from keybound.tui.profile.find_line import FindLine
from keybound.tui.profile.plan import Plan, end_notes, is_empty, lines_of
from keybound.tui.profile.switches import Switches, states
from keybound.tui.profile.together import same_row
from keybound.tui.profile.unsaved import Unsaved
from keybound.tui.styled_text import Line, line
from keybound.tui.watching import OneAtATime
from keybound.tui.words import plural

OUTSIDE = (Hint("^o", "$EDITOR", 3, "ctrl+o"), Hint("^d", "compare", 3, "ctrl+d"))
LEAST_ROWS = 16  # with fewer, text and panels take turns
PAUSE = 0.15  # seconds of rest before a plan is made


class Nothing(Canvas, can_focus=True):
    """In the place of a text, where there is no profile."""

    def lines(self, width: int) -> Sequence[Line]:
        """What a profile is, and the key that makes one."""
        app = host(self)
        what = "A profile is a file with your settings, and the tokens that depend on them."
        rows = lacks(app) if not app.overview.profiles else []
        return [(), line((f" {what}", "muted")), (), *indented(rows)] if app.ready else []


class ProfilePane(Pane):
    """One profile's text. Nothing is written before ctrl+s and, where tokens change, a yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("ctrl+r", "revert", show=False, priority=True),
        Binding("ctrl+o", "outside", show=False, priority=True),
        Binding("ctrl+d", "compare", show=False, priority=True),
        Binding("f6", "next_panel", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),
        Binding("enter,e", "type", show=False),
        Binding("slash", "filter", show=False),
        Binding("n", "next", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.profile = ""
        self.saved: str | None = None  # as it was read last; None: nothing was
        self._theirs = ""  # what another program wrote under unsaved text, once that is said
        self.plan: PlanView | None = None
        self._planning = OneAtATime(self._make_plan)
        self._keeping = OneAtATime(self._keep)
        self.unsaved = Unsaved(self)

    def compose(self) -> ComposeResult:
        """The text, and beside it the switches and the plan."""
        yield Nothing(id="nothing")
        yield Editor()
        yield FindLine()
        with Vertical(id="side"):
            yield Switches()
            yield Plan(id="plan")

    @property
    def editor(self) -> Editor:
        """The text."""
        return self.query_one(Editor)

    @property
    def modified(self) -> bool:
        """Whether the text differs from the file as it was read."""
        return self.saved is not None and self.editor.text != self.saved

    @property
    def is_gone(self) -> bool:
        """Whether the file that the text was read from is no longer there."""
        return self.saved is not None and all(each.name != self.profile for each in host(self).overview.profiles)

    def main(self) -> Widget:
        """The text, or what stands in its place."""
        if self.has_class("-empty"):
            return self.query_one(Nothing)
        if not (self.has_class("-low") and self.has_class("-aside")):
            return self.editor
        return self.query_one(Switches) if self.has_class("-switching") else self.query_one(Plan)

    def remembered(self) -> View:
        """Whose text is shown."""
        return {"profile": self.profile}

    def recall(self, view: View) -> None:
        """The same again."""
        self.profile = text(view, "profile")

    def on_resize(self) -> None:
        """Below 100 columns the panels stand under the text, one at a time; where rows are few, in its place."""
        narrow = self.size.width < 100
        self.set_class(narrow, "-narrow")
        self.set_class(narrow and self.size.height < LEAST_ROWS, "-low")

    def refresh_view(self) -> None:
        """Read the file again; unsaved text stays, also where its profile is gone."""
        overview = host(self).overview
        names = [each.name for each in overview.profiles]
        if self.profile not in names and not self.modified:
            self.profile = overview.active if overview.active in names else next(iter(names), "")
        self._show_nothing(empty=not names and not self.modified)
        self.editor.wear_theme()
        if self.profile in names:
            self.run_worker(self._read(), group="profile", exclusive=True)
        if self._unknown:  # it may be known now: the store was locked
            self.run_worker(self._planning.ask(), group="plan")
        self._redraw()

    def _show_nothing(self, *, empty: bool) -> None:
        focused = self.main().has_focus
        changes = empty != self.has_class("-empty")
        self.set_class(empty, "-empty")
        self.query_one(Nothing).repaint()
        if changes and focused:
            self.call_after_refresh(self.main().focus)

    async def show_profile(self, name: str, token: str = "", number: int = 0, key: str = "") -> None:
        """Open a profile's text at a line, else where a key stands, else at a token's table."""
        if name != self.profile:
            if self.modified:
                host(self).say(f"{self.profile}.toml has unsaved changes", severity="warning")
                return
            text = await host(self).ask(host(self).service.profile_text, name)
            if text is None:
                return
            self.profile = name
            await self._take(text)
        else:
            await self._read()
        self.editor.go_to_line(number or line_for(self.editor.text, token.partition("/")[2], key))

    async def _read(self) -> None:
        text = await host(self).ask(host(self).service.profile_text, self.profile)
        if text is None or text == self.saved:
            return
        if not self.modified:
            await self._take(text)
        else:
            self._changed_under(text)

    def _changed_under(self, theirs: str) -> None:
        """Another program wrote the file under unsaved text: bring both together, or say that one has to be chosen."""
        said = f"{self.profile}.toml was changed by another program"
        both = merged(self.saved or "", self.editor.text, theirs)
        if both is not None:
            self.saved, self._theirs = theirs, ""
            row, column = self.editor.cursor_location
            row = same_row(self.editor.text, both, row)
            self._put(both)
            self.editor.move_cursor((row, column))
            host(self).say(f"{said}\nits changes and yours are together here, unsaved", severity="warning")
        elif theirs != self._theirs:
            self._theirs = theirs
            ways = f"{self._key('compare')} shows both, {self._key('revert')} takes its text"
            host(self).say(f"{said}, in lines that you changed\n{ways}", severity="warning")

    async def _chosen(self) -> bool:
        """Ask which of two texts counts, where both changed the same lines; whether the own one does."""
        from keybound.tui.profile.compare import edits
        from keybound.tui.profile.conflict import Conflict

        theirs = self._theirs
        if not theirs or not self.modified or self.is_gone:
            return True
        answer = await self.app.push_screen_wait(Conflict(self.profile, edits(theirs, self.editor.text)))
        if answer:
            self.saved, self._theirs = theirs, ""
        if answer == "theirs":
            self._put(theirs)
        self._redraw()
        return answer == "mine"

    async def _take(self, text: str) -> None:
        """Show a text that was read, as the saved one."""
        self.saved, self._theirs = text, ""
        self.editor.load_text(text)
        await self._planning.ask()

    @on(TextArea.Changed)
    def typed(self) -> None:
        """Plan again after a short rest."""
        self._redraw()
        self.set_timer(PAUSE, self._plan_soon)

    def _plan_soon(self) -> None:
        self.run_worker(self._planning.ask(), group="plan")
        self.run_worker(self._keeping.ask(), group="draft")

    def keep_now(self) -> None:
        """The program must end: what is unsaved is there again at the next start."""
        self.unsaved.keep_now(self.profile, self._typed, self.saved)

    def give_up(self) -> None:
        """The owner gave the unsaved text up."""
        self.unsaved.forget_now()

    @property
    def _typed(self) -> str | None:
        return self.editor.text if self.modified else None

    async def _keep(self) -> None:
        await self.unsaved.keep(self.profile, self._typed, self.saved)

    async def take_up(self, draft: SavedDraft) -> None:
        """Show a text that was kept at an earlier start, unsaved as it was."""
        if any(each.name == draft.profile for each in host(self).overview.profiles):
            await self.show_profile(draft.profile)
        elif not self.modified:
            self.profile = draft.profile
            await self._take(draft.base or "")
        if self.profile != draft.profile or self.modified:
            return
        if draft.base is not None and draft.base != self.saved:
            ways = f"{self._key('compare')} compares the two, {self._key('save')} saves yours"
            said = f"{draft.profile}.toml has changed since: {ways}"
            host(self).say(said, severity="warning")
        self._put(draft.text)
        self.unsaved.kept = (draft.profile, draft.text)

    async def _make_plan(self) -> None:
        text = self.editor.text
        if self.plan is not None and getattr(self, "_planned", None) == text:
            return
        self.query_one(Plan).show(self.plan, waiting=True, unknown=self._unknown)
        try:
            self.plan = await host(self).service_worker.run(host(self).service.plan_text, self.profile, text)
            self._planned, self._unknown = text, ""
        except KeyboundError as error:  # at every pause while typing: no toast
            self.plan, self._planned, self._unknown = None, None, error.what
        self._redraw()

    _unknown = ""  # why there is no plan
    _planned: str | None = None

    @on(TextArea.SelectionChanged)
    def _redraw(self) -> None:
        """Titles, bars and notes for the text as it stands."""
        editor = self.editor
        marked = changed_lines(self.saved or "", editor.text) if self.modified else set()
        editor.annotate(notes_of(end_notes(self.plan)), marked)
        editor.border_title = Content(clean(f"{self.profile}.toml") + self._how_it_stands())
        row, column = editor.cursor_location
        fault = self.plan.fault if self.plan else ""
        words = ["typing"] if editor.typing else []
        words += [f"line {row + 1}, column {column + 1}", "cannot be read" if fault else "TOML ok"]
        words += [f"{plural(len(marked), 'line')} changed"] if marked else []
        editor.border_subtitle = Content(" · ".join(words))
        self._redraw_side()

    def _key(self, name: str) -> str:
        return host(self).keyboard.key(name)

    def _how_it_stands(self) -> str:
        if self.modified and self.is_gone:
            return f"  unsaved, and its file is gone: {self._key('save')} writes it again"
        return "  modified" if self.modified else ""

    def _redraw_side(self) -> None:
        switches = self.query_one(Switches)
        switches.border_title, switches.border_subtitle = Content("Switches"), Content("space toggles")
        switches.show(states(self._view(), self.editor.text))
        switches.styles.height = None if self.has_class("-narrow") else switches.wanted_height
        self.query_one(Plan).show(self.plan, waiting=self._planned != self.editor.text, unknown=self._unknown)

    def _view(self) -> ProfileView | None:
        return next((each for each in host(self).overview.profiles if each.name == self.profile), None)

    @on(Switches.Flipped)
    def flipped(self, event: Switches.Flipped) -> None:
        """Change the text as the switch says; it can be undone like typing."""
        self.run_worker(self._flip(event.keypath, event.value), group="flip")

    async def _flip(self, keypath: tuple[str, ...], value: object) -> None:
        while True:
            before = self.editor.text
            text = await host(self).ask(host(self).service.toggled, self.profile, before, keypath, value)
            if text is None:
                return
            if self.editor.text == before:  # else something was typed or flipped meanwhile: once more
                self._put(text)
                return

    def _put(self, text: str) -> None:
        """Replace the text, and go to the first line that it changes."""
        editor = self.editor
        changed, (row, column) = changed_lines(editor.text, text), editor.cursor_location
        editor.replace(text, editor.document.start, editor.document.end)
        editor.move_cursor((min(changed) - 1, 0) if changed else (row, column))

    def action_outside(self) -> None:
        """Edit a draft in the user's own editor; it comes back as text that is not saved yet."""
        from textual.app import SuspendNotSupported

        from keybound.tui.profile.outside import edit_outside

        try:
            with self.app.suspend():
                text = edit_outside(self.profile, self.editor.text, os.environ)
        except SuspendNotSupported:
            host(self).say("this terminal cannot run an editor", severity="warning")
        except KeyboundError as error:
            host(self).say(str(error), severity="error")
        else:
            if text == self.editor.text:
                host(self).say("the editor changed nothing")
            else:
                self._put(text)

    def action_compare(self) -> None:
        """Show what is edited, and what is not as approved."""
        if self._theirs and self.modified:
            self.run_worker(self._chosen(), group="save", exclusive=True)
            return
        from keybound.tui.profile.compare import approved_and_now, edits
        from keybound.tui.profile.compare_dialog import Compare

        tokens = [token for token in host(self).overview.tokens if token.profile == self.profile]
        self.app.push_screen(Compare(self.profile, edits(self.saved or "", self.editor.text), approved_and_now(tokens)))

    def action_revert(self) -> None:
        """Put the text back that the file has now; undo brings the edits back."""
        if self.modified:
            self.run_worker(self._revert(), group="profile", exclusive=True)

    async def _revert(self) -> None:
        text = await host(self).ask(host(self).service.profile_text, self.profile)
        if text is not None:
            self.saved, self._theirs = text, ""
            self._put(text)
            self._redraw()
            host(self).say(f"reverted to the saved text; {self._key('to_shell')} brings your edits back")

    def action_next_panel(self) -> None:
        """Text, switches, plan."""
        order: list[Widget] = [self.editor, self.query_one(Switches), self.query_one(Plan)]
        at = next((at for at, each in enumerate(order) if each.has_focus), 0)
        following = order[(at + 1) % len(order)]
        self.set_class(following is order[1], "-switching")
        self.set_class(following is not order[0], "-aside")
        self.call_after_refresh(following.focus)  # it may only now be shown

    @property
    def find_line(self) -> FindLine:
        """Where a word to find is typed."""
        return self.query_one(FindLine)

    def action_filter(self) -> None:
        """Find a word in the text."""
        if not self.has_class("-empty"):
            self.find_line.open()

    def action_next(self) -> None:
        """The next place of the word."""
        self._find(next_place)

    @on(FindLine.Changed)
    def _find_typed(self) -> None:
        """Go to the first place from where the cursor is."""
        row, column = self.editor.selection.start
        self._find(lambda found, _: next_place(found, (row, column - 1)))

    @on(FindLine.Submitted)
    def _found(self) -> None:
        """Enter goes back to the text, where the word stands."""
        self.editor.focus()

    @on(FindLine.Turned)
    def _turned(self, event: FindLine.Turned) -> None:
        """The next or the previous place, while the word is typed."""
        self._find(next_place if event.forward else previous_place)

    def _find(self, which: Callable[[Sequence[Place], Place], Place | None]) -> None:
        needle = self.find_line.value
        found = places(self.editor.text, needle)
        self.find_line.border_subtitle = Content(plural(len(found), "place") if needle else "")
        place = which(found, self.editor.selection.start)
        if place is not None:
            self.editor.select_text(place, len(needle))

    def action_type(self) -> None:
        """Letters go into the text from now on."""
        if self.editor.has_focus or not self.has_class("-aside"):
            self.editor.focus()
            self.editor.begin()

    @on(Editor.Began)
    def began(self) -> None:
        """Other keys, another title."""
        self._redraw()
        self.changed()

    def action_leave(self) -> None:
        """Esc: no more finding; no more typing; back to the text; from there where one came from, else to the tokens."""
        if self.find_line.is_open:
            self.find_line.close()
            self.editor.focus()
        elif self.editor.has_focus and self.editor.typing:
            self.editor.typing = False
            self.began()
        elif not self.editor.has_focus:
            self.remove_class("-switching", "-aside")
            self.call_after_refresh(self.editor.focus)
        else:
            if not self.go_back():
                self.run_worker(self.screen.run_action("tab(0)"), group="leave")

    def takes_text(self) -> bool:
        """While it is typed in, the text takes letters, as a filter does."""
        return (self.editor.has_focus and self.editor.typing) or super().takes_text()

    def leave_question(self) -> str:
        """Unsaved text would be lost."""
        if not self.modified:
            return ""
        count = len(changed_lines(self.saved or "", self.editor.text))
        return f"{self.profile}.toml has unsaved changes: {plural(count, 'line')}."

    def action_save(self) -> None:
        """Save, after the plan was shown."""
        if self.has_class("-empty"):
            return
        self.run_worker(self._save(), group="save", exclusive=True)

    async def save_work(self) -> bool:
        """Save the text as its key does."""
        if self.modified:
            await self._save()
        return not self.modified

    async def _save(self) -> None:
        if not await self._chosen():
            return
        text = self.editor.text
        plan = await host(self).ask(host(self).service.plan_text, self.profile, text)
        if plan is None:
            return
        self.plan, self._planned = plan, text
        self._redraw()
        if plan.fault:
            self.editor.go_to_line(plan.fault_line or 1)
            where = f" line {plan.fault_line}" if plan.fault_line else ""
            host(self).say(f"{self.profile}.toml{where}: {plan.fault}", severity="error")
            return
        if not is_empty(plan) and not await self._agreed(plan):
            return
        expected = None if self.is_gone else self.saved
        if self.saved is not None and await host(self).act(host(self).service.save_text, self.profile, text, expected):
            self.saved, self._planned = text, None  # what it would do is done
            await self._planning.ask()
            await self._keeping.ask()
        self._redraw()

    async def _agreed(self, plan: PlanView) -> bool:
        from keybound.tui.dialogs.confirm import Confirm

        dialog = Confirm(f"Save {self.profile}.toml?", lines_of(plan), "Save")
        answer: bool | None = await host(self).push_screen_wait(dialog)
        return bool(answer)

    def targets(self) -> tuple[str, ...]:
        """The token in whose table the cursor stands."""
        lines = self.editor.text.split("\n")[: self.editor.cursor_location[0] + 1]
        head = next((text.strip() for text in reversed(lines) if text.startswith("[")), "")
        name = head.removeprefix("[tokens.").rstrip("]").partition(".")[0] if head.startswith("[tokens.") else ""
        token = self.token(f"{self.profile}/{name}")
        return (token.id,) if token else ()

    def explain(self) -> str:
        """What the screen does."""
        return (
            "The profile's own file. The plan says what saving would do to each token; nothing is written until "
            "ctrl+s, and if tokens change you are asked first."
        )

    def filter_hints(self) -> Sequence[Hint]:
        """While a word is typed: other places."""
        return [Hint("↑↓", "other places", 2, "down")]

    def hints(self) -> Sequence[Hint]:
        """Keys for the text, or for the switches."""
        if self.has_class("-empty"):
            return [HELP, PALETTE]
        if self.query_one(Switches).has_focus:
            keys = [Hint("space", "toggle", 1), Hint("↑↓", "move", 3, "down"), Hint("^s", "save", 1, "ctrl+s")]
            return [*keys, Hint("F6", "plan", 2, "f6"), Hint("esc", "text", 2, "escape"), *OUTSIDE, HELP, PALETTE]
        if self.query_one(Plan).has_focus:
            keys = [Hint("↑↓", "scroll", 2, "down"), Hint("^s", "save", 0, "ctrl+s"), Hint("F6", "text", 1, "f6")]
            return [*keys, Hint("esc", "text", 2, "escape"), *OUTSIDE, HELP, PALETTE]
        keys = [Hint("^s", "save", 0, "ctrl+s"), Hint("F6", "switches", 1, "f6"), Hint("^z", "undo", 3, "ctrl+z")]
        keys += [Hint("^r", "revert", 2, "ctrl+r"), *OUTSIDE]
        if self.editor.typing:
            done = Hint("esc", "done typing", 1, "escape")
            return [keys[0], done, *keys[1:], HELP._replace(shown="F1", key=TYPING_HELP), PALETTE]
        keys.append(Hint("/", "find", 2, "slash"))
        keys += [Hint("n", "next", 2)] if self.find_line.value else []
        return [Hint("⏎", "type", 0, "enter"), *keys, Hint("esc", "back", 2, "escape"), HELP, PALETTE]
