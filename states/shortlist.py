"""Who could mediate a case, in which order and why: a pure function of the roster, the case and the time asked about.

Hard rules come first and leave no room for points. What is left is ordered by a score whose parts are named, so that
everybody's place can be explained. More load never ranks higher; another fitting skill never ranks lower.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from states import durations, roles, wall_time
from states.items import Cause, Claim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

    from states.calendar import Calendar
    from states.case import Case
    from states.directory import Away
    from states.process import Process

MEDIATOR = "mediator"
# What one found thing is worth; a case already carried costs one point.
LANGUAGE_POINTS = 3
SKILL_POINTS = 2
PLACE_POINTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person of the roster; `load` counts the open cases they mediate now, `answers_to` names people and bodies."""

    person: str
    name: str = ""
    organisation: str = ""
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    answers_to: tuple[str, ...] = ()
    away: tuple[Away, ...] = ()
    most_cases: int = 3
    load: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What whoever appoints asks for, beside what the case itself tells."""

    skills: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


NOTHING_MORE = Asked()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a case asks of its neutral: whom to keep out, what helps, and the days that must be free.

    `line` holds the people of the parties, `bodies` their organisations, `languages` those of each party.
    """

    since: date
    until: date
    line: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    languages: tuple[frozenset[str], ...] = ()
    skills: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


class Bar(StrEnum):
    """Why somebody cannot mediate a case."""

    LINE = "stands in the line of a party"
    BODY = "works for the organisation of a party"
    ANSWERS = "answers to a party"
    AWAY = "is away during the planned time"
    FULL = "has as many cases as they take at once"


class Part(StrEnum):
    """What a place on the list is made of."""

    LANGUAGE = "language"
    SKILL = "skill"
    PLACE = "place"
    LOAD = "load"


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a score: its points, and what was found that earned them."""

    part: Part
    points: int
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranked:
    """A person who could mediate, and what their place is made of."""

    candidate: Candidate
    components: tuple[Component, ...]

    @property
    def score(self) -> int:
        """All points together."""
        return sum(component.points for component in self.components)


@dataclass(frozen=True, slots=True)
class Barred:
    """A person who cannot mediate, with every reason."""

    candidate: Candidate
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Everybody of the roster: who could mediate, best first, and who could not."""

    ranked: tuple[Ranked, ...]
    barred: tuple[Barred, ...]


def rank(candidates: Iterable[Candidate], wanted: Wanted) -> Ranking:
    """Put the people of a roster in order for a case; equal points go to the lesser load, then by name."""
    weighed = [(one, tuple(_bars(one, wanted))) for one in candidates]
    fitting = (Ranked(one, tuple(_components(one, wanted))) for one, bars in weighed if not bars)
    barred = (Barred(one, bars) for one, bars in weighed if bars)
    return Ranking(
        ranked=tuple(sorted(fitting, key=lambda one: (-one.score, one.candidate.load, *_by_name(one.candidate)))),
        barred=tuple(sorted(barred, key=lambda one: _by_name(one.candidate))),
    )


def spelled(words: Iterable[str]) -> frozenset[str]:
    """Spell skills, places and languages the one way they are compared by."""
    return frozenset(" ".join(word.casefold().split()) for word in words if word.strip())


def wanted_by(case: Case, asked: Asked, *, speak: Mapping[str, str], since: date, until: date) -> Wanted:
    """Say what a case asks of its neutral, for these days.

    `speak` gives the language of each person of the parties. The families of the causes on file count as skills and
    the places of claims as places, beside those that were asked for.
    """
    return Wanted(
        since=since,
        until=until,
        line=frozenset(person for party in case.parties for holders in party.people.values() for person in holders),
        bodies=bodies_of(case),
        languages=tuple(
            spelled(speak[person] for holders in party.people.values() for person in holders if person in speak)
            for party in case.parties
        ),
        skills=spelled((*asked.skills, *(cause.family for cause in case.all(Cause)))),
        places=spelled((*asked.places, *(claim.place for claim in case.all(Claim)))),
    )


def bodies_of(case: Case) -> frozenset[str]:
    """Name the organisations of the parties, as far as they are on file."""
    return frozenset(party.organisation for party in case.parties if party.organisation)


def planned_days(
    process: Process, case: Case, calendars: Mapping[str, Calendar], *, now: datetime
) -> tuple[date, date]:
    """Return the first and last civil day of a mediation that begins now."""
    zone = wall_time.find_zone(process.timezone)
    ends = planned_end(process, case, calendars, now=now)
    return now.astimezone(zone).date(), ends.astimezone(zone).date()


def planned_end(process: Process, case: Case, calendars: Mapping[str, Calendar], *, now: datetime) -> datetime:
    """Return when a mediation that begins now would end: by the longest clock the mediator has."""
    rules = (stage.deadline for stage in process.stages.values() if stage.deadline)
    ends = (
        durations.due(
            now,
            rule.spans[case.urgency],
            calendar=calendars[rule.calendar or process.calendar],
            timezone=process.timezone,
            rules=process.rules or durations.PLAIN,
        ).at
        for rule in rules
        if roles.split(rule.duty)[1] == MEDIATOR and rule.spans
    )
    return max(ends, default=now)


def _by_name(candidate: Candidate) -> tuple[str, str]:
    return (candidate.name.casefold(), candidate.person)


def _bars(one: Candidate, wanted: Wanted) -> Iterator[Bar]:
    if one.person in wanted.line:
        yield Bar.LINE
    if one.organisation in wanted.bodies:
        yield Bar.BODY
    if (wanted.line | wanted.bodies) & set(one.answers_to):
        yield Bar.ANSWERS
    if any(away.since <= wanted.until and away.until >= wanted.since for away in one.away):
        yield Bar.AWAY
    if one.load >= one.most_cases:
        yield Bar.FULL


def _components(one: Candidate, wanted: Wanted) -> Iterator[Component]:
    spoken = spelled(one.languages)
    reached = sum(bool(spoken & languages) for languages in wanted.languages)
    useful = spoken & frozenset().union(*wanted.languages)
    yield Component(Part.LANGUAGE, reached * LANGUAGE_POINTS, tuple(sorted(useful)))
    skills = _fitting(one.skills, wanted.skills)
    yield Component(Part.SKILL, len(skills) * SKILL_POINTS, skills)
    places = _fitting(one.places, wanted.places)
    yield Component(Part.PLACE, len(places) * PLACE_POINTS, places)
    yield Component(Part.LOAD, -one.load, (str(one.load), str(one.most_cases)))


def _fitting(words: Iterable[str], wanted: frozenset[str]) -> tuple[str, ...]:
    """List what is wanted among the words of a candidate, each once, as the candidate spells it."""
    found = {word.casefold(): word for word in (" ".join(one.split()) for one in words)}
    return tuple(found[key] for key in sorted(found.keys() & wanted))
