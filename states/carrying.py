"""How the running clocks of a case go on when it moves to another version of its process."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from states import durations, firing, later_dates, roles, timers
from states.case import Carried
from states.events import ClockCarried
from states.migration import Choice, DateMoved, Problem
from states.process import DeadlineScope
from states.said import say
from states.timers import Action

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from states.case import Case
    from states.migration import Migration, Standing
    from states.process import Deadline, Process
    from states.timers import OpenDeadline


@dataclass(frozen=True, slots=True)
class Clocks:
    """How the clocks go on, each with the zone in which it is told, and what stands in the way."""

    carried: tuple[tuple[str, ClockCarried], ...] = ()
    problems: tuple[Problem, ...] = field(default=())


def carry(move: Migration, before: Case, after: Case) -> Clocks:
    """Decide how each running clock goes on in the case as it is named anew."""
    running = {_place(one): one for one in timers.open_deadlines(move.new, after, move.calendars)}
    carried, problems = [], []
    for old in timers.open_deadlines(move.old, before, move.calendars):
        name = _successor(move, before, after, old)
        new = running.get((name or "", _place(old)[1]))
        chosen = move.plan.choice(old.rule.name, name or "")
        if new is None and chosen is not Choice.STOP:
            problems.append(Problem(_gone(old.rule), choice=True))
        elif new is not None and chosen is Choice.STOP:
            problems.append(
                Problem(
                    say("the clock “%(clock)s” runs on in the new version: it cannot be stopped", clock=old.rule.label)
                )
            )
        elif new is not None and _differs(old, new, chosen):
            carried.append((_zone(new), ClockCarried(_carried(move, before, old, new))))
    return Clocks(tuple(carried), tuple(problems))


def dates(move: Migration, before: Case, after: Case) -> tuple[DateMoved, ...]:
    """List the dates that change, of clocks that end or begin too."""
    running = {_place(one): one for one in timers.open_deadlines(move.new, after, move.calendars)}
    found = []
    for old in timers.open_deadlines(move.old, before, move.calendars):
        new = running.pop((_successor(move, before, after, old) or "", _place(old)[1]), None)
        if new is None or new.due_at != old.due_at:
            moved_to = new.due_at if new else None
            found.append(DateMoved(clock=old.rule.label, zone=_zone(old), before=old.due_at, after=moved_to))
    begun = (
        DateMoved(clock=one.rule.label, zone=_zone(one), before=None, after=one.due_at) for one in running.values()
    )
    return (*found, *begun)


def at_once(move: Migration, standing: Standing, after: Case) -> Iterator[Problem]:
    """Find what the clock would do at once, as if it had been due all along."""
    labels = {rule.name: rule.label for rule in move.new.every_deadline()}
    for timer in timers.plan(move.new, after, move.calendars):
        late = timer.action is Action.FIRE and timer.due_at <= move.at and timer.key not in standing.settled
        if late and not firing.withheld(move.new, after, timer):
            label = labels.get(timer.deadline, timer.deadline)
            told = say(
                "the clock “%(clock)s” would act at once, for it would have been due on %(due_at)s; "
                "choose --clock %(name)s=restart, or another choice that keeps a later date",
                clock=label,
                due_at=timer.due_at,
                name=timer.deadline,
            )
            yield Problem(told, choice=True)


def unheld(move: Migration, before: Case, after: Case) -> Iterator[Problem]:
    """Find clocks that would wait for a part that nobody holds, where somebody was waited for until now."""
    asked = {
        one.rule.name
        for one in timers.open_deadlines(move.old, before, move.calendars)
        if not _held(move.old, before, one)
    }
    for one in timers.open_deadlines(move.new, after, move.calendars):
        if one.rule.name not in asked and not _held(move.new, after, one):
            part = roles.label(move.new, one.duty)
            yield Problem(
                say(
                    "nobody in this case holds the part “%(part)s”, for whom the clock “%(clock)s” waits",
                    part=part,
                    clock=one.rule.label,
                )
            )


def _held(process: Process, case: Case, deadline: OpenDeadline) -> bool:
    _, role = roles.split(deadline.duty)
    office = role not in process.roles or process.roles[role].scope == "office"
    return office or bool(roles.holders(process, case, deadline.duty, item=deadline.item))


def _successor(move: Migration, before: Case, after: Case, old: OpenDeadline) -> str | None:
    """Name the clock that takes the place of one that runs; that of the stage or tier follows its stage or tier."""
    rule, known = old.rule, {one.name: one for one in move.new.every_deadline()}
    name = move.plan.clocks.get(rule.name, rule.name)
    if rule.scope is DeadlineScope.STAGE and move.old.stages[before.stage].deadline == rule:
        own = move.new.stages[after.stage].deadline
        return own.name if own else None
    if rule.scope is DeadlineScope.TIER and after.tier is not None and after.tier in move.new.tiers:
        own = move.new.tiers[after.tier].deadline
        return own.name if own else None
    new = known.get(name)
    return name if new is not None and (new.scope, new.of) == (rule.scope, rule.of) else None


def _place(deadline: OpenDeadline) -> tuple[str, str]:
    return deadline.rule.name, deadline.item.id if deadline.item else ""


def _zone(deadline: OpenDeadline) -> str:
    return deadline.item.zone if deadline.item else roles.SHARED


def _gone(rule: Deadline) -> str:
    return say(
        "the clock “%(clock)s” runs and is gone in the new version; "
        "--clock %(name)s=stop lets it go, --rename-clock %(name)s=… names the one that takes its place",
        clock=rule.label,
        name=rule.name,
    )


def _differs(old: OpenDeadline, new: OpenDeadline, chosen: Choice) -> bool:
    same = (old.rule, old.due_at) == (new.rule, new.due_at)
    return not same or chosen in {Choice.RESTART, Choice.RECOUNT}


def _carried(move: Migration, before: Case, old: OpenDeadline, new: OpenDeadline) -> Carried:
    """Say from when or until when a clock runs; where the item gives the date, that stands."""
    occurrence, chosen = later_dates.base_of(new.occurrence), move.plan.choice(old.rule.name, new.rule.name)
    if new.due is None or old.due is None or chosen is Choice.RECOUNT:
        return Carried(occurrence=occurrence, migration=move.id, at=move.at)
    if chosen is Choice.RESTART:
        return Carried(occurrence=occurrence, migration=move.id, at=move.at, since=move.at)
    # What is paused keeps what it had when the pause began, and gets the whole pause back when it ends.
    stands = before.stay is not None and not new.rule.runs_while_stayed
    at = before.stay.begun_at if before.stay and stands else move.at
    due_at = old.due_at if chosen is Choice.KEEP_DUE else _with_what_is_left(old, new, at=at)
    return Carried(occurrence=occurrence, migration=move.id, at=at, due_at=due_at)


def _with_what_is_left(old: OpenDeadline, new: OpenDeadline, *, at: datetime) -> datetime:
    """Count what a clock has left from now by the calendar it then has; one that is overdue stays so."""
    if old.due is None or old.due_at <= at:
        return old.due_at
    unit = old.due.duration.unit
    left = durations.time_between(at, old.due_at, basis=unit, calendar=old.calendar)
    return durations.later(at, left, basis=unit, calendar=new.calendar)
