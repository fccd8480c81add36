"""Names before the parties: each strikes for itself, unseen by the others, and what is struck is not proposed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from config import load, vocabulary, working_time
from states import case as cases
from states import errors, machine, roles, simulate, timers
from states.effects.appointing import PREFERENCE
from states.events import Event
from states.items import Neutral, Preference, Proposal, Shortlist
from states.process import Urgency

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DISPUTE = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
CONVENER, COMMITTEE = "the Convener", "the Joint committee"
NAMES = ("ana", "ben", "cid")
EMPLOYERS = {"ana": "office", "ben": "office", "hal": "herders"}


def appointing() -> cases.Case:
    """Put a case between two parties, each with people and an organisation of its own, before the appointment."""
    case = simulate.sample_case(DISPUTE, urgency=Urgency.U3, now=MONDAY, stage="appointing")
    parts = ("representative", "senior_representative", "area_manager")
    parties = tuple(
        replace(party, id=letter, organisation=body, people={part: (f"{part} {letter}",) for part in parts})
        for party, letter, body in zip(case.parties, "AB", ("herders", "council"), strict=True)
    )
    return replace(case, parties=parties)


def happened(
    case: cases.Case, trigger: str, who: str | roles.Actor, /, **inputs: object
) -> tuple[cases.Case, tuple[Event, ...]]:
    """Do an act on Monday, with what the directory knows of the people it names."""
    actor = roles.Actor(who) if isinstance(who, str) else who
    request = machine.Act(
        trigger=trigger, actor=actor, at=MONDAY, recorded_at=MONDAY, inputs=inputs, employers=EMPLOYERS
    )
    return machine.advance(DISPUTE, case, request)


def do(case: cases.Case, trigger: str, who: str | roles.Actor, /, **inputs: object) -> cases.Case:
    return happened(case, trigger, who, **inputs)[0]


def refusal(case: cases.Case, trigger: str, who: str, /, **inputs: object) -> tuple[str, ...]:
    with pytest.raises(errors.Refused) as refused:
        do(case, trigger, who, **inputs)
    return refused.value.missing


def put() -> cases.Case:
    return do(appointing(), "put_shortlist", CONVENER, names=NAMES)


def seen_by(case: cases.Case, person: str) -> tuple[str, ...]:
    """Name the parties whose answers somebody may read."""
    zones = roles.readable_zones(DISPUTE, case, roles.Actor(person))
    return tuple(one.owner for one in case.all(Preference) if one.zone in zones)


def propose(case: cases.Case, name: str, who: str = CONVENER) -> cases.Case:
    return do(do(case, "name_neutral", who, person=name), "disclose", who, disclosure="none")


def all_silent(case: cases.Case) -> cases.Case:
    for one in case.all(Preference, "awaited"):
        case = do(case, "shortlist_silent", roles.THE_CLOCK, preference=one.id)
    return case


def test_every_party_is_asked_in_a_line_of_its_own() -> None:
    case, events = happened(appointing(), "put_shortlist", CONVENER, names=NAMES)
    [shortlist] = case.all(Shortlist)
    assert (shortlist.names, shortlist.strikes, shortlist.zone) == (NAMES, 1, roles.SHARED)
    assert {one.owner: one.zone for one in case.all(Preference)} == {"A": "line:A", "B": "line:B"}
    assert len({one.id for one in case.items}) == len(case.items)
    assert [event.zone for event in events] == [roles.TEAM, roles.SHARED, "line:A", "line:B"]


def test_a_party_that_left_or_stands_within_another_is_not_asked() -> None:
    case = appointing()
    within = cases.Party(id="C", name="A branch", side=cases.Side.JOINED, within="A")
    left = cases.Party(id="D", name="Gone", side=cases.Side.JOINED, left_at=MONDAY)
    case = do(replace(case, parties=(*case.parties, within, left)), "put_shortlist", CONVENER, names=NAMES)
    assert [one.owner for one in case.all(Preference)] == ["A", "B"]


def test_no_party_sees_whom_another_strikes_and_the_team_does() -> None:
    case, events = happened(put(), "answer_shortlist", "representative A", struck=["ben"], first="ana")
    assert {event.zone for event in events} == {"line:A"}
    assert seen_by(case, "representative A") == ("A",)
    assert seen_by(case, "representative B") == ("B",)
    assert seen_by(case, CONVENER) == ("A", "B")
    assert seen_by(case, COMMITTEE) == ()
    assert "A" not in seen_by(case, "senior_representative B")


def test_whether_another_party_has_answered_changes_nothing_for_this_one() -> None:
    def offered(case: cases.Case) -> list[machine.Option]:
        options = machine.permitted(DISPUTE, case, roles.Actor("representative B"), MONDAY)
        return [one for one in options if one.trigger.name == "answer_shortlist"]

    before, after = put(), do(put(), "answer_shortlist", "representative A", struck=["ben"])
    assert offered(before) == offered(after)
    assert offered(before)[0].ready


def test_a_struck_name_is_neither_proposed_nor_listed_again() -> None:
    case = all_silent(do(put(), "answer_shortlist", "representative A", struck=["ben"], first="ana", second="cid"))
    [answer] = case.all(Preference, "given")
    assert (answer.struck, answer.ranked, answer.by) == (("ben",), ("ana", "cid"), "representative A")
    with pytest.raises(errors.NeedsMissing, match="no party has struck this name"):
        propose(case, "ben")
    appointing = refusal(case, "appoint_neutral", COMMITTEE, person="ben", disclosure="none")
    assert "no party has struck this name" in str(appointing)
    assert "no party has struck" in str(refusal(case, "put_shortlist", CONVENER, names=["ben", "dan", "eve"]))
    assert propose(case, "ana").stage == "objection_window"


def test_a_senior_does_not_learn_from_a_refusal_whom_another_side_struck() -> None:
    struck = all_silent(do(put(), "answer_shortlist", "representative A", struck=["ben"]))
    for case in (struck, all_silent(put())):
        asked = replace(case, tier="T3", tier_since=MONDAY)
        told = do(asked, "appoint_as_seniors", "senior_representative B", person="ben", disclosure="none")
        assert told.stage == "appointing"
        assert [one.state for one in told.all(Proposal)] == ["open"]


def test_silence_strikes_nobody() -> None:
    case = all_silent(put())
    assert {one.state for one in case.all(Preference)} == {"silent"}
    assert [propose(case, name).all(Neutral)[0].person for name in NAMES] == list(NAMES)


def test_no_name_is_proposed_while_a_party_may_still_strike_it() -> None:
    case = do(put(), "answer_shortlist", "representative A")
    with pytest.raises(errors.NeedsMissing, match="every party has answered the shortlist, or its time"):
        propose(case, "ana")
    assert "every party has answered" in str(refusal(case, "put_shortlist", CONVENER, names=["x", "y", "z"]))
    assert propose(all_silent(case), "ana").stage == "objection_window"


def test_a_neutral_may_be_proposed_without_any_shortlist() -> None:
    assert propose(appointing(), "ana").stage == "objection_window"


def test_what_was_struck_before_the_case_was_reopened_counts_for_nothing() -> None:
    case = all_silent(do(put(), "answer_shortlist", "representative A", struck=["ben"]))
    later = replace(case, cycle=2, cycle_since=MONDAY.replace(hour=9))
    assert do(later, "name_neutral", CONVENER, person="ben").roles["nominee"] == ("ben",)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["ana", "ben"], "more names than all parties may strike together"),
        (["ana", "ben", "representative B"], "outside the lines of all parties"),
        (["ana", "ben", "area_manager A"], "outside the lines of all parties"),
        (["ana", "ben", "hal"], "works for the organisation of a party"),
        ([], "Names to put before the parties is missing"),
    ],
)
def test_a_list_that_would_not_do_is_refused(names: list[str], words: str) -> None:
    assert words in str(refusal(appointing(), "put_shortlist", CONVENER, names=names))


def test_a_name_that_stands_twice_counts_once() -> None:
    assert "more names than" in str(refusal(appointing(), "put_shortlist", CONVENER, names=["ana", "ben", "ana"]))


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"struck": ["ana", "ben"]}, "no more names are struck than"),
        ({"struck": ["dan"]}, "must be among: ana, ben, cid"),
        ({"first": "dan"}, "First choice must be among"),
        ({"struck": ["ana"], "first": "ana"}, "no name is chosen twice"),
        ({"first": "ana", "third": "ana"}, "no name is chosen twice"),
    ],
)
def test_an_answer_that_would_not_do_is_refused(inputs: dict[str, Any], words: str) -> None:
    assert words in str(refusal(put(), "answer_shortlist", "representative A", **inputs))


def test_an_answer_stands_and_a_late_one_is_refused() -> None:
    case = do(put(), "answer_shortlist", "representative A", struck=["ben"])
    told = "a shortlist waits for the answer of your party"
    assert told in refusal(case, "answer_shortlist", "representative A", struck=["ana"])
    assert told in refusal(all_silent(case), "answer_shortlist", "representative B")


def test_nobody_answers_for_another_party_and_no_senior_or_convener_answers_at_all() -> None:
    assert "you may only speak for your own party" in refusal(put(), "answer_shortlist", "representative A", party="B")
    for who in (CONVENER, COMMITTEE, "senior_representative A"):
        with pytest.raises(errors.NotYours):
            do(put(), "answer_shortlist", who)


def test_a_neutral_paid_by_a_party_is_not_proposed() -> None:
    with pytest.raises(errors.NeedsMissing, match="nobody named works for the organisation of a party"):
        propose(appointing(), "hal")


def test_the_clock_of_an_answer_is_shorter_than_that_of_the_appointment_in_every_class() -> None:
    calendars = working_time.shipped_calendars()
    for urgency in Urgency:
        due = {
            one.rule.name: one.due_at
            for one in timers.open_deadlines(DISPUTE, replace(put(), urgency=urgency), calendars)
        }
        assert due["shortlist"] < due["appointing"]


def test_each_answer_hangs_on_a_clock_of_its_own_party() -> None:
    case = do(put(), "answer_shortlist", "representative A")
    plan = timers.plan(DISPUTE, case, working_time.shipped_calendars())
    left = [timer for timer in plan if timer.deadline == "shortlist"]
    assert {timer.to for timer in left if timer.mail} == {("owner representative",)}
    [preference] = case.all(Preference, "awaited")
    assert {timer.item for timer in left} == {preference.id}
    assert [timer.trigger for timer in left if timer.trigger] == ["shortlist_silent"]


@pytest.mark.parametrize("state", PREFERENCE.states)
@pytest.mark.parametrize("move", ["answer", "keep silent"])
def test_an_answer_moves_only_while_it_is_awaited(state: str, move: str) -> None:
    one = Preference(id="p", zone="line:A", by="c", at=MONDAY, state=state, owner="A", shortlist="s")
    assert PREFERENCE.allows(one, move) == (state == "awaited")
