"""Several real disputes in one record, between parties that partly know one another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import uuid4

from cases import queries
from cases.case_file import CaseFile
from cases.commands import ActOnCase, OpenCase
from cases.database import open_database
from cases.queries import Viewer
from cases.receipts import Receipt
from cases.record import Record
from cases.registry import CalendarRegistry, ProcessRegistry
from cases.service import CaseService
from config import load, vocabulary
from config.clock import SimulatedClock
from config.working_time import shipped_calendars
from states.case import Case, Party, Side
from states.items import Link
from states.process import Process
from states.roles import Actor
from tests.cases.builders import people_of, put_on_file

# A Tuesday morning.
START = datetime(2026, 12, 1, 8, tzinfo=UTC)
CORA = Actor("cora", frozenset({"registry"}))
OTHER_CONVENER = Actor("omar")


def party(name: str, side: Side) -> Party:
    """Makes a party whose people bear its name."""
    people = {
        "representative": (f"{name}_rep",),
        "senior_representative": (f"{name}_senior",),
        "area_manager": (f"{name}_area",),
    }
    return Party(id=name, name=name.title(), side=side, organisation=name, people=people)


def parties(first: str, second: str) -> tuple[Party, ...]:
    """Makes the two parties of a case."""
    return party(first, Side.INITIATING), party(second, Side.RESPONDING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A record with the shipped processes, its clock, and short ways to use them."""

    record: Record
    clock: SimulatedClock
    service: CaseService

    def open(self, first: str, second: str, **changes: Any) -> Receipt:  # noqa: ANN401 - any fields of the command
        """Opens a dispute between two parties."""
        command = {
            "process": "dispute",
            "title": f"The road between {first} and {second}",
            "actor": CORA,
            "key": uuid4().hex,
            "parties": parties(first, second),
            "roles": {"convener": ("cora",)},
            "issues": ("Who repairs the road?", "Who guards it?"),
        }
        asked = OpenCase(**{**command, **changes})
        put_on_file(self.record.engine, *people_of(asked.parties, asked.roles))
        return self.service.open(asked)

    def act(self, case_id: str, trigger: str, who: str | Actor = CORA, /, **inputs: object) -> Receipt:
        """Acts at once."""
        actor = who if isinstance(who, Actor) else Actor(who)
        return self.service.act(
            ActOnCase(case_id=case_id, trigger=trigger, actor=actor, key=uuid4().hex, inputs=inputs)
        )

    def screened(self, first: str, second: str, **changes: Any) -> Receipt:  # noqa: ANN401 - any fields of the command
        """Opens a dispute and brings it to screening."""
        opened = self.open(first, second, **changes)
        self.act(opened.case_id, "submit")
        self.service.fire_due(opened.case_id)
        return opened

    def admitted(self, first: str, second: str, **changes: Any) -> Receipt:  # noqa: ANN401 - any fields of the command
        """Opens a dispute and brings it to the root causes."""
        opened = self.screened(first, second, **changes)
        checks = {"forum_is_right": "yes", "contact": "Called", "checked_safety": "yes", "checked_duplicates": "yes"}
        self.act(opened.case_id, "record_screening", **checks)
        self.act(opened.case_id, "admit")
        return opened

    def file(self, ref: str, who: str | Actor = CORA) -> CaseFile:
        """Reads a case file with somebody's eyes."""
        actor = who if isinstance(who, Actor) else Actor(who)
        return queries.case_file(self.record, Viewer(actor), ref, now=self.clock.now())

    def case(self, ref: str, who: str | Actor = CORA) -> Case:
        """Reads a case with somebody's eyes."""
        return self.file(ref, who).case

    def links(self, ref: str, who: str | Actor = CORA) -> list[tuple[str, str, bool]]:
        """Lists the links somebody sees: relation, number, and whether it was made from here."""
        return [(link.relation, link.number, link.outward) for link in self.case(ref, who).all(Link)]


@contextmanager
def office_on(url: str, *, at: datetime = START) -> Iterator[Office]:
    """Opens a record with the shipped processes, for as long as the block runs."""
    engine = open_database(url)
    calendars = CalendarRegistry(engine, shipped_calendars())
    registry = ProcessRegistry(engine, _loaded)
    for name in load.shipped_processes():
        registry.store(_shipped(name), at=at)
    record = Record(engine, registry, calendars)
    clock = SimulatedClock(at)
    yield Office(record=record, clock=clock, service=record.service(clock))
    record.engine.dispose()


@cache
def _shipped(name: str) -> Process:
    return load.load_shipped(name, vocabulary=vocabulary.shipped())


@cache
def _loaded(text: str, name: str) -> Process:
    return load.load_text(text, name=name, vocabulary=vocabulary.shipped())
