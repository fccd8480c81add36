"""Facts about who may speak for a party, and whether a party may leave the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import departures
from states.conditions.registry import condition
from states.items import Obligation
from states.obligations import LIFE

if TYPE_CHECKING:
    from states.situation import Situation

_PEOPLE = ("person", "representative", "senior_representative")
_FEWEST = 2


@condition(
    "whoever speaks for a party has no other part in the case: not for another party, not as convener, mediator, "
    "proposed neutral or member of the committee",
    weighs_inputs=True,
)
def the_people_have_no_other_part(s: Situation) -> bool:
    """Let nobody speak for two parties, and nobody of the case team for one; a party and those within it are one."""
    named = {s.text(name) for name in _PEOPLE} - {""}
    own = {s.party_id, s.party.within if s.party else None} | {
        party.id for party in s.case.parties if s.party is not None and party.within == s.party.id
    }
    others = (party for party in s.case.parties if party.id not in own and party.left_at is None)
    taken = {one for party in others for held in party.people.values() for one in held}
    return named.isdisjoint(taken | {one for held in s.case.roles.values() for one in held})


@condition(
    "at least two parties that decide must stay in the case; to end it, the party that opened it withdraws it, and "
    "whoever does not want to mediate refuses consent",
    weighs_inputs=True,
)
def two_parties_stay(s: Situation) -> bool:
    """Leave nobody alone in a dispute."""
    return s.party is None or not s.party.decides or len(departures.without_them(s).party_ids) >= _FEWEST


@condition(
    "nothing is left that this party has promised, or is to verify",
    weighs_inputs=True,
    mended_by=("verify_obligation", "waive_obligation", "change_term", "remove_term"),
)
def the_party_owes_nothing(s: Situation) -> bool:
    """Let nobody leave a promise behind."""
    open_terms = (term for term in s.case.all(Obligation) if term.state not in LIFE.final)
    return s.party_id not in {name for term in open_terms for name in (term.owner, term.verifier)}


@condition(
    "no other party opened the case beside this one; while another carries it on, a party leaves it instead",
    weighs_inputs=True,
    mended_by=("leave_case",),
)
def the_case_ends_with_them(s: Situation) -> bool:
    """Let nobody end what others began as well."""
    return departures.ends_with_them(s)


@condition("another party that opened the case carries it on; who opened it alone withdraws it", weighs_inputs=True)
def the_case_goes_on_without_them(s: Situation) -> bool:
    """Leave no case behind that nobody asked for."""
    return not departures.ends_with_them(s)
