"""Facts about the committee that sits on a case, and who on it may vote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import roles
from states.conditions.registry import condition
from states.effects.neutrals import NOMINEE
from states.effects.panels import read_seats, seats_of
from states.items import Ballot, panels
from states.said import say, word

if TYPE_CHECKING:
    from states.items import Panel
    from states.situation import Situation


def _panel(s: Situation) -> Panel | None:
    return panels.sitting(s.case.items)


def _malformed(s: Situation) -> str:
    """Say what is wrong with a panel as it was written; empty when nothing is."""
    members, alternates = s.texts("members"), s.texts("alternates")
    seats, quorum = read_seats(members, alternates), s.given("quorum")
    if sum(not seat.alternate_of for seat in seats) < len(members):
        return say("write each member as “PERSON for BODY”, one a line")
    if len(seats) < len(members) + len(alternates):
        return say("write each alternate as “PERSON for MEMBER”, one a line, and name a member of this panel")
    return _empty_place(s) or panels.fault_of(
        seats, chair=s.text("chair"), quorum=quorum if isinstance(quorum, int) else 0
    )


def _empty_place(s: Situation) -> str:
    """Name a member who stands for a party of this case and has nobody to vote instead; empty when there is none."""
    seats = seats_of(s)
    recused = {seat.person for seat in seats if seat.away and not seat.alternate_of}
    filled = {seat.alternate_of for seat in seats if not seat.away}
    who = next(iter(sorted(recused - filled)), "")
    if not who:
        return ""
    return say(
        "%(who)s stands for a party of this case; name an alternate for %(who)s who does not, or another member",
        who=who,
    )


@condition("the panel is written so that it can sit and vote", weighs_inputs=True, tells=_malformed)
def the_panel_can_sit(s: Situation) -> bool:
    """Refuse a panel without a chair, with doubles, or with a quorum nobody can reach."""
    return not _malformed(s)


@condition("the panel sits without a change from outside; convene another one instead", weighs_inputs=True)
def no_panel_is_passed_by(s: Situation) -> bool:
    """Keep the committee as it was convened."""
    return s.text("part") != panels.COMMITTEE or _panel(s) is None


@condition("the person named has a place on the panel, and did not recuse themselves", weighs_inputs=True)
def the_member_has_a_place(s: Situation) -> bool:
    """Ask that whoever is away or back belongs to the panel."""
    panel = _panel(s)
    seat = panel.seat_of(s.text("member")) if panel else None
    return seat is not None and seat.away != "recused"


@condition("you have a place on the panel")
def they_have_a_place(s: Situation) -> bool:
    """Ask for a member or an alternate."""
    panel = _panel(s)
    return panel is not None and panel.seat_of(s.actor.person) is not None


@condition("the chair acts, or another member while the chair is recorded as away")
def the_chair_acts(s: Situation) -> bool:
    """Let one person put and close a question."""
    panel = _panel(s)
    if panel is None or s.actor.person not in panel.holders:
        return False
    chair = panel.seat_of(panel.chair)
    return s.actor.person == panel.chair or (chair is not None and bool(chair.away))


@condition("no vote is open", mended_by=("close_vote", "take_back_question"))
def no_vote_is_open(s: Situation) -> bool:
    """Put one question at a time."""
    return s.latest(Ballot, "open") is None


def _own_matter(s: Situation) -> str:
    """Say that a question is somebody's own matter, who would vote on it; empty when it is not theirs."""
    who, ballot = s.actor.person, s.item(Ballot)
    if roles.parties_of(s.case, s.actor):
        return say("nobody votes on the dispute of their own party; recuse yourself, so that an alternate may stand in")
    asked = ballot.inputs.values() if ballot else ()
    named = {one for value in asked for one in (value if isinstance(value, tuple) else (value,))}
    if who not in {*named, *s.case.roles.get(NOMINEE, ())}:
        return ""
    return say("nobody votes on a question about themselves; recuse yourself, so that an alternate may stand in")


def _why_no_vote(s: Situation) -> str:
    """Say why somebody may not vote; empty when they may."""
    panel, ballot, who = _panel(s), s.item(Ballot), s.actor.person
    seat = panel.seat_of(who) if panel else None
    if panel is None or seat is None:
        return say("only a member of the panel votes, or an alternate who stands in")
    if matter := _own_matter(s):
        return matter
    if seat.away:
        return say("you are recorded as %(away)s", away=word(seat.away))
    if seat.alternate_of and not panel.stands_in(seat):
        return say("an alternate votes only while the member is recorded as absent or recused")
    if ballot is not None and seat.place in {vote.place for vote in ballot.votes}:
        return say("this place has voted already")
    return ""


@condition("this person may vote on this question", weighs_inputs=True, tells=_why_no_vote)
def they_may_vote(s: Situation) -> bool:
    """Count each place once, and nobody on their own matter."""
    return not _why_no_vote(s)


def _casting_fault(s: Situation) -> str:
    ballot, panel = s.item(Ballot), _panel(s)
    if ballot is None or panel is None or not panel.quorate(ballot):
        return ""
    if ballot.tied and not s.text("casting"):
        return say("the vote is tied; the chair gives the casting vote")
    return "" if ballot.tied or not s.text("casting") else say("a casting vote counts only on a tie")


@condition("a tie, and nothing but a tie, is broken by the chair", weighs_inputs=True, tells=_casting_fault)
def the_tie_is_broken(s: Situation) -> bool:
    """Ask the chair to decide where the panel cannot."""
    return not _casting_fault(s)
