"""The clock is never refused: what silence fires in the shipped process can happen wherever its timer runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from config import load, vocabulary, working_time
from states import case as cases
from states import errors, machine, roles, simulate, timers
from states.items import Agreement, Consent, Decision, Item, Neutral, Obligation
from states.process import Urgency

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
    case = replace(at("follow_up"), fields={**at("follow_up").fields, "feedback_asked": True})
    closed = do(do(case, "file_lessons", CONVENER, text="none"), "close", CONVENER)
    reopened = do(closed, "reopen_late", "the Joint committee", reason="A new fact")
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
