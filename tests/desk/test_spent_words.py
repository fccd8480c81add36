"""Lengths of time in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk import lateness_words, spent_words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
        (timedelta(days=3, minutes=59), "3 d"),
        (timedelta(hours=5, minutes=20), "5 h 20 min"),
        (timedelta(minutes=12, seconds=40), "12 min"),
        (timedelta(seconds=40), "under a minute"),
        (timedelta(), "no time"),
    ],
)
def test_a_length_of_time_is_told_in_its_two_largest_units(span: timedelta, words: str) -> None:
    assert spent_words.length(span) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(milliseconds=420), "0.4 s"),
        (timedelta(minutes=37), "37 min"),
        (timedelta(hours=5), "5 h"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_a_lateness_is_as_precise_as_it_deserves(span: timedelta, words: str) -> None:
    assert lateness_words.short(span) == words
