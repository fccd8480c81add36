"""A question goes up the ladder with a brief that both sides annotated, once per tier and issue, and never alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from states import case as cases
from states import errors, firing, machine, questions, roles, timers
from states.items import Annotation, Decision, Fact, Question
from states.process import CLOCK
from tests.states import mediations
from tests.states.mediations import CALENDARS, COMMITTEE, CONVENER, DISPUTE, MEDIATOR, MONDAY, at, do

A, B = "representative A", "representative B"
MANAGER_A, MANAGER_B = "area_manager A", "area_manager B"


def asked(case: cases.Case | None = None, by: str = A, **inputs: object) -> cases.Case:
    """Let somebody ask the next tier about the guards."""
    return do(case or at("sessions"), "escalate", by, **{"text": "May guards stand inside?", **inputs})


def question(case: cases.Case) -> Question:
    """Return the newest question."""
    return case.all(Question)[-1]


def annotated(case: cases.Case, by: str, *, complete: bool = True, **words: str) -> cases.Case:
    """Let a side write its column of the brief."""
    said = {"interest": f"What matters to {by}", **words}
    return do(case, "annotate", by, question=question(case).id, complete=complete, **said)


def fire(case: cases.Case, trigger: str) -> cases.Case:
    """Let the clock do what it plans to do by this name, at its instant."""
    timer = next(one for one in timers.plan(DISPUTE, case, CALENDARS) if one.trigger == trigger)
    act = machine.Act(
        trigger=trigger,
        actor=roles.THE_CLOCK,
        at=timer.due_at,
        recorded_at=timer.due_at,
        inputs=firing.inputs_of(case, timer),
        timer=timer.key,
    )
    return machine.advance(DISPUTE, case, act)[0]


def put() -> cases.Case:
    """Ask, let both sides complete the brief, and let it leave."""
    return fire(annotated(annotated(asked(), A), B), "put_question")


def refused(case: cases.Case, trigger: str, by: str, **inputs: object) -> tuple[str, ...]:
    """Return what an act still needs."""
    with pytest.raises(errors.NeedsMissing) as caught:
        do(case, trigger, by, **inputs)
    return caught.value.missing


def test_asking_changes_nothing_until_the_brief_has_left() -> None:
    case = asked()
    assert (case.tier, question(case).state, question(case).tier) == ("T0", "annotating", "T1")
    assert (question(case).party, question(case).cause, question(case).zone) == ("A", "request", "shared")


def test_the_brief_leaves_at_once_when_both_sides_have_completed_it() -> None:
    half = annotated(asked(), A)
    assert (question(half).state, half.tier) == ("annotating", "T0")
    whole = annotated(half, B)
    assert question(whole).state == "complete"
    (due,) = {one.due_at for one in timers.plan(DISPUTE, whole, CALENDARS) if one.trigger == "put_question"}
    assert due == MONDAY
    gone = fire(whole, "put_question")
    assert (gone.tier, gone.tier_since, question(gone).state, question(gone).asked_of) == (
        "T1",
        MONDAY,
        "asked",
        ("T1",),
    )


def test_nobody_sends_a_version_alone_but_silence_holds_nothing_up() -> None:
    case = annotated(asked(), A)
    timer = next(one for one in timers.plan(DISPUTE, case, CALENDARS) if one.trigger == "put_question")
    assert timer.due_at > MONDAY + timedelta(hours=1)
    assert timer.means == "The brief leaves with what both sides have written by then."
    gone = fire(case, "put_question")
    assert (gone.tier, question(gone).asked_at) == ("T1", timer.due_at)


def test_a_side_amends_its_own_column_and_no_other() -> None:
    case = annotated(annotated(asked(), A, complete=False), B, complete=False)
    case = annotated(case, A, facts="The gate was open")
    columns = questions.columns(case, question(case))
    assert {party: (one.facts, one.complete) for party, one in columns.items()} == {
        "A": ("The gate was open", True),
        "B": ("", False),
    }
    assert len(case.all(Annotation)) == 2
    assert "you may only speak for your own party" in refused(
        case, "annotate", A, question=question(case).id, interest="?", party="B"
    )


def test_every_word_on_the_brief_is_a_new_version_of_it() -> None:
    case = put()
    before = question(case).version
    assert question(annotated(case, B, facts="A new list")).version == before + 1


def test_an_answer_to_a_brief_that_has_changed_since_is_refused_with_the_newest_version() -> None:
    case = put()
    seen = question(case).version
    case = annotated(case, B, facts="A new list")
    told = refused(case, "approve", MANAGER_A, version=seen)
    assert told == (f"a look at the newest brief, version {seen + 1}: it has changed since version {seen}",)
    assert do(case, "approve", MANAGER_A, version=seen + 1) != case


def test_while_one_question_waits_another_is_not_put() -> None:
    told = refused(put(), "escalate", B, text="And the gate?")
    assert told == ("no other question waits for an answer; one is before “Area”: annotate its brief instead",)


def refused_below() -> cases.Case:
    """Let the area managers of both sides refuse what was asked."""
    case = do(put(), "refuse_request", MANAGER_A, text="No")
    return do(case, "agree", MANAGER_B, proposal=case.items[-1].id)


def test_a_tier_is_asked_once_about_an_issue_and_then_the_one_above_it() -> None:
    case = refused_below()
    assert (case.tier, question(case).state) == ("T0", "refused")
    assert question(asked(case)).tier == "T2"
    assert question(asked(case, issue="issue")).tier == "T1"


def test_a_party_asks_the_next_tier_and_the_mediator_a_higher_one() -> None:
    (told,) = refused(at("sessions"), "escalate", A, text="?", to_tier="T3")
    assert told == "a party asks the next tier; the mediator or the convener may ask a higher one"
    assert question(asked(by=MEDIATOR, to_tier="T3")).tier == "T3"


def test_when_every_tier_was_asked_only_a_new_fact_opens_the_ladder_again() -> None:
    case = refused_below()
    spent = replace(question(case), asked_of=("T1", "T2", "T3", "T4"))
    case = replace(case, items=tuple(spent if one.id == spent.id else one for one in case.items))
    (told,) = refused(case, "escalate", A, text="Again?")
    assert told == "every tier above was asked about this before; a second request needs a new fact"
    fact = Fact(id="f", zone=roles.SHARED, by=A, at=MONDAY, state="open", statement="The gate fell", source="seen")
    old = replace(case, items=(*case.items, fact))
    assert "name one that is new since then" in refused(old, "escalate", A, text="Again?", fact="f")[0]
    new = replace(case, items=(*case.items, replace(fact, at=MONDAY + timedelta(seconds=1))))
    assert question(asked(new, fact="f")).tier == "T1"


def test_a_climb_keeps_the_question_and_gives_it_a_fresh_clock() -> None:
    case = put()
    higher = fire(case, "climb")
    assert question(higher).id == question(case).id
    assert (higher.tier, question(higher).tier, question(higher).asked_of) == ("T2", "T2", ("T1", "T2"))
    assert higher.tier_since == question(higher).asked_at != case.tier_since


def test_what_a_clock_asks_is_asked_at_once_and_says_why() -> None:
    case = do(at("sessions"), "put_to_seniors", roles.THE_CLOCK)
    assert (case.tier, question(case).state, question(case).cause) == ("T3", "asked", "time")
    assert question(case).text == "“Sessions” was not done in its time. What shall be done?"


def test_a_clock_that_runs_out_takes_the_open_question_along() -> None:
    case = do(asked(), "put_to_seniors", roles.THE_CLOCK)
    assert [(one.state, one.tier) for one in case.all(Question)] == [("asked", "T3")]


def test_an_impasse_raises_the_question_whose_brief_is_in_the_making() -> None:
    case = do(asked(), "put_to_committee", roles.THE_CLOCK)
    assert (question(case).tier, question(case).cause) == ("T2", "request")


def test_what_is_settled_below_needs_no_answer_any_more() -> None:
    case = do(at("breach_review"), "put_to_committee", roles.THE_CLOCK)
    case = do(case, "reconvened", MEDIATOR)
    assert (case.tier, question(case).state) == ("T0", "settled")


def objected() -> cases.Case:
    """Let B object to the neutral while T1 is asked about the guards, which T2 then decides as well."""
    case = put()
    return do(mediations.proposed(replace(case, stage="appointing"), "neil"), "object", B, reason="Worked for A")


def test_what_comes_up_while_a_question_waits_is_asked_with_it_and_nothing_is_lost() -> None:
    case = objected()
    one = question(case)
    assert [matter.cause for matter in one.matters] == ["request", "objection"]
    assert (case.tier, one.tier, one.state, one.asked_of) == ("T2", "T2", "asked", ("T1", "T2"))
    assert one.version > question(put()).version
    assert "May guards stand inside?" in one.whole


def test_an_act_settles_what_came_up_for_its_own_cause_and_leaves_the_rest_with_its_tier() -> None:
    ruled = do(objected(), "rule_on_objection", COMMITTEE, ruling="sustained", reason="He did")
    left = question(ruled)
    assert (ruled.stage, ruled.tier, left.state) == ("appointing", "T2", "asked")
    assert [(one.cause, one.text) for one in left.matters] == [("request", "May guards stand inside?")]


def test_what_is_left_of_a_question_is_told_as_it_was_asked() -> None:
    case = mediations.proposed(at("appointing"), "neil")
    case = exceeded(replace(do(case, "object", B, reason="Worked for A"), stage="sessions"))
    case = replace(case, stage="ruling")
    left = question(do(case, "rule_on_objection", COMMITTEE, ruling="overruled", reason="Long ago"))
    assert (left.cause, left.by, left.party, left.also) == ("authority", A, "A", ())


def test_instructions_that_nobody_carried_out_are_asked_about_beside_what_else_is_asked() -> None:
    case = do(at("sessions"), "put_to_committee", roles.THE_CLOCK)
    case = do(case, "return_down", COMMITTEE, text="Count again", due_at=(MONDAY + timedelta(days=2)).isoformat())
    both = fire(asked(case), "put_back")
    assert [one.cause for one in question(both).matters] == ["request", "instructions"]


def exceeded(case: cases.Case, **inputs: object) -> cases.Case:
    said = {"whose": "B", "text": "Guards cost more than B may promise.", **inputs}
    return do(case, "note_authority_exceeded", A, **said)


def test_a_party_cannot_climb_alone_by_saying_the_same_again() -> None:
    case = exceeded(put())
    assert (case.tier, [one.cause for one in question(case).matters]) == ("T1", ["request", "authority"])
    with pytest.raises(errors.NeedsMissing, match="annotate its brief instead"):
        exceeded(case, text="Once more.")


def test_each_tier_is_asked_once_whatever_the_reason() -> None:
    case = at("sessions")
    for tier in ("T1", "T2", "T3", "T4"):
        case = fire(annotated(annotated(exceeded(case), A), B), "put_question")
        assert case.tier == tier
        case = settled(case)
    with pytest.raises(errors.NeedsMissing, match="every tier above was asked"):
        exceeded(case)


def settled(case: cases.Case) -> cases.Case:
    """Answer the open question below, so that the matter comes down again."""
    items = tuple(replace(one, state="refused") if isinstance(one, Question) else one for one in case.items)
    return replace(case, tier="T0", items=items)


def test_a_new_fact_before_a_tier_makes_an_answer_to_the_older_brief_a_stale_one() -> None:
    case = do(at("sessions"), "state_fact", A, statement="Eleven beds are empty.", source="The register")
    case = do(case, "put_to_committee", roles.THE_CLOCK)
    seen = question(case).version
    (fact,) = case.all(Fact)
    case = do(case, "answer_fact", B, fact=fact.id, answer="agreed")
    assert question(case).version == seen + 1
    assert "newest brief" in refused(case, "decide", COMMITTEE, text="So be it", version=seen)[0]
    assert do(case, "decide", COMMITTEE, text="So be it", version=seen + 1).tier == "T0"


def test_what_is_tried_meanwhile_leaves_an_answer_good() -> None:
    case = do(at("sessions"), "put_to_committee", roles.THE_CLOCK)
    after = do(case, "make_offer", A, text="Two guards")
    assert question(after).version == question(case).version


def test_a_case_that_ends_leaves_no_question_open() -> None:
    case = do(put(), "refer", CONVENER, body="The ombuds", reason="Theirs")
    assert question(case).state == "settled"


def test_instructions_have_a_date_and_come_back_when_nobody_reports_them() -> None:
    case = do(at("sessions"), "put_to_committee", roles.THE_CLOCK)
    case = do(case, "return_down", COMMITTEE, text="Count again", due_at=(MONDAY + timedelta(days=2)).isoformat())
    (decision,) = case.all(Decision)
    assert (case.tier, question(case).state, decision.question) == ("T0", "returned", question(case).id)
    back = fire(case, "put_back")
    assert (back.tier, back.all(Decision)[0].state, question(back).state) == ("T2", "overdue", "asked")
    done = do(case, "carry_out", CONVENER, decision=decision.id, text="Counted")
    assert "put_back" not in {one.trigger for one in timers.plan(DISPUTE, done, CALENDARS)}


@pytest.mark.parametrize("stage", ["sessions", "engagement", "drafting"])
def test_a_raised_tier_and_an_open_question_always_go_together(stage: str) -> None:
    for trigger in DISPUTE.triggers.values():
        if trigger.tier is None or CLOCK not in trigger.who or not any(m.starts_at(stage) for m in trigger.moves):
            continue
        try:
            case = do(at(stage), trigger.name, roles.THE_CLOCK)
        except errors.NeedsMissing:
            continue
        assert (case.tier != "T0") == (questions.open_one(case) is not None), trigger.name
