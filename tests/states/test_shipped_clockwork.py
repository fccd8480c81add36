"""The clock is never refused: what silence fires in the shipped process can happen wherever its timer runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from config import load, vocabulary, working_time
from states import case as cases
from states import errors, machine, roles, simulate, timers
from states.items import (
    Agreement,
    Cause,
    Consent,
    Decision,
    Item,
    Mandate,
    Neutral,
    Obligation,
    ProcessAgreement,
    Proposal,
    Stakeholder,
    Why,
)
from states.process import DeadlineScope, Urgency
from tests.states import engaged

if TYPE_CHECKING:
    from collections.abc import Mapping

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DISPUTE = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
CONVENER = "the Convener"


def at(stage: str) -> cases.Case:
    """Put a case between two parties, each with people of its own, at a stage."""
    case = simulate.sample_case(DISPUTE, urgency=Urgency.U3, now=MONDAY)
    parts = ("representative", "senior_representative", "area_manager")
    parties = tuple(
        replace(party, people={part: (f"{part} {letter}",) for part in parts})
        for party, letter in zip(case.parties, "AB", strict=True)
    )
    return replace(case, stage=stage, parties=parties)


def do(case: cases.Case, trigger: str, person: str | roles.Actor, /, **inputs: object) -> cases.Case:
    """Do an act on Monday."""
    actor = roles.Actor(person) if isinstance(person, str) else person
    request = machine.Act(trigger=trigger, actor=actor, at=MONDAY, recorded_at=MONDAY, inputs=inputs)
    return machine.advance(DISPUTE, case, request)[0]


def mirrored(case: cases.Case, trigger: str, person: str, /, **inputs: object) -> cases.Case:
    """Answer from a tier: where a role of both parties is named, by the one and then by the other."""
    if person == CONVENER or person.startswith("the "):
        return do(case, trigger, person, **inputs)
    case = do(case, trigger, f"{person} A", **inputs)
    return do(case, "agree", f"{person} B", proposal=case.all(Proposal)[-1].id)


def with_items(case: cases.Case, kind: type[Item], *values: Mapping[str, Any]) -> cases.Case:
    """Put items into the file."""
    common: dict[str, Any] = {"zone": roles.SHARED, "by": "c", "at": MONDAY}
    items = tuple(kind(**{"id": f"{kind.kind}{number}", **common, **one}) for number, one in enumerate(values))
    return replace(case, items=(*case.items, *items))


def promise(state: str) -> Mapping[str, object]:
    """Make an obligation of the first party, due in two days."""
    return {
        "owner": "initiating",
        "verifier": "responding",
        "action": "open the gate",
        "due_at": MONDAY + timedelta(days=2),
        "state": state,
        "reported_at": MONDAY if state == "reported" else None,
    }


def both_consented(case: cases.Case) -> cases.Case:
    """Give the consent of both parties."""
    return with_items(case, Consent, *({"party": party.id, "state": "given"} for party in case.parties))


def test_a_text_twice_unsigned_goes_back_to_mediation_though_no_mediator_was_ever_appointed() -> None:
    case = with_items(at("signature"), Agreement, {"text": "x", "state": "signature"})
    case = replace(case, roles={"convener": (CONVENER,)}, fields={**case.fields, "redrafts": 1})
    assert do(case, "signature_lapsed", roles.THE_CLOCK).stage == "appointing"


def test_a_text_twice_unsigned_goes_back_to_its_mediator() -> None:
    case = with_items(at("signature"), Agreement, {"text": "x", "state": "signature"})
    case = replace(case, fields={**case.fields, "redrafts": 1})
    assert do(case, "signature_lapsed", roles.THE_CLOCK).stage == "sessions"


def test_a_case_reopened_by_the_committee_has_no_window_left_to_end() -> None:
    case = replace(at("follow_up"), items=(), fields={**at("follow_up").fields, "feedback_asked": True})
    closed = do(do(case, "file_lessons", CONVENER, text="none"), "close", CONVENER)
    reopened = do(closed, "reopen_late", "the Joint committee", ground="new fact", reason="Another list")
    planned = timers.plan(DISPUTE, reopened, working_time.shipped_calendars())
    assert "end_window" not in {timer.trigger for timer in planned}


@pytest.mark.parametrize(("state", "trigger"), [("due", "miss_obligation"), ("reported", "accept_provisionally")])
def test_the_obligations_of_a_reopened_case_run_on(state: str, trigger: str) -> None:
    case = with_items(replace(at("root_cause"), cycle=2), Obligation, promise(state))
    planned = timers.plan(DISPUTE, case, working_time.shipped_calendars())
    assert trigger in {timer.trigger for timer in planned}
    after = do(case, trigger, roles.THE_CLOCK, obligation="obligation0")
    assert after.stage == "root_cause"
    assert after.all(Obligation)[0].state in {"missed", "provisional"}


@pytest.mark.parametrize("stage", ["negotiation", "appointing", "objection_window", "sessions"])
def test_mediation_does_not_go_on_without_a_consent_that_was_revoked(stage: str) -> None:
    case = do(both_consented(at(stage)), "refuse_consent", "representative A", text="We were not heard")
    assert (case.stage, case.tier) == ("engagement", "T1")


@pytest.mark.parametrize("name", load.shipped_processes())
def test_every_clock_says_in_a_sentence_what_silence_means(name: str) -> None:
    process = load.load_shipped(name, vocabulary=vocabulary.shipped())
    rules = process.every_deadline()
    assert {rule.scope for rule in rules} == set(DeadlineScope)
    for rule in rules:
        assert rule.silences, f"{rule.name} says nothing"
        assert all(step.means.endswith(".") and " " in step.means for step in rule.silences), rule.name


def test_consent_may_be_refused_even_at_the_top_of_the_ladder() -> None:
    case = replace(at("engagement"), tier="T4", tier_since=MONDAY)
    assert do(case, "refuse_consent", "representative A", text="No").tier == "T4"


def test_the_end_of_the_negotiation_leads_to_mediation_only_when_everything_is_ready() -> None:
    chain = {"issue": "issue", "statement": "No rota", "family": "data", "whys": (Why(text="?", source="the log"),)}
    caused = with_items(at("negotiation"), Cause, {**chain, "state": "confirmed"})
    ready = engaged.ready_to_mediate(caused, at=MONDAY)
    assert do(ready, "negotiation_ended", roles.THE_CLOCK).stage == "appointing"
    for kind in (Cause, Consent, Stakeholder, Mandate, ProcessAgreement):
        without = replace(ready, items=tuple(item for item in ready.items if not isinstance(item, kind)))
        assert do(without, "negotiation_ended", roles.THE_CLOCK).stage == "engagement"


@pytest.mark.parametrize("answer", ["asked", "returned", "refused"])
def test_a_question_put_to_a_tier_is_nothing_to_agree_on(answer: str) -> None:
    asked = with_items(at("negotiation"), Decision, {"tier": "T1", "answer": answer, "text": "?", "state": answer})
    with pytest.raises(errors.NeedsMissing, match="stands behind the agreement"):
        do(asked, "settle_directly", CONVENER)


def test_after_two_replacements_the_joint_committee_appoints() -> None:
    named = ({"person": "m", "disclosure": "none", "state": "replaced"},) * 3
    case = with_items(at("appointing"), Neutral, *named)
    with pytest.raises(errors.NeedsMissing, match="the joint committee"):
        do(case, "name_neutral", CONVENER, person="other")
    case = do(case, "appoint_neutral", "the Joint committee", person="other", disclosure="none")
    assert (case.stage, case.roles["mediator"]) == ("sessions", ("other",))


@pytest.mark.parametrize("people", ["", []])
def test_a_part_of_the_case_is_never_left_without_a_holder(people: object) -> None:
    with pytest.raises(errors.NeedsMissing):
        do(at("sessions"), "assign", CONVENER, part="convener", people=people)


@pytest.mark.parametrize(
    ("tier", "trigger", "person"),
    [
        ("T0", "decide", "senior_representative A"),
        ("T2", "decide", "senior_representative A"),
        ("T1", "decide", "the Joint committee"),
        ("T3", "return_down", "area_manager A"),
        ("T2", "refuse_request", "senior_representative A"),
    ],
)
def test_only_the_tier_that_was_asked_answers(tier: str, trigger: str, person: str) -> None:
    case = replace(at("sessions"), tier=tier, tier_since=MONDAY)
    with pytest.raises(errors.NeedsMissing, match="tier"):
        do(case, trigger, person, text="As I say")


@pytest.mark.parametrize(
    ("tier", "trigger", "person"),
    [
        ("T2", "decide", "the Joint committee"),
        ("T3", "decide", "senior_representative"),
        ("T4", "decide", "senior_representative"),
        ("T1", "return_down", "area_manager"),
        ("T4", "return_down", CONVENER),
    ],
)
def test_the_tier_that_was_asked_may_answer(tier: str, trigger: str, person: str) -> None:
    case = replace(at("sessions"), tier=tier, tier_since=MONDAY)
    assert mirrored(case, trigger, person, text="As I say").tier == "T0"


@pytest.mark.parametrize("trigger", ["convene_panel", "propose_interim", "set_urgency"])
def test_nothing_new_is_begun_on_a_closed_case(trigger: str) -> None:
    case = replace(at("closed"), closed_at=MONDAY, outcome="settled")
    with pytest.raises(errors.NeedsMissing, match="the case is open"):
        do(case, trigger, CONVENER)


@pytest.mark.parametrize("trigger", ["refuse_request", "return_down"])
@pytest.mark.parametrize("stage", [name for name, stage in DISPUTE.stages.items() if not stage.final][1:])
def test_a_matter_that_a_tier_gives_back_has_a_clock_again(stage: str, trigger: str) -> None:
    long_ago = MONDAY - timedelta(days=60)
    case = replace(at(stage), stage_since=long_ago, tier="T1", tier_since=MONDAY)
    case = mirrored(case, trigger, "area_manager", text="See to it among yourselves")
    planned = timers.plan(DISPUTE, case, working_time.shipped_calendars())
    assert case.tier == "T0"
    assert any(timer.trigger and timer.due_at >= MONDAY for timer in planned)
