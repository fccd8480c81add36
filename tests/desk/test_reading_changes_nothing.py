"""Reading never changes the record: every sequence of GET, HEAD and OPTIONS over every route, as anybody.

Reading writes two things alone: when a session was last seen, at most once a minute (`sessions.seen_at`), and who
looked at which case, at most once an hour (`looks`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select, table, text

from cases import timers
from cases.unit_of_work import reading as look
from desk.app import create_app
from tests import databases
from tests.desk import house as houses
from tests.desk.asking import ASKED, Asking, asking
from tests.desk.house import House
from tests.desk.test_access import routes_of

METHODS = ("GET", "HEAD", "OPTIONS")
PEOPLE = (None, "claire", "nadia", "joseph", "marie", "achol", "li", ASKED)
BY_LINK = "by the link"
LONG_AFTER = timedelta(days=30)
WAKEFUL = timedelta(minutes=10)
"""For how long a session is left alone: idle ones end, and would read as nobody."""
ANSWERS = ("yes", "2", "D-2026-0001")
"""What is asked in a query string: a word, a number, a case."""
_HOLE = re.compile(r"\{(\w+)(?::\w+)?\}")


@dataclass(slots=True)
class Reading:
    """A house in which somebody was asked by mail, with a client for each of its people, and every address of it."""

    question: Asking
    addresses: tuple[str, ...]
    queries: tuple[str, ...]
    clients: dict[str | None, httpx.Client] = field(default_factory=dict)
    signed_in_at: datetime | None = None

    def let_in(self) -> None:
        """Sign everybody in anew; whoever came by the link comes back as long as it leads in."""
        code = {"code": self.question.code()}
        self.close()
        self.clients = {who: self.question.front.client(who) for who in PEOPLE}
        self.clients[BY_LINK] = self.question.front.client()
        self.clients[BY_LINK].post(self.question.link, data=code)
        self.signed_in_at = self.question.house.clock.now()

    def keep_awake(self) -> None:
        """Sign everybody in anew before the desk takes them for gone."""
        if self.signed_in_at is None or self.question.house.clock.now() - self.signed_in_at > WAKEFUL:
            self.let_in()

    def read(self, who: str | None, method: str, address: str) -> int:
        """Let somebody read an address; return the status."""
        return self.clients[who].request(method, address, timeout=60).status_code

    def close(self) -> None:
        """End every visit."""
        for client in self.clients.values():
            client.close()

    def record(self) -> dict[str, list[str]]:
        """Return every row of every table there is, but when each session was last seen."""
        return every_row(self.question.house)


def every_row(house: House) -> dict[str, list[str]]:
    """Return the rows of each table of the database, whichever it is, without `sessions.seen_at` and `looks`."""
    with look(house.record.engine) as connection:
        rows = {
            name: connection.execute(select(text("*")).select_from(table(name))).mappings()
            for name in inspect(connection).get_table_names()
            if name != "looks"
        }
        return {
            name: sorted(
                str([item for item in row.items() if (name, item[0]) != ("sessions", "seen_at")]) for row in found
            )
            for name, found in rows.items()
        }


@pytest.fixture(
    scope="module",
    params=[
        ("sqlite", timedelta()),
        ("sqlite", LONG_AFTER),
        pytest.param(("postgres", LONG_AFTER), marks=pytest.mark.postgres),
    ],
    ids=["sqlite, as it is asked", "sqlite, long after", "postgres, long after"],
)
def reading(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """Yields a house that is only read, with each link of each mail fetched three times before."""
    kind, later = request.param
    with ExitStack() as stack:
        house = (
            _on_sqlite(request, tmp_path_factory)
            if kind == "sqlite"
            else _on_postgres(request, tmp_path_factory, stack)
        )
        stack.callback(house.record.engine.dispose)
        question = stack.enter_context(asking(house))
        one = Reading(question, tuple(_addresses(question)), tuple(_queries(house)))
        one.let_in()
        stack.callback(one.close)
        # Links expire and timers fall due, and no heartbeat beats.
        house.clock.advance(seconds=later.total_seconds())
        before = one.record()
        for _ in range(3):
            assert one.read(None, "GET", question.link) == 200
        assert one.record() == before
        yield one


def _on_sqlite(request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> House:
    furnished = request.getfixturevalue("furnished")
    return houses.copy_of(furnished.folder, folders.mktemp("read"), now=furnished.now)


def _on_postgres(request: pytest.FixtureRequest, folders: pytest.TempPathFactory, stack: ExitStack) -> House:
    url = stack.enter_context(databases.fresh_on(request.getfixturevalue("postgres_server")))
    folder = folders.mktemp("read")
    return houses.house_on(folder, now=houses.furnish(folder, database_url=url), database_url=url)


def _addresses(question: Asking) -> Iterator[str]:
    """Fill every hole of every route with what fits, and with something that does not."""
    house = question.house
    fitting = {
        "token": (question.token, "XlC7OXWIvziyVzRARxe1MQ"),
        "link": (house.link("claire"),),
        "case_ref": ("D-2026-0001", "D-2026-0002", "D-1999-0001"),
        "case_id": (question.case_id,),
        "item_id": (question.item_id,),
        "trigger": ("agree", "add_note"),
        "kind": ("file", "agreement"),
    }
    for path in sorted({route.path for route in _routes(house)}):
        holes = _HOLE.findall(path)
        for filling in itertools.product(*(fitting.get(hole, ("1",)) for hole in holes)):
            yield _HOLE.sub("{}", path).format(*filling)


def _queries(house: House) -> Iterator[str]:
    """Write a query string for each thing that any route may be asked so, and for what none knows."""
    names = {name for route in _routes(house) for name in _asked_by(route.dependant)}
    for name in sorted({*names, "recorded", "page", "anything"}):
        yield from (f"?{name}={answer}" for answer in ANSWERS)


def _asked_by(part: Dependant) -> Iterator[str]:
    yield from (one.alias for one in part.query_params)
    for inner in part.dependencies:
        yield from _asked_by(inner)


def _routes(house: House) -> list[APIRoute]:
    app = create_app(house.record, house.service, house.directory, settings=house.settings, clock=house.clock)
    return [*routes_of(app)]


def test_no_route_is_left_out(reading: Reading) -> None:
    assert len(reading.addresses) > 60
    link = reading.question.link
    assert {link, f"{link}/fresh", reading.question.page, "/"} <= {*reading.addresses}
    assert {"?recorded=yes", "?page=2", "?zone=yes", "?limit=2"} <= {*reading.queries}


def test_time_has_passed_where_it_should_have(reading: Reading) -> None:
    house = reading.question.house
    overdue = timers.overdue(house.record.engine, now=house.clock.now(), slack=timedelta())
    cover = reading.clients[None].get(reading.question.link).text
    asked_long_ago = house.clock.now() - houses.START > LONG_AFTER
    reading.keep_awake()
    assert [reading.read(who, "GET", "/") for who in (None, "claire", ASKED)] == [401, 200, 200]
    assert (bool(overdue), "This link has expired" in cover) == (asked_long_ago, asked_long_ago)


def test_every_route_may_be_read_by_anybody_without_a_trace(reading: Reading) -> None:
    reading.keep_awake()
    before, people, queries = reading.record(), [*reading.clients], itertools.cycle(reading.queries)
    for turn, address in enumerate(reading.addresses):
        for step, method in enumerate((*METHODS, "GET")):
            who = people[(turn + step) % len(people)]
            asked = address if step < len(METHODS) else address + next(queries)
            assert reading.read(who, method, asked) != 500, (who, method, asked)
    assert reading.record() == before


def test_what_a_page_may_be_asked_leaves_no_trace(reading: Reading) -> None:
    reading.keep_awake()
    before = reading.record()
    for query, (who, address) in zip(
        reading.queries,
        itertools.cycle([(ASKED, reading.question.page), ("claire", "/cases"), ("claire", "/cases/D-2026-0001")]),
        strict=False,
    ):
        assert reading.read(who, "GET", address + query) != 500, (who, address, query)
    assert reading.record() == before


@settings(max_examples=25)
@given(data=st.data())
def test_no_order_of_reading_leaves_a_trace(reading: Reading, data: st.DataObject) -> None:
    reading.keep_awake()
    one = st.tuples(
        st.sampled_from([*reading.clients]),
        st.sampled_from(METHODS),
        st.sampled_from(reading.addresses),
        st.sampled_from(("", *reading.queries)),
        st.sampled_from((0, 20, 61)),
    )
    before = reading.record()
    for who, method, address, query, seconds in data.draw(st.lists(one, min_size=1, max_size=8)):
        reading.question.house.clock.advance(seconds=seconds)
        assert reading.read(who, method, address + query) != 500, (who, method, address + query)
    assert reading.record() == before
