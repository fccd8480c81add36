"""Conditions by name: each reads as a fact, and carries the sentence a mediator reads when it does not hold.

A condition that weighs an act's inputs is asked only once they are filled in (`weighs_inputs`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from states import roles
from states.items import (
    Agreement,
    Cause,
    Claim,
    Consent,
    Criterion,
    Decision,
    Feedback,
    Issue,
    Neutral,
    Obligation,
    Offer,
    Session,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from states.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A named fact about a situation and the sentence that says it."""

    name: str
    says: str
    holds: Callable[[Situation], bool]
    weighs_inputs: bool = False


CONDITIONS: dict[str, Condition] = {}


def condition(says: str, *, weighs_inputs: bool = False) -> Callable[[Callable[[Situation], bool]], Condition]:
    """Register a function as the condition of its own name."""

    def register(holds: Callable[[Situation], bool]) -> Condition:
        name = getattr(holds, "__name__", "")
        CONDITIONS[name] = Condition(name=name, says=says, holds=holds, weighs_inputs=weighs_inputs)
        return CONDITIONS[name]

    return register


def unmet(needs: tuple[str, ...], situation: Situation) -> tuple[str, ...]:
    """List the sentences of the needs that do not hold, built-in or of the definition's own."""
    return tuple(says for need in needs if (says := _unmet(need, situation)))


def _unmet(need: str, situation: Situation) -> str | None:
    own = situation.process.conditions.get(need)
    if own is not None:
        if situation.inputs is None and own.holds.names - situation.process.fields.keys():
            return None
        names = {**situation.case.fields, **(situation.inputs or {})}
        return None if own.holds.value(names) else own.says
    built_in = CONDITIONS[need]
    if built_in.weighs_inputs and situation.inputs is None:
        return None
    return None if built_in.holds(situation) else built_in.says


@condition("the case is open")
def the_case_is_open(s: Situation) -> bool:
    """Begin nothing new on what is over."""
    return s.case.closed_at is None


@condition("there are at least two parties")
def there_are_two_parties(s: Situation) -> bool:
    """Ask for somebody to disagree with."""
    return len(s.case.parties) > 1


@condition("every party has a representative who can be reached")
def every_party_has_a_representative(s: Situation) -> bool:
    """Ask for a person on each side."""
    return bool(s.case.parties) and all(party.people.get("representative") for party in s.case.parties)


@condition("every party has named the senior representative who can bind it")
def every_party_has_a_senior(s: Situation) -> bool:
    """Ask that the deciders are mapped."""
    return bool(s.case.parties) and all(party.people.get("senior_representative") for party in s.case.parties)


@condition("at least one issue is on the list")
def an_issue_is_listed(s: Situation) -> bool:
    """Ask what the dispute is about."""
    return bool(s.case.all(Issue))


@condition("every open issue has at least one cause that is a condition and not a person")
def every_issue_has_a_cause(s: Situation) -> bool:
    """Ask for a root cause per issue."""
    explained = {cause.issue for cause in s.case.all(Cause) if cause.is_condition}
    return all(issue.id in explained for issue in s.case.all(Issue, "open"))


@condition("every cause names its source")
def every_cause_has_a_source(s: Situation) -> bool:
    """Ask how we know."""
    return all(cause.source for cause in s.case.all(Cause))


@condition("each party has agreed or disputed every cause, or said where it disagrees")
def every_cause_was_answered(s: Situation) -> bool:
    """Ask for the joint pass over the causes."""
    return all(s.party_ids <= {*cause.agreed_by, *cause.disputed_by} for cause in s.case.all(Cause))


@condition("every party has consented")
def every_party_consented(s: Situation) -> bool:
    """Ask that consent was given by all and revoked by none."""
    return s.party_ids <= {consent.party for consent in s.current(Consent, "given")}


@condition("a neutral is proposed")
def a_neutral_is_proposed(s: Situation) -> bool:
    """Ask for a name on the table."""
    return s.latest(Neutral, "proposed") is not None


