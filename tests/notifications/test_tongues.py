"""The languages Parley speaks, and what each spells in its own way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from notifications import tongues
from states.said import say


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [("fr", "fr"), ("fr-CD", "fr"), ("zh_Hans", "zh"), ("sw", "en"), ("nonsense", "en"), ("", "en")],
)
def test_a_reader_is_written_to_in_their_own_language_or_in_english(wanted: str, spoken: str) -> None:
    assert tongues.spoken_for(wanted) == spoken


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "3 December 2026, 3 December 2026, 14:05 UTC, 12345.5"),
        ("fr", "3 décembre 2026, 3 décembre 2026, 14:05 UTC, 12\N{NARROW NO-BREAK SPACE}345,5"),
        ("zh", "2026年12月3日, 2026年12月3日, 14:05 UTC, 12,345.5"),
    ],
)
def test_dates_and_numbers_in_a_sentence_are_spelled_as_the_language_does(language: str, told: str) -> None:
    instant = datetime(2026, 12, 3, 14, 5, tzinfo=UTC)
    sentence = say(
        "%(day)s, %(instant)s, %(amount)s", day=date(2026, 12, 3), instant=instant, amount=Decimal("12345.5")
    )
    assert tongues.Tongue(language).tell(sentence) == told
