"""Which clocks run on a case now, when each falls due, and the timers that follow: a pure function of the case.

A timer is a future command. Because the plan is derived, a timer whose reason is gone is simply no longer in it: the
clockwork asks again before it fires anything, so nothing needs to be cancelled in haste.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from states import durations, later_dates, roles, rungs
from states.items import Proposal
from states.process import ASKED, CLOCK, Anchor, DeadlineScope
from states.rungs import Action, Timer, moment
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from states.calendar import Calendar
    from states.case import Case, Party
    from states.durations import Due
    from states.items import Item
    from states.process import Deadline, Process

__all__ = [
    "RESUME",
    "Action",
    "OpenDeadline",
    "Timer",
    "asked_through",
    "counts_now",
    "moment",
    "occurrence_of",
    "on_item",
    "open_deadlines",
    "own_date",
    "plan",
    "planned",
    "resume",
    "seen_in",
]

RESUME = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDeadline:
    """A clock that runs on a case: its rule, its occurrence, the item it hangs on, and when it is over.

    `due` explains itself; it is None where the item itself gives the date. `noticed_at` is when the date became known:
    nothing is said of it before that. `duty` is the role it waits for, as definitions write it. `anchors` are the
    instants from which its rungs are counted, `pauses` those that gave it time back. `first_due_at` is its date before
    it was extended, None where it was not.
    """

    rule: Deadline
    duty: str
    occurrence: str
    since: datetime
    due_at: datetime
    calendar: Calendar
    noticed_at: datetime
    anchors: Mapping[Anchor, datetime]
    pauses: tuple[durations.Pause, ...] = ()
    due: Due | None = None
    item: Item | None = None
    first_due_at: datetime | None = None


def plan(process: Process, case: Case, calendars: Mapping[str, Calendar]) -> tuple[Timer, ...]:
    """List every timer that follows from the case as it stands, in due order.

    While it is stayed, that is the resume, and whatever runs on through a pause.
    """
    return planned(process, case, open_deadlines(process, case, calendars))


def planned(process: Process, case: Case, running: Iterable[OpenDeadline]) -> tuple[Timer, ...]:
    """List every timer that follows from a case and the clocks that run on it, as `plan` does."""
    counting = (one for one in running if counts_now(case, one.rule))
    timers = [timer for deadline in counting for timer in rungs.of(process, deadline)]
    if case.stay is not None:
        timers += resume(process, case)
    return tuple(sorted(timers, key=lambda timer: (timer.due_at, timer.key)))


def counts_now(case: Case, rule: Deadline) -> bool:
    """Tell whether a clock counts at present, which most do not while the case is stayed."""
    return case.stay is None or rule.runs_while_stayed


def open_deadlines(process: Process, case: Case, calendars: Mapping[str, Calendar]) -> tuple[OpenDeadline, ...]:
    """List the clocks that run on a case, soonest first."""
    rules = (rule for rule in process.every_deadline() if _hangs_on(rule, case))
    found = (deadline for rule in rules for deadline in _occurrences(process, case, rule, calendars))
    return tuple(sorted(found, key=lambda deadline: (deadline.due_at, deadline.rule.beside, deadline.occurrence)))


def seen_in(zones: Collection[str], running: Iterable[OpenDeadline]) -> tuple[OpenDeadline, ...]:
    """Leave out the clocks that somebody who reads these zones may not see."""
    return tuple(one for one in running if one.rule.zone in zones)


def _hangs_on(rule: Deadline, case: Case) -> bool:
    if case.closed_at is not None:
        return rule.after_closing
    if rule.scope is DeadlineScope.STAGE:
        return rule.of == case.stage
    if rule.scope is DeadlineScope.TIER:
        return rule.of == case.tier
    return True


def _occurrences(
    process: Process, case: Case, rule: Deadline, calendars: Mapping[str, Calendar]
) -> Iterator[OpenDeadline]:
    match rule.scope:
        case DeadlineScope.STAGE:
            yield _counted(process, case, rule, calendars, _Begun(case.stage_since, str(case.stage_round)))
        case DeadlineScope.TIER:
            since = case.tier_since or case.opened_at
            yield _counted(process, case, rule, calendars, _Begun(since, str(case.tier_round)))
        case DeadlineScope.CASE:
            running = case.running.get(rule.name)
            if running is not None and not running.stopped:
                yield _counted(process, case, rule, calendars, _Begun(running.since, str(running.round)))
        case DeadlineScope.ITEM:
            for item in case.items:
                # Most items are of another kind, and this is asked of each for every clock.
                if item.kind == rule.of and _runs_on(rule, item):
                    yield on_item(process, case, rule, calendars, item)


@dataclass(frozen=True, slots=True)
class _Begun:
    since: datetime
    round: str
    item: Item | None = None


def on_item(
    process: Process, case: Case, rule: Deadline, calendars: Mapping[str, Calendar], item: Item
) -> OpenDeadline:
    """Return a clock as it runs on an item of the case, or would if the item were on file as it is given."""
    since, due_at = _since(rule, item), own_date(rule, item)
    if due_at is None:
        return _counted(process, case, rule, calendars, _Begun(since, _round_of(rule, item), item))
    found = OpenDeadline(
        rule=rule,
        duty=_duty(process, rule, item),
        occurrence=f"{rule.name}:{_round_of(rule, item)}",
        since=since,
        due_at=due_at,
        calendar=_calendars_of(process, case, rule, calendars, item)[0],
        noticed_at=since,
        anchors=_anchors(process, case, rule, _Begun(since, "", item)),
        pauses=later_dates.pauses(case, rule, since),
        item=item,
    )
    return later_dates.redated(case, later_dates.kept(case, found))


def own_date(rule: Deadline, item: Item) -> datetime | None:
    """Return the date that an item gives its clock; None where the clock is counted."""
    due_at: datetime | None = getattr(item, rule.due_from) if rule.due_from else None
    return due_at


def _runs_on(rule: Deadline, item: Item) -> bool:
    """Tell whether a clock runs on an item: it is in a state for it, and has a date where the clock has no span."""
    if item.kind != rule.of or item.state not in rule.states:
        return False
    return bool(rule.spans) or own_date(rule, item) is not None


def _since(rule: Deadline, item: Item) -> datetime:
    since: datetime = getattr(item, rule.since or "at", None) or item.at
    return since


def _round_of(rule: Deadline, item: Item) -> str:
    """Name the occurrence of a clock on an item: it is another one once its date, or its beginning, is another."""
    return f"{item.id}{later_dates.DATED}{_stamp(own_date(rule, item) or _since(rule, item))}"


def _counted(
    process: Process, case: Case, rule: Deadline, calendars: Mapping[str, Calendar], begun: _Begun
) -> OpenDeadline:
    """Count the span; where several organisations hold the duty, the one with most time decides."""
    since, name = later_dates.begun_anew(case, rule, since=begun.since, name=begun.round)
    begun = replace(begun, since=since, round=name)
    pauses = later_dates.pauses(case, rule, begun.since)
    span = durations.Duration.parse(case.clocks[rule.clock]) if rule.clock in case.clocks else rule.spans[case.urgency]
    dues = (
        durations.due(
            begun.since,
            span,
            calendar=calendar,
            timezone=process.timezone,
            rules=process.rules or durations.PLAIN,
            pauses=pauses,
        )
        for calendar in _calendars_of(process, case, rule, calendars, begun.item)
    )
    latest = max(dues, key=lambda due: due.at)
    found = OpenDeadline(
        rule=rule,
        duty=_duty(process, rule, begun.item),
        occurrence=f"{rule.name}:{begun.round}",
        since=begun.since,
        due_at=latest.at,
        calendar=latest.calendar,
        noticed_at=begun.since,
        anchors=_anchors(process, case, rule, begun),
        pauses=pauses,
        due=latest,
        item=begun.item,
    )
    return later_dates.extended(case, later_dates.kept(case, found), latest)


def _anchors(process: Process, case: Case, rule: Deadline, begun: _Begun) -> dict[Anchor, datetime]:
    """Say when the clock began, when the case came to its stage, and when those with the duty were last heard of."""
    holders = roles.holders(process, case, _duty(process, rule, begun.item), item=begun.item)
    heard = (case.contacts[person] for person in holders if person in case.contacts)
    return {
        Anchor.START: begun.since,
        Anchor.ENTRY: case.stage_since,
        # Nobody can have been silent for longer than there was a clock.
        Anchor.LAST_CONTACT: max((begun.since, *heard)),
    }


def occurrence_of(case: Case, rule: Deadline, item: Item | None = None) -> str | None:
    """Name the occurrence of a clock that runs now, of one on items that of this item; None when it does not run."""
    if not _hangs_on(rule, case):
        return None
    match rule.scope:
        case DeadlineScope.STAGE:
            return f"{rule.name}:{case.stage_round}"
        case DeadlineScope.TIER:
            return f"{rule.name}:{case.tier_round}"
        case DeadlineScope.CASE:
            running = case.running.get(rule.name)
            return f"{rule.name}:{running.round}" if running and not running.stopped else None
        case DeadlineScope.ITEM:
            return f"{rule.name}:{_round_of(rule, item)}" if item is not None and _runs_on(rule, item) else None


def _duty(process: Process, rule: Deadline, item: Item | None) -> str:
    """Name the role a clock waits for; on a proposal that is whoever it was put to."""
    return asked_through(process, item) if rule.duty == ASKED and isinstance(item, Proposal) else rule.duty


def asked_through(process: Process, proposal: Proposal) -> str:
    """Name the role, as definitions write it, of whoever a proposal waits for."""
    if proposal.put_to:
        return proposal.put_to
    trigger = process.triggers[proposal.act]
    return f"other {trigger.agreed_by}" if trigger.agreed_by else trigger.seconded_by or ""


def _calendars_of(
    process: Process, case: Case, rule: Deadline, calendars: Mapping[str, Calendar], item: Item | None
) -> tuple[Calendar, ...]:
    prefix, role = roles.split(_duty(process, rule, item))
    own: tuple[Party, ...] = ()
    if rule.calendar is None and role in process.roles and process.roles[role].scope == "party":
        own = roles.narrowed(case, prefix, item)
    names = dict.fromkeys(party.calendar for party in own if party.calendar)
    return tuple(calendars[name] for name in names) or (calendars[rule.calendar or process.calendar],)


def resume(process: Process, case: Case) -> Iterator[Timer]:
    """Yield the timer that ends the pause, if the case is stayed and the clock may end it."""
    stay = case.stay
    trigger = next((one for one in process.triggers.values() if one.stay == "end" and CLOCK in one.who), None)
    if stay is not None and trigger is not None:
        yield Timer(
            key=f"{RESUME}:{len(case.stays)}",
            occurrence=RESUME,
            due_at=stay.until,
            action=Action.FIRE,
            deadline=RESUME,
            trigger=trigger.name,
            means=say("the pause ends and the clocks go on with the time they had left"),
        )


def _stamp(instant: datetime) -> str:
    return f"{instant:%Y%m%dT%H%M%S}"
