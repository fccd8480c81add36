"""The roster of neutrals in the record: what is kept, what is refused, and load that is counted live."""

from __future__ import annotations

from datetime import date

import pytest

from cases import roster
from cases.people import Directory, Organisation, Person
from cases.roster import Entry, Roster
from states import errors
from states.directory import Away
from states.roles import Actor
from tests.cases.builders import Desk

AWAY = Away(date(2026, 12, 1), date(2026, 12, 20))


@pytest.fixture
def kept(desk: Desk) -> Roster:
    """Returns the roster of a house where Nadia and Tomás are on file."""
    directory = Directory(desk.engine)
    directory.add_organisation(Organisation(id="office", name="Office", timezone="UTC"))
    directory.add(Person(id="nadia", name="Nadia", email="nadia@example.org", organisation_id="office"))
    directory.add(Person(id="tomas", name="Tomás", email="tomas@example.org"))
    return Roster(desk.engine)


def refusal(kept: Roster, entry: Entry) -> str:
    with pytest.raises(errors.ParleyError) as refused:
        kept.put(entry)
    return str(refused.value)


def test_an_entry_comes_back_as_kept_and_is_replaced_whole(kept: Roster) -> None:
    entry = kept.put(
        Entry(
            person="nadia",
            skills=(" Water  rights", "water rights", "land"),
            languages=("AR", "en_GB"),
            places=("Upper Nile",),
            answers_to=("office", "tomas"),
            away=(AWAY,),
            most_cases=4,
        )
    )
    assert entry.skills == ("Water rights", "land")
    assert entry.languages == ("ar", "en-gb")
    assert kept.entry("nadia") == entry
    kept.put(Entry(person="nadia", most_cases=1))
    assert kept.entry("nadia") == Entry(person="nadia", most_cases=1)


def test_everything_that_is_wrong_is_told_at_once(kept: Roster) -> None:
    told = refusal(
        kept, Entry(person="nadia", languages=("arabic language",), away=(Away(AWAY.until, AWAY.since),), most_cases=0)
    )
    assert "“arabic language” is no language" in told
    assert "run backwards" in told
    assert "must be 1 or more" in told


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (Entry(person="ghost"), "there is no person “ghost” on file"),
        (Entry(person="nadia", answers_to=("ghost",)), "no person or organisation “ghost” on file"),
        (Entry(person="nadia", skills=("x" * 201,)), "shorten it"),
    ],
)
def test_what_stands_for_nobody_or_says_too_much_is_refused(kept: Roster, entry: Entry, words: str) -> None:
    assert words in refusal(kept, entry)
    with pytest.raises(errors.NotFound):
        kept.entry(entry.person)


def test_who_left_is_neither_taken_nor_listed(kept: Roster, desk: Desk) -> None:
    kept.put(Entry(person="nadia"))
    Directory(desk.engine).leave("nadia", now=desk.clock.now())
    assert kept.everyone() == ()
    assert "no person “nadia” on file" in refusal(kept, Entry(person="nadia"))


def test_who_is_taken_off_the_roster_is_gone_from_it(kept: Roster) -> None:
    kept.put(Entry(person="nadia"))
    kept.remove("nadia")
    assert kept.everyone() == ()
    with pytest.raises(errors.NotFound, match="not on the roster"):
        kept.remove("nadia")


def test_load_counts_the_open_cases_that_somebody_mediates_at_this_moment(kept: Roster, desk: Desk) -> None:
    kept.put(Entry(person="nadia"))
    kept.put(Entry(person="tomas"))
    parts = {"convener": ("cora",), "mediator": ("nadia",)}
    first, _ = desk.open(roles=parts).case_id, desk.open(roles=parts).case_id
    desk.open(roles={"convener": ("tomas",)})
    assert {one.person: one.load for one in kept.everyone()} == {"nadia": 2, "tomas": 0}
    desk.act(first, "begin")
    desk.act(first, "settle")
    assert {one.person: one.load for one in kept.everyone()} == {"nadia": 1, "tomas": 0}


def test_offices_and_the_convener_of_an_open_case_may_look_at_the_roster(desk: Desk) -> None:
    assert not roster.may_read(desk.engine, Actor("cora"))
    case = desk.open().case_id
    assert roster.may_read(desk.engine, Actor("cora"))
    assert not roster.may_read(desk.engine, Actor("amal"))
    assert roster.may_read(desk.engine, Actor("ana", frozenset({"registry"})))
    desk.act(case, "begin")
    desk.act(case, "settle")
    assert not roster.may_read(desk.engine, Actor("cora"))
