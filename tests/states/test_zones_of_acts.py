"""What is written in a narrow zone stays there: minutes of a caucus, and the words behind a recorded fact."""

from __future__ import annotations

from datetime import UTC, datetime

from config import load, vocabulary
from states import case as cases
from states import events, machine, roles, simulate
from states.items import Session
from states.process import Urgency
from tests.states import engaged

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DISPUTE = load.load_shipped("dispute", vocabulary=vocabulary.shipped())


def at(stage: str) -> cases.Case:
    """Put a sample case at a stage."""
    case = simulate.sample_case(DISPUTE, urgency=Urgency.U3, now=MONDAY)
    return cases.evolve(case, _event(events.StageEntered(stage, MONDAY, None)))


def talking() -> cases.Case:
    """Put a sample case, with all that mediation asks for, into the sessions."""
    return engaged.ready_to_mediate(at("sessions"), at=MONDAY)


def _event(change: events.Change) -> events.Event:
    return events.Event(trigger="x", actor="c", at=MONDAY, recorded_at=MONDAY, zone=roles.SHARED, changes=(change,))


def do(case: cases.Case, trigger: str, person: str, **inputs: object) -> tuple[cases.Case, tuple[events.Event, ...]]:
    """Do an act on Monday."""
    request = machine.Act(trigger=trigger, actor=roles.Actor(person), at=MONDAY, recorded_at=MONDAY, inputs=inputs)
    return machine.advance(DISPUTE, case, request)


def test_what_is_said_in_a_caucus_is_for_its_party_and_the_mediator_alone() -> None:
    alone = {"form": "caucus", "with_party": "responding", "agenda": "The brigade alone"}
    case, opened = do(talking(), "open_session", "the Mediator", **alone)
    case, closed = do(case, "close_session", "the Mediator", minutes="It fears a rescue attempt")
    assert {event.zone for event in (*opened, *closed)} == {roles.caucus("responding")}
    assert [session.zone for session in case.all(Session, "closed")] == [roles.caucus("responding")]


def test_a_joint_session_is_for_everybody_in_the_case() -> None:
    case, opened = do(talking(), "open_session", "the Mediator", agenda="Weapons in the wards")
    _, closed = do(case, "close_session", "the Mediator", minutes="Signs at every gate")
    assert {event.zone for event in (*opened, *closed)} == {roles.SHARED}


def test_the_words_of_the_screening_stay_with_the_team() -> None:
    words = "Their colonel asked us not to tell"
    told = {"forum_is_right": "yes", "contact": words, "checked_safety": "yes", "checked_duplicates": "yes"}
    case, happened = do(at("screening"), "record_screening", "the Convener", **told)
    assert {event.zone for event in happened} == {roles.TEAM}
    assert words not in repr(case.fields)
    assert do(case, "admit", "the Convener")[0].stage == "root_cause"
