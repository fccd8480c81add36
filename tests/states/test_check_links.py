"""What the checker refuses of acts that reach another case."""

import pytest

from config import load, vocabulary
from states import errors

SPOILED = {
    "unguarded": ("link_case: {needs: [the_other_case_is_another]}", "trigger link_case: .*somebody else's"),
    "unknown answer": ("link_case: {there: fly}", "trigger link_case: there is no trigger “fly”"),
    "answer for people": ("be_linked: {who: [convener]}", "trigger link_case: .*add “system”"),
    "opened and never begun": ("sever_issue: {there: null}", "trigger sever_issue: .*nothing begins"),
    "nothing there": ("add_note: {there: be_linked}", "trigger add_note: .*names no other case"),
}


@pytest.mark.parametrize(("change", "words"), SPOILED.values(), ids=SPOILED.keys())
def test_an_act_that_cannot_reach_another_case_as_it_says_is_refused(change: str, words: str) -> None:
    text = f"process: ours\nextends: dispute\ntitle: Ours\ntriggers:\n  {change}\n"
    with pytest.raises(errors.DefinitionError, match=words):
        load.load_text(text, name="ours.yaml", vocabulary=vocabulary.shipped())
