"""The brief holds what both sides share, each side's own words, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from states import brief, roles
from states.items import Cause, Fact, Interim, Item, Offer, Option, Question
from tests.states.mediations import MONDAY, at

QUESTION = Question(
    id="q", zone=roles.SHARED, by="m", at=MONDAY, state="asked", tier="T2", text="Who guards?", cause="impasse"
)


def made(kind: type[Item], name: str, state: str, **values: Any) -> Item:  # noqa: ANN401 - any fields of the kind
    return kind(**{"id": name, "zone": roles.SHARED, "by": "m", "at": MONDAY, "state": state, **values})


def fact(name: str, state: str) -> Item:
    return made(Fact, name, state, statement=f"{name} is so", source="seen")


def page(*items: Item, question: Question = QUESTION) -> brief.Brief:
    case = replace(at("sessions"), items=(question, *items))
    return brief.brief(case, question)


def test_facts_stand_apart_as_the_sides_see_them_and_corrected_ones_are_gone() -> None:
    found = page(fact("a", "agreed"), fact("d", "disputed"), fact("u", "unknown"), fact("c", "corrected"))
    assert [one.id for one in found.agreed] == ["a"]
    assert [one.id for one in found.disputed] == ["d"]


def test_a_question_about_one_issue_leaves_the_others_out() -> None:
    causes = [
        made(Cause, f"c{issue}", "confirmed", issue=issue, statement="?", family="data") for issue in ("gate", "road")
    ]
    options = [made(Option, f"o{issue}", "tested", issue=issue, text="?") for issue in ("gate", "road")]
    asked = replace(QUESTION, issue="gate")
    found = page(*causes, *options, question=asked)
    assert ([one.id for one in found.causes], [one.id for one in found.options]) == (["cgate"], ["ogate"])
    whole = page(*causes, *options)
    assert len(whole.causes) == len(whole.options) == 2


def test_a_dropped_option_is_no_option() -> None:
    assert page(made(Option, "o", "dropped", issue="gate", text="?")).options == ()


@pytest.mark.parametrize("state", ["rejected", "lapsed", "withdrawn", "countered"])
def test_what_led_to_nothing_was_tried(state: str) -> None:
    (tried,) = page(made(Offer, "o", state, party="A", text="Two days")).tried
    assert tried.id == "o"


def test_what_still_stands_was_not_tried() -> None:
    assert page(made(Offer, "o", "open", party="A", text="Two days")).tried == ()


def test_the_rule_in_force_is_told_and_one_that_ended_is_not() -> None:
    ends = MONDAY + timedelta(days=2)
    rules = [made(Interim, state, state, rule="No convoys", expires_at=ends) for state in ("on", "ended", "proposed")]
    assert [one.id for one in page(*rules).meanwhile] == ["on"]


def test_every_side_has_a_column_though_it_wrote_nothing() -> None:
    columns = page().columns
    assert [(party.id, said) for party, said in columns] == [("A", None), ("B", None)]


def test_the_open_question_is_found_before_newer_ones_that_were_answered() -> None:
    case = replace(at("sessions"), items=(QUESTION, replace(QUESTION, id="r", state="refused")))
    assert brief.find(case) == QUESTION
    found = brief.find(case, "r")
    assert found is not None
    assert found.id == "r"
    assert brief.find(case, "nothing") is None
    assert brief.find(replace(case, items=())) is None
