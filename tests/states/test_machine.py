"""The definition is the law: every (stage, trigger) pair of every process, and what a refusal says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config import load, vocabulary, working_time
from states import case as cases
from states import errors, machine, notices, roles, simulate, timers
from states.conditions import CONDITIONS
from states.effects import EFFECTS
from states.events import Event
from states.items import Neutral
from states.machine import Act
from states.process import CLOCK, Process, RoleScope, Trigger, Urgency
from tests.states import engaged

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"
PATHS = {**load.shipped_processes(), **{name: EXAMPLES / f"{name}.yaml" for name in ("complaint", "ombuds")}}
PROCESSES = {name: load.load_process(path, vocabulary=vocabulary.shipped()) for name, path in PATHS.items()}
PLACES = [(name, stage) for name, one in PROCESSES.items() for stage in one.stages]


def sample(process: Process, *, stage: str | None = None, urgency: Urgency = Urgency.U3) -> cases.Case:
    """Open a sample case and put it at a stage."""
    case = simulate.sample_case(process, urgency=urgency, now=MONDAY)
    return replace(case, stage=stage or process.initial)


def somebody_for(process: Process, case: cases.Case, trigger: Trigger) -> roles.Actor:
    """Find an actor who may do an act."""
    who = trigger.who[0]
    _, role = roles.split(who)
    if role in roles.AUTOMATIC:
        return roles.THE_CLOCK if role == CLOCK else roles.THE_SYSTEM
    if process.roles[role].scope is RoleScope.OFFICE:
        return roles.Actor("someone", frozenset({role}))
    return roles.Actor(roles.holders(process, case, who)[0])


def act(trigger: str, actor: roles.Actor, **inputs: object) -> Act:
    """Ask for an act on Monday."""
    return Act(trigger=trigger, actor=actor, at=MONDAY, recorded_at=MONDAY, inputs=inputs)


@pytest.mark.parametrize(("name", "stage"), PLACES)
def test_an_act_is_open_exactly_where_the_definition_says(name: str, stage: str) -> None:
    process = PROCESSES[name]
    case = sample(process, stage=stage)
    assert [
        one for one in process.triggers.values() if _is_open(process, case, one) != _should_be_open(one, stage)
    ] == []


def _should_be_open(rule: Trigger, stage: str) -> bool:
    return any(move.starts_at(stage) for move in rule.moves)


def _is_open(process: Process, case: cases.Case, rule: Trigger) -> bool:
    try:
        moved, _ = machine.advance(process, case, act(rule.name, somebody_for(process, case, rule)))
    except errors.NotFromHere:
        return False
    except errors.NeedsMissing:
        return True
    return moved.stage in {move.to or case.stage for move in rule.moves if move.starts_at(case.stage)}


@pytest.mark.parametrize(("name", "stage"), PLACES)
def test_a_stranger_may_do_nothing(name: str, stage: str) -> None:
    process = PROCESSES[name]
    case = sample(process, stage=stage)
    for trigger in process.triggers:
        with pytest.raises((errors.NotYours, errors.NotFromHere)):
            machine.advance(process, case, act(trigger, roles.Actor("a stranger")))


@pytest.mark.parametrize("name", PROCESSES)
def test_permitted_offers_what_advance_accepts_or_explains(name: str) -> None:
    process = PROCESSES[name]
    for stage in process.stages:
        case = sample(process, stage=stage)
        person = roles.Actor("the Convener")
        offered = {option.trigger.name for option in machine.permitted(process, case, person, MONDAY)}
        refused = set()
        for trigger in process.triggers:
            try:
                machine.advance(process, case, act(trigger, person))
            except (errors.NotYours, errors.NotFromHere):
                refused.add(trigger)
            except errors.NeedsMissing:
                continue
        assert offered == set(process.triggers) - refused


@pytest.mark.parametrize("urgency", Urgency)
@pytest.mark.parametrize("name", PROCESSES)
def test_doing_nothing_is_never_refused_and_never_hangs(name: str, urgency: Urgency) -> None:
    process = PROCESSES[name]
    calendars = working_time.shipped_calendars()
    for stage in process.stages.values():
        case = with_a_proposed_neutral(sample(process, stage=stage.name, urgency=urgency))
        steps = list(simulate.rehearse(process, case, calendars, most=40))
        assert stage.final or steps
        assert [step.refused for step in steps if step.refused] == []


def test_a_refusal_lists_everything_at_once() -> None:
    process = PROCESSES["dispute"]
    case = sample(process, stage="screening")
    with pytest.raises(errors.NeedsMissing) as refusal:
        machine.advance(process, case, act("admit", roles.Actor("the Convener")))
    assert len(refusal.value.missing) == 4
    assert "a safety check was done (Convener: “Record the screening”)" in refusal.value.missing


def test_a_condition_is_mended_by_effects_that_there_are() -> None:
    named = {effect for condition in CONDITIONS.values() for effect in condition.mended_by}
    assert named
    assert named <= EFFECTS.keys()


def test_an_unknown_act_names_the_known_ones() -> None:
    process = PROCESSES["dispute"]
    with pytest.raises(errors.UnknownTrigger, match="admit"):
        machine.advance(process, sample(process), act("admitt", roles.THE_CLOCK))


def test_replaying_the_events_gives_the_same_case() -> None:
    process = PROCESSES["dispute"]
    case, history = walked(process)
    assert cases.replay(history) == case
    assert case.version == len(history)


def test_a_caucus_note_and_what_it_moves_lie_in_their_own_zones() -> None:
    process = PROCESSES["dispute"]
    case = sample(process, stage="sessions")
    person = roles.holders(process, case, "initiating representative")[0]
    zone = roles.caucus("initiating")
    _, events = machine.advance(process, case, act("add_note", roles.Actor(person), text="our red line", zone=zone))
    assert [event.zone for event in events] == [zone]


def test_nobody_writes_into_a_zone_they_cannot_read() -> None:
    process = PROCESSES["dispute"]
    case = sample(process, stage="sessions")
    party = replace(case.parties[0], people={"representative": ("rep",)})
    case = replace(case, parties=(party, case.parties[1]))
    with pytest.raises(errors.NeedsMissing, match="must be one of"):
        machine.advance(process, case, act("add_note", roles.Actor("rep"), text="hello", zone="team"))


def test_nobody_speaks_for_another_party() -> None:
    process = PROCESSES["dispute"]
    case = two_sides(sample(process, stage="engagement"))
    with pytest.raises(errors.NeedsMissing, match="your own party"):
        machine.advance(process, case, act("give_consent", roles.Actor("rep A"), party="responding"))


def test_the_other_side_answers_an_offer_and_the_last_acceptance_settles_it() -> None:
    process = PROCESSES["dispute"]
    case = engaged.with_mandates(two_sides(sample(process, stage="sessions")), at=MONDAY)
    case, _ = machine.advance(
        process, case, act("make_offer", roles.Actor("rep A"), text="two slots a day", issues=["issue"])
    )
    offer = case.items[-1].id
    case, _ = machine.advance(process, case, act("accept_offer", roles.Actor("rep B"), offer=offer))
    assert case.stage == "drafting"
    assert case.items[-1].state == "accepted"


def test_only_the_other_party_verifies_an_obligation() -> None:
    process = PROCESSES["dispute"]
    case = two_sides(sample(process, stage="drafting"))
    term = {"action": "open the gate", "owner": "initiating", "verifier": "responding", "proof": "a photo"}
    due = (MONDAY + timedelta(days=5)).isoformat()
    case, _ = machine.advance(process, case, act("add_term", roles.Actor("the Convener"), due_at=due, **term))
    promise = replace(case.items[-1], state="reported")
    case = replace(case, stage="follow_up", items=cases.with_item(case.items, promise))
    with pytest.raises(errors.NotYours):
        machine.advance(process, case, act("verify_obligation", roles.Actor("rep A"), obligation=promise.id))
    case, _ = machine.advance(process, case, act("verify_obligation", roles.Actor("rep B"), obligation=promise.id))
    assert case.items[-1].state == "verified"


def test_a_stay_needs_a_resume_date_within_the_cap() -> None:
    process = PROCESSES["dispute"]
    case = sample(process, stage="sessions")
    too_long = (MONDAY + timedelta(days=31)).isoformat()
    with pytest.raises(errors.NeedsMissing, match="30 days"):
        machine.advance(process, case, act("stay", roles.Actor("the Convener"), reason="rains", until=too_long))
    with pytest.raises(errors.NeedsMissing, match="Resume on is missing"):
        machine.advance(process, case, act("stay", roles.Actor("the Convener"), reason="rains"))


def test_while_stayed_only_the_resume_is_planned_and_no_stage_moves() -> None:
    process = PROCESSES["dispute"]
    calendars = working_time.shipped_calendars()
    case = two_sides(sample(process, stage="sessions"))
    until = (MONDAY + timedelta(days=7)).isoformat()
    committee = roles.Actor("the Joint committee")
    stayed, _ = machine.advance(process, case, act("stay_by_decision", committee, reason="rains", until=until))
    assert [timer.trigger for timer in timers.plan(process, stayed, calendars)] == ["resume"]
    with pytest.raises(errors.NeedsMissing, match="stayed until"):
        machine.advance(process, replace(stayed, stage="screening"), act("admit", roles.Actor("the Convener")))


def test_a_case_cannot_move_into_a_duty_that_nobody_holds() -> None:
    process = PROCESSES["dispute"]
    case = replace(two_sides(sample(process, stage="drafting")), roles={"mediator": ("m",)})
    with pytest.raises(errors.Refused) as refusal:
        machine.advance(process, replace(case, stage="objection_window"), act("confirm", roles.THE_CLOCK))
    assert any("must hold the part “Mediator”" in one or "neutral" in one for one in refusal.value.missing)


def test_a_clock_that_follows_a_late_timer_starts_when_it_fired() -> None:
    process = PROCESSES["dispute"]
    case = sample(process, stage="screening")
    late = MONDAY + timedelta(days=10)
    request = Act(
        trigger="admit_by_silence", actor=roles.THE_CLOCK, at=MONDAY, recorded_at=late, timer="screening:1:100%"
    )
    moved, events = machine.advance(process, case, request)
    assert moved.stage_since == late
    assert events[0].at == MONDAY


def with_a_proposed_neutral(case: cases.Case) -> cases.Case:
    """Put a name on the table, as the objection window presupposes."""
    neutral = Neutral(id="n", zone=roles.SHARED, by="c", at=MONDAY, state="proposed", person="m", disclosure="none")
    return replace(case, items=(*case.items, neutral))


def two_sides(case: cases.Case) -> cases.Case:
    """Put one named representative and senior on each side."""
    parties = tuple(
        replace(party, people={"representative": (f"rep {letter}",), "senior_representative": (f"senior {letter}",)})
        for party, letter in zip(case.parties, "AB", strict=True)
    )
    return replace(case, parties=parties)


def walked(process: Process) -> tuple[cases.Case, tuple[Event, ...]]:
    """Walk a case through intake, keeping its events."""
    sampled = sample(process)
    notice = notices.Notice(
        id="c1", number="D-1", title="Who goes first?", parties=sampled.parties, roles=sampled.roles
    )
    opener = roles.Actor("registrar", frozenset({"registry"}))
    case, history = notices.open_case(process, notice, actor=opener, at=MONDAY, recorded_at=MONDAY)
    convener = roles.Actor("the Convener")
    for request in (
        act("raise_issue", convener, title="The gate"),
        act("submit", convener),
        act("acknowledge", roles.THE_CLOCK),
        act("add_note", convener, text="call them", zone="team"),
    ):
        case, events = machine.advance(process, case, request)
        history = (*history, *events)
    return case, history
