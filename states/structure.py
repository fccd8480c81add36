"""What an act does to the regions of a case and to its clocks, and what the regions have against it.

The regions are the stage, the tier of the ladder and the stay; a clock of any of them may be extended.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from states import answering, calling, events, later_dates, moved_dates, questions, regions, roles, timers
from states.case import Case, Stay
from states.process import AT_LEAST
from states.regions import RUNNING, STAYED, Cursor
from states.said import count, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.fields import Value
    from states.process import Cap, Move, Process, Trigger
    from states.situation import Situation


def missing(trigger: Trigger, situation: Situation, move: Move | None) -> Iterator[str]:
    """List what the ladder, the stay, the clocks and the next duty have against an act."""
    process = situation.process
    yield from _tier_missing(process, trigger, situation)
    yield from questions.missing(trigger, situation)
    yield from answering.missing(trigger, situation)
    yield from _stay_missing(process, trigger, situation)
    if move is not None:
        yield from _owner_missing(process, trigger, situation.case, move)


def changes(trigger: Trigger, move: Move, situation: Situation, *, since: datetime) -> Iterator[Change]:
    """List what an act does to the regions and to the clocks of the case; new clocks count from `since`."""
    left = tuple(calling.stage_left(situation)) if move.to not in {None, situation.case.stage} else ()
    yield from left
    situation = calling.after(situation, left)
    process, case, at = situation.process, situation.case, situation.at
    if move.to is not None:
        yield from _entering(move, trigger, situation, since=since)
    climb = questions.move(trigger, situation)
    tier = _next_tier(process, climb, case) if climb else None
    if tier is not None:
        yield events.TierEntered(tier, since)
        yield from calling.entering(situation, process.tiers[tier])
    elif trigger.calls is not None:
        yield from calling.beside_the_ladder(situation, trigger.calls)
    yield from _asked(trigger, situation, tier=tier, since=since)
    if move.to is None and _comes_down(process, case, tier):
        yield events.StageEntered(case.stage, since, case.owner)
    if trigger.stay == "begin":
        # Everybody reads that the clocks stand still, and why only where the act itself is said to all.
        reason = situation.text("reason") if situation.zone == roles.SHARED else ""
        yield events.StayBegun(Stay(begun_at=at, until=_until(situation), reason=reason))
    if trigger.stay == "end":
        yield events.StayEnded(at)
        yield from _dates_moved(process, case, at)
    if trigger.extends is not None:
        later = moved_dates.wanted(process, case, trigger, inputs=situation.inputs or {}, at=at)
        yield from moved_dates.extended(process, case, situation.calendars, later=later)
    yield from clocks(process, case, trigger.name, since)


def _asked(trigger: Trigger, situation: Situation, *, tier: str | None, since: datetime) -> Iterator[Change]:
    """Begin, put, raise or settle the question of the ladder, as the act moves the tier."""
    process, case = situation.process, situation.case
    closes = any(process.stages[move.to].final for move in trigger.moves if move.to and move.starts_at(case.stage))
    left = questions.left_over(trigger, situation)
    if left is not None and not closes:
        yield events.ItemRecorded(left)
    elif tier is not None and tier != next(iter(process.tiers)):
        yield questions.put(trigger, situation, tier=tier, since=since)
    elif trigger.answers is not None:
        yield from questions.answered(situation, trigger.answers)
    elif tier is not None or closes:
        yield from questions.settled(situation)
    else:
        yield from questions.begun(trigger, situation)


def _comes_down(process: Process, case: Case, tier: str | None) -> bool:
    """Tell whether the ladder gives the matter back; the stage's own clock, which may be spent, then begins anew."""
    lowest = next(iter(process.tiers), None)
    return tier is not None and tier == lowest != case.tier


def _entering(move: Move, trigger: Trigger, situation: Situation, *, since: datetime) -> Iterator[Change]:
    """List what entering a stage does, the final one among them."""
    stage = move.to or situation.case.stage
    process, case, at = situation.process, situation.case, situation.at
    closing, was_closed = process.stages[stage].final, process.stages[case.stage].final
    if was_closed and not closing:
        yield events.CaseReopened(at)
        yield from _at_the_foot_of_the_ladder(trigger, situation, since=since)
    yield events.StageEntered(stage, since, trigger.owner or process.stages[stage].duty)
    if closing and case.stay is not None:
        yield events.StayEnded(at)
    if closing and trigger.tier is None:
        yield from calling.leaving(situation)
    if closing:
        yield events.CaseClosed(move.outcome or trigger.outcome or stage, at)


def _at_the_foot_of_the_ladder(trigger: Trigger, situation: Situation, *, since: datetime) -> Iterator[Change]:
    """Give a reopened case back to the lowest tier: what the higher one was asked was settled by the closing."""
    lowest = next(iter(situation.process.tiers), None)
    if lowest is not None and trigger.tier is None and situation.case.tier != lowest:
        yield events.TierEntered(lowest, since)


