"""What the checker refuses of acts that wait for others and of clocks that get a new date."""

import pytest

from config import load, vocabulary
from states import errors

SPOILED = {
    "both": ("stay: {seconded_by: mediator}", "trigger stay: .*keep one of the two"),
    "no party": ("extend: {agreed_by: mediator}", "trigger extend: .*which no party has"),
    "no reader": ("set_urgency: {seconded_by: registry}", "trigger set_urgency: .*reads nothing of a case"),
    "nobody answers": (
        "extend: {agreed_by: senior_representative}\n  agree: {who: [representative]}",
        "no act that does",
    ),
    "unguarded": ("agree: {needs: null}", "trigger stay: .*needs the_proposal_waits_for_them"),
    "the clock": ("stay: {who: [clock]}", "trigger stay: .*wait for nobody"),
    "no voter": ("appoint_neutral: {voted_by: mediator}", "trigger appoint_neutral: “mediator” may not do it"),
    "voted and agreed": ("replace_mediator: {agreed_by: representative}", "a vote and for other agreement too"),
    "no vote": ("close_vote: null", "trigger appoint_neutral: no act does close_vote"),
    "unknown role": ("stay: {agreed_by: everybody}", "trigger stay: there is no role “everybody”"),
    "unknown clock": ("extend: {extends: nights}", "trigger extend: there is no clock “nights”"),
}


@pytest.mark.parametrize(("change", "words"), SPOILED.values(), ids=SPOILED.keys())
def test_an_act_that_nobody_could_answer_is_refused(change: str, words: str) -> None:
    text = f"process: ours\nextends: dispute\ntitle: Ours\ntriggers:\n  {change}\n"
    with pytest.raises(errors.DefinitionError, match=words):
        load.load_text(text, name="ours.yaml", vocabulary=vocabulary.shipped())


def test_a_proposal_without_a_clock_is_refused() -> None:
    text = "process: ours\nextends: dispute\ntitle: Ours\ndeadlines: {proposal: null}\n"
    with pytest.raises(errors.DefinitionError, match="a proposal has no clock"):
        load.load_text(text, name="ours.yaml", vocabulary=vocabulary.shipped())


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ("nothing: {least: 1 wd, most: 2 wd}", "there is no clock “nothing”"),
        ("mediation: {least: 5 wd, most: 60 cd}", "write both in one unit"),
        ("mediation: {least: 50 wd, most: 6 wd}", "the shorter one first"),
    ],
)
def test_limits_that_cannot_be_kept_are_refused(limits: str, words: str) -> None:
    text = f"process: ours\nextends: dispute\ntitle: Ours\nlimits: {{{limits}}}\n"
    with pytest.raises(errors.DefinitionError, match=words):
        load.load_text(text, name="ours.yaml", vocabulary=vocabulary.shipped())
