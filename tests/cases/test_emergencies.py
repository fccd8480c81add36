"""A room is opened in an emergency by two people for some hours, in the chain of the case; never what is private."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import select

from cases import emergencies, ledger, outbox, queries, tables
from cases.emergencies import Emergencies, Request, Wanted
from cases.outbox import NewMessage
from cases.people import Person
from cases.unit_of_work import reading
from states import errors
from states.roles import Actor
from tests.cases.watched import House, marker

ADA = Actor("ada", frozenset({"administrator"}))
OTHER = Actor("zoe", frozenset({"administrator"}))
HEAD = Actor("zoe", frozenset({"head_of_office"}))
WHY = "The mediator cannot be reached and somebody is in danger."


def ask(house: House, case_id: str, room: str = "caucus:A", *, hours: int = 4, reason: str = WHY) -> Request:
    wanted = Wanted(case_ref=case_id, room=room, reason=reason, hours=hours)
    return Emergencies(house.service).ask(wanted, ADA)


def letters(request: Request, people: Sequence[Person]) -> list[NewMessage]:
    return [
        NewMessage(
            person_id=one.id,
            address=one.email,
            kind="notice",
            language="en",
            subject=f"About {request.number}",
            message_id=f"{request.item.id}.{one.id}@desk.example",
            sender="desk@desk.example",
            content=b"",
        )
        for one in people
    ]


def opened(house: House, case_id: str, room: str = "caucus:A", *, hours: int = 4) -> Request:
    request = ask(house, case_id, room, hours=hours)
    return Emergencies(house.service).agree(case_id, request.item.id, HEAD, letters=letters)


def reads(house: House, case_id: str) -> frozenset[str]:
    """Returns the zones of what the administrator may read of a case just now."""
    rooms = {
        one.case_id: frozenset({one.item.room})
        for one in emergencies.opened_to(house.record.engine, "ada", now=house.clock.now())
    }
    try:
        _, case = queries.case_for(house.record, queries.Viewer(ADA, opened=rooms), case_id)
    except errors.NotFound:
        return frozenset()
    return frozenset(item.zone for item in case.items)


def told(house: House) -> set[str]:
    with reading(house.record.engine) as connection:
        wanted = select(tables.messages.c.person_id).where(tables.messages.c.mail == emergencies.MAIL)
        return {*connection.execute(wanted).scalars()}


@pytest.fixture
def case_id(house: House) -> str:
    """Returns a case with a note in every room."""
    case_id = house.filed()
    for zone in ("shared", "team", "caucus:A", "caucus:B"):
        house.act(case_id, "put_note", by="mo", zone=zone, text=marker("note", zone))
    return case_id


def test_nothing_is_open_until_a_second_person_agrees(house: House, case_id: str) -> None:
    request = ask(house, case_id)
    assert reads(house, case_id) == frozenset()
    with pytest.raises(errors.NotYours, match="a second person must"):
        Emergencies(house.service).agree(case_id, request.item.id, ADA, letters=letters)
    assert (reads(house, case_id), told(house)) == (frozenset(), set())
    Emergencies(house.service).agree(case_id, request.item.id, OTHER, letters=letters)
    assert reads(house, case_id) == {"caucus:A"}


def test_the_room_is_read_and_no_other_one(house: House, case_id: str) -> None:
    opened(house, case_id)
    rooms = {case_id: frozenset({"caucus:A"})}
    file = queries.case_file(house.record, queries.Viewer(ADA, opened=rooms), case_id, now=house.clock.now())
    seen = str(file)
    assert marker("note", "caucus:A") in seen
    assert not [zone for zone in ("shared", "team", "caucus:B") if marker("note", zone) in seen]
    assert not file.options


def test_it_ends_by_itself_and_by_hand(house: House, case_id: str) -> None:
    first = opened(house, case_id, hours=2)
    house.clock.advance(hours=1, minutes=59)
    assert reads(house, case_id) == {"caucus:A"}
    house.clock.advance(minutes=1)
    assert reads(house, case_id) == frozenset()
    with pytest.raises(errors.Conflict, match="not open any more"):
        Emergencies(house.service).end(case_id, first.item.id, ADA)
    second = opened(house, case_id)
    Emergencies(house.service).end(case_id, second.item.id, Actor("mo"))
    assert reads(house, case_id) == frozenset()


def test_the_case_team_and_the_party_are_told_and_the_other_party_is_not(house: House, case_id: str) -> None:
    opened(house, case_id)
    assert told(house) == {"mo", "cora", "amal", "sami"}
    for person, knows in (("cora", True), ("mo", True), ("amal", True), ("bilal", False), ("jo", False)):
        viewer = queries.Viewer(Actor(person))
        seen = str(queries.case_file(house.record, viewer, case_id, now=house.clock.now()))
        assert (WHY in seen, repr("ada") in seen) == (knows, knows), person


@pytest.mark.parametrize("room", ["private:A", "private:B", "nominee", "caucus:Z", "notebook", ""])
def test_what_is_private_is_opened_to_nobody(house: House, case_id: str, room: str) -> None:
    before = ledger_length(house, case_id)
    with pytest.raises(errors.NotFound, match="no such room"):
        ask(house, case_id, room)
    assert ledger_length(house, case_id) == before


@pytest.mark.parametrize(("hours", "reason", "missing"), [(0, WHY, "hours"), (25, WHY, "hours"), (2, "  ", "a reason")])
def test_a_request_says_why_and_for_how_long(house: House, case_id: str, hours: int, reason: str, missing: str) -> None:
    with pytest.raises(errors.NeedsMissing) as refusal:
        ask(house, case_id, hours=hours, reason=reason)
    assert missing in refusal.value.missing[0]


def test_a_request_is_answered_once(house: House, case_id: str) -> None:
    request = ask(house, case_id)
    Emergencies(house.service).refuse(case_id, request.item.id, HEAD)
    with pytest.raises(errors.Conflict, match="somebody was first"):
        Emergencies(house.service).agree(case_id, request.item.id, OTHER, letters=letters)
    with pytest.raises(errors.Conflict, match="somebody was first"):
        Emergencies(house.service).refuse(case_id, request.item.id, OTHER)
    assert (reads(house, case_id), told(house)) == (frozenset(), set())


@pytest.mark.parametrize("actor", [Actor("mo"), Actor("rita", frozenset({"registry"})), Actor("amal")])
def test_nobody_else_asks_or_agrees(house: House, case_id: str, actor: Actor) -> None:
    request = ask(house, case_id)
    with pytest.raises(errors.NotYours):
        Emergencies(house.service).ask(Wanted(case_ref=case_id, room="team", reason=WHY, hours=1), actor)
    with pytest.raises(errors.NotYours):
        Emergencies(house.service).agree(case_id, request.item.id, actor, letters=letters)


def test_every_step_stands_in_the_chain(house: House, case_id: str) -> None:
    request = opened(house, case_id)
    Emergencies(house.service).end(case_id, request.item.id, HEAD)
    with reading(house.record.engine) as connection:
        assert ledger.verify(connection).consistent
        steps = [(event.trigger, event.actor) for event in ledger.history(connection, case_id)[-3:]]
    assert steps == [
        ("break_glass_asked", "ada"),
        ("break_glass_agreed", "zoe"),
        ("break_glass_ended", "zoe"),
    ]


def test_the_party_may_be_named_by_its_name(house: House, case_id: str) -> None:
    assert ask(house, case_id, "caucus:area committee").item.room == "caucus:A"


def test_the_mails_go_out_although_nothing_of_the_process_asked_for_them(house: House, case_id: str) -> None:
    opened(house, case_id)
    due = outbox.claim_messages(house.record.engine, now=house.clock.now(), owner="test")
    assert {one.person_id for one in due if one.mail == emergencies.MAIL} == {"mo", "cora", "amal", "sami"}


def ledger_length(house: House, case_id: str) -> int:
    with reading(house.record.engine) as connection:
        return len(ledger.history(connection, case_id))
