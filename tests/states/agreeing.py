"""A dispute on its way to an agreement, with one word for what a test cares about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config import load, vocabulary, working_time
from states import case as cases
from states import errors, machine, roles, simulate
from states.items import Agreement, Obligation, Proposal
from states.process import Urgency
from tests.states import engaged

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DISPUTE = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
CALENDARS = working_time.shipped_calendars()
CONVENER, MEDIATOR, COMMITTEE = "the Convener", "the Mediator", "the Joint committee"
TERM = {"action": "open the gate", "owner": "A", "verifier": "B", "proof": "a photograph"}


def at(stage: str, *, parties: str = "AB") -> cases.Case:
    """Put a case between these parties, each with people and mandates of its own, at a stage, with nothing on file."""
    sample = simulate.sample_case(DISPUTE, urgency=Urgency.U3, now=MONDAY)
    sides = (cases.Side.INITIATING, cases.Side.RESPONDING, *(cases.Side.JOINED,) * 3)
    parts = ("representative", "senior_representative", "area_manager")
    made = tuple(
        cases.Party(
            id=letter, name=f"Party {letter}", side=side, people={part: (f"{part} {letter}",) for part in parts}
        )
        for letter, side in zip(parties, sides, strict=False)
    )
    return engaged.with_mandates(replace(sample, stage=stage, parties=made, items=()), at=MONDAY)


def do(
    case: cases.Case, trigger: str, person: str | roles.Actor, on: datetime = MONDAY, /, **inputs: object
) -> cases.Case:
    """Do an act, on Monday unless told otherwise."""
    actor = person if isinstance(person, roles.Actor) else roles.Actor(person)
    given = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in inputs.items()}
    act = machine.Act(trigger=trigger, actor=actor, at=on, recorded_at=on, inputs=given, calendars=CALENDARS)
    return machine.advance(DISPUTE, case, act)[0]


def refusal(case: cases.Case, trigger: str, person: str, on: datetime = MONDAY, /, **inputs: object) -> str:
    """Return why an act is refused, every sentence of it."""
    with pytest.raises(errors.Refused) as refused:
        do(case, trigger, person, on, **inputs)
    return "\n".join(refused.value.missing)


def agreed(case: cases.Case) -> cases.Case:
    """Let everybody agree to the open proposal who has not."""
    (proposal,) = case.all(Proposal, "open")
    for party in case.parties:
        if party.id not in proposal.agreed_by:
            case = do(case, "agree", f"representative {party.id}", proposal=proposal.id)
    return case


def text(case: cases.Case) -> Agreement:
    """Return the newest text."""
    return case.all(Agreement)[-1]


def promise(case: cases.Case, number: int = -1) -> Obligation:
    """Return one of the promises, the newest unless told otherwise."""
    return case.all(Obligation)[number]


def drafted(*, by: str = CONVENER, parties: str = "AB", **term: object) -> cases.Case:
    """Write a text with one term, due in five days."""
    case = do(at("drafting", parties=parties), "write_agreement", by, text="Two slots a day", summary="Slots")
    return do(case, "add_term", by, **{**TERM, "due_at": MONDAY + timedelta(days=5), **term})


def ratified(case: cases.Case) -> cases.Case:
    """Send a draft out and let every senior ratify it."""
    case = do(case, "draft_ready", CONVENER)
    for party in case.parties:
        case = do(case, "ratify", f"senior_representative {party.id}", seal=text(case).text_hash)
    return case


def signed(case: cases.Case) -> cases.Case:
    """Let every representative sign."""
    for party in case.parties:
        case = do(case, "sign", f"representative {party.id}", seal=text(case).text_hash)
    return case


def in_force(**term: Any) -> cases.Case:  # noqa: ANN401 - any attribute of the term
    """Bring an agreement with one term in force."""
    return signed(ratified(drafted(**term)))
