"""Absences, deputies and posts on file, refused in words where they could not work, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cases.deputies import Deputies
from cases.people import Directory, Organisation, Person
from cases.posts import Posts
from states import errors
from states.case import Party, Side
from states.directory import Away, Delegation, Post
from tests.cases.builders import Desk

DAY, LATER = date(2026, 12, 1), date(2026, 12, 14)
POST = Post(organisation="ngo", name="duty officer", people=("amal",), since=DAY)


@pytest.fixture
def kept(desk: Desk) -> Deputies:
    """Puts three people of one organisation and one of another on file."""
    people = Directory(desk.engine)
    for body in ("ngo", "mission"):
        people.add_organisation(Organisation(id=body, name=body.title(), timezone="Africa/Juba"))
    for name, body in (("amal", "ngo"), ("bilal", "ngo"), ("cleo", "ngo"), ("zara", "mission")):
        people.add(Person(id=name, name=name.title(), email=f"{name}@{body}.example", organisation_id=body))
    return Deputies(desk.engine)


def named(person: str, deputy: str) -> Delegation:
    return Delegation(person=person, deputy=deputy, since=DAY)


def test_whoever_is_back_early_is_no_longer_away(kept: Deputies) -> None:
    kept.go_away("amal", Away(DAY, LATER))
    kept.go_away("amal", Away(date(2027, 1, 1), date(2027, 1, 2)))
    kept.come_back("amal", date(2026, 12, 5))
    assert kept.absences("amal") == (Away(DAY, date(2026, 12, 4)), Away(date(2027, 1, 1), date(2027, 1, 2)))
    kept.come_back("amal", DAY)
    assert kept.absences("amal") == (Away(date(2027, 1, 1), date(2027, 1, 2)),)


def test_days_that_run_backwards_are_refused(kept: Deputies) -> None:
    with pytest.raises(errors.Refused, match="run backwards"):
        kept.go_away("amal", Away(LATER, DAY))
    with pytest.raises(errors.Refused, match="run backwards"):
        kept.name(replace(named("amal", "bilal"), since=LATER, until=DAY))


def test_a_stranger_is_neither_away_nor_a_deputy(kept: Deputies) -> None:
    with pytest.raises(errors.NotFound, match="“dina”"):
        kept.go_away("dina", Away(DAY, LATER))
    with pytest.raises(errors.NotFound, match="“dina”"):
        kept.name(named("amal", "dina"))


def test_a_circle_of_deputies_is_refused_and_told(kept: Deputies) -> None:
    kept.name(named("amal", "bilal"))
    kept.name(named("bilal", "cleo"))
    with pytest.raises(errors.Refused, match="Cleo → Amal → Bilal → Cleo"):
        kept.name(named("cleo", "amal"))
    with pytest.raises(errors.Refused, match="circle"):
        kept.name(named("amal", "amal"))


def test_a_deputy_of_another_organisation_is_refused(kept: Deputies) -> None:
    with pytest.raises(errors.Refused, match="Zara does not work where Amal does"):
        kept.name(named("amal", "zara"))


def test_nobody_of_a_party_stands_in_for_whoever_runs_the_case(desk: Desk, kept: Deputies) -> None:
    first = Party(id="A", name="A", side=Side.INITIATING, people={"representative": ("bilal",)})
    second = Party(id="B", name="B", side=Side.RESPONDING, people={"representative": ("zara",)})
    desk.open(roles={"convener": ("amal",)}, parties=(first, second), number="M-1")
    with pytest.raises(errors.Refused, match="Bilal stands for a party in M-1"):
        kept.name(named("amal", "bilal"))
    assert kept.name(named("amal", "cleo")).delegation.deputy == "cleo"


def test_an_ended_deputy_is_gone(kept: Deputies) -> None:
    one = kept.name(named("amal", "bilal"))
    assert kept.all("amal") == (one,)
    kept.end(one.id)
    assert kept.all() == ()
    with pytest.raises(errors.NotFound):
        kept.end(one.id)


def test_a_post_is_replaced_however_its_name_is_spelled(desk: Desk, kept: Deputies) -> None:
    posts = Posts(desk.engine)
    posts.put(POST)
    posts.put(replace(POST, name="Duty  Officer", people=("bilal", "amal"), turn_days=7))
    (only,) = posts.all()
    assert (only.name, only.people, only.turn_days, only.timezone) == (
        "Duty Officer",
        ("bilal", "amal"),
        7,
        "Africa/Juba",
    )
    posts.remove("ngo", "duty officer")
    assert posts.all() == ()
    assert kept.all() == ()


@pytest.mark.parametrize(
    ("post", "wrong"),
    [
        (replace(POST, people=("zara",)), "Zara works elsewhere"),
        (replace(POST, people=()), "one person at least"),
        (replace(POST, people=("amal", "amal")), "named once"),
        (replace(POST, turn_days=0), "a turn lasts from 1"),
        (replace(POST, name=" "), "needs a name"),
        (replace(POST, people=("dina",)), "dina"),
        (replace(POST, organisation="moon"), "no organisation “moon”"),
    ],
)
@pytest.mark.usefixtures("kept")
def test_a_post_that_nobody_could_hold_is_refused(desk: Desk, post: Post, wrong: str) -> None:
    with pytest.raises((errors.Refused, errors.NotFound), match=wrong):
        Posts(desk.engine).put(post)


@pytest.mark.usefixtures("kept")
def test_a_manager_works_for_the_same_organisation_and_never_under_the_person(desk: Desk) -> None:
    people = Directory(desk.engine)
    with pytest.raises(errors.Refused, match="another organisation"):
        people.change(replace(people.person("amal"), manager_id="zara"))
    people.change(replace(people.person("amal"), manager_id="bilal", leaves_on=LATER))
    assert (people.person("amal").manager_id, people.person("amal").leaves_on) == ("bilal", LATER)
    with pytest.raises(errors.Refused, match="their own manager"):
        people.change(replace(people.person("bilal"), manager_id="amal"))
