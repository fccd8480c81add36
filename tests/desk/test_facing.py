"""Sentences that run from right to left do so even where a name that does not stands first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from jinja2 import Environment

from desk import telling
from desk.words import Words, runs
from states.said import Said, say

NOW = datetime(2026, 12, 3, 13, tzinfo=UTC)
LATE = say("%(person)s did not answer in time", person="Anne")


def told(language: str, sentence: Said) -> str:
    environment = Environment(extensions=["jinja2.ext.i18n"], finalize=telling.told, autoescape=True)
    telling.install(environment)
    words = Words(language=language, timezone="Africa/Juba", now=NOW)
    return environment.from_string("<p>{{ sentence }}</p>").render(words=words, sentence=sentence)


def test_a_sentence_that_begins_with_a_name_runs_as_its_language_does() -> None:
    assert runs(told("ar", LATE).removeprefix("<p>")) == "rtl"
    assert told("en", LATE) == "<p>Anne did not answer in time</p>"


def test_words_of_another_language_stay_as_they_are() -> None:
    assert told("ar", say("%(person)s", person="Anne")) == "<p>Anne</p>"


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar", "ru", "zh"])
def test_the_clock_has_24_hours_in_every_language(language: str) -> None:
    words = Words(language=language, timezone="Africa/Juba", now=NOW)
    assert words.hour(NOW, "Africa/Juba") == "15:00"
