"""What climbs by itself in the shipped dispute: an idle mediator, heat, an unreviewed pause, a miss, a pattern."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from states import errors, firing, machine, roles, timers
from states.items import Link, Neutral, Question, Relation, Signal
from states.roles import THE_CLOCK
from tests.states import mediations
from tests.states.mediations import CALENDARS, CONVENER, DISPUTE, MEDIATOR, MONDAY, do

if TYPE_CHECKING:
    from datetime import datetime

    from states.case import Case
    from states.timers import Timer

A, B = "representative A", "representative B"


def planned(case: Case, deadline: str) -> tuple[Timer, ...]:
    return tuple(one for one in timers.plan(DISPUTE, case, CALENDARS) if one.deadline == deadline)


def gone_off(case: Case, timer: Timer) -> Case:
    """Let a timer fire at its instant, unless its conditions withhold it."""
    if firing.withheld(DISPUTE, case, timer):
        return case
    act = firing.act_of(DISPUTE, case, timer, recorded_at=timer.due_at)
    return machine.advance(DISPUTE, case, replace(act, calendars=CALENDARS))[0]


def asked_of(case: Case) -> tuple[str, str]:
    """Say of which tier the only question of a case is asked, and why."""
    (question,) = case.all(Question)
    return question.tier, question.cause


def share(case: Case, since: datetime, instant: datetime) -> float:
    """Say how much of the time of the mediation, counted from an instant, is over at another."""
    (clock,) = [one for one in timers.open_deadlines(DISPUTE, case, CALENDARS) if one.rule.name == "sessions"]
    position = clock.calendar.position
    whole = position(clock.due_at) - position(clock.since)
    return (position(instant) - position(since)) / whole


def note(case: Case, person: str, *, days: int, zone: str = "team") -> Case:
    at = MONDAY + timedelta(days=days)
    act = machine.Act(
        trigger="add_note",
        actor=roles.Actor(person),
        at=at,
        recorded_at=at,
        inputs={"text": "seen", "zone": zone},
        calendars=CALENDARS,
    )
    return machine.advance(DISPUTE, case, act)[0]


def test_the_convener_is_warned_after_a_third_and_the_replacement_starts_after_two() -> None:
    case = mediations.at("sessions")
    warned, replaced = planned(case, "mediator_idle")
    assert (warned.mail, warned.to) == ("mediator_idle", ("convener", "mediator"))
    assert share(case, case.stage_since, warned.due_at) == pytest.approx(0.33, abs=0.03)
    assert share(case, case.stage_since, replaced.due_at) == pytest.approx(0.67, abs=0.03)
    after = gone_off(case, replaced)
    assert (after.stage, after.tier, after.roles["mediator"]) == ("appointing", "T2", ())
    assert after.owner == "convener"
    assert asked_of(after) == ("T2", "mediator idle")


def test_the_appointment_that_ends_by_silence_says_so_on_file() -> None:
    case = mediations.proposed(mediations.at("appointing"), "Nadia")
    for party in (A, B):
        case = do(case, "accept_neutral", party)
    after = gone_off(case, planned(case, "mediator_idle")[-1])
    (neutral,) = after.all(Neutral)
    assert (neutral.state, neutral.ended) == ("replaced", "nothing was recorded for too long")


@pytest.mark.parametrize("zone", ["team", "shared", "caucus:A"])
def test_any_recorded_act_of_the_mediator_begins_the_time_anew(zone: str) -> None:
    case = note(mediations.at("sessions"), MEDIATOR, days=2, zone=zone)
    warned, _ = planned(case, "mediator_idle")
    assert share(case, MONDAY + timedelta(days=2), warned.due_at) == pytest.approx(0.33, abs=0.06)


def test_what_others_record_is_no_sign_of_the_mediator() -> None:
    before = mediations.at("sessions")
    after = note(note(before, CONVENER, days=1), A, days=2, zone="shared")
    assert planned(after, "mediator_idle") == planned(before, "mediator_idle")


def test_no_party_sees_the_clock_of_the_mediator_and_the_team_does() -> None:
    case = mediations.at("sessions")
    running = timers.open_deadlines(DISPUTE, case, CALENDARS)
    seen = {
        person: {
            one.rule.name for one in timers.seen_in(roles.readable_zones(DISPUTE, case, roles.Actor(person)), running)
        }
        for person in (A, B, "senior_representative A", "area_manager B", CONVENER, MEDIATOR)
    }
    assert {person for person, names in seen.items() if "mediator_idle" in names} == {CONVENER, MEDIATOR}
    assert all("sessions" in names for names in seen.values())


def test_the_clock_of_the_mediator_is_the_one_the_parties_agreed_on() -> None:
    case = mediations.at("sessions")
    longer = replace(case, clocks={"mediation": "30 wd"})
    for one, later in zip(planned(case, "mediator_idle"), planned(longer, "mediator_idle"), strict=True):
        assert later.due_at - MONDAY > (one.due_at - MONDAY) * 1.9


def read(case: Case, person: str, step: int) -> Case:
    return do(case, "take_reading" if person in {CONVENER, MEDIATOR} else "give_reading", person, step=str(step))


def at_once(case: Case) -> Case:
    for timer in planned(case, "heat"):
        assert timer.due_at == MONDAY
        case = gone_off(case, timer)
    return case


@pytest.mark.parametrize("steps", [(3, 5), (6,), (1, 2, 8)])
def test_the_next_tier_is_asked_when_it_rose_by_two_or_stands_at_six(steps: tuple[int, ...]) -> None:
    case = mediations.at("sessions")
    for step in steps:
        case = read(case, A, step)
    after = at_once(case)
    assert after.tier == "T1"
    assert asked_of(after) == ("T1", "temperature")
    assert not set("12345678") & set(after.all(Question)[0].text)


@pytest.mark.parametrize("steps", [(3, 4), (5,), (5, 3)])
def test_a_smaller_rise_asks_nobody(steps: tuple[int, ...]) -> None:
    case = mediations.at("sessions")
    for step in steps:
        case = read(case, A, step)
    assert at_once(case).tier == mediations.at("sessions").tier


def test_readings_that_only_lie_apart_ask_nobody() -> None:
    case = read(read(mediations.at("sessions"), A, 1), B, 4)
    assert len(planned(case, "heat")) == 1
    assert at_once(case).tier == case.tier


def test_a_rise_is_put_up_once_though_more_readings_follow() -> None:
    case = at_once(read(mediations.at("sessions"), A, 6))
    calmer = replace(case, tier="T0")
    again = read(read(calmer, B, 7), A, 8)
    fired = {timer.key for timer in planned(case, "heat")}
    assert {timer.key for timer in planned(again, "heat")} <= fired
    passed = read(read(again, A, 2), B, 2)
    assert [one.state for one in passed.all(Signal) if one.hot] == ["passed"]


def test_heat_that_follows_a_gap_takes_the_place_of_its_signal() -> None:
    case = read(read(mediations.at("sessions"), A, 1), B, 4)
    hot = read(case, B, 6)
    assert [(one.state, one.hot) for one in hot.all(Signal)] == [("passed", False), ("open", True)]
    assert at_once(hot).tier == "T1"


def test_nobody_above_hears_of_a_notice_that_is_still_being_written() -> None:
    draft = read(mediations.at("draft"), A, 8)
    assert at_once(draft).tier == draft.tier


def test_a_matter_that_is_higher_already_stays_there_when_it_grows_hot() -> None:
    case = replace(mediations.at("sessions"), tier="T3", tier_since=MONDAY, tier_round=1)
    assert at_once(read(case, A, 7)).tier == "T3"


def test_a_pause_for_safety_that_nobody_reviewed_is_put_to_the_seniors() -> None:
    case = mediations.at("sessions")
    paused = do(case, "pause_for_safety", CONVENER, reason="Stones at the gate.", until=mediations.later(hours=48))
    (silence,) = [one for one in planned(paused, "safety_review") if one.trigger]
    after = gone_off(paused, silence)
    assert after.tier == "T3"
    assert asked_of(after) == ("T3", "safety")
    asked = DISPUTE.triggers["safety_review_silent"].mails
    assert {"safety_unreviewed", "escalation_asked"} <= set(asked)


def test_the_reason_of_the_pause_stays_with_the_seniors_when_it_climbs() -> None:
    case = mediations.at("sessions")
    paused = do(case, "pause_for_safety", CONVENER, reason="Stones at the gate.", until=mediations.later(hours=48))
    (silence,) = [one for one in planned(paused, "safety_review") if one.trigger]
    act = firing.act_of(DISPUTE, paused, silence, recorded_at=silence.due_at)
    _, happened = machine.advance(DISPUTE, paused, replace(act, calendars=CALENDARS))
    assert "Stones" not in mediations.told_to(paused, happened, A)


@pytest.mark.parametrize("person", [A, MEDIATOR, CONVENER])
def test_what_goes_beyond_the_authority_of_the_table_is_put_to_the_next_tier_with_a_brief(person: str) -> None:
    case = replace(mediations.at("sessions"), tier="T0")
    told = "A road that the limit of B does not pay for. May they promise it?"
    (asked,) = do(case, "note_authority_exceeded", person, whose="B", text=told).all(Question)
    assert (asked.tier, asked.state, asked.cause, asked.text) == ("T1", "annotating", "authority", told)


@pytest.mark.parametrize("inputs", [{}, {"whose": "B"}, {"text": "A road."}, {"whose": "Z", "text": "A road."}])
def test_it_says_whose_authority_was_exceeded_and_by_what(inputs: dict[str, str]) -> None:
    with pytest.raises(errors.NeedsMissing):
        do(mediations.at("sessions"), "note_authority_exceeded", A, **inputs)


def test_a_question_that_waits_already_is_the_one_that_climbs() -> None:
    asked = at_once(read(mediations.at("sessions"), A, 7))
    higher = gone_off(asked, planned(asked, "mediator_idle")[-1])
    assert [one.id for one in higher.all(Question)] == [one.id for one in asked.all(Question)]
    assert (higher.tier, higher.all(Question)[0].tier) == ("T2", "T2")


def test_a_missed_term_that_the_review_did_not_settle_is_put_to_the_committee_and_then_to_the_seniors() -> None:
    case = replace(mediations.at("breach_review"), tier="T0")
    first, second = (one for one in planned(case, "breach_review") if one.trigger)
    asked = gone_off(case, first)
    assert asked.tier == "T2"
    assert gone_off(asked, second).tier == "T3"


def pattern(*, outward: bool = False) -> Case:
    """Stand at the engagement of a case with three others tied to it, as their pattern or as a part of one."""
    ties = tuple(
        Link(
            id=f"tie{n}",
            zone=roles.SHARED,
            by="system",
            at=MONDAY,
            state="open",
            other=f"case{n}",
            number=f"D-{n}",
            relation=Relation.SYSTEMIC,
            outward=outward,
        )
        for n in range(3)
    )
    case = replace(mediations.at("engagement"), tier="T0")
    return replace(case, items=(*case.items, *ties))


def test_what_keeps_coming_back_is_asked_of_the_committee_once_with_a_brief_that_both_sides_write() -> None:
    case = pattern()
    (clock,) = planned(case, "recurrence")
    asked = gone_off(case, clock)
    assert asked_of(asked) == ("T2", "recurrence")
    assert (asked.all(Question)[0].state, asked.tier) == ("annotating", "T0")
    settled = replace(
        asked, items=tuple(replace(one, state="settled") if one.kind == "question" else one for one in asked.items)
    )
    assert firing.withheld(DISPUTE, settled, clock)


def test_a_case_that_is_one_of_several_asks_nobody_about_the_pattern() -> None:
    case = pattern(outward=True)
    assert gone_off(case, *planned(case, "recurrence")).all(Question) == ()


def test_only_the_clock_replaces_an_idle_mediator_or_climbs_with_heat() -> None:
    case = mediations.at("sessions")
    for trigger in ("replace_idle_mediator", "climb_with_heat"):
        for person in (A, CONVENER, MEDIATOR):
            with pytest.raises(errors.NotYours):
                do(case, trigger, person)
    assert do(case, "climb_with_heat", THE_CLOCK).tier == "T1"
