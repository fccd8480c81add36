"""A marker of its own in every word that is typed in a case, looked for on every page, answer and mail of everybody.

The cases are the shipped scenarios; who may read a marker follows from the zones in which the record holds it.
"""

from __future__ import annotations

import itertools
import logging
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from sqlalchemy import select

from cases import inputs, ledger, repository, tables
from cases.people import Directory, Person
from cases.record import open_record
from cases.unit_of_work import reading
from config import scenarios
from config.clock import SimulatedClock
from config.scenarios import Act, Input, Scenario
from config.settings import Settings
from desk import player
from desk.app import create_app
from desk.live import Live
from desk.player import Told
from states import errors, roles
from states.case import Case
from states.events import Event, FieldsSet, ItemRecorded
from states.fields import FieldType
from states.process import Process
from tests.at_once import at_once
from tests.desk import every_page
from tests.desk.house import Front, House, serving
from tests.desk.test_access import routes_of
from tests.journeys.test_scenarios import LETTERHEAD
from tests.stores import store_in

PLAYED = ("S7",)
"""The conflict of priorities: with an aviation desk, sealed rooms and a climb to the seniors, the shortest of all."""
TYPED = {FieldType.TEXT, FieldType.LONG_TEXT, FieldType.TEXTS}
MARKER = re.compile(r"zq\d{4}qz")
NOBODY = None
ADMINISTRATOR, REGISTRAR, OUTSIDER = "canary_admin", "canary_registry", "canary_outsider"
LOOKED_FOR = 3
"""How many markers somebody may not read are looked for by name, for each person."""
OUR_LOGS = ("cases", "config", "desk", "flows", "notifications", "sqlalchemy", "states", "uvicorn.error")
"""What is written down of a request that asks for words in its address is not what a desk writes down."""


class Canary(Live):
    """A world in which every word that is typed carries a marker of its own, and every mail is read as it goes out."""

    def __init__(self, house: House) -> None:
        """Begin like every live world."""
        super().__init__(house.record, LETTERHEAD, house.clock)
        self.house = house
        self.typed: dict[str, str] = {}
        self.held: dict[str, tuple[int, dict[str, set[str]]]] = {}
        self.mailed: defaultdict[str, set[str]] = defaultdict(set)
        self.astray: list[str] = []

    def act(self, act: Act, inputs: Mapping[str, Input], *, case_id: str) -> Told:
        """Do an act with marked words, or as it was written where the marks themselves are refused."""
        try:
            return super().act(act, self._marked(act, inputs, case_id), case_id=case_id)
        except errors.Refused:
            return super().act(act, inputs, case_id=case_id)

    def letters(self) -> Iterator[player.Letter]:
        """Send what waits, and look at once whether each mail carries what its reader may not read in a mail."""
        begun = len(self._transport.sent)
        yield from super().letters()
        for sent in self._transport.sent[begun:]:
            self._read(sent.recipient, sent.content)

    def allowed(self, who: str | None, *, by_mail: bool = False) -> set[str]:
        """Return the markers that somebody may read, by the zones in which the record holds them."""
        found: set[str] = set()
        for process, case in every_case(self.house) if who else ():
            zones = roles.readable_zones(process, case, self.house.directory.actor(who or ""))
            readable = roles.mailable(zones) if by_mail else zones
            found |= {one for one, lies in self.zones_of(process, case).items() if lies & readable}
        return found

    def zones_of(self, process: Process, case: Case) -> dict[str, set[str]]:
        """Tell in which zones of a case each marker lies, in an event or on an item; read anew when it has moved."""
        version, zones = self.held.get(case.id, (0, {}))
        if version != case.version:
            zones = defaultdict(set)
            with reading(self.house.record.engine) as connection:
                history = ledger.history(connection, case.id)
            for zone, words in (place for event in history for place in places(process, event)):
                for marker in MARKER.findall(words):
                    zones[marker].add(zone)
            self.held[case.id] = (case.version, zones)
        return zones

    def _marked(self, act: Act, given: Mapping[str, Input], case_id: str) -> dict[str, Input]:
        process = self.house.record.registry.get(self.case_of(case_id).process)
        asked = inputs.of_act(process, act.do)
        return {
            name: self._with_marker(value, f"{act.do} {name}")
            if name in asked and asked[name].type in TYPED and asked[name].names is None
            else value
            for name, value in given.items()
        }

    def _with_marker(self, value: Input, what: str) -> Input:
        marker = f"zq{len(self.typed):04}qz"
        self.typed[marker] = what
        if isinstance(value, tuple | list):
            return (*value[:-1], f"{value[-1]} {marker}") if value else value
        return f"{value} {marker}" if value else value

    def _read(self, address: str, content: bytes) -> None:
        mail = message_from_bytes(content, policy=policy.default)
        told = "\n".join([str(mail), *(str(part.get_content()) for part in mail.walk() if not part.is_multipart())])
        [reader] = [one for one in self.house.directory.everyone() if one.email == address]
        found = set(MARKER.findall(told))
        self.mailed[reader.id] |= found
        may = self.allowed(reader.id, by_mail=True)
        self.astray += [f"{self.typed[one]} ({one}) in a mail to {reader.id}" for one in found - may]


