"""Replays a real event log through the public service on a simulated clock, and reads back what the engine recorded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from cases import tables, timers
from cases.commands import ActOnCase, OpenCase
from cases.database import open_database
from cases.registry import CalendarRegistry, ProcessRegistry
from cases.service import CaseService
from config import load, vocabulary, working_time
from config.clock import SimulatedClock
from states import errors, roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from states.process import Process

HERE = Path(__file__).parent
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One external event of a log; `fallback` is the act that records it when the process refuses it."""

    case: str
    at: datetime
    trigger: str
    inputs: Mapping[str, object] = field(default_factory=dict)
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the engine's own history."""

    trigger: str
    at: datetime
    automatic: bool


@dataclass(slots=True)
class History:
    """What the engine recorded for each case, in order, and the moves it refused."""

    entries: dict[str, list[Entry]]
    refused: set[str]
    stages: dict[str, str]

    def times(self, trigger: str) -> list[tuple[str, datetime]]:
        """List when the clock did an act, by case."""
        found = ((case, one) for case, entries in self.entries.items() for one in entries)
        return [(case, one.at) for case, one in found if one.automatic and one.trigger == trigger]


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """A log to replay: its definition, what people did, and the end, by which everything due has fired."""

    definition: str
    moves: list[Move]
    until: datetime


def replay(
    url: str,
    log: Log,
    *,
    tick: timedelta = timedelta(days=1),
    stopped: tuple[datetime, datetime] | None = None,
) -> History:
    """Send every move at its instant, letting the clockwork tick between; `stopped` is a time without any tick."""
    ordered = in_order(log.moves)
    clock = SimulatedClock(ordered[0].at)
    service = open_service(url, log.definition, clock=clock)
    role = next(iter(load_definition(log.definition).roles))
    office = roles.Actor("office", frozenset({role}))
    known: set[str] = set()
    refused: set[str] = set()
    keys = count()
    for move in ordered:
        _tick_until(service, clock, move.at, tick=tick, stopped=stopped)
        clock.set(move.at)
        if move.case not in known:
            known.add(move.case)
            service.open(
                OpenCase(process=log.definition, title=move.case, actor=office, key=f"open {move.case}", id=move.case)
            )
        if not _sent(service, move, office, keys):
            refused.add(move.case)
    _tick_until(service, clock, log.until, tick=tick, stopped=None)
    clock.set(log.until)
    timers.fire_due_timers(service, owner="replay")
    history = _history(service, refused)
    service.engine.dispose()
    return history


def in_order(moves: Iterable[Move]) -> list[Move]:
    """Sort the moves of all cases by time, keeping each case's file order where its timestamps run backwards."""
    latest: dict[str, datetime] = {}
    kept: list[Move] = []
    for move in moves:
        latest[move.case] = max(move.at, latest.get(move.case, move.at))
        kept.append(replace(move, at=latest[move.case]))
    return sorted(kept, key=lambda move: move.at)


def load_definition(name: str) -> Process:
    """Load a definition that stands beside this module."""
    return load.load_process(HERE / f"{name}.yaml", vocabulary=vocabulary.shipped())


def open_service(url: str, definition: str, *, clock: SimulatedClock) -> CaseService:
    """Open a real record that knows the definition."""
    engine = open_database(url)
    registry = ProcessRegistry(
        engine, lambda text, name: load.load_text(text, name=name, vocabulary=vocabulary.shipped())
    )
    registry.store(load_definition(definition), at=clock.now())
    calendars = CalendarRegistry(engine, working_time.shipped_calendars())
    return CaseService(engine, registry=registry, calendars=calendars, clock=clock)


def _sent(service: CaseService, move: Move, office: roles.Actor, keys: count[int]) -> bool:
    """Send a move; when it is refused, record it by its fallback if it has one, and tell that it did not fit."""
    try:
        service.act(
            ActOnCase(case_id=move.case, trigger=move.trigger, inputs=move.inputs, actor=office, key=str(next(keys)))
        )
    except errors.Refused:
        if move.fallback:
            _try_fallback(service, move, office, keys)
        return False
    return True


def _try_fallback(service: CaseService, move: Move, office: roles.Actor, keys: count[int]) -> None:
    command = ActOnCase(
        case_id=move.case, trigger=move.fallback or "", inputs=move.inputs, actor=office, key=str(next(keys))
    )
    try:
        service.act(command)
    except errors.Refused:
        return


def _tick_until(
    service: CaseService,
    clock: SimulatedClock,
    until: datetime,
    *,
    tick: timedelta,
    stopped: tuple[datetime, datetime] | None,
) -> None:
    """Tick on the grid up to an instant, leaving out the ticks at which nothing can be due."""
    while (due := timers.next_due_at(service.engine)) is not None:
        at = EPOCH + -(-(max(due, clock.now()) - EPOCH) // tick) * tick
        if stopped and stopped[0] <= at < stopped[1]:
            at = stopped[1]
        if at > until:
            return
        clock.set(at)
        timers.fire_due_timers(service, owner="replay")


def _history(service: CaseService, refused: set[str]) -> History:
    events, cases = tables.events, tables.cases
    entries: dict[str, list[Entry]] = defaultdict(list)
    with service.engine.connect() as connection:
        rows = connection.execute(
            select(events.c.case_id, events.c.trigger, events.c.at, events.c.timer).order_by(
                events.c.case_id, events.c.seq
            )
        )
        for row in rows:
            if row.trigger != "open":
                entries[row.case_id].append(Entry(row.trigger, row.at, row.timer is not None))
        stages = {row.id: row.stage for row in connection.execute(select(cases.c.id, cases.c.stage))}
    return History(entries, refused, stages)
