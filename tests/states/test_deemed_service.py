"""When a mail counts as served: worked examples by the calendar of who gets it, and equal notice to all sides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from states import deemed_service
from states.calendar import Calendar
from states.deemed_service import Lacking
from states.durations import Duration, Roll, Rules
from states.process import Service
from states.wall_time import Window
from tests.states import test_engagement as scene

JUBA, ROME = ZoneInfo("Africa/Juba"), ZoneInfo("Europe/Rome")
DAY = (Window(time(8), time(17)),)


def calendar(zone: str, *weekend: int) -> Calendar:
    """Return a calendar open from 8 to 17 but on the days of its weekend; 3 December 2026, a Thursday, is a holiday."""
    return Calendar(
        name="of the recipient",
        timezone=zone,
        week=tuple(() if day in weekend else DAY for day in range(7)),
        valid_from=datetime(2026, 1, 1, tzinfo=UTC).date(),
        valid_until=datetime(2027, 12, 31, tzinfo=UTC).date(),
        holidays={datetime(2026, 12, 3, tzinfo=UTC).date(): "Disability Day"},
    )


WEEK, SUNDAY_TO_THURSDAY, AT_ROME = (
    calendar("Africa/Juba", 5, 6),
    calendar("Africa/Juba", 4, 5),
    calendar("Europe/Rome", 5, 6),
)


def served(span: str, at: str, *, by: Calendar = WEEK, roll: Roll = Roll.FOLLOWING) -> str:
    """Say when a mail that was taken at a Juba time counts as served, by a clock of Juba."""
    process = replace(
        scene.DISPUTE,
        timezone="Africa/Juba",
        rules=Rules(roll=roll),
        deemed_served={"e-mail": Duration.parse(span)},
        service=Service(mail="e-mail", cut_off=time(16), equal_notice=Duration.parse("1 wd")),
    )
    taken = datetime.fromisoformat(at).replace(tzinfo=JUBA)
    counted = deemed_service.counts_at(process, "e-mail", taken, calendar=by)
    return "" if counted is None else f"{counted.astimezone(JUBA):%a %d %b %H:%M}"


@pytest.mark.parametrize(
    ("span", "at", "counts"),
    [
        ("0 cd", "2026-11-23T15:59", "Mon 23 Nov 15:59"),
        ("0 cd", "2026-11-23T16:00", "Mon 23 Nov 16:00"),
        ("0 cd", "2026-11-23T16:01", "Tue 24 Nov 08:00"),
        ("0 cd", "2026-11-23T05:30", "Mon 23 Nov 08:00"),
        ("0 cd", "2026-11-27T16:01", "Mon 30 Nov 08:00"),
        ("0 cd", "2026-11-28T10:00", "Mon 30 Nov 08:00"),
        ("3 cd", "2026-11-23T10:00", "Thu 26 Nov 10:00"),
        ("3 cd", "2026-11-25T10:00", "Mon 30 Nov 10:00"),
        ("3 cd", "2026-11-27T18:00", "Fri 04 Dec 08:00"),
        ("1 wd", "2026-12-02T10:00", "Fri 04 Dec 10:00"),
        ("1 wd", "2026-12-02T17:00", "Mon 07 Dec 08:00"),
        ("2 h", "2026-11-28T22:00", "Sun 29 Nov 00:00"),
    ],
    ids=str,
)
def test_a_mail_counts_from_the_next_working_day_when_it_came_after_four(span: str, at: str, counts: str) -> None:
    assert served(span, at) == counts


def test_the_working_days_and_the_clock_are_the_recipients_own() -> None:
    assert served("0 cd", "2026-11-27T10:00", by=SUNDAY_TO_THURSDAY) == "Sun 29 Nov 08:00"
    # At 16:30 in Juba it is 15:30 in Rome, and 09:00 there is 10:00 in Juba.
    assert served("0 cd", "2026-11-23T16:30", by=AT_ROME) == "Mon 23 Nov 16:30"
    assert served("0 cd", "2026-11-23T17:30", by=AT_ROME) == "Tue 24 Nov 09:00"


def test_days_off_move_a_date_only_where_the_rules_say_so() -> None:
    assert served("3 cd", "2026-11-25T10:00", roll=Roll.NONE) == "Sat 28 Nov 10:00"
    assert deemed_service.counts_at(scene.DISPUTE, "by pigeon", scene.MONDAY, calendar=WEEK) is None


NINE = datetime(2026, 11, 27, 9, tzinfo=JUBA)
MONDAY_END = datetime(2026, 11, 30, 17, tzinfo=JUBA)


def lacking(now: datetime, *, unreachable: frozenset[str] = frozenset(), **told: datetime | None) -> list[Lacking]:
    """Say which sides lack a notice."""
    return list(deemed_service.lacking(scene.DISPUTE, told, unreachable=unreachable, calendar=WEEK, now=now))


def test_a_side_lacks_a_notice_once_the_time_for_equal_notice_is_over() -> None:
    assert lacking(MONDAY_END, A=NINE, B=None) == []
    assert lacking(MONDAY_END.replace(minute=1), A=NINE, B=None) == [Lacking("B", MONDAY_END)]
    assert lacking(MONDAY_END.replace(minute=1), A=NINE, B=MONDAY_END) == []
    assert lacking(MONDAY_END.replace(day=30, month=12), A=None, B=None) == []


def test_a_side_in_which_nobody_can_be_reached_lacks_a_notice_at_once() -> None:
    assert lacking(NINE, A=NINE, B=None, unreachable=frozenset({"B"})) == [Lacking("B", None)]
    assert lacking(NINE, A=NINE, B=NINE, unreachable=frozenset({"B"})) == []


def test_sides_that_were_told_too_far_apart_are_known() -> None:
    assert not deemed_service.apart(scene.DISPUTE, {"A": NINE, "B": MONDAY_END}, calendar=WEEK)
    assert deemed_service.apart(scene.DISPUTE, {"A": NINE, "B": MONDAY_END.replace(hour=18)}, calendar=WEEK)
    assert not deemed_service.apart(scene.DISPUTE, {"A": NINE, "B": None}, calendar=WEEK)
