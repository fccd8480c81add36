"""Calendars that other programs read: what stands in them, and that the same dates give the same bytes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import icalendar

from notifications import ics
from notifications.ics import Entry

JUBA = ZoneInfo("Africa/Juba")
ENTRY = Entry(
    uid="abc@desk.example",
    summary="D-2026-0001: Answer, the notice; please",
    at=datetime(2026, 12, 3, 16, tzinfo=JUBA),
    url="https://desk.example/cases/D-2026-0001",
    sequence=7,
    changed_at=datetime(2026, 11, 22, 7, 0, 0, 5, tzinfo=UTC),
)


def written(*entries: Entry) -> bytes:
    return ics.calendar(entries, name="Coming dates, Parley", product="Parley")


def test_a_date_is_one_instant_in_utc_with_its_name_number_and_link() -> None:
    calendar = icalendar.Calendar.from_ical(written(ENTRY))
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("dtstart") == datetime(2026, 12, 3, 14, tzinfo=UTC)
    assert (str(event["uid"]), event.decoded("sequence"), str(event["url"])) == (ENTRY.uid, 7, ENTRY.url)
    assert str(event["summary"]) == ENTRY.summary
    assert event.decoded("dtstamp") == datetime(2026, 11, 22, 7, tzinfo=UTC)
    assert {"DTSTART", "DTSTAMP", "LAST-MODIFIED", "UID", "SEQUENCE", "SUMMARY", "URL", "CLASS", "TRANSP"} == set(event)


def test_instants_are_written_so_that_no_time_zone_has_to_come_along() -> None:
    assert b"DTSTART:20261203T140000Z\r\n" in written(ENTRY)
    assert b"TZID" not in written(ENTRY)


def test_the_same_dates_give_the_same_bytes_and_others_do_not() -> None:
    assert written(ENTRY) == written(ENTRY)
    assert written(ENTRY) != written(replace(ENTRY, sequence=8))


def test_a_calendar_without_dates_is_still_a_calendar() -> None:
    calendar = icalendar.Calendar.from_ical(written())
    assert (str(calendar["version"]), calendar.walk("VEVENT")) == ("2.0", [])
    assert max(len(line) for line in written(ENTRY).split(b"\r\n")) <= 75
