"""One identical text bears every name: ratified, signed and attested, and any change voids what was given before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from config import working_time
from states import case as cases
from states import done_once, roles, signing, timers
from states.items import Agreement, Heads, Issue, Item, Obligation, Proposal, Session
from tests.states import engaged
from tests.states.agreeing import (
    CONVENER,
    DISPUTE,
    MEDIATOR,
    MONDAY,
    TERM,
    agreed,
    at,
    do,
    drafted,
    in_force,
    promise,
    ratified,
    refusal,
    signed,
    text,
)

ISSUE = Issue(id="issue", zone=roles.SHARED, by="c", at=MONDAY, title="Who opens the gate?")
MEETING = Session(
    id="session", zone=roles.SHARED, by="m", at=MONDAY, form="joint", agenda="x", minutes="x", state="closed"
)


def with_items(case: cases.Case, *items: Item) -> cases.Case:
    """Put items into the file."""
    return replace(case, items=(*case.items, *items))


def test_the_main_points_come_before_the_full_text() -> None:
    case = with_items(at("drafting"), ISSUE)
    assert "main points" in refusal(case, "write_agreement", CONVENER, text="x")
    case = do(case, "note_heads", MEDIATOR, issue="issue", points=["The gate is open by day"])
    case = do(case, "note_heads", MEDIATOR, issue="issue", points=["The gate is open day and night"])
    assert [heads.points for heads in case.all(Heads)] == [("The gate is open day and night",)]
    assert do(case, "write_agreement", CONVENER, text="x").all(Agreement)


@pytest.mark.parametrize("letter", ["text", "summary", "annex", "character", "effective_at", "changes"])
def test_any_change_of_the_text_gives_another_seal(letter: str) -> None:
    one = text(drafted())
    changed = replace(one, **{letter: MONDAY if letter == "effective_at" else "something else"})  # type: ignore[arg-type] # one of several attributes
    assert signing.text_hash(one, ()) != signing.text_hash(changed, ())


@pytest.mark.parametrize("word", ["action", "owner", "verifier", "proof", "place", "indicator", "replaces"])
def test_any_change_of_a_term_gives_another_seal(word: str) -> None:
    case = drafted()
    changed = replace(promise(case), **{word: "something else"})  # type: ignore[arg-type] # one of several attributes
    assert signing.text_hash(text(case), (promise(case),)) != signing.text_hash(text(case), (changed,))


def test_a_seal_tells_a_text_from_its_neighbour_that_reads_alike() -> None:
    one, two = promise(drafted(action="a", place="b")), promise(drafted(action="a|b", place=""))
    assert signing.text_hash(text(drafted()), (one,)) != signing.text_hash(text(drafted()), (two,))


def test_three_parties_ratify_and_sign_before_anything_is_in_force() -> None:
    case = ratified(drafted(parties="ABC"))
    assert (case.stage, text(case).ratified_by) == ("signature", ("A", "B", "C"))
    case = do(case, "sign", "representative A", seal=text(case).text_hash)
    case = do(case, "sign", "representative B", seal=text(case).text_hash)
    assert (case.stage, text(case).state, promise(case).state) == ("signature", "signature", "planned")
    case = do(case, "sign", "representative C", seal=text(case).text_hash[:16])
    assert (case.stage, text(case).state, promise(case).state) == ("follow_up", "in force", "due")
    assert {mark.text_hash for mark in text(case).signatures} == {text(case).text_hash}


@pytest.mark.parametrize(("trigger", "part"), [("ratify", "senior_representative"), ("sign", "representative")])
def test_nobody_puts_their_name_to_a_text_that_has_changed_since_they_read_it(trigger: str, part: str) -> None:
    first = do(drafted(), "draft_ready", CONVENER)
    old = text(first).text_hash
    case = do(first, "return_draft", "senior_representative B", reason="The south gate too")
    case = do(case, "write_agreement", CONVENER, text="Three slots a day")
    case = ratified(case) if trigger == "sign" else do(case, "draft_ready", CONVENER)
    told = refusal(case, trigger, f"{part} A", seal=old)
    assert "the text has changed since; read version 2" in told
    assert text(case).text_hash[:16] in told


def test_a_text_sent_out_again_unchanged_is_the_same_version() -> None:
    case = do(drafted(), "draft_ready", CONVENER)
    again = do(do(case, "return_draft", "senior_representative A", reason="Wait"), "draft_ready", CONVENER)
    assert (text(again).version, text(again).text_hash) == (1, text(case).text_hash)


def test_what_is_returned_loses_every_name_on_it() -> None:
    case = ratified(drafted())
    case = do(case, "sign", "representative A", seal=text(case).text_hash)
    case = do(case, "return_draft", "senior_representative B", reason="Not like this")
    assert (case.stage, text(case).state) == ("drafting", "drafting")
    assert (text(case).ratifications, text(case).signatures) == ((), ())


@pytest.mark.parametrize("seal", ["", "abc", "not a seal at all, but words"])
def test_what_is_no_seal_signs_nothing(seal: str) -> None:
    assert "Seal of the text you have read" in refusal(ratified(drafted()), "sign", "representative A", seal=seal)


def test_whoever_drafted_the_text_does_not_ratify_it() -> None:
    case = drafted()
    party = replace(case.parties[0], people={**case.parties[0].people, "senior_representative": (CONVENER,)})
    case = do(replace(case, parties=(party, case.parties[1])), "draft_ready", CONVENER)
    assert "did not draft the text" in refusal(case, "ratify", CONVENER, seal=text(case).text_hash)


def test_nobody_signs_for_two_parties() -> None:
    case = ratified(drafted())
    both = tuple(replace(party, people={**party.people, "representative": ("both",)}) for party in case.parties)
    case = engaged.with_mandates(replace(case, parties=both), at=MONDAY)
    case = do(case, "sign", "both", party="A", seal=text(case).text_hash)
    assert "nobody ratifies or signs for two parties" in refusal(
        case, "sign", "both", party="B", seal=text(case).text_hash
    )


def test_a_refusal_goes_to_the_committee_and_may_be_taken_back() -> None:
    case = do(drafted(), "draft_ready", CONVENER)
    case = do(case, "ratify", "senior_representative A", seal=text(case).text_hash)
    case = do(case, "refuse_ratification", "senior_representative B", reason="It binds our budget")
    assert (case.stage, case.tier, text(case).refused_by) == ("ratification", "T2", ("B",))
    assert case.items[-1].state == "asked"
    case = do(case, "ratify", "senior_representative B", seal=text(case).text_hash)
    assert (case.stage, text(case).refused_by) == ("signature", ())


def test_what_came_from_mediation_is_in_force_only_once_a_mediator_attested() -> None:
    case = signed(with_items(ratified(drafted()), MEETING))
    assert (case.stage, text(case).state, promise(case).state) == ("attestation", "signed", "planned")
    assert "belongs to no party" not in refusal(case, "attest", "representative A", seal=text(case).text_hash)
    case = do(case, "attest", MEDIATOR, seal=text(case).text_hash)
    assert (case.stage, text(case).state, promise(case).state) == ("follow_up", "in force", "due")


def test_whoever_drafted_the_text_does_not_attest_alone() -> None:
    case = with_items(ratified(drafted(by=MEDIATOR)), MEETING)
    case = do(signed(case), "attest", MEDIATOR, seal=text(signed(case)).text_hash)
    assert (case.stage, text(case).state) == ("attestation", "signed")
    assert "not attested yet" in refusal(case, "attest", MEDIATOR, seal=text(case).text_hash)
    assert do(case, "attest", CONVENER, seal=text(case).text_hash).stage == "follow_up"


def test_a_silent_mediator_holds_no_agreement_hostage() -> None:
    case = do(signed(with_items(ratified(drafted()), MEETING)), "unattested", roles.THE_CLOCK)
    assert (case.stage, text(case).state, text(case).attestations) == ("follow_up", "in force", ())


def test_an_agreement_waits_for_its_date_and_then_comes_into_force_by_itself() -> None:
    begins = MONDAY + timedelta(days=3)
    case = do(at("drafting"), "write_agreement", CONVENER, text="Two slots a day", effective_at=begins)
    case = do(case, "add_term", CONVENER, **{**TERM, "due_at": MONDAY + timedelta(days=5)})
    case = signed(ratified(case))
    assert (case.stage, text(case).state, promise(case).state) == ("follow_up", "pending", "planned")
    timer = next(
        one for one in timers.plan(DISPUTE, case, working_time.shipped_calendars()) if one.trigger == "come_into_force"
    )
    assert timer.due_at == begins
    case = do(case, "come_into_force", roles.THE_CLOCK, begins, agreement=timer.item)
    assert (text(case).state, text(case).in_force_at, promise(case).state) == ("in force", begins, "due")


def test_a_text_is_not_in_force_before_it_is_written() -> None:
    told = refusal(at("drafting"), "write_agreement", CONVENER, text="x", effective_at=MONDAY - timedelta(days=1))
    assert "lies ahead" in told


@pytest.mark.parametrize("relation", ["the same", "a part of it", "one organisation"])
@pytest.mark.parametrize("trigger", ["add_term", "change_term"])
def test_the_verifier_stands_outside_the_owners_line(trigger: str, relation: str) -> None:
    case = drafted(parties="ABC")
    first, second, third = case.parties
    if relation == "a part of it":
        third = replace(third, within="A")
    if relation == "one organisation":
        first, third = replace(first, organisation="water"), replace(third, organisation="water")
    case = replace(case, parties=(first, second, third))
    verifier = "A" if relation == "the same" else "C"
    given = {**TERM, "verifier": verifier, "due_at": MONDAY + timedelta(days=5)}
    changed = {"obligation": promise(case).id} if trigger == "change_term" else {}
    assert "not of the owner's own line" in refusal(case, trigger, CONVENER, **given, **changed)


def test_a_term_is_changed_or_taken_out_only_while_it_is_drafted() -> None:
    case = drafted()
    due = MONDAY + timedelta(days=9)
    case = do(
        case,
        "change_term",
        CONVENER,
        obligation=promise(case).id,
        **{**TERM, "action": "close the gate", "due_at": due},
    )
    assert (promise(case).action, promise(case).due_at, promise(case).state) == ("close the gate", due, "planned")
    case = do(case, "remove_term", CONVENER, obligation=promise(case).id)
    assert promise(case).state == "removed"
    assert "at least one term" in refusal(case, "draft_ready", CONVENER)
    assert "not open at the stage" in refusal(in_force(), "remove_term", CONVENER, obligation="x")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"proof": ""}, "What will prove it is missing"),
        ({"due_at": MONDAY - timedelta(days=1)}, "the date lies ahead"),
        ({"every_days": 7}, "its last date lies after its first"),
        ({"every_days": 7, "until": MONDAY}, "its last date lies after its first"),
        ({"step_in_hours": -1}, "counted from zero"),
        ({"owner": "nobody"}, "must be a party of this case"),
    ],
)
def test_a_term_that_cannot_be_checked_is_refused(given: dict[str, object], told: str) -> None:
    term = {**TERM, "due_at": MONDAY + timedelta(days=5), **given}
    assert told in refusal(drafted(), "add_term", CONVENER, **term)


def test_an_amendment_leaves_the_old_text_in_force_until_the_new_one_is_signed() -> None:
    case = in_force()
    old, kept = text(case), promise(case)
    case = do(case, "amend", CONVENER, changes="One more slot, and another gate")
    assert (case.stage, text(case).amends, text(case).version) == ("drafting", old.id, 2)
    case = do(case, "write_agreement", CONVENER, text="Three slots a day")
    due = MONDAY + timedelta(days=8)
    case = do(
        case, "add_term", CONVENER, **{**TERM, "action": "open the south gate", "due_at": due, "replaces": kept.id}
    )
    case = ratified(case)
    assert [one.state for one in case.all(Agreement)] == ["in force", "signature"]
    assert [one.state for one in case.all(Obligation)] == ["due", "planned"]
    case = signed(case)
    assert [one.state for one in case.all(Agreement)] == ["superseded", "in force"]
    assert [one.state for one in case.all(Obligation)] == ["replaced", "due"]
    assert promise(case).replaces == kept.id


def test_a_decision_from_above_takes_every_name_off_the_text() -> None:
    case = replace(ratified(drafted()), tier="T3", tier_since=MONDAY)
    case = do(case, "decide", "senior_representative A", text="Two slots, not three")
    case = do(case, "agree", "senior_representative B", proposal=case.all(Proposal)[-1].id)
    assert (case.stage, text(case).state, text(case).ratifications) == ("drafting", "drafting", ())


def test_a_slip_is_corrected_without_new_signatures_once_every_party_confirmed_it() -> None:
    case = in_force()
    wrong = text(case)
    case = do(case, "correct", MEDIATOR, changes=["north for nort"], text="Two slots a day at the north gate")
    assert text(case) == wrong
    case = agreed(case)
    assert [one.state for one in case.all(Agreement)] == ["superseded", "in force"]
    assert (text(case).version, text(case).amends, text(case).changes) == (2, wrong.id, "north for nort")
    assert case.all(Agreement)[0].signatures == wrong.signatures
    assert text(case).text_hash != wrong.text_hash


def test_a_clause_goes_into_the_draft_with_its_blanks_filled_in() -> None:
    given = {"clause": "review", "blanks": ["day = 1 May"]}
    case = do(drafted(), "add_clause", MEDIATOR, **given)
    assert text(case).text.startswith("Two slots a day\n\nReview. The parties meet on 1 May ")
    assert (text(case).clauses, text(case).drafted_by) == (("review",), MEDIATOR)


@pytest.mark.parametrize(
    ("clause", "blanks", "told"),
    [
        ("review", [], "left open: day"),
        ("review", ["day ="], "left open: day"),
        ("review", ["day = 1 May", "place = here"], "not in this clause: place"),
        ("reviews", ["day = 1 May"], "must be one of"),
    ],
)
def test_a_clause_with_a_blank_too_many_or_too_few_is_refused(clause: str, blanks: list[str], told: str) -> None:
    assert told in refusal(drafted(), "add_clause", CONVENER, clause=clause, blanks=blanks)


def test_a_senior_who_ratified_is_asked_no_more_and_the_other_still_is() -> None:
    case = do(drafted(), "draft_ready", CONVENER)
    a, b = "senior_representative A", "senior_representative B"
    assert not done_once.has_done_their_part(DISPUTE, case, a)
    case = do(case, "ratify", a, seal=text(case).text_hash)
    assert done_once.has_done_their_part(DISPUTE, case, a)
    assert not done_once.has_done_their_part(DISPUTE, case, b)
    case = do(case, "return_draft", b, reason="The south gate too")
    assert not done_once.has_done_their_part(DISPUTE, case, a)
