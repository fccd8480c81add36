"""A deputy beside an approver on leave, from what is on file to the end of the absence, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cases import notifying, queries
from cases.deputies import Deputies
from states import errors
from states.case import Case
from states.directory import Away, Delegation
from states.items import Called
from tests.cases.watched import START, House, viewer

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 6)


def seen(house: House, case_id: str, who: str) -> Case:
    return queries.case_for(house.record, viewer(who), case_id)[1]


def on_leave(house: House) -> str:
    """Puts one area manager on leave with a deputy, lets the screening's time pass, and returns the case."""
    kept = Deputies(house.record.engine)
    kept.go_away("ann", Away(FIRST, LAST))
    kept.name(Delegation(person="ann", deputy="zoe", since=FIRST, scope=frozenset({"T1"})))
    case_id = house.filed()
    house.service.fire_due(case_id)
    house.clock.set(START + timedelta(days=4))
    house.service.fire_due(case_id)
    return case_id


def test_the_deputy_is_let_in_and_the_record_says_why(house: House) -> None:
    case_id = on_leave(house)
    case = seen(house, case_id, "zoe")
    assert case.tier == "T1"
    party = case.party("A")
    assert party is not None
    assert party.people["area_manager"] == ("ann", "zoe")
    whys = {getattr(item, "person", ""): getattr(item, "why", "") for item in case.items if item.kind == "called"}
    assert whys["zoe"] == "Ann is away until 2026-12-06; Ann named Zoe as deputy"
    assert whys[""].startswith("nobody is named as Area manager")


def test_a_pause_for_safety_calls_a_deputy_at_once_and_the_convener_where_nobody_is(house: House) -> None:
    kept = Deputies(house.record.engine)
    kept.go_away("ann", Away(date(2026, 11, 30), LAST))
    kept.name(Delegation(person="ann", deputy="zoe", since=date(2026, 11, 30)))
    case_id = house.filed()
    house.service.fire_due(case_id)
    until = (START + timedelta(hours=24)).isoformat()
    house.act(case_id, "pause_for_safety", by="cora", reason="Shots at the gate.", until=until)
    house.service.fire_due(case_id)
    case = seen(house, case_id, "zoe")
    assert case.tier == "T0"
    calls = {(one.party, one.person, one.state) for one in case.all(Called)}
    assert {("A", "zoe", "while away"), ("B", "", "nobody")} <= calls
    asked = notifying.claim(house.record.engine, now=START, owner="test")
    assert {"safety_alarm", "stands_in", "nobody_called", "case_stayed"} <= {one.mail for one in asked}
    # Whom the act called is no subject of the mails about it: most of their readers may not read that.
    assert {one.item for one in asked if one.mail in {"safety_alarm", "case_stayed"}} == {None}


def test_parties_below_do_not_read_who_was_called_and_why(house: House) -> None:
    case = seen(house, on_leave(house), "amal")
    assert [item for item in case.items if item.kind == "called"] == []


def test_the_deputys_sight_ends_at_midnight_when_the_other_is_back(house: House) -> None:
    case_id = on_leave(house)
    house.clock.set(datetime(2026, 12, 7, 0, 0, tzinfo=UTC))
    fired = [one.key for one in house.service.fire_due(case_id) if one.key.startswith("deputy:")]
    assert len(fired) == 1
    with pytest.raises(errors.NotFound):
        seen(house, case_id, "zoe")
    party = seen(house, case_id, "ann").party("A")
    assert party is not None
    assert "zoe" not in party.people["area_manager"]
