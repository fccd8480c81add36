"""What keeps coming back opens a case about the pattern: once, with everybody concerned, and told in every file."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from cases import ledger, recurrence, tables
from cases import unit_of_work as work
from states.items import Issue, Proposal
from states.roles import Actor
from tests.cases.builders import put_on_file
from tests.cases.neighbours import CORA, Office

PAIRS = (("north", "south"), ("south", "east"), ("west", "north"))


def with_cause(office: Office, first: str, second: str, **changes: str) -> str:
    """Opens a case with one cause on file; returns its id."""
    opened = office.admitted(first, second)
    issue = office.case(opened.case_id).all(Issue)[0].id
    cause = {"issue": issue, "statement": "Unclear", "family": "structure", "clause": "MOU § 4.2", "source": "Talks"}
    office.act(opened.case_id, "record_cause", CORA, **{**cause, **changes})
    return opened.case_id


def numbers(office: Office) -> list[str]:
    with work.reading(office.record.engine) as connection:
        return list(connection.execute(select(tables.cases.c.number).order_by(tables.cases.c.number)).scalars())


def test_the_third_case_of_one_clause_opens_a_case_about_it(office: Office) -> None:
    members = [with_cause(office, *pair, clause=f"MOU {sign}4.2") for pair, sign in zip(PAIRS, "§ -", strict=True)]
    assert recurrence.open_systemic(office.service) == 1
    about = office.case("D-2026-0004")
    assert (about.title, about.urgency, about.stage) == ("Pattern: the clause “MOU §4.2”", "U4", "screening")
    assert [(one.name, one.side) for one in about.parties] == [
        ("North", "initiating"), ("South", "responding"), ("East", "joined"), ("West", "joined")
    ]  # fmt: skip
    assert about.roles == {"convener": ("cora",)}
    assert {link[1:] for link in office.links("D-2026-0004")} == {(f"D-2026-000{n}", False) for n in (1, 2, 3)}
    assert [office.links(one) for one in members] == [[("systemic", "D-2026-0004", True)]] * 3
    assert {deadline.name for deadline in office.file("D-2026-0004").deadlines} >= {"screening", "whole_case"}
    with work.reading(office.record.engine) as connection:
        assert ledger.verify(connection).consistent


def test_a_party_sees_of_the_pattern_only_the_cases_that_are_its_own(office: Office) -> None:
    for pair in PAIRS:
        with_cause(office, *pair)
    recurrence.open_systemic(office.service)
    assert [number for _, number, _ in office.links("D-2026-0004", "east_rep")] == ["D-2026-0002"]
    assert "D-2026-0001" not in repr(office.file("D-2026-0004", "east_rep"))


def test_it_is_opened_once_and_takes_in_what_comes_later(office: Office) -> None:
    for pair in PAIRS:
        with_cause(office, *pair)
    assert [recurrence.open_systemic(office.service) for _ in range(2)] == [1, 0]
    later = with_cause(office, "up", "down")
    assert recurrence.open_systemic(office.service) == 0
    assert office.links(later) == [("systemic", "D-2026-0004", True)]
    assert len(office.links("D-2026-0004")) == 4


def test_two_heartbeats_at_once_open_one_case(office: Office) -> None:
    for pair in PAIRS:
        with_cause(office, *pair)
    start, opened = threading.Barrier(2), []

    def beat() -> None:
        start.wait()
        opened.append(recurrence.open_systemic(office.service))

    threads = [threading.Thread(target=beat) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened) == [0, 1]
    assert numbers(office)[3:] == ["D-2026-0004"]
    assert len(office.links("D-2026-0004")) == 3


@pytest.mark.parametrize("third", ["other clause", "long ago", "inadmissible", "severed"])
def test_what_is_no_third_case_opens_nothing(office: Office, third: str) -> None:
    first = with_cause(office, *PAIRS[0])
    if third == "long ago":
        office.clock.advance(days=366)
    with_cause(office, *PAIRS[1])
    if third == "other clause":
        with_cause(office, *PAIRS[2], clause="MOU 4.3")
    if third == "inadmissible":
        door = {"reason": "filed before", "other_door": "The first case"}
        put_on_file(office.record.engine, "south_area")
        refused = with_cause(office, *PAIRS[2])
        office.act(refused, "assign", part="committee", people=["south_area"])
        office.act(refused, "refuse", **door)
        office.act(refused, "agree", Actor("south_area"), proposal=office.case(refused).all(Proposal)[0].id)
    if third == "severed":
        issue = office.case(first).all(Issue)[1].id
        office.act(first, "sever_issue", issue=issue, urgency="U3", reason="Apart")
        child = office.links(first)[0][1]
        cause = {"statement": "Unclear", "family": "structure", "clause": "MOU 4.2", "source": "Talks"}
        office.act(office.case(child).id, "record_cause", issue=issue, **cause)
    assert recurrence.open_systemic(office.service) == 0


def test_a_place_that_comes_up_three_times_is_a_pattern(office: Office) -> None:
    for number, pair in enumerate(PAIRS):
        with_cause(office, *pair, clause=f"MOU {number}", place="Kworijik")
    assert recurrence.open_systemic(office.service) == 1
    assert office.case("D-2026-0004").title == "Pattern: the place “Kworijik”"


def test_after_its_end_a_pattern_is_counted_anew(office: Office) -> None:
    for pair in PAIRS:
        with_cause(office, *pair)
    recurrence.open_systemic(office.service)
    office.act(office.case("D-2026-0004").id, "refer", body="The joint committee", reason="Theirs to mend")
    assert recurrence.open_systemic(office.service) == 0
    office.clock.advance(days=1)
    for pair in PAIRS:
        with_cause(office, *pair)
    assert recurrence.open_systemic(office.service) == 1
    assert office.case("D-2026-0008").title == "Pattern: the clause “MOU § 4.2”"
