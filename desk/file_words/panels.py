"""The committee that sits on a case and its votes, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.proposals import what_is_asked
from desk.file_words.registry import Fact, Names, spelled
from states import items, said
from states.said import say, under, word

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Panel, line="name")
def a_panel(item: items.Panel, names: Names) -> Iterator[Fact]:
    """Tell of a panel."""
    yield Fact(say("Chair"), names.person(item.chair))
    yield Fact(say("Members"), said.together(_seat(one, names) for one in item.seats if not one.alternate_of))
    yield Fact(say("Alternates"), said.together(_seat(one, names) for one in item.seats if one.alternate_of))
    yield Fact(
        say("Quorum"),
        say("%(quorum)s, at least one of each body", quorum=item.quorum) if item.each_body else str(item.quorum),
    )


def _seat(seat: items.Seat, names: Names) -> str:
    whom = names.person(seat.alternate_of) if seat.alternate_of else seat.body
    told = say("%(person)s for %(whom)s", person=names.person(seat.person), whom=whom)
    return said.listed((told, word(seat.away))) if seat.away else told


@spelled(items.Ballot, line="question")
def a_ballot(item: items.Ballot, names: Names) -> Iterator[Fact]:
    """Tell what is voted on, and how."""
    yield from what_is_asked(item.inputs, names)
    yield Fact(say("Votes"), said.together(_vote(one, names) for one in item.votes))
    yield Fact(say("Casting vote"), word(item.casting))


def _vote(vote: items.Vote, names: Names) -> str:
    told = say("%(answer)s (%(reason)s)", answer=word(vote.answer), reason=vote.reason)
    who, place = names.person(vote.person), names.person(vote.place)
    stands_in = vote.place != vote.person
    return under(say("%(person)s for %(whom)s", person=who, whom=place) if stands_in else who, told)
