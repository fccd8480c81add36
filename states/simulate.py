"""A rehearsal: what follows from opening a case now and doing nothing, by the functions that run real cases."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from states import errors, firing, machine, notices, roles, timers
from states.case import Party, Side
from states.items import Issue
from states.machine import Act
from states.notices import Notice
from states.process import RoleScope, Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from states.calendar import Calendar
    from states.case import Case
    from states.process import Process
    from states.timers import Timer

MOST_STEPS = 200


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
    fired: set[str] = set()
    for _ in range(most):
        due = next((one for one in timers.plan(process, case, calendars) if one.key not in fired), None)
        if due is None:
            return
        fired.add(due.key)
        if firing.withheld(process, case, due):
            continue
        case, step = _take(process, case, due, calendars)
        yield step


def _take(process: Process, case: Case, timer: Timer, calendars: Mapping[str, Calendar]) -> tuple[Case, Step]:
    """Fire one timer on a rehearsed case; a refusal is shown, not raised."""
    mails: tuple[str, ...] = (timer.mail,) if timer.mail else ()
    refused = None
    if timer.trigger is not None:
        mails = process.triggers[timer.trigger].mails
        try:
            act = replace(command_of(case, timer, recorded_at=timer.due_at), calendars=calendars)
            case, _ = machine.advance(process, case, act)
        except errors.Refused as error:
            refused = str(error)
    return case, Step(
        at=timer.due_at,
        deadline=timer.deadline,
        act=timer.trigger,
        mails=mails,
        means=timer.means,
        stage=case.stage,
        tier=case.tier,
        refused=refused,
    )


def command_of(case: Case, timer: Timer, *, recorded_at: datetime) -> Act:
    """Turn a due timer into the act it stands for, by the clock and at its due instant."""
    return Act(
        trigger=timer.trigger or "",
        actor=roles.THE_CLOCK,
        at=timer.due_at,
        recorded_at=recorded_at,
        inputs=firing.inputs_of(case, timer),
        timer=timer.key,
    )
