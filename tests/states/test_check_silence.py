"""What the checker refuses of silence: a mail that asks and does not say what it means, and a yes said by the clock."""

import re

import pytest

from config import load, vocabulary
from states import errors
from states.process import CLOCK

SPOILED = {
    "a mail of an act": ("mails: {offer_made: {due: null}}", "mail offer_made: it asks for something; add “due: …”"),
    "a mail of proposals": ("mails: {proposal_made: {due: null}}", "mail proposal_made: it asks for something"),
    "a mail of votes": ("mails: {vote_opened: {due: null, silence: null}}", "mail vote_opened: it asks for something"),
    "a silence of nothing": ("mails: {feedback_asked: {silence: ''}}", "mail feedback_asked: it asks for something"),
    "no such clock": (
        "mails: {offer_made: {due: offers}}",
        "mail offer_made: there is no clock “offers”; did you mean",
    ),
    "a notice": ("mails: {case_closed: {silence: It stays closed.}}", "mail case_closed: a notice asks nothing"),
    "a notice with a clock": ("mails: {case_closed: {due: offer}}", "mail case_closed: a notice asks nothing"),
    "a served request": ("mails: {offer_made: {formal: true}}", "mail offer_made: whatever asks is served"),
}
NEVER = {
    "consent": ("give_consent: {who: [representative, convener, clock]}", "trigger give_consent: .*give_consent"),
    "ratification": ("ratify: {who: [senior_representative, clock]}", "trigger ratify: .*silence is none"),
    "signature": ("sign: {who: [representative, clock]}", "trigger sign: .*somebody's own word"),
    "ratification by another act": ("ratification_lapsed: {does: [ratify]}", "trigger ratification_lapsed: .*ratify"),
    "an offer": ("lapse_offer: {does: [accept_offer]}", "trigger lapse_offer: .*accept_offer"),
    "a rule": ("lapse_interim: {does: [accept_interim]}", "trigger lapse_interim: .*accept_interim"),
    "a proposal": ("lapse_proposal: {does: [agree_to_proposal]}", "trigger lapse_proposal: .*agree_to_proposal"),
    "a vote": ("vote: {who: [committee, clock]}", "trigger vote: .*but vote is"),
    "an approval": ("climb: {answers: approved}", "trigger climb: .*an answer of a tier"),
    "a decision": ("decide: {who: [committee, clock]}", "trigger decide: .*record_decision"),
    "minutes": ("leave_minutes: {does: [agree_minutes]}", "trigger leave_minutes: .*agree_minutes"),
    "a handover": ("lapse_handover: {does: [accept_handover]}", "trigger lapse_handover: .*accept_handover"),
    "an attestation": ("unattested: {does: [attest]}", "trigger unattested: .*attest"),
}
PAST = {
    "past a ratification": ("ratification_lapsed: {to: signature}", "this_is_the_last_ratification"),
    "past a signature": (
        "signature_lapsed: {moves: null, from: signature, to: attestation}",
        "from signature to attestation, .*this_is_the_last_signature",
    ),
    "past consent": ("consent_silent: {to: negotiation}", "from engagement to negotiation, .*every_party_consented"),
    "from any stage": (
        "climb: {to: signature}",
        "from ratification to signature, where people come only by the yes of every party",
    ),
}
# Each way in which something is left waiting: the clock that runs elsewhere, and the act that waits for ever.
WAITS = {
    "annotation": "trigger escalate: it leaves a “question” annotating",
    "instructions": "trigger return_down: it leaves a “decision” returned",
    "handover": "trigger hand_over_for_party: it leaves a “handover” offered",
    "offer": "trigger counter_offer: it leaves a “offer” open",
    "interim_proposed": "trigger propose_interim: it leaves a “interim” proposed",
    "inquiry": "trigger begin_inquiry: it leaves a “inquiry” running",
    "findings": "trigger report_inquiry: it leaves a “inquiry” reported",
    "response": "trigger acknowledge: it leaves a “statement” awaited",
    "shortlist": "trigger put_shortlist: it leaves a “preference” awaited",
    "sealed_round": "trigger open_sealed_round: it leaves a “round” open",
    "session": "trigger plan_session: it leaves a “session” planned",
}


