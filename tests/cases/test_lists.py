"""The list of cases: every filter and order, pages that hold under new rows, and nothing of others' rooms."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cases import lists, queries, tables
from cases.filters import CaseFilter, Waits
from cases.lists import SORTS
from cases.unit_of_work import reading
from states import errors
from tests.cases.watched import READS, START, House, viewer

SOME = ("The road", "The bridge", "La Réunion", "The quarry", "The ferry")


@pytest.fixture
def titles(house: House) -> dict[str, str]:
    """Files some cases, an hour apart, and returns their titles by id."""
    found = {}
    for title in SOME:
        found[house.filed(title)] = title
        house.clock.advance(hours=1)
    return found


def listed(house: House, who: str = "amal", *, sort: str = "", **wanted: object) -> list[str]:
    """Returns the titles of a list, over all its pages."""
    rows: list[str] = []
    mark: str | None = None
    while True:
        chosen = CaseFilter(**wanted)  # type: ignore[arg-type]  # any of its fields
        page = queries.list_cases(house.record, viewer(who), wanted=chosen, sort=sort, after=mark, limit=2)
        rows += [row.title for row in page.rows]
        if (mark := page.next) is None:
            assert lists.count_cases(house.record, viewer(who), wanted=chosen) == len(rows)
            return rows


@pytest.mark.usefixtures("titles")
@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS)])
def test_every_order_lists_every_case_once_and_its_reverse_backwards(house: House, sort: str) -> None:
    rows = listed(house, sort=sort)
    assert sorted(rows) == sorted(SOME)
    back = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
    assert listed(house, sort=back) == rows[::-1]


@pytest.mark.usefixtures("titles")
def test_the_latest_moved_comes_first_unless_asked_otherwise(house: House) -> None:
    assert listed(house) == list(reversed(SOME))
    assert listed(house, sort="number") == list(SOME)


def test_the_order_tells_nothing_of_what_happened_in_rooms_of_others(house: House, titles: dict[str, str]) -> None:
    for case_id in reversed(titles):
        house.service.fire_due(case_id)
        house.clock.advance(minutes=1)
    before = listed(house, "amal")
    last = next(case_id for case_id, title in titles.items() if title == before[-1])
    house.act(last, "put_note", by="mo", zone="caucus:B", text="In confidence")
    assert listed(house, "amal") == before
    assert listed(house, "bilal")[0] == listed(house, "mo")[0] == before[-1]


@pytest.mark.usefixtures("titles")
@pytest.mark.parametrize("words", ["reunion", "Réun", "la reunion"])
def test_words_find_a_title_however_they_are_typed(house: House, words: str) -> None:
    assert listed(house, words=words) == ["La Réunion"]


@pytest.mark.usefixtures("titles")
def test_words_find_numbers_and_parties_too(house: House) -> None:
    assert len(listed(house, words="W-2026")) == len(SOME)
    assert len(listed(house, words="area comm")) == len(SOME)
    assert len(listed(house, party="base")) == len(SOME)
    assert listed(house, party="road") == []
    assert listed(house, words="%") == listed(house)


@pytest.mark.usefixtures("titles")
def test_cases_are_found_by_process_mediator_stage_phase_urgency_and_state(house: House) -> None:
    every: dict[str, Any] = {"process": "watched", "mediator": "mo", "urgency": "U3", "open_only": True}
    assert len(listed(house, **every)) == len(SOME)
    first = queries.list_cases(house.record, viewer("amal")).rows[0]
    assert len(listed(house, stage=first.stage, phase=first.phase)) == len(SOME)
    nothing: dict[str, Any] = {"process": "dispute", "mediator": "cora", "urgency": "U1", "open_only": False}
    assert all(listed(house, **{name: value}) == [] for name, value in nothing.items())


@pytest.mark.usefixtures("titles")
def test_cases_are_found_by_when_they_were_opened(house: House) -> None:
    second = START + timedelta(hours=1)
    assert listed(house, opened_from=second, opened_before=second + timedelta(minutes=1)) == ["The bridge"]


def test_due_dates_sort_and_filter_as_the_viewer_knows_them(house: House, titles: dict[str, str]) -> None:
    rows = queries.list_cases(house.record, viewer("cora"), sort="due").rows
    shown = [row.due_at for row in rows]
    assert shown == sorted(one for one in shown if one)
    assert len(shown) == len(titles)
    assert shown[1] is not None
    assert listed(house, "cora", due_before=shown[1]) == [rows[0].title]
    assert len(listed(house, "cora", due_from=shown[1])) == len(titles) - 1


def test_what_waits_for_me_waits_for_others_elsewhere(house: House) -> None:
    house.filed("The road")
    waits = {who: {one for one in Waits if listed(house, who, waits_on=one)} for who in ("cora", "amal")}
    assert waits == {"cora": {Waits.ME}, "amal": {Waits.OTHERS}}


def test_every_row_shows_the_date_by_which_it_is_sorted(house: House, titles: dict[str, str]) -> None:
    road = next(iter(titles))
    house.act(road, "put_offer", by="mo", zone="caucus:A", text="Two days")
    with reading(house.record.engine) as connection:
        kept = {(row.person_id, row.case_id): row.due_at for row in connection.execute(select(tables.case_listings))}
    for who in READS:
        for row in queries.list_cases(house.record, viewer(who), limit=100).rows:
            assert kept[who, row.id] == row.due_at, (who, row.title)


@pytest.mark.usefixtures("titles")
def test_new_rows_move_none_of_those_still_to_come(house: House) -> None:
    first = queries.list_cases(house.record, viewer("amal"), limit=2)
    house.filed("The dam")
    second = queries.list_cases(house.record, viewer("amal"), limit=3, after=first.next)
    assert [row.title for row in (*first.rows, *second.rows)] == list(reversed(SOME))


@pytest.mark.parametrize("mark", ["x", "%", "WzFd", "W10", "bnVsbA"])
def test_a_broken_mark_is_told(house: House, mark: str) -> None:
    with pytest.raises(errors.NotFound, match="begin again at the first"):
        queries.list_cases(house.record, viewer("amal"), after=mark)


def test_a_mark_of_another_order_is_told(house: House) -> None:
    house.filed("One")
    house.filed("Two")
    mark = queries.list_cases(house.record, viewer("amal"), sort="number", limit=1).next
    with pytest.raises(errors.NotFound, match="begin again at the first"):
        queries.list_cases(house.record, viewer("amal"), sort="due", after=mark)


def test_an_order_that_no_list_has_is_told(house: House) -> None:
    with pytest.raises(errors.NeedsMissing, match="no list is sorted by “colour”"):
        queries.list_cases(house.record, viewer("amal"), sort="colour")


def test_counting_stops_where_it_would_only_cost(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 2)
    for number in range(4):
        house.filed(f"Case {number}")
    assert lists.count_cases(house.record, viewer("amal")) == 3


@pytest.mark.usefixtures("titles")
def test_strangers_count_and_see_nothing(house: House) -> None:
    for who in ("zoe", "rita", "ada"):
        assert listed(house, who) == []
