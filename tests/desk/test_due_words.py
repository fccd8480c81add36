"""Why a date is what it is, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config import working_time
from desk import due_words
from desk.words import Words
from states import durations
from states.durations import Duration, Pause

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
WORDS = Words(language="en", timezone="UTC", now=MONDAY)


@pytest.mark.parametrize(("reason", "told"), [("Floods", "Paused: Floods; "), ("", "Paused; ")])
def test_a_pause_is_told_with_its_reason_only_where_everybody_reads_it(reason: str, told: str) -> None:
    due = durations.due(
        MONDAY,
        Duration.parse("5 cd"),
        calendar=working_time.shipped_calendars()["mission"],
        timezone="UTC",
        pauses=(Pause(MONDAY, MONDAY + timedelta(hours=48), reason),),
    )
    (pause,) = [line for line in due_words.because(due, WORDS, "UTC") if line.startswith("Paused")]
    assert pause.startswith(told)
    assert pause.endswith("given back.")


def test_a_date_that_was_named_says_so() -> None:
    assert due_words.because(None, WORDS, "UTC") == ("The date was set on the entry itself.",)
