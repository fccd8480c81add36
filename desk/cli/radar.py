"""`parley case collisions`: who wants the same thing at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli import front, output
from desk.cli.front import As
from desk.cli.output import AsJson

if TYPE_CHECKING:
    from cases.queries import Collision, Contested
    from states.marks import Window


def collisions(
    case: Annotated[str | None, typer.Argument(metavar="[CASE]", help="One case; without it, all open ones.")] = None,
    *,
    viewer: As,
    as_json: AsJson = False,
) -> None:
    """List windows that collide: all of them for those who keep the register, or those of one case as a person may."""
    from cases import queries

    at = front.office()
    who, zone = front.viewer(at, viewer), at.settings.timezone
    if case is not None:
        contested = queries.contested(at.record, who, case)
        _print(contested, [_contested_row(one, zone) for one in contested], as_json=as_json)
        return
    found = queries.collisions(at.record, who, now=at.clock.now())
    _print(found, [row for one in found for row in _collision_rows(one, zone)], as_json=as_json)


def _print(found: object, rows: list[tuple[str, ...]], *, as_json: bool) -> None:
    if as_json:
        output.emit(found)
        return
    output.table(("Case", "Asset", "Place", "From", "Until", "Against"), rows, empty="nothing collides")


def _collision_rows(one: Collision, zone: str) -> Iterator[tuple[str, ...]]:
    for mine, theirs in ((one.one, one.other), (one.other, one.one)):
        yield mine.number, *_window(mine.window, zone), theirs.number


def _contested_row(one: Contested, zone: str) -> tuple[str, ...]:
    against = (*one.numbers, *(("another case",) if one.others else ()))
    return "", *_window(one.window, zone), ", ".join(against)


def _window(one: Window, zone: str) -> tuple[str, ...]:
    return one.asset, one.place, output.stamp(one.from_at, zone), output.stamp(one.until_at, zone)