def _dates_moved(process: Process, case: Case, at: datetime) -> Iterator[Change]:
    """Move the dates that lie on items by the length of the pause, so that nobody loses time by it."""
    stay = case.stay
    standing = (rule for rule in process.deadlines.values() if rule.due_from and not rule.runs_while_stayed)
    for rule in standing if stay else ():
        for item in case.items:
            due_at = getattr(item, rule.due_from or "", None)
            if stay and item.kind == rule.of and item.state in rule.states and due_at and due_at > stay.begun_at:
                moved: dict[str, Any] = {rule.due_from or "": due_at + (at - stay.begun_at)}
                yield events.ItemRecorded(replace(item, **moved))


def _until(situation: Situation) -> datetime:
    until = situation.given("until")
    return until if isinstance(until, datetime) else situation.at


def clocks(process: Process, case: Case, trigger: str, since: datetime) -> Iterator[Change]:
    """Start and stop the clocks of the case that wait for an act."""
    for deadline in process.deadlines.values():
        if trigger in deadline.starts:
            yield events.ClockStarted(deadline.name, since)
        elif trigger in deadline.stops and deadline.name in case.running:
            yield events.ClockStopped(deadline.name)


def _tier_missing(process: Process, trigger: Trigger, situation: Situation) -> list[str]:
    """Refuse a climb beyond the ladder's end; the clock, and a step that only asks for a least tier, just stay."""
    climb = questions.move(trigger, situation)
    if climb is None or climb.startswith(AT_LEAST) or situation.actor == roles.THE_CLOCK:
        return []
    if _next_tier(process, climb, situation.case) is not None:
        return []
    if climb == "up":
        return [say("the case is already at the highest tier")]
    return [say("the case is already at the lowest tier")]


def _next_tier(process: Process, move: str, case: Case) -> str | None:
    machine, cursor = regions.compiled(process).tier, Cursor(case.tier or "")
    return cursor.state if machine is not None and regions.fire(machine, move, cursor) else None


def _stay_missing(process: Process, trigger: Trigger, situation: Situation) -> list[str]:
    case = situation.case
    if trigger.extends is not None:
        return _extension_limits(process, trigger, situation)
    if trigger.stay is None:
        if case.stay is None or not trigger.changes_stage() or trigger.outcome is not None:
            return []
        return [say("the case is stayed until %(until)s; end the stay first", until=case.stay.until.date())]
    cursor = Cursor(STAYED if case.stay else RUNNING)
    if not regions.fire(regions.compiled(process).stay, trigger.stay, cursor):
        return [say("the case is already stayed") if case.stay else say("the case is not stayed")]
    return _stay_limits(process, situation) if trigger.stay == "begin" else []


def _stay_limits(process: Process, situation: Situation) -> list[str]:
    missing, until = list[str](), situation.given("until")
    if len(situation.case.stays) >= process.stay.limit:
        missing.append(
            count(
                "a case may be stayed %(count)s time at most",
                "a case may be stayed %(count)s times at most",
                count=process.stay.limit,
            )
        )
    if not _within(process.stay, situation.at, until):
        missing.append(
            count(
                "the resume date must lie within the next day",
                "the resume date must lie within the next %(count)s days",
                count=process.stay.days,
            )
        )
    return missing


def _within(cap: Cap, now: datetime, until: Value) -> bool:
    return not isinstance(until, datetime) or now < until <= now + timedelta(days=cap.days)


def _extension_limits(process: Process, trigger: Trigger, situation: Situation) -> list[str]:
    """Refuse to extend a clock that does not run, one extended often enough, and a date too far ahead."""
    case, until = situation.case, situation.given("until")
    later = moved_dates.wanted(process, case, trigger, inputs=situation.inputs or {}, at=situation.at)
    # Which item's clock is meant is not known before the inputs are.
    meant = case.items if situation.inputs is None else (later.item,)
    running = [found for item in meant or (None,) if (found := timers.occurrence_of(case, later.rule, item))]
    if not running:
        return [say("the clock “%(clock)s” does not run now", clock=later.rule.label)]
    missing: list[str] = []
    if min(len(later_dates.extensions_of(case, one)) for one in running) >= process.extension.limit:
        missing.append(
            count(
                "a clock may be extended %(count)s time at most",
                "a clock may be extended %(count)s times at most",
                count=process.extension.limit,
            )
        )
    if not _within(process.extension, situation.at, until):
        missing.append(
            count(
                "the new date must lie within the next day",
                "the new date must lie within the next %(count)s days",
                count=process.extension.days,
            )
        )
    if isinstance(until, datetime):
        earlier = moved_dates.not_later(process, case, situation.calendars, later=later)
        missing += [earlier] if earlier else []
    return missing


def _owner_missing(process: Process, trigger: Trigger, case: Case, move: Move) -> list[str]:
    if move.to is None:
        return []
    owner = trigger.owner or process.stages[move.to].duty
    _, role = roles.split(owner or "")
    if role not in process.roles or process.roles[role].scope == "office" or roles.holders(process, case, owner or ""):
        return []
    return [
        say("somebody must hold the part “%(role)s”, which has the next duty", role=roles.label(process, owner or ""))
    ]
