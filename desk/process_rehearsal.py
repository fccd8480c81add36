"""Rehearses a changed process: what would come, or would have come, in every case under it and as things are.

Open cases are played on for ninety days as if nobody did anything, past ones again with people acting when they did.
The very functions that run real cases do it, and nothing is written.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cases import directory as on_file
from cases import ledger, migrator, process_migrations, repository
from cases.unit_of_work import reading
from desk import planned_mails
from states import errors, migrating, playing, replaying
from states.migration import Fate, Migration, Plan
from states.playing import Around, Played, Playing
from states.timers import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cases.people import Directory, Person
    from cases.record import Record
    from states.calendar import Calendar
    from states.case import Case
    from states.events import Event
    from states.migration import Standing
    from states.process import Process

NIGHT_BEGINS, NIGHT_ENDS = 20, 6
"""Between these hours of the reader's own day a mail comes at night."""
AHEAD = timedelta(days=90)
"""How far open cases are played on: some come back to the same clock for ever."""
_WITHOUT_PART = "who lost their part"


@dataclass(slots=True)
class Tally:
    """What came of all cases under one definition; roles, tiers, clocks and acts are counted by their labels.

    `mails` counts one for each reader; `by_hour` is the hour of the reader's own day. `ran_out` are the clocks that did
    an act, `refused` the acts of people that the definition would not have allowed.
    """

    mails: int = 0
    by_role: Counter[str] = field(default_factory=Counter)
    by_hour: Counter[int] = field(default_factory=Counter)
    at_night: int = 0
    on_days_off: int = 0
    escalations: Counter[str] = field(default_factory=Counter)
    ran_out: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Differs:
    """A case that would go otherwise: since when, and what there is as it is and under the change."""

    number: str
    open: bool
    since: datetime
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Stays:
    """An open case that could not move to the changed process as it is, and why."""

    number: str
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Comparison:
    """Both sides of a rehearsal, and the cases that differ; those that could not move count as they are on both."""

    open: int = 0
    past: int = 0
    before: Tally = field(default_factory=Tally)
    after: Tally = field(default_factory=Tally)
    differ: list[Differs] = field(default_factory=list)
    stay: list[Stays] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One look at the record: what it holds of a case, everybody by their id, the calendar of each one's office."""

    standing: Callable[[Case], Standing]
    history: Callable[[str], tuple[Event, ...]]
    people: Mapping[str, Person]
    offices: Mapping[str, str]
    around: Around
    now: datetime


@dataclass(frozen=True, slots=True)
class _Side:
    """A case as it goes under one definition."""

    process: Process
    steps: tuple[Played, ...]


def rehearse(
    record: Record, directory: Directory, new: Process, *, against: Process | None = None, now: datetime
) -> Comparison:
    """Compare a changed process with the versions that its cases run on, or with one version for all of them."""
    found = Comparison()
    people = {person.id: person for person in directory.everyone()}
    employers = {one.id: one.organisation_id for one in people.values() if one.organisation_id}
    calendars = {one.id: one.calendar for one in directory.organisations()}
    with reading(record.engine) as connection:
        look = _Look(
            standing=partial(migrator.standing, connection),
            history=partial(ledger.history, connection),
            people=people,
            offices={person: calendar for person, body in employers.items() if (calendar := calendars.get(body))},
            around=Around(calendars=record.calendars, employers=employers, on_file=on_file.for_many(connection)),
            now=now,
        )
        for case_id in process_migrations.of_process(connection, new.name):
            case = repository.load(connection, case_id).case
            _compare(found, look, case, old=against or record.registry.get(case.process), new=new)
    return found


def _compare(found: Comparison, look: _Look, case: Case, *, old: Process, new: Process) -> None:
    if case.closed_at is None:
        found.open += 1
        sides = _open(found, look, case, old=old, new=new)
    else:
        found.past += 1
        sides = _past(look, case, old, new)
    for tally, side in zip((found.before, found.after), sides, strict=True):
        _count(tally, look, side)
    differs = _difference(case, *(side.steps for side in sides))
    if differs is not None:
        found.differ.append(differs)


