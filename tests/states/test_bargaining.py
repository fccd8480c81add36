"""Options, offers, rules for the meantime and impasses: what binds whom, what expires, and what is refused with why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from states import board, errors, roles, timers
from states import case as cases
from states.items import Criterion, Deadlock, Heads, Impasse, Interim, Issue, Mandate, Offer, Option, Proposal, Question
from states.process import Urgency
from tests.states.mediations import CALENDARS, COMMITTEE, CONVENER, DISPUTE, MEDIATOR, MONDAY, at, do, later, seen_by

ISSUE = "issue"


def offered(*, parties: int = 2, by: str = "representative A", **inputs: object) -> cases.Case:
    """Make an offer in the sessions."""
    return do(at("sessions", parties=parties), "make_offer", by, text="Two days a week", **inputs)


def offer(case: cases.Case) -> Offer:
    """Return the newest offer."""
    return case.all(Offer)[-1]


def answer(case: cases.Case, trigger: str, letter: str, **inputs: object) -> cases.Case:
    """Let a party answer the newest offer."""
    return do(case, trigger, f"representative {letter}", offer=offer(case).id, **inputs)


def fired(case: cases.Case, deadline: str) -> dict[str, timedelta]:
    """Say when a clock does what, from Monday on."""
    plan = timers.plan(DISPUTE, case, CALENDARS)
    return {one.trigger: one.due_at - MONDAY for one in plan if one.deadline == deadline and one.trigger}


# Offers.


def test_an_offer_stands_for_the_usual_time_or_until_a_date_of_its_own() -> None:
    usual = fired(offered(), "offer")
    own = fired(offered(expires_at=later(days=9)), "offer")
    assert usual.keys() == own.keys() == {"lapse_offer"}
    assert usual["lapse_offer"] != own["lapse_offer"] == timedelta(days=9)


def test_half_of_the_time_of_an_offer_with_its_own_date_is_counted_from_its_making() -> None:
    plan = timers.plan(DISPUTE, offered(expires_at=later(days=8)), CALENDARS)
    reminders = [one.due_at - MONDAY for one in plan if one.deadline == "offer" and one.mail]
    assert reminders == [timedelta(days=4), timedelta(days=7.2)]


def test_an_offer_that_is_over_as_it_is_made_is_refused() -> None:
    with pytest.raises(errors.NeedsMissing, match="the date lies ahead"):
        offered(expires_at=later(hours=-1))


def test_an_offer_that_would_bind_for_ever_is_refused() -> None:
    with pytest.raises(errors.NeedsMissing, match="an offer stands for 10 wd at most"):
        offered(expires_at=later(days=30))


def test_an_offer_leaves_the_others_time_to_answer() -> None:
    with pytest.raises(
        errors.NeedsMissing, match="an offer leaves time to answer, until 2026-11-24 08:00 UTC at least"
    ):
        offered(expires_at=later(hours=20))
    assert offer(offered(expires_at=later(hours=24))).state == "open"
    fast = replace(at("sessions"), urgency=Urgency.U1)
    assert offer(do(fast, "make_offer", "representative A", text="At once", expires_at=later(hours=6))).expires_at
    with pytest.raises(errors.NeedsMissing, match="until 2026-11-23 14:00 UTC at least"):
        do(fast, "make_offer", "representative A", text="At once", expires_at=later(hours=5))


def limited(amount: int | None, *, person: str = "representative A") -> cases.Case:
    """Give somebody authority up to an amount alone."""
    case, up_to = at("sessions"), None if amount is None else Decimal(amount)
    own = [one for one in case.all(Mandate) if one.person == person]
    for mandate in own:
        case = replace(case, items=cases.with_item(case.items, replace(mandate, amount=up_to)))
    return case


def test_an_offer_beyond_the_authority_of_its_maker_says_that_it_is_subject_to_approval() -> None:
    terms = {"text": "We pay", "amount": "500"}
    with pytest.raises(errors.NeedsMissing, match="mark the offer as subject to approval"):
        do(limited(400), "make_offer", "representative A", **terms)
    marked = offer(do(limited(400), "make_offer", "representative A", **terms, subject_to_approval=True))
    assert (marked.subject_to_approval, marked.amount) == (True, Decimal(500))
    for enough in (500, None):
        made = offer(do(limited(enough), "make_offer", "representative A", **terms))
        assert (made.subject_to_approval, bool(made.authority)) == (False, True)


def test_an_offer_of_somebody_without_authority_is_marked_and_the_mediators_is_not() -> None:
    case = at("sessions")
    bare = replace(case, items=tuple(one for one in case.items if not isinstance(one, Mandate)))
    made = offer(do(bare, "make_offer", "representative A", text="We pay", amount="500"))
    assert (made.subject_to_approval, made.authority) == (True, "")
    assert not offer(do(bare, "make_offer", MEDIATOR, text="Each pays half")).subject_to_approval


def test_the_limit_of_an_authority_is_read_by_its_own_side_alone() -> None:
    case = do(limited(500), "make_offer", "representative A", text="We pay", amount="400")
    assert "Decimal('500')" in seen_by(case, "representative A")
    assert "Decimal('500')" not in seen_by(case, "representative B")


def test_nobody_accepts_terms_beyond_their_authority() -> None:
    case = do(limited(400, person="representative B"), "make_offer", "representative A", text="You pay", amount="500")
    with pytest.raises(errors.NeedsMissing, match="answer with an offer of your own, subject to approval"):
        answer(case, "accept_offer", "B")
    assert offer(answer(case, "counter_offer", "B", text="400", amount="400")).party == "B"


def test_an_offer_accepted_in_the_negotiation_leads_to_the_text_only_if_no_issue_is_left_open() -> None:
    case = do(at("negotiation"), "make_offer", "representative A", text="Two days")
    assert answer(case, "accept_offer", "B").stage == "negotiation"
    case = do(at("negotiation"), "make_offer", "representative A", text="Two days", issues=[ISSUE])
    assert answer(case, "accept_offer", "B").stage == "drafting"


def test_main_points_take_up_no_untested_option_without_saying_why() -> None:
    case = at("sessions")
    case = do(case, "propose_option", MEDIATOR, issue=ISSUE, text="Guards at the door")
    points = {"issue": ISSUE, "points": ["Guards outside"], "options": [option(case).id]}
    with pytest.raises(errors.NeedsMissing, match="every option named was tested"):
        do(case, "note_heads", MEDIATOR, **points)
    (heads,) = do(case, "note_heads", MEDIATOR, **points, despite="For three days only").all(Heads)
    assert (heads.options, heads.despite) == ((option(case).id,), "For three days only")


def test_a_counter_offer_takes_the_place_of_what_it_answers() -> None:
    first = offered()
    case = answer(first, "counter_offer", "B", text="Three days")
    assert [(one.state, one.party, one.answers) for one in case.all(Offer)] == [
        ("countered", "A", None),
        ("open", "B", offer(first).id),
    ]
    with pytest.raises(errors.NeedsMissing, match="must be one of this case that is open"):
        do(case, "accept_offer", "representative B", offer=offer(first).id)


@pytest.mark.parametrize("trigger", ["accept_offer", "reject_offer", "counter_offer"])
def test_nobody_answers_their_own_offer(trigger: str) -> None:
    said = {"text": "More"} if trigger == "counter_offer" else {}
    with pytest.raises(errors.NeedsMissing, match="made by another party or by the mediator"):
        answer(offered(), trigger, "A", **said)


def test_who_made_an_offer_takes_it_back_and_nobody_else() -> None:
    with pytest.raises(errors.NeedsMissing, match="who made it may take it back"):
        answer(offered(), "withdraw_offer", "B")
    with pytest.raises(errors.NeedsMissing, match="who made it may take it back"):
        do(offered(), "withdraw_offer", MEDIATOR, offer=offer(offered()).id)
    assert offer(answer(offered(), "withdraw_offer", "A")).state == "withdrawn"
    own = offered(by=MEDIATOR)
    assert offer(do(own, "withdraw_offer", MEDIATOR, offer=offer(own).id)).state == "withdrawn"


def test_five_parties_settle_only_with_the_last_yes_and_with_no_issue_left() -> None:
    case = offered(parties=5, by=MEDIATOR, issues=[ISSUE])
    for letter in "ABCD":
        case = answer(case, "accept_offer", letter)
        assert (case.stage, offer(case).state, case.all(Issue)[0].state) == ("sessions", "open", "open")
    case = answer(case, "accept_offer", "E")
    assert (case.stage, offer(case).state, case.all(Issue)[0].state) == ("drafting", "accepted", "settled")


def test_with_an_issue_left_the_parties_stay_until_it_has_a_result() -> None:
    case = answer(offered(), "accept_offer", "B")
    assert (case.stage, offer(case).state) == ("sessions", "accepted")
    with pytest.raises(errors.NeedsMissing, match="every issue is settled, severed, referred or escalated"):
        do(case, "begin_drafting", MEDIATOR)
    with pytest.raises(errors.NeedsMissing, match="one that is referred to whom"):
        do(case, "settle_issue", MEDIATOR, issue=ISSUE, result="referred", reason="A staff matter")
    case = do(
        case, "settle_issue", MEDIATOR, issue=ISSUE, result="referred", reason="A staff matter", door="The ombuds"
    )
    assert (case.all(Issue)[0].state, case.all(Issue)[0].door) == ("referred", "The ombuds")
    assert do(case, "begin_drafting", MEDIATOR).stage == "drafting"


@pytest.mark.parametrize(("other", "outcome"), [("settled", "settled"), ("escalated", "settled in part")])
def test_a_case_with_an_issue_that_went_elsewhere_ends_as_settled_in_part(other: str, outcome: str) -> None:
    case = at("follow_up")
    issue = replace(case.all(Issue)[0], state="settled")
    second = replace(issue, id="second", state=other)
    kept = tuple(one for one in case.items if one.kind != "issue")
    case = replace(case, items=(*kept, issue, second), fields={**case.fields, "feedback_asked": True})
    case = do(do(case, "file_lessons", CONVENER, text="none"), "close", CONVENER)
    assert case.outcome == outcome


# Options.


def with_criteria(*texts: str, agreed: bool = True) -> cases.Case:
    """Put criteria on the board, agreed by both parties if wanted, and one option."""
    case = at("sessions")
    for text in texts:
        case = do(case, "propose_criterion", MEDIATOR, text=text)
    if agreed:
        case = do(do(case, "agree_criteria", "representative A"), "agree_criteria", "representative B")
    return do(case, "propose_option", "representative A", issue=ISSUE, text="One gate each")


def option(case: cases.Case) -> Option:
    """Return the only option."""
    (found,) = case.all(Option)
    return found


def judged(case: cases.Case, verdict: str = "meets it") -> cases.Case:
    """Test the option by every criterion."""
    for criterion in case.all(Criterion):
        said = {"criterion": criterion.id, "verdict": verdict, "reason": "so it is"}
        case = do(case, "judge_option", MEDIATOR, option=option(case).id, **said)
    return case


def harmless(case: cases.Case, **levels: str) -> cases.Case:
    """Check the option under every head; `precedent="serious"` says how bad it is under one."""
    for head in board.HEADS:
        level = levels.get(head, "none")
        case = do(case, "check_harm", MEDIATOR, option=option(case).id, head=head, level=level, text="as said")
    return case


def test_an_option_is_tested_once_every_criterion_and_every_head_has_its_word() -> None:
    case = judged(with_criteria("It is cheap", "It is safe"))
    assert option(case).state == "open"
    assert board.of(case).rows[0].missing == board.HEADS
    case = harmless(case)
    assert (option(case).state, board.of(case).rows[0].missing) == ("tested", ())


def test_a_later_judgement_takes_the_place_of_an_earlier_one() -> None:
    case = judged(judged(with_criteria("It is cheap")), "does not meet it")
    assert [one.verdict for one in option(case).judgements] == ["does not meet it"]


def test_nothing_is_measured_by_a_yardstick_that_was_not_agreed_before() -> None:
    with pytest.raises(errors.NeedsMissing, match="every party has agreed this criterion"):
        judged(with_criteria("It is cheap", agreed=False))


@pytest.mark.parametrize("ready", [False, True])
def test_an_untested_or_dangerous_option_is_not_offered_without_a_reason(*, ready: bool) -> None:
    case = with_criteria("It is cheap")
    case = harmless(judged(case), precedent="serious") if ready else case
    terms = {"text": "One gate each", "options": [option(case).id]}
    with pytest.raises(errors.NeedsMissing, match="every option named was tested and does no serious harm"):
        do(case, "make_offer", "representative A", **terms)
    case = do(case, "make_offer", "representative A", **terms, despite="It is for three days only")
    assert offer(case).despite == "It is for three days only"


def test_a_tested_option_without_serious_harm_is_offered() -> None:
    case = harmless(judged(with_criteria("It is cheap")), neutrality="some")
    case = do(case, "make_offer", "representative A", text="One gate each", options=[option(case).id])
    assert offer(case).options == (option(case).id,)


def test_the_board_keeps_dropped_options_at_its_end_and_earlier_cycles_out() -> None:
    case = with_criteria("It is cheap")
    first = option(case)
    case = do(case, "propose_option", "representative B", issue=ISSUE, text="One gate for both")
    case = do(case, "drop_option", MEDIATOR, option=first.id, reason="Nobody wants it")
    assert [row.option.text for row in board.of(case).rows] == ["One gate for both", "One gate each"]
    assert board.of(replace(case, cycle_since=MONDAY + timedelta(days=1))).rows == ()


# Rules for the meantime.


def rule(case: cases.Case) -> Interim:
    """Return the newest rule."""
    return case.all(Interim)[-1]


def proposed(by: str = CONVENER, *, parties: int = 2) -> cases.Case:
    """Propose a rule for four days."""
    asked = {"rule": "Convoys may pass", "expires_at": later(days=4)}
    return do(at("root_cause", parties=parties), "propose_interim", by, **asked)


def test_a_rule_holds_once_every_one_of_five_parties_has_accepted_it() -> None:
    case = proposed(parties=5)
    for letter in "ABCD":
        case = do(case, "accept_interim", f"representative {letter}", interim=rule(case).id)
        assert rule(case).state == "proposed"
    case = do(case, "accept_interim", "representative E", interim=rule(case).id)
    assert (rule(case).state, fired(case, "interim")) == ("on", {"expire_interim": timedelta(days=4)})


def test_a_party_that_proposes_a_rule_has_accepted_it() -> None:
    case = proposed("representative A")
    with pytest.raises(errors.NeedsMissing, match="has not accepted the rule yet"):
        do(case, "accept_interim", "representative A", interim=rule(case).id)
    assert rule(do(case, "accept_interim", "representative B", interim=rule(case).id)).state == "on"


def test_one_refusal_or_silence_keeps_a_rule_from_coming_into_force() -> None:
    refused = do(proposed(), "refuse_interim", "representative B", interim=rule(proposed()).id, reason="Too early")
    assert rule(refused).state == "refused"
    assert "lapse_interim" in fired(proposed(), "interim_proposed")
    assert rule(do(proposed(), "lapse_interim", roles.THE_CLOCK, interim=rule(proposed()).id)).state == "lapsed"


def test_a_rule_whose_date_has_passed_is_not_put_in_force() -> None:
    case = proposed()
    over = replace(rule(case), expires_at=MONDAY - timedelta(hours=1))
    case = replace(case, items=cases.with_item(case.items, over))
    with pytest.raises(errors.NeedsMissing, match="still lies ahead"):
        do(case, "accept_interim", "representative A", interim=over.id)


@pytest.mark.parametrize("person", [COMMITTEE])
def test_a_tier_imposes_a_rule_only_when_the_matter_has_reached_it_and_with_a_reason(person: str) -> None:
    asked = {"rule": "Convoys may pass", "expires_at": later(days=4), "reason": "People starve"}
    with pytest.raises(errors.NeedsMissing, match="has reached a tier"):
        do(at("root_cause"), "begin_interim", person, **asked)
    raised = replace(at("root_cause"), tier="T3", tier_since=MONDAY)
    assert rule(do(raised, "begin_interim", person, **asked)).state == "on"
    with pytest.raises(errors.NeedsMissing, match="Why it cannot wait for the parties is missing"):
        do(raised, "begin_interim", person, **{**asked, "reason": ""})


@pytest.mark.parametrize("person", [CONVENER, MEDIATOR, "representative A"])
def test_neither_the_team_nor_one_party_imposes_a_rule(person: str) -> None:
    with pytest.raises(errors.NotYours):
        do(at("root_cause"), "begin_interim", person, rule="x", expires_at=later(days=4), reason="y")


# Impasses.


def stuck() -> cases.Case:
    """Hold a session, and record where the issue is stuck."""
    case = do(at("sessions"), "open_session", MEDIATOR, agenda="x")
    case = do(case, "close_session", MEDIATOR, minutes="They met")
    said = {"reasons": ["no authority", "trust"], "text": "Both offers were tried"}
    return do(case, "record_deadlock", MEDIATOR, issue=ISSUE, **said)


def test_an_impasse_names_the_issues_the_reasons_and_the_doors_that_are_left() -> None:
    case = do(stuck(), "declare_impasse", MEDIATOR, text="May guards stand inside?")
    (impasse,), (deadlock,) = case.all(Impasse), case.all(Deadlock)
    assert (impasse.state, impasse.deadlocks) == ("declared", (deadlock.id,))
    (question,) = case.all(Question)
    assert (question.tier, question.cause, question.text) == ("T1", "impasse", "May guards stand inside?")
    assert deadlock.reasons == ("no authority", "trust")
    labels = [door.partition(":")[0] for door in impasse.doors]
    assert labels[:4] == ["Area", "Joint committee", "Senior representatives", "Outside door"]
    assert "Refer to another body" in labels


def test_nobody_gives_up_without_saying_where_it_is_stuck() -> None:
    case = do(at("sessions"), "open_session", MEDIATOR, agenda="x")
    case = do(case, "close_session", MEDIATOR, minutes="They met")
    with pytest.raises(errors.NeedsMissing, match="it is recorded which issue is stuck, and why"):
        do(case, "declare_impasse", MEDIATOR, text="?")


def test_both_parties_may_give_up_together_and_neither_alone() -> None:
    case = do(stuck(), "declare_impasse_together", "representative A", text="We are done")
    assert not case.all(Impasse)
    assert not case.all(Question)
    case = do(case, "agree", "representative B", proposal=case.all(Proposal)[0].id)
    assert ([one.state for one in case.all(Impasse)], case.all(Question)[0].tier) == (["declared"], "T1")


def test_an_interim_rule_runs_out_while_the_case_is_stayed() -> None:
    case = proposed("representative A")
    case = do(case, "accept_interim", "representative B", interim=rule(case).id)
    stayed = replace(case, stays=(cases.Stay(begun_at=MONDAY, until=MONDAY + timedelta(days=20), reason="rains"),))
    assert fired(stayed, "interim") == {"expire_interim": timedelta(days=4)}


def test_a_deadlock_has_reasons_from_the_list() -> None:
    with pytest.raises(errors.NeedsMissing, match="must be one of: no overlap of interests"):
        do(at("sessions"), "record_deadlock", MEDIATOR, issue=ISSUE, reasons=["bad mood"], text="x")
    with pytest.raises(errors.NeedsMissing, match="is missing"):
        do(at("sessions"), "record_deadlock", MEDIATOR, issue=ISSUE, reasons=[], text="x")


def test_the_clock_proposes_an_impasse_and_declares_none() -> None:
    case = do(at("sessions"), "impasse_by_silence", roles.THE_CLOCK)
    assert [(one.state, one.deadlocks) for one in case.all(Impasse)] == [("proposed", ())]
    assert case.tier == "T2"


def test_what_was_settled_since_is_stuck_no_more() -> None:
    case = do(stuck(), "settle_issue", MEDIATOR, issue=ISSUE, result="settled")
    assert do(case, "declare_impasse", MEDIATOR, text="?").all(Impasse)[0].deadlocks == ()
