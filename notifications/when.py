"""Says when a mail goes: in the hours and on the days of its reader, never past the date it speaks of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from cases.mail_wishes import ALWAYS, Wishes
from config.settings import Rhythm
from states import wall_time

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from states.calendar import Calendar

LATE = timedelta(hours=1)
"""A reminder that comes so much later than it was planned was held up by something: an outage, most likely."""
NO_LIMIT = 1_000_000
_FURTHEST = 60


@dataclass(frozen=True, slots=True)
class Customs:
    """How an office writes to people who have not said how they want it, and when it becomes wary of itself.

    More than `daily` reminders and notices to one person in a day are gathered; more than `burst` reminders that come
    late all at once wait for an administrator.
    """

    wishes: Wishes = field(default_factory=Wishes)
    daily: int = 5
    burst: int = 50


AT_ONCE = Customs(Wishes(hours=ALWAYS, every_day=True), daily=NO_LIMIT, burst=NO_LIMIT)
"""For a record that is played, where no reader sleeps and what is told is looked at act by act."""


class Sort(StrEnum):
    """What a mail is to its reader, and so how far their wishes go.

    Nothing holds up what is urgent. What asks, and what is served, comes by itself in the reader's hours; reminders of
    one case come together, and news come in the rhythm that the reader chose.
    """

    URGENT = "urgent"
    ASKS = "asks"
    SERVED = "served"
    REMINDS = "reminds"
    NEWS = "news"


class Gather(StrEnum):
    """With which others that wait for the same person a mail goes out as one: none, those of its case, or all."""

    ALONE = ""
    CASE = "case"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Now, as one reader has it: `calendar` knows their working days, or nobody does."""

    now: datetime
    zone: str
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """When a mail goes, and with which others."""

    at: datetime
    gather: Gather = Gather.ALONE


def plan(sort: Sort, wishes: Wishes, moment: Moment, *, until: datetime | None, many: bool = False) -> Plan | None:
    """Return when a mail goes; None when its reader does not want it at all.

    `until` is the date it speaks of: what would wait past that goes now. `many` tells that the reader has had as many
    today as a day should bring.
    """
    if sort is Sort.URGENT:
        return Plan(moment.now)
    if sort is Sort.NEWS and wishes.rhythm is Rhythm.NEVER:
        return None
    gathered = sort is Sort.NEWS and wishes.rhythm is not Rhythm.EACH
    if gathered or (many and sort in {Sort.NEWS, Sort.REMINDS}):
        weekly = gathered and wishes.rhythm is Rhythm.WEEKLY
        return _bounded(Plan(next_digest(wishes, moment, weekly=weekly), Gather.ALL), wishes, moment, until)
    gather = Gather.CASE if sort is Sort.REMINDS else Gather.ALONE
    return _bounded(Plan(next_hour(wishes, moment), gather), wishes, moment, until)


def next_hour(wishes: Wishes, moment: Moment) -> datetime:
    """Return the first instant from now on at which a person may be written to."""
    zone = wall_time.find_zone(moment.zone)
    local = moment.now.astimezone(zone)
    if _is_good(local.date(), wishes, moment) and _within(local, wishes):
        return moment.now
    opens = wishes.hours.opens
    begins = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return wall_time.at_local(_good_day(begins, wishes, moment), opens, zone)


def next_digest(wishes: Wishes, moment: Moment, *, weekly: bool = False) -> datetime:
    """Return the next instant after now at which what was gathered goes out: each working day, or the week's first."""
    zone: ZoneInfo = wall_time.find_zone(moment.zone)
    local = moment.now.astimezone(zone)
    day = local.date() if local.time() < wishes.digest_at else local.date() + timedelta(days=1)
    if weekly and day.weekday():
        day += timedelta(days=7 - day.weekday())
    return wall_time.at_local(_good_day(day, wishes, moment), wishes.digest_at, zone)


def start_of_day(moment: Moment) -> datetime:
    """Return when the reader's own day began."""
    zone = wall_time.find_zone(moment.zone)
    local = moment.now.astimezone(zone)
    return wall_time.at_local(local.date(), local.time().min, zone)


def _bounded(planned: Plan, wishes: Wishes, moment: Moment, until: datetime | None) -> Plan:
    """Bring a mail forward that would wait past its date: to the reader's hours on a day off, or else to now."""
    if until is None or until <= moment.now or planned.at < until:
        return planned
    gather = Gather.ALONE if planned.gather is Gather.ALL else planned.gather
    on_a_day_off = next_hour(replace(wishes, every_day=True), moment)
    return Plan(on_a_day_off if on_a_day_off < until else moment.now, gather)


def _within(local: datetime, wishes: Wishes) -> bool:
    hours = wishes.hours
    return hours.opens <= local.time() and (local.time() < hours.closes or hours.closes == local.time().min)


def _good_day(day: date, wishes: Wishes, moment: Moment) -> date:
    """Return the first day from one on that somebody works, or that very day where two months bring none."""
    days = (day + timedelta(days=n) for n in range(_FURTHEST))
    return next((one for one in days if _is_good(one, wishes, moment)), day)


def _is_good(day: date, wishes: Wishes, moment: Moment) -> bool:
    calendar = moment.calendar
    if wishes.every_day or calendar is None or not calendar.valid_from <= day <= calendar.valid_until:
        return True
    return calendar.is_working_day(day)
