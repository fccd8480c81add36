"""Whom an act calls though no tier is asked yet: the duty officers of both sides, and deputies of those who ratify."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from states import call_states, errors, machine, roles, timers
from states.case import Case
from states.directory import Away, Delegation, Directory, Entry, Post
from states.items import Called
from tests.states import agreeing
from tests.states.mediations import CALENDARS, CONVENER, DISPUTE, MONDAY, at, later

SINCE = date(2026, 1, 1)
PAUSE_ENDS = MONDAY + timedelta(hours=24)
MANY = ("representative", "area_manager", "senior_representative")


def between(case: Case) -> Case:
    """Returns the case between two organisations on file."""
    return replace(case, parties=tuple(replace(one, organisation=one.id.lower()) for one in case.parties))


def on_file(*away: str, duty: str = "", delegations: tuple[Delegation, ...] = ()) -> Directory:
    """Returns both organisations; those named are away until January, and the posts of duty officer are held."""
    names = {f"{part} {party}": party.lower() for part in MANY for party in "AB"}
    names |= {"duty A": "a", "duty B": "b", "deputy A": "a", "deputy B": "b"}
    leave = (Away(SINCE, date(2027, 1, 31)),)
    people = {
        name: Entry(id=name, name=name, organisation=body, away=leave if name in away else ())
        for name, body in names.items()
    }
    posts = tuple(
        Post(organisation=one.lower(), name="duty officer", people=(f"duty {one}",), since=SINCE) for one in duty
    )
    return Directory(people=people, posts=posts, delegations=delegations)


def stands_in(person: str, deputy: str) -> Delegation:
    return Delegation(person=person, deputy=deputy, since=SINCE)


def act(case: Case, trigger: str, person: str, directory: Directory, **inputs: object) -> Case:
    """Lets somebody act, or the clock where nobody is named."""
    when: datetime = inputs.pop("at", MONDAY)  # type: ignore[assignment] # the one input that is no word of the act
    request = machine.Act(
        trigger=trigger,
        actor=roles.Actor(person) if person else roles.THE_CLOCK,
        at=when,
        recorded_at=when,
        inputs=inputs,
        calendars=CALENDARS,
        directory=directory,
    )
    return machine.advance(DISPUTE, case, request)[0]


def paused(case: Case, directory: Directory) -> Case:
    return act(case, "pause_for_safety", CONVENER, directory, reason="Shots at the gate.", until=later(hours=24))


def managers(case: Case, role: str = "area_manager") -> dict[str, tuple[str, ...]]:
    return {party.id: party.people.get(role, ()) for party in case.parties}


def test_both_duty_officers_are_called_at_once_beside_the_managers_and_the_tier_stays() -> None:
    case = paused(between(at("sessions")), on_file(duty="AB"))
    assert managers(case) == {"A": ("area_manager A", "duty A"), "B": ("area_manager B", "duty B")}
    assert case.tier == at("sessions").tier
    whys = {one.person: one.why for one in case.all(Called)}
    assert whys["duty A"] == "duty A holds the post “duty officer”"
    assert {one.zone for one in case.all(Called)} == {roles.SENIORS}
    assert "safety_alarm" in DISPUTE.triggers["pause_for_safety"].mails


def test_a_manager_who_is_away_gets_a_deputy_when_the_pause_begins() -> None:
    directory = on_file("area_manager A", delegations=(stands_in("area_manager A", "deputy A"),))
    case = paused(between(at("sessions")), directory)
    assert managers(case)["A"] == ("area_manager A", "deputy A")
    (call,) = case.all(Called, call_states.WHILE_AWAY)
    assert (call.tier, call.person, call.instead_of) == ("T1", "deputy A", "area_manager A")


def test_a_duty_officer_alone_is_enough() -> None:
    case = between(at("sessions"))
    bare = tuple(replace(one, people={"representative": one.people["representative"]}) for one in case.parties)
    case = paused(replace(case, parties=bare), on_file(duty="AB"))
    assert managers(case) == {"A": ("duty A",), "B": ("duty B",)}
    assert case.all(Called, call_states.NOBODY) == ()


def test_where_nobody_is_found_the_convener_is_told_though_all_clocks_stand() -> None:
    case = between(at("sessions"))
    bare = tuple(replace(one, people={"representative": one.people["representative"]}) for one in case.parties)
    case = paused(replace(case, parties=bare), on_file(duty="A"))
    (call,) = case.all(Called, call_states.NOBODY)
    assert call.party == "B"
    told = [one for one in timers.plan(DISPUTE, case, CALENDARS) if one.mail == "nobody_called"]
    assert [(one.to, one.due_at) for one in told] == [(("convener",), MONDAY)]


def test_the_part_of_a_duty_officer_ends_with_the_pause() -> None:
    directory = on_file(duty="AB")
    case = paused(between(at("sessions")), directory)
    due = [one for one in timers.plan(DISPUTE, case, CALENDARS) if one.trigger == "end_deputy"]
    assert [one.due_at for one in due] == [PAUSE_ENDS, PAUSE_ENDS]
    for one in due:
        case = act(case, "end_deputy", "", directory, called=one.item, at=one.due_at)
    assert managers(case) == {"A": ("area_manager A",), "B": ("area_manager B",)}


def test_with_nothing_on_file_the_pause_goes_through_all_the_same() -> None:
    assert paused(between(at("sessions")), Directory()).stay is not None


def sent_out(directory: Directory) -> Case:
    """Sends a draft out for ratification."""
    return act(between(agreeing.drafted()), "draft_ready", CONVENER, directory)


def test_a_senior_on_leave_gets_a_deputy_when_the_draft_is_sent_out() -> None:
    directory = on_file("senior_representative A", delegations=(stands_in("senior_representative A", "deputy A"),))
    case = sent_out(directory)
    assert case.stage == "ratification"
    assert managers(case, "senior_representative")["A"] == ("senior_representative A", "deputy A")
    (call,) = case.all(Called, call_states.WHILE_AWAY)
    assert (call.person, call.tier) == ("deputy A", "T3")


def test_the_clock_of_ratification_asks_deputies_first_then_the_next_tier() -> None:
    planned = timers.plan(DISPUTE, sent_out(on_file()), CALENDARS)
    fired = [one.trigger for one in planned if one.deadline == "ratification" and one.trigger]
    assert fired == ["call_ratifying_deputies", "put_to_committee", "put_outside", "ratification_lapsed"]


def test_at_the_end_of_the_time_deputies_are_called_beside_those_alone_who_did_not_ratify() -> None:
    deputies = tuple(stands_in(f"senior_representative {one}", f"deputy {one}") for one in "AB")
    directory = on_file(delegations=deputies)
    case = sent_out(directory)
    seal = agreeing.text(case).text_hash
    case = act(case, "ratify", "senior_representative A", directory, seal=seal)
    case = act(case, "call_ratifying_deputies", "", directory)
    assert managers(case, "senior_representative") == {
        "A": ("senior_representative A",),
        "B": ("senior_representative B", "deputy B"),
    }
    with pytest.raises(errors.NeedsMissing):
        act(case, "ratify", "deputy B", directory, seal=seal)


def test_deputies_stay_beside_the_seniors_while_the_committee_is_asked_and_go_with_the_stage() -> None:
    directory = on_file("senior_representative B", delegations=(stands_in("senior_representative B", "deputy B"),))
    case = act(sent_out(directory), "put_to_committee", "", directory)
    assert (case.stage, case.tier) == ("ratification", "T2")
    assert managers(case, "senior_representative")["B"] == ("senior_representative B", "deputy B")
    case = act(case, "ratification_lapsed", "", directory)
    assert case.stage == "drafting"
    assert managers(case, "senior_representative")["B"] == ("senior_representative B",)
    assert [one.state for one in case.all(Called) if one.person == "deputy B"] == [call_states.ENDED]
