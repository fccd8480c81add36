"""Nobody passes a guard by the way a request is written, or speaks for a party that is not theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import load, vocabulary
from states import case as cases
from states import conditions, errors, machine, roles, simulate
from states.items import Agreement, Decision, Interim, Obligation, Proposal
from states.process import Urgency
from states.situation import Situation
from tests.states import engaged

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DISPUTE = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
CONVENER = roles.Actor("the Convener")


def at(stage: str) -> cases.Case:
    """Put a case between two parties, each with people of its own, at a stage."""
    case = simulate.sample_case(DISPUTE, urgency=Urgency.U3, now=MONDAY)
    parties = tuple(
        replace(party, people={"representative": (f"rep {letter}",), "senior_representative": (f"senior {letter}",)})
        for party, letter in zip(case.parties, "AB", strict=True)
    )
    return replace(case, stage=stage, parties=parties)


def do(case: cases.Case, trigger: str, person: str, **inputs: object) -> cases.Case:
    """Do an act on Monday."""
    request = machine.Act(trigger=trigger, actor=roles.Actor(person), at=MONDAY, recorded_at=MONDAY, inputs=inputs)
    return machine.advance(DISPUTE, case, request)[0]


@pytest.mark.parametrize("written", [" promise", "promise\n", "pro\x00mise"])
def test_an_owner_does_not_verify_their_own_obligation_however_they_write_its_id(written: str) -> None:
    promise = Obligation(
        id="promise",
        zone=roles.SHARED,
        by="c",
        at=MONDAY,
        state="reported",
        owner="initiating",
        verifier="responding",
        action="open the gate",
        due_at=MONDAY + timedelta(days=5),
    )
    case = replace(at("follow_up"), items=(promise,))
    with pytest.raises(errors.NotYours):
        do(case, "verify_obligation", "rep A", obligation=written)
    assert do(case, "verify_obligation", "rep B", obligation=written).items[0].state == "verified"


def test_a_representative_of_two_parties_does_not_speak_for_the_third() -> None:
    case = at("engagement")
    both = tuple(replace(party, people={"representative": ("rep A",)}) for party in case.parties)
    third = cases.Party(id="third", name="Third", side=cases.Side.JOINED, people={"representative": ("rep C",)})
    case = replace(case, parties=(*both, third))
    with pytest.raises(errors.NeedsMissing, match="your own party"):
        do(case, "give_consent", "rep A", party="third")
    assert do(case, "give_consent", "rep A", party="responding").items[-1].state == "given"


def test_a_senior_of_one_party_does_not_ratify_for_another_whose_representative_they_are() -> None:
    case = do(replace(at("drafting"), items=()), "write_agreement", CONVENER.person, text="Two slots a day")
    due = (MONDAY + timedelta(days=5)).isoformat()
    term = {
        "action": "open the gate",
        "owner": "initiating",
        "verifier": "responding",
        "due_at": due,
        "proof": "a photo",
    }
    case = do(do(case, "add_term", CONVENER.person, **term), "draft_ready", CONVENER.person)
    first, second = case.parties
    helper = {**second.people, "representative": ("senior A",)}
    case = engaged.with_mandates(replace(case, parties=(first, replace(second, people=helper))), at=MONDAY)
    seal = case.all(Agreement)[0].text_hash
    with pytest.raises(errors.NeedsMissing, match="your own party"):
        do(case, "ratify", "senior A", party="responding", seal=seal)
    assert do(case, "ratify", "senior A", seal=seal).all(Agreement)[0].ratified_by == ("initiating",)


@pytest.mark.parametrize(
    ("stage", "trigger", "inputs"),
    [
        ("drafting", "add_term", {"action": "open the gate", "owner": "initiating", "verifier": "responding"}),
        ("sessions", "propose_interim", {"rule": "two slots a day"}),
    ],
)
def test_nothing_is_promised_for_a_time_that_is_over(stage: str, trigger: str, inputs: dict[str, str]) -> None:
    past = (MONDAY - timedelta(minutes=1)).isoformat()
    dated = {"due_at" if trigger == "add_term" else "expires_at": past, **inputs}
    act = machine.Act(trigger=trigger, actor=CONVENER, at=MONDAY, recorded_at=MONDAY, inputs=dated)
    with pytest.raises(errors.NeedsMissing, match="the date lies ahead"):
        machine.advance(DISPUTE, at(stage), act)


def test_what_was_referred_under_seal_is_read_by_the_team_alone() -> None:
    act = machine.Act(
        trigger="refer_sealed", actor=CONVENER, at=MONDAY, recorded_at=MONDAY, inputs={"channel": "the investigators"}
    )
    closed, happened = machine.advance(DISPUTE, at("screening"), act)
    assert (closed.stage, closed.outcome) == ("closed", "referred")
    assert [event.zone for event in happened if "investigators" in str(event.inputs)] == [roles.TEAM]


def test_an_amendment_opens_a_new_version_and_leaves_the_signed_one_in_force() -> None:
    signed = Agreement(
        id="a", zone=roles.SHARED, by="m", at=MONDAY, state="in force", text="The gate is open.", drafted_by="m"
    )
    case = replace(at("follow_up"), items=(signed,))
    act = machine.Act(
        trigger="amend", actor=CONVENER, at=MONDAY, recorded_at=MONDAY, inputs={"changes": "the north gate"}
    )
    corrected, _ = machine.advance(DISPUTE, case, act)
    assert corrected.stage == "drafting"
    assert [item.state for item in corrected.all(Agreement)] == ["in force", "drafting"]


def test_silence_lends_an_asset_only_where_the_mission_lets_it() -> None:
    process = load.load_shipped("priority_conflict", vocabulary=vocabulary.shipped())
    case = simulate.sample_case(process, urgency=Urgency.U3, now=MONDAY, stage="claims")
    let = machine.Act(trigger="let_silence_lend", actor=CONVENER, at=MONDAY, recorded_at=MONDAY)
    let_case, _ = machine.advance(process, case, let)
    needs = process.deadlines["lending"].when
    asked = [Situation(process=process, case=one, actor=roles.THE_CLOCK, at=MONDAY) for one in (case, let_case)]
    assert [bool(conditions.unmet(needs, situation)) for situation in asked] == [True, False]


def test_a_senior_of_one_party_refers_the_case_only_once_the_matter_has_reached_their_tier() -> None:
    said = {"body": "The joint forum", "reason": "Theirs to decide"}
    with pytest.raises(errors.NeedsMissing, match="has reached a tier"):
        do(at("sessions"), "refer_by_decision", "senior A", **said)
    with pytest.raises(errors.NotYours):
        do(at("sessions"), "refer", "senior A", **said)
    asked = replace(at("sessions"), tier="T3", tier_since=MONDAY)
    half = do(asked, "refer_by_decision", "senior A", **said)
    assert half.closed_at is None
    assert do(half, "agree", "senior B", proposal=half.all(Proposal)[0].id).outcome == "referred"


def test_a_senior_of_one_party_does_not_end_what_both_agreed_for_the_meantime() -> None:
    rule = Interim(
        id="rule",
        zone=roles.SHARED,
        by="c",
        at=MONDAY,
        state="on",
        rule="The gate stays open until noon",
        expires_at=MONDAY + timedelta(days=5),
    )
    case = replace(at("sessions"), items=(rule,))
    with pytest.raises(errors.NotYours):
        do(replace(case, tier="T3"), "end_interim_by_decision", "senior A", interim="rule", reason="It costs us")
    with pytest.raises(errors.NeedsMissing, match="has reached a tier"):
        do(case, "end_interim_by_decision", "the Joint committee", interim="rule", reason="It costs much")
    asked = replace(case, tier="T2", tier_since=MONDAY)
    ended = do(asked, "end_interim_by_decision", "the Joint committee", interim="rule", reason="Over")
    assert ended.items[0].state == "ended"


@pytest.mark.parametrize(("stage", "trigger"), [("negotiation", "settle_directly"), ("drafting", "draft_ready")])
def test_no_text_is_sent_on_while_an_issue_has_no_result(stage: str, trigger: str) -> None:
    decided = Decision(
        id="d", zone=roles.SHARED, by="c", at=MONDAY, state="decided", tier="T2", answer="decided", text="Half each"
    )
    case = replace(at(stage), items=(*at(stage).items, decided))
    with pytest.raises(errors.NeedsMissing, match="every issue is settled"):
        do(case, trigger, CONVENER.person)
    settled = do(case, "settle_issue", CONVENER.person, issue="issue", result="settled")
    with pytest.raises(errors.NeedsMissing) as missing:
        do(settled, trigger, CONVENER.person)
    assert "every issue is settled" not in str(missing.value)