def refused(change: str) -> str:
    text = f"process: ours\nextends: dispute\ntitle: Ours\n{change}\n"
    with pytest.raises(errors.DefinitionError) as refusal:
        load.load_text(text, name="ours.yaml", vocabulary=vocabulary.shipped())
    return str(refusal.value)


@pytest.mark.parametrize(("change", "words"), SPOILED.values(), ids=SPOILED.keys())
def test_a_mail_that_asks_says_what_silence_means(change: str, words: str) -> None:
    assert words in refused(change)


@pytest.mark.parametrize(("change", "words"), NEVER.values(), ids=NEVER.keys())
def test_the_clock_says_yes_for_nobody(change: str, words: str) -> None:
    assert re.search(words, refused(f"triggers: {{{change}}}"))


@pytest.mark.parametrize(("change", "words"), PAST.values(), ids=PAST.keys())
def test_the_clock_does_not_lead_past_the_yes_of_a_party(change: str, words: str) -> None:
    assert re.search(words, refused(f"triggers: {{{change}}}"))


def test_the_clock_may_go_on_where_every_party_has_said_yes() -> None:
    process = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
    on, _ = process.triggers["negotiation_ended"].moves
    assert CLOCK in process.triggers["negotiation_ended"].who
    assert "every_party_consented" in on.needs


def test_the_line_of_the_mail_is_named() -> None:
    text = "process: ours\nextends: dispute\ntitle: Ours\nmails:\n  offer_made: {due: null}\n"
    with pytest.raises(errors.DefinitionError, match=r"^ours\.yaml:5: mail offer_made"):
        load.load_text(text, name="ours.yaml", vocabulary=vocabulary.shipped())


def test_a_reminder_speaks_of_its_own_clock() -> None:
    process = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
    assert (process.mails["duty_reminder"].due, process.mails["duty_reminder"].silence) == ("", "")


@pytest.mark.parametrize(("clock", "words"), WAITS.items())
def test_nothing_waits_for_somebody_without_a_clock(clock: str, words: str) -> None:
    told = refused(f"deadlines: {{{clock}: {{states: [another]}}}}").splitlines()
    assert any(re.match(rf"[^:]+:[0-9]+: .*{re.escape(words)}", one) for one in told), told


@pytest.mark.parametrize(
    "clock", [*WAITS, "proposal", "deputy", "nobody_there", "mediator_idle", "safety_review", "whole_case"]
)
def test_a_clock_without_a_meaning_of_silence_is_refused_with_its_line(clock: str) -> None:
    told = refused(f"deadlines:\n  {clock}: {{silence: null, then: []}}")
    assert re.search(rf"ours\.yaml:5: deadline {clock}: it lacks silence", told), told


@pytest.mark.parametrize("stage", ["draft", "engagement", "ratification", "follow_up"])
def test_a_stage_without_a_meaning_of_silence_is_refused_with_its_line(stage: str) -> None:
    told = refused(f"stages:\n  {stage}: {{silence: null, then: []}}")
    assert re.search(rf"ours\.yaml:5: stage {stage}: .*it lacks silence", told), told


@pytest.mark.parametrize("tier", ["T1", "T2", "T3", "T4"])
def test_a_tier_without_a_meaning_of_silence_is_refused_with_its_line(tier: str) -> None:
    told = refused(f"ladder:\n  tiers:\n    {tier}: {{silence: null, then: []}}")
    assert re.search(rf"ours\.yaml:6: tier {tier}: it lacks silence", told), told


def test_a_later_step_of_a_silence_says_what_it_means_too() -> None:
    told = refused("stages:\n  ruling:\n    then: [{at: 200%, fires: sustain_by_silence}]")
    assert re.search(r"ours\.yaml:6: .*has no “means”; add the line", told), told


def test_the_end_of_a_tour_says_what_silence_means() -> None:
    assert "has no “means”" in refused("tours: {means: null}")
