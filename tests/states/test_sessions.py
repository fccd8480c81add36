"""The meetings with the neutral: planned, moved, missed, held in confidence, and minutes that each party answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config import working_time
from states import case as cases
from states import errors, roles, timers
from states.items import Session
from tests.states.mediations import CONVENER, DISPUTE, MEDIATOR, MONDAY, act, at, do, later, seen_by, told_to

CALENDARS = working_time.shipped_calendars()


def planned(**inputs: object) -> cases.Case:
    """Plan a joint session for Friday."""
    asked = {"begins_at": later(days=4), "place": "Hall 2", "agenda": "The gate", **inputs}
    return do(at("sessions"), "plan_session", MEDIATOR, **asked)


def the_session(case: cases.Case) -> Session:
    """Return the newest session."""
    return case.all(Session)[-1]


def timetable(case: cases.Case) -> list[tuple[str, timedelta]]:
    """List what the clock of a planned session does, from Monday on."""
    plan = timers.plan(DISPUTE, case, CALENDARS)
    return [(one.mail or one.trigger or "", one.due_at - MONDAY) for one in plan if one.deadline == "session"]


def test_a_planned_session_reminds_and_is_declared_missed() -> None:
    assert timetable(planned()) == [
        ("session_reminder", timedelta(days=1)),
        ("session_reminder", timedelta(days=3)),
        ("session_reminder", timedelta(days=3, hours=22)),
        ("miss_session", timedelta(days=4, hours=2)),
    ]


def test_the_reminders_follow_a_session_that_is_moved() -> None:
    case = planned()
    moved = do(case, "move_session", MEDIATOR, session=the_session(case).id, begins_at=later(days=9), reason="Rain")
    assert timetable(moved)[0] == ("session_reminder", timedelta(days=6))
    opened = do(moved, "begin_session", MEDIATOR, session=the_session(case).id)
    assert (the_session(opened).state, timetable(opened)) == ("open", [])


def test_a_missed_session_may_still_be_opened_or_moved() -> None:
    case = planned()
    missed = do(case, "miss_session", roles.THE_CLOCK, session=the_session(case).id)
    assert the_session(missed).state == "missed"
    assert the_session(do(missed, "begin_session", MEDIATOR, session=the_session(case).id)).state == "open"


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"begins_at": later(hours=-1)}, "the date lies ahead"),
        ({"form": "caucus"}, "a caucus is with one party"),
        ({"with_party": "A"}, "a joint session with all of them"),
        ({"form": "caucus", "with_party": "Z"}, "must be a party of this case"),
        ({"invited": ["nobody"], "place": ""}, "Place or link is missing"),
    ],
)
def test_a_session_that_makes_no_sense_is_not_planned(inputs: dict[str, object], told: str) -> None:
    with pytest.raises(errors.NeedsMissing, match=told):
        planned(**inputs)


def test_a_closed_session_is_not_moved() -> None:
    case = do(do(at("sessions"), "open_session", MEDIATOR, agenda="x"), "close_session", MEDIATOR, minutes="y")
    with pytest.raises(errors.NeedsMissing, match="planned or missed"):
        do(case, "move_session", MEDIATOR, session=the_session(case).id, begins_at=later(days=1), reason="z")


def test_a_caucus_is_read_by_its_party_and_the_mediator_alone() -> None:
    alone = {"form": "caucus", "with_party": "B", "agenda": "amber lantern"}
    case, opened = act(at("sessions", parties=5), "open_session", MEDIATOR, **alone)
    case, closed = act(case, "close_session", MEDIATOR, minutes="amber lantern", attendance=["representative B"])
    case, answered = act(case, "agree_minutes", "representative B", session=the_session(case).id)
    readers = ["representative B", MEDIATOR]
    others = [CONVENER, "the Joint committee", *(f"representative {letter}" for letter in "ACDE")]
    for person in (*readers, *others, "senior_representative B"):
        everything = seen_by(case, person) + told_to(case, (*opened, *closed, *answered), person)
        assert ("amber lantern" in everything) == (person in readers), person


def test_the_convener_meets_no_party_alone_and_closes_no_caucus() -> None:
    alone = {"form": "caucus", "with_party": "B", "agenda": "x"}
    with pytest.raises(errors.NeedsMissing, match="nobody but the mediator meets one party alone"):
        do(at("sessions"), "open_session", CONVENER, **alone)
    case = do(at("sessions"), "open_session", MEDIATOR, **alone)
    with pytest.raises(errors.NeedsMissing, match="one session that you may read is open"):
        do(case, "close_session", CONVENER, minutes="?")
    with pytest.raises(errors.NeedsMissing, match="Session must be one of this case"):
        do(case, "close_session", CONVENER, minutes="?", session=the_session(case).id)


def test_that_a_caucus_is_open_keeps_nobody_from_a_joint_session() -> None:
    case = do(at("sessions"), "open_session", MEDIATOR, form="caucus", with_party="B", agenda="x")
    case = do(case, "open_session", CONVENER, agenda="y")
    with pytest.raises(errors.NeedsMissing, match="or it is said which"):
        do(case, "close_session", MEDIATOR, minutes="?")
    case = do(case, "close_session", CONVENER, minutes="They met")
    assert [one.state for one in case.all(Session)] == ["open", "closed"]


def held(*, parties: int = 2) -> cases.Case:
    """Hold a joint session."""
    case = do(at("sessions", parties=parties), "open_session", MEDIATOR, agenda="x")
    return do(case, "close_session", MEDIATOR, minutes="They met", reasons=["no authority", "trust"])


def test_minutes_are_agreed_when_every_one_of_five_parties_agrees() -> None:
    case = held(parties=5)
    for letter in "ABCDE":
        assert the_session(case).state == "closed"
        case = do(case, "agree_minutes", f"representative {letter}", session=the_session(case).id)
    assert the_session(case).state == "agreed"


def test_minutes_carry_the_words_of_the_party_that_disagrees() -> None:
    case = held()
    said = "We never promised the gate"
    case = do(case, "dispute_minutes", "representative B", session=the_session(case).id, text=said)
    case = do(case, "agree_minutes", "representative A", session=the_session(case).id)
    assert (the_session(case).state, the_session(case).disagreements[0].text) == ("disputed", said)


def test_a_party_answers_minutes_once_and_only_of_a_session_it_was_in() -> None:
    case = do(held(), "agree_minutes", "representative A", session=the_session(held()).id)
    with pytest.raises(errors.NeedsMissing, match="has not answered its minutes yet"):
        do(case, "dispute_minutes", "representative A", session=the_session(case).id, text="No")
    case = do(at("sessions"), "open_session", MEDIATOR, form="shuttle", with_party="B", agenda="x")
    case = do(case, "close_session", MEDIATOR, minutes="y")
    with pytest.raises(errors.NeedsMissing, match="must be one of this case"):
        do(case, "agree_minutes", "representative A", session=the_session(case).id)


def test_unanswered_minutes_are_agreed_by_nobody() -> None:
    case = do(held(), "leave_minutes", roles.THE_CLOCK, session=the_session(held()).id)
    assert (the_session(case).state, the_session(case).agreed_by) == ("unanswered", ())
    with pytest.raises(errors.NeedsMissing, match="closed"):
        do(case, "agree_minutes", "representative A", session=the_session(case).id)


def test_why_a_session_failed_is_said_in_several_codes_at_once_and_no_others() -> None:
    assert the_session(held()).reasons == ("no authority", "trust")
    case = do(at("sessions"), "open_session", MEDIATOR, agenda="x")
    with pytest.raises(errors.NeedsMissing, match="must be one of: party absent"):
        do(case, "close_session", MEDIATOR, minutes="y", reasons=["bad weather"])


def test_who_was_not_there_is_noted_with_a_code_that_may_be_mended() -> None:
    case = held()
    for reason in ("not known", "no safe way"):
        case = do(case, "note_no_show", MEDIATOR, session=the_session(case).id, person="nadia", reason=reason)
    assert [(one.person, one.reason) for one in the_session(case).absences] == [("nadia", "no safe way")]


def test_a_session_counts_each_change_that_outdates_its_invitations() -> None:
    case = planned(invited=["area_manager A"])
    session = the_session(case).id
    case = do(case, "move_session", MEDIATOR, session=session, begins_at=later(days=9), reason="Rain")
    assert (the_session(case).place, the_session(case).sequence) == ("Hall 2", 1)
    case = do(case, "move_session", MEDIATOR, session=session, begins_at=later(days=8), place="Hall 3", reason="Sun")
    assert (the_session(case).place, the_session(case).sequence) == ("Hall 3", 2)
    asked = {"invited": ["area_manager B"], "uninvited": ["area_manager A"]}
    case = do(case, "change_invited", CONVENER, session=session, **asked)
    assert (the_session(case).invited, the_session(case).sequence) == (("area_manager B",), 3)
    with pytest.raises(errors.NeedsMissing, match="not asked to this session yet"):
        do(case, "change_invited", CONVENER, session=session, **asked)
    assert the_session(do(case, "begin_session", MEDIATOR, session=session)).sequence == 3
    assert the_session(do(case, "cancel_session", MEDIATOR, session=session, reason="Peace")).sequence == 4
