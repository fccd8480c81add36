"""The chained record: it cannot be changed by accident, and a change made on purpose is found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, delete, exc, select, text

from cases import ledger, repository, tables
from cases import unit_of_work as work
from states import case as cases
from states.case import Case
from tests.cases.builders import REPRESENTATIVE, START, Desk

TRIGGERS = {
    "sqlite": [
        f"DROP TRIGGER {table}_refuse_{act}" for table in ("events", "event_bodies") for act in ("update", "delete")
    ],
    "postgresql": [f"DROP TRIGGER {table}_refuse_change ON {table}" for table in ("events", "event_bodies")],
}


@pytest.fixture
def case_id(desk: Desk) -> str:
    """Returns a case with a few events in several zones, by people and by the clock."""
    case_id = desk.open(fields={"amount": "3"}).case_id
    desk.act(case_id, "note", {"text": "between us", "zone": "team"})
    desk.clock.advance(hours=25)
    desk.act(case_id, "begin")
    desk.act(case_id, "offer", {"text": "We share."}, actor=REPRESENTATIVE)
    return case_id


@contextmanager
def intruder(desk: Desk) -> Iterator[Connection]:
    """Writes to the database as somebody would who owns it: with the locks taken off."""
    with desk.engine.begin() as connection:
        for statement in TRIGGERS[desk.engine.dialect.name]:
            connection.execute(text(statement))
        yield connection


def check(desk: Desk, case_id: str | None = None) -> ledger.Report:
    with work.reading(desk.engine) as connection:
        return ledger.verify(connection, case_id)


def test_an_untouched_record_holds(desk: Desk, case_id: str) -> None:
    desk.open()
    assert check(desk) == ledger.Report(cases=2, events=7)
    assert check(desk, case_id) == ledger.Report(cases=1, events=6)
    assert check(desk).consistent


def test_replaying_the_events_gives_the_stored_case(desk: Desk, case_id: str) -> None:
    with work.reading(desk.engine) as connection:
        history = ledger.history(connection, case_id)
        stored = repository.load(connection, case_id).case
    assert [one.trigger for one in history] == ["open", "note", "climb", "climb", "begin", "offer"]
    assert cases.replay(history) == stored
    assert isinstance(stored, Case)
    assert history[2].timer == "screening:1:100%"
    assert history[2].at == START.replace(day=2)


@pytest.mark.parametrize("table", ["events", "event_bodies", "deliveries"])
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
@pytest.mark.usefixtures("case_id")
def test_the_database_refuses_to_change_what_may_only_be_added_to(desk: Desk, table: str, act: str) -> None:
    if table == "deliveries":
        _deliver(desk)
    column = {"events": "actor", "event_bodies": "body", "deliveries": "reply"}[table]
    with pytest.raises(exc.DatabaseError, match=f"{table} can only be added to"), desk.engine.begin() as connection:
        connection.execute(text(act.format(table, column, "'x'")))


def _deliver(desk: Desk) -> None:
    message = (
        "INSERT INTO messages (person_id, address, kind, mail, language, subject, message_id, sender, content, state,"
        " created_at) VALUES ('amal', 'a@example.org', 'notice', 'receipt', 'en', 's', 'm@x', 's', :content, 'sent', 0)"
    )
    with desk.engine.begin() as connection:
        connection.execute(text(message), {"content": b""})
        connection.execute(text("INSERT INTO deliveries (message_id, at, outcome, reply) VALUES (1, 0, 'sent', '')"))


def test_replacing_an_event_is_refused_like_changing_it(desk: Desk, case_id: str) -> None:
    if desk.engine.dialect.name == "postgresql":
        statement = "TRUNCATE event_bodies"
    else:
        statement = "REPLACE INTO events SELECT * FROM events WHERE case_id = :of"
    with pytest.raises(exc.DatabaseError, match="can only be added to"), desk.engine.begin() as connection:
        connection.execute(text(statement), {"of": case_id})


TAMPERED = {
    "another actor": ("UPDATE events SET actor = 'somebody' WHERE seq = 3", 3, "facts"),
    "another time": ("UPDATE events SET at = at + 1 WHERE seq = 3", 3, "facts"),
    "another zone": ("UPDATE events SET zone = 'shared' WHERE seq = 2", 2, "facts"),
    "another hash": ("UPDATE events SET hash = 'ff' WHERE seq = 4", 4, "facts"),
    "other words": ("UPDATE event_bodies SET body = replace(body, 'between us', 'x') WHERE event_id = 2", 2, "words"),
    "another salt": ("UPDATE event_bodies SET salt = :bytes WHERE event_id = 2", 2, "words"),
    "the newest gone": ("DELETE FROM events WHERE seq = 6", 6, "the case counts 6 events, the record holds 5"),
    "one in the middle gone": ("DELETE FROM events WHERE seq = 3", 3, "it is missing"),
    "another head": ("UPDATE cases SET head = 'ff'", 6, "the hash on the case"),
    "another version": ("UPDATE cases SET version = 4", 5, "the case counts 4 events"),
    "another stage": ("UPDATE cases SET stage = 'closed'", 6, "not what its events make of it"),
    "another title": ("UPDATE case_texts SET title = 'The well'", 6, "not what its events make of it"),
    "another item": ("UPDATE items SET data = replace(data, 'between us', 'x')", 6, "not what its events make of it"),
    "an item gone": ("DELETE FROM items WHERE kind = 'note'", 6, "not what its events make of it"),
    "unreadable words": ("UPDATE case_texts SET details = '{'", 6, "cannot be read"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampering_is_found_at_its_place(desk: Desk, case_id: str, what: str) -> None:
    statement, seq, sentence = TAMPERED[what]
    with intruder(desk) as connection:
        if statement.startswith("DELETE FROM events"):
            of = statement.partition("WHERE")[2]
            connection.execute(text("UPDATE notifications SET event_id = NULL"))
            gone = select(tables.events.c.id).where(text(of))
            connection.execute(delete(tables.event_bodies).where(tables.event_bodies.c.event_id.in_(gone)))
        connection.execute(text(statement), {"bytes": b"0"} if ":bytes" in statement else {})
    found = check(desk, case_id).first_break
    assert found is not None
    assert (found.number, found.seq) == ("M-2026-0001", seq)
    assert sentence in found.what
    assert str(check(desk).first_break) == f"case M-2026-0001, event {seq}: {found.what}"


def test_an_event_added_behind_the_back_of_the_case_is_found(desk: Desk, case_id: str) -> None:
    with desk.engine.begin() as connection:
        newest = connection.execute(select(tables.events).where(tables.events.c.seq == 6)).mappings().one()
        forged = {name: value for name, value in newest.items() if name != "id"} | {"seq": 7}
        forged["hash"] = ledger.link(newest["hash"], {key: forged[key] for key in forged if key != "hash"})
        connection.execute(tables.events.insert(), forged)
    found = check(desk, case_id).first_break
    assert found is not None
    assert found.what == "the case counts 6 events, the record holds 7"


def test_erased_words_leave_the_chain_whole(desk: Desk, case_id: str) -> None:
    with intruder(desk) as connection:
        connection.execute(text("DELETE FROM event_bodies WHERE event_id = 2"))
    assert check(desk, case_id) == ledger.Report(cases=1, events=6, erased=1)


def test_equal_words_have_unlike_commitments(desk: Desk, case_id: str) -> None:
    for _ in range(2):
        desk.act(case_id, "note", {"text": "yes", "zone": "team"})
    with work.reading(desk.engine) as connection:
        kept = connection.execute(select(tables.events.c.commitment).where(tables.events.c.trigger == "note"))
        assert len(set(kept.scalars())) == 3
