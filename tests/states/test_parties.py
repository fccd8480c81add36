"""Who decides in a case: parties within other parties, parties that left, and a team that acts for one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import load, vocabulary
from states import case as cases
from states import conditions, errors, machine, notices, roles, simulate
from states.items import Offer, Proposal
from states.machine import Act
from states.process import Urgency
from states.situation import Situation

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
PROCESS = load.load_shipped("dispute", vocabulary=vocabulary.shipped())


def three_parties(stage: str, *, within: str | None = None, left_at: datetime | None = None) -> cases.Case:
    """Put a case with a third party at a stage."""
    case = replace(simulate.sample_case(PROCESS, urgency=Urgency.U3, now=MONDAY), stage=stage)
    people = {"representative": ("carl",)}
    third = cases.Party(
        id="C", name="Water agency", side=cases.Side.JOINED, people=people, within=within, left_at=left_at
    )
    return replace(case, parties=(*case.parties, third))


def act(trigger: str, person: str, /, **inputs: object) -> Act:
    return Act(trigger=trigger, actor=roles.Actor(person), at=MONDAY, recorded_at=MONDAY, inputs=inputs)


def deciding(case: cases.Case) -> frozenset[str]:
    return Situation(process=PROCESS, case=case, actor=roles.Actor("carl"), at=MONDAY).party_ids


def test_every_party_decides_but_one_within_another_or_one_that_left() -> None:
    both = {party.id for party in three_parties("sessions").parties} - {"C"}
    assert deciding(three_parties("sessions")) == both | {"C"}
    assert deciding(three_parties("sessions", within=min(both))) == both
    assert deciding(three_parties("sessions", left_at=MONDAY)) == both


def test_a_party_that_left_is_told_why_it_may_not_act_and_reads_nothing_more() -> None:
    case = three_parties("sessions", left_at=MONDAY - timedelta(days=1))
    with pytest.raises(errors.NotYours, match="Water agency withdrew from this case on 2026-11-22"):
        machine.advance(PROCESS, case, act("make_offer", "carl", text="terms"))
    assert roles.readable_zones(PROCESS, case, roles.Actor("carl")) == frozenset()


def test_what_the_team_records_for_a_party_names_that_party() -> None:
    case = three_parties("screening")
    convener = case.roles["convener"][0]
    _, (event, *_) = machine.advance(PROCESS, case, act("answer_notice", convener, party="C", text="our account"))
    assert (event.actor, event.on_behalf_of) == (convener, "C")
    _, (own, *_) = machine.advance(PROCESS, replace(case, stage="sessions"), act("make_offer", "carl", text="terms"))
    assert own.on_behalf_of is None


def test_an_item_the_actor_may_not_read_is_as_unknown_as_one_that_is_not() -> None:
    case = three_parties("sessions")
    hidden = Offer(id="secret", zone=roles.caucus(case.parties[0].id), by="mo", at=MONDAY, party=None, text="terms")
    case = replace(case, items=(*case.items, hidden))
    said = []
    for name in ("secret", "nothing"):
        with pytest.raises(errors.NeedsMissing) as refusal:
            machine.advance(PROCESS, case, act("accept_offer", "carl", offer=name))
        said.append(refusal.value.missing)
    assert said[0] == said[1]


def with_people(case: cases.Case) -> cases.Case:
    """Give each side a representative and a senior of its own."""
    parties = tuple(
        replace(one, people={"representative": (f"rep {one.id}",), "senior_representative": (f"senior {one.id}",)})
        for one in case.parties
    )
    return replace(case, parties=parties)


def first_and_third(stage: str = "sessions") -> tuple[cases.Case, str, str]:
    """Return a case of three parties with the ids of the one that opened it and of the one that answers."""
    case = with_people(three_parties(stage))
    return case, case.parties[0].id, case.parties[1].id


def do(case: cases.Case, trigger: str, person: str, /, **inputs: object) -> cases.Case:
    return machine.advance(PROCESS, case, act(trigger, person, **inputs))[0]


def refusal(case: cases.Case, trigger: str, person: str, /, **inputs: object) -> str:
    with pytest.raises(errors.Refused) as refused:
        do(case, trigger, person, **inputs)
    return str(refused.value)


def test_a_part_of_a_party_speaks_under_its_own_name_and_decides_nothing() -> None:
    case, first, second = first_and_third("engagement")
    case = do(case, "add_sub_party", f"senior {second}", name="Engineers", representative="ed")
    within = case.parties[-1]
    assert (within.within, within.side, within.decides) == (second, case.parties[1].side, False)
    assert deciding(case) == {first, second, "C"}
    zones = roles.readable_zones(PROCESS, case, roles.Actor("ed"))
    assert f"caucus:{within.id}" in zones
    assert f"caucus:{second}" not in zones


def with_a_part(stage: str) -> tuple[cases.Case, str]:
    """Return a case with a field office within the party that opened it, and the name of that party."""
    case, first, _ = first_and_third("engagement")
    part = {"representative": "ed", "senior_representative": "senior ed"}
    case = do(case, "add_sub_party", f"senior {first}", name="Field office", **part)
    return replace(case, stage=stage), case.parties[0].name


@pytest.mark.parametrize(
    ("stage", "trigger", "person", "inputs"),
    [
        ("engagement", "give_consent", "ed", {}),
        ("engagement", "refuse_consent", "ed", {"text": "no"}),
        ("sessions", "make_offer", "ed", {"text": "ours"}),
        ("sessions", "withdraw", "ed", {"reason": "enough"}),
        ("closed", "reopen", "ed", {"ground": "new fact", "reason": "a map"}),
        ("ratification", "ratify", "senior ed", {"seal": "a"}),
        ("sessions", "decide", "senior ed", {"text": "ours"}),
    ],
)
def test_a_part_of_a_party_binds_nobody(stage: str, trigger: str, person: str, inputs: dict[str, str]) -> None:
    case, above = with_a_part(stage)
    told = f"the representatives of {above} to do it: Field office stands within it, and may speak but not bind"
    assert told in refusal(case, trigger, person, **inputs)
    option = next(
        one for one in machine.permitted(PROCESS, case, roles.Actor(person), MONDAY) if one.trigger.name == trigger
    )
    assert told in option.missing


def test_the_team_gives_no_consent_for_a_part_of_a_party() -> None:
    case, _ = with_a_part("engagement")
    assert "may speak but not bind" in refusal(
        case, "give_consent", case.roles["convener"][0], party=case.parties[-1].id
    )


def test_a_part_of_a_party_speaks_and_proposes_and_who_stands_for_both_binds_the_party() -> None:
    case, _ = with_a_part("sessions")
    case = do(case, "state_fact", "ed", statement="The gate was shut at six.", source="The log")
    case = do(case, "stay", "ed", until=(MONDAY + timedelta(days=3)).isoformat(), reason="floods")
    assert (case.stay, case.all(Proposal)[0].agreed_by) == (None, ())
    both = replace(case.parties[-1], people={"representative": case.parties[0].people["representative"]})
    case = replace(case, parties=(*case.parties[:-1], both))
    assert do(case, "make_offer", both.people["representative"][0], text="ours").all(Offer)


def test_a_party_that_leaves_takes_its_people_and_its_parts_along_at_once() -> None:
    case, _, second = first_and_third()
    case = do(case, "add_sub_party", f"senior {second}", name="Engineers", representative="ed")
    case = do(case, "leave_case", f"rep {second}", reason="the road is no longer ours")
    assert {one.id for one in case.parties if one.left_at} == {second, case.parties[-1].id}
    for person in (f"rep {second}", f"senior {second}", "ed"):
        assert roles.readable_zones(PROCESS, case, roles.Actor(person)) == frozenset()


def test_nothing_waits_for_a_party_that_left() -> None:
    case, first, second = first_and_third("engagement")
    tomorrow = (MONDAY + timedelta(days=1)).isoformat()
    case = do(case, "propose_interim", f"rep {first}", rule="no arms at the well", expires_at=tomorrow)
    case = do(case, "accept_interim", f"rep {second}", interim=case.items[-1].id)
    case = do(case, "make_offer", "rep C", text="ours alone")
    case = do(case, "make_offer", f"rep {first}", text="days by turns")
    mandated = do(case, "record_mandate", "the Convener", party=second, people=f"rep {second}", may="negotiate")
    case = do(mandated, "accept_offer", f"rep {second}", offer=case.all(Offer)[-1].id)
    case = do(case, "leave_case", "rep C", reason="no part in it")
    assert [rule.state for rule in case.items if rule.kind == "interim"] == ["on"]
    assert [offer.state for offer in case.all(Offer)] == ["withdrawn", "accepted"]


def test_what_all_others_agreed_to_is_carried_out_once_the_silent_party_has_left() -> None:
    case, first, second = first_and_third()
    later = (MONDAY + timedelta(days=5)).isoformat()
    case = do(case, "stay", f"rep {first}", reason="floods", until=later)
    waiting = case.items[-1].id
    case = do(case, "agree", f"rep {second}", proposal=waiting)
    assert case.stay is None
    case = do(case, "leave_case", "rep C", reason="no part in it")
    assert do(case, "agree", f"rep {second}", proposal=waiting).stay is not None


def test_two_parties_that_decide_stay_in_a_case() -> None:
    case, _, second = first_and_third()
    case = do(case, "leave_case", "rep C", reason="no part in it")
    said = refusal(case, "leave_case", f"rep {second}", reason="enough")
    assert "at least two parties that decide must stay in the case" in said


def test_who_opened_a_case_alone_withdraws_it_and_one_of_several_leaves_it() -> None:
    case, first, second = first_and_third()
    assert "who opened it alone withdraws it" in refusal(case, "leave_case", f"rep {first}", reason="enough")
    beside = replace(case.parties[2], side=cases.Side.INITIATING)
    case = replace(case, parties=(*case.parties[:2], beside))
    assert "no other party opened the case beside this one" in refusal(case, "withdraw", f"rep {first}", reason="x")
    left = do(case, "leave_case", f"rep {first}", reason="enough")
    assert left.closed_at is None
    assert deciding(left) == {second, "C"}
    assert do(left, "withdraw", "rep C", reason="settled elsewhere").outcome == "withdrawn"


@pytest.mark.parametrize("person", ["the Convener", "the Mediator", "the Joint committee", "rep C"])
def test_nobody_of_the_case_team_or_of_another_party_speaks_for_a_party(person: str) -> None:
    case, _, second = first_and_third()
    said = refusal(case, "name_person", f"senior {second}", part="representative", person=person)
    assert "has no other part in the case" in said
    assert "has no other part" in refusal(case, "join_party", "the Convener", name="Others", representative=person)


def test_authority_ends_with_the_part_it_was_given_for() -> None:
    case, _, second = first_and_third()
    case = do(case, "record_mandate", "the Convener", party=second, people=f"rep {second}", may="negotiate")
    need = ("every_party_may_negotiate",)

    def lacking(case: cases.Case) -> str:
        s = Situation(process=PROCESS, case=case, actor=roles.Actor("c"), at=MONDAY)
        return "; ".join(conditions.unmet(need, s))

    assert case.parties[1].name not in lacking(case)
    case = do(case, "name_person", f"senior {second}", part="representative", person="new")
    assert case.parties[1].name in lacking(case)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"convener": ("ann",)}, "ann stands for a party and cannot be convener"),
        ({}, "bob cannot stand for both Ant and Bee"),
    ],
)
def test_nobody_opens_a_case_in_which_one_person_reads_both_sides(parts: dict[str, tuple[str, ...]], told: str) -> None:
    people = {"ant": ("ann",) if parts else ("ann", "bob"), "bee": ("bob",)}
    parties = tuple(
        cases.Party(id=name, name=name.title(), side=side, people={"representative": people[name]})
        for name, side in (("ant", cases.Side.INITIATING), ("bee", cases.Side.RESPONDING))
    )
    notice = notices.Notice(id="c", number="D-1", title="Road", parties=parties, roles=parts)
    with pytest.raises(errors.NeedsMissing, match=told):
        notices.refuse_wrong_people(notice, strangers=())