@dataclass(slots=True)
class Played:
    """The cases as they stand in the end, served at a desk."""

    world: Canary
    front: Front
    logged: list[str]
    seen: dict[str | None, dict[str, set[str]]] = field(default_factory=dict)

    @property
    def house(self) -> House:
        return self.front.house

    @property
    def walkers(self) -> tuple[str, ...]:
        """Those who follow every link as well: a representative."""
        [(_, case), *_] = every_case(self.house)
        return (next(iter(case.parties[0].people.values()))[0],)

    @property
    def people(self) -> list[str]:
        return [one.id for one in self.house.directory.everyone()]


def every_case(house: House) -> list[tuple[Process, Case]]:
    """Load every case whole, with its process."""
    with reading(house.record.engine) as connection:
        ids = connection.execute(select(tables.cases.c.id)).scalars().all()
        cases = [repository.load(connection, one).case for one in ids]
    return [(house.record.registry.get(case.process), case) for case in cases]


def places(process: Process, event: Event) -> Iterator[tuple[str, str]]:
    """Yield the words of an event with the zones in which they lie."""
    yield event.zone, repr(dict(event.inputs))
    for change in event.changes:
        if isinstance(change, ItemRecorded):
            yield change.item.zone, repr(change.item)
        elif isinstance(change, FieldsSet):
            yield from ((process.fields[name].zone, repr(value)) for name, value in change.values.items())
        else:
            # Where a case stands and who its parties are, everybody knows who reads anything of it.
            yield roles.SHARED, repr(change)


