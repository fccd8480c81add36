"""What the portal shows of a case, put together from its file: what is asked, where it stands, what each room holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk import date_words, entry_words, file_words
from desk.pages import act_order
from desk.portal import answering
from desk.portal.acts import CASES, names_in
from states import endings, roles
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cases.queries import CaseFile, DeadlineView
    from desk.date_words import Day
    from desk.entry_words import EntryWords
    from desk.file_words import Fact, ZoneWords
    from desk.visits import Visit
    from states.items import Item

NEWEST = 5
NEAREST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """Something that waits for the person: the clock, what it is about, and what answers it, each with its address."""

    date: DeadlineView
    about: str
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The first page of a case."""

    todos: tuple[Todo, ...]
    step: int
    steps: int
    phase: str
    stage: str
    ended: str
    dates: tuple[Day, ...]
    newest: tuple[EntryWords, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing on file: its words, its state, what else stands on it, and its file with its size where it has one."""

    item: Item
    words: str
    tag: str
    facts: tuple[Fact, ...]
    download: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What one room holds, by kind; `says` tells who reads it."""

    zone: ZoneWords
    says: str
    groups: tuple[tuple[str, tuple[Line, ...]], ...]


def overview(file: CaseFile, visit: Visit) -> Overview:
    """Put the first page of a case together."""
    names = names_in(visit, file)
    place = next((at for at, one in enumerate(file.phases, 1) if one.state == "current"), 0)
    return Overview(
        todos=tuple(_todos(file, visit, names)),
        step=place,
        steps=len(file.phases),
        phase=file.phases[place - 1].label if place else "",
        stage=file.process.stages[file.case.stage].label,
        ended=endings.how_it_ended(file.process, file.case),
        dates=days(file, visit)[:NEAREST],
        newest=entries(file, visit, names)[:NEWEST],
    )


def days(file: CaseFile, visit: Visit) -> tuple[Day, ...]:
    """Group the coming dates of a case by day."""
    zone, names = file.process.timezone, names_in(visit, file)
    told = (date_words.of(one, file.case, visit.words, zone=zone, names=names) for one in file.dates)
    return date_words.by_day(told, visit.words, zone=zone)


def entries(file: CaseFile, visit: Visit, names: Mapping[str, str]) -> tuple[EntryWords, ...]:
    """Put what happened into words, newest first."""
    told = (one for one in reversed(file.timeline) if not entry_words.is_echo(one, file.timeline))
    return tuple(entry_words.of(one, file, visit.words, names) for one in told)


def rooms(file: CaseFile, visit: Visit) -> tuple[Room, ...]:
    """Sort what is on file by the room it lies in: what all share first, then the person's own."""
    names = names_in(visit, file)
    answerable = {item.id for item in answering.waiting(file, visit)}
    found = []
    for zone in file_words.zones_in_order(file.zones):
        groups = tuple(
            (title, tuple(_line(one, file, names, answerable=one.id in answerable) for one in items))
            for title, all_items in file_words.grouped(file.case, names)
            if (items := [one for one in all_items if one.zone == zone])
        )
        words = file_words.zone_words(zone, file.case)
        found.append(Room(zone=words, says=file_words.readers(zone, file.case), groups=groups))
    return tuple(found)


def people(file: CaseFile, visit: Visit) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """List who is who: each party with its people and their parts, then who runs the case."""
    names = names_in(visit, file)
    sides = [(party.name, party.people) for party in file.case.parties]
    team = {role: held for role, held in file.case.roles.items() if held}
    return tuple(
        (
            title,
            tuple((names.get(one, one), roles.label(file.process, part)) for part, held in of.items() for one in held),
        )
        for title, of in (*sides, *([(say("Who runs the case"), team)] if team else ()))
    )


def _todos(file: CaseFile, visit: Visit, names: Mapping[str, str]) -> Iterator[Todo]:
    for date in file.deadlines:
        if visit.person.id not in {one.id for one in date.holders}:
            continue
        ways = tuple(_ways(file, date, visit))
        if ways:
            about = file_words.item_line(date.item, file.case, names) if date.item else ""
            yield Todo(date=date, about=about, ways=ways)


def _ways(file: CaseFile, date: DeadlineView, visit: Visit) -> Iterator[tuple[str, str]]:
    """Yield what answers a clock: one page for all answers to an item, else each act that does."""
    here = f"{CASES}/{file.case.number}"
    if date.item is not None and answering.options(file, visit, date.item):
        yield say("Read it and answer"), f"{here}/answer/{date.item.id}"
        return
    for option in act_order.answering(date, file, visit.person.id):
        yield option.trigger.label, f"{here}/acts/{option.trigger.name}"


def _line(item: Item, file: CaseFile, names: Mapping[str, str], *, answerable: bool) -> Line:
    here = f"{CASES}/{file.case.number}"
    return Line(
        item=item,
        words=file_words.item_line(item, file.case, names),
        tag=file_words.item_tag(item, file.case, names),
        facts=file_words.item_facts(item, file.case, names),
        download=f"{here}/documents/{item.id}" if getattr(item, "sha256", "") else "",
        answer=f"{here}/answer/{item.id}" if answerable else "",
    )
