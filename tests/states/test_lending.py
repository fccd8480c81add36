"""Using a contested asset meanwhile: a rule that all accept, which silence may lend only where the mission says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import load, vocabulary, working_time
from states import case as cases
from states import errors, firing, machine, roles, simulate, timers
from states.items import Interim
from states.process import Urgency

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CONFLICT = load.load_shipped("priority_conflict", vocabulary=vocabulary.shipped())
CONVENER = "the Convener"


def do(case: cases.Case, trigger: str, actor: str | roles.Actor, **inputs: object) -> cases.Case:
    who = roles.Actor(actor) if isinstance(actor, str) else actor
    act = machine.Act(trigger=trigger, actor=who, at=MONDAY, recorded_at=MONDAY, inputs=inputs)
    return machine.advance(CONFLICT, case, act)[0]


def asked(*, lends: bool) -> cases.Case:
    """Let the first party ask for the slot, where silence lends it or not."""
    case = simulate.sample_case(CONFLICT, urgency=Urgency.U3, now=MONDAY)
    parties = tuple(
        replace(party, people={**party.people, "representative": (f"rep {letter}",)})
        for party, letter in zip(case.parties, "AB", strict=True)
    )
    case = replace(case, stage="claims", parties=parties)
    if lends:
        case = do(case, "let_silence_lend", CONVENER)
    until = (MONDAY + timedelta(days=5)).isoformat()
    return do(case, "propose_interim", "rep A", rule="The slot at six is ours", expires_at=until)


def rule_of(case: cases.Case) -> Interim:
    (rule,) = case.all(Interim)
    return rule


def what_silence_does(case: cases.Case) -> set[str]:
    """Name the acts of the clocks that ask for an answer to the rule."""
    running = timers.open_deadlines(CONFLICT, case, working_time.shipped_calendars())
    asking = [one for one in running if one.item == rule_of(case) and firing.is_asked(CONFLICT, case, one)]
    return {silence.fires for one in asking for silence in one.rule.silences}


def test_whoever_asks_does_not_answer_for_the_others() -> None:
    case = asked(lends=False)
    with pytest.raises(errors.NeedsMissing, match="has not accepted the rule yet"):
        do(case, "accept_interim", "rep A", interim=rule_of(case).id)
    assert rule_of(case).state == "proposed"
    assert rule_of(do(case, "accept_interim", "rep B", interim=rule_of(case).id)).state == "on"


def test_silence_lends_only_where_the_mission_lets_it() -> None:
    assert what_silence_does(asked(lends=False)) == {"lapse_interim"}
    assert what_silence_does(asked(lends=True)) == {"lent_by_silence"}


def test_what_silence_lends_ends_by_itself_and_one_no_prevents_it() -> None:
    case = asked(lends=True)
    lent = do(case, "lent_by_silence", roles.THE_CLOCK, interim=rule_of(case).id)
    assert rule_of(lent).state == "on"
    ends = [one for one in timers.plan(CONFLICT, lent, working_time.shipped_calendars()) if one.deadline == "interim"]
    assert ends[-1].due_at == rule_of(lent).expires_at
    refused = do(case, "refuse_interim", "rep B", interim=rule_of(case).id, reason="We need it")
    assert what_silence_does(refused) == set()
