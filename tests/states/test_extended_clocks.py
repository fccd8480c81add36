"""Each clock that people ask to extend: who decides, which dates move, and what stays on record."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from states import case as cases
from states import errors, events, machine, roles, timers
from states.case import MovedDate
from states.items import Cause, Inquiry, Item, Obligation, Proposal, Session, Statement
from tests.states import disputes
from tests.states.disputes import CALENDARS, CONVENER, DISPUTE, FIRST, MONDAY, SECOND

DAY = timedelta(days=1)
SHARED = "shared"
RESUME = machine.Act(trigger="resume", actor=roles.THE_CLOCK, at=MONDAY + 3 * DAY, recorded_at=MONDAY + 3 * DAY)
ACCOUNTS = tuple(
    Statement(id=f"account of {party}", zone=SHARED, by="c", at=MONDAY, party=party, state="awaited")
    for party in ("initiating", "responding")
)
INQUIRY = Inquiry(
    id="i",
    zone=SHARED,
    by="c",
    at=MONDAY,
    state="running",
    terms="Measure the well",
    conducted_by="Eve",
    due_at=MONDAY + 5 * DAY,
)
REPORTED = replace(INQUIRY, state="reported", reported_at=MONDAY)
PROMISE = Obligation(
    id="o",
    zone=SHARED,
    by="c",
    at=MONDAY,
    state="due",
    owner="initiating",
    verifier="responding",
    action="open the gate",
    due_at=MONDAY + 10 * DAY,
)
CAUSE = Cause(
    id="c",
    zone=SHARED,
    by="c",
    at=MONDAY,
    issue="x",
    statement="No calendar says whose turn it is",
    family="structure",
    setting="process gap",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How an extension is asked for and decided: by which act, on what, by whom, and who says yes."""

    act: str
    clock: str
    stage: str
    by: str
    deciding: tuple[str, ...]
    item: Item | None = None
    beside: tuple[Item, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """What is on file when it is asked for."""
        return (*((self.item,) if self.item else ()), *self.beside)


ACCOUNT = Asked(
    act="extend_account", clock="response", stage="screening", by=FIRST, deciding=(CONVENER,), item=ACCOUNTS[0],
    beside=ACCOUNTS[1:],
)  # fmt: skip
PROMISED = Asked(
    act="extend_obligation", clock="obligation", stage="follow_up", by=FIRST, deciding=(SECOND,), item=PROMISE
)
BOTH = (FIRST, SECOND)
EVERY = (
    ACCOUNT,
    PROMISED,
    Asked(act="extend_causes", clock="root_cause", stage="root_cause", by=CONVENER, deciding=BOTH),
    Asked(act="extend_comments", clock="joint_causes", stage="engagement", by=CONVENER, deciding=BOTH, beside=(CAUSE,)),
    Asked(act="extend_inquiry", clock="inquiry", stage="root_cause", by=CONVENER, deciding=BOTH, item=INQUIRY),
    Asked(act="extend_findings", clock="findings", stage="sessions", by=FIRST, deciding=(SECOND,), item=REPORTED),
)


def standing(asked: Asked) -> cases.Case:
    """Return a case on which the clock runs, beside the clock of the whole case."""
    of_the_case = {"whole_case", asked.clock} & {"whole_case", "joint_causes"}
    running = {name: cases.Running(since=MONDAY, round=1) for name in of_the_case}
    return replace(disputes.at(asked.stage), items=asked.items, running=running)


def clock(case: cases.Case, asked: Asked) -> timers.OpenDeadline:
    found = (one for one in timers.open_deadlines(DISPUTE, case, CALENDARS) if one.rule.name == asked.clock)
    return next(one for one in found if asked.item is None or (one.item and one.item.id == asked.item.id))


def ask(case: cases.Case, asked: Asked, until: datetime, *, by: str = "") -> cases.Case:
    named = {asked.item.kind: asked.item.id} if asked.item else {}
    given = {"until": until.isoformat(), "reason": "The road is under water", **named}
    return disputes.do(case, asked.act, by or asked.by, **given)


def granted(case: cases.Case, asked: Asked, until: datetime) -> tuple[cases.Case, tuple[MovedDate, ...]]:
    case = ask(case, asked, until)
    proposal = case.all(Proposal)[-1].id
    happened: tuple[events.Event, ...] = ()
    for person in asked.deciding:
        case, happened = disputes.done(case, "agree", person, proposal=proposal)
    (moved,) = [one for event in happened for one in event.changes if isinstance(one, events.DueMoved)]
    return case, moved.dates


@pytest.fixture(params=EVERY, ids=lambda asked: asked.act)
def asked(request: pytest.FixtureRequest) -> Asked:
    """Yields each extension of the shipped dispute that is about one clock."""
    found: Asked = request.param
    return found


def test_nothing_moves_before_the_last_yes_and_then_every_date_is_told_before_and_after(asked: Asked) -> None:
    case = standing(asked)
    before = clock(case, asked)
    until = before.due_at + 7 * DAY
    assert clock(ask(case, asked, until), asked).due_at == before.due_at
    after, dates = granted(case, asked, until)
    now, table = clock(after, asked), {one.label: (one.before, one.after) for one in dates}
    assert (now.due_at, now.first_due_at) == (until, before.due_at)
    assert table["Due"] == (before.due_at, until)
    for silence in now.rule.silences:
        assert table[silence.means] == tuple(timers.moment(DISPUTE, one, silence.at) for one in (before, now))
    assert table["Whole case"][0] == table["Whole case"][1]


def test_its_timers_come_at_the_new_date_and_no_more_at_the_old_one(asked: Asked) -> None:
    case = standing(asked)
    before = clock(case, asked)
    after, _ = granted(case, asked, before.due_at + 7 * DAY)
    old, new = (
        {
            timer.key
            for timer in timers.plan(DISPUTE, one, CALENDARS)
            if timer.occurrence == clock(one, asked).occurrence
        }
        for one in (case, after)
    )
    assert old
    assert new
    assert not old & {timer.key for timer in timers.plan(DISPUTE, after, CALENDARS)}


def test_who_asks_does_not_decide_and_who_may_not_ask_is_refused(asked: Asked) -> None:
    case = standing(asked)
    until = clock(case, asked).due_at + DAY
    waiting = ask(case, asked, until)
    with pytest.raises(errors.Refused):
        disputes.do(waiting, "agree", asked.by, proposal=waiting.all(Proposal)[-1].id)
    with pytest.raises(errors.NotYours):
        ask(case, asked, until, by="a stranger")


def test_a_clock_is_extended_twice_and_its_first_date_stays(asked: Asked) -> None:
    case = standing(asked)
    first = clock(case, asked).due_at
    once, _ = granted(case, asked, first + DAY)
    twice, dates = granted(once, asked, first + 2 * DAY)
    assert dates[0] == MovedDate("First due", first, first)
    assert clock(twice, asked).first_due_at == first
    with pytest.raises(errors.NeedsMissing, match="extended 2 times at most"):
        ask(twice, asked, first + 3 * DAY)


@pytest.mark.parametrize(
    ("later", "told"),
    [(timedelta(), "must lie after the present one"), (31 * DAY, "within the next 30 days")],
)
def test_a_date_that_is_no_later_one_or_too_far_ahead_is_refused(asked: Asked, later: timedelta, told: str) -> None:
    case = standing(asked)
    with pytest.raises(errors.NeedsMissing, match=told):
        ask(case, asked, clock(case, asked).due_at + later)


def test_more_time_for_one_account_leaves_the_others_theirs_and_is_for_its_own_side_to_ask() -> None:
    case = standing(ACCOUNT)
    other = replace(ACCOUNT, item=ACCOUNTS[1])
    before = clock(case, other)
    after, _ = granted(case, ACCOUNT, before.due_at + 3 * DAY)
    assert clock(after, other).due_at == before.due_at
    with pytest.raises(errors.NotYours):
        ask(case, other, before.due_at + 3 * DAY)


def test_a_promise_bears_its_new_date_and_a_pause_moves_it_on() -> None:
    case = standing(PROMISED)
    due = clock(case, PROMISED).due_at
    after, _ = granted(case, PROMISED, due + 7 * DAY)
    (term,) = after.all(Obligation)
    assert (term.due_at, term.state) == (due + 7 * DAY, "due")
    until = (MONDAY + 20 * DAY).isoformat()
    stayed = disputes.do(after, "stay_by_decision", "the Joint committee", reason="floods", until=until)
    later = clock(machine.advance(DISPUTE, stayed, RESUME)[0], PROMISED)
    assert (later.due_at, later.first_due_at) == (due + 10 * DAY, due)


def test_a_promise_that_comes_again_tells_when_the_next_time_is() -> None:
    weekly = replace(PROMISE, every_days=7)
    asked = replace(PROMISED, item=weekly)
    _, dates = granted(standing(asked), asked, weekly.due_at + DAY)
    assert MovedDate("Next time", weekly.due_at + 7 * DAY, weekly.due_at + 8 * DAY) in dates


def test_what_was_missed_is_not_extended_but_dealt_with_in_the_breach_review() -> None:
    missed = replace(PROMISE, state="missed")
    asked = replace(PROMISED, item=missed)
    with pytest.raises(errors.NeedsMissing, match="gets a new date in the breach review"):
        ask(standing(asked), asked, missed.due_at + DAY)


def test_a_session_after_the_old_date_is_told_beside_a_promise_too() -> None:
    met = Session(
        id="m",
        zone=SHARED,
        by="c",
        at=MONDAY,
        state="planned",
        form="joint",
        agenda="How it goes",
        begins_at=PROMISE.due_at + DAY,
    )
    asked = replace(PROMISED, beside=(met,))
    _, dates = granted(standing(asked), asked, PROMISE.due_at + 2 * DAY)
    assert "Session “How it goes”, in time now" in [one.label for one in dates]


def test_what_nobody_absent_may_hold_up_has_no_extension() -> None:
    extended = {act.extends for act in DISPUTE.triggers.values() if act.extends}
    assert extended == {"negotiation", "sessions", *(one.clock for one in EVERY)}
