"""Deadlines as people count them: worked examples that can be checked with a paper calendar."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states import durations, errors
from states.calendar import Calendar
from states.durations import DayEnds, Due, Duration, Pause, Roll, Rules, Unit
from states.wall_time import Window

BERLIN = "Europe/Berlin"
JUBA = "Africa/Juba"
LUNCH = (Window.parse("08:00-12:30"), Window.parse("13:30-17:00"))


def office(timezone: str = BERLIN, *, holidays: dict[date, str] | None = None) -> Calendar:
    return Calendar(
        name="office",
        timezone=timezone,
        week=(LUNCH,) * 5 + ((), ()),
        valid_from=date(2025, 1, 1),
        valid_until=date(2027, 12, 31),
        holidays=holidays or {},
    )


def local(text: str, timezone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(timezone))


def pause(start: str, end: str, reason: str = "talks") -> Pause:
    return Pause(local(start), local(end), reason)


def due(
    start: str,
    duration: str,
    *,
    calendar: Calendar | None = None,
    rules: Rules = durations.PLAIN,
    pauses: tuple[Pause, ...] = (),
) -> Due:
    return durations.due(
        local(start),
        Duration.parse(duration),
        calendar=calendar or office(),
        timezone=BERLIN,
        rules=rules,
        pauses=pauses,
    )


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("90 min", "90 min"),
        ("1 minute", "1 min"),
        ("48 h", "48 h"),
        ("4 hours", "4 h"),
        ("8wh", "8 wh"),
        ("8 working hours", "8 wh"),
        ("3 wd", "3 wd"),
        ("1 Working Day", "1 wd"),
        ("3  working days", "3 wd"),
        ("60 cd", "60 cd"),
        ("60 civil days", "60 cd"),
        ("8 weeks", "56 cd"),
        ("1 week", "7 cd"),
        ("-7 cd", "-7 cd"),
        ("- 2 h", "-2 h"),
        ("+1 wd", "1 wd"),
    ],
)
def test_a_duration_is_read_as_people_write_it(text: str, short: str) -> None:
    assert str(Duration.parse(text)) == short


@given(st.builds(Duration, st.integers(-99_999, 99_999), st.sampled_from(Unit)))
def test_a_duration_reads_back_what_it_wrote(duration: Duration) -> None:
    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize(
    "text",
    ["", "3", "wd", "3.5 h", "three days", "3 days", "3 d", "1 month", "3 wd 2 h", "3 week days", "1e3 h", "٣ wd"],
)
def test_a_span_that_cannot_be_read_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(errors.DurationError, match=r"working days.*civil days.*such as '3 wd'"):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("start", "duration", "expected"),
    [
        pytest.param("2026-03-06T10:00", "1 wd", "2026-03-09T17:00", id="Friday + 1 working day: Monday's close"),
        pytest.param("2026-03-06T10:00", "3 wd", "2026-03-11T17:00", id="Friday + 3 working days: Wednesday's close"),
        pytest.param("2026-03-07T10:00", "1 wd", "2026-03-09T17:00", id="Saturday counts like Friday"),
        pytest.param("2026-03-06T16:00", "2 wh", "2026-03-09T09:00", id="Friday 16:00 + 2 working hours: Monday 9:00"),
        pytest.param("2026-03-06T15:00", "2 wh", "2026-03-06T17:00", id="ending with the day ends at the close"),
        pytest.param("2026-03-03T12:00", "1 wh", "2026-03-03T14:00", id="the lunch break does not count"),
        pytest.param("2026-03-03T13:00", "1 wh", "2026-03-03T14:30", id="a start at lunch counts from 13:30"),
        pytest.param("2026-03-07T11:00", "0 wh", "2026-03-07T11:00", id="no time at all is over at once"),
        pytest.param("2026-03-06T16:00", "48 h", "2026-03-08T16:00", id="clock hours run through the weekend"),
        pytest.param("2026-03-28T12:00", "24 h", "2026-03-29T13:00", id="24 clock hours over the change of clocks"),
        pytest.param("2026-03-28T12:00", "1 cd", "2026-03-29T12:00", id="a civil day keeps the wall time"),
        pytest.param("2026-03-27T16:00", "2 wh", "2026-03-30T09:00", id="working hours over the change of clocks"),
        pytest.param("2026-03-06T10:00", "8 weeks", "2026-05-01T10:00", id="eight weeks later, same wall time"),
        pytest.param("2026-03-06T10:00", "90 min", "2026-03-06T11:30", id="minutes"),
    ],
)
def test_a_deadline_falls_where_the_paper_calendar_says(start: str, duration: str, expected: str) -> None:
    assert due(start, duration).at == local(expected)


def test_a_holiday_is_passed_over() -> None:
    calendar = office(holidays={date(2026, 3, 9): "Mission Day"})
    assert due("2026-03-06T10:00", "1 wd", calendar=calendar).at == local("2026-03-10T17:00")
    assert due("2026-03-06T16:00", "2 wh", calendar=calendar).at == local("2026-03-10T09:00")


def test_a_deadline_is_told_in_utc() -> None:
    assert due("2026-03-06T10:00", "1 wd").at.tzinfo is UTC


def test_working_days_follow_the_place_of_the_calendar_and_civil_days_the_process() -> None:
    start = datetime(2026, 3, 8, 22, 30, tzinfo=UTC)
    juba = office(JUBA)
    working = durations.due(start, Duration(1, Unit.WORKING_DAY), calendar=juba, timezone="UTC")
    civil = durations.due(start, Duration(1, Unit.CIVIL_DAY), calendar=juba, timezone=BERLIN)
    assert working.at == local("2026-03-10T17:00", JUBA)
    assert civil.at == local("2026-03-09T23:30")


def test_a_day_may_end_at_the_hour_of_its_start() -> None:
    same_time = Rules(day_ends=DayEnds.SAME_TIME)
    assert due("2026-03-06T10:00", "1 wd", rules=same_time).at == local("2026-03-09T10:00")
    assert due("2026-03-06T22:00", "1 wd", rules=same_time).at == local("2026-03-09T17:00")
    assert due("2026-03-06T05:00", "1 wd", rules=same_time).at == local("2026-03-09T08:00")


@pytest.mark.parametrize(
    ("start", "duration", "expected"),
    [
        pytest.param("2026-03-05T15:00", "1 wd", "2026-03-06T17:00", id="in time"),
        pytest.param("2026-03-05T15:01", "1 wd", "2026-03-09T17:00", id="too late: counts as Friday's"),
        pytest.param("2026-03-07T09:00", "1 wd", "2026-03-10T17:00", id="Saturday counts as Monday's"),
        pytest.param("2026-03-05T15:01", "2 wh", "2026-03-06T10:00", id="working hours from the opening"),
        pytest.param("2026-03-05T06:00", "5 cd", "2026-03-10T08:00", id="before the opening: from the opening"),
        pytest.param("2026-03-06T15:01", "5 cd", "2026-03-14T08:00", id="civil days from Monday's opening"),
        pytest.param("2026-03-06T15:01", "2 h", "2026-03-06T17:01", id="clock hours know no cut-off"),
    ],
)
def test_what_arrives_after_the_cut_off_counts_from_the_next_working_day(
    start: str, duration: str, expected: str
) -> None:
    assert due(start, duration, rules=Rules(cut_off=time(15))).at == local(expected)


@pytest.mark.parametrize(
    ("roll", "expected"),
    [
        (Roll.NONE, "2026-03-07T10:00"),
        (Roll.FOLLOWING, "2026-03-10T10:00"),
        (Roll.PRECEDING, "2026-03-06T10:00"),
    ],
)
def test_a_civil_day_on_a_day_off_goes_where_the_rules_say(roll: Roll, expected: str) -> None:
    calendar = office(holidays={date(2026, 3, 9): "Mission Day"})
    assert due("2026-03-02T10:00", "5 cd", calendar=calendar, rules=Rules(roll=roll)).at == local(expected)


def test_a_roll_backwards_never_ends_before_the_start() -> None:
    assert due("2026-03-07T10:00", "0 cd", rules=Rules(roll=Roll.PRECEDING)).at == local("2026-03-07T10:00")


@pytest.mark.parametrize(
    ("start", "duration", "expected"),
    [
        pytest.param("2026-03-04T14:00", "6 wh", "2026-03-05T15:00", id="working hours get three working hours back"),
        pytest.param("2026-03-03T10:00", "2 wd", "2026-03-06T11:00", id="so do working days, after the close"),
        pytest.param("2026-03-03T10:00", "3 cd", "2026-03-07T04:00", id="civil days get eighteen clock hours back"),
        pytest.param("2026-03-04T10:00", "30 h", "2026-03-06T10:00", id="so do clock hours"),
    ],
)
def test_a_pause_gives_back_the_time_it_took(start: str, duration: str, expected: str) -> None:
    overnight = pause("2026-03-04T16:00", "2026-03-05T10:00")
    assert due(start, duration, pauses=(overnight,)).at == local(expected)


def test_pauses_that_overlap_count_once_and_keep_both_reasons() -> None:
    overlapping = (
        pause("2026-03-04T11:00", "2026-03-04T13:00", "site closed"),
        pause("2026-03-04T10:00", "2026-03-04T12:00", "talks"),
        pause("2026-03-04T12:00", "2026-03-04T12:30", "talks"),
    )
    paused = due("2026-03-04T09:00", "6 h", pauses=overlapping)
    assert paused.at == local("2026-03-04T18:00")
    assert [counted.pause.reason for counted in paused.pauses] == ["talks; site closed"]


def test_a_pause_counts_when_an_earlier_one_has_carried_the_deadline_past_its_beginning() -> None:
    first, second = pause("2026-03-04T10:00", "2026-03-04T12:00"), pause("2026-03-04T14:00", "2026-03-04T15:00")
    assert due("2026-03-04T09:00", "4 h", pauses=(second,)).at == local("2026-03-04T13:00")
    assert due("2026-03-04T09:00", "4 h", pauses=(second, first)).at == local("2026-03-04T16:00")


def test_a_pause_that_begins_at_the_due_instant_is_too_late() -> None:
    paused = due("2026-03-04T09:00", "4 h", pauses=(pause("2026-03-04T13:00", "2026-03-04T15:00"),))
    assert paused.at == local("2026-03-04T13:00")
    assert paused.pauses[0].given_back == timedelta()


def test_what_is_over_at_once_cannot_be_paused() -> None:
    around = pause("2026-03-04T08:00", "2026-03-04T15:00")
    assert due("2026-03-04T09:00", "0 wh", pauses=(around,)).at == local("2026-03-04T09:00")


def test_only_the_part_of_a_pause_after_the_start_counts() -> None:
    paused = due("2026-03-04T09:00", "4 h", pauses=(pause("2026-03-03T09:00", "2026-03-04T10:00"),))
    assert paused.at == local("2026-03-04T14:00")


def test_a_pause_after_a_roll_still_leaves_the_time_that_was_shown() -> None:
    paused = due(
        "2026-03-02T10:00",
        "5 cd",
        rules=Rules(roll=Roll.FOLLOWING),
        pauses=(pause("2026-03-08T10:00", "2026-03-10T10:00"),),
    )
    assert paused.at == local("2026-03-11T10:00")


def test_a_pause_that_carries_the_deadline_onto_a_day_off_rolls_it_again() -> None:
    paused = due(
        "2026-03-02T10:00",
        "4 cd",
        rules=Rules(roll=Roll.FOLLOWING),
        pauses=(pause("2026-03-03T10:00", "2026-03-04T10:00"),),
    )
    assert paused.at == local("2026-03-09T10:00")


def test_what_makes_no_deadline_is_refused() -> None:
    with pytest.raises(errors.DurationError, match="must not be negative"):
        due("2026-03-04T09:00", "-1 wd")
    with pytest.raises(errors.DurationError, match="'talks' ends before it starts"):
        pause("2026-03-04T12:00", "2026-03-04T10:00")
    with pytest.raises(errors.DefinitionError, match="no time zone “Mars”"):
        durations.due(local("2026-03-04T09:00"), Duration(1, Unit.HOUR), calendar=office(), timezone="Mars")


def test_instants_without_a_time_zone_are_refused_everywhere() -> None:
    naive, aware = local("2026-03-04T09:00").replace(tzinfo=None), local("2026-03-05T09:00")
    hour, calendar = Duration(1, Unit.HOUR), office()
    attempts: list[Callable[[], object]] = [
        lambda: durations.due(naive, hour, calendar=calendar, timezone=BERLIN),
        lambda: durations.shift(naive, hour, calendar=calendar, timezone=BERLIN),
        lambda: durations.time_between(naive, aware, basis=Unit.HOUR, calendar=calendar),
        lambda: Pause(naive, aware, "talks"),
        lambda: Pause(aware, naive, "talks"),
    ]
    for attempt in attempts:
        with pytest.raises(errors.ParleyError, match="no time zone"):
            attempt()


def test_civil_days_and_clock_hours_do_not_need_the_calendar_to_reach() -> None:
    assert due("2007-02-01T10:00", "60 cd").at == local("2007-04-02T10:00")
    assert due("2007-02-01T10:00", "1 h").at == local("2007-02-01T11:00")
    with pytest.raises(errors.OutsideCalendar):
        due("2007-02-01T10:00", "1 wd")


@pytest.mark.parametrize(
    ("span", "percent", "expected"),
    [
        pytest.param("3 wh", 50, "2026-03-09T08:30", id="half of three working hours"),
        pytest.param("66 h", 50, "2026-03-08T01:00", id="half of sixty-six clock hours"),
        pytest.param("3 wh", 0, "2026-03-06T16:00", id="the start"),
        pytest.param("3 cd", 100, "2026-03-09T16:00", id="the due instant"),
        pytest.param("1 h", 200, "2026-03-06T18:00", id="as long again"),
    ],
)
def test_a_share_of_the_time_is_over_when_the_unit_says(span: str, percent: int, expected: str) -> None:
    assert durations.portion(due("2026-03-06T16:00", span), percent) == local(expected)


def test_a_share_never_lies_outside_the_time() -> None:
    over_the_weekend = due("2026-03-07T10:00", "0 wh")
    for percent in (0, 50, 100):
        assert over_the_weekend.start <= durations.portion(over_the_weekend, percent) <= over_the_weekend.at


def test_a_share_below_nothing_is_refused() -> None:
    with pytest.raises(errors.DurationError, match="from 0 up"):
        durations.portion(due("2026-03-06T16:00", "1 h"), -1)


@pytest.mark.parametrize(
    ("instant", "offset", "expected"),
    [
        ("2026-03-09T17:00", "-1 wd", "2026-03-06T17:00"),
        ("2026-03-09T10:00", "-2 wd", "2026-03-05T10:00"),
        ("2026-03-06T17:00", "+1 wd", "2026-03-09T17:00"),
        ("2026-03-07T12:00", "-1 wd", "2026-03-06T12:00"),
        ("2026-04-03T10:00", "-7 cd", "2026-03-27T10:00"),
        ("2026-03-29T12:00", "-12 h", "2026-03-28T23:00"),
        ("2026-03-09T09:00", "-2 wh", "2026-03-06T16:00"),
        ("2026-03-09T09:00", "-1 wh", "2026-03-09T08:00"),
        ("2026-03-06T16:00", "+1 wh", "2026-03-06T17:00"),
        ("2026-03-06T16:00", "-30 min", "2026-03-06T15:30"),
    ],
)
def test_an_offset_lies_as_far_before_or_after_as_it_says(instant: str, offset: str, expected: str) -> None:
    shifted = durations.shift(local(instant), Duration.parse(offset), calendar=office(), timezone=BERLIN)
    assert shifted == local(expected)


def test_a_deadline_in_working_days_tells_its_reasons() -> None:
    calendar = office(holidays={date(2026, 3, 9): "Mission Day", date(2026, 3, 7): "Saturday Feast"})
    told = due(
        "2026-03-05T16:00",
        "2 wd",
        calendar=calendar,
        rules=Rules(cut_off=time(15)),
        pauses=(
            pause("2026-03-10T08:00", "2026-03-10T10:00", "site closed"),
            pause("2026-03-20T08:00", "2026-03-20T09:00"),
        ),
    ).explain()
    assert json.loads(json.dumps(told)) == {
        "target": "2 wd",
        "basis": "working day",
        "start": "2026-03-05T15:00:00+00:00",
        "cut_off": {"after": "15:00", "from": "2026-03-05T15:00:00+00:00"},
        "counted_from": "2026-03-06T07:00:00+00:00",
        "windows": {
            "count": 5,
            "first": ["2026-03-10T07:00:00+00:00", "2026-03-10T11:30:00+00:00"],
            "last": ["2026-03-12T07:00:00+00:00", "2026-03-12T09:00:00+00:00"],
            "seconds": 18 * 3600,
            "counted_seconds": 16 * 3600,
        },
        "holidays_skipped": [{"date": "2026-03-09", "name": "Mission Day"}],
        "weekend_days_skipped": 2,
        "pauses": [
            {
                "reason": "site closed",
                "from": "2026-03-10T07:00:00+00:00",
                "until": "2026-03-10T09:00:00+00:00",
                "given_back_seconds": 7200,
            },
            {
                "reason": "talks",
                "from": "2026-03-20T07:00:00+00:00",
                "until": "2026-03-20T08:00:00+00:00",
                "given_back_seconds": 0,
            },
        ],
        "rolled": [],
        "due": "2026-03-12T09:00:00+00:00",
        "due_local": "2026-03-12T10:00:00+01:00",
        "timezone": BERLIN,
        "calendar": {"name": "office", "version": calendar.version},
    }


def test_a_rolled_deadline_tells_from_where_and_over_what() -> None:
    calendar = office(holidays={date(2026, 3, 4): "Ash Day", date(2026, 3, 9): "Mission Day"})
    told = due("2026-03-02T10:00", "5 cd", calendar=calendar, rules=Rules(roll=Roll.FOLLOWING)).explain()
    assert told["rolled"] == [
        {"from": "2026-03-07T09:00:00+00:00", "to": "2026-03-10T09:00:00+00:00", "roll": "following"}
    ]
    assert told["holidays_skipped"] == [{"date": "2026-03-09", "name": "Mission Day"}]
    assert told["weekend_days_skipped"] == 2
    assert told["windows"] is None
    assert told["cut_off"] is None


def test_a_cut_off_that_moved_nothing_is_not_told() -> None:
    told = due("2026-03-05T14:00", "1 wd", rules=Rules(cut_off=time(15))).explain()
    assert told["cut_off"] is None
    assert told["counted_from"] == told["start"]


def test_days_off_that_a_cut_off_passes_over_are_told() -> None:
    told = due("2026-03-07T10:00", "10 cd", rules=Rules(cut_off=time(15))).explain()
    assert told["weekend_days_skipped"] == 2


def test_clock_hours_skip_nothing() -> None:
    told = due("2026-03-06T10:00", "72 h").explain()
    assert (told["holidays_skipped"], told["weekend_days_skipped"], told["windows"]) == ([], 0, None)
