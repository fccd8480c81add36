"""Who decides in a case: parties within other parties, parties that left, and a team that acts for one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import load, vocabulary
from states import case as cases
from states import errors, machine, roles, simulate
from states.items import Offer
from states.machine import Act
from states.process import Urgency
from states.situation import Situation

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PROCESS = load.load_shipped("dispute", vocabulary=vocabulary.shipped())


def three_parties(stage: str, *, within: str | None = None, left_at: datetime | None = None) -> cases.Case:
    """Put a case with a third party at a stage."""
    case = replace(simulate.sample_case(PROCESS, urgency=Urgency.U3, now=MONDAY), stage=stage)
    people = {"representative": ("carl",)}
    third = cases.Party(
        id="C", name="Water agency", side=cases.Side.JOINED, people=people, within=within, left_at=left_at
    )
    return replace(case, parties=(*case.parties, third))


def act(trigger: str, person: str, **inputs: object) -> Act:
    return Act(trigger=trigger, actor=roles.Actor(person), at=MONDAY, recorded_at=MONDAY, inputs=inputs)


def deciding(case: cases.Case) -> frozenset[str]:
    return Situation(process=PROCESS, case=case, actor=roles.Actor("carl"), at=MONDAY).party_ids


def test_every_party_decides_but_one_within_another_or_one_that_left() -> None:
    both = {party.id for party in three_parties("sessions").parties} - {"C"}
    assert deciding(three_parties("sessions")) == both | {"C"}
    assert deciding(three_parties("sessions", within=min(both))) == both
    assert deciding(three_parties("sessions", left_at=MONDAY)) == both


def test_a_party_that_left_is_told_why_it_may_not_act_and_reads_nothing_more() -> None:
    case = three_parties("sessions", left_at=MONDAY - timedelta(days=1))
    with pytest.raises(errors.NotYours, match="Water agency withdrew from this case on 2026-11-22"):
        machine.advance(PROCESS, case, act("make_offer", "carl", text="terms"))
    assert roles.readable_zones(PROCESS, case, roles.Actor("carl")) == frozenset()


def test_what_the_team_records_for_a_party_names_that_party() -> None:
    case = three_parties("screening")
    convener = case.roles["convener"][0]
    _, (event,) = machine.advance(PROCESS, case, act("answer_notice", convener, party="C", text="our account"))
    assert (event.actor, event.on_behalf_of) == (convener, "C")
    _, (own, *_) = machine.advance(PROCESS, replace(case, stage="sessions"), act("make_offer", "carl", text="terms"))
    assert own.on_behalf_of is None


def test_an_item_the_actor_may_not_read_is_as_unknown_as_one_that_is_not() -> None:
    case = three_parties("sessions")
    hidden = Offer(id="secret", zone=roles.caucus(case.parties[0].id), by="mo", at=MONDAY, party=None, text="terms")
    case = replace(case, items=(*case.items, hidden))
    said = []
    for name in ("secret", "nothing"):
        with pytest.raises(errors.NeedsMissing) as refusal:
            machine.advance(PROCESS, case, act("accept_offer", "carl", offer=name))
        said.append(refusal.value.missing)
    assert said[0] == said[1]
