"""The use cases, on both databases: one act, one transaction, once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Table, event, exc, func, select, text

from cases import ledger, repository, tables
from cases import unit_of_work as work
from config.clock import SimulatedClock
from states import errors
from states.case import Case
from states.items import Note, Offer
from states.process import Urgency
from tests.cases.builders import CONVENER, OTHER, PARTIES, REPRESENTATIVE, START, Desk, put_on_file


def case_of(desk: Desk, case_id: str) -> Case:
    with work.reading(desk.engine) as connection:
        return repository.load(connection, case_id).case


def rows_of(desk: Desk, table: Table) -> list[dict[str, Any]]:
    with work.reading(desk.engine) as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def counts(desk: Desk) -> dict[str, int]:
    with work.reading(desk.engine) as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in tables.metadata.tables.items()
        }


def timers_of(desk: Desk) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in rows_of(desk, tables.timers)}


def at_once(count: int, run: Callable[[int], object]) -> list[object]:
    """Runs the same thing in threads that start together; returns what each returned or raised."""
    gate, results = threading.Barrier(count), [object()] * count

    def one(number: int) -> None:
        gate.wait()
        try:
            results[number] = run(number)
        except errors.ParleyError as error:
            results[number] = error

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_case_comes_back_from_the_database_as_it_was_decided(desk: Desk) -> None:
    opened = desk.open(urgency=Urgency.U2, fields={"amount": "12.50", "seen_on": "2026-11-30"})
    case = case_of(desk, opened.case_id)
    assert (case.number, case.version, case.urgency, case.stage) == ("M-2026-0001", 1, Urgency.U2, "screening")
    assert case.fields == {"amount": Decimal("12.50"), "seen_on": date(2026, 11, 30), "extended": False}
    assert case.parties == PARTIES
    assert [item.kind for item in case.items] == ["issue"]


def test_case_numbers_are_counted_for_each_year_where_the_process_lives(desk: Desk) -> None:
    assert [desk.open().number for _ in range(2)] == ["M-2026-0001", "M-2026-0002"]
    # In Juba, two hours east of Greenwich, the new year has begun.
    desk.clock.set(START.replace(month=12, day=31, hour=22, minute=30))
    assert desk.open().number == "M-2027-0001"


def test_a_number_brought_along_is_kept_and_never_given_again(desk: Desk) -> None:
    assert desk.open(number="M-2026-0001").number == "M-2026-0001"
    assert desk.open().number == "M-2026-0002"
    with pytest.raises(errors.Conflict, match="M-2026-0001 is already taken"):
        desk.open(number="M-2026-0001")


def test_an_act_writes_case_events_timers_and_notifications_together(desk: Desk) -> None:
    opened = desk.open()
    begun = desk.act(opened.case_id, "begin")
    assert (begun.version, len(begun.events)) == (2, 1)
    assert case_of(desk, opened.case_id).stage == "talks"
    assert "talks:2:remind 1 50%" in timers_of(desk)
    told = {row["occurrence"]: row for row in rows_of(desk, tables.notifications)}
    assert told.keys() == {f"{opened.case_id}:1:receipt", f"{opened.case_id}:2:negotiation_opened"}
    assert told[f"{opened.case_id}:2:negotiation_opened"]["to"] == '["representative"]'


def test_a_notification_names_the_item_it_is_about(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.act(case_id, "begin")
    desk.act(case_id, "offer", {"text": "We share the cost."}, actor=REPRESENTATIVE)
    (offer,) = case_of(desk, case_id).all(Offer)
    (told,) = [row for row in rows_of(desk, tables.notifications) if row["mail"] == "offer_made"]
    assert told["item"] == offer.id


def test_the_soonest_deadline_stands_on_the_case_row(desk: Desk) -> None:
    case_id = desk.open().case_id
    (row,) = rows_of(desk, tables.cases)
    assert row["due_at"] == START + timedelta(hours=24)
    desk.act(case_id, "pause", {"reason": "rain", "until": (START + timedelta(days=5)).isoformat()})
    (row,) = rows_of(desk, tables.cases)
    assert row["due_at"] == START + timedelta(days=5)


def test_who_is_in_a_case_follows_its_parties(desk: Desk) -> None:
    put_on_file(desk.engine, "dina")
    case_id = desk.open().case_id
    desk.act(case_id, "appoint", {"party": "B", "part": "representative", "person": "dina"})
    held = {(row["person_id"], row["role"], row["party_id"]) for row in rows_of(desk, tables.case_people)}
    assert held == repository.people_of(case_of(desk, case_id))
    assert ("dina", "representative", "B") in held


def test_the_same_request_sent_twice_is_done_once(desk: Desk) -> None:
    first = desk.open(key="one", id="c1")
    assert desk.open(key="one", id="c1") == first
    noted = desk.act("c1", "note", {"text": "seen", "zone": "team"}, key="two")
    assert desk.act("c1", "note", {"text": "seen", "zone": "team"}, key="two") == noted
    assert len(case_of(desk, "c1").all(Note)) == 1


def test_the_same_key_for_something_else_is_a_conflict(desk: Desk) -> None:
    case_id = desk.open(key="one").case_id
    desk.act(case_id, "note", {"text": "seen", "zone": "team"}, key="two")
    for other in ({"text": "unseen", "zone": "team"}, {"text": "seen", "zone": "shared"}):
        with pytest.raises(errors.KeyReused):
            desk.act(case_id, "note", other, key="two")
    with pytest.raises(errors.KeyReused):
        desk.open(key="one", title="Another road")


def test_the_same_request_at_the_same_moment_is_done_once(desk: Desk) -> None:
    case_id = desk.open().case_id
    results = at_once(4, lambda _: desk.act(case_id, "note", {"text": "seen", "zone": "team"}, key="same"))
    assert results == [results[0]] * 4
    assert case_of(desk, case_id).version == 2


def test_a_refused_act_stores_nothing_and_may_be_sent_again(desk: Desk) -> None:
    case_id = desk.open().case_id
    before = counts(desk)
    with pytest.raises(errors.NotFromHere):
        desk.act(case_id, "settle", key="settle")
    with pytest.raises(errors.NotYours):
        desk.act(case_id, "begin", actor=OTHER)
    with pytest.raises(errors.NeedsMissing):
        desk.act(case_id, "note", {"zone": "team"})
    assert counts(desk) == before
    desk.act(case_id, "begin")
    assert desk.act(case_id, "settle", key="settle").version == 3


def test_a_refused_opening_stores_nothing_and_uses_up_no_number(desk: Desk) -> None:
    put_on_file(desk.engine, "amal", "bilal", "cora")
    before = counts(desk)
    with pytest.raises(errors.NeedsMissing, match="title"):
        desk.open(title=" ")
    assert counts(desk) == before
    assert desk.open().number == "M-2026-0001"


def test_a_party_with_an_unknown_calendar_is_refused_at_the_door(desk: Desk) -> None:
    with pytest.raises(errors.NotFound, match=r"there is no working calendar moon; known are: .*mission"):
        desk.open(parties=(replace(PARTIES[0], calendar="moon"), PARTIES[1]))


def test_an_unknown_case_and_an_unknown_process_are_not_found(desk: Desk) -> None:
    with pytest.raises(errors.NotFound):
        desk.act("nothing", "begin")
    with pytest.raises(errors.NotFound, match="stored are: matter"):
        desk.open(process="quarrel")


@pytest.mark.parametrize(
    ("table", "trigger", "inputs"),
    [
        ("cases", "begin", {}),
        ("case_texts", "owe", {"sum": "3"}),
        ("items", "note", {"text": "x", "zone": "team"}),
        ("case_people", "appoint", {"party": "B", "part": "representative", "person": "dina"}),
        ("events", "begin", {}),
        ("event_bodies", "begin", {}),
        ("timers", "begin", {}),
        ("notifications", "begin", {}),
        ("commands", "begin", {}),
    ],
)
def test_nothing_is_half_done_when_a_statement_fails(
    desk: Desk, table: str, trigger: str, inputs: dict[str, str]
) -> None:
    put_on_file(desk.engine, "dina")
    case_id = desk.open().case_id
    before = counts(desk), case_of(desk, case_id), timers_of(desk)

    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith((f"INSERT INTO {table} ", f"UPDATE {table} ")):
            raise OSError(f"the disk is full at {table}")

    event.listen(desk.engine, "before_cursor_execute", fail)
    with pytest.raises(OSError, match=f"the disk is full at {table}"):
        desk.act(case_id, trigger, inputs)
    event.remove(desk.engine, "before_cursor_execute", fail)
    assert (counts(desk), case_of(desk, case_id), timers_of(desk)) == before
    assert desk.act(case_id, trigger, inputs).version == 2


def test_two_writers_are_both_recorded_in_some_order(desk: Desk) -> None:
    case_id = desk.open().case_id
    at_once(4, lambda number: desk.act(case_id, "note", {"text": f"note {number}", "zone": "team"}))
    case = case_of(desk, case_id)
    assert case.version == 5
    assert sorted(note.text for note in case.all(Note)) == [f"note {number}" for number in range(4)]
    with work.reading(desk.engine) as connection:
        assert ledger.verify(connection).consistent


def test_the_second_writer_is_told_who_was_first(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.act(case_id, "begin", expected_version=1)
    with pytest.raises(errors.Conflict, match=r"Cora was first: “Begin the talks” at 2026-12-01 08:00 UTC"):
        desk.act(case_id, "climb", expected_version=1)


def test_a_person_is_told_that_the_clock_was_first(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=24)
    with pytest.raises(errors.Conflict, match="the clock was first: “Take it to the next tier”"):
        desk.act(case_id, "begin", expected_version=1)


def test_of_two_writers_who_saw_the_same_version_one_wins(desk: Desk) -> None:
    case_id = desk.open().case_id
    results = at_once(
        2, lambda number: desk.act(case_id, "note", {"text": f"{number}", "zone": "team"}, expected_version=1)
    )
    assert sorted(isinstance(result, errors.Conflict) for result in results) == [False, True]
    assert case_of(desk, case_id).version == 2


def test_a_conflict_does_not_tell_what_the_loser_may_not_read(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.act(case_id, "note", {"text": "for all", "zone": "shared"}, actor=OTHER)
    desk.act(case_id, "note", {"text": "among us", "zone": "team"})
    with pytest.raises(errors.Conflict, match="Bilal was first") as told:
        desk.act(case_id, "note", {"text": "x", "zone": "shared"}, actor=REPRESENTATIVE, expected_version=1)
    assert "Cora" not in str(told.value)


def test_what_happens_in_a_room_of_others_is_no_conflict_and_is_not_counted(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.act(case_id, "note", {"text": "among us", "zone": "team"})
    note = {"text": "x", "zone": "shared"}
    told = desk.act(case_id, "note", note, actor=REPRESENTATIVE, key="once", expected_version=1)
    again = desk.act(case_id, "note", note, actor=REPRESENTATIVE, key="once", expected_version=1)
    assert told == again
    assert (told.version, told.entries) == (2, (2,))
    assert desk.act(case_id, "note", note).entries == (4,)


def test_the_clock_acts_before_a_person_of_the_same_instant(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=48)
    with pytest.raises(errors.NotFromHere):
        desk.act(case_id, "begin")
    with work.reading(desk.engine) as connection:
        happened = list(dict.fromkeys((one.trigger, one.at) for one in ledger.history(connection, case_id)))
    assert happened[1:] == [("climb", START + timedelta(hours=24)), ("begin", START + timedelta(hours=48))]


class PassingClock(SimulatedClock):
    """A clock that moves on by a second whenever somebody looks at it."""

    def now(self) -> datetime:
        """Move on, and tell the time."""
        return self.advance(seconds=1)


def test_a_clock_that_runs_out_while_a_person_acts_is_before_them(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=47)
    desk.service.fire_due(case_id)
    desk.service.clock = PassingClock(START + timedelta(hours=48, seconds=-1))
    with pytest.raises(errors.NotFromHere):
        desk.act(case_id, "begin")


def test_a_new_urgency_dates_what_waits_anew_and_leaves_what_fired(desk: Desk) -> None:
    case_id = desk.open().case_id
    desk.clock.advance(hours=12)
    desk.act(case_id, "hurry", {"urgency": "U4", "reason": "can wait"})
    found = {key: (row["state"], row["due_at"]) for key, row in timers_of(desk).items()}
    assert found["screening:1:remind 1 50%"] == ("fired", START + timedelta(hours=12))
    assert found["screening:1:100%"] == ("armed", START + timedelta(hours=48))


def test_an_error_of_the_database_does_not_tell_the_words_of_a_case(desk: Desk) -> None:
    with desk.engine.begin() as connection:
        connection.execute(text("DROP TABLE items"))
    with pytest.raises(exc.DatabaseError) as told:
        desk.open(title="The secret road", issues=("A secret question",))
    assert "secret" not in str(told.value)


def test_actors_with_other_offices_meanwhile_make_the_same_request(desk: Desk) -> None:
    case_id = desk.open().case_id
    first = desk.act(case_id, "begin", key="k")
    changed = type(CONVENER)(CONVENER.person, frozenset({"registry"}))
    assert desk.act(case_id, "begin", key="k", actor=changed) == first
