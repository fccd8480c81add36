"""What the rules are told of people: whoever an act may ask, with absences, posts and deputies, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import insert

from cases import directory, tables
from cases.people import Directory, Organisation, Person
from cases.roster import Entry, Roster
from cases.unit_of_work import reading, unit_of_work
from states import directory as on_file
from states.directory import Away, Delegation, Post
from tests.cases.builders import Desk

NOON = datetime(2026, 12, 1, 10, tzinfo=UTC)


def put_people(desk: Desk) -> None:
    people = Directory(desk.engine)
    people.add_organisation(Organisation(id="ngo", name="Relief", timezone="Africa/Juba"))
    for name, body in (("amal", "ngo"), ("bilal", "ngo"), ("dina", None)):
        people.add(Person(id=name, name=name.title(), email=f"{name}@relief.example", organisation_id=body))


def test_everybody_of_the_organisations_comes_with_posts_absences_and_deputies(desk: Desk) -> None:
    put_people(desk)
    with unit_of_work(desk.engine) as work:
        work.execute(insert(tables.absences), {"person_id": "amal", "since": "2026-12-01", "until": "2026-12-04"})
        work.execute(
            insert(tables.delegations),
            {"id": "1", "person_id": "amal", "deputy_id": "dina", "scope": '["T1"]', "since": "2026-12-01"}
            | {"until": None, "priority": 1},
        )
        work.execute(
            insert(tables.posts),
            {"id": "1", "organisation_id": "ngo", "name": "duty officer", "place": "Wau", "people": '["bilal"]'}
            | {"since": "2026-01-01", "turn_days": 7},
        )
    with reading(desk.engine) as connection:
        found = directory.load(connection, people=("amal",), organisations=())
    assert set(found.people) == {"amal", "bilal", "dina"}
    assert found.people["amal"].away == (Away(date(2026, 12, 1), date(2026, 12, 4)),)
    kept = Delegation(person="amal", deputy="dina", since=date(2026, 12, 1), scope=frozenset({"T1"}))
    assert found.delegations == (kept,)
    since, zone = date(2026, 1, 1), "Africa/Juba"
    kept_post = Post(organisation="ngo", name="duty officer", people=("bilal",), since=since, timezone=zone)
    assert found.posts == (replace(kept_post, place="Wau", turn_days=7),)
    assert found.kinds == {"ngo": ""}


def test_a_neutral_is_away_on_the_days_that_the_roster_holds(desk: Desk) -> None:
    put_people(desk)
    Roster(desk.engine).put(Entry(person="dina", away=(Away(date(2026, 12, 1), date(2026, 12, 2)),)))
    with reading(desk.engine) as connection:
        found = directory.load(connection, people=("dina",), organisations=())
    assert on_file.is_away(found, "dina", NOON)
    assert set(found.people) == {"dina"}


def test_whoever_left_is_away_from_that_day_on(desk: Desk) -> None:
    put_people(desk)
    Directory(desk.engine).leave("bilal", now=NOON)
    with reading(desk.engine) as connection:
        found = directory.load(connection, people=(), organisations=("ngo",))
    assert on_file.why_away(found, "bilal", NOON) == "Bilal left after 2026-11-30"
    assert not on_file.is_away(found, "amal", NOON)
