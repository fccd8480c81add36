"""Reading never changes the record: every sequence of GET, HEAD and OPTIONS over every route, as anybody.

The time when a session was last seen is the one thing that reading writes, at most once a minute (`sessions.seen_at`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.app import create_app
from tests.desk import house as houses
from tests.desk.asking import ASKED, Asking, asking
from tests.desk.conftest import Furnished
from tests.desk.test_access import routes_of

METHODS = ("GET", "HEAD", "OPTIONS")
SEEN = frozenset({"sessions"})
PEOPLE = (None, "claire", "nadia", "joseph", "marie", "achol", "li", ASKED)
_HOLE = re.compile(r"\{(\w+)(?::\w+)?\}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A house in which somebody was asked by mail, with a client for each of its people, and every address of it."""

    question: Asking
    clients: dict[str | None, httpx.Client]
    addresses: tuple[str, ...]

    def record(self) -> list[str]:
        """Return every row but when sessions were last seen."""
        return self.question.house.dump(without=SEEN)


@pytest.fixture(scope="module")
def reading(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """Yields a house that is only read, with each link of each mail fetched three times before."""
    house = houses.copy_of(furnished.folder, tmp_path_factory.mktemp("read"), now=furnished.now)
    with asking(house) as question:
        clients = {who: question.front.client(who) for who in PEOPLE}
        proven = question.front.client()
        question.proven(proven)
        clients["by the link"] = proven
        before = house.dump()
        for _ in range(3):
            assert clients[None].get(question.link).status_code == 200
        assert house.dump() == before
        yield Reading(question, clients, tuple(_addresses(question)))
        for client in clients.values():
            client.close()
    house.record.engine.dispose()


def _addresses(question: Asking) -> Iterator[str]:
    """Fill every hole of every route with what fits, and with something that does not."""
    house = question.house
    app = create_app(house.record, house.service, house.directory, settings=house.settings, clock=house.clock)
    fitting = {
        "token": (question.token, "XlC7OXWIvziyVzRARxe1MQ"),
        "link": (house.link("claire"),),
        "case_ref": ("D-2026-0001", "D-2026-0002", "D-1999-0001"),
        "case_id": (question.case_id,),
        "item_id": (question.item_id,),
        "trigger": ("agree", "add_note"),
        "kind": ("file", "agreement"),
    }
    for path in sorted({route.path for route in routes_of(app)}):
        holes = _HOLE.findall(path)
        for filling in itertools.product(*(fitting.get(hole, ("1",)) for hole in holes)):
            yield _HOLE.sub("{}", path).format(*filling)


def test_no_route_is_left_out(reading: Reading) -> None:
    assert len(reading.addresses) > 60
    assert {reading.question.link, f"{reading.question.link}/fresh", reading.question.page, "/"} <= {*reading.addresses}


def test_every_route_may_be_read_by_anybody_without_a_trace(reading: Reading) -> None:
    before = reading.record()
    for turn, address in enumerate(reading.addresses):
        for step, method in enumerate(METHODS):
            who = [*reading.clients][(turn + step) % len(reading.clients)]
            assert reading.clients[who].request(method, address, timeout=60).status_code != 500, (who, method, address)
    assert reading.record() == before


@settings(max_examples=25)
@given(data=st.data())
def test_no_order_of_reading_leaves_a_trace(reading: Reading, data: st.DataObject) -> None:
    one = st.tuples(st.sampled_from([*reading.clients]), st.sampled_from(METHODS), st.sampled_from(reading.addresses))
    before = reading.record()
    for who, method, address in data.draw(st.lists(one, min_size=1, max_size=8)):
        reading.question.house.clock.advance(seconds=20)
        assert reading.clients[who].request(method, address, timeout=60).status_code != 500
    assert reading.record() == before
