"""A committee decides by vote: one vote a place, with a quorum, and nobody on the dispute of their own party."""

from __future__ import annotations

from dataclasses import replace

import pytest

from states import case as cases
from states import errors, roles
from states.items import Ballot, Decision, Panel, Proposal
from tests.states import test_engagement as scene

PANEL = {
    "name": "Joint committee West",
    "members": ["ana for Mission", "ben for Mission", "cleo for Agencies"],
    "alternates": ["dina for cleo"],
    "chair": "ana",
    "quorum": "3",
}
WORDS = "Two slots a day"


def seated(*, tier: str = "T2", **inputs: object) -> cases.Case:
    """Let a panel sit on a case that has come to its tier."""
    case = replace(scene.at("sessions"), tier=tier, tier_since=scene.MONDAY)
    return scene.do(case, "convene_panel", scene.CONVENER, **{**PANEL, **inputs})


def asked(case: cases.Case) -> cases.Case:
    """Let the chair ask for a decision, which puts it to the vote."""
    return scene.do(case, "decide", "ana", text=WORDS)


def voted(case: cases.Case, **answers: str) -> cases.Case:
    """Let members vote on the newest question."""
    for person, answer in answers.items():
        ballot = case.all(Ballot)[-1].id
        case = scene.do(case, "vote", person, ballot=ballot, answer=answer, reason="fair")
    return case


def closed(case: cases.Case, **inputs: str) -> cases.Case:
    """Let the chair close the newest vote."""
    return scene.do(case, "close_vote", "ana", ballot=case.all(Ballot)[-1].id, **inputs)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ({"members": ["ana"]}, "each member as “PERSON for BODY”"),
        ({"alternates": ["dina for nobody"]}, "each alternate as “PERSON for MEMBER”"),
        ({"alternates": ["ana for cleo"]}, "somebody is named twice"),
        ({"chair": "dina"}, "the chair is one of the members"),
        ({"quorum": "4"}, "the quorum is from 1 to 3"),
        ({"quorum": "0"}, "the quorum is from 1 to 3"),
    ],
)
def test_a_panel_that_could_not_vote_is_not_convened(inputs: dict[str, object], told: str) -> None:
    (missing,) = scene.refused(scene.at("sessions"), "convene_panel", scene.CONVENER, **{**PANEL, **inputs})
    assert told in missing


def test_the_members_take_the_part_of_the_committee_and_nobody_else_may_give_it_away() -> None:
    case = seated()
    assert case.roles["committee"] == ("ana", "ben", "cleo")
    missing = scene.refused(case, "assign", scene.CONVENER, part="committee", people=["eve"])
    assert "convene another one instead" in missing[0]


def test_a_vote_that_carries_does_the_very_act_it_was_about_and_once() -> None:
    case = asked(seated())
    assert (case.stage, case.tier, case.all(Decision)) == ("sessions", "T2", ())
    case = closed(voted(case, ana="yes", ben="yes", cleo="no"))
    assert (case.stage, case.tier) == ("drafting", "T0")
    assert [(one.text, one.by, one.zone) for one in case.all(Decision)] == [(WORDS, "ana", roles.SHARED)]
    again = scene.do(replace(case, stage="sessions", tier="T2"), "decide", "ana", text=WORDS)
    assert (again.stage, [one.state for one in again.all(Ballot)]) == ("sessions", ["carried", "open"])


@pytest.mark.parametrize(
    ("trigger", "inputs"),
    [
        ("stay_by_decision", {"reason": "rain", "until": "2026-12-01T08:00:00+00:00"}),
        ("return_down", {"text": "Try again"}),
        ("refuse_request", {"text": "No"}),
        ("refer_by_decision", {"body": "the ombuds", "reason": "It is theirs"}),
    ],
)
def test_no_single_member_acts_for_the_panel(trigger: str, inputs: dict[str, str]) -> None:
    before = seated()
    case = scene.do(before, trigger, "ana", **inputs)
    assert (case.stage, case.tier, case.stay) == (before.stage, before.tier, before.stay)
    (ballot,) = case.all(Ballot)
    assert (ballot.act, ballot.state, ballot.zone) == (trigger, "open", roles.SENIORS)
    done = closed(voted(case, ana="yes", ben="yes", cleo="yes"))
    assert (done.stage, done.tier, done.stay) != (before.stage, before.tier, before.stay)


