"""What an act may ask about dates, counted by the calendars and clocks of the definition as the plan counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import durations, timers
from states.process import DeadlineScope

if TYPE_CHECKING:
    from datetime import datetime

    from states.durations import Duration
    from states.items import Item
    from states.situation import Situation
    from states.timers import OpenDeadline


def later(s: Situation, start: datetime, span: Duration) -> datetime:
    """Return the instant a span after another one, by the calendar of the definition."""
    calendar = s.calendars[s.process.calendar]
    return durations.shift(start, span, calendar=calendar, timezone=s.process.timezone)


def clock_on(s: Situation, item: Item, *, since: str | None = None) -> OpenDeadline | None:
    """Return the clock that would run on an item if it were on file as it is given; None when the definition has none.

    With `since`, it is the clock that counts from this attribute, whatever the state of the item.
    """
    found = (
        rule
        for rule in s.process.deadlines.values()
        if rule.scope is DeadlineScope.ITEM and rule.of == item.kind
        if (rule.since == since if since else item.state in rule.states)
        if rule.spans or getattr(item, rule.due_from or "", None)
    )
    rule = next(found, None)
    return None if rule is None else timers.on_item(s.process, s.case, rule, s.calendars, item)


def stage_ends(s: Situation) -> datetime | None:
    """Return when the clock of the stage where the case stands runs out."""
    running = timers.open_deadlines(s.process, s.case, s.calendars)
    of_stage = (one for one in running if one.rule.scope is DeadlineScope.STAGE and not one.rule.beside)
    return next((one.due_at for one in of_stage), None)


def opening(deadline: OpenDeadline) -> datetime:
    """Return when people can meet on the day a clock runs out: at the opening, if it counts working days."""
    if deadline.due is None or deadline.due.duration.unit is not durations.Unit.WORKING_DAY:
        return deadline.due_at
    return deadline.calendar.opening(deadline.due_at.astimezone(deadline.calendar.zone).date())
