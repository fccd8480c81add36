"""A reopened case begins anew: what was given in the cycle before stays on file and meets no condition of this one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import load, vocabulary, working_time
from states import case as cases
from states import errors, machine, roles, simulate, timers
from states.items import Agreement, Consent, Item, Lesson, Neutral, Obligation, Offer, Session
from states.process import Urgency

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
LATER = MONDAY + timedelta(days=20)
DISPUTE = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
CONVENER = "the Convener"

CONSENTS = tuple(
    Consent(id=party, zone=roles.SHARED, by="c", at=MONDAY, party=party, state="given")
    for party in ("initiating", "responding")
)
OFFER = Offer(id="offer", zone=roles.SHARED, by="c", at=MONDAY, party=None, text="x", state="accepted")
SESSION = Session(
    id="session", zone=roles.SHARED, by="c", at=MONDAY, form="joint", agenda="x", minutes="x", state="closed"
)
DRAFT = Agreement(id="draft", zone=roles.SHARED, by="c", at=MONDAY, text="x", state="drafting")
TERM = Obligation(
    id="term",
    zone=roles.SHARED,
    by="c",
    at=MONDAY,
    owner="initiating",
    verifier="responding",
    action="open the gate",
    due_at=MONDAY + timedelta(days=5),
    state="planned",
)
LESSON = Lesson(id="lesson", zone=roles.SHARED, by="c", at=MONDAY, party=None, text="none")
NEUTRALS = tuple(
    Neutral(id=f"n{n}", zone=roles.SHARED, by="c", at=MONDAY, person="m", disclosure="x", state="objected")
    for n in range(3)
)


def do(case: cases.Case, trigger: str, actor: str, at: datetime = LATER, /, **inputs: object) -> cases.Case:
    """Do an act."""
    request = machine.Act(trigger=trigger, actor=roles.Actor(actor), at=at, recorded_at=at, inputs=inputs)
    return machine.advance(DISPUTE, case, request)[0]


def reopened(*items: Item, stage: str) -> cases.Case:
    """Close a case with these items, reopen it, and put it at a stage."""
    case = simulate.sample_case(DISPUTE, urgency=Urgency.U3, now=MONDAY)
    fields = {**case.fields, "reopenable": True, "safe_to_talk": True, "redrafts": 1}
    closed = replace(case, stage="closed", closed_at=MONDAY, outcome="settled", fields=fields, items=items)
    return replace(do(closed, "reopen", "a Representative", ground="new fact", reason="Another list"), stage=stage)


@pytest.mark.parametrize(
    ("stage", "trigger", "items", "missing"),
    [
        ("engagement", "open_negotiation", CONSENTS, "every party has consented"),
        ("negotiation", "settle_directly", (OFFER,), "stands behind the agreement"),
        ("drafting", "draft_ready", (DRAFT, TERM), "the text of the agreement is drafted"),
        ("drafting", "draft_ready", (DRAFT, TERM), "at least one term"),
        ("follow_up", "close", (LESSON,), "lessons are filed"),
    ],
)
def test_an_earlier_cycle_meets_no_condition_of_this_one(
    stage: str, trigger: str, items: tuple[Item, ...], missing: str
) -> None:
    with pytest.raises(errors.NeedsMissing, match=missing):
        do(reopened(*items, stage=stage), trigger, CONVENER)


def test_an_earlier_session_does_not_excuse_an_impasse_now() -> None:
    with pytest.raises(errors.NeedsMissing, match="session with minutes"):
        do(reopened(SESSION, stage="sessions"), "declare_impasse", "the Mediator", text="Nothing left")


def test_the_neutrals_of_an_earlier_cycle_are_not_counted() -> None:
    case = do(reopened(*NEUTRALS, stage="appointing"), "name_neutral", CONVENER, person="n")
    assert do(case, "disclose", CONVENER, disclosure="none").stage == "objection_window"


def test_an_earlier_draft_is_not_written_over() -> None:
    case = do(reopened(DRAFT, stage="drafting"), "write_agreement", "the Mediator", text="y")
    assert [one.text for one in case.all(Agreement)] == ["x", "y"]


def test_the_counts_and_checks_of_the_earlier_cycle_begin_anew() -> None:
    fields = reopened(stage="root_cause").fields
    assert [fields[name] for name in ("safe_to_talk", "redrafts")] == [False, 0]


def test_a_case_that_is_closed_while_it_is_stayed_is_stayed_no_more() -> None:
    case = replace(simulate.sample_case(DISPUTE, urgency=Urgency.U3, now=MONDAY), stage="sessions")
    until = (MONDAY + timedelta(days=7)).isoformat()
    stayed = do(case, "stay_by_decision", "the Joint committee", MONDAY, reason="rains", until=until)
    closed = do(stayed, "withdraw", "a Representative", MONDAY + timedelta(days=1), reason="Settled elsewhere")
    assert closed.stay is None
    assert timers.plan(DISPUTE, closed, working_time.shipped_calendars()) == ()


def test_a_case_that_was_closed_high_on_the_ladder_begins_again_at_its_foot() -> None:
    open_case = simulate.sample_case(DISPUTE, urgency=Urgency.U3, now=MONDAY)
    closed = replace(open_case, stage="closed", closed_at=MONDAY, outcome="referred", tier="T2", tier_round=3)
    closed = replace(closed, fields={**closed.fields, "reopenable": True})
    case = do(closed, "reopen", "a Representative", ground="new fact", reason="Another list")
    assert (case.stage, case.tier, case.tier_since) == ("root_cause", "T0", LATER)
