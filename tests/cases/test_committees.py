"""Standing committees on file: kept whole, refused when they could not vote."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cases.committees import Committee, Committees
from cases.people import Directory, Person
from states import errors
from states.items import Seat
from tests.cases.builders import Desk

WEST = Committee(
    id="west",
    name="Joint committee West",
    chair="ana",
    seats=(
        Seat(person="ana", body="Mission"),
        Seat(person="cleo", body="Agencies"),
        Seat(person="dina", body="Agencies", alternate_of="cleo"),
    ),
    quorum=2,
)


@pytest.fixture
def kept(desk: Desk) -> Committees:
    """Returns the committees of a house where Ana, Cleo and Dina are on file."""
    for name in ("ana", "cleo", "dina"):
        Directory(desk.engine).add(Person(id=name, name=name, email=f"{name}@example.org"))
    return Committees(desk.engine)


def test_a_committee_comes_back_as_kept_and_is_replaced_whole(kept: Committees) -> None:
    kept.put(WEST)
    kept.put(replace(WEST, name="Committee of the west", quorum=1))
    assert kept.all() == (replace(WEST, name="Committee of the west", quorum=1),)
    assert kept.find("Committee of the west").id == "west"
    kept.remove("west")
    assert kept.all() == ()
    with pytest.raises(errors.NotFound, match="no committee “west”"):
        kept.find("west")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (replace(WEST, chair="dina"), "the chair is one of the members"),
        (replace(WEST, quorum=3), "the quorum is from 1 to 2"),
        (replace(WEST, seats=(*WEST.seats, WEST.seats[0])), "named twice"),
        (replace(WEST, name=" "), "give it an id and a name"),
        (replace(WEST, seats=(*WEST.seats, Seat(person="eve", body="Mission"))), "nobody on file has the id eve"),
    ],
)
def test_a_committee_that_could_not_vote_is_refused(kept: Committees, changed: Committee, told: str) -> None:
    with pytest.raises(errors.ParleyError, match=told):
        kept.put(changed)
    assert kept.all() == ()


def test_two_committees_of_one_name_are_refused(kept: Committees) -> None:
    kept.put(WEST)
    with pytest.raises(errors.Conflict, match="another committee “Joint committee West”"):
        kept.put(replace(WEST, id="other"))


def test_its_inputs_are_what_convening_it_asks_for() -> None:
    assert WEST.inputs() == {
        "name": "Joint committee West",
        "members": ["ana for Mission", "cleo for Agencies"],
        "alternates": ["dina for cleo"],
        "chair": "ana",
        "quorum": 2,
        "each_body": True,
    }
