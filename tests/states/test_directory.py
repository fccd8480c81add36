"""Who holds a post, who is away, and who stands in: by the days of people's own zones, never in a circle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states import directory as on_file
from states import whom_to_ask
from states.directory import Away, Delegation, Directory, Entry, Post
from states.whom_to_ask import Sought

# A Tuesday, ten at night in Juba.
NOW = datetime(2026, 12, 1, 20, 0, tzinfo=UTC)
TODAY = date(2026, 12, 1)
A_WEEK = Away(TODAY, TODAY + timedelta(days=6))


def entry(person: str, *, away: tuple[Away, ...] = (), manager: str = "", organisation: str = "ngo") -> Entry:
    return Entry(id=person, name=person.title(), organisation=organisation, manager=manager, away=away)


def known(*people: Entry, posts: tuple[Post, ...] = (), delegations: tuple[Delegation, ...] = ()) -> Directory:
    kinds = {"ngo": "ngo", "mission": "mission"}
    return Directory(people={one.id: one for one in people}, kinds=kinds, posts=posts, delegations=delegations)


def named(person: str, deputy: str, *, scope: frozenset[str] = frozenset(), priority: int = 1) -> Delegation:
    return Delegation(person=person, deputy=deputy, since=TODAY, until=A_WEEK.until, scope=scope, priority=priority)


def post(*people: str, turn_days: int | None = None, place: str = "", name: str = "duty officer") -> Post:
    return Post(organisation="ngo", name=name, people=people, since=TODAY, turn_days=turn_days, place=place)


def stand_in_of(directory: Directory, person: str, *barred: str, scope: tuple[str, ...] = ()) -> str | None:
    found = whom_to_ask.stand_in(directory, person, scope=scope, at=NOW, barred=barred)
    return found.person if found else None


@pytest.mark.parametrize(
    ("timezone", "at", "away"),
    [
        ("Africa/Juba", datetime(2026, 11, 30, 21, 59, tzinfo=UTC), False),
        ("Africa/Juba", datetime(2026, 11, 30, 22, 0, tzinfo=UTC), True),
        ("UTC", datetime(2026, 11, 30, 22, 0, tzinfo=UTC), False),
        ("Africa/Juba", datetime(2026, 12, 7, 21, 59, tzinfo=UTC), True),
        ("Africa/Juba", datetime(2026, 12, 7, 22, 0, tzinfo=UTC), False),
    ],
)
def test_an_absence_begins_and_ends_at_midnight_in_the_persons_own_zone(
    timezone: str, at: datetime, *, away: bool
) -> None:
    people = known(replace(entry("amal", away=(A_WEEK,)), timezone=timezone))
    assert on_file.is_away(people, "amal", at) is away


def test_absences_that_touch_are_one_and_say_their_last_day() -> None:
    longer = (A_WEEK, Away(A_WEEK.until + timedelta(days=1), date(2026, 12, 20)))
    people = known(replace(entry("amal", away=longer), timezone="Africa/Juba"))
    assert on_file.why_away(people, "amal", NOW) == "Amal is away until 2026-12-07"
    assert on_file.back_at(people, "amal", NOW) == datetime(2026, 12, 20, 22, 0, tzinfo=UTC)


def test_whoever_left_does_not_come_back() -> None:
    people = known(replace(entry("amal", away=(A_WEEK,)), leaves_on=date(2026, 12, 3)))
    assert on_file.why_away(people, "amal", NOW + timedelta(days=3)) == "Amal left after 2026-12-03"
    assert on_file.back_at(people, "amal", NOW) is None


def test_nothing_is_known_of_a_stranger() -> None:
    assert not on_file.is_away(on_file.NOTHING_ON_FILE, "amal", NOW)
    assert on_file.back_at(on_file.NOTHING_ON_FILE, "amal", NOW) is None
    assert stand_in_of(on_file.NOTHING_ON_FILE, "amal") is None


@pytest.mark.parametrize(("days", "holder"), [(0, "amal"), (6, "amal"), (7, "bilal"), (20, "cleo"), (21, "amal")])
def test_a_rota_goes_round(days: int, holder: str) -> None:
    people = known(posts=(post("amal", "bilal", "cleo", turn_days=7),))
    found = whom_to_ask.holder_of_post(people, "ngo", "Duty  Officer", at=NOW + timedelta(days=days))
    assert found is not None
    assert found.person == holder
    assert found.why == f"{holder} holds the post “duty officer” now, on the rota"


def test_nobody_holds_a_post_before_it_begins() -> None:
    people = known(posts=(post("amal"),))
    assert whom_to_ask.holder_of_post(people, "ngo", "duty officer", at=NOW - timedelta(days=1)) is None


@pytest.mark.parametrize(("place", "holder"), [("juba", "bilal"), ("Wau", "amal"), ("", "amal")])
def test_a_post_at_the_place_goes_before_one_for_everywhere(place: str, holder: str) -> None:
    people = known(posts=(post("amal"), post("bilal", place="Juba")))
    found = whom_to_ask.holder_of_post(people, "ngo", "duty officer", at=NOW, place=place)
    assert found is not None
    assert found.person == holder


def test_of_several_places_none_is_guessed() -> None:
    people = known(posts=(post("amal", place="Wau"), post("bilal", place="Juba")))
    assert whom_to_ask.holder_of_post(people, "ngo", "duty officer", at=NOW, place="Bor") is None


def test_people_are_found_by_the_first_way_that_leads_to_anybody() -> None:
    people = known(entry("amal", manager="cleo"), entry("bilal"), entry("cleo"), posts=(post("bilal"),))
    sought = Sought(organisation="ngo", posts={"ngo": ("head", "duty officer")}, named=("dina",), below=("amal",))
    by = {
        ways: whom_to_ask.find(people, replace(sought, ways=ways), at=NOW)
        for ways in (("named", "post"), ("post", "manager"), ("manager",))
    }
    assert [found.person for found in by["named", "post"]] == ["dina"]
    assert [found.person for found in by["post", "manager"]] == ["bilal"]
    assert [found.why for found in by[("manager",)]] == ["Cleo manages Amal"]


def test_the_posts_asked_differ_by_the_kind_of_organisation() -> None:
    people = known(entry("bilal"), posts=(post("bilal", name="country director"),))
    wanted = {"mission": ("force commander",), "any": ("country director",)}
    sought = Sought(organisation="ngo", posts=wanted, ways=("post",))
    assert [found.person for found in whom_to_ask.find(people, sought, at=NOW)] == ["bilal"]
    assert whom_to_ask.find(people, replace(sought, posts={"ngo": ("chair",), **wanted}), at=NOW) == ()


def test_a_manager_of_another_organisation_is_not_asked_for_this_party() -> None:
    people = known(entry("amal", manager="zara"), entry("zara", organisation="mission"))
    assert whom_to_ask.find(people, Sought(organisation="ngo", ways=("manager",), below=("amal",)), at=NOW) == ()


def test_a_named_deputy_goes_before_one_chosen_automatically() -> None:
    people = known(
        *map(entry, ("amal", "bilal", "cleo")), posts=(post("amal", "bilal"),), delegations=(named("amal", "cleo"),)
    )
    found = whom_to_ask.stand_in(people, "amal", at=NOW)
    over = datetime(2026, 12, 8, tzinfo=UTC)
    assert found == whom_to_ask.StandIn("cleo", "amal", "Amal named Cleo as deputy until 2026-12-07", over)
    assert stand_in_of(replace(people, delegations=()), "amal") == "bilal"


def test_without_a_deputy_the_next_of_the_post_is_taken_and_then_the_manager() -> None:
    people = known(entry("amal", manager="cleo"), entry("bilal"), entry("cleo"), posts=(post("amal", "bilal"),))
    assert stand_in_of(people, "amal") == "bilal"
    assert stand_in_of(people, "amal", "bilal") == "cleo"
    assert stand_in_of(people, "amal", "bilal", "cleo") is None


def test_of_several_deputies_the_lowest_number_is_asked_first() -> None:
    people = known(
        *map(entry, ("amal", "bilal", "cleo")),
        delegations=(named("amal", "bilal", priority=2), named("amal", "cleo", priority=1)),
    )
    assert stand_in_of(people, "amal") == "cleo"


def test_a_deputy_who_is_away_is_followed_to_their_own_deputy() -> None:
    people = known(
        entry("amal"),
        entry("bilal", away=(A_WEEK,)),
        entry("cleo"),
        delegations=(named("amal", "bilal"), named("bilal", "cleo")),
    )
    found = whom_to_ask.stand_in(people, "amal", at=NOW)
    assert found is not None
    assert found.person == "cleo"
    assert "Bilal is away until 2026-12-07" in found.why


@pytest.mark.parametrize("scope", [("T1",), ("area_manager",), ()])
def test_a_deputy_for_one_part_stands_in_for_that_alone(scope: tuple[str, ...]) -> None:
    seniors = named("amal", "bilal", scope=frozenset({"T3", "senior_representative"}))
    people = known(*map(entry, ("amal", "bilal")), delegations=(seniors,))
    assert stand_in_of(people, "amal", scope=scope) is None
    assert stand_in_of(people, "amal", scope=("T3",)) == "bilal"


def test_nobody_of_another_organisation_stands_in() -> None:
    people = known(
        entry("amal", manager="zara"), entry("zara", organisation="mission"), delegations=(named("amal", "zara"),)
    )
    assert stand_in_of(people, "amal") is None


def test_when_everybody_is_away_nobody_is_found() -> None:
    people = known(
        entry("amal", away=(A_WEEK,), manager="cleo"),
        entry("bilal", away=(A_WEEK,)),
        entry("cleo", away=(A_WEEK,)),
        posts=(post("amal", "bilal"),),
        delegations=(named("amal", "bilal"), named("bilal", "amal"), named("cleo", "bilal")),
    )
    assert stand_in_of(people, "amal") is None


def test_a_circle_is_told_with_everybody_on_it() -> None:
    standing = (named("bilal", "cleo"), named("cleo", "amal"))
    assert on_file.circle(standing, named("amal", "bilal")) == ("bilal", "cleo", "amal")
    assert on_file.circle((), named("amal", "amal")) == ("amal",)


def test_what_never_holds_together_is_no_circle() -> None:
    back = replace(named("bilal", "amal"), since=A_WEEK.until + timedelta(days=1), until=None)
    assert on_file.circle((back,), named("amal", "bilal")) == ()
    for_one_part = replace(named("bilal", "amal"), scope=frozenset({"T1"}))
    assert on_file.circle((for_one_part,), replace(named("amal", "bilal"), scope=frozenset({"T3"}))) == ()


PEOPLE = ("amal", "bilal", "cleo", "dina")


@given(
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)), max_size=8),
    st.sets(st.sampled_from(PEOPLE)),
    st.sets(st.sampled_from(PEOPLE)),
)
def test_whoever_stands_in_is_there_and_not_barred_however_deputies_are_named(
    pairs: list[tuple[str, str]], away: set[str], barred: set[str]
) -> None:
    people = [entry(one, away=(A_WEEK,) if one in away else (), manager="dina") for one in PEOPLE]
    directory = known(*people, posts=(post(*PEOPLE),), delegations=tuple(named(*pair) for pair in pairs))
    found = stand_in_of(directory, "amal", *barred)
    assert found not in {"amal"} | away | barred
    assert (found is None) == (not set(PEOPLE) - {"amal"} - away - barred)
