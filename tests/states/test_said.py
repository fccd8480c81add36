"""Sentences that remember what they were made of."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime

import pytest

from states import errors, said


class French:
    """A language with two sentences."""

    def gettext(self, message: str, /) -> str:
        return {"%(party)s asks for %(what)s": "%(what)s, demandé par %(party)s", "a pause": "une pause"}.get(
            message, message
        )

    def ngettext(self, singular: str, plural: str, n: int, /) -> str:
        return {"%(count)s day": "%(count)s jour", "%(count)s days": "%(count)s jours"}[singular if n < 2 else plural]


def test_a_sentence_reads_as_english_text() -> None:
    assert said.say("%(party)s asks for %(what)s", party="UNMIS", what=said.say("a pause")) == "UNMIS asks for a pause"


def test_a_sentence_and_the_sentences_in_it_are_told_in_another_language() -> None:
    asked = said.say("%(party)s asks for %(what)s", party="UNMIS", what=said.say("a pause"))
    assert said.tell(asked, French()) == "une pause, demandé par UNMIS"


def test_a_number_goes_by_the_plural_of_the_language() -> None:
    none = said.count("%(count)s day", "%(count)s days", count=0)
    assert (none, said.tell(none, French())) == ("0 days", "0 jour")


def test_what_people_wrote_stays_as_it_is() -> None:
    assert said.tell("a pause", French()) == "a pause"


def test_a_per_cent_sign_needs_no_care_where_there_are_no_values() -> None:
    assert said.say("half is 50 %") == "half is 50 %"


def test_an_empty_sentence_is_told_as_nothing() -> None:
    assert said.tell(said.say(""), French()) == ""


def test_things_are_said_after_one_another_and_told_in_the_manner_of_the_language() -> None:
    class Arabic(French):
        def gettext(self, message: str, /) -> str:
            return message.replace(", ", "، ")

    words = said.listed(["a", "b", "c"])
    assert (words, said.tell(words, Arabic())) == ("a, b, c", "a، b، c")
    assert said.either(["a", "b", "c"]) == "a or b or c"
    assert said.together(["this is so", "that is so"]) == "this is so; that is so"
    assert said.listed(["alone"]) == "alone"
    assert said.listed([]) == ""


def test_a_very_long_list_can_be_told() -> None:
    names = [str(number) for number in range(5000)]
    assert said.tell(said.listed(names), French()) == ", ".join(names)


@pytest.mark.parametrize(
    ("value", "words"),
    [(datetime(2026, 12, 3, 14, tzinfo=UTC), "2026-12-03 14:00 UTC"), (date(2026, 12, 3), "2026-12-03"), (7, "7")],
)
def test_dates_are_spelled_by_whoever_tells_the_sentence(value: object, words: str) -> None:
    until = said.say("until %(then)s", then=value)
    assert until == f"until {words}"
    assert said.tell(until, French(), spell=lambda one: f"<{one}>") == f"until <{value}>"


def test_a_copy_remembers_its_pattern() -> None:
    asked = said.say("%(party)s asks", party="UNMIS")
    again = copy.deepcopy(asked)
    assert (again, again.pattern, again.values) == (asked, asked.pattern, asked.values)


def test_an_error_keeps_the_sentence_that_it_was_raised_with() -> None:
    sentence = errors.Refused(said.say("not now")).sentence
    assert isinstance(sentence, said.Said)
    assert sentence == "not now"


def test_a_sentence_is_shaped_after_it_was_told() -> None:
    begun = said.shaped(said.say("a pause"), str.capitalize)
    assert (begun, said.tell(begun, French())) == ("A pause", "Une pause")
    assert said.tell(copy.deepcopy(begun), French()) == "Une pause"


def test_a_word_of_the_rules_is_told_and_one_that_a_mission_chose_reads_as_written() -> None:
    assert [said.tell(said.word(one), French()) for one in ("a_pause", "a_truce")] == ["une pause", "a truce"]


def test_several_things_stand_under_a_label_and_on_lines_of_their_own() -> None:
    told = said.under("Rests", said.lines([said.say("a pause"), "UNMIS", ""]))
    assert said.tell(told, French()) == "Rests: une pause\nUNMIS\n"
