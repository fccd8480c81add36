"""The committee that sits on a case, and how it votes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from states.fields import Value

COMMITTEE = "committee"
"""The role that a panel takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One place on a panel: who holds it and for which body; an alternate holds it for a member who is away.

    `away` is empty, `absent` or `recused`; the reason stays in the record, where fewer people read it.
    """

    person: str
    body: str
    alternate_of: str = ""
    away: str = ""

    @property
    def place(self) -> str:
        """The member whose vote this is."""
        return self.alternate_of or self.person


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One place's answer, by its member or the alternate who stood in."""

    person: str
    place: str
    body: str
    answer: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot(Item):
    """An act that a panel decides on, with its inputs: open, then carried, lost, without a quorum or taken back.

    The vote that carries it does exactly this act with these inputs. `question` is what people call the act.
    """

    kind: ClassVar[str] = "ballot"

    panel: str
    question: str
    act: str = ""
    inputs: Mapping[str, Value] = field(default_factory=dict)
    votes: tuple[Vote, ...] = ()
    casting: str = ""

    def count(self, answer: str) -> int:
        """Count the places that gave an answer."""
        return sum(vote.answer == answer for vote in self.votes)

    @property
    def tied(self) -> bool:
        """Tell whether yes and no weigh the same."""
        return self.count("yes") == self.count("no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel(Item):
    """A standing or ad-hoc committee that sits on the case, or was dissolved.

    `quorum` counts the places that vote; with `each_body`, every body on the panel must be among them.
    """

    kind: ClassVar[str] = "panel"
    of_people: ClassVar[tuple[str, ...]] = ("members",)

    name: str
    chair: str
    seats: tuple[Seat, ...]
    quorum: int
    each_body: bool = False

    @property
    def members(self) -> tuple[str, ...]:
        """Everybody who has a seat, alternates among them."""
        return tuple(seat.person for seat in self.seats)

    def seat_of(self, person: str) -> Seat | None:
        """Find the seat somebody holds."""
        return next((seat for seat in self.seats if seat.person == person), None)

    def stands_in(self, seat: Seat) -> bool:
        """Tell whether an alternate's member is recorded as away."""
        member = self.seat_of(seat.alternate_of)
        return member is not None and bool(member.away)

    @property
    def holders(self) -> tuple[str, ...]:
        """Whoever takes part now: the members who did not recuse themselves, and the alternates who stand in."""
        present = (seat for seat in self.seats if seat.away != "recused")
        return tuple(seat.person for seat in present if not seat.alternate_of or self.stands_in(seat))

    def quorate(self, ballot: Ballot) -> bool:
        """Tell whether enough places voted, each body with one of them where the rule asks for it."""
        bodies, voting = {seat.body for seat in self.seats}, {vote.body for vote in ballot.votes}
        return len(ballot.votes) >= self.quorum and (not self.each_body or bodies <= voting)


def fault_of(seats: tuple[Seat, ...], *, chair: str, quorum: int) -> str:
    """Say why places like these could not vote; empty when they could."""
    people, members = [seat.person for seat in seats], {seat.person for seat in seats if not seat.alternate_of}
    if len(set(people)) < len(people):
        return say("everybody has one place on the panel; somebody is named twice")
    if chair not in members:
        return say("the chair is one of the members")
    return "" if 0 < quorum <= len(members) else say("the quorum is from 1 to %(most)s", most=len(members))


def sitting(items: Iterable[Item]) -> Panel | None:
    """Find the panel that sits on a case among its items."""
    return next((item for item in items if isinstance(item, Panel) and item.state == "sitting"), None)
