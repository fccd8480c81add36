"""A case in mediation for the tests of its acts: two parties, or as many as wanted, and everybody who takes part."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from config import load, vocabulary, working_time
from states import case as cases
from states import machine, roles, simulate
from states.process import Urgency
from tests.states import engaged

if TYPE_CHECKING:
    from states.events import Event

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DISPUTE = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
CALENDARS = working_time.shipped_calendars()
CONVENER, MEDIATOR, COMMITTEE = "the Convener", "the Mediator", "the Joint committee"
PARTS = ("representative", "senior_representative", "area_manager")


def later(**span: float) -> str:
    """Spell an instant after Monday, as an input."""
    return (MONDAY + timedelta(**span)).isoformat()


def at(stage: str, *, parties: int = 2) -> cases.Case:
    """Put a case at a stage, between so many parties; the people of the first are “representative A” and so on."""
    case = simulate.sample_case(DISPUTE, urgency=Urgency.U3, now=MONDAY)
    letters = "ABCDEFG"[:parties]
    made = tuple(
        replace(
            case.parties[min(number, 1)],
            id=letter,
            name=f"Party {letter}",
            people={part: (f"{part} {letter}",) for part in PARTS},
        )
        for number, letter in enumerate(letters)
    )
    return engaged.ready_to_mediate(replace(case, stage=stage, parties=made), at=MONDAY)


def act(
    case: cases.Case, trigger: str, person: str | roles.Actor, /, **inputs: object
) -> tuple[cases.Case, tuple[Event, ...]]:
    """Do an act on Monday, and return its events as well."""
    actor = roles.Actor(person) if isinstance(person, str) else person
    asked = machine.Act(trigger=trigger, actor=actor, at=MONDAY, recorded_at=MONDAY, inputs=inputs, calendars=CALENDARS)
    return machine.advance(DISPUTE, case, asked)


def do(case: cases.Case, trigger: str, person: str | roles.Actor, /, **inputs: object) -> cases.Case:
    """Do an act on Monday."""
    return act(case, trigger, person, **inputs)[0]


def proposed(case: cases.Case, name: str, disclosure: str = "none") -> cases.Case:
    """Ask a neutral, and put the name before the parties with what the neutral told the convener."""
    return do(do(case, "name_neutral", CONVENER, person=name), "disclose", CONVENER, disclosure=disclosure)


def seen_by(case: cases.Case, person: str) -> str:
    """Spell everything that somebody may read of a case's items."""
    zones = roles.readable_zones(DISPUTE, case, roles.Actor(person))
    return repr([item for item in case.items if item.zone in zones])


def told_to(case: cases.Case, happened: tuple[Event, ...], person: str) -> str:
    """Spell everything that somebody may read of some events."""
    zones = roles.readable_zones(DISPUTE, case, roles.Actor(person))
    return repr([event for event in happened if event.zone in zones])
