"""The shortlist of one case: who may see it, what it weighs for whom, and what the directory says to the rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from cases import queries, shortlists, tables
from cases.commands import ActOnCase, OpenCase
from cases.people import Directory, Organisation, Person
from cases.record import Record, open_record
from cases.roster import Entry, Roster
from cases.unit_of_work import unit_of_work
from cases.viewer import Viewer
from config.clock import SimulatedClock
from states import errors
from states.case import Party, Side
from states.directory import Away
from states.roles import Actor
from states.shortlist import Asked, Bar
from tests.cases.builders import START, put_on_file

PEOPLE = {
    "joseph": ("ar", "herders"),
    "marie": ("fr", "council"),
    "nadia": ("ar", "office"),
    "tomas": ("fr", "office"),
    "hal": ("en", "herders"),
    "claire": ("en", "office"),
}
PARTIES = (
    Party(id="A", name="Herders", side=Side.INITIATING, organisation="herders", people={"representative": ("joseph",)}),
    Party(id="B", name="Council", side=Side.RESPONDING, organisation="council", people={"representative": ("marie",)}),
)
CLAIRE = Actor("claire")
REGISTRY = Actor("rita", frozenset({"registry"}))


class House:
    """A record with a roster, and a dispute that waits for its neutral."""

    def __init__(self, url: str) -> None:
        """Moves in."""
        self.clock = SimulatedClock(START)
        self.record: Record = open_record(url, now=START)
        self.service = self.record.service(self.clock)
        directory = Directory(self.record.engine)
        for body in ("herders", "council", "office"):
            directory.add_organisation(Organisation(id=body, name=body, timezone="Africa/Juba"))
        for person, (language, body) in PEOPLE.items():
            email = f"{person}@example.org"
            directory.add(Person(id=person, name=person, email=email, language=language, organisation_id=body))
        self.roster = Roster(self.record.engine)
        put_on_file(self.record.engine, "carol", "claire", "joseph", "marie")
        for person in ("nadia", "tomas", "hal"):
            self.roster.put(Entry(person=person, languages=(PEOPLE[person][0],), most_cases=2))

    def open(self, **roles: str) -> str:
        """Opens a dispute; keywords say who has which part beside the convener."""
        command = OpenCase(
            process="dispute",
            title="Wells",
            actor=Actor("joseph"),
            key=uuid4().hex,
            parties=PARTIES,
            roles={"convener": ("claire",), "committee": ("carol",)} | {role: (one,) for role, one in roles.items()},
            issues=("Who waters first?",),
        )
        return self.service.open(command).case_id

    def act(self, case_id: str, trigger: str, actor: Actor = CLAIRE, **inputs: object) -> None:
        self.service.act(ActOnCase(case_id=case_id, trigger=trigger, actor=actor, key=uuid4().hex, inputs=inputs))

    def ranked(self, case_id: str, who: Actor = CLAIRE, asked: Asked | None = None) -> list[str]:
        found = shortlists.shortlist_for(
            self.record, Viewer(who), case_id, now=self.clock.now(), asked=asked or Asked()
        )
        return [one.candidate.person for one in found.ranking.ranked]

    def bars(self, case_id: str) -> dict[str, tuple[Bar, ...]]:
        found = shortlists.shortlist_for(self.record, Viewer(CLAIRE), case_id, now=self.clock.now())
        return {one.candidate.person: one.bars for one in found.ranking.barred}


def bring_to_appointing(house: House, case_id: str) -> None:
    """Puts a case before the appointment, without the way there."""
    with unit_of_work(house.record.engine) as work:
        work.execute(update(tables.cases).where(tables.cases.c.id == case_id).values(stage="appointing"))


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    house = House(database_url)
    yield house
    house.record.engine.dispose()


def test_only_those_who_appoint_see_it(house: House) -> None:
    case_id = house.open(mediator="nadia")
    for who in (CLAIRE, Actor("carol"), REGISTRY):
        assert set(house.ranked(case_id, who)) == {"nadia", "tomas"}
    for person in ("joseph", "marie", "nadia", "hal", "nobody"):
        with pytest.raises(errors.NotFound, match="not yours to see"):
            house.ranked(case_id, Actor(person))
    with pytest.raises(errors.NotFound, match="not yours to see"):
        house.ranked("D-1999-0001", REGISTRY)


def test_an_administrator_as_such_does_not_see_it(house: House) -> None:
    with pytest.raises(errors.NotFound):
        house.ranked(house.open(), Actor("li", frozenset({"administrator"})))


def test_a_case_more_puts_somebody_lower_and_a_full_load_out(house: House) -> None:
    case_id = house.open()
    assert house.ranked(case_id) == ["nadia", "tomas"]
    other = house.open(mediator="nadia")
    assert house.ranked(case_id) == ["tomas", "nadia"]
    assert house.ranked(other) == ["nadia", "tomas"]
    house.open(mediator="nadia")
    assert house.ranked(case_id) == ["tomas"]
    assert house.bars(case_id)["nadia"] == (Bar.FULL,)


def test_what_is_asked_for_counts(house: House) -> None:
    case_id = house.open()
    house.roster.put(Entry(person="tomas", languages=("fr",), skills=("water",), places=("Juba",)))
    assert house.ranked(case_id, asked=Asked(skills=("Water",)))[0] == "tomas"
    assert house.ranked(case_id, asked=Asked(places=("juba",)))[0] == "tomas"
    assert house.ranked(case_id) == ["nadia", "tomas"]


def test_who_is_away_in_the_planned_time_is_out_until_then(house: House) -> None:
    case_id = house.open()
    today = START.date()
    house.roster.put(Entry(person="nadia", away=(Away(today, today + timedelta(days=3)),)))
    house.roster.put(Entry(person="tomas", away=(Away(date(2027, 6, 1), date(2027, 6, 9)),)))
    assert house.bars(case_id)["nadia"] == (Bar.AWAY,)
    house.clock.advance(days=4)
    assert set(house.ranked(case_id)) == {"nadia", "tomas"}


def test_a_person_of_a_partys_organisation_is_neither_offered_nor_put_on_a_list(house: House) -> None:
    case_id = house.open()
    assert house.bars(case_id)["hal"] == (Bar.BODY,)
    bring_to_appointing(house, case_id)
    for trigger, inputs in (
        ("name_neutral", {"person": "hal"}),
        ("put_shortlist", {"names": ["nadia", "tomas", "hal"]}),
    ):
        with pytest.raises(errors.NeedsMissing, match="nobody named works for the organisation of a party"):
            house.act(case_id, trigger, **inputs)
    house.act(case_id, "name_neutral", person="nadia")


def test_of_two_who_answer_at_once_for_a_party_the_second_is_told(house: House) -> None:
    case_id = house.open()
    bring_to_appointing(house, case_id)
    house.act(case_id, "put_shortlist", names=["nadia", "tomas", "claire"])
    house.act(case_id, "answer_shortlist", Actor("joseph"), struck=["nadia"])
    with pytest.raises(errors.NeedsMissing, match="a shortlist waits for the answer of your party"):
        house.act(case_id, "answer_shortlist", Actor("joseph"), struck=["tomas"])
    with pytest.raises(errors.NeedsMissing, match="or its time has run out"):
        house.act(case_id, "name_neutral", person="tomas")
    house.clock.advance(days=2)
    house.service.fire_due(case_id)
    with pytest.raises(errors.NeedsMissing, match="no party has struck this name"):
        house.act(case_id, "name_neutral", person="nadia")
    house.act(case_id, "name_neutral", person="tomas")


def test_the_name_of_a_neutral_who_was_only_asked_is_nowhere_in_the_file_of_a_party(house: House) -> None:
    case_id = house.open()
    bring_to_appointing(house, case_id)
    house.act(case_id, "name_neutral", person="nadia")

    def told_to(person: str) -> str:
        return repr(queries.case_for(house.record, Viewer(Actor(person)), case_id)[1])

    for person in ("joseph", "marie"):
        assert "nadia" not in told_to(person)
    for person in ("claire", "carol", "nadia"):
        assert "nadia" in told_to(person)
    house.act(case_id, "disclose", Actor("nadia"), disclosure="none")
    assert "nadia" in told_to("marie")
