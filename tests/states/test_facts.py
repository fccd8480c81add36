"""The board of facts: each party's own answer, corrections with lineage, and joint fact-finding."""

from __future__ import annotations

from datetime import timedelta

import pytest

from config.working_time import shipped_calendars
from states import case as cases
from states import errors, timers
from states.items import Fact, Inquiry, Proposal
from tests.states.disputes import CLOCK, CONVENER, DISPUTE, FIRST, MONDAY, SECOND, at, do


def stated() -> cases.Case:
    """Let the first party put a fact on the board."""
    return do(at("engagement"), "state_fact", FIRST, statement="forty flights were sent away", source="our log")


def fact_of(case: cases.Case) -> Fact:
    """Return the newest fact."""
    return case.all(Fact)[-1]


@pytest.mark.parametrize("answer", ["agreed", "disputed", "unknown"])
def test_a_fact_stands_as_every_party_answers_it(answer: str) -> None:
    case = stated()
    assert (fact_of(case).state, fact_of(case).answers) == ("unknown", {"initiating": "agreed"})
    case = do(case, "answer_fact", SECOND, fact=fact_of(case).id, answer=answer)
    assert fact_of(case).state == answer
    assert fact_of(case).standing(["initiating", "responding"]) == answer


def test_a_party_of_today_that_has_not_answered_leaves_a_fact_unknown() -> None:
    case = do(stated(), "answer_fact", SECOND, fact=fact_of(stated()).id, answer="agreed")
    assert fact_of(case).standing(["initiating", "responding", "joined"]) == "unknown"
    assert Fact(id="f", zone="shared", by="c", at=MONDAY, statement="x", source="y").standing([]) == "unknown"


def test_a_corrected_fact_keeps_its_past_and_is_answered_anew() -> None:
    case = do(stated(), "answer_fact", SECOND, fact=fact_of(stated()).id, answer="disputed")
    wrong = fact_of(case)
    case = do(case, "correct_fact", FIRST, fact=wrong.id, statement="nineteen flights", source="the tower's log")
    kept, right = case.all(Fact)
    assert (kept.state, kept.statement, kept.answers) == ("corrected", wrong.statement, wrong.answers)
    assert (right.corrects, right.answers) == (wrong.id, {"initiating": "agreed"})
    with pytest.raises(errors.NeedsMissing, match="Fact must be one of this case that is agreed or disputed"):
        do(case, "answer_fact", SECOND, fact=wrong.id, answer="agreed")


def test_nobody_answers_a_fact_for_the_other_side() -> None:
    case = stated()
    with pytest.raises(errors.NeedsMissing, match="your own party"):
        do(case, "answer_fact", SECOND, fact=fact_of(case).id, answer="agreed", party="initiating")


def begun() -> cases.Case:
    """Begin an inquiry that is to settle the fact on the board, once both sides agree to its terms."""
    case, due = stated(), (MONDAY + timedelta(days=2)).isoformat()
    terms = {"terms": "count the flights in both logs", "conducted_by": "force engineer and camp planner"}
    case = do(case, "begin_inquiry", CONVENER, **terms, due_at=due, facts=[fact_of(case).id])
    assert not case.all(Inquiry)
    for person in (FIRST, SECOND):
        case = do(case, "agree", person, proposal=case.all(Proposal)[0].id)
    return case


def inquiry_of(case: cases.Case) -> Inquiry:
    """Return the only inquiry."""
    (found,) = case.all(Inquiry)
    return found


def reported() -> cases.Case:
    """Report what the inquiry found."""
    case = begun()
    return do(case, "report_inquiry", CONVENER, inquiry=inquiry_of(case).id, findings="nineteen flights")


def test_an_inquiry_has_terms_a_date_and_facts_and_its_findings_are_accepted_by_both() -> None:
    case = reported()
    assert inquiry_of(case).facts == (fact_of(case).id,)
    case = do(case, "answer_findings", FIRST, inquiry=inquiry_of(case).id)
    assert inquiry_of(case).state == "reported"
    with pytest.raises(errors.NeedsMissing, match="this party has not answered these findings yet"):
        do(case, "answer_findings", FIRST, inquiry=inquiry_of(case).id)
    case = do(case, "answer_findings", SECOND, inquiry=inquiry_of(case).id)
    assert (inquiry_of(case).state, inquiry_of(case).accepted_by) == ("accepted", ("initiating", "responding"))


def test_one_no_rejects_the_findings() -> None:
    case = do(reported(), "answer_findings", SECOND, inquiry=inquiry_of(reported()).id, accepts="no")
    assert (inquiry_of(case).state, inquiry_of(case).rejected_by) == ("rejected", ("responding",))


def test_silence_about_findings_leaves_them_uncontested_and_a_late_yes_still_counts() -> None:
    case = do(reported(), "answer_findings", FIRST, inquiry=inquiry_of(reported()).id)
    case = do(case, "findings_silent", CLOCK, inquiry=inquiry_of(case).id)
    assert (inquiry_of(case).state, inquiry_of(case).silent_by) == ("uncontested", ("responding",))
    case = do(case, "answer_findings", SECOND, inquiry=inquiry_of(case).id)
    assert (inquiry_of(case).state, inquiry_of(case).silent_by) == ("accepted", ())


def test_findings_that_do_not_come_are_overdue_and_may_come_late() -> None:
    case = begun()
    due = next(timer for timer in timers.plan(DISPUTE, case, shipped_calendars()) if timer.trigger == "miss_findings")
    assert (due.due_at, due.item) == (inquiry_of(case).due_at, inquiry_of(case).id)
    case = do(case, "miss_findings", CLOCK, inquiry=inquiry_of(case).id)
    assert inquiry_of(case).state == "overdue"
    case = do(case, "report_inquiry", CONVENER, inquiry=inquiry_of(case).id, findings="nineteen flights")
    assert inquiry_of(case).state == "reported"


def test_an_inquiry_is_due_in_the_future() -> None:
    terms = {"terms": "count", "conducted_by": "both", "due_at": (MONDAY - timedelta(days=1)).isoformat()}
    with pytest.raises(errors.NeedsMissing, match="the date lies ahead"):
        do(at("engagement"), "begin_inquiry", CONVENER, **terms)
