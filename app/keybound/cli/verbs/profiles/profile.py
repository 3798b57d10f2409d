"""profile: list, create, show, edit, rename and remove profiles, and set their keys."""

import os
import subprocess

from keybound.cli.console.arguments import add_json, add_yes, parser
from keybound.cli.console.io import confirm, own_context, put_json
from keybound.cli.console.output import say, warn
from keybound.cli.verbs.saving import save_planned, say_set
from keybound.custody.context.context import Context
from keybound.custody.profiles.library import Library
from keybound.custody.tokens.profile_new import copy_profile, create_profile
from keybound.custody.tokens.profile_remove import remove_profile
from keybound.custody.tokens.rename import rename_profile
from keybound.domain.errors import BadInputError, KeyboundError, NotFoundError
from keybound.domain.values.keys import parse_key
from keybound.domain.values.names import check_name
from keybound.sources.editing.edit_element import set_at, unset_at
from keybound.sources.editing.edit_toml import parse_toml_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser


def profile_parser() -> "ArgumentParser":
    """What ``profile`` takes."""
    parse = parser(
        "profile",
        "keybound profile new staging --extends base",
        "keybound profile set staging settings.region eu-west-1",
        "keybound profile edit staging",
        "keybound profile diff staging prod",
    )
    acts = parse.add_subparsers(dest="act", required=True, metavar="ACT")
    add_json(acts.add_parser("list", help="List every profile."))
    new = acts.add_parser("new", help="Create a profile.")
    new.add_argument("name", metavar="NEW", help="Its name: a-z 0-9 . _ -, starting with a letter or digit.")
    new.add_argument("--extends", metavar="PROFILE", help="Inherit everything from this profile.")
    _named(acts.add_parser("show", help="Print a profile's file."))
    add_yes(_named(acts.add_parser("edit", help="Edit a profile's file; the plan is shown before it is saved.")))
    rename = _named(acts.add_parser("rename", help="Rename a profile; its secrets move with it."))
    rename.add_argument("to", metavar="NEW", help="Its new name.")
    copy = _named(acts.add_parser("copy", help="Copy a profile's file under another name, without its secrets."))
    copy.add_argument("to", metavar="NEW", help="The name of the copy.")
    diff = _named(acts.add_parser("diff", help="Show what differs between two profiles, with what they inherit."))
    diff.add_argument("other", metavar="PROFILE", help="The profile that it is compared with.")
    add_json(diff)
    add_yes(_named(acts.add_parser("remove", help="Remove a profile and its secrets; no other profile may extend it.")))
    change = _named(acts.add_parser("set", help="Set one value; the plan is shown first."))
    change.add_argument("key", metavar="KEY", help="The key: settings.region, flags.beta_writes, roles.active …")
    change.add_argument(
        "value", metavar="VALUE", help="The value, in TOML; anything that is not TOML is taken as text."
    )
    take = _named(acts.add_parser("unset", help="Remove one value; the plan is shown first."))
    take.add_argument("key", metavar="KEY", help="The key to remove.")
    change.add_argument("--text", action="store_true", help="Take the value as text, even if it looks like a number.")
    for one in (change, take):
        add_yes(one)
    return parse


def _named(parse: "ArgumentParser") -> "ArgumentParser":
    parse.add_argument("name", metavar="PROFILE", help="The profile.")
    return parse


def profile(argv: list[str]) -> int:
    """Everything about profiles."""
    options = profile_parser().parse_args(argv)
    context = own_context()
    if options.act == "list":
        return _list(context, as_json=options.json)
    check_name(options.name, "profile")
    if options.act == "new":
        say(f"created {create_profile(context, options.name, options.extends or '')}")
        return 0
    if options.act == "show":
        say(Library(context.home).page(options.name).text.rstrip("\n"))
        return 0
    if options.act == "edit":
        return _edit(context, options.name, yes=options.yes)
    if options.act == "rename":
        say(rename_profile(context, options.name, options.to))
        return 0
    if options.act == "copy":
        say(copy_profile(context, options.name, options.to))
        return 0
    if options.act == "diff":
        check_name(options.other, "profile")
        return _diff(context, options.name, options.other, as_json=options.json)
    if options.act == "remove":
        Library(context.home).page(options.name)  # raises before anything is asked
        confirm(f"Remove the profile {options.name} and its secrets?", yes=options.yes)
        say(remove_profile(context, options.name))
        return 0
    if options.act == "unset":
        _change(context, options.name, options.key, None, yes=options.yes)
        say(f"{options.key} is no longer set")
        return 0
    value = options.value if options.text else parse_toml_value(options.value)
    _change(context, options.name, options.key, value, yes=options.yes)
    say_set(options.key, value)
    return 0


def _list(context: Context, *, as_json: bool) -> int:
    library, rows = Library(context.home), []
    for name in library.names():
        try:
            loaded = library.load(name).profile
            rows.append({"name": name, "extends": loaded.extends, "description": loaded.description, "fault": ""})
        except (BadInputError, NotFoundError) as fault:
            rows.append({"name": name, "extends": "", "description": "", "fault": str(fault)})
    if as_json:
        put_json(rows)
        return 0
    for row in rows:
        parent = f"  extends {row['extends']}" if row["extends"] else ""
        say(f"{row['name']}{parent}  {row['fault'] or row['description']}".rstrip())
    return 0


def _diff(context: Context, name: str, other: str, *, as_json: bool) -> int:
    from keybound.domain.profile.comparison import compare

    library = Library(context.home)
    found = compare(library.load(name).profile, library.load(other).profile)
    values = [[side.words if side else None for side in (each.left, each.right)] for each in found]
    if as_json:
        put_json(
            [{"key": each.key, "left": left, "right": right} for each, (left, right) in zip(found, values, strict=True)]
        )
        return 0
    if not found:
        say(f"{name} and {other} do not differ")
        return 0
    rows = [("", name, other)]
    rows += [(each.key, left or "-", right or "-") for each, (left, right) in zip(found, values, strict=True)]
    first, second = max(len(row[0]) for row in rows), max(len(row[1]) for row in rows)
    for key, left, right in rows:
        say(f"{key:<{first}}  {left:<{second}}  {right}")
    return 0


def _edit(context: Context, name: str, *, yes: bool) -> int:
    path = context.home.profile_path(name)
    before = Library(context.home).page(name).text
    draft = f"{path}.draft"
    with open(draft, "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as file:
        file.write(before)
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    status = subprocess.call([*editor.split(), draft])
    with open(draft, encoding="utf-8") as file:
        after = file.read()
    if status != 0 or after == before:
        os.unlink(draft)
        warn("nothing changed")
        return 0 if status == 0 else 1
    try:
        save_planned(context, name, after, before, yes=yes)
    except KeyboundError:
        warn(f"your text was saved as {draft}")
        raise
    os.unlink(draft)
    return 0


def _change(context: Context, name: str, key: str, value: object, *, yes: bool) -> None:
    parsed = parse_key(key)
    if parsed.kind != "profile":
        raise BadInputError(f"{key} is not a profile key, so it cannot be set here")
    before = Library(context.home).page(name).text
    try:
        after = unset_at(before, parsed.path) if value is None else set_at(before, parsed.path, value)
    except LookupError:
        raise NotFoundError(f"{key} is not set in {context.home.profile_path(name)}") from None
    save_planned(context, name, after, before, yes=yes)
