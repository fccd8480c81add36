"""A published ranking is appealed against once and in its time, and then the joint committee ranks the claims anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import load, vocabulary, working_time
from states import errors, firing, machine, roles, simulate, timers
from states.case import Case
from states.items import Claim
from states.process import Urgency

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
PROCESS = load.load_shipped("priority_conflict", vocabulary=vocabulary.shipped())
CONVENER, PARTY, COMMITTEE = "the Convener", "a Representative", "the Joint committee"


def do(case: Case, trigger: str, person: str, **inputs: object) -> Case:
    """Lets somebody act at the instant the case begins."""
    act = machine.Act(trigger=trigger, actor=roles.Actor(person), at=MONDAY, recorded_at=MONDAY, inputs=inputs)
    return machine.advance(PROCESS, case, act)[0]


@pytest.fixture
def published() -> Case:
    """Returns a case whose only claim was ranked by the convener and published."""
    case = simulate.sample_case(PROCESS, urgency=Urgency.U1, now=MONDAY, stage="ranking")
    claim = Claim(
        id="claim",
        zone="shared",
        by=PARTY,
        at=MONDAY,
        party="initiating",
        asset="Runway",
        place="North",
        from_at=MONDAY,
        until_at=MONDAY + timedelta(hours=2),
        why="Patients",
    )
    ranked = do(replace(case, items=(*case.items, claim)), "rank", CONVENER, claim="claim", rank="1", reason="Lives")
    return do(ranked, "accept_ranking", CONVENER)


def appeal(case: Case) -> Case:
    return do(case, "appeal_ranking", PARTY, reason="It leaves out the heat")


def test_an_appeal_takes_the_ranks_back_and_goes_to_the_committee(published: Case) -> None:
    before, after = published, appeal(published)
    assert [(one.rank, one.reason) for one in before.all(Claim)] == [(1, "Lives")]
    assert [(one.rank, one.reason) for one in after.all(Claim)] == [(None, "")]
    assert (after.stage, after.tier) == ("ranking", "T2")
    with pytest.raises(errors.NeedsMissing, match="the joint committee ranks the claims"):
        do(after, "rank", CONVENER, claim="claim", rank="1", reason="As before")
    heard = do(after, "rank_as_committee", COMMITTEE, claim="claim", rank="1", reason="Lives all the same")
    with pytest.raises(errors.NeedsMissing, match="nobody has appealed against it yet"):
        appeal(do(heard, "accept_ranking", CONVENER))


def test_the_time_to_appeal_ends_by_itself(published: Case) -> None:
    plan = timers.plan(PROCESS, published, working_time.shipped_calendars())
    due = next(timer for timer in plan if timer.trigger == "end_appeal")
    assert due.due_at == MONDAY + timedelta(minutes=30)
    over, _ = machine.advance(PROCESS, published, firing.act_of(PROCESS, published, due, recorded_at=due.due_at))
    with pytest.raises(errors.NeedsMissing, match="the time to appeal still runs"):
        appeal(over)
