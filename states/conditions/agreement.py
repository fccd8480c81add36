"""Facts about the text, its terms, its ratifications and signatures."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from states import clauses, roles, signing
from states.conditions.registry import condition, unanimous
from states.items import Agreement, Decision, Heads, Issue, Obligation, Offer
from states.said import say

if TYPE_CHECKING:
    from states.case import Party
    from states.situation import Situation

_TO_ATTEST = ("signature", "signed", "pending", "in force")


@condition("an accepted offer or a decision stands behind the agreement", mended_by=("accept_offer", "record_decision"))
def there_is_something_to_agree(s: Situation) -> bool:
    """Ask what the text is to say."""
    return s.latest(Offer, "accepted") is not None or s.latest(Decision, "decided") is not None


@condition("the main points on every issue that is open or settled are noted", mended_by=("note_heads",))
def every_issue_has_main_points(s: Situation) -> bool:
    """Ask for the heads of terms before the full text; what an earlier cycle settled needs none."""
    noted = {heads.issue for heads in s.current(Heads)}
    since = s.case.cycle_since
    issues = (issue for issue in s.case.all(Issue, "open", "settled") if since is None or issue.at >= since)
    return all(issue.id in noted for issue in issues)


@condition("the text of the agreement is drafted", mended_by=("write_agreement",))
def the_agreement_is_drafted(s: Situation) -> bool:
    """Ask for a text in this round."""
    return s.latest(Agreement, "drafting") is not None


@condition("the agreement has at least one term with owner, date and verifier", mended_by=("add_term",))
def there_is_a_term(s: Situation) -> bool:
    """Ask for a promise that can be checked; an amended text may live on the promises it had."""
    draft = s.latest(Agreement, "drafting")
    carried = draft is not None and draft.amends != "" and bool(s.case.all(Obligation))
    return carried or s.latest(Obligation, "planned") is not None


@condition("no term is verified by the party that owes it, or by one of its own line", mended_by=("change_term",))
def every_verifier_is_another_party(s: Situation) -> bool:
    """Keep owner and verifier apart."""
    return all(_are_apart(s, term.owner, term.verifier) for term in s.current(Obligation, "planned"))


@condition("the verifier is another party than the owner, and not of the owner's own line", weighs_inputs=True)
def the_verifier_is_another_party(s: Situation) -> bool:
    """Keep owner and verifier apart from the start."""
    return _are_apart(s, s.text("owner"), s.text("verifier"))


def _are_apart(s: Situation, owner: str, verifier: str) -> bool:
    """Tell whether two parties stand on lines of their own: not one inside the other, not of one organisation."""
    one, other = s.case.party(owner), s.case.party(verifier)
    if one is None or other is None:
        return owner != verifier
    same = one.organisation != "" and one.organisation == other.organisation
    return not same and _line(s, one).isdisjoint(_line(s, other))


def _line(s: Situation, party: Party) -> frozenset[str]:
    """Name a party and every party it is a part of."""
    above: list[str] = []
    found: Party | None = party
    while found is not None and found.id not in above:
        above.append(found.id)
        found = s.case.party(getattr(found, "within", None) or "")
    return frozenset(above)


def _unfilled(s: Situation) -> str:
    clause = s.process.clauses.get(s.text("clause"))
    return clauses.problem(clause, clauses.read_blanks(s.texts("blanks"))) if clause else ""


@condition(
    "every blank of the clause is filled in, and no other",
    weighs_inputs=True,
    tells=lambda s: say("every blank of the clause is filled in, and no other (%(problem)s)", problem=_unfilled(s)),
)
def the_blanks_are_filled(s: Situation) -> bool:
    """Refuse a clause that promises something of nobody, somewhere."""
    return not _unfilled(s)


@condition("a date to come into force lies ahead", weighs_inputs=True)
def the_start_lies_ahead(s: Situation) -> bool:
    """Refuse a text that would have been in force before anybody signed it."""
    begins = s.given("effective_at")
    return not isinstance(begins, datetime) or begins > s.at


@condition("what comes again does so for a while: its last date lies after its first", weighs_inputs=True)
def the_last_time_comes_after_the_first(s: Situation) -> bool:
    """Ask a promise that recurs for an end, so that the case can have one."""
    first, last = s.given("due_at"), s.given("until")
    if not s.given("every_days"):
        return last is None
    return isinstance(first, datetime) and isinstance(last, datetime) and first < last


@condition("hours and days are counted from zero upwards", weighs_inputs=True)
def the_spans_of_the_term_are_sound(s: Situation) -> bool:
    """Refuse a step-in before the date, and what comes again backwards."""
    spans = (s.given("step_in_hours"), s.given("every_days"))
    return all(not isinstance(span, int) or span >= 0 for span in spans)


@condition("the one who ratifies did not draft the text")
def the_draft_is_not_their_own(s: Situation) -> bool:
    """Refuse self-approval."""
    agreement = s.latest(Agreement)
    return agreement is None or agreement.drafted_by != s.actor.person


@condition("this party has not ratified yet", weighs_inputs=True, once=True)
def the_party_has_not_ratified(s: Situation) -> bool:
    """Count a ratification once."""
    agreement = s.latest(Agreement, "ratification")
    return agreement is not None and s.party_id not in agreement.ratified_by


@condition("nobody ratifies or signs for two parties", weighs_inputs=True)
def nobody_acts_for_two_parties(s: Situation) -> bool:
    """Ask each party for a person of its own: nobody agrees with themselves."""
    agreement = s.latest(Agreement, "ratification", "signature")
    marks = (*agreement.ratifications, *agreement.signatures) if agreement else ()
    return all(mark.person != s.actor.person or mark.party == s.party_id for mark in marks)


@unanimous
@condition("with this ratification every party has ratified", weighs_inputs=True)
def this_is_the_last_ratification(s: Situation) -> bool:
    """Tell whether the act at hand completes the ratifications."""
    agreement = s.latest(Agreement, "ratification")
    return agreement is not None and s.party_ids <= {*agreement.ratified_by, s.party_id}


@condition("this party has not signed yet", weighs_inputs=True, once=True)
def the_party_has_not_signed(s: Situation) -> bool:
    """Count a signature once."""
    agreement = s.latest(Agreement, "signature")
    return agreement is not None and s.party_id not in agreement.signed_by


@unanimous
@condition("with this signature every party has signed the same text", weighs_inputs=True)
def this_is_the_last_signature(s: Situation) -> bool:
    """Tell whether the act at hand completes the signatures on one text."""
    agreement = s.latest(Agreement, "signature")
    return agreement is not None and s.party_ids <= {*agreement.signed_by, s.party_id}


@condition("no attestation of the neutral is awaited", mended_by=("attest",))
def no_attestation_is_awaited(s: Situation) -> bool:
    """Ask that what came from mediation is said to have come from it."""
    agreement = s.latest(Agreement, "signature", "signed")
    return agreement is None or not signing.awaits_attestation(s, agreement)


@condition("there is a text to attest, which this person has not attested yet")
def the_attester_has_not_attested(s: Situation) -> bool:
    """Count an attestation once."""
    agreement = s.latest(Agreement, *_TO_ATTEST)
    return agreement is not None and s.actor.person not in {mark.person for mark in agreement.attestations}


@condition("with this attestation a mediator and somebody other than the drafter have attested")
def this_completes_the_attestation(s: Situation) -> bool:
    """Tell whether the act at hand is the last thing the text waits for."""
    agreement = s.latest(Agreement, "signed")
    if agreement is None:
        return False
    return signing.is_attested(s, signing.attested(agreement, s))


@condition("the one who attests belongs to no party")
def the_attester_is_no_party(s: Situation) -> bool:
    """Keep the attestation with those who stand between the parties."""
    return not roles.parties_of(s.case, s.actor)


@condition("no agreement is in force")
def no_agreement_is_in_force(s: Situation) -> bool:
    """Ask that the case still has its end to find."""
    return s.latest(Agreement, "in force", "pending") is None


@condition("an agreement is in force")
def an_agreement_is_in_force(s: Situation) -> bool:
    """Ask for a signed text to correct or amend, of this cycle or an earlier one."""
    return signing.in_force(s.case) is not None
