"""What can be done with a profile as a whole: each says its consequences, asks, and does it through the service."""

from collections.abc import Callable

from keybound.custody.view_models.overview import ProfileView
from keybound.custody.view_models.tokens import TokenView
from keybound.domain.values.names import is_name
from keybound.domain.verdict.states import State
from keybound.tui.app_protocol import AppProtocol
from keybound.tui.dialogs.confirm import Confirm, Warned, token_line
from keybound.tui.dialogs.profiles.form import Asked, ProfileForm
from keybound.tui.profile.plan import lines_of
from keybound.tui.styled_text import Line, line
from keybound.tui.words import named, plural

_NAME = "a name is 1 to 64 characters from a-z 0-9 . _ - and starts with a letter or digit"
_NO_PARENT = "empty: it extends no profile"


async def make(app: AppProtocol) -> None:
    """Ask for a name and a parent; make it."""
    said = "A profile is a file with settings, and the tokens that depend on them."
    fields = [_name(app, ""), _parent(app, "", "")]
    if answer := await app.push_screen_wait(ProfileForm("New profile", "Make", [said], fields)):
        await app.act(app.service.profiles.create, *answer)


async def copy(app: AppProtocol, name: str) -> None:
    """Ask for the name of the copy; make it."""
    tokens = [token.name for token in _tokens(app, name)]
    lines: list[Line | str] = [f"Copies the text of {name}."]
    lines += [f"No secret is copied: {named(tokens)} of the copy begin without."] if tokens else []
    if answer := await app.push_screen_wait(ProfileForm(f"Copy {name}", "Copy", lines, [_name(app, "")])):
        await app.act(app.service.profiles.copy, name, *answer)


async def rename(app: AppProtocol, name: str) -> None:
    """Say what moves along; ask for the new name; rename."""
    profile, tokens = _profile(app, name), _tokens(app, name)
    lines: list[Line | str] = [*(token_line(token, token.id) for token in tokens)]
    lines += ["Their secrets and states move along."] if tokens else ["It has no tokens."]
    lines += [f"{named(profile.children)} will extend the new name."] if profile and profile.children else []
    lines.append(
        line(
            (
                "Rules of config.toml are rewritten. Shells pinned to it and .keybound.toml files keep the old name.",
                "muted",
            )
        )
    )
    answer = await app.push_screen_wait(ProfileForm(f"Rename {name}", "Rename", lines, [_name(app, name)]))
    if answer and answer != (name,):
        app.expected |= {token.id: False for token in tokens}
        await app.act(app.service.profiles.rename, name, *answer)


async def remove(app: AppProtocol, name: str) -> None:
    """Name what would be lost, ask, remove; a profile that others extend is left."""
    profile, tokens = _profile(app, name), _tokens(app, name)
    if profile is not None and profile.children:
        said = (
            f"{named(profile.children)} extend{'s' * (len(profile.children) == 1)} {name}: change or remove that first"
        )
        app.say(said, severity="warning")
        return
    lost = await app.ask(app.service.profiles.losses, name)
    if lost is None:
        return
    known = {token.id: token for token in tokens}
    lines: list[Line | str] = [token_line(known.get(each), each) for each in lost]
    secrets = "secret is" if len(lost) == 1 else f"{len(lost)} secrets are"
    lines += [f"Their {secrets} deleted for good, with the file {name}.toml." if lost else f"Deletes {name}.toml."]
    if await app.push_screen_wait(Warned(f"Remove the profile {name}?", lines, "Remove")):
        app.expected |= {token.id: False for token in tokens}
        await app.act(app.service.profiles.remove, name)


async def give_parent(app: AppProtocol, name: str) -> None:
    """Ask for the parent; show what that does to each token; save."""
    profile = _profile(app, name)
    before = profile.extends if profile else ""
    said = f"{name} then has all that its parent has, and what it says itself goes before."
    form = ProfileForm(f"Parent of {name}", "Show the plan", [said], [_parent(app, before, name)])
    answer = await app.push_screen_wait(form)
    if answer is None or answer == (before,):
        return
    text = await app.ask(app.service.profiles.with_parent, name, *answer)
    plan = await app.ask(app.service.plan_text, name, text.after) if text else None
    if text is None or plan is None:
        return
    if plan.fault:
        app.say(f"{name}.toml: {plan.fault}", severity="error")
        return
    title = f"Let {name} extend {answer[0]}?" if answer[0] else f"Let {name} extend no profile?"
    if await app.push_screen_wait(Confirm(title, lines_of(plan), "Save")):
        await app.act(app.service.save_text, name, text.after, text.before)


def _profile(app: AppProtocol, name: str) -> ProfileView | None:
    return next((each for each in app.overview.profiles if each.name == name), None)


def _tokens(app: AppProtocol, name: str) -> list[TokenView]:
    """Its tokens that have a secret."""
    return [token for token in app.overview.tokens if token.profile == name and token.state is not State.MISSING]


def _name(app: AppProtocol, value: str) -> Asked:
    taken = {each.name for each in app.overview.profiles} - {value}

    def fault(name: str) -> str:
        if not is_name(name):
            return _NAME
        return f"there is a profile {name} already" if name in taken else ""

    return Asked("Name", value, "what you call it", fault)


def _parent(app: AppProtocol, value: str, own: str) -> Asked:
    others = [each.name for each in app.overview.profiles if each.name != own]
    return Asked("Extends", value, _NO_PARENT, _one_of(others))


def _one_of(names: list[str]) -> Callable[[str], str]:
    said = f"there {'is' if len(names) == 1 else 'are'} {plural(len(names), 'other profile')}: {', '.join(names)}"
    return lambda name: (
        "" if not name or name in names else f"no profile {name}; {said if names else 'there is no other'}"
    )
