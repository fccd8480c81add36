"""Accounts of the parties: asked for at once, sealed, opened at the same instant, each on a clock of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from config import working_time
from states import errors, machine, roles, timers
from states.case import Case, Party, Side
from states.items import Account, Statement
from tests.states.disputes import CLOCK, CONVENER, DISPUTE, FIRST, MONDAY, SECOND, at, do, done

THIRD = "rep C"
PRIVATE = f"{roles.PRIVATE}:"


def asked(*, of_three: bool = False) -> Case:
    """Acknowledge a notice, which asks every party for its account."""
    case = at("submitted")
    if of_three:
        third = Party(id="C", name="Water agency", side=Side.RESPONDING, people={"representative": (THIRD,)})
        case = replace(case, parties=(*case.parties, third))
    return do(case, "acknowledge", CLOCK)


def standing(case: Case) -> dict[str, str]:
    return {one.party: one.state for one in case.all(Statement)}


def words(case: Case) -> dict[str, str]:
    return {one.party: one.text for one in case.all(Statement)}


def silent(case: Case, party: str, *, after: timedelta = timedelta(0)) -> Case:
    """Let the clock of one party run out."""
    (mine,) = (one for one in case.all(Statement) if one.party == party)
    when = MONDAY + after
    fired = machine.Act(
        trigger="response_silent", actor=roles.THE_CLOCK, at=when, recorded_at=when, inputs={"statement": mine.id}
    )
    return machine.advance(DISPUTE, case, fired)[0]


def clocks(case: Case) -> list[str]:
    running = timers.open_deadlines(DISPUTE, case, working_time.shipped_calendars())
    return [one.item.party for one in running if one.rule.name == "response" and isinstance(one.item, Statement)]


def test_every_party_is_asked_when_the_notice_is_acknowledged() -> None:
    case = asked(of_three=True)
    assert set(standing(case).values()) == {"awaited"}
    assert len(clocks(case)) == len(case.parties)


def test_the_first_account_where_nobody_was_asked_asks_all_others_and_opens_nothing() -> None:
    case = at("root_cause")
    first, second = (party.id for party in case.parties)
    case = do(case, "answer_notice", SECOND, text="copper kettle")
    assert (standing(case), set(words(case).values())) == ({first: "awaited", second: "sealed"}, {""})
    assert clocks(case) == [first]
    both = do(case, "give_account", FIRST, text="tin pan")
    assert words(both) == {first: "tin pan", second: "copper kettle"}
    assert words(silent(case, first)) == {first: "", second: "copper kettle"}


def test_what_a_side_wrote_is_read_by_nobody_else_until_all_are_in() -> None:
    case, recorded = done(asked(), "answer_notice", SECOND, text="copper kettle")
    assert words(case) == dict.fromkeys(words(case), "")
    assert [event.zone.startswith(PRIVATE) for event in recorded if "copper" in str(event)] == [True]
    for other in (FIRST, CONVENER, "the Mediator"):
        zones = roles.readable_zones(DISPUTE, case, roles.Actor(other))
        assert not [one for one in case.all(Account) if one.zone in zones]


def test_the_last_account_opens_all_at_one_instant() -> None:
    case = do(asked(), "answer_notice", SECOND, text="the road is ours")
    case, recorded = done(case, "give_account", FIRST, text="the road is shut")
    assert sorted(words(case).values()) == ["the road is ours", "the road is shut"]
    assert {(one.state, one.opened_at, one.zone) for one in case.all(Statement)} == {("open", MONDAY, roles.SHARED)}
    assert recorded[-1].zone == roles.SHARED
    assert {one.state for one in case.all(Account)} == {"sealed"}


def test_one_answer_stops_the_clock_of_that_party_alone() -> None:
    case = do(asked(of_three=True), "answer_notice", THIRD, text="we carry the water")
    assert "C" not in clocks(case)
    assert len(clocks(case)) == 2


def test_the_last_silence_opens_what_was_filed() -> None:
    case = do(asked(of_three=True), "answer_notice", THIRD, text="we carry the water")
    first, second = (party.id for party in case.parties if party.id != "C")
    case = silent(case, first)
    assert words(case)["C"] == ""
    case = silent(case, second)
    assert standing(case) == {first: "silent", second: "silent", "C": "open"}
    assert words(case)["C"] == "we carry the water"


def test_an_account_that_comes_late_is_kept_and_marked() -> None:
    case = asked()
    first, second = (party.id for party in case.parties)
    case = do(silent(silent(case, first), second), "answer_notice", SECOND, text="the post was slow")
    assert [(one.text, one.late) for one in case.all(Statement, "open")] == [("the post was slow", True)]


def test_an_account_may_be_replaced_while_it_is_sealed_and_added_to_afterwards() -> None:
    case = do(asked(), "answer_notice", SECOND, text="first words")
    case = do(case, "answer_notice", SECOND, text="second words")
    assert [one.text for one in case.all(Account)] == ["second words"]
    case = do(case, "give_account", FIRST, text="ours")
    assert sorted(words(case).values()) == ["ours", "second words"]
    case = do(case, "answer_notice", SECOND, text="more words")
    assert [(one.text, one.late) for one in case.all(Statement)][-1] == ("more words", True)
    assert len(case.all(Account)) == 3


def test_a_party_that_joins_is_asked_on_a_clock_of_its_own() -> None:
    case = do(do(asked(), "answer_notice", SECOND, text="b"), "give_account", FIRST, text="a")
    case = do(case, "join_party", CONVENER, name="Open Wells", representative=THIRD)
    joined = case.parties[-1].id
    assert clocks(case) == [joined]
    case = do(case, "answer_notice", THIRD, text="our wells")
    assert words(case)[joined] == "our wells"
    assert [one.late for one in case.all(Statement) if one.party == joined] == [False]


def test_the_convener_files_an_account_that_came_by_telephone_and_cannot_read_it_again() -> None:
    case = asked()
    theirs = case.parties[1].id
    case = do(case, "answer_notice", CONVENER, party=theirs, text="by telephone")
    assert standing(case)[theirs] == "sealed"
    assert {one.zone for one in case.all(Account)} == {f"{PRIVATE}{theirs}"}
    assert f"{PRIVATE}{theirs}" not in roles.readable_zones(DISPUTE, case, roles.Actor(CONVENER))


def test_an_opened_account_cannot_be_passed_over_by_the_clock() -> None:
    case = do(asked(), "answer_notice", SECOND, text="b")
    with pytest.raises(errors.NeedsMissing):
        silent(case, case.parties[1].id)
