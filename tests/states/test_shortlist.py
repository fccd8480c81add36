"""The laws of the shortlist: nobody of a party, nobody preferred for carrying more, nobody set back for a skill."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from config import load, vocabulary, working_time
from states import roles, shortlist, simulate
from states.directory import Away
from states.items import Cause
from states.process import Urgency
from states.shortlist import Asked, Bar, Candidate, Part, Ranking, Wanted

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TODAY, LATER = date(2026, 11, 23), date(2026, 12, 14)
WANTED = Wanted(
    since=TODAY,
    until=LATER,
    line=frozenset({"rep A", "rep B"}),
    bodies=frozenset({"herders", "council"}),
    languages=(frozenset({"ar"}), frozenset({"en", "fr"})),
    skills=frozenset({"process gap", "water"}),
    places=frozenset({"upper nile"}),
)
DISPUTE = load.load_shipped("dispute", vocabulary=vocabulary.shipped())


def some(*words: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(words), unique=True).map(tuple)


DAYS = st.dates(date(2026, 10, 1), date(2027, 2, 1))
PEOPLE = st.builds(
    Candidate,
    person=st.sampled_from(["rep A", "rep B", *"abcdefgh"]),
    name=st.sampled_from(["Ana", "ana", "Ben"]),
    organisation=st.sampled_from(["", "office", "herders", "council"]),
    skills=some("Water", "process gap", "land"),
    languages=some("ar", "en", "fr", "es"),
    places=some("Upper Nile", "Jonglei"),
    answers_to=some("office", "rep A", "council"),
    away=st.lists(st.builds(Away, DAYS, DAYS), max_size=2).map(tuple),
    most_cases=st.integers(1, 4),
    load=st.integers(0, 4),
)
ROSTERS = st.lists(PEOPLE, unique_by=lambda one: one.person, max_size=6)


def order(ranking: Ranking) -> list[str]:
    return [one.candidate.person for one in ranking.ranked]


def place(person: str, roster: list[Candidate]) -> float:
    """Say how far up somebody stands; nobody stands lower than those who cannot serve."""
    ranked = order(shortlist.rank(roster, WANTED))
    return ranked.index(person) if person in ranked else float("inf")


@given(ROSTERS)
def test_nobody_of_a_party_or_away_or_full_is_ever_offered(roster: list[Candidate]) -> None:
    for one in (ranked.candidate for ranked in shortlist.rank(roster, WANTED).ranked):
        assert one.person not in WANTED.line
        assert one.organisation not in WANTED.bodies
        assert not set(one.answers_to) & (WANTED.line | WANTED.bodies)
        assert not any(away.since <= LATER and away.until >= TODAY for away in one.away)
        assert one.load < one.most_cases


@given(ROSTERS)
def test_everybody_is_either_ranked_or_told_why_not(roster: list[Candidate]) -> None:
    ranking = shortlist.rank(roster, WANTED)
    told = [*order(ranking), *(one.candidate.person for one in ranking.barred)]
    assert sorted(told) == sorted(one.person for one in roster)
    assert all(one.bars for one in ranking.barred)


@given(ROSTERS, st.randoms(use_true_random=False))
def test_the_order_is_the_same_however_the_roster_is_written(roster: list[Candidate], chance: object) -> None:
    mixed = [*roster]
    chance.shuffle(mixed)  # type: ignore[attr-defined] # hypothesis's own source of chance
    assert shortlist.rank(mixed, WANTED) == shortlist.rank(roster, WANTED)


@given(ROSTERS, st.data())
def test_more_load_never_ranks_higher(roster: list[Candidate], data: st.DataObject) -> None:
    assume(roster)
    one = data.draw(st.sampled_from(roster))
    fuller = replace(one, load=one.load + data.draw(st.integers(1, 3)))
    others = [other for other in roster if other is not one]
    assert place(one.person, [fuller, *others]) >= place(one.person, roster)


@given(ROSTERS, st.data(), st.sampled_from(["water", "process gap"]))
def test_another_fitting_skill_never_ranks_lower(roster: list[Candidate], data: st.DataObject, skill: str) -> None:
    assume(roster)
    one = data.draw(st.sampled_from(roster))
    abler = replace(one, skills=(*one.skills, skill))
    others = [other for other in roster if other is not one]
    assert place(one.person, [abler, *others]) <= place(one.person, roster)


@pytest.mark.parametrize(
    ("changes", "bar"),
    [
        ({"person": "rep A"}, Bar.LINE),
        ({"organisation": "council"}, Bar.BODY),
        ({"answers_to": ("rep B",)}, Bar.ANSWERS),
        ({"answers_to": ("herders",)}, Bar.ANSWERS),
        ({"away": (Away(LATER, LATER + timedelta(days=5)),)}, Bar.AWAY),
        ({"load": 2, "most_cases": 2}, Bar.FULL),
    ],
)
def test_each_hard_rule_bars_by_itself_and_says_so(changes: dict[str, object], bar: Bar) -> None:
    [barred] = shortlist.rank([replace(Candidate(person="ana"), **changes)], WANTED).barred  # type: ignore[arg-type] # any fields
    assert barred.bars == (bar,)


def test_who_comes_back_the_day_before_is_available() -> None:
    away = (Away(TODAY - timedelta(days=9), TODAY - timedelta(days=1)), Away(LATER + timedelta(days=1), date.max))
    assert order(shortlist.rank([Candidate(person="ana", away=away)], WANTED)) == ["ana"]


def test_every_part_of_a_place_says_what_earned_it() -> None:
    ana = Candidate(
        person="ana", skills=("Water", "land"), languages=("ar", "en"), places=("Upper  Nile",), most_cases=4, load=2
    )
    [ranked] = shortlist.rank([ana], WANTED).ranked
    assert {one.part: (one.points, one.found) for one in ranked.components} == {
        Part.LANGUAGE: (6, ("ar", "en")),
        Part.SKILL: (2, ("Water",)),
        Part.PLACE: (2, ("Upper Nile",)),
        Part.LOAD: (-2, ("2", "4")),
    }
    assert ranked.score == 8


def test_a_case_asks_for_what_its_causes_are_about_and_bars_its_own_people() -> None:
    case = simulate.sample_case(DISPUTE, urgency=Urgency.U3, now=MONDAY)
    first, second = case.parties
    first = replace(first, organisation="herders", people={"representative": ("joseph",), "area_manager": ("peter",)})
    cause = Cause(id="c", zone=roles.SHARED, by="c", at=MONDAY, issue="i", statement="No rota", family="Process Gap")
    case = replace(case, parties=(first, second), items=(cause,))
    asked = Asked(skills=("Water",), places=("Nimule",))
    wanted = shortlist.wanted_by(case, asked, speak={"joseph": "ar", "peter": "en"}, since=TODAY, until=LATER)
    assert {"joseph", "peter"} <= wanted.line
    assert wanted.bodies == {"herders"}
    assert wanted.languages[0] == {"ar", "en"}
    assert wanted.skills == {"process gap", "water"}
    assert wanted.places == {"nimule"}


def test_the_planned_days_last_as_long_as_the_clock_of_the_mediator() -> None:
    calendars = working_time.shipped_calendars()
    for urgency, days in {Urgency.U1: 2, Urgency.U4: 60}.items():
        case = simulate.sample_case(DISPUTE, urgency=urgency, now=MONDAY)
        since, until = shortlist.planned_days(DISPUTE, case, calendars, now=MONDAY)
        assert since == TODAY
        assert abs((until - since).days - days) <= 3