def test_no_single_member_reopens_a_closed_case() -> None:
    shut = replace(seated(), stage="closed", tier="T0", closed_at=scene.MONDAY, outcome="settled")
    case = scene.do(shut, "reopen_late", "ana", ground="new fact", reason="The gate was moved")
    assert case.stage == "closed"
    assert closed(voted(case, ana="yes", ben="yes", cleo="no")).stage == "root_cause"


def test_the_words_of_a_question_and_of_its_loss_stay_with_the_seniors() -> None:
    case, put = scene.did(seated(), "decide", "ana", text="violet harbour")
    case, lost = scene.did(
        voted(case, ana="no", ben="no", cleo="yes"), "close_vote", "ana", ballot=case.all(Ballot)[0].id
    )
    readable = roles.readable_zones(scene.DISPUTE, case, roles.Actor("representative A"))
    assert "violet harbour" not in repr([one for one in case.items if one.zone in readable])
    assert not any(one.zone in readable for one in (*put, *lost))
    assert case.all(Decision) == ()


def test_a_vote_whose_act_has_become_impossible_is_not_closed_and_the_question_is_taken_back() -> None:
    case = replace(voted(asked(seated()), ana="yes", ben="yes", cleo="yes"), stage="follow_up")
    ballot = case.all(Ballot)[0].id
    (missing,) = scene.refused(case, "close_vote", "ana", ballot=ballot)
    assert missing == "a stage at which it is open; the case stands at “Follow-up”"
    taken = scene.do(case, "take_back_question", "ana", ballot=ballot)
    assert taken.all(Ballot)[0].state == "taken back"


def test_nobody_votes_on_their_own_appointment() -> None:
    case = replace(seated(), stage="appointing")
    case = scene.do(case, "appoint_neutral", "ana", person="ben", disclosure="none")
    (missing,) = scene.refused(case, "vote", "ben", ballot=case.all(Ballot)[0].id, answer="yes", reason="fair")
    assert "nobody votes on a question about themselves" in missing


def decided_by_the_seniors(case: cases.Case) -> cases.Case:
    case = scene.do(case, "decide", "senior_representative A", text="Two slots")
    assert case.stage == "sessions"
    return scene.do(case, "agree", "senior_representative B", proposal=case.all(Proposal)[-1].id)


def test_the_seniors_who_decide_wait_for_no_vote_of_the_panel() -> None:
    case = replace(asked(seated()), tier="T3")
    assert decided_by_the_seniors(case).stage == "drafting"


def test_of_a_committee_that_sits_on_no_panel_more_than_half_do_an_act_together() -> None:
    case = replace(scene.at("appointing"), tier="T2", tier_since=scene.MONDAY)
    case = replace(case, roles={**case.roles, "committee": ("ana", "ben", "cleo")})
    case = scene.do(case, "appoint_neutral", "ana", person="kofi", disclosure="none")
    (proposal,) = case.all(Proposal)
    assert (case.stage, proposal.put_to) == ("appointing", "committee")
    assert "has not agreed before" in scene.refused(case, "agree", "ana", proposal=proposal.id)[0]
    done = scene.do(case, "agree", "ben", proposal=proposal.id)
    assert (done.stage, done.roles["mediator"]) == ("sessions", ("kofi",))


def test_a_question_that_is_lost_carries_no_decision() -> None:
    case = closed(voted(asked(seated()), ana="no", ben="no", cleo="yes"))
    assert (case.stage, case.all(Decision), case.all(Ballot)[0].state) == ("sessions", (), "lost")


@pytest.mark.parametrize("answers", [{"ana": "yes", "cleo": "yes"}, {"ana": "yes", "ben": "yes"}])
def test_without_a_quorum_nothing_is_decided(answers: dict[str, str]) -> None:
    case = closed(voted(asked(seated(quorum="2" if "ben" in answers else "3")), **answers))
    assert (case.all(Ballot)[0].state, case.all(Decision)) == ("no quorum", ())


def test_a_quorum_without_bodies_counts_heads_alone() -> None:
    case = closed(voted(asked(seated(quorum="2", each_body="no")), ana="yes", ben="yes"))
    assert case.all(Ballot)[0].state == "carried"


def test_the_chair_breaks_a_tie_and_only_a_tie() -> None:
    tied = voted(asked(seated()), ana="yes", ben="abstain", cleo="no")
    ballot = tied.all(Ballot)[0].id
    assert "the chair gives the casting vote" in scene.refused(tied, "close_vote", "ana", ballot=ballot)[0]
    assert "the chair acts" in scene.refused(tied, "close_vote", "ben", ballot=ballot, casting="yes")[0]
    for casting, state in (("yes", "carried"), ("no", "lost")):
        assert closed(tied, casting=casting).all(Ballot)[0].state == state
    plain = voted(asked(seated()), ana="yes", ben="yes", cleo="no")
    assert "only on a tie" in scene.refused(plain, "close_vote", "ana", ballot=ballot, casting="no")[0]


