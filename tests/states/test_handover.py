"""A part passes to a successor in one act, after the successor has read what it will show, and not before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from states import errors, events, machine, roles, timers
from states.case import Case
from states.directory import Directory, Entry
from states.items import Handover
from tests.states import disputes
from tests.states.disputes import CONVENER, DISPUTE, FIRST, MONDAY

HEIR = "the heir"
KNOWN = Directory(people={HEIR: Entry(id=HEIR, name="Heir", organisation="ngo")})


def act(case: Case, trigger: str, who: str, **more: Any) -> Case:  # noqa: ANN401 - inputs, and what is on file
    """Does an act; what is on file about people may be given too."""
    employers = more.pop("employers", {})
    actor = roles.THE_CLOCK if who == disputes.CLOCK else roles.Actor(who)
    return machine.advance(
        DISPUTE,
        case,
        machine.Act(
            trigger=trigger,
            actor=actor,
            at=MONDAY,
            recorded_at=MONDAY,
            inputs=more.pop("inputs"),
            calendars=disputes.CALENDARS,
            employers=employers,
            directory=KNOWN,
        ),
    )[0]


def offered(case: Case | None = None, who: str = FIRST, **employers: str) -> Case:
    """Returns a case in which the first representative offers the part to an heir."""
    inputs = {"part": "representative", "person": HEIR, "reason": "My tour ends; two promises are open."}
    case = case or disputes.at()
    if who == CONVENER:
        inputs["party"] = case.parties[0].id
    return act(case, "hand_over_for_party", who, inputs=inputs, employers=employers)


def the_offer(case: Case) -> Handover:
    return case.all(Handover)[-1]


def zones(case: Case, person: str) -> frozenset[str]:
    return roles.readable_zones(DISPUTE, case, roles.Actor(person))


def test_the_successor_reads_what_the_part_shows_but_nothing_private_and_the_other_keeps_it() -> None:
    case = offered()
    party = case.parties[0]
    assert party.people["representative"] == (FIRST,)
    assert zones(case, HEIR) == {"shared", f"caucus:{party.id}", f"line:{party.id}"}
    assert f"private:{party.id}" in zones(case, FIRST)
    assert the_offer(case).zone == f"line:{party.id}"


def test_on_acceptance_the_part_passes_in_one_act() -> None:
    case = offered()
    after = act(case, "accept_handover", HEIR, inputs={"handover": the_offer(case).id})
    assert after.version == case.version + 2
    party = after.parties[0]
    assert party.people["representative"] == (HEIR,)
    assert HEIR not in after.roles[roles.SUCCESSOR]
    assert zones(after, HEIR) == zones(case, FIRST)
    assert zones(after, FIRST) == frozenset()


@pytest.mark.parametrize(("answer", "state"), [("decline_handover", "declined"), ("lapse_handover", "lapsed")])
def test_without_a_yes_the_part_stays_and_the_successor_reads_nothing_more(answer: str, state: str) -> None:
    case = offered()
    who, reason = (HEIR, {"reason": "I leave too."}) if state == "declined" else (disputes.CLOCK, {})
    after = act(case, answer, who, inputs={"handover": the_offer(case).id, **reason})
    assert (the_offer(after).state, after.parties[0].people["representative"]) == (state, (FIRST,))
    assert zones(after, HEIR) == frozenset()


def test_silence_on_an_offer_is_counted_and_tells_the_convener() -> None:
    planned = timers.plan(DISPUTE, offered(), disputes.CALENDARS)
    assert [one.to for one in planned if one.mail == "handover_offered"] == [("successor",)]
    assert any(one.trigger == "lapse_handover" for one in planned)
    assert "convener" in DISPUTE.mails["handover_ended"].to


def test_the_convener_may_offer_the_part_of_somebody_who_is_gone() -> None:
    assert the_offer(offered(who=CONVENER)).predecessor == FIRST


def test_nobody_hands_over_what_another_holds() -> None:
    case = disputes.at()
    inputs = {"part": "senior_representative", "person": HEIR, "reason": "I would rather."}
    with pytest.raises(errors.NeedsMissing, match="held by whoever hands it over"):
        act(case, "hand_over_for_party", FIRST, inputs=inputs)


def test_nobody_of_the_other_side_takes_a_part_over() -> None:
    case = disputes.at()
    first, second = case.parties
    employed = replace(case, parties=(first, replace(second, organisation="mission")))
    with pytest.raises(errors.NeedsMissing, match="no other party employs them"):
        offered(employed, **{HEIR: "mission"})
    taken = replace(second, people={**second.people, "area_manager": (HEIR,)})
    with pytest.raises(errors.NeedsMissing, match="no other part in the case"):
        offered(replace(case, parties=(first, taken)))


def test_nobody_but_the_successor_answers() -> None:
    case = offered()
    with pytest.raises(errors.NotYours):
        act(case, "accept_handover", FIRST, inputs={"handover": the_offer(case).id})


def test_a_part_that_was_given_to_another_meanwhile_is_not_taken_over() -> None:
    case = offered()
    other = replace(case.parties[0], people={**case.parties[0].people, "representative": ("another",)})
    moved = events.PartyChanged(other).apply(case)
    with pytest.raises(errors.NeedsMissing, match="still held by whoever offered it"):
        act(moved, "accept_handover", HEIR, inputs={"handover": the_offer(case).id})


def test_the_conveners_part_passes_with_sight_of_the_team() -> None:
    inputs = {"part": "convener", "person": HEIR, "reason": "My tour ends."}
    case = act(disputes.at(), "hand_over", CONVENER, inputs=inputs)
    assert the_offer(case).zone == roles.TEAM
    assert roles.TEAM in zones(case, HEIR)
    after = act(case, "accept_handover", HEIR, inputs={"handover": the_offer(case).id})
    assert after.roles["convener"] == (HEIR,)
