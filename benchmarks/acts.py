"""One durable act through the public service, beside the same SQL statements sent by the bare driver.

Both write the same rows to copies of one SQLite file, each act committed by itself with full synchronisation, in turns
within one run. Only the ratio means anything; the machine is named above it.
"""

from __future__ import annotations

import platform
import shutil
import sqlite3
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from cases.commands import ActOnCase, OpenCase
from cases.people import Directory, Person
from cases.record import open_record
from config.clock import SimulatedClock
from states.case import Party, Side
from states.roles import Actor

if TYPE_CHECKING:
    from cases.service import CaseService

CASES, ROUNDS, ACTS = 200, 5, 200
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CONVENER = Actor("convener", frozenset({"registry"}))
SIDES = (Side.INITIATING, Side.RESPONDING)
Acts = list[list[tuple[str, Any, bool]]]


def open_service(path: Path) -> CaseService:
    """Open a record in a file."""
    return open_record(f"sqlite:///{path}", now=NOW).service(SimulatedClock(NOW))


def prepare(path: Path) -> None:
    """Open some cases of the shipped process, with two parties and a convener."""
    service = open_service(path)
    for person in (CONVENER.person, *SIDES):
        Directory(service.engine).add(Person(id=person, name=person, email=f"{person}@example.org"))
    parties = tuple(Party(id=side, name=side, side=side, people={"representative": (side,)}) for side in SIDES)
    for number in range(CASES):
        service.open(
            OpenCase(
                process="dispute",
                title=f"Case {number}",
                actor=CONVENER,
                key=f"open {number}",
                id=f"case{number}",
                roles={"convener": (CONVENER.person,)},
                parties=parties,
                issues=("Who goes first?",),
            )
        )
    service.engine.dispose()


def commands(round_: int) -> list[ActOnCase]:
    """List the acts of a round: a note of the team in one case after the other."""
    inputs = {"text": "Call the gate before noon.", "zone": "team"}
    return [
        ActOnCase(
            case_id=f"case{number % CASES}",
            trigger="add_note",
            actor=CONVENER,
            key=f"{round_}/{number}",
            inputs=inputs,
        )
        for number in range(ACTS)
    ]


def ours(service: CaseService, round_: int) -> float:
    """Do a round of acts; return the processor seconds of one."""
    todo = commands(round_)
    began = time.process_time()
    for command in todo:
        service.act(command)
    return (time.process_time() - began) / ACTS


def recorded(service: CaseService, round_: int) -> Acts:
    """Do a round of acts and keep the writing statements of each."""
    acts: Acts = []

    def note(*told: Any) -> None:  # noqa: ANN401 - SQLAlchemy tells a listener six things of many types
        _, _, statement, parameters, _, many = told
        if not statement.startswith(("SELECT", "PRAGMA", "BEGIN")):
            acts[-1].append((statement, parameters, many))

    listen(service.engine, note)
    for command in commands(round_):
        acts.append([])
        service.act(command)
    event.remove(service.engine, "before_cursor_execute", note)
    return acts


def listen(engine: Engine, note: Any) -> None:  # noqa: ANN401 - any listener
    """Hear every statement before the driver gets it."""
    event.listen(engine, "before_cursor_execute", note)


def floor(path: Path, acts: Acts) -> float:
    """Send the same statements through the bare driver; return the processor seconds of one act."""
    raw = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    raw.executescript("PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")
    began = time.process_time()
    for statements in acts:
        raw.execute("BEGIN IMMEDIATE")
        for statement, parameters, many in statements:
            (raw.executemany if many else raw.execute)(statement, parameters)
        raw.execute("COMMIT")
    spent = (time.process_time() - began) / len(acts)
    raw.close()
    return spent


def main() -> None:
    """Measure in turns and print the ratio."""
    print(f"{platform.platform()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / f"{name}.db" for name in ("ours", "told", "floor")}
        prepare(files["ours"])
        for name in ("told", "floor"):
            shutil.copy(files["ours"], files[name])
        service, told = open_service(files["ours"]), open_service(files["told"])
        pairs = []
        for round_ in range(ROUNDS):
            acts = recorded(told, round_)
            pairs.append((ours(service, round_), floor(files["floor"], acts)))
        for one in (service, told):
            one.engine.dispose()
    print(f"{'round':>6} {'service':>12} {'bare driver':>12} {'share of the floor':>20}")
    for number, (mine, bare) in enumerate(pairs, start=1):
        print(f"{number:>6} {mine * 1e6:>9.0f} us {bare * 1e6:>9.0f} us {bare / mine:>20.2f}")
    print(f"median share of the floor: {median(bare / mine for mine, bare in pairs):.2f} (processor time, one writer)")


if __name__ == "__main__":
    main()
