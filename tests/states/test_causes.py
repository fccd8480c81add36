"""The root-cause work: chains with sources, two passes over each cause, and what silence makes of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.working_time import shipped_calendars
from states import case as cases
from states import errors, timers
from states.file_ref import FileRef
from states.items import Cause, Disagreement, Why
from tests.states.disputes import CLOCK, CONVENER, DISPUTE, FIRST, MONDAY, SECOND, at, do, lacks


def with_cause(stage: str = "engagement", **said: object) -> cases.Case:
    """Record a cause in the first pass and put the case at a stage."""
    given = {"issue": "issue", "statement": "no rule for the gate", "family": "structure", "source": "orders", **said}
    given.setdefault("whys", ["rifles in the ward", "the orders name no ward | brigade order 4"])
    return replace(do(at("root_cause"), "record_cause", CONVENER, **given), stage=stage)


def cause_of(case: cases.Case) -> Cause:
    """Return the only cause."""
    (found,) = case.all(Cause)
    return found


def answered(case: cases.Case, person: str, agrees: str = "yes", reason: str = "") -> cases.Case:
    """Let somebody answer the only cause."""
    return do(case, "answer_cause", person, cause=cause_of(case).id, agrees=agrees, reason=reason)


def test_each_line_of_a_chain_names_its_own_source_or_takes_the_common_one() -> None:
    assert cause_of(with_cause()).whys == (
        Why("rifles in the ward", source="orders"),
        Why("the orders name no ward", source="brigade order 4"),
    )


def test_a_link_is_added_and_weighed_with_the_document_that_shows_it() -> None:
    case = with_cause("root_cause")
    file = FileRef(sha256="0" * 64, size=1, media_type="application/pdf", name="order.pdf")
    case = do(case, "add_document", CONVENER, file=str(file), shows="the order", zone="shared")
    document = case.items[-1].id
    case = do(case, "add_why", CONVENER, cause=cause_of(case).id, why="nobody owns the orders", source="both sides")
    case = do(case, "weigh_why", CONVENER, cause=cause_of(case).id, number="3", standing="disputed", document=document)
    assert cause_of(case).whys[2] == Why(
        "nobody owns the orders", source="both sides", document=document, state="disputed"
    )


@pytest.mark.parametrize("number", ["0", "3", "-1"])
def test_a_why_that_is_not_in_the_chain_cannot_be_weighed(number: str) -> None:
    case = with_cause()
    with pytest.raises(errors.NeedsMissing, match="the chain has 2 whys"):
        do(case, "weigh_why", CONVENER, cause=cause_of(case).id, number=number, standing="agreed")


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"is_condition": "no"}, "ends at a condition and not at a person"),
        ({"whys": []}, "ends at a condition and not at a person"),
        ({"source": ""}, "every why of every chain names its source"),
        ({"in_control": "no"}, "says who or what controls it"),
    ],
)
def test_the_first_pass_does_not_close_on_half_a_cause(said: dict[str, object], missing: str) -> None:
    case = do(with_cause("root_cause", **said), "record_method", CONVENER, no_harm="yes", proposed="mediation")
    with pytest.raises(errors.NeedsMissing, match=missing):
        do(case, "causes_recorded", CONVENER)
    mended = {"is_condition": "yes", "controlled_by": "the weather", "whys": ["nobody asked"], "source": "the log"}
    case = do(case, "revise_cause", CONVENER, cause=cause_of(case).id, **mended)
    for number, _ in enumerate(cause_of(case).whys, start=1):
        inputs = {"number": str(number), "standing": "unknown", "source": "the log"}
        case = do(case, "weigh_why", CONVENER, cause=cause_of(case).id, **inputs)
    assert do(case, "causes_recorded", CONVENER).stage == "engagement"


def test_nobody_goes_to_a_mediator_with_an_issue_that_has_no_chain() -> None:
    case = do(replace(with_cause(), stage="negotiation"), "raise_issue", FIRST, title="who pays for the gate?")
    with pytest.raises(errors.NeedsMissing, match="every open issue has a chain of whys"):
        do(case, "ask_for_mediator", CONVENER)


def test_a_refusal_names_the_issue_without_a_chain_and_the_party_that_is_waited_for() -> None:
    case = answered(with_cause(), FIRST)
    (told,) = lacks(case, "every_cause_was_answered")
    assert "“no rule for the gate” waits for responding party" in told
    (told,) = lacks(at("root_cause"), "every_issue_has_a_chain")
    assert "still without one: What is in dispute? (Convener: “Record a cause”" in told
    (told,) = lacks(answered(case, SECOND, "no", "the order is plain"), "every_cause_was_answered")
    assert "is disputed, in no words that all accept" in told


def test_a_cause_is_confirmed_when_all_agree_and_not_before() -> None:
    case = answered(with_cause(), FIRST)
    assert cause_of(case).state == "provisional"
    assert cause_of(answered(case, SECOND)).state == "confirmed"


def test_who_disputes_a_cause_says_why_and_may_think_again() -> None:
    case = answered(with_cause(), FIRST)
    with pytest.raises(errors.NeedsMissing, match="who disputes a cause says why"):
        answered(case, SECOND, "no")
    case = answered(case, SECOND, "no", "the order is plain")
    assert (cause_of(case).state, cause_of(case).reasons) == ("disputed", {"responding": "the order is plain"})
    case = answered(case, SECOND)
    assert (cause_of(case).state, cause_of(case).reasons, cause_of(case).disputed_by) == ("confirmed", {}, ())


def test_new_words_of_a_cause_void_the_answers_to_the_old_ones() -> None:
    case = answered(with_cause(), FIRST)
    case = do(case, "amend_cause", CONVENER, cause=cause_of(case).id, statement="no rule for the ward")
    assert (cause_of(case).statement, cause_of(case).agreed_by) == ("no rule for the ward", ())
    assert cause_of(answered(case, SECOND)).state == "provisional"


def test_a_confirmed_cause_is_changed_by_nobody() -> None:
    case = answered(answered(with_cause(), FIRST), SECOND)
    for person, act, inputs in [
        (CONVENER, "amend_cause", {"statement": "another"}),
        (SECOND, "answer_cause", {"agrees": "no", "reason": "late"}),
    ]:
        with pytest.raises(
            errors.NeedsMissing, match=r"must be one of this case that is|answered only by one that has joined since"
        ):
            do(case, act, person, cause=cause_of(case).id, **inputs)


def disputed() -> cases.Case:
    """Let one side agree with a cause and the other dispute it."""
    return answered(answered(with_cause(), FIRST), SECOND, "no", "the order is plain")


def test_words_that_both_sides_accept_end_the_pass_over_a_disputed_cause() -> None:
    case = disputed()
    assert lacks(case, "every_cause_was_answered")
    case = do(case, "state_disagreement", CONVENER, cause=cause_of(case).id, text="they read the order differently")
    words = case.all(Disagreement)[0].id
    case = do(case, "accept_disagreement", FIRST, disagreement=words)
    with pytest.raises(errors.NeedsMissing, match="this party has not accepted these words yet"):
        do(case, "accept_disagreement", FIRST, disagreement=words)
    assert cause_of(case).state == "disputed"
    case = do(case, "accept_disagreement", SECOND, disagreement=words)
    assert (cause_of(case).state, case.all(Disagreement)[0].state) == ("disagreed", "accepted")
    assert not lacks(case, "every_cause_was_answered")


def test_nobody_accepts_words_that_were_replaced_meanwhile() -> None:
    case = disputed()
    case = do(case, "state_disagreement", FIRST, cause=cause_of(case).id, text="they cannot read")
    case = do(case, "state_disagreement", CONVENER, cause=cause_of(case).id, text="they read the order differently")
    first, second = case.all(Disagreement)
    assert (first.state, first.accepted_by, second.accepted_by) == ("replaced", ("initiating",), ())
    with pytest.raises(errors.NeedsMissing, match="that is proposed"):
        do(case, "accept_disagreement", SECOND, disagreement=first.id)


def test_words_fall_when_the_dispute_does() -> None:
    case = disputed()
    case = do(case, "state_disagreement", CONVENER, cause=cause_of(case).id, text="they read the order differently")
    case = answered(case, SECOND)
    assert [words.state for words in case.all(Disagreement)] == ["replaced"]


def test_silence_leaves_a_cause_uncontested_and_not_agreed() -> None:
    case = do(answered(with_cause(), FIRST), "causes_silent", CLOCK)
    cause = cause_of(case)
    assert (cause.state, cause.silent_by, cause.agreed_by) == ("uncontested", ("responding",), ("initiating",))
    assert not lacks(case, "every_cause_was_answered")
    late = cause_of(answered(case, SECOND))
    assert (late.state, late.silent_by) == ("confirmed", ())


def test_silence_about_the_words_lets_each_sides_reasons_stand_so_that_nobody_holds_up_the_case() -> None:
    case = disputed()
    case = do(case, "state_disagreement", CONVENER, cause=cause_of(case).id, text="they read the order differently")
    case = do(case, "causes_silent", CLOCK)
    assert (cause_of(case).state, cause_of(case).reasons) == ("disagreed", {"responding": "the order is plain"})
    assert [words.state for words in case.all(Disagreement)] == ["noted"]


def test_the_clock_of_the_joint_pass_begins_when_the_causes_are_put_to_the_parties() -> None:
    before = do(with_cause("root_cause"), "record_method", CONVENER, no_harm="yes", proposed="mediation")
    after = do(before, "causes_recorded", CONVENER)
    clocks = [{timer.deadline for timer in timers.plan(DISPUTE, case, shipped_calendars())} for case in (before, after)]
    assert ["joint_causes" in running for running in clocks] == [False, True]


def test_a_party_that_left_holds_up_no_cause() -> None:
    case = answered(with_cause(), FIRST)
    first, second = case.parties
    gone = replace(case, parties=(first, replace(second, left_at=MONDAY)))
    assert not lacks(gone, "every_cause_was_answered")
    assert lacks(case, "every_cause_was_answered")


def with_a_joiner(case: cases.Case) -> cases.Case:
    """Let a third party join."""
    third = cases.Party(id="third", name="third", side=cases.Side.JOINED, people={"representative": ("rep C",)})
    return replace(case, parties=(*case.parties, third))


@pytest.mark.parametrize("stage", ["engagement", "sessions"])
def test_a_party_that_joined_later_gives_its_own_reading_of_what_was_confirmed(stage: str) -> None:
    case = with_a_joiner(answered(answered(with_cause(stage), FIRST), SECOND))
    agreed = answered(case, "rep C")
    assert (cause_of(agreed).state, cause_of(agreed).agreed_by[-1]) == ("confirmed", "third")
    apart = cause_of(answered(case, "rep C", agrees="no", reason="the gate was never ours"))
    assert (apart.state, apart.agreed_by, apart.disputed_by, apart.reasons) == (
        "disagreed",
        ("initiating", "responding"),
        ("third",),
        {"third": "the gate was never ours"},
    )


def test_the_readings_of_a_joiner_take_no_statement_of_the_others_back() -> None:
    case = do(disputed(), "causes_silent", CLOCK)
    before = cause_of(case)
    joined = cause_of(answered(with_a_joiner(case), "rep C"))
    assert (before.state, joined.state, joined.disputed_by) == ("disagreed", "disagreed", before.disputed_by)


def test_whoever_wrote_a_cause_does_not_agree_to_it_for_a_party() -> None:
    case = with_cause()
    with pytest.raises(errors.NeedsMissing, match="whoever put it on file does not answer it for a party"):
        do(case, "answer_cause", CONVENER, party="initiating", cause=cause_of(case).id)
    other = replace(case, roles={**case.roles, "convener": (CONVENER, "another convener")})
    told = do(other, "answer_cause", "another convener", party="initiating", cause=cause_of(case).id)
    assert cause_of(told).agreed_by == ("initiating",)
