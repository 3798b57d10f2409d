"""backup: write everything of this home into one encrypted file."""

import os

from keybound.cli.console.arguments import add_json, parser
from keybound.cli.console.backup_keys import backup_passphrase, recipients_in
from keybound.cli.console.io import own_context, passphrase_prompt, put_json
from keybound.cli.console.output import say, warn
from keybound.custody.backup.make_backup import Made, Seal, check_target, make_backup
from keybound.custody.context.paths import from_here
from keybound.domain.text.counts import plural
from keybound.stores.age.age_document import check_recipient, seal_to_passphrase, seal_to_recipients
from keybound.stores.base import Status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping


def backup_parser() -> "ArgumentParser":
    """What ``backup`` takes."""
    parse = parser(
        "backup",
        "keybound backup ~/keybound.age",
        "keybound backup ~/keybound.age --recipients-file ~/.ssh/id_ed25519.pub",
        more="Tokens with their states and approvals, profiles, policy, settings and the journal. The age command opens the "
        "file, too.",
    )
    parse.add_argument("file", metavar="FILE", help="The file to write; an older backup there is replaced.")
    parse.add_argument(
        "--recipient",
        action="append",
        default=[],
        metavar="RECIPIENT",
        help="Encrypt to this key instead of a passphrase: age1…, ssh-ed25519 … or ssh-rsa … (repeatable).",
    )
    parse.add_argument(
        "--recipients-file",
        action="append",
        default=[],
        metavar="FILE",
        help="Encrypt to the keys in this file (repeatable).",
    )
    parse.add_argument("--password-file", metavar="FILE", help="Read the backup's passphrase from this file.")
    add_json(parse)
    return parse


def backup(argv: list[str]) -> int:
    """Write it; the exit status is 1 where something could not be taken into it."""
    options, context = backup_parser().parse_args(argv), own_context()
    path = from_here(os.path.expanduser(options.file))
    check_target(path)
    recipients = recipients_in(options.recipient, options.recipients_file)
    for one in recipients:
        check_recipient(one)
    if context.store.status() is not Status.OPEN:
        context.store.unlock(passphrase_prompt())
    made = make_backup(context, path, _seal(options, recipients, context.environ))
    if options.json:
        put_json(_json(made))
    else:
        say(f"{plural(made.tokens, 'token')} and {plural(made.profiles, 'profile')} are in {made.path}")
        if not recipients:
            say("Keep the passphrase: without it nobody can open the backup.")
    for id_, why in made.left:
        warn(f"{id_} is not in the backup: {why}")
    return 1 if made.left else 0


def _seal(options: "Namespace", recipients: list[str], environ: "Mapping[str, str]") -> Seal:
    if recipients:
        return lambda archive: seal_to_recipients(archive, recipients)
    passphrase = backup_passphrase(environ, options.password_file, new=True)
    return lambda archive: seal_to_passphrase(archive, passphrase)


def _json(made: Made) -> dict[str, object]:
    return {
        "file": made.path,
        "made_at": made.made_at,
        "tokens": made.tokens,
        "profiles": made.profiles,
        "left": [{"id": id_, "why": why} for id_, why in made.left],
    }
