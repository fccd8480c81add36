"""The committee that sits on a case and its votes, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.proposals import what_is_asked
from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Panel, line="name")
def a_panel(item: items.Panel, names: Names) -> Iterator[Fact]:
    """Tell of a panel."""
    yield Fact("Chair", names.person(item.chair))
    yield Fact("Members", "; ".join(_seat(one, names) for one in item.seats if not one.alternate_of))
    yield Fact("Alternates", "; ".join(_seat(one, names) for one in item.seats if one.alternate_of))
    yield Fact("Quorum", f"{item.quorum}, at least one of each body" if item.each_body else str(item.quorum))


def _seat(seat: items.Seat, names: Names) -> str:
    whom = names.person(seat.alternate_of) if seat.alternate_of else seat.body
    away = f", {seat.away}" if seat.away else ""
    return f"{names.person(seat.person)} for {whom}{away}"


@spelled(items.Ballot, line="question")
def a_ballot(item: items.Ballot, names: Names) -> Iterator[Fact]:
    """Tell what is voted on, and how."""
    yield from what_is_asked(item.inputs, names)
    yield Fact("Votes", "; ".join(_vote(one, names) for one in item.votes))
    yield Fact("Casting vote", item.casting)


def _vote(vote: items.Vote, names: Names) -> str:
    stood_in = f" for {names.person(vote.place)}" if vote.place != vote.person else ""
    return f"{names.person(vote.person)}{stood_in}: {vote.answer} ({vote.reason})"
