"""The notice of dispute, and the case it opens."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from states import asking, errors, events, fields, roles, structure
from states import case as cases
from states.case import Case, Party
from states.events import Event
from states.process import Urgency
from states.said import listed, say, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from states.items import Item
    from states.process import Process
    from states.roles import Actor

OPENING = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice of dispute: what is needed to open a case; `fields` are raw values of the process's own fields."""

    id: str
    number: str
    title: str
    urgency: Urgency = Urgency.U3
    parties: tuple[Party, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    fields: Mapping[str, object] = field(default_factory=dict)


def open_case(
    process: Process, notice: Notice, *, actor: Actor, at: datetime, recorded_at: datetime
) -> tuple[Case, tuple[Event, ...]]:
    """Open a case at the initial stage: `at` is the instant its clocks count from, `recorded_at` the moment of writing.

    Everybody in the case reads its notice, so a field that not everybody reads begins with its initial value.
    Raises `NeedsMissing` when the title is empty or a field of the process is missing or malformed, `NotYours` when
    the actor may not open one.
    """
    told = {name: one for name, one in process.fields.items() if one.zone == roles.SHARED}
    values, problems = fields.read_all(told, notice.fields)
    values |= {name: one.initial for name, one in process.fields.items() if name not in told}
    untitled = () if notice.title.strip() else (say("a title is missing"),)
    missing: tuple[str, ...] = (*untitled, *problems)
    if missing:
        sentence = say("the case cannot be opened: %(missing)s", missing=together(missing))
        raise errors.NeedsMissing(sentence, missing=missing)
    tier = next(iter(process.tiers), None)
    case = Case(
        id=notice.id,
        number=notice.number,
        process=process.hash,
        title=notice.title.strip(),
        stage=process.initial,
        stage_since=at,
        opened_at=at,
        urgency=notice.urgency,
        tier=tier,
        tier_since=at if tier else None,
        tier_round=1 if tier else 0,
        owner=process.stages[process.initial].duty,
        fields=values,
        roles=notice.roles,
        parties=notice.parties,
        items=notice.items,
    )
    automatic = actor.person in roles.AUTOMATIC
    if process.may_open and not automatic and not _may_open(process, case, actor):
        sentence = say(
            "a case may be opened by: %(may_open)s",
            may_open=listed(roles.label(process, who) for who in process.may_open),
        )
        raise errors.NotYours(sentence)
    changes = (events.CaseOpened(case), *structure.clocks(process, case, OPENING, at))
    event = Event(
        trigger=OPENING,
        actor=actor.person,
        at=at,
        recorded_at=recorded_at,
        zone=roles.SHARED,
        changes=changes,
    )
    return cases.replay((event,)), (event,)


def _may_open(process: Process, case: Case, actor: Actor) -> bool:
    return any(roles.holds(process, case, actor, who=who) for who in process.may_open)


def people_of(notice: Notice) -> frozenset[str]:
    """Collect the ids of all whom a notice gives a part, for a party or in the case."""
    of_parties = (held for party in notice.parties for held in party.people.values())
    return frozenset(one for held in (*notice.roles.values(), *of_parties) for one in held)


def refuse_wrong_people(notice: Notice, *, strangers: Iterable[str]) -> None:
    """Raise `NeedsMissing` for people not on file, and for a person who would read both sides.

    That is who would stand for two parties, or for one and run the case.
    """
    missing = (*asking.not_on_file(strangers), *_on_two_sides(notice))
    if missing:
        sentence = say("the case cannot be opened: %(missing)s", missing=together(missing))
        raise errors.NeedsMissing(sentence, missing=missing)


def _on_two_sides(notice: Notice) -> Iterator[str]:
    mine = {party.id: {one for held in party.people.values() for one in held} for party in notice.parties}
    for part, people in notice.roles.items():
        for person in sorted(set(people) & set().union(*mine.values())):
            yield say(
                "%(person)s stands for a party and cannot be %(part)s of the same case; name somebody else",
                person=person,
                part=part,
            )
    for one, other in itertools.combinations(notice.parties, 2):
        if one.id in {other.within, other.id} or other.id == one.within:
            continue
        for person in sorted(mine[one.id] & mine[other.id]):
            yield say(
                "%(person)s cannot stand for both %(one)s and %(other)s; name somebody else for one of them",
                person=person,
                one=one.name,
                other=other.name,
            )
