"""What a run says of itself, without Prefect's server."""

from __future__ import annotations

from flows import runs

WORDS = {"fired": ("timer", "timers"), "escalations": ("escalation", "escalations")}


def test_a_run_says_how_many_of_each_thing_it_did() -> None:
    assert runs.sentence({"fired": 42, "escalations": 3, "parked": 0}, WORDS) == "42 timers, 3 escalations"


def test_one_thing_is_said_in_the_singular() -> None:
    assert runs.sentence({"fired": 1}, WORDS) == "1 timer"


def test_a_count_without_words_is_said_by_its_own_name() -> None:
    assert runs.sentence({"parked": 2}, WORDS) == "2 parked"


def test_nothing_done_is_not_worth_a_sentence_or_a_table() -> None:
    assert runs.sentence({"fired": 0}, WORDS) == ""
    assert runs.table({"fired": 0}, WORDS) == []


def test_the_table_has_a_line_for_each_thing_done() -> None:
    assert runs.table({"fired": 2, "parked": 0}, WORDS) == [{"what": "timers", "how many": 2}]
