"""Where cases have stood: written with each move, the same when it is written down later, on both databases."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from cases import places, tables
from cases import unit_of_work as work
from cases.places import Place, Scope
from tests.cases import test_ledger
from tests.cases.builders import START, Desk


def way(desk: Desk, case_id: str, scope: Scope = Scope.STAGE) -> tuple[Place, ...]:
    with work.reading(desk.engine) as connection:
        return places.of_case(connection, case_id, scope)


def travelled(desk: Desk) -> str:
    """Opens a case and moves it to the talks, back, up the ladder, on and to its end, an hour at a time."""
    case_id = desk.open().case_id
    for trigger in ("begin", "begin_again", "climb", "begin", "settle"):
        desk.clock.advance(hours=1)
        desk.act(case_id, trigger)
    return case_id


def test_every_stage_is_written_down_with_its_time_and_the_act_that_led_there(desk: Desk) -> None:
    found = way(desk, travelled(desk))
    assert [one.name for one in found] == ["screening", "talks", "screening", "talks", "closed"]
    assert [one.trigger for one in found][1:] == ["begin", "begin_again", "begin", "settle"]
    hours = [(one.until - one.since) / timedelta(hours=1) for one in found if one.until]
    assert hours == [1, 1, 2, 1]
    assert (found[0].since, found[-1].until, found[0].zone) == (START, None, "shared")


def test_tiers_are_written_down_beside_the_stages(desk: Desk) -> None:
    case_id = travelled(desk)
    tiers = way(desk, case_id, Scope.TIER)
    assert [(one.name, one.trigger) for one in tiers][-1] == ("T1", "climb")


def test_cases_from_before_are_caught_up_with_and_come_out_the_same(desk: Desk) -> None:
    case_id = travelled(desk)
    before = way(desk, case_id), way(desk, case_id, Scope.TIER)
    with work.unit_of_work(desk.engine) as connection:
        connection.execute(delete(tables.case_places))
    assert places.catch_up(desk.engine) == 1
    assert (way(desk, case_id), way(desk, case_id, Scope.TIER)) == before
    assert places.catch_up(desk.engine) == 0


def test_where_the_words_of_the_opening_are_erased_the_present_stage_is_known(desk: Desk) -> None:
    case_id = travelled(desk)
    with test_ledger.intruder(desk) as connection:
        connection.execute(delete(tables.case_places))
        connection.execute(delete(tables.event_bodies))
    places.catch_up(desk.engine)
    assert [one.name for one in way(desk, case_id)] == ["closed"]
