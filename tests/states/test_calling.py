"""Approver on leave, deputy on leave, everyone on leave: a tier is asked all the same, and the record says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from states import call_states, machine, roles, timers
from states.case import Case
from states.directory import Away, Delegation, Directory, Entry, Post
from states.items import Called
from tests.states import disputes
from tests.states.disputes import DISPUTE, MONDAY

TODAY = date(2026, 11, 23)
A_WEEK = Away(TODAY, TODAY + timedelta(days=6))
BACK = datetime(2026, 11, 29, 22, 0, tzinfo=UTC)
PARTS = ("representative", "area_manager", "senior_representative")


def case_of() -> Case:
    """Returns a case between a mission and an NGO, each with three people of its own."""
    case = disputes.at("sessions")
    first, second = case.parties
    return replace(
        case,
        tier="T0",
        parties=(
            replace(first, organisation="mission", people={part: (f"mission {part}",) for part in PARTS}),
            replace(second, organisation="ngo", people={part: (f"ngo {part}",) for part in PARTS}),
        ),
    )


def on_file(*away: str, delegations: tuple[Delegation, ...] = (), posts: tuple[Post, ...] = ()) -> Directory:
    """Returns both organisations with three people and a deputy each; those named are away for a week."""
    people = {}
    for body in ("mission", "ngo"):
        for part in (*PARTS, "deputy", "chief"):
            name = f"{body} {part}"
            manager = f"{body} chief" if part == "area_manager" else ""
            people[name] = Entry(
                id=name,
                name=name.title(),
                organisation=body,
                manager=manager,
                timezone="Africa/Juba",
                away=(A_WEEK,) if name in away else (),
            )
    return Directory(people=people, kinds={"mission": "mission", "ngo": "ngo"}, posts=posts, delegations=delegations)


def clock(case: Case, act: str, directory: Directory, *, at: datetime = MONDAY, **inputs: object) -> Case:
    """Lets the clock do an act with this on file."""
    request = machine.Act(
        trigger=act,
        actor=roles.THE_CLOCK,
        at=at,
        recorded_at=at,
        inputs=inputs,
        calendars=disputes.CALENDARS,
        directory=directory,
    )
    return machine.advance(DISPUTE, case, request)[0]


def held(case: Case, role: str) -> dict[str, tuple[str, ...]]:
    return {party.organisation: party.people.get(role, ()) for party in case.parties}


def beside(case: Case) -> tuple[Called, ...]:
    """Returns the calls beside those of the holders themselves."""
    return tuple(one for one in case.all(Called) if one.state != call_states.ASKED)


def named(person: str, deputy: str, *scope: str) -> Delegation:
    return Delegation(person=person, deputy=deputy, since=TODAY, scope=frozenset(scope))


def test_an_approver_on_leave_keeps_the_part_and_a_deputy_is_added() -> None:
    directory = on_file("ngo area_manager", delegations=(named("ngo area_manager", "ngo deputy", "T1"),))
    case = clock(case_of(), "put_to_area", directory)
    assert held(case, "area_manager") == {
        "mission": ("mission area_manager",),
        "ngo": ("ngo area_manager", "ngo deputy"),
    }
    (call,) = beside(case)
    assert (call.zone, call.state, call.until_at) == (roles.SENIORS, call_states.WHILE_AWAY, BACK)
    assert (call.tier, call.person, call.instead_of) == ("T1", "ngo deputy", "ngo area_manager")
    assert call.why == "Ngo Area_Manager is away until 2026-11-29; Ngo Area_Manager named Ngo Deputy as deputy"


def test_the_deputys_part_ends_at_midnight_when_the_other_is_back() -> None:
    directory = on_file("ngo area_manager", delegations=(named("ngo area_manager", "ngo deputy"),))
    case = clock(case_of(), "put_to_area", directory)
    (call,) = beside(case)
    (due,) = [one for one in timers.plan(DISPUTE, case, disputes.CALENDARS) if one.trigger == "end_deputy"]
    assert (due.due_at, due.item) == (BACK, call.id)
    over = clock(case, "end_deputy", directory, at=BACK, called=call.id)
    assert held(over, "area_manager")["ngo"] == ("ngo area_manager",)
    assert [one.state for one in beside(over)] == [call_states.ENDED]


def dated(person: str, deputy: str, first: date, last: date) -> Delegation:
    return Delegation(person=person, deputy=deputy, since=first, until=last)


def relieved(state: str, *away: str) -> tuple[Case, Case]:
    """Returns a case with a deputy until Tuesday, of somebody away or silent, and after that part has ended."""
    one = dated("ngo area_manager", "ngo deputy", TODAY, TODAY + timedelta(days=1))
    later, last = TODAY + timedelta(days=2), TODAY + timedelta(days=30)
    follows = dated("ngo area_manager", "ngo senior_representative", later, last)
    directory = on_file(*away, delegations=(one, follows))
    case = clock(case_of(), "put_to_area", directory)
    if state == call_states.WHILE_ASKED:
        case = clock(case, "call_deputies", directory)
    (call,) = (one for one in case.all(Called, state) if one.party == case.parties[1].id)
    assert call.until_at == datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    due = [one for one in timers.plan(DISPUTE, case, disputes.CALENDARS) if one.trigger == "end_deputy"]
    assert [(one.due_at, one.item) for one in due] == [(call.until_at, call.id)]
    return case, clock(case, "end_deputy", directory, at=call.until_at, called=call.id)


@pytest.mark.parametrize("state", [call_states.WHILE_AWAY, call_states.WHILE_ASKED])
def test_when_a_dated_delegation_ends_the_next_deputy_is_called(state: str) -> None:
    away = ("ngo area_manager",) if state == call_states.WHILE_AWAY else ()
    before, after = relieved(state, *away)
    assert held(before, "area_manager")["ngo"] == ("ngo area_manager", "ngo deputy")
    assert held(after, "area_manager")["ngo"] == ("ngo area_manager", "ngo senior_representative")
    (call,) = (one for one in after.all(Called, state) if one.party == after.parties[1].id)
    assert call.until_at == (BACK if state == call_states.WHILE_AWAY else datetime(2026, 12, 23, 22, 0, tzinfo=UTC))
    assert "Ngo Senior_Representative as deputy until 2026-12-23" in call.why


def test_where_nobody_else_stands_in_that_is_recorded_for_the_convener() -> None:
    _, after = relieved(call_states.WHILE_AWAY, "ngo area_manager", "ngo senior_representative", "ngo chief")
    assert held(after, "area_manager")["ngo"] == ("ngo area_manager",)
    assert [one.instead_of for one in after.all(Called, call_states.NOBODY)] == ["ngo area_manager"]


def test_a_part_that_the_convener_ends_is_not_given_anew() -> None:
    directory = on_file("ngo area_manager", delegations=(named("ngo area_manager", "ngo deputy"),))
    case = clock(case_of(), "put_to_area", directory)
    request = machine.Act(
        trigger="end_deputy",
        actor=roles.Actor(disputes.CONVENER),
        at=MONDAY,
        recorded_at=MONDAY,
        inputs={"called": beside(case)[0].id},
        directory=directory,
    )
    over = machine.advance(DISPUTE, case, request)[0]
    assert held(over, "area_manager")["ngo"] == ("ngo area_manager",)
    assert [one.state for one in beside(over)] == [call_states.ENDED]


def test_of_a_chain_of_deputies_the_first_delegation_to_end_counts() -> None:
    first = dated("ngo area_manager", "ngo deputy", TODAY, TODAY + timedelta(days=4))
    second = dated("ngo deputy", "ngo senior_representative", TODAY, TODAY + timedelta(days=2))
    directory = on_file("ngo area_manager", "ngo deputy", delegations=(first, second))
    (call,) = beside(clock(case_of(), "put_to_area", directory))
    assert (call.person, call.until_at) == ("ngo senior_representative", datetime(2026, 11, 25, 22, 0, tzinfo=UTC))


def test_a_deputy_on_leave_is_followed_to_somebody_who_is_there() -> None:
    directory = on_file("ngo area_manager", "ngo deputy", delegations=(named("ngo area_manager", "ngo deputy"),))
    case = clock(case_of(), "put_to_area", directory)
    assert held(case, "area_manager")["ngo"] == ("ngo area_manager", "ngo chief")
    assert beside(case)[0].why.endswith("Ngo Chief manages Ngo Area_Manager")


def test_with_everyone_on_leave_the_reason_is_recorded_and_the_tier_is_asked_all_the_same() -> None:
    directory = on_file("ngo area_manager", "ngo deputy", "ngo chief")
    case = clock(case_of(), "put_to_area", directory)
    assert case.tier == "T1"
    assert held(case, "area_manager")["ngo"] == ("ngo area_manager",)
    (call,) = beside(case)
    assert (call.state, call.person, call.instead_of) == (call_states.NOBODY, "", "ngo area_manager")
    assert call.why.startswith("Ngo Area_Manager is away until 2026-11-29; no deputy")
    planned = timers.plan(DISPUTE, case, disputes.CALENDARS)
    assert [one.to for one in planned if one.mail == "nobody_called"] == [("convener",)]
    climb = next(one for one in planned if one.trigger == "climb")
    assert climb.key.endswith("150%")


def test_what_is_recorded_of_one_party_does_not_take_the_place_of_the_other() -> None:
    case = clock(case_of(), "put_to_area", on_file("mission area_manager", "ngo area_manager", "ngo chief"))
    assert {(call.instead_of, call.state) for call in beside(case)} == {
        ("mission area_manager", call_states.WHILE_AWAY),
        ("ngo area_manager", call_states.NOBODY),
    }
    assert len({call.id for call in beside(case)}) == len(beside(case))


def test_whoever_lets_the_time_pass_gets_a_deputy_once() -> None:
    directory = on_file(delegations=(named("ngo area_manager", "ngo deputy"),))
    case = clock(case_of(), "put_to_area", directory)
    assert beside(case) == ()
    late = clock(case, "call_deputies", directory)
    states = {call.instead_of: (call.person, call.state) for call in beside(late)}
    assert states == {
        "mission area_manager": ("mission chief", call_states.WHILE_ASKED),
        "ngo area_manager": ("ngo deputy", call_states.WHILE_ASKED),
    }
    assert held(late, "area_manager")["ngo"] == ("ngo area_manager", "ngo deputy")


def test_nobody_is_called_beside_a_side_that_has_answered() -> None:
    directory = on_file("ngo area_manager", delegations=(named("ngo area_manager", "ngo deputy"),))
    case = clock(case_of(), "put_to_area", directory)
    (away,) = beside(case)
    request = machine.Act(
        trigger="approve",
        actor=roles.Actor("mission area_manager"),
        at=MONDAY,
        recorded_at=MONDAY,
        calendars=disputes.CALENDARS,
        directory=directory,
    )
    answered = machine.advance(DISPUTE, case, request)[0]
    spared = beside(clock(answered, "call_deputies", directory))
    assert away in spared
    assert "mission area_manager" not in {one.instead_of for one in spared}
    silent = beside(clock(case, "call_deputies", directory))
    assert "mission area_manager" in {one.instead_of for one in silent}


def test_deputies_lose_the_part_when_the_matter_leaves_their_tier() -> None:
    directory = on_file(delegations=(named("ngo area_manager", "ngo deputy"),))
    asked = clock(clock(case_of(), "put_to_area", directory), "call_deputies", directory)
    above = clock(asked, "climb", directory)
    assert above.tier == "T2"
    assert held(above, "area_manager")["ngo"] == ("ngo area_manager",)
    assert {call.state for call in beside(above) if call.tier == "T1"} == {call_states.ENDED}


def test_nobody_of_the_other_party_or_of_the_case_team_stands_in() -> None:
    case = case_of()
    ngo = replace(case.parties[1], organisation="mission")
    crossing = (
        named("mission area_manager", "ngo senior_representative"),
        named("mission area_manager", disputes.CONVENER),
    )
    directory = on_file("mission area_manager", "mission chief", delegations=crossing)
    people = {one.id: replace(one, organisation="mission") for one in directory.people.values()}
    people[disputes.CONVENER] = Entry(id=disputes.CONVENER, name="Convener", organisation="mission")
    case = clock(replace(case, parties=(case.parties[0], ngo)), "put_to_area", replace(directory, people=people))
    assert [call.state for call in case.all(Called) if call.instead_of == "mission area_manager"] == [
        call_states.NOBODY
    ]


def test_without_anybody_named_the_manager_of_those_below_is_asked() -> None:
    case = case_of()
    bare = tuple(replace(one, people={"representative": one.people["representative"]}) for one in case.parties)
    directory = on_file()
    people = {**directory.people}
    for body in ("mission", "ngo"):
        people[f"{body} representative"] = replace(people[f"{body} representative"], manager=f"{body} chief")
    case = clock(replace(case, parties=bare), "put_to_area", replace(directory, people=people))
    assert held(case, "area_manager") == {"mission": ("mission chief",), "ngo": ("ngo chief",)}
    whys = {call.person: call.why for call in case.all(Called)}
    assert whys["ngo chief"] == "Ngo Chief manages Ngo Representative"


def test_where_nobody_is_found_the_convener_names_somebody_and_the_search_ends() -> None:
    case = case_of()
    bare = replace(case.parties[1], people={"representative": ("ngo representative",)})
    asked = clock(replace(case, parties=(case.parties[0], bare)), "put_to_area", on_file())
    (call,) = beside(asked)
    assert (call.state, call.party) == (call_states.NOBODY, bare.id)
    named_now = {"part": "area_manager", "person": "ngo chief", "party": bare.id}
    convener = roles.Actor(disputes.CONVENER)
    settled = machine.advance(
        DISPUTE,
        asked,
        machine.Act(trigger="name_person", actor=convener, at=MONDAY, recorded_at=MONDAY, inputs=named_now),
    )[0]
    assert [one.state for one in beside(settled)] == [call_states.ENDED]
    assert held(settled, "area_manager")["ngo"] == ("ngo chief",)


def test_whom_a_tier_calls_does_not_hide_what_was_said_in_the_act() -> None:
    directory = on_file("ngo area_manager", delegations=(named("ngo area_manager", "ngo deputy"),))
    request = machine.Act(
        trigger="put_to_area", actor=roles.THE_CLOCK, at=MONDAY, recorded_at=MONDAY, directory=directory
    )
    _, happened = machine.advance(DISPUTE, case_of(), request)
    assert [event.zone for event in happened] == [roles.SHARED, roles.SENIORS]


@pytest.mark.parametrize("on_the_panel", [False, True])
def test_a_sitting_panel_has_its_own_alternates(*, on_the_panel: bool) -> None:
    case = replace(case_of(), roles={**case_of().roles, "committee": ("ana", "cleo")}, tier="T2")
    if on_the_panel:
        case = disputes.do(
            case,
            "convene_panel",
            disputes.CONVENER,
            name="West",
            members="ana for Mission\ncleo for Agencies",
            chair="ana",
            quorum="2",
        )
    late = clock(case, "call_deputies", on_file())
    assert bool(late.all(Called)) is not on_the_panel


def test_the_record_says_of_everybody_who_is_asked_why_the_named_ones_too() -> None:
    case = clock(case_of(), "put_to_area", on_file())
    assert {(call.person, call.why, call.state) for call in case.all(Called)} == {
        (f"{body} area_manager", f"{body.title()} Area_Manager was named for this case", call_states.ASKED)
        for body in ("mission", "ngo")
    }


def with_committee(*people: str) -> Case:
    return replace(case_of(), roles={**case_of().roles, "committee": people})


def test_a_committee_is_named_for_the_case_and_the_record_says_so() -> None:
    case = clock(with_committee("ana"), "put_to_committee", on_file())
    assert [(call.role, call.person, call.why) for call in case.all(Called)] == [
        ("committee", "ana", "ana was named for this case")
    ]


def test_an_empty_committee_is_recorded_with_what_was_tried() -> None:
    (call,) = clock(with_committee(), "put_to_committee", on_file()).all(Called)
    assert (call.state, call.party) == (call_states.NOBODY, None)
    assert call.why == "nobody is named as Joint committee, and its tier names no post to look for"


@pytest.mark.parametrize("held", [True, False])
def test_the_posts_of_a_committee_are_looked_for_on_both_sides(*, held: bool) -> None:
    names = {"any": ("chief of staff",)}
    process = replace(DISPUTE, tiers={**DISPUTE.tiers, "T2": replace(DISPUTE.tiers["T2"], posts=names)})
    posts = tuple(
        Post(organisation=body, name="Chief of staff", people=(f"{body} chief",), since=TODAY)
        for body in ("mission", "ngo")
    )
    request = machine.Act(
        trigger="put_to_committee",
        actor=roles.THE_CLOCK,
        at=MONDAY,
        recorded_at=MONDAY,
        calendars=disputes.CALENDARS,
        directory=on_file(posts=posts if held else ()),
    )
    case = machine.advance(process, with_committee(), request)[0]
    assert case.roles["committee"] == (("mission chief", "ngo chief") if held else ())
    whys = [call.why for call in case.all(Called)]
    assert whys == (
        [f"{body} Chief holds the post “Chief of staff”" for body in ("Mission", "Ngo")]
        if held
        else ["nobody is named as Joint committee, and no post on file leads to anybody"]
    )
