"""Who mediates: disclosed, objected to, ruled on above both parties, appointed, and replaced with nothing lost."""

from __future__ import annotations

import pytest

from states import case as cases
from states import errors, roles
from states.items import Neutral, Proposal, Session
from tests.states import mediations
from tests.states.mediations import COMMITTEE, CONVENER, MEDIATOR, act, at, do, seen_by, told_to


def proposed(*, parties: int = 2, person: str = "nadia") -> cases.Case:
    """Put a name before the parties."""
    return mediations.proposed(at("appointing", parties=parties), person)


def states(case: cases.Case) -> list[str]:
    """List how the names fared."""
    return [one.state for one in case.all(Neutral)]


def test_a_neutral_discloses_before_the_parties_read_the_name() -> None:
    asked = do(at("appointing"), "name_neutral", CONVENER, person="nadia")
    assert asked.stage == "appointing"
    assert "nadia" not in seen_by(asked, "representative A")
    told = do(asked, "disclose", "nadia", disclosure="My sister works for A")
    assert told.stage == "objection_window"
    assert "My sister works for A" in seen_by(told, "representative B")


def test_a_new_disclosure_gives_the_parties_the_window_anew() -> None:
    accepted = do(proposed(), "accept_neutral", "representative A")
    told = do(accepted, "disclose", "nadia", disclosure="I once advised B")
    assert (told.stage, told.stage_round) == ("objection_window", accepted.stage_round + 1)
    assert told.all(Neutral)[0].disclosure == "none\nI once advised B"
    assert told.all(Neutral)[0].accepted_by == ()


def test_whoever_is_asked_reads_nothing_of_the_file_before_the_appointment() -> None:
    case = do(proposed(), "add_note", "representative A", zone="shared", text="amber lantern")
    assert seen_by(case, "nadia") == "[]"
    case = do(do(case, "accept_neutral", "representative A"), "accept_neutral", "representative B")
    assert "amber lantern" in seen_by(case, "nadia")


@pytest.mark.parametrize("person", [CONVENER, "representative A"])
def test_nobody_ends_the_window_at_will(person: str) -> None:
    with pytest.raises(errors.NotYours):
        do(proposed(), "confirm", person)


def test_the_clock_confirms_whom_nobody_objected_to() -> None:
    case = do(proposed(), "confirm", roles.THE_CLOCK)
    assert (case.stage, case.roles["mediator"], case.roles["nominee"]) == ("sessions", ("nadia",), ())


def test_early_confirmation_needs_every_one_of_five_parties() -> None:
    case = proposed(parties=5)
    for letter in "ABCD":
        case = do(case, "accept_neutral", f"representative {letter}")
        assert (case.stage, case.roles["mediator"]) == ("objection_window", (MEDIATOR,))
    with pytest.raises(errors.NeedsMissing, match="has not accepted the neutral yet"):
        do(case, "accept_neutral", "representative D")
    case = do(case, "accept_neutral", "representative E")
    assert (case.stage, case.roles["mediator"]) == ("sessions", ("nadia",))


def test_an_objection_goes_to_the_joint_committee_and_stops_the_window() -> None:
    case = do(proposed(), "object", "representative B", reason="She once worked for A")
    assert (case.stage, case.tier, states(case)) == ("ruling", "T2", ["challenged"])
    with pytest.raises(errors.NotFromHere):
        do(case, "confirm", roles.THE_CLOCK)


@pytest.mark.parametrize("person", [CONVENER, MEDIATOR, "representative A", "senior_representative A", "nadia"])
def test_nobody_of_a_party_and_no_convener_rules_alone(person: str) -> None:
    case = do(proposed(), "object", "representative B", reason="no")
    with pytest.raises(errors.NotYours):
        do(case, "rule_on_objection", person, ruling="overruled", reason="I say so")


def test_a_sustained_objection_takes_the_name_off_the_table() -> None:
    case = do(proposed(), "object", "representative B", reason="no")
    case = do(case, "rule_on_objection", COMMITTEE, ruling="sustained", reason="A link there is")
    assert (case.stage, case.tier, states(case), case.roles["nominee"]) == ("appointing", "T0", ["replaced"], ())


def test_an_overruled_objection_gives_the_window_back_and_is_not_heard_twice() -> None:
    case = do(proposed(), "object", "representative B", reason="no")
    case = do(case, "rule_on_objection", COMMITTEE, ruling="overruled", reason="No link at all")
    assert (case.stage, case.tier, states(case)) == ("objection_window", "T0", ["proposed"])
    with pytest.raises(errors.NeedsMissing, match="has not objected to this neutral before"):
        do(case, "object", "representative B", reason="again")
    assert do(case, "object", "representative A", reason="I too").stage == "ruling"


def test_the_neutral_does_not_rule_on_the_own_name() -> None:
    case = do(proposed(person=COMMITTEE), "object", "representative B", reason="no")
    with pytest.raises(errors.NeedsMissing, match="is not the neutral that was objected to"):
        do(case, "rule_on_objection", COMMITTEE, ruling="overruled", reason="I am fine")


