"""Effects of mediation and of the ladder: neutrals, sessions, offers, interim rules and decisions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import roles
from states.effects.registry import choice, effect, instant, one_of, person, recorded, text, texts
from states.events import ItemRecorded, RoleAssigned
from states.items import Decision, Interim, Neutral, Offer, Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation


@effect(person("person", "Neutral"), text("disclosure", "Links and interests disclosed; “none” is an answer"))
def propose_neutral(s: Situation) -> Iterator[Change]:
    """Put a neutral's name and disclosure before the parties."""
    yield recorded(s, Neutral, person=s.text("person"), disclosure=s.text("disclosure"), state="proposed")


@effect(text("reason", "Reason"))
def object_to_neutral(s: Situation) -> Iterator[Change]:
    """Record a party's objection; the name is off the table."""
    proposed = s.latest(Neutral, "proposed")
    if proposed is not None:
        yield ItemRecorded(replace(proposed, state="objected", objections=(*proposed.objections, s.text("reason"))))


@effect()
def confirm_neutral(s: Situation) -> Iterator[Change]:
    """Appoint the proposed neutral as mediator."""
    proposed = s.latest(Neutral, "proposed")
    if proposed is not None:
        yield ItemRecorded(replace(proposed, state="confirmed"))
        yield RoleAssigned("mediator", (proposed.person,))


@effect(
    choice("form", "Form", "joint", "caucus", "shuttle", initial="joint"),
    text("agenda", "Agenda"),
)
def open_session(s: Situation) -> Iterator[Change]:
    """Open a meeting with the neutral; what is said in a caucus is for the mediation team alone."""
    zone = roles.TEAM if s.text("form") == "caucus" else s.zone
    yield recorded(s, Session, zone=zone, form=s.text("form"), agenda=s.text("agenda"))


@effect(text("minutes", "Minutes"), texts("attendance", "Present, one a line"))
def close_session(s: Situation) -> Iterator[Change]:
    """Close the open meeting with its minutes."""
    session = s.latest(Session, "open")
    if session is not None:
        minutes, attendance = s.text("minutes"), s.texts("attendance")
        yield ItemRecorded(replace(session, state="closed", minutes=minutes, attendance=attendance))


@effect(text("text", "Terms offered"))
def make_offer(s: Situation) -> Iterator[Change]:
    """Put terms on the table; a mediator's own proposal comes from no party."""
    yield recorded(s, Offer, party=s.party_id or None, text=s.text("text"))


@effect(one_of(Offer, "Offer", "open"), for_a_party=True)
def accept_offer(s: Situation) -> Iterator[Change]:
    """Record a party's acceptance; the last one settles the offer."""
    offer = s.item(Offer)
    if offer is None:
        return
    accepted = tuple(dict.fromkeys((*offer.accepted_by, s.party_id)))
    settled = s.party_ids - {offer.party} <= set(accepted)
    yield ItemRecorded(replace(offer, accepted_by=accepted, state="accepted" if settled else "open"))


@effect(one_of(Offer, "Offer", "open"), text("reason", "Reason", required=False), for_a_party=True)
def reject_offer(s: Situation) -> Iterator[Change]:
    """Record a party's no; the offer is off the table."""
    offer = s.item(Offer)
    if offer is not None:
        yield ItemRecorded(replace(offer, rejected_by=(*offer.rejected_by, s.party_id), state="rejected"))


@effect(one_of(Offer, "Offer", "open"))
def lapse_offer(s: Situation) -> Iterator[Change]:
    """Let an unanswered offer lapse: nobody is bound by inattention."""
    offer = s.item(Offer)
    if offer is not None:
        yield ItemRecorded(replace(offer, state="lapsed"))


@effect(text("rule", "Rule, without prejudice"), instant("expires_at", "Expires at"))
def begin_interim(s: Situation) -> Iterator[Change]:
    """Put a rule in force that ends by itself."""
    yield recorded(s, Interim, rule=s.text("rule"), expires_at=s.given("expires_at"), state="on")


@effect(one_of(Interim, "Interim rule", "on"))
def end_interim(s: Situation) -> Iterator[Change]:
    """End an interim rule."""
    interim = s.item(Interim)
    if interim is not None:
        yield ItemRecorded(replace(interim, state="ended"))


@effect(one_of(Interim, "Interim rule", "on"))
def expire_interim(s: Situation) -> Iterator[Change]:
    """Let an interim rule end on its date."""
    interim = s.item(Interim)
    if interim is not None:
        yield ItemRecorded(replace(interim, state="expired"))


def _answered(s: Situation, answer: str) -> Iterator[Change]:
    yield recorded(s, Decision, tier=s.case.tier or "", answer=answer, text=s.text("text"), state=answer)


@effect(text("text", "Decision and reasons"))
def record_decision(s: Situation) -> Iterator[Change]:
    """Record what a tier decided."""
    yield from _answered(s, "decided")


@effect(text("text", "Instructions and date"))
def record_return(s: Situation) -> Iterator[Change]:
    """Record that a tier sent the case back down with instructions."""
    yield from _answered(s, "returned")


@effect(text("text", "Reasons"))
def record_refusal(s: Situation) -> Iterator[Change]:
    """Record that a tier refused what was asked."""
    yield from _answered(s, "refused")


@effect(text("text", "Question and reasons"))
def record_request(s: Situation) -> Iterator[Change]:
    """Record what the next tier is asked, and why."""
    yield from _answered(s, "asked")
