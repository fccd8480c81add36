"""The list of obligations: of one's own cases, the soonest first, with what one may do about each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases import queries
from cases.queries import OwedFilter
from states import errors
from states.events import ItemRecorded
from states.items import Obligation
from tests.cases.builders import happen
from tests.cases.watched import House, viewer


def owe(house: House, case_id: str, number: int, **changes: str) -> None:
    """Puts an obligation of party A on file, due so many days from now; keywords replace what it says."""
    now = house.clock.now()
    facts: dict[str, Any] = {"zone": "shared", "owner": "A", "verifier": "B", "state": "due"} | changes
    promised = f"{facts['owner']}{number}"
    due_at = now + timedelta(days=number)
    term = Obligation(id=promised, by="cora", at=now, action=promised, due_at=due_at, **facts)
    happen(house.record, case_id, ItemRecorded(term), by="cora", at=now, zone=facts["zone"])


def listed(house: House, who: str, **wanted: object) -> list[str]:
    found = queries.list_owed(house.record, viewer(who), wanted=OwedFilter(**wanted))  # type: ignore[arg-type]  # as the test says
    return [one.term.id for one in found.rows]


def test_obligations_come_the_soonest_first_and_are_narrowed_by_state_and_side(house: House) -> None:
    case_id = house.filed()
    for number, owner, state in ((3, "A", "due"), (1, "B", "missed"), (2, "A", "verified")):
        owe(house, case_id, number, owner=owner, state=state)
    assert listed(house, "cora") == ["B1", "A2", "A3"]
    assert listed(house, "cora", states=("due", "missed")) == ["B1", "A3"]
    assert (listed(house, "amal", mine=True), listed(house, "amal", mine=False)) == (["A2", "A3"], ["B1"])


def test_obligations_are_narrowed_by_their_dates_and_by_every_word_asked_for(house: House) -> None:
    case_id = house.filed()
    now = house.clock.now()
    for number, evidence in ((1, "A photograph of the road"), (2, ""), (3, "A letter about the road")):
        owe(house, case_id, number, evidence=evidence)
    second, third = (now + timedelta(days=days) for days in (2, 3))
    assert listed(house, "cora", due_from=second, due_before=third) == ["A2"]
    assert listed(house, "cora", words="ROAD letter") == ["A3"]
    assert listed(house, "cora", words="road", due_before=second) == ["A1"]


def test_nobody_is_told_of_what_they_may_not_read(house: House) -> None:
    case_id = house.filed()
    owe(house, case_id, 1, zone="caucus:A")
    owe(house, case_id, 2, state="planned")
    assert [listed(house, who) for who in ("amal", "bilal", "cora", "zoe")] == [["A1"], [], [], []]
    with pytest.raises(errors.NotFound):
        listed(house, "zoe", case=case_id)


def test_pages_go_on_after_the_last_row(house: House) -> None:
    case_id = house.filed()
    for number in (1, 2, 3):
        owe(house, case_id, number)
    first = queries.list_owed(house.record, viewer("cora"), limit=2)
    rest = queries.list_owed(house.record, viewer("cora"), limit=2, after=first.next)
    assert [one.term.id for one in (*first.rows, *rest.rows)] == ["A1", "A2", "A3"]
    assert rest.next is None
    with pytest.raises(errors.NotFound):
        queries.list_owed(house.record, viewer("cora"), after="nonsense")


def test_who_owes_is_offered_the_act_to_report_it_done_and_others_are_not(house: House) -> None:
    case_id = house.filed()
    owe(house, case_id, 1)
    acts = {
        who: [act.name for act in queries.list_owed(house.record, viewer(who)).rows[0].acts]
        for who in ("amal", "bilal")
    }
    assert "report_obligation" in acts["amal"]
    assert "report_obligation" not in acts["bilal"]
