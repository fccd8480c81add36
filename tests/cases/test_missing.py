"""What is still open is told to everybody as far as they read it, and to nobody further."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from cases import missing, tables
from cases.outbox import MessageState
from states import errors
from tests.cases.watched import READS, ZONES, House, marker, viewer


def test_what_is_open_is_named_and_what_would_be_missed_is_for_the_team(house: House) -> None:
    case_id = house.filed()
    house.act(case_id, "put_offer", by="mo", zone="shared", text="Two slots a day")
    of_team = missing.of_case(house.record, viewer("cora"), case_id)
    assert of_team.hard == ("issue “Who repairs the road?” (open)", "offer “Two slots a day” (open)")
    assert of_team.soft == ("Area committee gave no feedback", "Base gave no feedback")
    of_party = missing.of_case(house.record, viewer("amal"), case_id)
    assert (of_party.hard, of_party.soft) == (of_team.hard, ())


def test_a_mail_that_was_not_delivered_would_be_missed(house: House) -> None:
    case_id = house.filed()
    house.act(case_id, "put_offer", by="mo", zone="shared", text="Two slots a day")
    house.send_everything()
    with house.record.engine.begin() as connection:
        connection.execute(update(tables.messages).values(state=MessageState.PARKED))
    assert "not delivered" in missing.of_case(house.record, viewer("cora"), case_id).soft[-1]


@pytest.mark.parametrize("person", READS)
def test_nobody_learns_of_an_open_offer_in_a_room_they_do_not_read(house: House, person: str) -> None:
    case_id = _with_an_offer_in_each_zone(house)
    told = repr(missing.of_case(house.record, viewer(person), case_id))
    assert {zone for zone in ZONES if marker("offer", zone) in told} == READS[person]


def test_a_stranger_is_told_what_they_are_told_of_a_case_that_does_not_exist(house: House) -> None:
    case_id = house.filed()
    with pytest.raises(errors.NotFound, match="not yours to see"):
        missing.of_case(house.record, viewer("zoe"), case_id)


def _with_an_offer_in_each_zone(house: House) -> str:
    case_id = house.filed()
    for zone in ZONES:
        house.act(case_id, "put_offer", by="mo", zone=zone, text=marker("offer", zone))
    return case_id
