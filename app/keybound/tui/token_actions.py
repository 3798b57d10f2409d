"""What can be done to one token from every screen; each action states its consequence before it is done."""

from functools import partial
from typing import TYPE_CHECKING

from keybound.custody.release.copy_forms import FORMS, SECRET
from keybound.domain.verdict.states import State
from keybound.tui.empty import none_yet
from keybound.tui.first_steps import FirstSteps
from keybound.tui.frame.pane import Pane
from keybound.tui.frame.tabs import PROFILE, TOKENS, position
from keybound.tui.styled_text import Line

if TYPE_CHECKING:

    class _Base(FirstSteps):
        async def jump(self, at: int) -> Pane: ...
        def ask_to_unlock(self) -> None: ...
else:
    _Base = FirstSteps

REVEAL = 10.0  # seconds


class TokenActions(_Base):
    """Actions of the main screen that ask the service to do something."""

    _reveals = 0

    def _one(self) -> str:
        """The one token that is meant; a toast where there is none."""
        target = self.pane.target()
        if not target:
            self.host.say(none_yet(self.host) or "select a token first", severity="warning")
        return target

    def action_refresh(self) -> None:
        """Get or take a new secret for the token."""
        if name := self._one():
            self.run_worker(self._refresh(name), group="action")

    async def _refresh(self, name: str) -> None:
        from keybound.tui.dialogs.renewal.login import Login
        from keybound.tui.dialogs.renewal.refresh import Refresh
        from keybound.tui.dialogs.renewal.renew import Renew

        token = self.pane.token(name)
        if token is None or not token.rotation.automatic:
            self.app.push_screen(Refresh(name))
            return
        if token.rotation.oauth and not token.rotation.logged_in:
            self.app.push_screen(Login(name, token.rotation.refresh))
            return
        answer = await self.app.push_screen_wait(Renew(token))
        if answer == "renew":
            await self.host.rotate(self.host.service.rotation.renew, name)
        elif answer == "type":
            self.app.push_screen(Refresh(name))
        elif answer == "login":
            self.app.push_screen(Login(name, token.rotation.refresh))

    def action_probe(self) -> None:
        """Ask its provider about the token."""
        if name := self._one():
            self.run_worker(self.host.rotate(self.host.service.rotation.probe, name), group="action")

    def action_revoke(self) -> None:
        """End the token's secret at its provider."""
        if name := self._one():
            self.run_worker(self._revoke(name), group="action")

    async def _revoke(self, name: str) -> None:
        from keybound.tui.dialogs.confirm import Warned, token_line
        from keybound.tui.words import plural

        token = self.pane.token(name)
        if token is None or not (token.rotation.revocable or token.rotation.to_revoke):
            expires = f"{self.host.keyboard.key('expire')} expires it here"
            self.host.say(f"nothing approved says how {name} is revoked; {expires}", severity="warning")
            return
        ends = "It stops working everywhere, for good; here it expires at once. Only a new secret brings it back."
        left = token.rotation.to_revoke
        also = f", and so {'is' if left == 1 else 'are'} {plural(left, 'old secret')}" if left else ""
        whole = " The whole login ends." if token.rotation.logged_in else ""
        how = f"It is revoked {token.rotation.revoke_now}{also}.{whole}"
        lines: list[Line | str] = [ends, how, (), token_line(token, name)]
        if await self.app.push_screen_wait(Warned(f"Revoke {name}?", lines, "Revoke")):
            await self.host.rotate(self.host.service.rotation.revoke, name)

    def action_copy(self) -> None:
        """Release to the clipboard."""
        if name := self._one():
            self.run_worker(self._copy(name, SECRET), group="action")

    def action_copy_as(self) -> None:
        """Release to the clipboard in a form that is chosen."""
        if name := self._one():
            self.run_worker(self._copy_as(name), group="action")

    async def _copy_as(self, name: str) -> None:
        from keybound.tui.dialogs.choose import Choose

        form = await self.app.push_screen_wait(Choose(f"Copy {name} as", FORMS))
        if form:
            await self._copy(name, form)

    async def _copy(self, name: str, form: str) -> None:
        from keybound.tui.secrets import to_terminal_clipboard

        await self.host.act(self.host.service.copy, name, form, partial(to_terminal_clipboard, self.host))

    def action_reveal(self) -> None:
        """Show the secret in the detail for ten seconds."""
        if name := self._one():
            self.run_worker(self._reveal(name), group="action")

    async def _reveal(self, name: str) -> None:
        from keybound.tui.secrets import shown
        from keybound.tui.tokens.pane import TokensPane

        pane = await self.jump(position(TOKENS))
        if not isinstance(pane, TokensPane):
            return
        pane.table.stand(name)
        secret = await self.host.ask(self.host.service.reveal, name)
        if secret is None or pane.table.cursor != name:
            return
        pane.reveal(shown(secret))
        self._reveals += 1
        mine = self._reveals
        self.set_timer(REVEAL, lambda: pane.reveal(()) if self._reveals == mine else None)

    def action_put_back(self) -> None:
        """Set the key that is outside back to its approved value."""
        name, key = self._one(), self.pane.target_key()
        if name and not key:
            self.host.say(f"every binding of {name} is inside its boundary")
        elif name:
            others = [each for each in self.pane.targets() if each != name]
            self.run_worker(self._put_back((name, *others), key), group="action")

    async def _put_back(self, ids: tuple[str, ...], key: str) -> None:
        """Through the plan, as every change of a profile: the question says what it would do to each token."""
        from keybound.tui.dialogs.confirm import Confirm
        from keybound.tui.profile.plan import lines_of

        found = await self.host.ask(self.host.service.put_back, ids, key)
        plan = await self.host.ask(self.host.service.plan_text, found.profile, found.after) if found else None
        if found is None or plan is None:
            return
        if plan.fault:
            self.host.say(f"{found.profile}.toml: {plan.fault}", severity="error")
            return
        lines: list[Line | str] = [
            f"Writes {found.said} into {found.profile}.toml; comments are kept.",
            (),
            *lines_of(plan),
        ]
        if await self.app.push_screen_wait(Confirm(f"Put {key} back?", lines, "Put back")):
            await self.host.act(self.host.service.save_text, found.profile, found.after, found.before)

    def action_undo(self) -> None:
        """Take back the last change of a profile or binding that was made here."""
        self.run_worker(self._undo(), group="action")

    async def _undo(self) -> None:
        from keybound.tui.undo import take_back

        if any(pane.leave_question() for pane in self.query(Pane)):
            self.host.say("save or revert the unsaved text first", severity="warning")
        else:
            await take_back(self.host)

    def action_bind(self) -> None:
        """Bind the token to a key."""
        self._bind(self.pane.target_key() if self.pane.target_key() and not self._outside() else "")

    def action_widen(self) -> None:
        """Bind the token again to the key that is outside, with a wider rule."""
        self._bind(self.pane.target_key())

    def _outside(self) -> bool:
        token = self.pane.token(self.pane.target())
        return token is not None and any(row.inside is not True for row in token.bound)

    def _bind(self, key: str) -> None:
        if name := self._one():
            from keybound.tui.dialogs.bind import Bind

            token = self.pane.token(name)
            row = next((row for row in token.bound if row.key == key), None) if token else None
            self.app.push_screen(Bind(name, key, row))

    def action_add(self) -> None:
        """Add a token to the profile that is meant, or the secret of one that is only defined."""
        self.with_profile(self.pane.target_profile(), self.add_to)

    def add_to(self, profile: str) -> None:
        """Ask for a token of the profile, or for the secret of the one that is meant and has none."""
        from keybound.tui.dialogs.add import AddToken

        token = self.pane.token(self.pane.target())
        missing = token if token is not None and token.state is State.MISSING else None
        self.app.push_screen(AddToken(profile, missing))

    def action_import_plain(self) -> None:
        """Look for plain tokens on this machine, to import them into the profile in use."""
        if self.host.overview.store_status == "locked":
            self.ask_to_unlock()
        else:
            self.with_profile(self.host.overview.active, self.import_into)

    def import_into(self, profile: str) -> None:
        """List the plain tokens of this machine, to be taken into the profile."""
        from keybound.tui.dialogs.import_plain import ImportPlain

        self.app.push_screen(ImportPlain(profile))

    def action_switch(self) -> None:
        """Choose another profile; where there is none, make the first one."""
        from keybound.tui.dialogs.switch import Switch

        if self.host.overview.profiles:
            meant = self.pane.heading_name()
            self.app.push_screen(Switch("" if meant == self.host.overview.active else meant))
        else:
            self.with_profile("", lambda _: None)

    def action_edit(self) -> None:
        """Open the profile's text at the token."""
        self.with_profile(self.pane.target_profile() or self._any_profile(), self._begin_edit)

    def _any_profile(self) -> str:
        return next((each.name for each in self.host.overview.profiles), "")

    def _begin_edit(self, profile: str) -> None:
        self.run_worker(self._edit(profile, self.pane.target()), group="tab")

    async def _edit(self, profile: str, token: str) -> None:
        key, view = self.pane.target_key(), self.pane.token(token)
        row = next((row for row in view.bound if row.key == key), None) if view else None
        homes = {each.path: each.name for each in self.host.overview.profiles}
        await self.edit_profile(homes.get(row.path, profile) if row else profile, token, row.line if row else 0, key)

    async def edit_profile(self, profile: str, token: str = "", number: int = 0, key: str = "") -> None:
        """Open a profile's text at a line, else where a key stands, else at a token's table."""
        from keybound.tui.profile.pane import ProfilePane

        pane = await self.jump(position(PROFILE))
        if isinstance(pane, ProfilePane) and profile:
            await pane.show_profile(profile, token, number, key)
            pane.editor.begin()  # it was asked for
