"""Facts about the meetings with the neutral and their minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.conditions.registry import condition
from states.effects import sessions
from states.items import Session
from states.said import listed, say

if TYPE_CHECKING:
    from states.situation import Situation


@condition("a caucus is with one party, and a joint session with all of them; say so", weighs_inputs=True)
def the_form_fits_who_meets(s: Situation) -> bool:
    """Ask with whom a caucus is held; a shuttle may name the party of its leg."""
    alone, form = bool(s.text("with_party")), s.text("form")
    return alone if form == sessions.CAUCUS else not alone or form == sessions.SHUTTLE


@condition("nobody but the mediator meets one party alone", weighs_inputs=True)
def the_mediator_meets_a_party_alone(s: Situation) -> bool:
    """Keep caucuses from those who may not read them."""
    return not s.text("with_party") or s.actor.person in s.case.roles.get("mediator", ())


def _strangers(s: Situation) -> list[str]:
    """Name those who are asked to come and have no part in the case; a joined case may know them."""
    parts = {one for held in s.case.roles.values() for one in held}
    parts |= {one for party in s.case.parties for held in party.people.values() for one in held}
    return [] if s.shared_id else [one for one in s.texts("invited") if one not in parts]


@condition(
    "whoever is asked to come has a part in the case, so that reminders reach them",
    weighs_inputs=True,
    tells=lambda s: say(
        "whoever is asked to come has a part in the case; these have none: %(strangers)s",
        strangers=listed(_strangers(s)),
    ),
    mended_by=("name_person",),
)
def the_invited_have_a_part(s: Situation) -> bool:
    """Ask nobody to come whom no reminder would reach."""
    return not _strangers(s)


@condition("somebody is named who is not asked to this session yet, or is asked no longer", weighs_inputs=True)
def who_is_asked_changes(s: Situation) -> bool:
    """Keep an act that would change nothing out of the record."""
    session = s.item(Session)
    return session is not None and set(sessions.asked_then(s, session)) != set(session.invited)


@condition(
    "one session that you may read is open, or it is said which", weighs_inputs=True, mended_by=("open_session",)
)
def the_session_is_plain(s: Situation) -> bool:
    """Ask which session is meant where that does not go without saying."""
    return sessions.the_open_one(s) is not None


@condition("at least one session with minutes was held", mended_by=("close_session",))
def a_session_was_held(s: Situation) -> bool:
    """Ask that people met before anyone gives up."""
    return any(session.minutes for session in s.current(Session, *sessions.HELD))


@condition("the party took part in this session and has not answered its minutes yet", weighs_inputs=True)
def the_minutes_wait_for_the_party(s: Situation) -> bool:
    """Count each party's answer to the minutes once."""
    session = s.item(Session)
    if session is None or s.party_id not in sessions.parties_of(s, session):
        return False
    return s.party_id not in {*session.agreed_by, *(one.party for one in session.disagreements)}
