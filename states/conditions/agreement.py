"""Facts about the text, its terms, its ratifications and signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.conditions.registry import condition
from states.items import Agreement, Decision, Obligation, Offer

if TYPE_CHECKING:
    from states.situation import Situation


@condition("an accepted offer or a decision stands behind the agreement", mended_by=("accept_offer", "record_decision"))
def there_is_something_to_agree(s: Situation) -> bool:
    """Ask what the text is to say."""
    return s.latest(Offer, "accepted") is not None or s.latest(Decision, "decided") is not None


@condition("the text of the agreement is drafted", mended_by=("write_agreement",))
def the_agreement_is_drafted(s: Situation) -> bool:
    """Ask for a text in this round."""
    return s.latest(Agreement, "drafting") is not None


@condition("the agreement has at least one term with owner, date and verifier", mended_by=("add_term",))
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


@condition("no agreement is in force")
def no_agreement_is_in_force(s: Situation) -> bool:
    """Ask that the case still has its end to find."""
    return s.latest(Agreement, "in force") is None