def test_the_senior_representatives_rule_only_together_and_once_they_were_asked() -> None:
    case = do(proposed(), "object", "representative B", reason="no")
    ruling = {"ruling": "overruled", "reason": "No link at all"}
    with pytest.raises(errors.NeedsMissing, match="has reached a tier"):
        do(case, "rule_as_seniors", "senior_representative A", **ruling)
    case = do(do(case, "put_to_seniors", roles.THE_CLOCK), "rule_as_seniors", "senior_representative A", **ruling)
    assert (case.stage, states(case)) == ("ruling", ["challenged"])
    case = do(case, "agree", "senior_representative B", proposal=case.all(Proposal)[0].id)
    assert (case.stage, case.tier, states(case)) == ("objection_window", "T0", ["proposed"])


def test_the_senior_representatives_appoint_only_together() -> None:
    case = do(at("appointing"), "put_to_seniors", roles.THE_CLOCK)
    case, asked = act(case, "appoint_as_seniors", "senior_representative A", person="nadia", disclosure="none")
    assert case.stage == "appointing"
    assert "nadia" not in seen_by(case, "representative A") + told_to(case, asked, "representative A")
    assert "nadia" in seen_by(case, "senior_representative B")
    case = do(case, "agree", "senior_representative B", proposal=case.all(Proposal)[0].id)
    assert (case.stage, case.tier, case.roles["mediator"]) == ("sessions", "T0", ("nadia",))


def test_the_parties_replace_the_mediator_only_together() -> None:
    case = do(proposed(), "confirm", roles.THE_CLOCK)
    case = do(case, "replace_together", "representative A", reason="We do not get on")
    assert (case.stage, case.roles["mediator"]) == ("sessions", ("nadia",))
    case = do(case, "agree", "representative B", proposal=case.all(Proposal)[0].id)
    assert (case.stage, case.roles["mediator"]) == ("appointing", ())


def test_an_objection_nobody_rules_on_stands() -> None:
    case = do(proposed(), "object", "representative B", reason="no")
    case = do(case, "sustain_by_silence", roles.THE_CLOCK)
    assert (case.stage, case.tier, states(case)) == ("appointing", "T0", ["replaced"])


def test_the_committee_appoints_only_when_it_was_asked_or_the_names_are_used_up() -> None:
    case = at("appointing")
    with pytest.raises(errors.NeedsMissing, match="or three neutrals have been proposed"):
        do(case, "appoint_neutral", COMMITTEE, person="nadia", disclosure="none")
    case = do(
        do(case, "put_to_committee", roles.THE_CLOCK), "appoint_neutral", COMMITTEE, person="nadia", disclosure="none"
    )
    assert (case.stage, case.tier, case.roles["mediator"]) == ("sessions", "T0", ("nadia",))


@pytest.mark.parametrize(("trigger", "person"), [("name_neutral", CONVENER), ("appoint_neutral", COMMITTEE)])
def test_nobody_names_themselves_or_a_person_of_a_party(trigger: str, person: str) -> None:
    case = do(at("appointing"), "put_to_committee", roles.THE_CLOCK)
    disclosed = {"disclosure": "none"} if trigger == "appoint_neutral" else {}
    with pytest.raises(errors.NeedsMissing, match="nobody appoints themselves"):
        do(case, trigger, person, person=person, **disclosed)
    with pytest.raises(errors.NeedsMissing, match="stands outside both parties' lines"):
        do(case, trigger, person, person="area_manager B", **disclosed)


def test_a_mediator_is_not_assigned_past_the_parties() -> None:
    with pytest.raises(errors.NeedsMissing, match="must be one of: convener, committee"):
        do(at("appointing"), "assign", CONVENER, part="mediator", people=["nadia"])


def test_a_recusal_loses_the_file_at_once_and_keeps_the_sessions() -> None:
    case = do(do(proposed(), "confirm", roles.THE_CLOCK), "open_session", "nadia", agenda="The gate")
    case = do(do(case, "close_session", "nadia", minutes="They met"), "step_back", "nadia")
    assert (case.stage, case.roles["mediator"], states(case)) == ("appointing", (), ["recused"])
    assert seen_by(case, "nadia") == "[]"
    assert [one.minutes for one in case.all(Session)] == ["They met"]


def test_a_mediator_is_replaced_by_the_committee_with_a_reason_and_nobody_else() -> None:
    case = do(proposed(), "confirm", roles.THE_CLOCK)
    with pytest.raises(errors.NotYours):
        do(case, "replace_mediator", CONVENER, reason="slow")
    with pytest.raises(errors.NeedsMissing, match="Reason is missing"):
        do(case, "replace_mediator", COMMITTEE)
    case = do(case, "replace_mediator", COMMITTEE, reason="No session in two weeks")
    assert (case.stage, case.roles["mediator"], states(case)) == ("appointing", (), ["replaced"])
    assert mediations.proposed(case, "omar").stage == "objection_window"


def test_what_is_asked_of_a_neutral_lies_in_a_zone_of_its_own() -> None:
    case, happened = act(at("appointing"), "name_neutral", CONVENER, person="nadia")
    assert [one.zone for one in case.all(Neutral)] == [roles.NOMINEE]
    assert "nadia" not in repr([one for one in happened if one.inputs and one.zone == roles.SHARED])
