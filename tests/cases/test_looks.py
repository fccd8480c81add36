"""Who looked at a case is kept once an hour, and told to the case team and, of its own rooms, to each party."""

from __future__ import annotations

import pytest

from cases import looks, queries
from cases.looks import Kind
from cases.people import Directory
from states import errors
from states.roles import Actor
from tests.cases.watched import House, viewer


def look(house: House, person: str, case_ref: str, kind: Kind = Kind.CASE) -> bool:
    return looks.note(house.record, viewer(person), case_ref, kind, now=house.clock.now())


def told(house: House, person: str, case_id: str) -> list[tuple[str, Kind]]:
    return [(one.person, one.kind) for one in looks.of_case(house.record, viewer(person), case_id)]


def test_a_look_is_kept_once_an_hour_for_each_kind(house: House) -> None:
    case_id = house.filed()
    number = queries.case_for(house.record, viewer("cora"), case_id)[1].number
    assert [look(house, "cora", ref) for ref in (case_id, number)] == [True, False]
    assert look(house, "cora", case_id, Kind.EXPORT)
    house.clock.advance(hours=1)
    assert look(house, "cora", case_id)
    assert len(told(house, "cora", case_id)) == 3


def test_whoever_is_shown_nothing_leaves_no_look(house: House) -> None:
    case_id = house.filed()
    assert not look(house, "zoe", case_id)
    assert not look(house, "cora", "W-1999-0001")
    assert told(house, "cora", case_id) == []


def test_a_party_reads_of_those_alone_who_could_read_a_room_of_its_own(house: House) -> None:
    case_id = house.filed()
    for person in ("mo", "cora", "jo", "amal", "bilal"):
        look(house, person, case_id)
    assert {person for person, _ in told(house, "cora", case_id)} == {"mo", "cora", "jo", "amal", "bilal"}
    assert {person for person, _ in told(house, "amal", case_id)} == {"mo", "cora", "amal"}
    assert {person for person, _ in told(house, "bilal", case_id)} == {"mo", "cora", "bilal"}
    for person in ("jo", "ann"):
        with pytest.raises(errors.NotYours):
            told(house, person, case_id)
    with pytest.raises(errors.NotFound):
        told(house, "zoe", case_id)


def test_a_notebook_is_known_to_its_author(house: House) -> None:
    case_id = house.filed()
    look(house, "mo", case_id, Kind.NOTEBOOK)
    look(house, "mo", case_id, Kind.NOTEBOOK_EXPORT)
    assert [kind for _, kind in told(house, "mo", case_id)] == [Kind.NOTEBOOK, Kind.NOTEBOOK_EXPORT]
    assert [kind for _, kind in told(house, "cora", case_id)] == [Kind.NOTEBOOK_EXPORT]
    assert told(house, "amal", case_id) == []


def test_a_look_by_an_opened_room_says_so_and_is_told_to_that_party_alone(house: House) -> None:
    case_id = house.filed()
    glass = queries.Viewer(Actor("ada", frozenset({"administrator"})), opened={case_id: frozenset({"caucus:A"})})
    house.act(case_id, "put_note", by="mo", zone="caucus:A", text="A note")
    assert looks.note(house.record, glass, case_id, Kind.CASE, now=house.clock.now())
    assert [one.opened for one in looks.of_case(house.record, viewer("cora"), case_id)] == [True]
    assert ("ada", Kind.CASE) in told(house, "amal", case_id)
    assert told(house, "bilal", case_id) == []


def test_who_may_read_which_room_is_told_with_the_reason(house: House) -> None:
    case_id = house.filed()
    found = {one.person: one for one in looks.readers(house.record, viewer("cora"), case_id, now=house.clock.now())}
    assert {"mo", "cora", "jo", "amal", "bilal", "ann", "sami", "sol"} == found.keys()
    assert "caucus:B" in found["mo"].rooms
    assert found["amal"].rooms == ("caucus:A", "line:A", "private:A", "shared")
    assert found["amal"].why == ("Representative of Area committee",)


def test_who_has_left_may_see_nothing(house: House) -> None:
    case_id, now = house.filed(), house.clock.now()
    Directory(house.record.engine).leave("mo", now=now)
    assert "mo" not in {one.person for one in looks.readers(house.record, viewer("cora"), case_id, now=now)}


def test_a_party_is_told_who_reads_its_own_rooms_and_no_others(house: House) -> None:
    case_id = house.filed()
    found = {
        one.person: one.rooms for one in looks.readers(house.record, viewer("amal"), case_id, now=house.clock.now())
    }
    assert found == {
        "amal": ("caucus:A", "line:A", "private:A"),
        "cora": ("line:A",),
        "mo": ("caucus:A", "line:A"),
        "sami": ("line:A", "private:A"),
    }
