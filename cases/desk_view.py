"""A viewer's desk: what needs them, what waits on others and what happens then, and what they are asked to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from cases import coming, deadline_view, equal_notice, outbox, tables, to_sort, viewer
from cases.deadline_view import DeadlineView, Holder
from cases.equal_notice import Unequal
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import questions, roles, timers
from states.process import DeadlineScope, Tier, Urgency
from states.timers import OpenDeadline

CASES = 200
"""How many open cases one desk shows at most: those with the soonest clocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRef:
    """Enough of a case to name it in a row and to link to it."""

    id: str
    number: str
    title: str
    stage_label: str
    urgency: Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something the viewer has to do; silence means what `means` says at `means_at`, None where it never does."""

    case: CaseRef
    what: str
    due_at: datetime
    overdue: bool
    means: str
    means_at: datetime | None
    item: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Something others have to do, or the end of a pause; `then` happens at `then_at` if they do not."""

    case: CaseRef
    what: str
    duty: str
    holders: tuple[Holder, ...]
    since: datetime
    due_at: datetime
    overdue: bool
    then: str
    then_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A decision asked of the viewer at a tier of the ladder; `question` is None where it is not in a readable zone.

    `item` is the id of what is asked, which has a page of its own.
    """

    case: CaseRef
    tier_label: str
    may: str
    question: str | None
    item: str | None
    since: datetime
    due_at: datetime
    overdue: bool
    means: str
    means_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CameIn:
    """A case that the viewer runs and for which mail came in: answers to be sorted, and people to be telephoned."""

    number: str
    answers: int
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything a person wants to see first; `more` tells that there are open cases beyond those looked at."""

    needs_me: tuple[Need, ...]
    waits_on_others: tuple[Wait, ...]
    decisions: tuple[Ask, ...]
    undelivered: int
    came_in: tuple[CameIn, ...]
    unequal: tuple[Unequal, ...]
    overdue: int
    due_soon: int
    open_cases: int
    more: bool


def my_desk(record: Record, who: Viewer, *, now: datetime) -> Desk:
    """Read the viewer's desk. `due_soon` counts what is due by the end of the next working day, overdue included."""
    with reading(record.engine) as connection:
        ids = connection.execute(_open_cases(who)).scalars().all()
        seen = tuple(viewer.see_many(record, who, connection, list(ids[:CASES])))
        running = [
            (one, deadline)
            for one in seen
            for deadline in viewer.deadlines(record, one)
            if timers.counts_now(one.case, deadline.rule)
        ]
        names = deadline_view.names_of(connection, running)
        came_in = to_sort.counts(connection, [one.case.id for one in seen if one.reads_team])
        undelivered = _undelivered(connection, [one.case.id for one in seen if one.reads_team])
        unequal = equal_notice.among(record, who, connection, seen, now=now)
    described = [
        (one, deadline, deadline_view.describe(one, deadline, names=names, now=now)) for one, deadline in running
    ]
    needs, asks = tuple(_needs(who, described)), tuple(_asks(who, described))
    waits = [*_waits(who, described), *_pauses(seen)]
    soon = [deadline.due_at <= _soon(deadline, now) for one, deadline, _ in described if _is_mine(one, deadline, who)]
    return Desk(
        needs_me=tuple(sorted(needs, key=lambda need: need.due_at)),
        waits_on_others=tuple(sorted(waits, key=lambda wait: wait.then_at)),
        decisions=tuple(sorted(asks, key=lambda ask: ask.due_at)),
        undelivered=undelivered,
        came_in=tuple(
            CameIn(number=one.case.number, answers=came_in[one.case.id].answers, calls=came_in[one.case.id].calls)
            for one in seen
            if one.case.id in came_in
        ),
        unequal=unequal,
        overdue=sum(need.overdue for need in needs) + sum(ask.overdue for ask in asks),
        due_soon=sum(soon),
        open_cases=len(seen),
        more=len(ids) > CASES,
    )


_Described = list[tuple[Seen, OpenDeadline, DeadlineView]]


