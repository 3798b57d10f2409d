"""The Profile screen: what the profile in use says, with what it inherits."""

from collections.abc import Iterator

from keybound.custody.view_models.overview import ProfileView
from keybound.tui.plain.screens import Seen
from keybound.tui.plain.text import Text
from keybound.tui.words import part_names


def lines(seen: Seen) -> Iterator[Text]:
    """Its file, flags, roles, variables, and every value that tokens can be bound to."""
    overview = seen.service.overview()
    profile = next((each for each in overview.profiles if each.name == overview.active), None)
    if profile is None:
        yield Text("No profile is in use: keybound use PROFILE")
        return
    yield from _about(profile)
    settings = [each for each in seen.service.suggest(profile.name) if each.key.startswith("settings.")]
    yield from _part("Settings", [f"{each.key.removeprefix('settings.')} {each.rule}" for each in settings])
    yield from _part("Flags", [_flag(*flag) for flag in profile.flags])
    yield from _part("Roles", [f"{name}: {'active' if on else 'not active'}" for name, on in profile.roles])
    yield from _part("Plain variables", profile.env)
    names = [f"{each.name}: {each.state.word}" for each in overview.tokens if each.profile == profile.name]
    yield from _part("Tokens", names)


def _about(profile: ProfileView) -> Iterator[Text]:
    yield Text(f"Profile {profile.name}")
    yield Text(f"File: {profile.path}")
    if profile.description:
        yield Text(profile.description)
    if profile.extends:
        yield Text(f"It extends {profile.extends}.")
    if profile.children:
        yield Text(f"Profiles that extend it: {', '.join(profile.children)}.")
    if profile.fault:
        yield Text(f"It cannot be read: {profile.fault}")
    if profile.unapproved_parts:
        yield Text(f"unapproved: its own {part_names(profile.unapproved_parts)}")


def _flag(name: str, on: bool, own: bool) -> str:
    return f"{name}: {'on' if on else 'off'}{'' if own else ', inherited'}"


def _part(head: str, rows: list[str] | tuple[str, ...]) -> Iterator[Text]:
    if rows:
        yield Text("")
        yield Text(f"{head}:")
        yield from (Text(row, 1) for row in rows)
