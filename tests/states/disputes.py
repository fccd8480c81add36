"""A sample dispute between two parties, and one word for each way to act on it on a Monday."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from config import load, vocabulary, working_time
from states import case as cases
from states import conditions, events, machine, roles, simulate
from states.process import Urgency
from states.situation import Situation

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DISPUTE = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
CALENDARS = working_time.shipped_calendars()
CONVENER, MEDIATOR = "the Convener", "the Mediator"
FIRST, SECOND = "rep A", "rep B"
CLOCK = "clock"


def at(stage: str = "engagement") -> cases.Case:
    """Put a case between two parties, each with a representative of its own, at a stage."""
    case = simulate.sample_case(DISPUTE, urgency=Urgency.U3, now=MONDAY)
    parties = tuple(
        replace(party, people={**party.people, "representative": (f"rep {letter}",)})
        for party, letter in zip(case.parties, "AB", strict=True)
    )
    return replace(case, stage=stage, parties=parties)


def done(case: cases.Case, trigger: str, person: str, **inputs: object) -> tuple[cases.Case, tuple[events.Event, ...]]:
    """Do an act, and return what was recorded with the case; the clock acts under its own name."""
    actor = roles.THE_CLOCK if person == CLOCK else roles.Actor(person)
    request = machine.Act(
        trigger=trigger, actor=actor, at=MONDAY, recorded_at=MONDAY, inputs=inputs, calendars=CALENDARS
    )
    return machine.advance(DISPUTE, case, request)


def do(case: cases.Case, trigger: str, person: str, **inputs: object) -> cases.Case:
    """Do an act."""
    return done(case, trigger, person, **inputs)[0]


def lacks(case: cases.Case, *needs: str) -> tuple[str, ...]:
    """List the sentences of the conditions that do not hold of a case."""
    return conditions.unmet(needs, Situation(process=DISPUTE, case=case, actor=roles.THE_CLOCK, at=MONDAY))
