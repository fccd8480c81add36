"""Effects of the joint committee: who sits on a case, who is away, and how it votes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from states import roles
from states.effects.registry import choice, effect, one_of, own_word, person, text, texts, yes_no
from states.events import ItemRecorded, RoleAssigned
from states.fields import Field, FieldType
from states.items import Ballot, Panel, Seat, Vote, panels
from states.lifecycle import Lifecycle
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

PANELS = Lifecycle(Panel, initial="sitting", moves=(("dissolve", ("sitting",), "dissolved"),))
BALLOTS = Lifecycle(
    Ballot,
    initial="open",
    moves=(
        ("carry", ("open",), "carried"),
        ("lose", ("open",), "lost"),
        ("fall_short", ("open",), "no quorum"),
        ("take back", ("open",), "taken back"),
    ),
)
_SEAT = re.compile(r"(?P<person>\S+) +for +(?P<whom>\S.*)")


def read_seats(members: tuple[str, ...], alternates: tuple[str, ...]) -> tuple[Seat, ...]:
    """Read lines such as `amal for Mission West`, and of alternates `dina for amal`; what cannot be read is left out.

    An alternate sits for the body of the member whose place it may take.
    """
    seated = tuple(Seat(person=found["person"], body=found["whom"]) for found in map(_SEAT.fullmatch, members) if found)
    bodies = {seat.person: seat.body for seat in seated}
    standing_in = (
        Seat(person=found["person"], body=bodies[found["whom"]], alternate_of=found["whom"])
        for found in map(_SEAT.fullmatch, alternates)
        if found and found["whom"] in bodies
    )
    return (*seated, *standing_in)


def seats_of(s: Situation) -> tuple[Seat, ...]:
    """Read the seats that an act gives; whoever stands for a party of the case is recused from the first."""
    seats = read_seats(s.texts("members"), s.texts("alternates"))
    return tuple(
        replace(seat, away="recused") if roles.parties_of(s.case, roles.Actor(seat.person)) else seat for seat in seats
    )


def _seated_people(lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(found["person"] for found in map(_SEAT.fullmatch, lines) if found)


@effect(
    text("name", "Name of the committee or panel", long=False),
    texts("members", "Members", names=_seated_people, help="One a line, such as: amal for Mission West"),
    texts("alternates", "Alternates", names=_seated_people, help="One a line, such as: dina for amal"),
    person("chair", "Chair"),
    Field(name="quorum", type=FieldType.INTEGER, label=say("Quorum: how many places must vote")),
    yes_no("each_body", "The quorum needs at least one of each body", initial=True),
)
def convene_panel(s: Situation) -> Iterator[Change]:
    """Seat a standing or an ad-hoc committee; an earlier one is dissolved, and its open vote with it.

    A member who stands for a party of the case is recused from the first, and the alternate sits in their place.
    """
    yield from (ItemRecorded(PANELS.moved(earlier, "dissolve")) for earlier in s.case.all(Panel, "sitting"))
    yield from (ItemRecorded(BALLOTS.moved(one, "fall_short")) for one in s.case.all(Ballot, "open"))
    quorum = s.given("quorum")
    panel = Panel(
        id=s.new_id(Panel.kind),
        zone=s.zone,
        by=s.actor.person,
        at=s.at,
        state=PANELS.initial,
        name=s.text("name"),
        chair=s.text("chair"),
        seats=seats_of(s),
        quorum=quorum if isinstance(quorum, int) else 0,
        each_body=bool(s.given("each_body")),
    )
    yield from _seated(panel)


@effect(person("member", "Who is away"), text("reason", "Reason"))
def note_absence(s: Situation) -> Iterator[Change]:
    """Record that somebody on the panel is away; an alternate may now stand in."""
    yield from _away(s, s.text("member"), "absent")


@effect(person("member", "Who is back"))
def note_return(s: Situation) -> Iterator[Change]:
    """Record that somebody who was absent is back."""
    yield from _away(s, s.text("member"), "")


@effect(text("reason", "Reason"))
def recuse(s: Situation) -> Iterator[Change]:
    """Record that a member steps back from this case for good."""
    yield from _away(s, s.actor.person, "recused")


def _away(s: Situation, who: str, away: str) -> Iterator[Change]:
    panel = panels.sitting(s.case.items)
    if panel is not None:
        seats = (replace(seat, away=away) if seat.person == who else seat for seat in panel.seats)
        yield from _seated(replace(panel, seats=tuple(seats)))


def _seated(panel: Panel) -> Iterator[Change]:
    yield ItemRecorded(panel)
    yield RoleAssigned(panels.COMMITTEE, panel.holders)


@own_word
@effect(one_of(Ballot, "Vote", "open"), choice("answer", "Answer", "yes", "no", "abstain"), text("reason", "Reason"))
def vote(s: Situation) -> Iterator[Change]:
    """Record one place's answer."""
    ballot, panel = s.item(Ballot), panels.sitting(s.case.items)
    seat = panel.seat_of(s.actor.person) if panel else None
    if ballot is not None and seat is not None:
        person, answer, reason = s.actor.person, s.text("answer"), s.text("reason")
        cast = Vote(person=person, place=seat.place, body=seat.body, answer=answer, reason=reason, at=s.at)
        yield ItemRecorded(replace(ballot, votes=(*ballot.votes, cast)))


@effect(
    one_of(Ballot, "Vote", "open"),
    Field(
        name="casting",
        type=FieldType.CHOICE,
        label=say("Casting vote of the chair, on a tie alone"),
        required=False,
        choices=(say("yes"), say("no")),
    ),
)
def close_vote(s: Situation) -> Iterator[Change]:
    """Close a vote by quorum and majority; one that carries does the act it was about.

    Who voted how, and what was lost, stays with the seniors; what is done tells everybody itself.
    """
    ballot, panel = s.item(Ballot), panels.sitting(s.case.items)
    if ballot is None or panel is None:
        return
    if not panel.quorate(ballot):
        yield ItemRecorded(BALLOTS.moved(ballot, "fall_short"))
        return
    move = "carry" if _carried(ballot, s.text("casting")) else "lose"
    yield ItemRecorded(BALLOTS.moved(ballot, move, casting=s.text("casting")))


@effect(one_of(Ballot, "Vote", "open"))
def take_back_question(s: Situation) -> Iterator[Change]:
    """Take a question off the table that the panel has not decided."""
    ballot = s.item(Ballot)
    if ballot is not None:
        yield ItemRecorded(BALLOTS.moved(ballot, "take back"))


def _carried(ballot: Ballot, casting: str) -> bool:
    return casting == "yes" if ballot.tied else ballot.count("yes") > ballot.count("no")
