"""An answer races the time-out of its own question: whichever instant comes first wins, once, and the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from cases import repository, tables
from cases.unit_of_work import reading
from states import errors, questions
from states.case import Case
from states.items import Question
from tests.cases.watched import House

MOMENT = timedelta(microseconds=1)


def case_of(house: House, case_id: str) -> Case:
    with reading(house.record.engine) as connection:
        return repository.load(connection, case_id).case


def due_of(house: House, case_id: str, trigger: str) -> datetime | None:
    """Return when the clock is armed to do an act."""
    kept = tables.timers
    wanted = select(kept.c.due_at).where(kept.c.case_id == case_id, kept.c.trigger == trigger, kept.c.state == "armed")
    with reading(house.record.engine) as connection:
        at: datetime | None = connection.execute(wanted).scalar()
        return at


def happened(house: House, case_id: str, trigger: str) -> int:
    kept = tables.events
    counted = select(func.count()).where(kept.c.case_id == case_id, kept.c.trigger == trigger, kept.c.zone == "shared")
    with reading(house.record.engine) as connection:
        return connection.execute(counted).scalar_one()


def with_the_committee(house: House) -> tuple[str, datetime]:
    """Let a case climb to the joint committee by silence; return it, and when it would climb further."""
    case_id = house.filed()
    for _ in range(60):
        if case_of(house, case_id).tier == "T2" and (at := due_of(house, case_id, "climb")) is not None:
            return case_id, at
        house.clock.advance(hours=6)
        house.service.fire_due(case_id)
    raise AssertionError("the case never came to the committee, or its last rung was never armed")


def all_at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run jobs in threads that start together; return what each returned or was refused with."""
    gate, results = threading.Barrier(len(jobs)), [object()] * len(jobs)

    def one(number: int) -> None:
        gate.wait()
        try:
            results[number] = jobs[number]()
        except errors.ParleyError as error:
            results[number] = error

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_an_answer_a_moment_before_the_time_is_up_is_the_answer(house: House) -> None:
    case_id, due = with_the_committee(house)
    climbed = happened(house, case_id, "climb")
    house.clock.set(due - MOMENT)
    house.act(case_id, "return_down", by="jo", text="See to it")
    house.clock.set(due)
    house.service.fire_due(case_id)
    case = case_of(house, case_id)
    assert (case.tier, questions.open_one(case), happened(house, case_id, "climb")) == ("T0", None, climbed)


def test_an_answer_at_the_very_moment_comes_too_late_and_its_giver_is_told(house: House) -> None:
    case_id, due = with_the_committee(house)
    climbed = happened(house, case_id, "climb")
    house.clock.set(due)
    with pytest.raises(errors.NeedsMissing, match="the matter is with a tier at which this person has authority"):
        house.act(case_id, "return_down", by="jo", text="See to it")
    assert (case_of(house, case_id).tier, happened(house, case_id, "climb")) == ("T3", climbed + 1)


def test_answers_and_heartbeats_at_the_same_moment_climb_once(house: House) -> None:
    case_id, due = with_the_committee(house)
    climbed = happened(house, case_id, "climb")
    house.clock.set(due)

    def answer() -> None:
        house.act(case_id, "return_down", by="jo", text="See to it")

    def beat() -> object:
        return house.service.fire_due(case_id)

    results = all_at_once(answer, beat, answer, beat)
    assert all(isinstance(one, errors.NeedsMissing | errors.Conflict) for one in results[::2]), results
    assert (case_of(house, case_id).tier, happened(house, case_id, "climb")) == ("T3", climbed + 1)


def test_of_two_answers_at_once_one_is_recorded_and_the_other_is_told(house: House) -> None:
    case_id, due = with_the_committee(house)
    house.clock.set(due - MOMENT)

    def answer() -> None:
        house.act(case_id, "refuse_request", by="jo", text="No")

    results = all_at_once(answer, answer, answer)
    assert sorted(type(one).__name__ for one in results) == ["NeedsMissing", "NeedsMissing", "NoneType"]
    assert happened(house, case_id, "refuse_request") == 1


def test_a_tier_that_was_left_may_still_settle_the_question_and_the_climb_stands(house: House) -> None:
    case_id, due = with_the_committee(house)
    climbed = happened(house, case_id, "climb")
    house.clock.set(due)
    house.act(case_id, "approve", by="jo")
    case = case_of(house, case_id)
    assert happened(house, case_id, "climb") == climbed + 1
    assert [(one.state, one.asked_of[-2:]) for one in case.all(Question)] == [("approved", ("T2", "T3"))]
    assert (case.tier, due_of(house, case_id, "climb")) == ("T0", None)


def test_a_final_answer_a_moment_before_the_time_is_up_leaves_nothing_to_climb(house: House) -> None:
    case_id, due = with_the_committee(house)
    climbed = happened(house, case_id, "climb")
    house.clock.set(due - MOMENT)
    house.act(case_id, "approve", by="jo")
    house.clock.set(due)
    house.service.fire_due(case_id)
    case = case_of(house, case_id)
    assert (case.tier, [one.state for one in case.all(Question)]) == ("T0", ["approved"])
    assert happened(house, case_id, "climb") == climbed


def test_final_answers_and_heartbeats_at_the_same_moment_climb_once_and_settle_once(house: House) -> None:
    case_id, due = with_the_committee(house)
    climbed = happened(house, case_id, "climb")
    house.clock.set(due)

    def answer() -> None:
        house.act(case_id, "approve", by="jo")

    def beat() -> object:
        return house.service.fire_due(case_id)

    results = all_at_once(answer, beat, answer, beat)
    told = sorted(type(one).__name__ for one in results[::2])
    assert "NoneType" in told or all(isinstance(one, errors.Conflict) for one in results[::2]), results
    if "NoneType" not in told:
        # Both came at the very moment of the climb, and were asked to look again: so they do.
        answer()
    assert (happened(house, case_id, "climb"), happened(house, case_id, "approve")) == (climbed + 1, 1)
    assert case_of(house, case_id).tier == "T0"


def test_whoever_answers_at_the_tier_above_after_the_one_below_has_settled_it_is_told(house: House) -> None:
    case_id, due = with_the_committee(house)
    house.clock.set(due)
    house.act(case_id, "approve", by="jo")
    with pytest.raises(errors.NeedsMissing, match="the matter has reached a tier at which this person has authority"):
        house.act(case_id, "approve", by="sami")
    assert happened(house, case_id, "approve") == 1
