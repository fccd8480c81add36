"""Which clocks run on a case now, when each falls due, and the timers that follow: a pure function of the case.

A timer is a future command. Because the plan is derived, a timer whose reason is gone is simply no longer in it: the
clockwork asks again before it fires anything, so nothing needs to be cancelled in haste.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from states import durations, roles, rungs
from states.items import Proposal
from states.process import ASKED, CLOCK, Anchor, DeadlineScope
from states.rungs import Action, Timer, moment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import datetime

    from states.calendar import Calendar
    from states.case import Carried, Case, Party
    from states.durations import Due
    from states.items import Item
    from states.process import Deadline, Process

__all__ = [
    "RESUME",
    "Action",
    "OpenDeadline",
    "Timer",
    "asked_through",
    "base_of",
    "counts_now",
    "moment",
    "occurrence_of",
    "on_item",
    "open_deadlines",
    "plan",
    "resume",
    "seen_in",
]

RESUME = "resume"
_ANEW, _EXTENDED = "~", "+"


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
    counting = (one for one in open_deadlines(process, case, calendars) if counts_now(case, one.rule))
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
                if item.kind == rule.of and item.state in rule.states:
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
    since = getattr(item, rule.since or "at", None) or item.at
    if rule.due_from is None or getattr(item, rule.due_from) is None:
        return _counted(process, case, rule, calendars, _Begun(since, f"{item.id}@{_stamp(since)}", item))
    due_at: datetime = getattr(item, rule.due_from)
    found = OpenDeadline(
        rule=rule,
        duty=_duty(process, rule, item),
        occurrence=f"{rule.name}:{item.id}@{_stamp(due_at)}",
        since=since,
        due_at=due_at,
        calendar=_calendars_of(process, case, rule, calendars, item)[0],
        noticed_at=since,
        anchors=_anchors(process, case, rule, _Begun(since, "", item)),
        pauses=_pauses(case, rule, since),
        item=item,
    )
    return _kept(case, found)


def _counted(
    process: Process, case: Case, rule: Deadline, calendars: Mapping[str, Calendar], begun: _Begun
) -> OpenDeadline:
    """Count the span; where several organisations hold the duty, the one with most time decides."""
    begun = _begun_anew(case, rule, begun)
    pauses = _pauses(case, rule, begun.since)
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
    return _extended(case, _kept(case, found), latest)


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


def _pauses(case: Case, rule: Deadline, since: datetime) -> tuple[durations.Pause, ...]:
    """List the pauses that gave a clock its time back."""
    if rule.runs_while_stayed:
        return ()
    return tuple(
        durations.Pause(stay.begun_at, stay.ended_at, stay.reason)
        for stay in case.stays
        if stay.ended_at is not None and stay.ended_at > since
    )


def base_of(occurrence: str) -> str:
    """Name the occurrence of a clock as it first was, before it was extended or began anew."""
    return occurrence.partition(_ANEW)[0].partition(_EXTENDED)[0]


def _carried(case: Case, occurrence: str) -> tuple[Carried, ...]:
    """List how a clock went on each time the case moved to another version of its process."""
    return tuple(one for one in case.carried if one.occurrence == base_of(occurrence))


def _begun_anew(case: Case, rule: Deadline, begun: _Begun) -> _Begun:
    """Count from the new start of a clock that began anew, as another occurrence with timers of its own."""
    own = _carried(case, f"{rule.name}:{begun.round}")
    times = sum(one.since is not None for one in own)
    since = own[-1].since if own else None
    return replace(begun, since=since, round=f"{begun.round}{_ANEW}{times}") if since else begun


def _kept(case: Case, deadline: OpenDeadline) -> OpenDeadline:
    """Give a clock the date it kept; what should have been said of it earlier is not said now."""
    last = next(reversed(_carried(case, deadline.occurrence)), None)
    if last is None:
        return deadline
    due_at = _after_pauses(case, deadline.rule, last.due_at, last.at) if last.due_at else deadline.due_at
    due = replace(deadline.due, at=due_at) if deadline.due else None
    return replace(deadline, due_at=due_at, due=due, noticed_at=max(last.at, deadline.noticed_at))


def _after_pauses(case: Case, rule: Deadline, until: datetime, at: datetime) -> datetime:
    """Move a date that was set at an instant by the pauses that ended after it."""
    for pause in _pauses(case, rule, at):
        if pause.start < until:
            until += pause.end - max(pause.start, at)
    return until


def _extended(case: Case, deadline: OpenDeadline, due: Due) -> OpenDeadline:
    """Give a clock its later date; a pause after the extension moves that too, and each date has timers of its own."""
    since = max((one.at for one in _carried(case, deadline.occurrence)), default=deadline.since)
    occurrence = base_of(deadline.occurrence)
    own = [one for one in case.extensions if one.occurrence == occurrence and one.at >= since]
    if not own:
        return deadline
    last = own[-1]
    until = _after_pauses(case, deadline.rule, last.until, last.at)
    if until <= deadline.due_at:
        return deadline
    return replace(
        deadline,
        occurrence=f"{deadline.occurrence}{_EXTENDED}{len(own)}",
        due_at=until,
        noticed_at=last.at,
        due=replace(due, at=until),
        first_due_at=deadline.due_at,
    )


def occurrence_of(case: Case, rule: Deadline) -> str | None:
    """Name the occurrence of a stage's, tier's or case's clock that runs now; None when it does not run."""
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
        case _:
            return None


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
            means="the pause ends and the clocks go on with the time they had left",
        )


def _stamp(instant: datetime) -> str:
    return f"{instant:%Y%m%dT%H%M%S}"
