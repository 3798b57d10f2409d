"""The Tokens screen: the table, what is known of the token under the cursor, a filter."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from keybound.custody.view_models.overview import ProfileView
from keybound.domain.verdict.states import State
from keybound.tui.app_protocol import host
from keybound.tui.frame.memory import View, text, texts
from keybound.tui.frame.once import tokens_by_id
from keybound.tui.frame.pane import FilteredPane, closed_filter
from keybound.tui.hints import HELP, PALETTE, Hint
from keybound.tui.styled_text import Line
from keybound.tui.tokens.columns import MORE
from keybound.tui.tokens.detail import Detail
from keybound.tui.tokens.filtering import FILTER_HELP, PLACEHOLDER
from keybound.tui.tokens.grouping import SORTS
from keybound.tui.tokens.lost import define_again
from keybound.tui.tokens.reasons import reasons
from keybound.tui.tokens.recalled import recalled_rows
from keybound.tui.tokens.releases import DAYS
from keybound.tui.tokens.table import TokenTable
from keybound.tui.words import plural

_TABLE = 76  # cells, with its border


def _table_width(width: int) -> int:
    """The table beside the detail: four fifths of what a terminal has over 120 columns."""
    return max(_TABLE, _TABLE + (width - 120) * 4 // 5)


class TokensPane(FilteredPane):
    """All tokens, grouped by profile."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pick", show=False),
        Binding("V", "pick_range", show=False),
        Binding("s", "sort", show=False),
        Binding("W", "columns", show=False),
        Binding("d", "define_again", show=False),
    ]

    def compose(self) -> ComposeResult:
        """The table, the filter under it, the detail."""
        yield TokenTable()
        yield Detail()
        yield closed_filter(PLACEHOLDER)

    @property
    def table(self) -> TokenTable:
        """The table."""
        return self.query_one(TokenTable)

    @property
    def detail(self) -> Detail:
        """The panel of one token."""
        return self.query_one(Detail)

    def main(self) -> Widget:
        """The table."""
        return self.table

    def remembered(self) -> View:
        """Order, filter, what is folded, where the cursor is."""
        table = self.table
        return {
            "sort": SORTS[table.sort][0],
            "filter": table.filter,
            "folded": sorted(table.folded),
            "hidden": sorted(table.hidden),
            "cursor": table.cursor,
            "rows": table.shown_rows(),
        }

    def recall(self, view: View) -> None:
        """The same again."""
        names = [name for name, _ in SORTS]
        sort = text(view, "sort")
        self.table.sort = names.index(sort) if sort in names else 0
        self.table.folded = set(texts(view, "folded"))
        self.table.hidden = set(texts(view, "hidden")) & MORE.keys()
        self.table.cursor = text(view, "cursor")
        self.table.recalled = recalled_rows(view, host(self).styled.style)
        self.recall_filter(view)

    def on_resize(self) -> None:
        """Beside the table from 100 columns on, below it in three lines under that."""
        narrow = self.size.width < 100
        self.table.styles.width = "1fr" if narrow else _table_width(self.size.width)
        self.set_class(narrow, "-narrow")
        self.detail.brief = narrow
        self._retitle()
        self._show_detail()

    def refresh_view(self) -> None:
        """Show the present overview; selected tokens that are gone are let go."""
        if not self.query(Detail):  # the application has ended meanwhile
            return
        self.table.picked &= tokens_by_id(host(self).overview).keys()
        self.table.repaint()
        if self.table.recalled:
            self.table.recalled = []
            self.call_after_refresh(self.table.show_cursor)  # what was in view is in view again
        if self.token(host(self).to_show):
            self.table.stand(host(self).to_show)
            host(self).to_show = ""
        self._retitle()
        self.moved()

    def _retitle(self) -> None:
        table = self.table
        seen = len(table.picked_here)
        hidden = len(table.picked) - seen
        words = [plural(len(host(self).overview.tokens), "token")]
        words += [f"{seen} selected"] if seen else []
        words += [f"{hidden} selected but hidden"] if hidden else []
        words += [f"by {SORTS[table.sort][0]}"]
        words += [f"filter {table.filter}"] if table.filter else []
        words += ["grouped by profile"] if self.size.width >= 100 else []
        table.border_title = Content("Tokens")
        table.border_subtitle = Content(" · ".join(words))

    @property
    def heading(self) -> ProfileView | None:
        """The profile whose heading is under the cursor."""
        name = self.table.cursor.removesuffix("/")
        found = (each for each in host(self).overview.profiles if each.name == name)
        return next(found, None) if self.table.cursor.endswith("/") else None

    @property
    def lost(self) -> str:
        """The token under the cursor whose definition is gone, or ""."""
        return self.table.cursor if self.table.cursor in host(self).overview.orphans else ""

    def _show_detail(self) -> None:
        token = self.token(self.table.cursor)
        self.detail.show(token, self.heading, self.lost)
        if token is not None and token.last_released is not None:
            read = partial(self._read_usage, token.id)  # begun only if it is not late
            self.run_worker(read, group="usage", exclusive=True)  # type: ignore[arg-type]

    async def _read_usage(self, token: str) -> None:
        used = await host(self).ask(host(self).service.usage, token, DAYS)
        if used is not None and self.query(Detail):  # the application may have ended meanwhile
            self.detail.show_usage(token, used)

    @on(TokenTable.Moved)
    def moved(self) -> None:
        """The detail follows the cursor."""
        self._show_detail()
        self.changed()

    @on(TokenTable.Chosen)
    def chosen(self) -> None:
        """Enter folds a group, or opens the detail for scrolling."""
        if self.table.cursor.endswith("/"):
            self.table.toggle_fold()
        elif not self.detail.brief:
            self.detail.focus()
            self.changed()

    def targets(self) -> tuple[str, ...]:
        """The selected tokens that are seen, else the one under the cursor."""
        here = self.target()
        return tuple(self.table.picked_here) or ((here,) if here else ())

    def target(self) -> str:
        """The token under the cursor: what is selected is for actions that ask about a list."""
        return self.table.cursor if self.token(self.table.cursor) else ""

    def removable(self) -> tuple[str, ...]:
        """As targets; and a secret whose definition is gone."""
        return (self.lost,) if self.lost else self.targets()

    def target_profile(self) -> str:
        """The profile of the token, or of the heading, under the cursor."""
        return self.table.cursor.partition("/")[0] or super().target_profile()

    def heading_name(self) -> str:
        """The profile whose heading is under the cursor, or ""."""
        return self.heading.name if self.heading else ""

    def approvable(self) -> tuple[str, ...]:
        """As targets; on a heading the profile itself: its own part, and what of its tokens needs approval."""
        heading = self.table.cursor.removesuffix("/")
        return self.targets() or ((heading,) if heading else ())

    def acted(self) -> None:
        """Nothing is selected any more."""
        self.table.picked.clear()
        self.refresh_view()

    def target_key(self) -> str:
        """The first key of the token that is outside."""
        token = self.token(self.table.cursor)
        return next((row.key for row in token.bound if row.inside is not True), "") if token else ""

    def action_pick(self) -> None:
        """Select the token, and go on to the next."""
        self.table.toggle_pick()
        self.table.action_walk(1)
        self._retitle()
        self.changed()

    def action_pick_range(self) -> None:
        """Select all from the last selected one to here."""
        self.table.pick_range()
        self._retitle()
        self.changed()

    def action_columns(self) -> None:
        """Choose a column to show or hide."""
        self.run_worker(self._choose_column(), group="action")

    async def _choose_column(self) -> None:
        from keybound.tui.dialogs.choose import Choose

        name = await self.app.push_screen_wait(Choose("Columns of a wide terminal", self.table.columns()))
        if name:
            self.table.hidden ^= {name}
            self.refresh_view()

    def action_define_again(self) -> None:
        """Write the definition of a token whose definition is gone."""
        if self.lost:
            self.run_worker(define_again(host(self), self.screen, self.lost), group="action")
        else:
            host(self).say(f"{host(self).keyboard.key('restore')} restores a token whose definition is gone")

    def action_sort(self) -> None:
        """Sort by the next column."""
        self.table.sort = (self.table.sort + 1) % len(SORTS)
        self.refresh_view()

    @on(Input.Changed, "#filter")
    def filtered(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        self.table.filter = event.value
        self.refresh_view()

    def action_clear(self) -> None:
        """Esc: the detail, then the filter, then the selection, then back."""
        if self.detail.has_focus:
            self.table.focus()
        elif not self.drop_filter():
            if not self.table.picked:
                self.go_back()
            self.table.picked.clear()
        self.refresh_view()

    def reveal(self, shown: Line) -> None:
        """Show a secret's text, or mask it again where there is none."""
        self.detail.revealed = shown
        self.detail.repaint()

    def explain(self) -> str:
        """What stands under the cursor; what may be typed, in the filter."""
        if self.takes_text():
            return FILTER_HELP
        token = self.token(self.table.cursor)
        if self.lost:
            restores = f"{host(self).keyboard.key('restore')} restores the last approved one"
            return f"{self.lost} has a secret but no definition; {restores}."
        if token is None:
            return "A profile and its tokens."
        why = "; ".join(each.text for each in reasons(token))
        return f"{token.id} is {token.state.word}{f': {why}' if why else ''}."

    def hints(self) -> Sequence[Hint]:
        """What can be done with the token under the cursor."""
        token = self.token(self.table.cursor)
        picked = Hint("space", "select", 6)
        marks = [picked, Hint("V", "range", 30)]
        lists = [Hint("s", "sort", 7), Hint("W", "columns", 30), Hint("/", "filter", 6, "slash"), HELP, PALETTE]
        tail = [*marks, *lists]
        if self.lost:
            return [Hint("d", "restore", 1), Hint("D", "remove", 2), Hint("a", "add", 3), *lists]
        if token is None:
            fold = "unfold" if self.table.cursor.rstrip("/") in self.table.folded else "fold"
            words = [Hint("⏎", fold, 1, "enter"), Hint("a", "add", 2), Hint("p", "profile", 2)]
            heading = self.heading
            approve = [Hint("A", "approve", 1)] if heading and heading.unapproved_parts else []
            if heading:
                return [*approve, *words, Hint("e", "edit", 3), *tail]
            return [words[1], words[2], *tail]
        common = [Hint("x", "expire", 4), Hint("y", "copy", 3), Hint("v", "reveal", 4)]
        ends = [Hint("A", "approve", 2), Hint("r", "refresh", 2)]
        if token.state is State.MISSING:
            return [
                *([Hint("r", "log in", 1)] if token.rotation.oauth and not token.elsewhere else []),
                Hint("a", "add", 9 if token.elsewhere else 1),
                Hint("e", "edit", 3),
                Hint("b", "bind", 3),
                Hint("D", "remove", 4),
                *tail,
            ]
        if self.target_key():
            return [
                Hint("u", "put back", 1),
                *ends,
                Hint("w", "widen", 2),
                Hint("a", "add", 3),
                *common,
                *tail,
            ]
        return [Hint("a", "add", 2), Hint("b", "bind", 2), *ends, *common, *tail]
