"""The pictures of one case: the way it took, what is coming, who matters, and why the issues arose."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from cases import queries
from desk import file_words
from desk.drawing import bars, dates_line, grid, tree
from desk.drawing.bars import Bar, Part
from desk.drawing.dates_line import Mark
from desk.drawing.grid import Grid, Name
from desk.drawing.pen import ACCENT, LINE, OK, Pen
from desk.drawing.sheet import NO_DRAWING, Sheet
from desk.drawing.tree import Branch, Node
from states.items import Cause, Issue, Stakeholder
from states.layout import Marks
from states.said import Said, count, listed, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from markupsafe import Markup

    from cases.places import Place
    from cases.queries import ComingDate, Way
    from desk.visits import Visit
    from desk.words import Words
    from states.case import Case
    from states.process import Process

_PARTS = {
    "decides": say("decides"),
    "can block": say("can block"),
    "advises": say("advises"),
    "is affected": say("is affected"),
    "is missing": say("is missing"),
}
_STANDING = {"agreed": say("agreed"), "disputed": say("disputed"), "unknown": ""}
_MAPPED = "mapped"


def sheets(visit: Visit, way: Way) -> tuple[Sheet, ...]:
    """Make every picture of a case that has something to show."""
    made = (_journey(visit, way), _dates(visit, way), _stakeholders(visit, way.case), _causes(visit, way.case))
    return tuple(one for one in made if one.rows or one.empty)


def marks(way: Way, words: Words) -> Marks:
    """Mark the way of a case in the drawing of its process."""
    notes = {}
    for stage in {one.name for one in way.places}:
        stays = [(one.until or _end(way, words)) - one.since for one in way.places if one.name == stage]
        total = words.span(sum(stays[1:], stays[0]))
        notes[stage] = words.tell(
            say("here %(time)s", time=total)
            if len(stays) == 1
            else count("here %(time)s, once", "here %(time)s, %(count)s times", count=len(stays), time=total)
        )
    if way.process.stages[way.case.stage].final:
        notes.pop(way.case.stage, None)
    return Marks(
        current=way.case.stage,
        past=frozenset(one.name for one in way.places),
        ways=frozenset(
            (before.name, after.name, _is_silent(way.process, before, after)) for before, after in pairwise(way.places)
        ),
        notes=notes,
    )


def _is_silent(process: Process, before: Place, after: Place) -> bool:
    stage = process.stages.get(before.name)
    silences = stage.deadline.silences if stage and stage.deadline else ()
    return after.trigger in {silence.fires for silence in silences}


def strip(visit: Visit, way: Way) -> Markup:
    """Draw in one bar how long a case stood where, for the page of the case."""
    words = visit.words
    stays = [one for one in way.places if not _is_final(way.process, one)]
    if not stays:
        return NO_DRAWING
    parts = tuple(_stay(way, one, words, number) for number, one in enumerate(stays))
    whole = words.span(_end(way, words) - way.case.opened_at)
    title = say("How long the case stood at each stage")
    bar = Bar(say("Time at each stage"), whole, parts)
    return bars.draw(Pen(words), [bar], title=title, description=listed(part.says for part in parts))


def _stay(way: Way, place: Place, words: Words, number: int) -> Part:
    stayed = (place.until or _end(way, words)) - place.since
    says = say("%(stage)s: %(time)s", stage=_stage(way.process, place), time=words.span(stayed))
    fill = ACCENT if place.until is None else (OK, LINE)[number % 2]
    return Part(stayed.total_seconds(), fill, says)


def _journey(visit: Visit, way: Way) -> Sheet:
    words, zone = visit.words, way.process.timezone
    rows, drawn = [], []
    for one in way.places:
        stage, final = _stage(way.process, one), _is_final(way.process, one)
        stayed = (one.until or _end(way, words)) - one.since
        told = "" if final else words.span(stayed)
        trigger = way.process.triggers.get(one.trigger)
        until = words.stamp(one.until, zone) if one.until else ""
        rows.append((stage, trigger.label if trigger else "", words.stamp(one.since, zone), until, told))
        if not final:
            here = one.until is None
            says = say("%(stage)s: %(time)s", stage=stage, time=told)
            drawn.append(Bar(stage, told, (Part(stayed.total_seconds(), ACCENT if here else OK, says),)))
    title = say("How long the case stood at each stage")
    described = say("Each stage in the order in which the case came there, and how long it stayed.")
    return Sheet(
        name="stages",
        title=title,
        columns=(say("Stage"), say("Reached by"), say("From"), say("Until"), say("How long")),
        rows=tuple(rows),
        drawing=bars.draw(Pen(words), drawn, title=title, description=described),
        empty=say("The case has not moved yet."),
    )


def _end(way: Way, words: Words) -> datetime:
    return way.case.closed_at or words.now


def _stage(process: Process, place: Place) -> str:
    return process.stages[place.name].label if place.name in process.stages else place.name


def _is_final(process: Process, place: Place) -> bool:
    return place.name in process.stages and process.stages[place.name].final


def _dates(visit: Visit, way: Way) -> Sheet:
    wanted = queries.Window(case=way.case.id, limit=dates_line.MOST)
    found = queries.calendar(visit.desk.record, visit.viewer, wanted=wanted, now=visit.words.now)
    return coming(visit, found.dates, zone=way.process.timezone)


def coming(visit: Visit, dates: tuple[ComingDate, ...], *, zone: str) -> Sheet:
    """Draw coming dates on a line, of one case or of several."""
    words, title = visit.words, say("Coming dates on a line")
    several = len({one.case.id for one in dates}) > 1
    shown = dates[: dates_line.MOST]
    marked = [
        Mark(
            number,
            one.date.due_at,
            say("%(what)s, %(when)s", what=one.date.label, when=words.short(one.date.due_at, zone)),
        )
        for number, one in enumerate(shown, start=1)
    ]
    case = (say("Case"),) if several else ()
    return Sheet(
        name="dates",
        title=title,
        columns=(say("Number"), *case, say("What"), say("When"), say("Waits for")),
        rows=tuple(
            (
                number,
                *((one.case.number,) if several else ()),
                one.date.label,
                words.stamp(one.date.due_at, zone),
                one.date.duty,
            )
            for number, one in enumerate(shown, start=1)
        ),
        drawing=dates_line.draw(
            Pen(words), marked, title=title, description=say("Each dot is a date, numbered as in the table."), zone=zone
        ),
        empty=say("No date is coming."),
    )


def _stakeholders(visit: Visit, case: Case) -> Sheet:
    known = [one for one in case.all(Stakeholder) if one.state != "removed"]
    sides = [*((party.id, party.name) for party in case.parties), (None, say("With no party"))]
    places = {side: number for number, (side, _) in enumerate(sides)}
    cells: dict[tuple[int, int], list[Name]] = {}
    for one in known:
        place = (list(_PARTS).index(one.part), places.get(one.side, len(sides) - 1))
        cells.setdefault(place, []).append(Name(one.name, open=one.state == _MAPPED))
    title = say("Who matters, and on whose side")
    described = say("Rows go from who decides to who is missing; a name in amber still waits to be heard.")
    table = Grid(rows=tuple(_PARTS.values()), columns=tuple(name for _, name in sides), cells=cells)
    return Sheet(
        name="stakeholders",
        title=title,
        note=described,
        columns=(say("Name"), say("Part"), say("Side"), say("Organisation"), say("Interest"), say("State")),
        rows=tuple(
            (
                one.name,
                _PARTS[one.part],
                sides[places.get(one.side, len(sides) - 1)][1],
                one.organisation,
                one.interest,
                file_words.item_tag(one, case, {}),
            )
            for one in known
        ),
        drawing=grid.draw(Pen(visit.words), table, title=title, description=described) if known else NO_DRAWING,
    )


def _causes(visit: Visit, case: Case) -> Sheet:
    issues = [one for one in case.all(Issue) if _causes_of(case, one)]
    branches = [
        Branch(issue.title, [list(_chain(cause, case)) for cause in _causes_of(case, issue)]) for issue in issues
    ]
    title = say("Why the issues arose")
    described = say("Under each issue its causes, and under each cause what lies behind it, down to the root.")
    return Sheet(
        name="causes",
        title=title,
        note=described,
        columns=(say("Issue"), say("Cause"), say("Step"), say("Because"), say("Stands as")),
        rows=tuple(row for issue in issues for cause in _causes_of(case, issue) for row in _steps(issue, cause, case)),
        drawing=tree.draw(Pen(visit.words), branches, title=title, description=described) if issues else NO_DRAWING,
    )


def _causes_of(case: Case, issue: Issue) -> list[Cause]:
    return [one for one in case.all(Cause) if one.issue == issue.id]


def _chain(cause: Cause, case: Case) -> Iterator[Node]:
    yield Node(cause.statement, file_words.item_tag(cause, case, {}), cause.state)
    for why in cause.whys:
        yield Node(why.text, _standing(why.state), why.state)


def _steps(issue: Issue, cause: Cause, case: Case) -> Iterator[tuple[str | int, ...]]:
    yield (issue.title, cause.statement, 0, "", file_words.item_tag(cause, case, {}))
    for step, why in enumerate(cause.whys, start=1):
        yield (issue.title, cause.statement, step, why.text, _standing(why.state))


def _standing(state: str) -> Said | str:
    return _STANDING.get(state, state)
