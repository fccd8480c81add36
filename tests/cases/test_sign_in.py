"""Tests links and sessions: used once, ended in time, and never kept in the clear."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from cases import sign_in, tables
from cases.database import open_database
from cases.people import Audience, Directory, Person
from states import errors

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    Directory(engine).add(Person(id="amal", name="Amal", email="amal@example.org"))
    yield engine
    engine.dispose()


def signed_in(engine: Engine) -> str:
    return sign_in.use_link(engine, sign_in.make_link(engine, "amal", now=NOW), now=NOW)


def test_a_link_opens_one_session(engine: Engine) -> None:
    assert sign_in.session_person(engine, signed_in(engine), now=NOW) == "amal"


def test_a_link_is_good_once(engine: Engine) -> None:
    link = sign_in.make_link(engine, "amal", now=NOW)
    sign_in.use_link(engine, link, now=NOW)
    with pytest.raises(errors.NotFound, match="this link has been used, on 2026-12-01 08:00 UTC"):
        sign_in.use_link(engine, link, now=NOW)


def test_of_two_who_press_the_button_at_once_one_gets_in(engine: Engine) -> None:
    link = sign_in.make_link(engine, "amal", now=NOW)
    sessions: list[str] = []
    refusals: list[str] = []
    start = threading.Barrier(2)

    def press() -> None:
        start.wait()
        try:
            sessions.append(sign_in.use_link(engine, link, now=NOW))
        except errors.NotFound as refusal:
            refusals.append(str(refusal))

    people = [threading.Thread(target=press) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert (len(sessions), len(refusals)) == (1, 1)


def test_a_link_expires(engine: Engine) -> None:
    link = sign_in.make_link(engine, "amal", now=NOW, lifetime=timedelta(minutes=5))
    with pytest.raises(errors.NotFound, match="has expired"):
        sign_in.use_link(engine, link, now=NOW + timedelta(minutes=5))
    assert sign_in.use_link(engine, link, now=NOW + timedelta(minutes=5) - INSTANT)


def test_an_unknown_link_is_not_ours(engine: Engine) -> None:
    with pytest.raises(errors.NotFound, match="not one of ours"):
        sign_in.use_link(engine, "guess", now=NOW)


def test_a_session_ends_after_a_silence_but_not_while_pages_are_read(engine: Engine) -> None:
    session, now = signed_in(engine), NOW
    for _ in range(4):
        now += sign_in.IDLE - INSTANT
        assert sign_in.session_person(engine, session, now=now) == "amal"
    assert sign_in.session_person(engine, session, now=now + sign_in.IDLE) is None


def test_the_length_of_the_silence_is_the_offices_own(engine: Engine) -> None:
    session, later = signed_in(engine), NOW + timedelta(minutes=10)
    assert sign_in.session_person(engine, session, now=later, idle=timedelta(minutes=10)) is None
    assert sign_in.session_person(engine, session, now=later, idle=timedelta(minutes=11)) == "amal"


def test_no_session_outlives_a_working_day(engine: Engine) -> None:
    session = signed_in(engine)
    for minutes in range(20, 720, 20):
        assert sign_in.session_person(engine, session, now=NOW + timedelta(minutes=minutes)) == "amal"
    assert sign_in.session_person(engine, session, now=NOW + sign_in.LONGEST) is None


def test_people_of_the_portal_and_of_the_desk_come_in_by_doors_of_their_own(engine: Engine) -> None:
    known = Directory(engine)
    known.add(Person(id="bakri", name="Bakri", email="bakri@example.org", audience=Audience.PORTAL))
    session = sign_in.begin_session(engine, "bakri", now=NOW)
    assert sign_in.session_person(engine, session, now=NOW) is None
    assert sign_in.session_person(engine, session, now=NOW, audience=Audience.PORTAL) == "bakri"
    assert sign_in.session_person(engine, signed_in(engine), now=NOW, audience=Audience.PORTAL) is None
    with pytest.raises(errors.NotFound, match="who may sign in at the desk"):
        sign_in.make_link(engine, "bakri", now=NOW)


def test_somebody_who_comes_in_by_another_door_from_now_on_is_out_at_the_old_one(engine: Engine) -> None:
    known, session = Directory(engine), signed_in(engine)
    known.change(replace(known.person("amal"), audience=Audience.PORTAL))
    assert sign_in.session_person(engine, session, now=NOW) is None
    assert sign_in.session_person(engine, session, now=NOW, audience=Audience.PORTAL) is None


def test_signing_out_ends_the_session(engine: Engine) -> None:
    session, other = signed_in(engine), signed_in(engine)
    sign_in.end_session(engine, session, now=NOW)
    assert sign_in.session_person(engine, session, now=NOW) is None
    assert sign_in.session_person(engine, other, now=NOW) == "amal"


def test_the_database_holds_no_token(engine: Engine) -> None:
    link = sign_in.make_link(engine, "amal", now=NOW)
    session = sign_in.use_link(engine, link, now=NOW)
    with engine.connect() as connection:
        kept = [str(connection.execute(select(table)).all()) for table in (tables.links, tables.sessions)]
    assert not any(token in text for token in (link, session) for text in kept)
    assert len(link) >= 22


def test_old_links_and_sessions_are_forgotten(engine: Engine) -> None:
    session = signed_in(engine)
    assert sign_in.forget_old(engine, before=NOW) == 0
    assert sign_in.forget_old(engine, before=NOW + sign_in.LONGEST + INSTANT) == 2
    assert sign_in.session_person(engine, session, now=NOW) is None
