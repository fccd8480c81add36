"""The collision radar: who wants the same thing at the same time, and who may know of it."""

from __future__ import annotations

import pytest

from cases import queries
from cases.queries import Viewer
from states import errors
from states.roles import Actor
from tests.cases.neighbours import CORA, Office

WINDOW = {
    "asset": "Slot 14",
    "place": "Kworijik",
    "window_from": "2026-12-03T06:00Z",
    "window_until": "2026-12-03T09:00Z",
}


def contest(office: Office, first: str, second: str, **changes: str) -> str:
    fields = {**WINDOW, **changes}
    return office.open(first, second, process="priority_conflict", title="A slot", fields=fields).number


def radar(office: Office, who: Actor = CORA) -> list[tuple[str, str]]:
    found = queries.collisions(office.record, Viewer(who), now=office.clock.now())
    return [(one.one.number, one.other.number) for one in found]


def seen(office: Office, number: str, who: str) -> list[tuple[tuple[str, ...], bool]]:
    found = queries.contested(office.record, Viewer(Actor(who)), number)
    return [(one.numbers, one.others) for one in found]


@pytest.mark.parametrize(
    ("other", "clashes"),
    [
        ({"asset": "slot-14", "place": ""}, True),
        ({"asset": "", "place": "KWORIJIK"}, True),
        ({"asset": "Slot 15", "place": "Juba"}, False),
        ({"window_from": "2026-12-03T09:00Z", "window_until": "2026-12-03T10:00Z"}, False),
        ({"window_from": "2026-12-03T08:59Z", "window_until": "2026-12-03T10:00Z"}, True),
    ],
)
def test_windows_clash_on_the_same_thing_at_the_same_time(
    office: Office, other: dict[str, str], *, clashes: bool
) -> None:
    one, two = contest(office, "north", "south"), contest(office, "east", "west", **other)
    assert [set(pair) for pair in radar(office)] == [{one, two}] * clashes


def test_a_case_that_is_over_or_a_window_that_is_past_is_no_longer_on_the_radar(office: Office) -> None:
    one, two = contest(office, "north", "south"), contest(office, "east", "west")
    assert len(radar(office)) == 1
    office.act(office.case(two).id, "discard", "east_rep")
    assert radar(office) == []
    contest(office, "east", "west")
    assert len(radar(office)) == 1
    office.clock.advance(days=3)
    assert radar(office) == []
    assert office.case(one).number == one


def test_a_party_learns_that_its_window_is_contested_and_not_by_whom(office: Office) -> None:
    one = contest(office, "north", "south")
    two, three = contest(office, "east", "west"), contest(office, "south", "west")
    office.act(office.case(one).id, "submit", "north_rep")
    assert seen(office, one, "north_rep") == [((), True)]
    assert seen(office, one, "south_rep") == [((three,), True)]
    assert seen(office, one, "cora") == [((two, three), False)]
    assert two not in repr(queries.contested(office.record, Viewer(Actor("north_rep")), one))


def test_the_whole_radar_is_for_those_who_keep_the_register(office: Office) -> None:
    contest(office, "north", "south")
    with pytest.raises(errors.NotYours, match="registry"):
        radar(office, Actor("north_rep"))
    with pytest.raises(errors.NotFound):
        seen(office, "D-2026-0099", "north_rep")


def test_a_claim_is_on_the_radar_as_long_as_it_stands(office: Office) -> None:
    case = office.admitted("north", "south", process="priority_conflict", title="A convoy")
    other = contest(office, "east", "west")
    claim = {"asset": "Slot 14", "place": "", "from_at": WINDOW["window_from"], "until_at": WINDOW["window_until"]}
    office.act(case.case_id, "claim", "north_rep", **{**claim, "place": "Torit"}, why="Vaccines")
    assert [set(pair) for pair in radar(office)] == [{case.number, other}]