def _past(look: _Look, case: Case, old: Process, new: Process) -> tuple[_Side, _Side]:
    """Play a past case again under both."""
    history = look.history(case.id)
    if not history[0].changes:
        # The words of its record were erased: there is nothing to play again.
        return _Side(old, ()), _Side(new, ())
    return _played_again(look, history, old), _played_again(look, history, new)


def _played_again(look: _Look, history: Sequence[Event], process: Process) -> _Side:
    steps = replaying.again(process, history, look.around, until=look.now)
    return _Side(process, tuple(playing.within_calendars(steps)))


def _open(found: Comparison, look: _Look, case: Case, *, old: Process, new: Process) -> tuple[_Side, _Side]:
    """Play an open case on under both, from where it stands; one that could not move is noted and goes on as it is."""
    standing = look.standing(case)
    first = _played_on(look, case, old, standing)
    if old.hash == new.hash:
        return first, first
    calendars = look.around.calendars
    move = Migration(id=0, old=old, new=new, plan=Plan(), calendars=calendars, at=look.now, by="", reason="A rehearsal")
    verdict = migrating.judge(move, standing)
    if verdict.fate is not Fate.MOVES or verdict.after is None:
        found.stay.append(Stays(case.number, verdict.reasons))
        return first, first
    return first, _played_on(look, verdict.after, new, standing)


def _played_on(look: _Look, case: Case, process: Process, standing: Standing) -> _Side:
    play = Playing(process, case, look.around, now=look.now, settled=standing.settled)
    return _Side(process, tuple(playing.within_calendars(play.fire(until=look.now + AHEAD))))


def _difference(case: Case, first: tuple[Played, ...], second: tuple[Played, ...]) -> Differs | None:
    told = [[(one.at, one.act or (one.timer.mail if one.timer else "")) for one in side] for side in (first, second)]
    if told[0] == told[1]:
        return None
    place = next((at for at, pair in enumerate(zip(*told, strict=False)) if pair[0] != pair[1]), min(map(len, told)))
    next_ones = [side[place] for side in told if place < len(side)]
    words = [_words(side) for side in (first, second)]
    return Differs(case.number, case.closed_at is None, min(at for at, _ in next_ones), *words)


def _words(steps: Sequence[Played]) -> str:
    """Say how much there is, and where it ends."""
    reminders = sum(one.timer is not None and one.timer.action is Action.REMIND for one in steps)
    refused = sum(one.refused is not None for one in steps)
    end = f", at “{steps[-1].after.stage}” in the end" if steps else ""
    more = f", {refused} refused" if refused else ""
    return f"{len(steps) - reminders - refused} acts, {reminders} reminders{more}{end}"


def _count(tally: Tally, look: _Look, side: _Side) -> None:
    process = side.process
    labels = {rule.name: rule.label for rule in process.every_deadline()}
    for one in side.steps:
        if one.refused is not None:
            trigger = process.triggers.get(one.act or "")
            tally.refused[trigger.label if trigger else one.act or ""] += 1
        if one.timer is not None and one.happened:
            tally.ran_out[labels.get(one.timer.deadline, "The pause")] += 1
        if one.climbed and one.after.tier:
            tally.escalations[process.tiers[one.after.tier].label] += 1
        _count_readers(tally, look, process, one=one)


def _count_readers(tally: Tally, look: _Look, process: Process, *, one: Played) -> None:
    for told in (to for mail in planned_mails.of(process, one, look.people) for to in mail.to):
        local = one.at.astimezone(ZoneInfo(told.person.timezone))
        tally.mails += 1
        tally.by_role[process.roles[told.role].label if told.role in process.roles else told.part or _WITHOUT_PART] += 1
        tally.by_hour[local.hour] += 1
        tally.at_night += local.hour >= NIGHT_BEGINS or local.hour < NIGHT_ENDS
        tally.on_days_off += _is_day_off(_calendar(look, process, told.person), one.at)


def _calendar(look: _Look, process: Process, person: Person) -> Calendar:
    return look.around.calendars[look.offices.get(person.id, process.calendar)]


def _is_day_off(calendar: Calendar, at: datetime) -> bool:
    try:
        return not calendar.is_working_day(at.astimezone(calendar.zone).date())
    except errors.OutsideCalendar:
        return False