class Ear(logging.Handler):
    """Keeps every line that is logged, spelled out."""

    def __init__(self) -> None:
        """Hear everything."""
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line with all that it was told."""
        self.lines.append(self.format(record))


@contextmanager
def listening() -> Iterator[list[str]]:
    """Yield the lines that our rooms, the database and the server log meanwhile, at the finest level."""
    ear, levels = Ear(), {name: logging.getLogger(name).level for name in OUR_LOGS}
    for name in OUR_LOGS:
        logging.getLogger(name).addHandler(ear)
        logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield ear.lines
    finally:
        for name, level in levels.items():
            logging.getLogger(name).removeHandler(ear)
            logging.getLogger(name).setLevel(level)


@pytest.fixture(scope="module", params=PLAYED)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """Yields a scenario played to its end with a marker in all that was typed."""
    scenario: Scenario = scenarios.load_shipped(request.param)
    folder: Path = tmp_path_factory.mktemp(request.param)
    record = open_record(f"sqlite:///{folder / 'parley.db'}", now=scenario.start, files=store_in(folder))
    chosen = at_once(Settings(data_folder=folder, second_factor_required=False))
    clock = SimulatedClock(scenario.start)
    house = House(record, record.service(clock), Directory(record.engine), clock, chosen)
    with ExitStack() as stack:
        stack.callback(record.engine.dispose)
        for person, offices in ((ADMINISTRATOR, ("administrator",)), (REGISTRAR, ("registry",)), (OUTSIDER, ())):
            house.directory.add(Person(id=person, name=person, email=f"{person}@desk.example", offices=offices))
        logged = stack.enter_context(listening())
        world = Canary(house)
        for _ in player.play(scenario, world):
            pass
        played = Played(world, stack.enter_context(serving(house)), logged)
        where = addresses(played)
        for who in (NOBODY, *played.people):
            played.seen[who] = read_all(played, who, where)
        yield played


def addresses(played: Played) -> list[str]:
    """Write the address of every route that is read, with each case and a few of its acts and items in its holes."""
    house = played.house
    app = create_app(house.record, house.service, house.directory, settings=house.settings, clock=house.clock)
    cases = [case for _, case in every_case(house)]
    filling = {
        "case_ref": [case.number for case in cases],
        "trigger": ["add_note"],
        "kind": ["file", "agreement", "brief"],
        "item_id": [item.id for item in cases[0].items[::20]],
        "number": ["1", "2"],
    }
    routes = {one.path for one in routes_of(app) if "GET" in (one.methods or ())}
    found = []
    for path in sorted(routes):
        holes = re.findall(r"\{(\w+)(?::\w+)?\}", path)
        if set(holes) <= filling.keys() and not path.endswith(".pdf"):
            blank = re.sub(r"\{\w+(?::\w+)?\}", "{}", path)
            found += [blank.format(*fit) for fit in itertools.product(*(filling[hole] for hole in holes))]
    return [*found, *(f"/cases/{case.number}?everything=yes" for case in cases), "/cases/D-1999-0001"]


def read_all(played: Played, who: str | None, where: list[str]) -> dict[str, set[str]]:
    """Let somebody read every address, and look for some of what is not theirs; return the markers they saw."""
    found: dict[str, set[str]] = {}
    hidden = sorted(played.world.typed.keys() - played.world.allowed(who))
    with played.front.client(who) as client:
        for address in where:
            answer = client.get(address)
            found[address] = set(MARKER.findall(unquote_plus(f"{answer.text} {answer.headers}")))
        for marker, door in itertools.product(hidden[-LOOKED_FOR:], ("/search", "/api/search", "/cases")):
            answer = client.get(door, params={"q": marker})
            # What was asked for stands in the form; nothing else may.
            found[f"{door} for {marker}"] = set(MARKER.findall(answer.text)) - {marker}
    if who in played.walkers:
        found |= {page.address: set(MARKER.findall(page.text)) for page in every_page.walk(played.front, who or "")}
    return found


def nobody_saw_what_lies_in_a_room_they_may_not_read(played: Played) -> None:
    leaks = [
        f"{played.world.typed[one]} ({one}) shown to {who} at {address}"
        for who, found in played.seen.items()
        for address, markers in found.items()
        for one in markers - played.world.allowed(who)
    ]
    assert leaks == []


def no_log_holds_a_marker(played: Played) -> None:
    assert len(played.logged) > LOOKED_FOR
    assert [line for line in played.logged if MARKER.search(line)] == []


def no_mail_carried_what_its_reader_may_not_read_in_a_mail(played: Played) -> None:
    assert played.world.astray == []
    assert len(set().union(*played.world.mailed.values())) > LOOKED_FOR


def each_marker_was_seen_by_somebody_who_may_read_it(played: Played) -> None:
    held = {marker for who in played.people for marker in played.world.allowed(who)}
    seen = {marker for found in played.seen.values() for markers in found.values() for marker in markers}
    assert {played.world.typed[one] for one in held - seen} == set()
    for who in (ADMINISTRATOR, OUTSIDER, NOBODY):
        assert not set().union(*played.seen[who].values())


def every_kind_of_room_holds_markers(played: Played) -> None:
    held = (played.world.zones_of(*one).values() for one in every_case(played.house))
    lies = {zone for zones in held for lying in zones for zone in lying}
    assert {zone.partition(":")[0] for zone in lies} >= {roles.SHARED, roles.TEAM, roles.CAUCUS}


def test_every_marker_is_seen_by_those_who_may_read_it_and_by_nobody_else(played: Played) -> None:
    nobody_saw_what_lies_in_a_room_they_may_not_read(played)
    no_mail_carried_what_its_reader_may_not_read_in_a_mail(played)
    no_log_holds_a_marker(played)
    each_marker_was_seen_by_somebody_who_may_read_it(played)
    every_kind_of_room_holds_markers(played)
