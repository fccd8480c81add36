"""A rehearsal: what follows from opening a case now and doing nothing, by the functions that run real cases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from states import agreeing, errors, firing, machine, notices, roles, timers
from states.case import Party, Side
from states.items import Issue
from states.notices import Notice
from states.process import RoleScope, Urgency

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from states.calendar import Calendar
    from states.case import Case
    from states.events import Event
    from states.process import Process
    from states.timers import Timer

MOST_STEPS = 200
MOST_TIMERS = 2000
"""How many timers are looked at, those that do nothing among them: some cases come back to the same clock for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing the clockwork would do: when, on which clock, which act or mail, and where the case then stands."""

    at: datetime
    deadline: str
    act: str | None
    mails: tuple[str, ...]
    means: str
    stage: str
    tier: str | None
    refused: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A timer that fired and when, the case before and after it, what was recorded, and the mails: a step of a walk.

    Of a timer whose act is `refused` nothing comes.
    """

    at: datetime
    timer: Timer
    before: Case
    after: Case
    happened: tuple[Event, ...] = ()
    mails: tuple[str, ...] = ()
    refused: str | None = None


def sample_case(process: Process, *, urgency: Urgency, now: datetime, stage: str | None = None) -> Case:
    """Open a case with one party on each side and somebody in every part, and put it at a stage if one is named."""
    who = roles.Actor("someone", frozenset(process.roles))
    people = {name: (f"a {role.label}",) for name, role in process.roles.items() if role.scope is RoleScope.PARTY}
    parties = tuple(
        Party(id=side.value, name=f"{side.value} party", side=side, people=people)
        for side in (Side.INITIATING, Side.RESPONDING)
    )
    parts = {name: (f"the {role.label}",) for name, role in process.roles.items() if role.scope is RoleScope.CASE}
    issue = Issue(id="issue", zone=roles.SHARED, by=who.person, at=now, title="What is in dispute?")
    notice = Notice(
        id="sample",
        number=f"{process.prefix}-sample",
        title="A sample case",
        urgency=urgency,
        parties=parties,
        roles=parts,
        items=(issue,),
        fields={},
    )
    opener = (
        roles.Actor(f"a {process.roles[roles.split(process.may_open[0])[1]].label}", who.offices)
        if process.may_open
        else who
    )
    case = notices.open_case(process, notice, actor=opener, at=now, recorded_at=now)[0]
    return replace(case, stage=stage) if stage else case


def rehearse(
    process: Process, case: Case, calendars: Mapping[str, Calendar], *, most: int = MOST_STEPS
) -> Iterator[Step]:
    """Do nothing and let every timer fire, oldest first, until the case rests or `most` steps were taken."""
    for one in islice(walk(process, case, calendars), most):
        timer, after = one.timer, one.after
        yield Step(
            at=one.at,
            deadline=timer.deadline,
            act=timer.trigger,
            mails=one.mails,
            means=timer.means,
            stage=after.stage,
            tier=after.tier,
            refused=one.refused,
        )


def walk(
    process: Process,
    case: Case,
    calendars: Mapping[str, Calendar],
    *,
    settled: Collection[str] = (),
    now: datetime | None = None,
) -> Iterator[Passed]:
    """Do nothing and let every timer fire in due order, one after the other, until the case rests.

    `settled` are the keys of those that have fired already. A timer withheld by its conditions is not asked again,
    unless it gets another date. What is due before `now`, or in a pause, fires as soon as it can.
    """
    fired = set(settled)
    withheld: set[tuple[str, datetime]] = set()
    for _ in range(MOST_TIMERS):
        planned = timers.plan(process, case, calendars)
        due = next((one for one in planned if one.key not in fired and (one.key, one.due_at) not in withheld), None)
        if due is None:
            return
        if firing.withheld(process, case, due):
            withheld.add((due.key, due.due_at))
            continue
        fired.add(due.key)
        now = max(now or due.due_at, due.due_at)
        passed = _passed(process, case, due, calendars, at=now)
        case = passed.after
        yield passed


def _passed(process: Process, case: Case, timer: Timer, calendars: Mapping[str, Calendar], *, at: datetime) -> Passed:
    """Let one timer fire on a rehearsed case; a refusal is shown, not raised."""
    if timer.trigger is None:
        return Passed(at=at, timer=timer, before=case, after=case, mails=(timer.mail,) if timer.mail else ())
    act = replace(firing.act_of(process, case, timer, recorded_at=at), calendars=calendars)
    try:
        after, happened = machine.advance(process, case, act)
    except errors.Refused as error:
        return Passed(at=at, timer=timer, before=case, after=case, refused=str(error))
    return Passed(at=at, timer=timer, before=case, after=after, happened=happened, mails=_mails(process, happened))


def _mails(process: Process, happened: tuple[Event, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mail for telling in agreeing.tellings(process, happened) for mail in telling.mails))
