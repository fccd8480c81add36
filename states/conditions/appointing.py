"""Facts about the names on the table: whose they are, who struck them, and who has still to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import fields, roles, shortlist
from states.conditions.registry import condition
from states.effects import appointing
from states.items import Preference, Shortlist

if TYPE_CHECKING:
    from states.situation import Situation


@condition("everybody named stands outside the lines of all parties", weighs_inputs=True)
def the_names_are_outside_every_line(s: Situation) -> bool:
    """Refuse a neutral who stands for a party."""
    return not any(roles.parties_of(s.case, roles.Actor(name)) for name in _named(s))


@condition("nobody named works for the organisation of a party", weighs_inputs=True)
def the_neutral_works_for_no_party(s: Situation) -> bool:
    """Refuse a neutral whom a party pays."""
    bodies = shortlist.bodies_of(s.case)
    return not any(s.employers.get(name) in bodies for name in _named(s))


@condition("no party has struck this name from the shortlist", weighs_inputs=True)
def the_neutral_was_not_struck(s: Situation) -> bool:
    """Respect what a party struck in this cycle, whoever names it again."""
    struck = {name for preference in s.current(Preference) for name in preference.struck}
    return not struck & set(_named(s))


@condition("every party has answered the shortlist, or its time has run out")
def every_answer_to_the_shortlist_is_in(s: Situation) -> bool:
    """Wait for the parties before a name is proposed."""
    return not s.current(Preference, appointing.PREFERENCE.initial)


@condition(
    "the shortlist holds more names than all parties may strike together, so that one is left", weighs_inputs=True
)
def the_shortlist_outlasts_the_strikes(s: Situation) -> bool:
    """Ask for enough names."""
    return len(s.texts("names")) > s.process.strikes * len(s.party_ids)


@condition("a shortlist waits for the answer of your party")
def the_party_has_a_shortlist_to_answer(s: Situation) -> bool:
    """Ask for names to answer; a party answers each shortlist once."""
    asked = (s.party_id,) if s.party_id else tuple(party.id for party in s.speaks_for)
    return any(appointing.awaited_of(s, party) for party in asked)


@condition("no more names are struck than the shortlist lets each party strike", weighs_inputs=True)
def the_strikes_are_within_the_limit(s: Situation) -> bool:
    """Keep to the number that the process gives."""
    newest = s.latest(Shortlist)
    return newest is not None and len(s.texts("struck")) <= newest.strikes


@condition("no name is chosen twice, or both chosen and struck", weighs_inputs=True)
def each_name_is_said_once(s: Situation) -> bool:
    """Ask for an answer that does not contradict itself."""
    said = (*s.texts("struck"), *appointing.ranked(s))
    return len(said) == len(set(said))


def _named(s: Situation) -> tuple[str, ...]:
    return (*fields.each(s.given("person")), *fields.each(s.given("names")))
