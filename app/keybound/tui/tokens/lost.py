"""A token whose secret is still stored and whose definition is gone: its row, its detail, and defining it again."""

from collections.abc import Container
from typing import Any

from textual.screen import Screen

from keybound.tui.app_protocol import AppProtocol
from keybound.tui.styled_text import Line, Piece, cut, fit, line

_MARK = Piece("?", "bold state-warning")


def lost_row(id_: str, name_width: int, width: int) -> Line:
    """One row of the table, with the command."""
    name = id_.partition("/")[2]
    said = line((f" {fit(name, name_width - 1)} ", "bold"), ("its definition is gone: ", "state-warning"))
    return cut((Piece("  "), _MARK, *said, *line((f"keybound adopt {id_}", "muted"))), width)


def lost_lines(id_: str, profiles: Container[str]) -> list[Line]:
    """What it is, and the two ways out. ``profiles``: those that there are."""
    profile = id_.partition("/")[0]
    made: list[Line] = [
        (_MARK, *line((f" {id_} ", "bold"), ("has a secret but no definition", "state-warning"))),
    ]
    if profile not in profiles:
        made.append(line((f"Its profile is gone too. First: keybound profile new {profile}", "muted")))
    return [
        *made,
        line(("d", "bold accent"), (f" restore its definition: keybound adopt {id_}", "muted")),
        line(("D", "bold accent"), (f" delete the secret: keybound remove {id_}", "muted")),
    ]


def home_lines(made_as: str) -> list[Line]:
    """Says that the secrets belong to a home that was moved, and what takes them over."""
    return [
        line((f" This state belongs to the home {made_as}, and no secret is stored for this one.", "state-warning")),
        line((" Was it moved? ", "muted"), (f"keybound adopt --from {made_as}", "bold")),
    ]


async def define_again(host: AppProtocol, screen: Screen[Any], id_: str) -> None:
    """Show the definition that was approved last, then write it where it was agreed to."""
    from keybound.tui.dialogs.confirm import Confirm

    seen = await host.ask(host.service.adoption, id_)
    if seen is None:
        return
    said = f"Writes the last approved definition to {id_.partition('/')[0]}.toml:"
    lines: list[Line | str] = [
        said, (), *(f"  {each.removeprefix('+ ')}" for each in seen.lines), (),
        "What has expired stays expired.",
    ]  # fmt: skip
    if await screen.app.push_screen_wait(Confirm(f"Restore {id_}?", lines, "Define")):
        await host.act(host.service.adopt, id_, seen)
