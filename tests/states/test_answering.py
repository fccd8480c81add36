"""Who may answer from a tier, by one rule for every door: the whole matrix of answers, tiers and people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from states import case as cases
from states import errors, machine, roles
from states.answering import ANSWERS, FINAL
from states.directory import Directory, Entry
from states.effects import EFFECTS
from states.items import Ballot, Decision, Proposal, Question
from states.process import CLOCK
from tests.states.mediations import CALENDARS, COMMITTEE, CONVENER, DISPUTE, MEDIATOR, MONDAY, PARTS, at, do

TIERS = ("T0", "T1", "T2", "T3", "T4")
ACTS = {
    trigger.answers: name for name, trigger in DISPUTE.triggers.items() if trigger.answers and name != "decide_breach"
}
AUTHORITY = {
    "T1": ("area_manager A", "area_manager B"),
    "T2": (COMMITTEE,),
    "T3": ("senior_representative A", "senior_representative B"),
    "T4": (CONVENER,),
}
PEOPLE = (*(f"{part} {party}" for part in PARTS for party in "AB"), COMMITTEE, CONVENER, MEDIATOR)
WORDS = {"text": "So be it", "body": "The ombuds", "reason": "Theirs"}


def before(tier: str, *, by: str = CLOCK) -> cases.Case:
    """Put a question to a tier, asked by somebody."""
    case = at("sessions")
    if tier == "T0":
        return case
    case = replace(case, tier=tier, tier_since=MONDAY, tier_round=2)
    reached = TIERS[1 : TIERS.index(tier) + 1]
    asked = Question(
        id="q", zone="shared", by=by, at=MONDAY, state="asked", tier=tier, text="?", cause="request", asked_of=reached
    )
    return replace(case, items=(*case.items, asked))


def answered(
    case: cases.Case, answer: str, person: str, directory: Directory | None = None, **more: object
) -> cases.Case:
    """Let somebody give an answer."""
    trigger = DISPUTE.triggers[ACTS[answer]]
    wanted = {name for effect in trigger.does for name in EFFECTS[effect].inputs}
    inputs = {name: words for name, words in WORDS.items() if name in wanted} | more
    act = machine.Act(
        trigger=trigger.name,
        actor=roles.Actor(person),
        at=MONDAY,
        recorded_at=MONDAY,
        inputs=inputs,
        calendars=CALENDARS,
        directory=directory or Directory(),
    )
    return machine.advance(DISPUTE, case, act)[0]


def may(answer: str, tier: str, person: str) -> bool:
    """Say by the words of the ladder whether somebody may give an answer at a tier: the matrix of its own."""
    heights = [tier] if answer not in FINAL else list(TIERS[1 : TIERS.index(tier) + 1])
    mine = [one for one in heights if person in AUTHORITY.get(one, ())]
    return any(answer in DISPUTE.tiers[one].acts for one in mine[-1:])


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("tier", TIERS)
def test_the_tier_that_was_asked_answers_as_it_may_and_nobody_else_does(answer: str, tier: str) -> None:
    for person in PEOPLE:
        allowed = may(answer, tier, person)
        try:
            after = answered(before(tier), answer, person)
        except errors.Refused:
            assert not allowed, (answer, tier, person)
        else:
            assert allowed, (answer, tier, person)
            assert after != before(tier)


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_tier_that_was_passed_over_answers_nothing(answer: str) -> None:
    case = before("T3")
    jumped = tuple(replace(one, asked_of=("T3",)) if isinstance(one, Question) else one for one in case.items)
    for person in (*AUTHORITY["T1"], *AUTHORITY["T2"]):
        with pytest.raises(errors.Refused):
            answered(replace(case, items=jumped), answer, person)


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("tier", TIERS[1:])
def test_what_is_offered_is_what_is_allowed(answer: str, tier: str) -> None:
    for person in PEOPLE:
        options = machine.permitted(DISPUTE, before(tier), roles.Actor(person), MONDAY)
        ready = {one.trigger.name for one in options if one.ready}
        assert (ACTS[answer] in ready) == may(answer, tier, person), (answer, tier, person)


@pytest.mark.parametrize("answer", sorted(FINAL | {"returned", "refused"}))
@pytest.mark.parametrize(("tier", "one", "other"), [("T1", *AUTHORITY["T1"]), ("T3", *AUTHORITY["T3"])])
def test_neither_side_answers_alone(answer: str, tier: str, one: str, other: str) -> None:
    if answer not in DISPUTE.tiers[tier].acts:
        return
    half = answered(before(tier), answer, one)
    (proposal,) = half.all(Proposal)
    assert (half.tier, half.stage, half.all(Decision), proposal.zone) == (tier, "sessions", (), roles.SENIORS)
    assert proposal.put_to == f"other {one.split(maxsplit=1)[0]}"
    with pytest.raises(errors.NeedsMissing):
        do(half, "agree", one, proposal=proposal.id)
    done = do(half, "agree", other, proposal=proposal.id)
    assert [item.answer for item in done.all(Decision)] == [answer]
    assert (done.tier, done.all(Question)[0].state) == ("T0" if not done.closed_at else tier, answer)


@pytest.mark.parametrize("tier", ["T1", "T2", "T3"])
def test_either_side_passes_up_what_they_cannot_agree_on(tier: str) -> None:
    after = answered(before(tier), "passed up", AUTHORITY[tier][0])
    assert (after.tier, after.all(Question)[0].state) == (TIERS[TIERS.index(tier) + 1], "asked")


def test_more_than_half_of_a_committee_without_a_panel_answer_together() -> None:
    case = before("T2")
    case = replace(case, roles={**case.roles, "committee": ("ana", "ben", "cleo", "dina")})
    case = answered(case, "decided", "ana")
    (proposal,) = case.all(Proposal)
    case = do(case, "agree", "ben", proposal=proposal.id)
    assert case.all(Decision) == ()
    with pytest.raises(errors.NeedsMissing):
        do(case, "agree", "ben", proposal=proposal.id)
    assert len(do(case, "agree", "cleo", proposal=proposal.id).all(Decision)) == 1


def test_a_panel_that_sits_answers_by_its_vote() -> None:
    case = before("T2")
    members = ["ana for Mission", "ben for Agencies"]
    said = {"name": "Board", "members": members, "alternates": [], "chair": "ana", "quorum": 2}
    case = do(case, "convene_panel", CONVENER, **said)
    case = answered(case, "approved", "ana")
    assert [(one.act, one.state) for one in case.all(Ballot)] == [("approve", "open")]


@pytest.mark.parametrize("answer", sorted(FINAL | {"returned", "refused", "passed up"}))
@pytest.mark.parametrize("tier", ["T1", "T2", "T3"])
def test_nobody_answers_what_they_asked_themselves(answer: str, tier: str) -> None:
    who = AUTHORITY[tier][0]
    if answer not in DISPUTE.tiers[tier].acts:
        return
    with pytest.raises(errors.NeedsMissing, match="nobody approves what they asked for themselves"):
        answered(before(tier, by=who), answer, who)


def test_nobody_gives_the_second_yes_to_what_they_asked_themselves() -> None:
    one, other = AUTHORITY["T3"]
    half = answered(before("T3", by=other), "approved", one)
    with pytest.raises(errors.NeedsMissing, match="waits for the answer"):
        do(half, "agree", other, proposal=half.all(Proposal)[0].id)


def test_whoever_asked_is_not_answered_by_those_who_report_to_them() -> None:
    people = {
        "area_manager A": Entry(id="area_manager A", name="A", manager="head"),
        "head": Entry(id="head", name="Head", manager="country director"),
    }
    case = before("T1", by="country director")
    with pytest.raises(errors.NeedsMissing, match="above this person in their own line"):
        answered(case, "approved", "area_manager A", Directory(people=people))
    assert answered(case, "approved", "area_manager A") != case


def test_a_member_of_the_committee_who_stands_for_a_party_does_not_answer() -> None:
    case = before("T2")
    case = replace(case, roles={**case.roles, "committee": ("representative A",)})
    with pytest.raises(errors.NeedsMissing, match="stands for a party of the case"):
        answered(case, "decided", "representative A")


def known(**people: tuple[str, str]) -> Directory:
    """Put people on file with their organisation and manager."""
    return Directory(
        people={
            name: Entry(id=name, name=name.title(), organisation=organisation, manager=manager)
            for name, (organisation, manager) in people.items()
        }
    )


def test_a_member_of_the_committee_who_reports_to_a_partys_person_does_not_answer() -> None:
    directory = known(**{COMMITTEE: ("desk", "representative A")})
    with pytest.raises(errors.NeedsMissing, match="reports to somebody who stands for a party"):
        answered(before("T2"), "decided", COMMITTEE, directory)


def test_a_committee_of_one_partys_people_alone_does_not_answer() -> None:
    case = before("T2")
    a, b = (replace(one, organisation=name) for one, name in zip(case.parties, ("mission", "agency"), strict=True))
    case = replace(case, parties=(a, b), roles={**case.roles, "committee": ("ana", "ben")})
    with pytest.raises(errors.NeedsMissing, match="works for the same party"):
        answered(case, "decided", "ana", known(ana=("mission", ""), ben=("mission", "")))
    mixed = known(ana=("mission", ""), ben=("agency", ""))
    half = answered(case, "decided", "ana", mixed)
    assert (half.all(Decision), len(half.all(Proposal))) == ((), 1)


@pytest.mark.parametrize("answer", ["decided", "approved", "approved with changes", "referred"])
def test_the_same_answer_of_the_other_side_is_its_yes(answer: str) -> None:
    one, other = AUTHORITY["T3"]
    both = answered(answered(before("T3"), answer, one), answer, other)
    assert [item.answer for item in both.all(Decision)] == [answer]
    assert [item.state for item in both.all(Proposal)] == ["carried out"]


def test_other_words_are_another_answer_and_reasons_that_nobody_must_give_are_not() -> None:
    one, other = AUTHORITY["T3"]
    half = answered(before("T3"), "decided", one)
    assert answered(half, "decided", other, text="Something else").all(Decision) == ()
    agreed = answered(answered(before("T3"), "approved", one), "approved", other, text="For other reasons")
    assert len(agreed.all(Decision)) == 1


def test_a_yes_to_an_older_brief_meets_no_yes_to_the_newest() -> None:
    one, other = AUTHORITY["T3"]
    case = answered(before("T3"), "approved", one)
    newer = tuple(replace(item, version=2) if isinstance(item, Question) else item for item in case.items)
    case = answered(replace(case, items=newer), "approved", other)
    assert (case.all(Decision), len(case.all(Proposal, "open"))) == ((), 2)
    assert len(answered(case, "approved", one).all(Decision)) == 1


def test_one_person_on_both_sides_answers_for_neither() -> None:
    case = before("T3")
    both = tuple(replace(one, people={**one.people, "senior_representative": ("x",)}) for one in case.parties)
    with pytest.raises(errors.NeedsMissing, match="more than one party"):
        answered(replace(case, parties=both), "decided", "x")


def test_who_was_asked_before_a_higher_tier_may_still_settle_it() -> None:
    case = answered(before("T3"), "decided", COMMITTEE)
    assert (case.stage, case.tier, case.all(Question)[0].state) == ("drafting", "T0", "decided")