def _open_cases(who: Viewer) -> Select[Any]:
    cases, parts = tables.cases, tables.case_people
    mine = select(parts.c.case_id).where(parts.c.person_id == who.person)
    still_open = select(cases.c.id).where(cases.c.id.in_(mine), cases.c.closed_at.is_(None))
    return still_open.order_by(cases.c.due_at.is_(None), cases.c.due_at, cases.c.id).limit(CASES + 1)


def _is_mine(seen: Seen, deadline: OpenDeadline, who: Viewer) -> bool:
    return _decides(seen, deadline, who) or deadline_view.asks(seen, deadline, who.actor)


def _is_of_others(seen: Seen, deadline: OpenDeadline, who: Viewer, view: DeadlineView) -> bool:
    return not _is_mine(seen, deadline, who) and all(holder.id != who.person for holder in view.holders)


def _decides(seen: Seen, deadline: OpenDeadline, who: Viewer) -> bool:
    """Tell whether the clock is that of a tier at which the viewer has authority."""
    tier = _tier(seen, deadline)
    return tier is not None and any(roles.holds(seen.process, seen.case, who.actor, who=role) for role in tier.roles)


def _tier(seen: Seen, deadline: OpenDeadline) -> Tier | None:
    at_tier = deadline.rule.scope is DeadlineScope.TIER
    return seen.process.tiers.get(seen.case.tier or "") if at_tier else None


def _needs(who: Viewer, described: _Described) -> Iterator[Need]:
    for seen, deadline, view in described:
        if _tier(seen, deadline) is None and deadline_view.asks(seen, deadline, who.actor):
            yield Need(
                case=_ref(seen),
                what=view.label,
                due_at=view.due_at,
                overdue=view.overdue,
                means=view.means,
                means_at=view.means_at,
                item=view.item.id if view.item else None,
            )


def _asks(who: Viewer, described: _Described) -> Iterator[Ask]:
    for seen, deadline, view in described:
        tier = _tier(seen, deadline)
        if tier is not None and _decides(seen, deadline, who):
            question = questions.open_one(seen.case)
            yield Ask(
                case=_ref(seen),
                tier_label=tier.label,
                may=tier.may,
                question=question.text if question else None,
                item=question.id if question and question.state == questions.ASKED else None,
                since=view.since,
                due_at=view.due_at,
                overdue=view.overdue,
                means=view.means,
                means_at=view.means_at,
            )


def _waits(who: Viewer, described: _Described) -> Iterator[Wait]:
    """List for each case the soonest thing that others have to do."""
    told: set[str] = set()
    for seen, deadline, view in described:
        if seen.case.id in told or view.consequence is None or not _is_of_others(seen, deadline, who, view):
            continue
        told.add(seen.case.id)
        yield Wait(
            case=_ref(seen),
            what=view.label,
            duty=view.duty,
            holders=view.holders,
            since=view.since,
            due_at=view.due_at,
            overdue=view.overdue,
            then=view.means,
            then_at=view.consequence.at,
        )


def _pauses(seen: Iterable[Seen]) -> Iterator[Wait]:
    for one in seen:
        if one.case.stay is None:
            continue
        for timer in timers.resume(one.process, one.case):
            yield Wait(
                case=_ref(one),
                what=coming.PAUSED,
                duty="",
                holders=(),
                since=one.case.stay.begun_at,
                due_at=timer.due_at,
                overdue=False,
                then=timer.means,
                then_at=timer.due_at,
            )


def _ref(seen: Seen) -> CaseRef:
    case = seen.case
    label = seen.process.stages[case.stage].label
    return CaseRef(id=case.id, number=case.number, title=case.title, stage_label=label, urgency=case.urgency)


def _soon(deadline: OpenDeadline, now: datetime) -> datetime:
    """Return the end of the next working day where the duty lies."""
    calendar = deadline.calendar
    return calendar.closing(calendar.working_day_after(now.astimezone(calendar.zone).date(), 1))


def _undelivered(connection: Connection, case_ids: list[str]) -> int:
    messages = tables.messages
    dead = (messages.c.case_id.in_(case_ids), messages.c.state.in_(outbox.DEAD))
    return connection.execute(select(func.count()).select_from(messages).where(*dead)).scalar_one()
