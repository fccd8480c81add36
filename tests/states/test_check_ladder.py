"""What the checker refuses of a ladder: an act by which a tier is asked and nobody there, or told of it, hears."""

import pytest

from config import load, vocabulary
from states import check_ladder, errors
from states.process import AT_LEAST, Process

SHIPPED = ("dispute", "priority_conflict")
UNASKED = "who is asked there gets no mail; add one to “tier”"
UNTOLD = "those whom its “informs” names get no mail; add one to “informed”"
SPOILED = {
    "up, not asked": (
        "triggers: {climb: {mails: [escalation_told]}}",
        f"climb: it may put the matter to T1, T2, T3, and {UNASKED}",
    ),
    "up, not told": (
        "triggers: {climb: {mails: [escalation_asked]}}",
        f"climb: it may put the matter to T1, T2, T3, T4, and {UNTOLD}",
    ),
    "no mail at all": (
        "triggers: {climb: {mails: []}}",
        f"climb: it may put the matter to T1, T2, T3, T4, and {UNASKED}",
    ),
    "at least": (
        "triggers: {put_to_seniors: {mails: [escalation_asked]}}",
        f"put_to_seniors: it may put the matter to T3, T4, and {UNTOLD}",
    ),
    "one tier": (
        "triggers: {ask_outside_again: {mails: [escalation_asked]}}",
        f"ask_outside_again: it may put the matter to T4, and {UNTOLD}",
    ),
    "the tier asked": (
        "triggers: {put_question: {mails: [escalation_asked]}}",
        f"put_question: it may put the matter to T1, T2, T3, T4, and {UNTOLD}",
    ),
    "a question": (
        "triggers: {declare_impasse: {mails: [escalation_told]}}",
        f"declare_impasse: it may put the matter to T1, T2, T3, and {UNASKED}",
    ),
    "a request": (
        "triggers: {escalate: {mails: []}}",
        f"escalate: it may put the matter to T1, T2, T3, T4, and {UNTOLD}",
    ),
    "a mail that goes elsewhere": (
        "mails: {escalation_told: {to: [mediator]}}",
        f"climb: it may put the matter to T1, T2, T3, T4, and {UNTOLD}",
    ),
}


def shipped(name: str) -> Process:
    return load.load_shipped(name, vocabulary=vocabulary.shipped())


def refused(change: str) -> str:
    text = f"process: ours\nextends: dispute\ntitle: Ours\n{change}\n"
    with pytest.raises(errors.DefinitionError) as refusal:
        load.load_text(text, name="ours.yaml", vocabulary=vocabulary.shipped())
    return str(refusal.value)


@pytest.mark.parametrize(("change", "words"), SPOILED.values(), ids=SPOILED.keys())
def test_an_act_that_raises_the_tier_and_does_not_tell_is_refused(change: str, words: str) -> None:
    assert f"trigger {words}" in refused(change)


def test_the_line_of_the_act_is_named() -> None:
    text = "process: ours\nextends: dispute\ntitle: Ours\ntriggers:\n  climb: {mails: [escalation_asked]}\n"
    with pytest.raises(errors.DefinitionError, match=r"ours\.yaml:5: trigger climb: it may put the matter"):
        load.load_text(text, name="ours.yaml", vocabulary=vocabulary.shipped())


def test_an_act_that_puts_the_matter_to_a_tier_calls_nobody_beside_it() -> None:
    text = "process: ours\nextends: dispute\ntitle: Ours\ntriggers:\n  pause_for_safety: {tier: at least T1}\n"
    with pytest.raises(errors.DefinitionError, match=r"ours\.yaml:5: trigger pause_for_safety: .*leave “calls” out"):
        load.load_text(text, name="ours.yaml", vocabulary=vocabulary.shipped())


def test_a_request_asks_nobody_above_before_its_brief_has_left() -> None:
    process = shipped("dispute")
    heard = {who for name in process.triggers["escalate"].mails for who in process.mails[name].to}
    assert "tier" not in heard
    assert list(check_ladder.untold_climbs(process, vocabulary.shipped())) == []


def test_naming_everybody_of_the_tier_is_telling_them() -> None:
    everybody = "representative, area_manager, committee, senior_representative"
    text = f"process: ours\nextends: dispute\ntitle: Ours\nmails: {{escalation_told: {{to: [{everybody}]}}}}\n"
    assert load.load_text(text, name="ours.yaml", vocabulary=vocabulary.shipped()).name == "ours"


@pytest.mark.parametrize("name", SHIPPED)
def test_whoever_a_tier_informs_is_written_to_by_each_shipped_act_that_leads_there(name: str) -> None:
    process = shipped(name)
    leads = [one for one in process.triggers.values() if (one.tier or "T0").removeprefix(AT_LEAST) != "T0"]
    assert len(leads) > 12
    for act in leads:
        assert {"escalation_asked", "escalation_told"} <= {*act.mails}, act.name
