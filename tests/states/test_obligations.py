"""What was promised runs through its own machine; the other side judges, a miss calls back, nothing is left open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from states import case as cases
from states import dates, errors, machine, roles, timers
from states.items import Decision, Interim, Issue, Item, Lesson, Obligation, Offer, Session
from states.obligations import LIFE, OPEN
from tests.states.agreeing import (
    CALENDARS,
    COMMITTEE,
    CONVENER,
    DISPUTE,
    MONDAY,
    agreed,
    do,
    in_force,
    promise,
    refusal,
)

DUE = MONDAY + timedelta(days=5)
LATER = MONDAY + timedelta(days=9)
OWNER, VERIFIER = "representative A", "representative B"
# Which act may be done on an obligation in which state: everything else is refused.
LAW = {
    "report_obligation": {"due", "replanned", "missed", "reconvened", "contested"},
    "report_part": {"due", "replanned", "missed", "reconvened"},
    "verify_obligation": {"reported", "provisional"},
    "contest_obligation": {"reported", "provisional"},
    "accept_provisionally": {"reported"},
    "let_stand": {"provisional"},
    "miss_obligation": {"due", "replanned"},
    "replan_obligation": {"reconvened"},
    "fail_obligation": {"reconvened"},
    "waive_obligation": {"due", "replanned", "missed", "reconvened", "contested"},
    "step_in": {"missed", "reconvened", "contested"},
}
BECOMES = {
    "report_obligation": "reported",
    "verify_obligation": "verified",
    "contest_obligation": "contested",
    "accept_provisionally": "provisional",
    "let_stand": "verified",
    "miss_obligation": "missed",
    "replan_obligation": "replanned",
    "fail_obligation": "failed",
    "waive_obligation": "waived",
}
GIVEN: dict[str, dict[str, object]] = {
    "report_obligation": {"evidence": "a photograph"},
    "report_part": {"part": "the north gate"},
    "contest_obligation": {"reason": "it is shut"},
    "replan_obligation": {"due_at": LATER + timedelta(days=9)},
    "fail_obligation": {"reason": "no money"},
    "waive_obligation": {"reason": "not needed any more"},
    "step_in": {"done": "we opened it", "action": "repay 40", "due_at": LATER + timedelta(days=9)},
}


def who(trigger: str) -> str | roles.Actor:
    """Name whoever may do an act."""
    if trigger in {"accept_provisionally", "let_stand", "miss_obligation"}:
        return roles.THE_CLOCK
    if trigger in {"replan_obligation", "fail_obligation"}:
        return CONVENER
    return OWNER if trigger.startswith("report") else VERIFIER


def promised(state: str, *, stage: str = "breach_review", **changes: object) -> cases.Case:
    """Put one promise in a state; the term lets the other party step in after a day."""
    case = in_force(step_in_hours=24)
    term = replace(promise(case), state=state, **changes)  # type: ignore[arg-type] # a test's own keywords
    return replace(case, stage=stage, items=cases.with_item(case.items, term))


@pytest.mark.parametrize("state", LIFE.states)
@pytest.mark.parametrize("trigger", LAW)
def test_every_act_on_every_state_of_a_promise(trigger: str, state: str) -> None:
    case = promised(state)
    given = {"obligation": promise(case, 0).id, **GIVEN.get(trigger, {})}
    if state not in LAW[trigger]:
        with pytest.raises(errors.NeedsMissing, match="must be one of this case"):
            do(case, trigger, who(trigger), LATER, **given)
        return
    case = do(case, trigger, who(trigger), LATER, **given)
    case = agreed(case) if trigger == "waive_obligation" else case
    assert promise(case, 0).state == BECOMES.get(trigger, state)


@pytest.mark.parametrize("state", OPEN)
def test_no_case_is_closed_while_something_promised_is_open(state: str) -> None:
    told = refusal(promised(state, stage="follow_up"), "close", CONVENER)
    assert f"obligation “open the gate” ({state})" in told
    assert "every obligation is verified, waived, replaced or otherwise final" in told


def test_nobody_leaves_a_case_with_a_promise_still_open() -> None:
    told = refusal(promised("due", stage="drafting"), "withdraw", OWNER, reason="Enough")
    assert "obligation “open the gate” (due)" in told


@pytest.mark.parametrize(
    "left",
    [
        Issue(id="x", zone=roles.SHARED, by="c", at=MONDAY, title="What about the south gate?"),
        Offer(id="x", zone=roles.SHARED, by="c", at=MONDAY, party="A", text="What about the south gate?"),
        Session(id="x", zone=roles.SHARED, by="c", at=MONDAY, form="joint", agenda="What about the south gate?"),
        Interim(
            id="x",
            zone=roles.SHARED,
            by="c",
            at=MONDAY,
            rule="What about the south gate?",
            expires_at=LATER,
            state="on",
        ),
    ],
    ids=lambda item: str(item.kind),
)
def test_no_case_is_closed_with_a_loose_end(left: Item) -> None:
    case = promised("verified", stage="follow_up")
    told = refusal(replace(case, items=(*case.items, left)), "close", CONVENER)
    assert f"{left.kind} “What about the south gate?” ({left.state})" in told


def test_what_lies_in_a_room_one_does_not_read_is_not_named_and_still_counts() -> None:
    hidden = Offer(id="x", zone=roles.caucus("A"), by="m", at=MONDAY, party="A", text="a blue ledger")
    case = promised("verified", stage="follow_up")
    told = refusal(replace(case, items=(*case.items, hidden)), "close", CONVENER)
    assert "1 more in rooms you do not read" in told
    assert "ledger" not in told


def test_a_case_with_nothing_open_is_closed_once_feedback_was_asked_and_lessons_are_filed() -> None:
    case = promised("verified", stage="follow_up")
    told = refusal(case, "close", CONVENER)
    assert "feedback was asked" in told
    assert "lessons are filed" in told
    case = do(do(case, "ask_feedback", CONVENER), "file_lessons", VERIFIER, text="none")
    assert isinstance(case.items[-1], Lesson)
    assert do(case, "close", CONVENER).outcome == "settled"


def test_feedback_on_the_neutral_is_not_for_the_other_party() -> None:
    case = do(promised("verified", stage="follow_up"), "give_feedback", OWNER, text="Fair", neutral_score=5)
    assert case.items[-1].zone == roles.zone_of(roles.LINE, "A")
    assert "from 1 to 5" in refusal(case, "give_feedback", OWNER, text="Fair", neutral_score=9)


def test_a_person_with_a_part_on_both_sides_verifies_nothing() -> None:
    case = promised("reported", reported_by=OWNER)
    first, second = case.parties
    second = replace(second, people={**second.people, "representative": ("area_manager A",)})
    case = replace(case, parties=(first, second))
    told = refusal(case, "verify_obligation", "area_manager A", obligation=promise(case).id)
    assert "no part in the owner's line" in told


def test_a_part_may_be_reported_and_the_date_stands() -> None:
    case = promised("due", stage="follow_up")
    case = do(case, "report_part", OWNER, obligation=promise(case).id, part="the north gate")
    assert (promise(case).parts, promise(case).state, promise(case).due_at) == (("the north gate",), "due", DUE)


def test_a_provisional_acceptance_may_be_contested_until_its_window_ends() -> None:
    case = promised("provisional", stage="follow_up", provisional_at=MONDAY)
    planned = timers.plan(DISPUTE, case, CALENDARS)
    ends = next(timer for timer in planned if timer.trigger == "let_stand")
    assert ends.due_at > MONDAY + timedelta(days=10)
    case = do(case, "let_stand", roles.THE_CLOCK, ends.due_at, obligation=promise(case).id)
    assert (promise(case).state, promise(case).verified_by) == ("verified", "")
    told = refusal(case, "contest_obligation", VERIFIER, obligation=promise(case).id, reason="late")
    assert "must be one of this case" in told


def missed(on: datetime = DUE) -> cases.Case:
    """Let the promise be missed."""
    case = promised("due", stage="follow_up")
    return do(case, "miss_obligation", roles.THE_CLOCK, on, obligation=promise(case).id)


def called_back(case: cases.Case) -> tuple[cases.Case, datetime]:
    """Let nobody do anything until the clock calls the parties back; tell when it did."""
    (timer,) = (one for one in timers.plan(DISPUTE, case, CALENDARS) if one.trigger == "call_back")
    return do(case, "call_back", roles.THE_CLOCK, timer.due_at), timer.due_at


def test_a_miss_calls_the_parties_back_to_a_meeting_within_five_working_days_by_itself() -> None:
    case = missed()
    assert (case.stage, promise(case).state, promise(case).broken_at) == ("breach_review", "missed", DUE)
    case, called_at = called_back(case)
    (meeting,) = case.all(Session)
    limit = next(one for one in timers.open_deadlines(DISPUTE, missed(), CALENDARS) if one.rule.name == "reconvening")
    assert (promise(case).state, promise(case).session) == ("reconvened", meeting.id)
    assert str(limit.due.duration if limit.due else "") == "5 wd"
    assert meeting.begins_at == dates.opening(limit)
    assert called_at < meeting.begins_at < limit.due_at
    assert set(meeting.invited) >= {
        f"{part} {letter}" for part in ("representative", "area_manager") for letter in "AB"
    }
    reminded = [one for one in timers.plan(DISPUTE, case, CALENDARS) if one.mail == "session_reminder"]
    assert {role for one in reminded for role in one.to} == {"representative", "invited", "mediator", "convener"}
    assert max(one.due_at for one in reminded) == meeting.begins_at - timedelta(hours=2)


def test_a_clockwork_that_stood_still_calls_to_a_meeting_that_lies_ahead_all_the_same() -> None:
    case, back = promised("due", stage="follow_up"), DUE + timedelta(days=20)
    late = machine.Act(
        trigger="miss_obligation",
        actor=roles.THE_CLOCK,
        at=DUE,
        recorded_at=back,
        inputs={"obligation": promise(case).id},
        timer="obligation",
        calendars=CALENDARS,
    )
    case, _ = called_back(machine.advance(DISPUTE, case, late)[0])
    (meeting,) = case.all(Session)
    assert meeting.begins_at
    assert meeting.begins_at > back


def test_what_is_broken_meanwhile_is_met_about_at_the_same_meeting() -> None:
    case = do(missed(), "call_back", CONVENER, DUE, meets_at=DUE + timedelta(days=2))
    other = replace(promise(case), id="other", action="mark the road", state="missed", session="", broken_at=DUE)
    case, _ = called_back(replace(case, items=(*case.items, other)))
    (meeting,) = case.all(Session)
    assert meeting.begins_at == DUE + timedelta(days=2)
    assert meeting.agenda == "What was missed or is contested: open the gate; mark the road"
    assert {one.session for one in case.all(Obligation)} == {meeting.id}


def test_the_parties_are_called_back_about_something_and_to_a_meeting_in_time() -> None:
    assert "missed or contested" in refusal(in_force(), "call_back", CONVENER, meets_at=LATER)
    for date in (DUE - timedelta(days=1), DUE + timedelta(days=10)):
        told = refusal(missed(), "call_back", CONVENER, DUE, meets_at=date)
        assert "the meeting lies ahead, and within the time of the review: before 2026-12-07" in told


def test_the_meeting_is_moved_within_the_time_of_the_review_only() -> None:
    case, _ = called_back(missed())
    (meeting,) = case.all(Session)
    asked = {"session": meeting.id, "reason": "the road is cut"}
    told = refusal(case, "move_session", CONVENER, DUE, **asked, begins_at=DUE + timedelta(days=20))
    assert "within the time of the review" in told
    moved = do(case, "move_session", CONVENER, DUE, **asked, begins_at=DUE + timedelta(days=3))
    assert moved.all(Session)[0].begins_at == DUE + timedelta(days=3)


def test_the_meeting_is_called_off_once_nothing_is_left_to_meet_about() -> None:
    case, called_at = called_back(missed())
    case = do(case, "report_obligation", OWNER, called_at, obligation=promise(case).id, evidence="a photograph")
    case = do(case, "verify_obligation", VERIFIER, called_at, obligation=promise(case).id)
    case = do(case, "reconvened", CONVENER, called_at)
    assert (case.stage, case.all(Session)[0].state) == ("follow_up", "cancelled")


def test_the_review_of_a_breach_ends_only_when_it_has_dealt_with_everything() -> None:
    case = promised("reconvened")
    assert "“open the gate” (reconvened)" in refusal(case, "reconvened", CONVENER)
    case = do(case, "replan_obligation", CONVENER, obligation=promise(case).id, due_at=LATER)
    assert (promise(case).state, promise(case).due_at) == ("replanned", LATER)
    assert do(case, "reconvened", CONVENER).stage == "follow_up"


def test_a_replanned_promise_is_missed_again_on_its_new_date() -> None:
    case = promised("replanned", stage="follow_up", due_at=LATER)
    planned = timers.plan(DISPUTE, case, CALENDARS)
    assert [timer.due_at for timer in planned if timer.trigger == "miss_obligation"] == [LATER]


def test_what_failed_goes_up_the_ladder_and_waits_for_an_answer() -> None:
    case = promised("reconvened")
    case = do(case, "fail_obligation", CONVENER, obligation=promise(case).id, reason="No money")
    assert (promise(case).state, case.tier) == ("failed", "T2")
    assert "answered about every obligation that failed" in refusal(case, "reconvened", CONVENER)
    answer = Decision(
        id="d", zone=roles.SHARED, by="c", at=LATER, tier="T2", answer="decided", text="x", state="decided"
    )
    case = replace(case, items=(*case.items, answer))
    assert do(case, "reconvened", CONVENER, LATER).tier == "T0"


@pytest.mark.parametrize(
    ("hours", "allowed", "told"),
    [(23, 24, "the hours after which"), (48, 0, "lets another party step in")],
)
def test_nobody_steps_in_too_early_or_where_it_was_not_agreed(hours: int, allowed: int, told: str) -> None:
    case = promised("missed", step_in_hours=allowed)
    on = DUE + timedelta(hours=hours)
    assert told in refusal(case, "step_in", VERIFIER, on, obligation=promise(case).id, **GIVEN["step_in"])


def test_whoever_steps_in_is_owed_the_cost() -> None:
    case = promised("missed")
    missed = promise(case)
    assert "another party than the owner" in refusal(
        case, "step_in", OWNER, LATER, obligation=missed.id, **GIVEN["step_in"]
    )
    case = do(case, "step_in", VERIFIER, LATER, obligation=missed.id, **GIVEN["step_in"])
    owed = promise(case)
    assert (owed.owner, owed.verifier, owed.repays, owed.state) == ("A", "B", missed.id, "due")
    assert promise(case, 0).stepped_in_by == "B"
    assert "none has before" in refusal(case, "step_in", VERIFIER, LATER, obligation=missed.id, **GIVEN["step_in"])


def test_a_promise_that_recurs_comes_again_at_the_same_hour_until_its_end() -> None:
    until = DUE + timedelta(days=61)
    case, seen = in_force(every_days=30, until=until), []
    while (term := promise(case)).state == "due":
        seen.append(term.due_at)
        case = do(case, "report_obligation", OWNER, obligation=term.id, evidence="a photograph")
        case = do(case, "verify_obligation", VERIFIER, obligation=term.id)
    assert seen == [DUE, DUE + timedelta(days=30), DUE + timedelta(days=60)]


def closed(*, window: bool = True) -> cases.Case:
    """Close a case whose one promise was kept."""
    case = promised("verified", stage="closed")
    return replace(case, closed_at=MONDAY, outcome="settled", fields={**case.fields, "reopenable": window})


@pytest.mark.parametrize("ground", ["new fact", "breach", "recurrence"])
def test_a_case_is_reopened_on_a_ground_with_its_promises_and_its_next_cycle(ground: str) -> None:
    case = do(closed(), "reopen", OWNER, ground=ground, reason="Another list")
    assert (case.stage, case.cycle, case.outcome) == ("root_cause", 2, None)
    assert promise(case).state == "verified"


def test_a_breach_leads_straight_back_to_follow_up_with_what_was_broken() -> None:
    case = closed()
    kept = promise(case)
    given = {"ground": "breach", "reason": "It is shut again", "again_from": "the follow-up", "obligation": kept.id}
    case = do(case, "reopen", VERIFIER, **given)
    assert (case.stage, promise(case, 0)) == ("follow_up", kept)
    assert (promise(case).state, promise(case).follows, promise(case).action) == ("contested", kept.id, kept.action)
    assert do(case, "call_back", CONVENER, meets_at=MONDAY + timedelta(days=3)).stage == "breach_review"


def test_only_a_breach_leads_straight_back_to_follow_up() -> None:
    given = {"ground": "new fact", "reason": "x", "again_from": "the follow-up"}
    assert "only because something agreed was broken" in refusal(closed(), "reopen", OWNER, **given)


@pytest.mark.parametrize("ground", ["", "a bad mood"])
def test_a_case_is_not_reopened_without_a_ground(ground: str) -> None:
    assert "Ground" in refusal(closed(), "reopen", OWNER, ground=ground, reason="x")


def test_after_the_window_only_the_committee_reopens() -> None:
    given = {"ground": "new fact", "reason": "x"}
    assert "the window to reopen is still open" in refusal(closed(window=False), "reopen", OWNER, **given)
    assert do(closed(window=False), "reopen_late", COMMITTEE, **given).cycle == 2


def test_the_window_ends_by_itself() -> None:
    case = promised("verified", stage="follow_up")
    case = do(do(do(case, "ask_feedback", CONVENER), "file_lessons", OWNER, text="none"), "close", CONVENER)
    (ends,) = (one for one in timers.plan(DISPUTE, case, CALENDARS) if one.trigger == "end_window")
    assert ends.due_at == MONDAY + timedelta(days=30)
    case = do(case, "end_window", roles.THE_CLOCK, ends.due_at)
    assert "window" in refusal(case, "reopen", OWNER, ends.due_at, ground="breach", reason="x")


def test_what_is_overtaken_leaves_no_promise_hanging() -> None:
    case = agreed(do(promised("due", stage="follow_up"), "supersede", CONVENER, reason="The site is closed"))
    assert (case.outcome, promise(case).state) == ("superseded", "replaced")


def test_a_waiver_changes_nothing_before_the_others_agree() -> None:
    case = promised("due", stage="follow_up")
    case = do(case, "waive_obligation", VERIFIER, obligation=promise(case).id, reason="Not needed any more")
    assert promise(case).state == "due"
    assert promise(agreed(case)).state == "waived"


def test_a_slip_in_a_term_is_corrected_with_its_lineage_once_all_agree() -> None:
    case = promised("missed", stage="follow_up")
    slip = promise(case)
    case = do(case, "correct_obligation", CONVENER, obligation=slip.id, action="open the north gate")
    assert [one.state for one in case.all(Obligation)] == ["missed"]
    case = agreed(case)
    assert [one.state for one in case.all(Obligation)] == ["corrected", "missed"]
    assert (promise(case).action, promise(case).replaces) == ("open the north gate", slip.id)


def test_every_state_of_the_law_is_reached_or_left_by_some_move() -> None:
    assert {*BECOMES.values(), "due", "reconvened", "planned", "removed", "replaced", "corrected"} == set(LIFE.states)
