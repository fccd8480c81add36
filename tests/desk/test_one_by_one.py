"""One question a page: what comes after which, and that nothing typed is lost on the way."""

from __future__ import annotations

import re

from desk.pages.one_by_one import next_after
from tests.desk.house import Front, form_of

SCREENING = "D-2026-0002"
ACT = f"/cases/{SCREENING}/acts/record_screening"
ASKED = ("who", "why", "when")


def test_the_questions_come_in_order_and_lead_to_the_check() -> None:
    turns = [next_after(ASKED, {"asked": name}, wrong=()) for name in ASKED]
    assert turns == ["why", "when", None]


def test_nobody_gets_past_a_question_that_is_not_answered_but_backwards() -> None:
    assert next_after(ASKED, {"asked": "why"}, wrong=("why",)) == "why"
    assert next_after(ASKED, {"back": "why"}, wrong=("why",)) == "who"
    assert next_after(ASKED, {"back": "who"}, wrong=()) == "who"


def test_an_answer_that_is_changed_leads_straight_back_to_the_check() -> None:
    assert next_after(ASKED, {"change": "why"}, wrong=()) == "why"
    assert next_after(ASKED, {"asked": "why", "revised": "yes"}, wrong=()) is None
    assert next_after(ASKED, {"asked": "why", "revised": "yes"}, wrong=("when",)) == "when"


def test_a_form_that_names_no_question_asked_for_everything() -> None:
    assert next_after(ASKED, {"who": "Ana"}, wrong=ASKED) is None
    assert next_after(ASKED, {"asked": "something else"}, wrong=()) is None


def test_an_act_is_asked_question_by_question_and_nothing_typed_is_lost(front: Front) -> None:
    with front.client("claire") as client:
        page, seen = client.get(ACT).text, []
        while place := re.search(r"Question (\d+) of (\d+)", page):
            name = re.findall(r'name="asked" value="([a-z_]+)"', page)[0]
            assert name not in seen, page
            seen.append(name)
            page = client.post(f"{ACT}/check", data=form_of(page) | {name: _answer(page, name), "asked": name}).text
        assert place is None
        assert len(seen) > 2
        assert "Check before you do it" in page
        kept = form_of(page)
        assert all(kept[name] for name in seen)
        changed = client.post(f"{ACT}/check", data=kept | {"change": seen[0]}).text
        assert f'name="asked" value="{seen[0]}"' in changed
        answer = {seen[0]: kept[seen[0]], "asked": seen[0]}
        again = client.post(f"{ACT}/check", data=form_of(changed) | answer).text
        assert "Check before you do it" in again


def test_an_unanswered_question_says_what_is_wrong_with_it_alone(front: Front) -> None:
    with front.client("claire") as client:
        page = client.get(ACT).text
        name = re.findall(r'name="asked" value="([a-z_]+)"', page)[0]
        answer = client.post(f"{ACT}/check", data=form_of(page) | {name: "", "asked": name})
        assert answer.status_code == 422
        (_problem,) = re.findall(r'<li><a href="#field-', answer.text)


def _answer(page: str, name: str) -> str:
    """Answer a question: the first thing there is to choose, or words."""
    chosen = re.search(rf'<input type="radio" name="{name}"[^>]* value="([^"]+)"', page)
    return chosen[1] if chosen else form_of(page).get(name) or "1 December 2026"
