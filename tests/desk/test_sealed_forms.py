"""A form that puts a name to a text carries the seal of the text it shows, and no other."""

from __future__ import annotations

from desk.forms import Control, FormMaker
from desk.words import Words
from states import asking, machine, roles
from states.case import Case
from tests.states.agreeing import CONVENER, DISPUTE, MONDAY, do, drafted, refusal, text

SENIOR = "senior_representative A"


def seal_in(case: Case, typed: dict[str, str] | None = None) -> Control:
    """Make the form on which a senior ratifies, and return its seal."""
    trigger = machine.find_trigger(DISPUTE, "ratify")
    asked = asking.asked(DISPUTE, case, trigger, roles.Actor(SENIOR))
    words = Words(language="en", timezone="Africa/Juba", now=MONDAY)
    made = FormMaker(case=case, people={}, zone="Africa/Juba", words=words).controls(asked, typed)
    return next(one for one in made if one.name == "seal")


def test_the_form_carries_the_seal_of_the_text_it_shows() -> None:
    case = do(drafted(), "draft_ready", CONVENER)
    shown = seal_in(case)
    assert (shown.kind, shown.value) == ("hidden", text(case).text_hash)
    assert text(do(case, "ratify", SENIOR, seal=shown.value)).ratified_by == ("A",)


def test_a_form_from_before_a_change_is_refused_and_shown_again_with_the_text_of_now() -> None:
    before = do(drafted(), "draft_ready", CONVENER)
    old = seal_in(before).value
    case = do(before, "return_draft", "senior_representative B", reason="The south gate too")
    case = do(do(case, "write_agreement", CONVENER, text="Three slots a day"), "draft_ready", CONVENER)
    assert "the text has changed since" in refusal(case, "ratify", SENIOR, seal=old)
    assert seal_in(case, {"seal": old}).value == text(case).text_hash != old
