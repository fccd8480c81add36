"""Facts about the other case that an act names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.conditions.registry import condition
from states.effects import links
from states.items import Issue, Link, Question, Relation

if TYPE_CHECKING:
    from states.situation import Situation

_REGISTRY = "registry"
_RUNS_IT = "convener"
_KEEPS_COMING_BACK = "recurrence"


@condition("there is such a case, and it is one that this person convenes, or the registry acts", weighs_inputs=True)
def the_other_case_is_theirs(s: Situation) -> bool:
    """Let nobody write into a case they have no say in; an unknown case and a foreign one read alike."""
    if s.beside is None:
        return False
    return _REGISTRY in s.actor.offices or s.actor.person in s.beside.roles.get(_RUNS_IT, ())


@condition("the other case is not this case itself", weighs_inputs=True)
def the_other_case_is_another(s: Situation) -> bool:
    """Refuse a link of a case to itself."""
    return s.beside is None or s.beside.id != s.case.id


@condition("the two cases are not linked in this way already", weighs_inputs=True)
def the_cases_are_not_linked_yet(s: Situation) -> bool:
    """Put a link on file once, from whichever side it was made."""
    if s.beside is None:
        return True
    relation = s.text("relation")
    return not any(link.relation == relation and link.other == s.beside.id for link in s.case.all(Link, "open"))


@condition(
    "the two cases are linked, and the link was made by hand; an issue taken out, a pattern, and a case that was "
    "folded into another stay tied",
    weighs_inputs=True,
)
def the_link_may_be_taken_back(s: Situation) -> bool:
    """Mend a mistake, and rewrite no history."""
    return s.beside is None or bool(links.made_by_hand(s))


@condition("the other case is open", weighs_inputs=True)
def the_other_case_is_open(s: Situation) -> bool:
    """Join nothing to what is over."""
    return s.beside is None or s.beside.closed_at is None


@condition("the lead case is not itself joined to another", weighs_inputs=True)
def the_lead_case_leads(s: Situation) -> bool:
    """Let a case follow a lead case, and never a follower."""
    if s.text("relation") not in {"", Relation.JOINER}:
        return True
    joined = (link for link in (s.beside.all(Link, "open") if s.beside else ()) if link.relation == Relation.JOINER)
    return not any(link.outward for link in joined)


@condition("nobody who would come in for a party is among those who run the lead case", weighs_inputs=True)
def the_lead_stays_outside_all_lines(s: Situation) -> bool:
    """Keep those who run the lead case free of the people of the parties it takes in."""
    if s.beside is None:
        return True
    running = {person for people in s.beside.roles.values() for person in people}
    coming = (party.people.values() for party in links.strangers(s.case, s.beside))
    return not any(running & set(people) for parts in coming for people in parts)


@condition("another issue is left in this case; a whole case is joined, linked or referred instead", weighs_inputs=True)
def another_issue_is_left(s: Situation) -> bool:
    """Refuse to empty a case by severing."""
    return any(issue.id != s.text("issue") for issue in s.case.all(Issue, "open", "settled"))


@condition("this case is about a pattern, and no tier was asked about that yet")
def what_keeps_coming_back_was_not_asked_yet(s: Situation) -> bool:
    """Ask the ladder what to change when a matter comes back, once in a cycle."""
    members = [link for link in s.case.all(Link, "open") if link.relation == Relation.SYSTEMIC and not link.outward]
    return bool(members) and not any(one.cause == _KEEPS_COMING_BACK for one in s.current(Question))
