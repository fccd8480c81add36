"""Acts that take effect only when others agree: every party, or a second person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import load, vocabulary, working_time
from states import agreeing, errors, machine, notices, roles, simulate, timers
from states import case as cases
from states.items import Proposal
from states.machine import Act
from states.process import Process, Urgency

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PROCESS = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
SECONDED = load.load_text(
    "process: seconded\nextends: dispute\ntriggers: {set_urgency: {seconded_by: committee}}\n",
    name="seconded.yaml",
    vocabulary=vocabulary.shipped(),
)
UNTIL = (MONDAY + timedelta(days=7)).isoformat()


def three(stage: str = "sessions") -> cases.Case:
    """Put a case between three parties at a stage."""
    case = replace(simulate.sample_case(PROCESS, urgency=Urgency.U3, now=MONDAY), stage=stage)
    parties = tuple(
        cases.Party(id=name, name=name.title(), side=cases.Side.JOINED, people={"representative": (f"{name}'s",)})
        for name in ("ant", "bee", "cat")
    )
    return replace(case, parties=parties)


def do(case: cases.Case, trigger: str, person: str, *, process: Process = PROCESS, **inputs: object) -> cases.Case:
    act = Act(trigger=trigger, actor=roles.Actor(person), at=MONDAY, recorded_at=MONDAY, inputs=inputs)
    return machine.advance(process, case, act)[0]


def the_proposal(case: cases.Case) -> Proposal:
    (proposal,) = case.all(Proposal)
    return proposal


def proposed(person: str = "ant's") -> tuple[cases.Case, str]:
    case = do(three(), "stay", person, reason="rains", until=UNTIL)
    return case, the_proposal(case).id


def test_an_act_by_agreement_waits_for_every_other_party() -> None:
    case, proposal = proposed()
    assert (case.stay, the_proposal(case).agreed_by) == (None, ("ant",))
    case = do(case, "agree", "bee's", proposal=proposal)
    assert (case.stay, the_proposal(case).state) == (None, "open")
    case = do(case, "agree", "cat's", proposal=proposal)
    assert case.stay is not None
    assert the_proposal(case).state == "carried out"


def test_what_the_team_proposes_waits_for_all_parties() -> None:
    case, proposal = proposed("the Mediator")
    for person in ("ant's", "bee's"):
        case = do(case, "agree", person, proposal=proposal)
    assert case.stay is None
    assert do(case, "agree", "cat's", proposal=proposal).stay is not None


@pytest.mark.parametrize("person", ["ant's", "the Convener"])
def test_nobody_agrees_for_another_or_twice(person: str) -> None:
    case, proposal = proposed()
    with pytest.raises(errors.NeedsMissing, match="waits for the answer of this person"):
        do(case, "agree", person, proposal=proposal)


def test_a_party_that_left_is_not_waited_for() -> None:
    case, proposal = proposed()
    gone = tuple(replace(party, left_at=MONDAY) if party.id == "cat" else party for party in case.parties)
    assert do(replace(case, parties=gone), "agree", "bee's", proposal=proposal).stay is not None


def test_one_no_ends_a_proposal_with_its_reason() -> None:
    case, proposal = proposed()
    case = do(case, "decline", "bee's", proposal=proposal, reason="the road dries in May")
    assert (case.stay, the_proposal(case).state, the_proposal(case).reason) == (
        None,
        "declined",
        "the road dries in May",
    )
    with pytest.raises(errors.NeedsMissing, match="one of this case that is open"):
        do(case, "agree", "cat's", proposal=proposal)


def test_who_proposed_takes_it_back_and_nobody_else_does() -> None:
    case, proposal = proposed()
    with pytest.raises(errors.NeedsMissing, match="proposed it or agreed to it"):
        do(case, "take_back", "cat's", proposal=proposal)
    case = do(do(case, "agree", "bee's", proposal=proposal), "take_back", "ant's", proposal=proposal)
    assert (case.stay, the_proposal(case).state) == (None, "taken back")
    with pytest.raises(errors.NeedsMissing):
        do(case, "agree", "cat's", proposal=proposal)


def test_a_yes_is_taken_back_until_the_act_is_done() -> None:
    case, proposal = proposed()
    case = do(do(case, "agree", "bee's", proposal=proposal), "take_back", "bee's", proposal=proposal)
    assert (the_proposal(case).state, the_proposal(case).agreed_by) == ("open", ("ant",))
    case = do(case, "agree", "cat's", proposal=proposal)
    assert case.stay is None
    case = do(case, "agree", "bee's", proposal=proposal)
    assert case.stay is not None
    with pytest.raises(errors.NeedsMissing):
        do(case, "take_back", "bee's", proposal=proposal)


def test_what_waits_for_a_second_person_is_taken_back_by_the_first() -> None:
    case = do(three(), "set_urgency", "the Convener", process=SECONDED, urgency="U1", reason="fire")
    proposal = the_proposal(case).id
    assert (
        the_proposal(do(case, "take_back", "the Convener", process=SECONDED, proposal=proposal)).state == "taken back"
    )
    with pytest.raises(errors.NeedsMissing, match="proposed it or agreed to it"):
        do(case, "take_back", "the Joint committee", process=SECONDED, proposal=proposal)


def test_what_is_no_longer_open_at_the_stage_says_so_when_it_would_be_carried_out() -> None:
    case = do(three("negotiation"), "extend_negotiation", "ant's", reason="rains", until=UNTIL)
    proposal = the_proposal(case).id
    case = replace(do(case, "agree", "bee's", proposal=proposal), stage="drafting")
    with pytest.raises(errors.NeedsMissing, match="a stage at which it is open; the case stands at “Drafting”"):
        do(case, "agree", "cat's", proposal=proposal)


@pytest.mark.parametrize(
    ("trigger", "person", "inputs", "duty"),
    [
        ("set_urgency", "the Convener", {"urgency": "U1", "reason": "fire"}, "committee"),
        ("stay", "ant's", {"reason": "rains", "until": UNTIL}, "other representative"),
    ],
)
def test_the_clock_of_a_proposal_waits_for_whoever_it_was_put_to(
    trigger: str, person: str, inputs: dict[str, str], duty: str
) -> None:
    case = do(three(), trigger, person, process=SECONDED, **inputs)
    running = timers.open_deadlines(SECONDED, case, working_time.shipped_calendars())
    (clock,) = [one for one in running if one.rule.name == "proposal"]
    assert clock.duty == duty
    reminded = [
        one.to for one in timers.plan(SECONDED, case, working_time.shipped_calendars()) if one.deadline == "proposal"
    ]
    assert (duty,) in reminded


def test_silence_lapses_a_proposal_and_is_no_yes() -> None:
    case, proposal = proposed()
    coming = timers.plan(PROCESS, case, working_time.shipped_calendars())
    (lapse,) = [timer for timer in coming if timer.trigger == "lapse_proposal"]
    act = Act(
        trigger="lapse_proposal",
        actor=roles.THE_CLOCK,
        at=lapse.due_at,
        recorded_at=lapse.due_at,
        inputs={"proposal": proposal},
        timer=lapse.key,
    )
    case, _ = machine.advance(PROCESS, case, act)
    assert (case.stay, the_proposal(case).state) == (None, "lapsed")


def test_what_has_become_impossible_is_refused_when_it_would_be_carried_out() -> None:
    case, proposal = proposed()
    case = do(case, "agree", "bee's", proposal=proposal)
    case = do(case, "stay_by_decision", "the Joint committee", reason="floods", until=UNTIL)
    with pytest.raises(errors.NeedsMissing, match="the case is already stayed"):
        do(case, "agree", "cat's", proposal=proposal)
    assert the_proposal(case).state == "open"


def test_what_is_carried_out_is_told_in_the_name_of_who_proposed_it() -> None:
    case, proposal = proposed()
    case = do(case, "agree", "bee's", proposal=proposal)
    answer = Act(
        trigger="agree", actor=roles.Actor("cat's"), at=MONDAY, recorded_at=MONDAY, inputs={"proposal": proposal}
    )
    _, happened = machine.advance(PROCESS, case, answer)
    assert [(event.trigger, event.actor) for event in happened] == [("agree", "cat's"), ("stay", "ant's")]
    told = agreeing.tellings(PROCESS, happened)
    assert [telling.mails for telling in told] == [("proposal_answered",), ("case_stayed",)]


def test_a_second_pair_of_eyes_is_another_persons() -> None:
    case = do(three(), "set_urgency", "the Convener", process=SECONDED, urgency="U1", reason="fire")
    assert case.urgency is Urgency.U3
    proposal = the_proposal(case).id
    with pytest.raises(errors.NeedsMissing, match="waits for the answer of this person"):
        do(case, "agree", "ant's", process=SECONDED, proposal=proposal)
    assert do(case, "agree", "the Joint committee", process=SECONDED, proposal=proposal).urgency is Urgency.U1


def test_replaying_the_events_of_an_agreement_gives_the_same_case() -> None:
    opened = notices.Notice(id="c", number="D-1", title="Road", parties=three().parties, roles=three().roles)
    opener = roles.Actor("ant's", frozenset({"registry"}))
    case, events = notices.open_case(PROCESS, opened, actor=opener, at=MONDAY, recorded_at=MONDAY)
    case = replace(case, stage="sessions")
    history = list(events)
    for person, trigger, inputs in (
        ("ant's", "stay", {"reason": "rains", "until": UNTIL}),
        ("bee's", "agree", {}),
        ("cat's", "agree", {}),
    ):
        named = {"proposal": case.all(Proposal)[0].id} if trigger == "agree" else {}
        act = Act(trigger=trigger, actor=roles.Actor(person), at=MONDAY, recorded_at=MONDAY, inputs={**inputs, **named})
        case, happened = machine.advance(PROCESS, case, act)
        history += happened
    assert replace(cases.replay(history), stage="sessions") == case


@pytest.mark.parametrize("left_at", [None, MONDAY], ids=["replaced", "withdrawn"])
def test_nothing_is_carried_out_for_who_lost_the_part_meanwhile(left_at: datetime | None) -> None:
    case, proposal = proposed()
    case = do(case, "agree", "bee's", proposal=proposal)
    ant, *others = case.parties
    case = replace(
        case, parties=(replace(ant, people={"representative": ("ant's new one",)}, left_at=left_at), *others)
    )
    with pytest.raises(errors.NeedsMissing, match="who proposed it no longer has the part"):
        do(case, "agree", "cat's", proposal=proposal)