def test_an_alternate_votes_only_while_the_member_is_recorded_as_away() -> None:
    case = asked(seated())
    ballot = case.all(Ballot)[0].id
    with pytest.raises(errors.NotYours):
        scene.do(case, "vote", "dina", ballot=ballot, answer="yes", reason="fair")
    away = scene.do(case, "note_absence", scene.CONVENER, member="cleo", reason="in the field")
    assert away.roles["committee"] == ("ana", "ben", "cleo", "dina")
    (missing,) = scene.refused(away, "vote", "cleo", ballot=ballot, answer="yes", reason="fair")
    assert missing == "you are recorded as absent"
    done = voted(away, dina="yes")
    back = scene.do(done, "note_return", scene.CONVENER, member="cleo")
    assert back.roles["committee"] == ("ana", "ben", "cleo")
    (missing,) = scene.refused(back, "vote", "cleo", ballot=ballot, answer="no", reason="fair")
    assert missing == "this place has voted already"


def test_an_alternate_who_holds_the_part_still_needs_an_absence() -> None:
    case = asked(seated())
    case = replace(case, roles={**case.roles, "committee": (*case.roles["committee"], "dina")})
    (missing,) = scene.refused(case, "vote", "dina", ballot=case.all(Ballot)[0].id, answer="yes", reason="fair")
    assert "recorded as absent or recused" in missing


def test_nobody_votes_twice() -> None:
    case = voted(asked(seated()), ben="yes")
    (missing,) = scene.refused(case, "vote", "ben", ballot=case.all(Ballot)[0].id, answer="no", reason="after all")
    assert missing == "this place has voted already"


def test_a_member_of_a_party_in_the_dispute_does_not_vote_on_it_and_recuses() -> None:
    case = asked(seated())
    first, second = case.parties
    party = replace(first, people={**first.people, "area_manager": ("ben",)})
    case = replace(case, parties=(party, second))
    (missing,) = scene.refused(case, "vote", "ben", ballot=case.all(Ballot)[0].id, answer="yes", reason="ours")
    assert "nobody votes on the dispute of their own party" in missing
    recused = scene.do(case, "recuse", "ben", reason="It is my own office's dispute")
    assert "ben" not in recused.roles["committee"]
    panel = recused.all(Panel)[0]
    assert [seat.away for seat in panel.seats if seat.person == "ben"] == ["recused"]
    assert "did not recuse" in scene.refused(recused, "note_return", scene.CONVENER, member="ben")[0]


def test_while_the_chair_is_away_another_member_puts_the_question() -> None:
    case = seated()
    assert "the chair acts" in scene.refused(case, "decide", "ben", text=WORDS)[0]
    away = scene.do(case, "note_absence", scene.CONVENER, member="ana", reason="ill")
    assert scene.do(away, "decide", "ben", text=WORDS).all(Ballot)


def test_one_question_is_open_at_a_time() -> None:
    assert "no vote is open" in scene.refused(asked(seated()), "decide", "ana", text="Three slots")[0]


def test_a_new_panel_takes_the_place_of_the_old_one_and_its_open_vote() -> None:
    case = scene.do(asked(seated()), "convene_panel", scene.CONVENER, **{**PANEL, "name": "Panel of three"})
    with pytest.raises(errors.NeedsMissing):
        closed(case)
    assert [one.state for one in case.all(Panel)] == ["dissolved", "sitting"]
    assert case.all(Ballot)[0].state == "no quorum"


def test_who_voted_how_is_not_for_the_representatives() -> None:
    case = closed(voted(asked(seated()), ana="yes", ben="yes", cleo="no"))
    readable = roles.readable_zones(scene.DISPUTE, case, roles.Actor("representative A"))
    assert {item.kind for item in case.items if item.zone in readable} >= {"panel", "decision"}
    assert not any(item.zone in readable for item in case.all(Ballot))


def test_a_committee_without_a_panel_and_the_seniors_decide_as_before() -> None:
    case = replace(scene.at("sessions"), tier="T2", tier_since=scene.MONDAY)
    assert scene.do(case, "decide", "the Joint committee", text="Two").stage == "drafting"
    higher = replace(seated(), tier="T3", tier_since=scene.MONDAY)
    assert decided_by_the_seniors(higher).stage == "drafting"
