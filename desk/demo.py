"""Loads the scenarios into a record at different stages, dated so that the next things happen minutes from now.

The history is played through the real service on a simulated clock, each case up to the present. The mails of the last
days are written and handed to a transport that only keeps them, so they are on record as sent at their instants; older
ones are withdrawn. Nothing of the history is left to send; what falls due after the present is left to the clockwork.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cases import queries
from cases.people import Directory
from config import scenarios
from config.clock import SimulatedClock
from desk import player
from desk.demo_staff import put_at_registry, put_keepers_on_file, put_staff_on_file
from desk.live import Live
from desk.paper import Paper
from states import errors
from states.timers import Action

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cases.queries import CaseRow
    from cases.record import Record
    from config.scenarios import Scenario
    from notifications.compose import Letterhead
    from states.timers import Timer

REMINDER = "reminder"
HOST = "demo_convener"
_DESK = "demo_desk"
_MOST_DAYS = 60
_MOST_TRIES = 8
_MAILED = timedelta(days=3)
_NEAR = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A demonstration case: its scenario, its number, and the stage where it stands; `fresh` if it was loaded now."""

    scenario: str
    number: str
    stage: str
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Somebody to sign in as, and why: `shows` says what that person has on the desk."""

    person: str
    shows: str


_MOST = 100

PERSONAS = (
    Persona(person=HOST, shows="convener of every demonstration case, who may open others"),
    Persona(person="first_miriam", shows="first steps: mediator"),
    Persona(person="first_lena", shows="first steps: representative, who has an offer to answer"),
    Persona(person="first_abera", shows="first steps: senior representative of one side, asked to approve"),
    Persona(person="first_priya", shows="first steps: senior representative of the other side"),
    Persona(person="s1_samuel", shows="mediator of S1, in sessions"),
    Persona(person="s7_stefan", shows="senior representative of the side that opened S7"),
    Persona(person="s7_sunita", shows="senior representative of the other side of S7, asked to ratify"),
    Persona(person="s1_daniel", shows="representative in S1, where a brief goes up the ladder"),
    Persona(person="s4_akech", shows="representative in S4, asked for consent"),
    Persona(person="s4_tariq", shows="representative in S4 without an account, at the portal, in Arabic"),
    Persona(person="s2_anne", shows="joint committee of S2, asked to decide"),
    Persona(person="demo_rachid", shows="deputy on the joint committee of S2, called because its member is away"),
    Persona(person="demo_alex", shows="administrator, who keeps the desk and reads no case"),
    Persona(person="demo_grace", shows="head of office, who agrees when a room is opened in an emergency"),
    Persona(person="s7_karen", shows="joint committee of S7, asked when its clock runs out"),
)


def load_demo(
    record: Record, letterhead: Letterhead, *, now: datetime, files: Iterable[Path] | None = None
) -> tuple[Loaded, ...]:
    """Load every shipped scenario and the first steps, or some `files`, unless they are there, and return all of them.

    Meant for a record of its own: while the history is played, whatever else is due in the record is done as well.
    """
    put_keepers_on_file(record)
    files = files or (*scenarios.shipped_scenarios().values(), scenarios.FIRST_STEPS)
    loaded = tuple(_load(record, letterhead, _hosted(scenarios.load_scenario(one)), now=now) for one in files)
    put_at_registry(record, HOST)
    return loaded


def dated(record: Record, scenario: Scenario, *, now: datetime) -> Scenario:
    """Move a scenario so that its demonstration has just reached the present, or is about to see its next timer.

    Raises `DefinitionError` when no start within the last weeks lets the script fit the process.
    """
    if scenario.demo.then is not None:
        return _dated_by_timer(record, scenario, wanted=now + scenario.demo.within.span)
    return _dated_by_day(record, scenario, now=now)


def _load(record: Record, letterhead: Letterhead, scenario: Scenario, *, now: datetime) -> Loaded:
    found = _find(record, scenario)
    fresh = found is None
    if found is None:
        _play(record, letterhead, dated(record, scenario, now=now), now=now)
        found = _find(record, scenario)
    if found is None:
        raise errors.NotFound(f"the demonstration case of {scenario.id} was loaded and cannot be found again")
    return Loaded(scenario=scenario.id, number=found.number, stage=found.stage, fresh=fresh)


def _find(record: Record, scenario: Scenario) -> CaseRow | None:
    """Find the case of a scenario by its title among those of its convener."""
    if HOST not in Directory(record.engine).people([HOST]):
        return None
    viewer = queries.Viewer(Directory(record.engine).actor(HOST))
    wanted = queries.CaseFilter(words=scenario.title)
    rows = queries.list_cases(record, viewer, wanted=wanted, limit=_MOST).rows
    # Words are also found in the names of parties, so a title that shares them is not yet this one.
    return next((row for row in rows if row.title == scenario.title), None)


def _play(record: Record, letterhead: Letterhead, scenario: Scenario, *, now: datetime) -> None:
    put_staff_on_file(record, scenario, now=now)
    world = Live(record, letterhead, SimulatedClock(scenario.start), mails_from=now - _MAILED)
    deque(player.play(scenario, world, until=scenario.demo.until), maxlen=0)
    for _ in player.rest(world, until=now):
        deque(world.letters(), maxlen=0)


def _hosted(scenario: Scenario) -> Scenario:
    """Add one convener who has a part in every case, so that one desk shows them all."""
    desk = scenarios.Organisation(id=_DESK, name="Demonstration desk", calendar="mission", timezone="Africa/Juba")
    host = scenarios.Person(
        id=HOST,
        name="Robin Achieng",
        email="robin.achieng@desk.example",
        language="en",
        timezone="Africa/Juba",
        organisation=_DESK,
        telephone="+211 000 0001",
    )
    return replace(
        scenario,
        organisations={**scenario.organisations, _DESK: desk},
        people={**scenario.people, HOST: host},
        roles={**scenario.roles, "convener": (*scenario.roles["convener"], HOST)},
        # The host reads along, so who reads what is not as the script expects.
        acts=tuple(replace(act, expect=replace(act.expect, read_by=())) for act in scenario.acts),
    )


def _dated_by_timer(record: Record, scenario: Scenario, *, wanted: datetime) -> Scenario:
    """Move the start by what the wanted timer is off, until it falls due at the wanted instant."""
    for _ in range(_MOST_TRIES):
        paper = _rehearsed(record, scenario)
        timer = next((one for _, one in paper.waiting() if _is_next(scenario, paper, one)), None)
        if timer is None:
            break
        off = wanted - timer.due_at
        if abs(off) < _NEAR:
            return scenario
        scenario = _started(scenario, scenario.start.astimezone(UTC) + off)
    raise errors.DefinitionError(f"scenario {scenario.id}: no start makes “{scenario.demo.then}” due at {wanted}")


def _is_next(scenario: Scenario, paper: Paper, timer: Timer) -> bool:
    if timer.due_at <= paper.now():
        return False
    return timer.action is Action.REMIND if scenario.demo.then == REMINDER else timer.trigger == scenario.demo.then


def _dated_by_day(record: Record, scenario: Scenario, *, now: datetime) -> Scenario:
    """Start at the same time of day, as late as the script then fits and its last act lies in the past."""
    whole_days = (now - _rehearsed(record, scenario).now()).days + 1
    for days in range(whole_days, whole_days - _MOST_DAYS, -1):
        moved = _started(scenario, scenario.start + timedelta(days=days))
        try:
            ended_at = _rehearsed(record, moved).now()
        except errors.DefinitionError:
            continue
        if ended_at <= now:
            return moved
    raise errors.DefinitionError(f"scenario {scenario.id} fits no start in the {_MOST_DAYS} days before {now}")


def _rehearsed(record: Record, scenario: Scenario) -> Paper:
    paper = Paper(record.registry.current(scenario.process), record.calendars, start=scenario.start)
    deque(player.play(scenario, paper, until=scenario.demo.until), maxlen=0)
    return paper


def _started(scenario: Scenario, start: datetime) -> Scenario:
    return replace(scenario, start=start.astimezone(scenario.start.tzinfo))
