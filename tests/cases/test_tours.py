"""Who leaves soon while they hold a part is told of once for each open case and last day, on both databases."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update

from cases import notifying, tables, tours
from cases.people import Directory, Organisation
from cases.unit_of_work import reading, unit_of_work
from tests.cases.builders import Desk, put_on_file
from tests.cases.neighbours import START, Office

LAST_DAY = date(2026, 12, 18)
# Ten working days of the process's calendar before the last minute of that Friday.
TOLD_FROM = datetime(2026, 12, 4, 14, tzinfo=UTC)


def leaves(office: Office, person: str, last_day: date | None, *, organisation: str | None = None) -> None:
    directory = Directory(office.record.engine)
    kept = directory.person(person)
    directory.change(replace(kept, leaves_on=last_day, organisation_id=organisation, timezone="Africa/Juba"))


def asked(office: Office) -> list[tuple[str, str]]:
    """Lists the mails that were asked for: the case and to whom, in the order of asking."""
    rows = tables.notifications.c
    wanted = select(rows.case_id, rows.to).where(rows.mail == "tour_ends").order_by(rows.id)
    with reading(office.record.engine) as connection:
        return [(row.case_id, row.to) for row in connection.execute(wanted)]


def test_it_is_told_ten_working_days_before_and_then_never_again(office: Office) -> None:
    case_id = office.open("north", "south").case_id
    leaves(office, "north_rep", LAST_DAY)
    office.clock.set(TOLD_FROM - timedelta(seconds=1))
    assert tours.tell(office.service) == 0
    office.clock.set(TOLD_FROM)
    assert tours.tell(office.service) == 1
    assert asked(office) == [(case_id, '["leaving north_rep","mediator","convener"]')]
    office.clock.advance(days=1)
    assert (tours.tell(office.service), len(asked(office))) == (0, 1)


def test_each_open_case_is_told_of_and_a_closed_one_is_not(office: Office) -> None:
    first, second, over = (office.open("north", other).case_id for other in ("south", "east", "west"))
    with unit_of_work(office.record.engine) as connection:
        connection.execute(update(tables.cases).where(tables.cases.c.id == over).values(closed_at=START))
    leaves(office, "north_rep", LAST_DAY)
    office.clock.set(TOLD_FROM)
    assert tours.tell(office.service) == 2
    assert {case_id for case_id, _ in asked(office)} == {first, second}


def test_another_last_day_is_told_again(office: Office) -> None:
    office.open("north", "south")
    leaves(office, "north_rep", LAST_DAY)
    office.clock.set(TOLD_FROM)
    tours.tell(office.service)
    for last_day, told in ((date(2026, 12, 16), 1), (None, 0), (date(2026, 12, 16), 0)):
        leaves(office, "north_rep", last_day)
        assert tours.tell(office.service) == told
    assert len(asked(office)) == 2


def test_a_tour_that_is_over_or_far_off_is_not_told(office: Office) -> None:
    office.open("north", "south")
    leaves(office, "north_rep", LAST_DAY)
    # The last day ends at midnight in Juba, two hours ahead of UTC.
    office.clock.set(datetime(2026, 12, 18, 21, 59, tzinfo=UTC))
    assert tours.tell(office.service) == 0
    leaves(office, "north_rep", date(2027, 12, 18))
    assert tours.tell(office.service) == 0
    leaves(office, "north_rep", date(2026, 12, 19))
    assert tours.tell(office.service) == 1


def test_the_working_days_are_those_of_whom_the_person_works_for(office: Office) -> None:
    office.open("north", "south")
    body = Organisation(id="gulf", name="Gulf Office", timezone="Africa/Juba", calendar="friday_saturday")
    Directory(office.record.engine).add_organisation(body)
    leaves(office, "north_rep", LAST_DAY, organisation="gulf")
    office.clock.set(TOLD_FROM)
    assert tours.tell(office.service) == 0
    office.clock.set(datetime(2026, 12, 6, 6, tzinfo=UTC))
    assert tours.tell(office.service) == 1


def test_whoever_holds_no_part_or_was_only_asked_to_take_one_brings_no_mail(office: Office) -> None:
    case_id = office.open("north", "south").case_id
    put_on_file(office.record.engine, "nora", "sol")
    row = {"case_id": case_id, "person_id": "sol", "role": "successor", "party_id": ""}
    with unit_of_work(office.record.engine) as connection:
        connection.execute(insert(tables.case_people), row)
    for person in ("nora", "sol"):
        leaves(office, person, LAST_DAY)
    office.clock.set(TOLD_FROM)
    assert (tours.tell(office.service), asked(office)) == (0, [])


def test_a_process_that_tells_nothing_of_tours_brings_no_mail(desk: Desk) -> None:
    desk.open()
    directory = Directory(desk.engine)
    directory.change(replace(directory.person("amal"), leaves_on=date(2026, 12, 2)))
    assert tours.tell(desk.service) == 0


def test_whoever_dies_while_asking_has_asked_for_nothing_and_the_next_look_asks_for_all(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.open("north", "south")
    office.open("north", "east")
    leaves(office, "north_rep", LAST_DAY)
    office.clock.set(TOLD_FROM)
    ask, times = notifying.ask_once, itertools.count()

    def die_at_the_second(work: Connection, row: Mapping[str, Any]) -> bool:
        if next(times):
            raise KeyboardInterrupt
        return ask(work, row)

    with monkeypatch.context() as patched:
        patched.setattr(notifying, "ask_once", die_at_the_second)
        with pytest.raises(KeyboardInterrupt):
            tours.tell(office.service)
    assert (next(times), asked(office)) == (2, [])
    assert (tours.tell(office.service), len(asked(office))) == (2, 2)


def test_two_that_look_at_the_same_moment_ask_once(office: Office) -> None:
    office.open("north", "south")
    leaves(office, "north_rep", LAST_DAY)
    office.clock.set(TOLD_FROM)
    barrier, told = threading.Barrier(2), []

    def look() -> None:
        barrier.wait()
        told.append(tours.tell(office.service))

    both = [threading.Thread(target=look) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert (sorted(told), len(asked(office))) == ([0, 1], 1)
