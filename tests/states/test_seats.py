"""A deputy adds no voice: whoever is stood in for and who stands in are one seat, so four eyes stay four."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from states import case as cases
from states import errors, machine, roles, seats
from states.directory import Delegation, Directory, Entry
from states.items import Called, Decision, Proposal
from tests.states.mediations import CALENDARS, DISPUTE, MONDAY
from tests.states.test_answering import answered, before

MEMBERS = ("ana", "ben", "cleo", "dina")
ADA = Delegation(person="ana", deputy="ada", since=date(2026, 1, 1))
AVA = Delegation(person="ada", deputy="ava", since=date(2026, 1, 1))


def on_file(*delegations: Delegation) -> Directory:
    """Returns four people of four organisations, and two more in that of the first."""
    home = {name: name[0] for name in (*MEMBERS, "ada", "ava")}
    people = {name: Entry(id=name, name=name.title(), organisation=body) for name, body in home.items()}
    return Directory(people=people, delegations=delegations)


def act(case: cases.Case, trigger: str, person: str, directory: Directory, **inputs: object) -> cases.Case:
    """Lets somebody act, or the clock where nobody is named."""
    actor = roles.Actor(person) if person else roles.THE_CLOCK
    request = machine.Act(
        trigger=trigger,
        actor=actor,
        at=MONDAY + timedelta(hours=1),
        recorded_at=MONDAY + timedelta(hours=1),
        inputs=inputs,
        calendars=CALENDARS,
        directory=directory,
    )
    return machine.advance(DISPUTE, case, request)[0]


def with_deputies(*members: str, delegations: tuple[Delegation, ...] = (ADA,)) -> tuple[cases.Case, Directory]:
    """Puts a question to a committee that let its time pass, so that the deputies on file are called beside it."""
    case, directory = before("T2"), on_file(*delegations)
    case = replace(case, roles={**case.roles, "committee": members})
    return act(case, "call_deputies", "", directory), directory


def agree(case: cases.Case, person: str, directory: Directory) -> cases.Case:
    return act(case, "agree", person, directory, proposal=case.all(Proposal)[-1].id)


def test_a_member_and_their_own_deputy_do_not_carry_an_answer_without_the_others() -> None:
    case, directory = with_deputies("ana", "ben")
    assert case.roles["committee"] == ("ana", "ben", "ada")
    half = answered(case, "approved", "ana", directory)
    with pytest.raises(errors.NeedsMissing):
        agree(half, "ada", directory)
    assert [one.answer for one in agree(half, "ben", directory).all(Decision)] == ["approved"]


def test_a_deputy_speaks_in_the_place_of_who_is_silent() -> None:
    case, directory = with_deputies("ana", "ben")
    half = answered(case, "approved", "ada", directory)
    with pytest.raises(errors.NeedsMissing):
        agree(half, "ana", directory)
    assert [one.answer for one in agree(half, "ben", directory).all(Decision)] == ["approved"]


def test_deputies_do_not_raise_the_number_that_is_needed() -> None:
    case, directory = with_deputies(*MEMBERS)
    case = answered(case, "decided", "ada", directory)
    case = agree(case, "ben", directory)
    assert case.all(Decision) == ()
    assert len(agree(case, "cleo", directory).all(Decision)) == 1


@pytest.mark.parametrize("person", ["ana", "ada"])
def test_a_committee_of_one_is_one_voice_with_its_deputy(person: str) -> None:
    case, directory = with_deputies("ana")
    assert len(answered(case, "decided", person, directory).all(Decision)) == 1


def test_a_yes_given_as_a_deputy_fills_the_seat_after_the_part_has_ended() -> None:
    case, directory = with_deputies(*MEMBERS)
    case = agree(answered(case, "approved", "ben", directory), "ada", directory)
    (call,) = (one for one in case.all(Called) if one.person == "ada")
    case = act(case, "end_deputy", "", directory, called=call.id)
    assert case.roles["committee"] == MEMBERS
    with pytest.raises(errors.NeedsMissing, match="waits for the answer"):
        agree(case, "ana", directory)
    assert len(agree(case, "cleo", directory).all(Decision)) == 1


def test_a_number_of_yeses_is_a_number_of_seats() -> None:
    case, directory = with_deputies("ana", "ben", "cleo")
    tier = replace(DISPUTE.tiers["T2"], quorum="2")
    process = replace(DISPUTE, tiers={**DISPUTE.tiers, "T2": tier})
    request = machine.Act(
        trigger="approve", actor=roles.Actor("ana"), at=MONDAY, recorded_at=MONDAY, directory=directory
    )
    half = machine.advance(process, case, request)[0]
    again = replace(request, trigger="agree", inputs={"proposal": half.all(Proposal)[-1].id})
    with pytest.raises(errors.NeedsMissing):
        machine.advance(process, half, replace(again, actor=roles.Actor("ada")))
    done = machine.advance(process, half, replace(again, actor=roles.Actor("cleo")))[0]
    assert len(done.all(Decision)) == 1


def test_a_deputy_of_a_deputy_has_the_seat_of_the_first() -> None:
    case, directory = with_deputies("ana", "ben", delegations=(ADA, AVA))
    case = act(case, "call_deputies", "", directory)
    assert case.roles["committee"] == ("ana", "ben", "ada", "ava")
    assert seats.taken(case, case.roles["committee"], "committee") == {"ana", "ben"}


def test_a_deputy_who_is_named_for_the_part_has_a_seat_of_their_own() -> None:
    case, _ = with_deputies("ana", "ben")
    ended = tuple(replace(one, state="ended") if isinstance(one, Called) else one for one in case.items)
    named = replace(case, items=ended)
    assert seats.taken(named, ("ana", "ada"), "committee") == {"ana", "ada"}