@condition("the neutral stands outside both parties' lines", weighs_inputs=True)
def the_neutral_is_outside_both_lines(s: Situation) -> bool:
    """Refuse a neutral who speaks for a party."""
    return not roles.parties_of(s.case, roles.Actor(s.text("person")))


@condition("fewer than three neutrals have been proposed; now the joint committee appoints")
def the_neutral_may_be_replaced(s: Situation) -> bool:
    """Allow two replacements at most; after that the tiers above name a neutral."""
    above = ("committee", "senior_representative")
    if any(roles.holds(s.process, s.case, s.actor, who=who) for who in above):
        return True
    return len(s.current(Neutral)) <= 2  # noqa: PLR2004 - process.md 4.6: two replacements at most


@condition("a mediator is appointed")
def a_mediator_is_appointed(s: Situation) -> bool:
    """Ask for somebody who may hold sessions."""
    return bool(s.case.roles.get("mediator"))


@condition("no session is open")
def no_session_is_open(s: Situation) -> bool:
    """Allow one session at a time."""
    return s.latest(Session, "open") is None


@condition("at least one session with minutes was held")
def a_session_was_held(s: Situation) -> bool:
    """Ask that people met before anyone gives up."""
    return any(session.minutes for session in s.current(Session, "closed"))


@condition("with this answer every other party has accepted the offer", weighs_inputs=True)
def this_is_the_last_acceptance(s: Situation) -> bool:
    """Tell whether the act at hand completes the acceptance."""
    offer = s.item(Offer)
    return offer is not None and s.party_ids - {offer.party} <= {*offer.accepted_by, s.party_id}


@condition("an accepted offer or a decision stands behind the agreement")
def there_is_something_to_agree(s: Situation) -> bool:
    """Ask what the text is to say."""
    return s.latest(Offer, "accepted") is not None or s.latest(Decision, "decided") is not None


@condition("the text of the agreement is drafted")
def the_agreement_is_drafted(s: Situation) -> bool:
    """Ask for a text in this round."""
    return s.latest(Agreement, "drafting") is not None


@condition("the agreement has at least one term with owner, date and verifier")
def there_is_a_term(s: Situation) -> bool:
    """Ask for a promise that can be checked."""
    return s.latest(Obligation) is not None


@condition("no term is verified by the party that owes it")
def every_verifier_is_another_party(s: Situation) -> bool:
    """Keep owner and verifier apart."""
    return all(term.owner != term.verifier for term in s.current(Obligation, "planned"))


@condition("the verifier is another party than the owner", weighs_inputs=True)
def the_verifier_is_another_party(s: Situation) -> bool:
    """Keep owner and verifier apart from the start."""
    return s.text("owner") != s.text("verifier")


@condition("the one who ratifies did not draft the text")
def the_draft_is_not_their_own(s: Situation) -> bool:
    """Refuse self-approval."""
    agreement = s.latest(Agreement)
    return agreement is None or agreement.drafted_by != s.actor.person


@condition("this party has not ratified yet", weighs_inputs=True)
def the_party_has_not_ratified(s: Situation) -> bool:
    """Count a ratification once."""
    agreement = s.latest(Agreement, "ratification")
    return agreement is not None and s.party_id not in agreement.ratified_by


@condition("with this ratification every party has ratified", weighs_inputs=True)
def this_is_the_last_ratification(s: Situation) -> bool:
    """Tell whether the act at hand completes the ratifications."""
    agreement = s.latest(Agreement, "ratification")
    return agreement is not None and s.party_ids <= {*agreement.ratified_by, s.party_id}


@condition("this party has not signed yet", weighs_inputs=True)
def the_party_has_not_signed(s: Situation) -> bool:
    """Count a signature once."""
    agreement = s.latest(Agreement, "signature")
    return agreement is not None and s.party_id not in {signature.party for signature in agreement.signatures}


