"""What joined cases do together: in all of them or in none, each with its own copy, and only what all may read."""

from __future__ import annotations

from functools import cache

import pytest
from sqlalchemy import select

from cases import ledger, tables
from cases import unit_of_work as work
from config import load, vocabulary
from states import errors
from states.items import Session
from states.process import Process
from states.roles import Actor
from tests.cases.neighbours import Office

SOURCE = """\
process: joint
title: Talks
prefix: J
timezone: Africa/Juba
calendar: always
phases: {work: Work, closed: Closed}
roles:
  convener: {label: Convener, scope: case, reads: [shared, team]}
  representative: {label: Representative, scope: party, reads: [shared]}
fields:
  ready: {type: yes or no, label: Ready to meet, required: false, initial: yes}
conditions:
  they_are_ready: {says: they are ready to meet, holds: ready}
initial: talks
stages:
  talks: {label: Talks, phase: work, duty: convener, clock: 30 cd, silence: {means: It ends., fires: lapse}}
  closed: {label: Closed, phase: closed, final: true}
triggers:
  lapse: {label: Lapse, from: talks, to: closed, who: [clock, convener], outcome: lapsed}
  rest: {label: Rest, from: talks, to: unchanged, who: [convener], set: {ready: "False"}}
  link_case: {label: Link, from: "*", to: unchanged, who: [convener], needs: [the_other_case_is_theirs],
              does: [link_case], there: be_linked}
  be_linked: {label: Linked, from: "*", to: unchanged, who: [system], does: [answer_link]}
  open_session: {label: Meet, from: talks, to: unchanged, who: [convener], needs: [they_are_ready],
                 does: [open_session], shared_with: joined, mails: [session_opened]}
  close_session: {label: Part, from: talks, to: unchanged, who: [convener], does: [close_session], shared_with: joined}
mails:
  session_opened: {kind: notice, to: [representative]}
"""
JOINT = {"form": "joint", "agenda": "The road"}


@cache
def joint() -> Process:
    """Returns the small process."""
    return load.load_text(SOURCE, name="joint.yaml", vocabulary=vocabulary.shipped())


@pytest.fixture(autouse=True)
def small(office: Office) -> None:
    """Files the small process in the record."""
    office.record.registry.store(joint(), at=office.clock.now())


def pair(office: Office, *, relation: str = "joiner", convener: str = "cora") -> tuple[str, str]:
    """Opens a lead case and one that is joined to it; returns their ids."""
    lead = office.open("north", "south", process="joint")
    other = office.open("south", "east", process="joint", roles={"convener": (convener,)})
    office.act(other.case_id, "link_case", Actor(convener, frozenset({"registry"})), case=lead.number,
               relation=relation, reason="One road")  # fmt: skip
    return lead.case_id, other.case_id


def sessions(office: Office, case_id: str, who: str = "south_rep") -> list[tuple[str, str, str]]:
    return [(one.state, one.agenda, one.minutes) for one in office.case(case_id, who).all(Session)]


@pytest.mark.parametrize("relation", ["joiner", "cross"])
def test_a_meeting_held_together_stands_in_each_case_and_each_has_its_own_mail(office: Office, relation: str) -> None:
    lead, other = pair(office, relation=relation)
    office.act(lead, "open_session", **JOINT, together="yes")
    copies = [office.case(case, "south_rep").all(Session)[0] for case in (lead, other)]
    assert copies[0].shared_id == copies[1].shared_id != ""
    assert copies[0].id != copies[1].id
    with work.reading(office.record.engine) as connection:
        mails = select(tables.notifications.c.case_id).where(tables.notifications.c.mail == "session_opened")
        assert sorted(connection.execute(mails).scalars()) == sorted([lead, other])
        assert ledger.verify(connection).consistent


def test_each_joined_case_asks_those_to_come_who_have_a_part_in_it(office: Office) -> None:
    lead, other = pair(office)
    asked = ["north_rep", "south_rep", "east_rep"]
    office.act(lead, "open_session", **JOINT, invited=asked, together="yes")
    assert office.case(lead, "south_rep").all(Session)[0].invited == tuple(asked)
    assert office.case(other, "south_rep").all(Session)[0].invited == ("south_rep", "east_rep")


def test_its_closing_brings_minutes_and_attendance_to_every_case(office: Office) -> None:
    lead, other = pair(office)
    office.act(lead, "open_session", **JOINT, together="yes")
    office.act(other, "open_session", form="joint", agenda="A matter of our own")
    own_copy = office.case(other).all(Session)[0].id
    with pytest.raises(errors.NeedsMissing, match="the lead case: do it there"):
        office.act(other, "close_session", session=own_copy, minutes="Mine.", attendance=[])
    office.act(lead, "close_session", minutes="We met.", attendance=["south_rep"])
    assert sessions(office, lead) == sessions(office, other)[:1] == [("closed", "The road", "We met.")]
    assert sessions(office, other)[1:] == [("open", "A matter of our own", "")]


def test_a_meeting_held_alone_stays_alone(office: Office) -> None:
    lead, other = pair(office)
    office.act(lead, "open_session", **JOINT)
    assert (len(sessions(office, lead)), sessions(office, other)) == (1, [])
    office.act(lead, "close_session", minutes="Ours alone.", attendance=[])
    assert sessions(office, other) == []


def test_a_follower_does_not_lead(office: Office) -> None:
    lead, other = pair(office)
    with pytest.raises(errors.NeedsMissing, match="“together” is not asked for here"):
        office.act(other, "open_session", **JOINT, together="yes")
    assert sessions(office, lead) == []


def test_what_is_confidential_is_not_held_together(office: Office) -> None:
    lead, other = pair(office)
    with pytest.raises(errors.NeedsMissing, match="all parties may read"):
        office.act(lead, "open_session", form="caucus", with_party="south", agenda="Hush", together="yes")
    assert sessions(office, lead, "cora") == sessions(office, other, "cora") == []


def test_a_joined_case_that_cannot_take_part_stops_all(office: Office) -> None:
    lead, other = pair(office)
    office.act(other, "rest")
    with pytest.raises(errors.NeedsMissing, match=r"a joined case cannot take part: .*they are ready to meet"):
        office.act(lead, "open_session", **JOINT, together="yes")
    assert sessions(office, lead) == []


def test_somebody_who_does_not_run_the_joined_case_cannot_act_on_it(office: Office) -> None:
    lead, other = pair(office, convener="omar")
    with pytest.raises(errors.NotYours, match="not this person's to act on"):
        office.act(lead, "open_session", **JOINT, together="yes")
    assert (sessions(office, lead), sessions(office, other)) == ([], [])


def test_a_case_that_is_over_takes_no_part_any_more(office: Office) -> None:
    lead, other = pair(office)
    office.act(lead, "open_session", **JOINT, together="yes")
    office.act(other, "lapse")
    office.act(lead, "close_session", minutes="We met.", attendance=[])
    assert sessions(office, other)[0][0] == "open"
    with pytest.raises(errors.NeedsMissing, match="a joined case that is open"):
        office.act(lead, "open_session", **JOINT, together="yes")
