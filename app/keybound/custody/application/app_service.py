"""The service: what the application asks of the custody, each answer a plain value."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from keybound.custody.application.alerting import alert_views, with_delivery
from keybound.custody.application.drafts import drafts, drop_draft, keep_draft
from keybound.custody.application.first_run import FirstRunning
from keybound.custody.application.overview import events, overview
from keybound.custody.application.profiles import Profiles
from keybound.custody.application.rotating import Rotating
from keybound.custody.application.settings import change_setting, settings
from keybound.custody.application.token_views import TokenViews
from keybound.custody.application.undo import forget_change, last_change, remember_change
from keybound.custody.application.usage_view import usage_view
from keybound.custody.application.view_memory import keep_view, read_view
from keybound.custody.context.context import Context
from keybound.custody.context.locking import lock_store
from keybound.custody.evaluation.evaluation_cache import EvaluationCache
from keybound.custody.planning.plan import plan_text
from keybound.custody.planning.put_back import put_back
from keybound.custody.planning.suggest import suggest
from keybound.custody.profiles.choose_profile import activate
from keybound.custody.profiles.library import Library
from keybound.custody.prompt.switching import plan_switch, switch_shell
from keybound.custody.release.copying import copy, release_one
from keybound.custody.rotation.by_hand import refresh
from keybound.custody.tokens import add as adding
from keybound.custody.tokens import approve as approving
from keybound.custody.tokens import binding
from keybound.custody.tokens.adopt import adopt, propose_adoption
from keybound.custody.tokens.approvals import approvals
from keybound.custody.tokens.binding_text import parse_bind
from keybound.custody.tokens.consequences import consequences
from keybound.custody.tokens.edit import save_text
from keybound.custody.tokens.expire import evaluate_and_record, expire
from keybound.custody.tokens.remove import remove
from keybound.custody.view_models.adding import NewToken, Recognised, Suggestion
from keybound.custody.view_models.health import Examination
from keybound.custody.view_models.outcomes import Done, Outcome
from keybound.custody.view_models.overview import AlertView, EventView, Overview
from keybound.custody.view_models.plain import Imported, PlainFound, Searched
from keybound.custody.view_models.plans import (
    Adoption,
    ApprovalView,
    PlanView,
    ProfileChange,
    PutBack,
    SavedDraft,
    SwitchView,
)
from keybound.custody.view_models.settings import Setting
from keybound.custody.view_models.status import Status as HowThingsStand
from keybound.custody.view_models.tokens import UsageView
from keybound.domain.errors import KeyboundError, NotFoundError, RefusedError, UnavailableError
from keybound.domain.profile.config import Config
from keybound.domain.text.secret import Secret
from keybound.domain.values.names import parse_token_id
from keybound.domain.verdict.states import Way
from keybound.sources.editing.edit_toml import set_value
from keybound.stores.alert_table import AlertTable
from keybound.stores.base import Status
from keybound.stores.generation import touch

if TYPE_CHECKING:
    from keybound.custody.application.importing import PlainSearch

PROGRAM = "keybound (the application)"


class CustodyAppService:
    """The service of one context. Implements :class:`keybound.custody.view_models.service.AppService`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._memory = EvaluationCache()
        self._views = TokenViews()
        self._plain: PlainSearch | None = None
        self.rotation = Rotating(context)
        self.first_run = FirstRunning(context)
        self.profiles = Profiles(context)

    def overview(self) -> Overview:
        """Evaluate everything on live readings, record expiries, deliver alerts, and return it."""
        found = overview(self._context, self._memory.evaluate, self._views)
        return with_delivery(self._context, found)

    def plan_text(self, profile: str, text: str) -> PlanView:
        """Say what saving ``text`` would do; write nothing."""
        return plan_text(self._context, profile, text)

    def toggled(self, profile: str, text: str, keypath: tuple[str, ...], value: object) -> str:
        """``text`` with one value set."""
        return set_value(text, keypath, value)

    def profile_text(self, profile: str) -> str:
        """The profile's own file, as it is: a broken one too. Raises NotFoundError, BadInputError for one that is no text."""
        return Library(self._context.home).text(profile)

    def save_text(self, profile: str, text: str, expected: str | None) -> Outcome:
        """Save, seal what matched its seal before, record what it expires."""
        outcome = self._save(profile, text, expected)
        remember_change(self._context, profile, f"edit {profile}.toml", expected)
        return outcome

    def _save(self, profile: str, text: str, expected: str | None) -> Outcome:
        sealed = save_text(self._context, profile, text, expected)
        evaluate_and_record(self._context, [profile])
        return Outcome(True, f"{profile} is saved" + (f"; also approved: {', '.join(sealed)}" if sealed else ""))

    def last_change(self) -> tuple[ProfileChange, str] | None:
        """The last change made in the application."""
        return last_change(self._context)

    def take_back(self, change: ProfileChange, text: str) -> Outcome:
        """Save the text without it."""
        outcome = self._save(change.profile, text, change.after)
        forget_change(self._context)
        return outcome._replace(text=f"undone: {change.said}")

    def plan_switch(self, target: str) -> SwitchView:
        """What a switch would do to a shell that follows."""
        return plan_switch(self._context, target)

    def switch(self, target: str, everywhere: bool) -> Outcome:
        """Pin the shell the application was started from, or make the profile the active one."""
        if everywhere or not self.pins_a_shell():
            activate(self._context, target)
            return Outcome(True, f"switched to {target}, in every shell that follows the active profile")
        switch_shell(self._context, target)
        return Outcome(True, f"this shell uses {target} from its next prompt")

    def pins_a_shell(self) -> bool:
        """Whether the application was started from a hooked shell."""
        return bool(self._context.environ.get("KEYBOUND_SWITCH_FILE"))

    def suggest(self, profile: str) -> Sequence[Suggestion]:
        """Every key that a token could be bound to, likely ones first."""
        return suggest(self._context, profile)

    def recognise(self, profile: str, secret: Secret, near: str) -> Recognised:
        """What the catalogue says of a secret."""
        from keybound.custody.application.recognised import recognised

        return recognised(self._context, profile, secret, near)

    def search_plain(self, goes_on: Callable[[Searched], bool]) -> None:
        """Look for plain tokens in the usual places; touches no store."""
        from keybound.custody.application.importing import PlainSearch

        self._plain = PlainSearch(self._context, goes_on)

    def plain_found(self, profile: str) -> PlainFound:
        """What was found, as an import into the profile would take it."""
        return self._searched().found(profile)

    def import_plain(self, numbers: Sequence[int], replace: bool, far: Callable[[int], object]) -> Imported:
        """Store those that were chosen, and replace their plain copies."""
        return self._searched().take(numbers, far, replace=replace)

    def forget_plain(self) -> None:
        """Keep nothing of what was found."""
        self._plain = None

    def _searched(self) -> "PlainSearch":
        if self._plain is None:
            raise NotFoundError("nothing was looked for yet")
        return self._plain

    def add(self, new: NewToken, secret: Secret) -> Outcome:
        """Define, store and seal a token; one that is minted takes no secret."""
        judged = adding.add(self._context, _definition(new), secret if len(secret) else None)
        return Outcome(True, f"{new.id} is stored and {judged.verdict.state.word}")

    def bind(self, token: str, *binds: str) -> Outcome:
        """Bind a token to keys, all or none, and seal."""
        before, wanted = self._text_of(token), list(map(parse_bind, binds))
        warnings = binding.bind(self._context, parse_token_id(token), wanted, outside=True)
        keys = ", ".join(key for key, _ in wanted)
        remember_change(self._context, token.partition("/")[0], f"bind {token} to {keys}", before)
        return Outcome(True, "; ".join(warnings) or f"{token} is bound")

    def _text_of(self, token: str) -> str | None:
        try:
            return self.profile_text(token.partition("/")[0])
        except KeyboundError:
            return None

    def add_harm(self, new: NewToken) -> Sequence[str]:
        """What adding would do to tokens now, where a reading is not inside its boundary; writes nothing."""
        definition = _definition(new)
        return consequences(self._context, definition.id, adding.define(self._context, definition).text)

    def bind_harm(self, token: str, *binds: str) -> Sequence[str]:
        """What binding would do to tokens now, where the reading is not inside; writes nothing."""
        return binding.propose(self._context, parse_token_id(token), list(map(parse_bind, binds)))[1]

    def unbind(self, token: str, key: str) -> Outcome:
        """Take a binding away and seal."""
        before = self._text_of(token)
        binding.unbind(self._context, parse_token_id(token), key)
        remember_change(self._context, token.partition("/")[0], f"unbind {token} from {key}", before)
        return Outcome(True, f"{token} is no longer bound to {key}")

    def approvals(self, ids: Sequence[str]) -> Sequence[ApprovalView]:
        """What approving would accept, with the digest of each snapshot."""
        return approvals(self._context, ids)

    def approve(self, chosen: Sequence[tuple[str, str]]) -> Sequence[Done]:
        """Approve the snapshots that the digests name: profiles' own parts and tokens, in the order given."""

        def one(name: str) -> None:
            if "/" in name:
                if left := approving.approve(self._context, parse_token_id(name), digests[name]):
                    raise RefusedError(left)
            else:
                approving.approve_part(self._context, name, digests[name])

        digests = dict(chosen)
        return _each(digests, one)

    def refresh(self, token: str, secret: Secret) -> Outcome:
        """Replace the secret."""
        refresh(self._context, parse_token_id(token), secret)
        return Outcome(True, f"{token} has a new secret")

    def expire(self, tokens: Sequence[str]) -> Sequence[Done]:
        """Expire now."""
        return _each(tokens, lambda name: expire(self._context, parse_token_id(name)))

    def remove(self, tokens: Sequence[str]) -> Sequence[Done]:
        """Delete each secret, then its definition."""
        return _each(tokens, lambda name: remove(self._context, parse_token_id(name)))

    def adoption(self, token: str) -> Adoption:
        """The definition that was approved last; writes nothing."""
        return propose_adoption(self._context, parse_token_id(token))

    def adopt(self, token: str, seen: Adoption) -> Outcome:
        """Define it again as it was shown."""
        state = adopt(self._context, parse_token_id(token), seen).verdict.state
        return Outcome(True, f"{token} is restored and {state.word}")

    def reveal(self, token: str) -> Secret:
        """Release to the screen."""
        return release_one(self._context, parse_token_id(token), Way.REVEAL, PROGRAM)

    def copy(self, token: str, form: str, terminal: Callable[[Secret], None]) -> Outcome:
        """Release to the clipboard, by the session's tool or by the terminal."""
        way = copy(self._context, parse_token_id(token), PROGRAM, terminal, form)
        return Outcome(True, f"{token}{'' if form == 'secret' else f' as {form}'} copied with {way}")

    def put_back(self, tokens: Sequence[str], key: str) -> PutBack:
        """The profile's text with the key at the value that a binding names by ``equals``; writes nothing."""
        return put_back(self._context, [parse_token_id(each) for each in tokens], key)

    def keep_draft(self, profile: str, text: str, base: str | None) -> None:
        """Keep unsaved text in the state dir."""
        keep_draft(self._context.home, SavedDraft(profile, text, base, self._context.clock().timestamp()))

    def drop_draft(self, profile: str) -> None:
        """Forget the unsaved text of a profile."""
        drop_draft(self._context.home, profile)

    def drafts(self) -> Sequence[SavedDraft]:
        """Unsaved texts that were kept."""
        return drafts(self._context.home)

    def recalled(self) -> Mapping[str, object]:
        """How the application was left."""
        return read_view(self._context.home)

    def remember(self, view: Mapping[str, object]) -> None:
        """Keep how it is left."""
        keep_view(self._context.home, view)

    def status(self) -> HowThingsStand:
        """How things stand."""
        from keybound.custody.application.status import status

        return status(self._context)

    def examine(self) -> Examination:
        """What the doctor finds; writes nothing."""
        from keybound.custody.application.doctoring import examination

        return examination(self._context)

    def mend(self) -> Examination:
        """Mend what is safe, and look again."""
        from keybound.custody.application.doctoring import mended

        return mended(self._context)

    def settings(self) -> Sequence[Setting]:
        """What can be set in the application."""
        return settings(self._context.home)

    def change_setting(self, name: str, value: str) -> Config:
        """Write it to config.toml."""
        return change_setting(self._context.home, name, value)

    def journal(self, limit: int, token: str = "") -> Sequence[EventView]:
        """The newest events, newest first."""
        return events(self._context, limit, token)

    def usage(self, token: str, days: int) -> UsageView:
        """How a token was used."""
        return usage_view(self._context, token, days)

    def alerts(self, limit: int) -> Sequence[AlertView]:
        """The newest alerts, newest first."""
        return alert_views(self._context, limit)

    def see_alerts(self, numbers: Sequence[int]) -> None:
        """Their owner has seen these."""
        AlertTable(self._context.state).mark_seen(numbers)
        touch(self._context.home.generation)

    def unlock(self, ask: Callable[[str], Secret] | None) -> Outcome:
        """Unlock the store."""
        self._context.store.unlock(ask)
        touch(self._context.home.generation)
        return Outcome(True, f"the {self._context.store.label} store is open")

    def lock(self) -> Outcome:
        """Lock the store."""
        lock_store(self._context)
        again = self._context.store.status() is Status.OPEN  # the environment offers a passphrase
        said = "is locked; it reopens with the passphrase from the environment" if again else "is locked"
        return Outcome(True, f"the {self._context.store.label} store {said}")


def _definition(new: NewToken) -> adding.NewDefinition:
    return adding.NewDefinition(parse_token_id(new.id), new.env, new.kind, new.scopes, new.ttl, "", new.binds)


def _each(names: Iterable[str], action: Callable[[str], object]) -> list[Done]:
    """Do it to each, alone; once the store or the state cannot be had, to no more."""
    done: list[Done] = []
    gone = ""
    for name in names:
        if not gone:
            try:
                action(name)
            except KeyboundError as fault:
                gone = fault.what if isinstance(fault, UnavailableError) else ""
                done.append(Done(name, fault.what))
                continue
        done.append(Done(name, gone))
    return done
