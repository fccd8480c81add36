"""How fast mail goes out: so much in a minute to a domain, so much in all, and the rest a little later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import select

from cases import outbox, tables
from cases.outbox import NewMessage
from cases.unit_of_work import reading
from notifications import mailroom
from notifications.pace import WINDOW, Limits, Pace
from notifications.transport import Outcome
from tests.notifications.offices import Office, an_office

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TWO = Limits(to_one_domain=2, to_all=3)


def test_without_limits_everything_may_go() -> None:
    pace = Pace(None)

    assert [pace.ask("ngo.example", now=NOON) for _ in range(1000)] == [None] * 1000


def test_each_message_over_the_limit_of_its_domain_gets_a_moment_of_its_own() -> None:
    pace = Pace(TWO)

    told = [pace.ask("ngo.example", now=NOON) for _ in range(6)]

    assert told == [None, None, NOON + WINDOW, NOON + WINDOW, NOON + 2 * WINDOW, NOON + 2 * WINDOW]


def test_one_domain_over_its_limit_takes_no_place_from_another() -> None:
    pace = Pace(TWO)
    for _ in range(5):
        pace.ask("ngo.example", now=NOON)

    assert pace.ask("mission.example", now=NOON) is None
    assert pace.ask("gov.example", now=NOON) == NOON + WINDOW


def test_what_went_out_before_this_run_counts() -> None:
    lately = [(NOON - timedelta(seconds=50), "ngo.example"), (NOON - timedelta(seconds=20), "ngo.example")]

    assert Pace(TWO, lately).ask("ngo.example", now=NOON) == NOON + timedelta(seconds=10)


@given(
    domains=some.lists(some.tuples(some.sampled_from("ab"), some.integers(0, 40)), max_size=60),
    limits=some.builds(Limits, to_one_domain=some.integers(1, 4), to_all=some.integers(1, 5)),
)
def test_no_minute_ever_holds_more_than_the_limits(domains: list[tuple[str, int]], limits: Limits) -> None:
    pace, now, gone = Pace(limits), NOON, list[tuple[datetime, str]]()
    for domain, seconds in domains:
        now += timedelta(seconds=seconds)
        if pace.ask(domain, now=now) is None:
            gone.append((now, domain))

    for begin, _ in gone:
        within = Counter(domain for at, domain in gone if begin <= at < begin + WINDOW)
        assert within.total() <= limits.to_all
        assert max(within.values()) <= limits.to_one_domain


def test_the_record_counts_every_outcome_of_a_try() -> None:
    assert set(outbox.TRIED) == set(Outcome)


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    office = an_office(sqlite_url)
    office.deliver()
    office.memory.sent.clear()
    office.clock.advance(minutes=2)
    yield office
    office.record.engine.dispose()


def queue(office: Office, *numbers: int) -> None:
    for number in numbers:
        message = NewMessage(
            person_id="amal",
            address="amal@mission.example",
            kind="notice",
            language="en",
            subject="A notice",
            message_id=f"{number}@desk.example",
            sender="desk@desk.example",
            content=b"Subject: a notice\r\n\r\nwords\r\n",
        )
        outbox.enqueue(office.record.engine, message, mail="a_test", now=office.clock.now())


def beat(office: Office) -> mailroom.Counts:
    room = replace(office.room, limits=TWO)
    return mailroom.deliver_due(room, owner="test")


def test_mail_over_the_limit_goes_a_minute_later_and_waiting_is_no_attempt(office: Office) -> None:
    queue(office, *range(5))

    counts = [beat(office)]
    for _ in range(2):
        office.clock.advance(minutes=1)
        counts.append(beat(office))

    assert [(one.sent, one.put_off) for one in counts] == [(2, 3), (2, 0), (1, 0)]
    assert len(office.memory.sent) == 5
    with reading(office.record.engine) as connection:
        tried = connection.execute(select(tables.messages.c.attempts).where(tables.messages.c.mail == "a_test"))
        assert tried.scalars().all() == [1] * 5


def test_another_worker_keeps_to_the_same_limit(office: Office) -> None:
    queue(office, 1, 2)
    beat(office)
    queue(office, 3)

    assert beat(office).put_off == 1
    assert len(office.memory.sent) == 2
