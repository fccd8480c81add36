"""When people are threatened: a pause at once, the managers of both sides called, and a review afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import load, vocabulary, working_time
from states import case as cases
from states import errors, firing, machine, roles, simulate, timers
from states.items import Note
from states.machine import Act
from states.process import Urgency

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PROCESS = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
CALENDARS = working_time.shipped_calendars()


def do(case: cases.Case, trigger: str, person: str, **inputs: object) -> cases.Case:
    act = Act(trigger=trigger, actor=roles.Actor(person), at=MONDAY, recorded_at=MONDAY, inputs=inputs)
    return machine.advance(PROCESS, case, act)[0]


def threatened() -> cases.Case:
    case = replace(simulate.sample_case(PROCESS, urgency=Urgency.U2, now=MONDAY), stage="sessions")
    parties = tuple(replace(party, people={"area_manager": (f"{party.id}'s",)}) for party in case.parties)
    case = replace(case, parties=parties)
    until = (MONDAY + timedelta(hours=48)).isoformat()
    return do(case, "pause_for_safety", f"{parties[0].id}'s", reason="Stones at the gate.", until=until)


def managers(case: cases.Case) -> tuple[str, ...]:
    return roles.holders(PROCESS, case, "area_manager")


def test_the_managers_of_both_sides_are_asked_at_once_while_everything_else_stands_still() -> None:
    case = threatened()
    assert case.stay is not None
    assert "safety_alarm" in PROCESS.triggers["pause_for_safety"].mails
    assert PROCESS.mails["safety_alarm"].to == ("area_manager",)
    planned = {timer.deadline for timer in timers.plan(PROCESS, case, CALENDARS)}
    assert "safety_review" in planned
    assert "sessions" not in planned


def test_the_review_counts_once_both_sides_agree_to_its_words() -> None:
    case = threatened()
    first, second = managers(case)
    case = do(case, "review_safety", first, text="The youths were called off.")
    assert not case.all(Note)
    case = do(case, "agree", second, proposal=case.items[-1].id)
    (note,) = case.all(Note)
    assert (note.text, note.zone) == ("The youths were called off.", roles.SENIORS)
    assert "safety_review" not in {one.rule.name for one in timers.open_deadlines(PROCESS, case, CALENDARS)}


def test_without_a_pause_there_is_nothing_to_review() -> None:
    case = threatened()
    first, second = managers(case)
    case = do(case, "review_safety", first, text="It is over.")
    case = do(case, "agree", second, proposal=case.items[-1].id)
    with pytest.raises(errors.NeedsMissing, match="pause for safety that the managers"):
        do(case, "review_safety", first, text="Once more.")


def test_a_review_that_nobody_made_is_told_to_the_seniors() -> None:
    case = threatened()
    (silence,) = [one for one in timers.plan(PROCESS, case, CALENDARS) if one.trigger == "safety_review_silent"]
    assert firing.withheld(PROCESS, case, silence) == ()
    told = PROCESS.mails[PROCESS.triggers["safety_review_silent"].mails[0]]
    assert "senior_representative" in told.to