@condition("with this signature every party has signed the same text", weighs_inputs=True)
def this_is_the_last_signature(s: Situation) -> bool:
    """Tell whether the act at hand completes the signatures on one text."""
    agreement = s.latest(Agreement, "signature")
    if agreement is None:
        return False
    signed = {mark.party for mark in agreement.signatures if mark.text_hash == agreement.text_hash}
    return s.party_ids <= signed | {s.party_id}


@condition("every obligation is verified, waived, replaced or otherwise final")
def every_obligation_is_final(s: Situation) -> bool:
    """Ask that nothing promised is left open."""
    return all(term.state in Obligation.FINAL for term in s.case.all(Obligation))


@condition("no obligation is missed or contested")
def no_obligation_is_broken(s: Situation) -> bool:
    """Ask that the breach review has dealt with everything."""
    return not s.case.all(Obligation, "missed", "contested")


@condition("lessons are filed, or “none” is stated")
def lessons_are_filed(s: Situation) -> bool:
    """Ask what was learned."""
    return bool(s.current(Feedback))


@condition("somebody is named, for no part of a case is left without a holder", weighs_inputs=True)
def somebody_is_named(s: Situation) -> bool:
    """Ask for at least one person."""
    return bool(s.texts("people"))


@condition("the person asked for belongs to no party", weighs_inputs=True)
def the_person_is_outside_both_lines(s: Situation) -> bool:
    """Keep neutral parts free of party people."""
    return not any(roles.parties_of(s.case, roles.Actor(person)) for person in s.texts("people"))


@condition("the matter is with a tier at which this person has authority")
def the_matter_is_with_their_tier(s: Situation) -> bool:
    """Let the tier that was asked answer, and no other; the lowest one was not asked."""
    return _has_authority(s, s.case.tier)


@condition("the matter has reached a tier at which this person has authority")
def the_matter_has_reached_their_tier(s: Situation) -> bool:
    """Let nobody decide before the matter was put to them; who was asked before a higher tier still may."""
    tiers = list(s.process.tiers)
    reached = tiers[: tiers.index(s.case.tier) + 1] if s.case.tier in tiers else []
    return any(_has_authority(s, tier) for tier in reached)


def _has_authority(s: Situation, tier: str | None) -> bool:
    if tier is None or tier == next(iter(s.process.tiers), None):
        return False
    return any(roles.holds(s.process, s.case, s.actor, who=role) for role in s.process.tiers[tier].roles)


@condition("at least two claims compete")
def two_claims_compete(s: Situation) -> bool:
    """Ask that there is a clash to solve."""
    return len({claim.party for claim in s.case.all(Claim)}) > 1


@condition("every party has agreed the criteria")
def every_party_agreed_the_criteria(s: Situation) -> bool:
    """Ask for the yardstick before the ranking."""
    criteria = s.case.all(Criterion)
    return bool(criteria) and all(s.party_ids <= set(criterion.agreed_by) for criterion in criteria)


@condition("every claim is ranked")
def every_claim_is_ranked(s: Situation) -> bool:
    """Ask for a complete ranking."""
    claims = s.case.all(Claim)
    return bool(claims) and all(claim.rank is not None for claim in claims)


@condition("no agreement is in force")
def no_agreement_is_in_force(s: Situation) -> bool:
    """Ask that the case still has its end to find."""
    return s.latest(Agreement, "in force") is None


@condition("the date lies ahead", weighs_inputs=True)
def the_date_lies_ahead(s: Situation) -> bool:
    """Refuse a promise or a rule that would be over as it begins."""
    return all(date > s.at for date in map(s.given, ("due_at", "expires_at")) if isinstance(date, datetime))


@condition("the window ends after it begins", weighs_inputs=True)
def the_window_ends_after_it_begins(s: Situation) -> bool:
    """Refuse a time window that runs backwards."""
    begins, ends = (s.given("from_at") or s.given("begins")), (s.given("until_at") or s.given("ends"))
    return not (isinstance(begins, datetime) and isinstance(ends, datetime)) or begins < ends
