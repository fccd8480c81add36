"""Working time as people know it: weekends, lunch breaks, holidays, changes of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states import errors
from states.calendar import Calendar
from states.wall_time import Window, as_utc, at_local

LUNCH = ("08:00-12:30", "13:30-17:00")
MON_TO_FRI = (LUNCH,) * 5 + ((), ())
SUN_TO_THU = (LUNCH,) * 4 + ((), (), LUNCH)
AROUND_THE_CLOCK = (("00:00-24:00",),) * 7
ZONES = ("Europe/Berlin", "Africa/El_Aaiun", "America/Port-au-Prince", "Asia/Beirut", "Africa/Juba", "UTC")


def office(
    timezone: str = "Europe/Berlin",
    *,
    week: tuple[tuple[str, ...], ...] = MON_TO_FRI,
    holidays: dict[date, str] | None = None,
    valid_from: date = date(2025, 1, 1),
    valid_until: date = date(2027, 12, 31),
) -> Calendar:
    return Calendar(
        name="office",
        timezone=timezone,
        week=tuple(tuple(map(Window.parse, day)) for day in week),
        valid_from=valid_from,
        valid_until=valid_until,
        holidays=holidays or {},
    )


def local(text: str, timezone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(timezone))


def worked(calendar: Calendar, start: str, end: str) -> timedelta:
    return calendar.position(local(end, calendar.timezone)) - calendar.position(local(start, calendar.timezone))


OFFICES = {timezone: office(timezone) for timezone in ZONES}
calendars = st.sampled_from([*OFFICES.values(), *(office(timezone, week=AROUND_THE_CLOCK) for timezone in ZONES)])
instants = st.datetimes(datetime(2025, 1, 3), datetime(2027, 12, 29), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
days = st.dates(date(2025, 6, 1), date(2027, 6, 1))


def test_the_lunch_break_is_not_worked() -> None:
    assert worked(office(), "2026-03-02T12:00", "2026-03-02T14:00") == timedelta(hours=1)


def test_nothing_is_worked_over_the_weekend() -> None:
    assert worked(office(), "2026-03-06T17:00", "2026-03-09T08:00") == timedelta()


def test_nothing_is_worked_on_a_holiday() -> None:
    calendar = office(holidays={date(2026, 3, 4): "Mission Day"})
    assert worked(calendar, "2026-03-04T00:00", "2026-03-05T00:00") == timedelta()


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param("2026-03-28", 24, id="the day before"),
        pytest.param("2026-03-29", 23, id="clocks go forward"),
        pytest.param("2026-10-25", 25, id="clocks go back"),
    ],
)
def test_a_day_of_a_round_the_clock_office_has_the_hours_that_pass(day: str, hours: int) -> None:
    next_day = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    calendar = office(week=AROUND_THE_CLOCK)
    assert worked(calendar, f"{day}T00:00", f"{next_day}T00:00") == timedelta(hours=hours)


def test_a_night_shift_over_the_missing_hour_is_an_hour_shorter() -> None:
    calendar = office(week=((),) * 6 + (("00:00-06:00",),))
    assert worked(calendar, "2026-03-29T00:00", "2026-03-29T12:00") == timedelta(hours=5)


def test_a_window_that_lies_in_the_missing_hour_is_not_worked() -> None:
    calendar = office(week=((),) * 6 + (("02:15-02:45", "09:00-10:00"),))
    assert worked(calendar, "2026-03-22T00:00", "2026-03-22T12:00") == timedelta(hours=1.5)
    assert worked(calendar, "2026-03-29T00:00", "2026-03-29T03:00") == timedelta()


def test_windows_that_meet_in_the_missing_hour_are_worked_once() -> None:
    calendar = office(week=((),) * 6 + (("01:00-02:30", "03:00-04:00"),))
    assert worked(calendar, "2026-03-29T00:00", "2026-03-29T12:00") == timedelta(hours=2)


def test_midnight_itself_may_be_missing() -> None:
    calendar = office("Asia/Beirut", week=AROUND_THE_CLOCK)
    assert worked(calendar, "2026-03-28T12:00", "2026-03-29T12:00") == timedelta(hours=23)


def test_a_move_of_the_whole_country_to_another_zone_is_counted() -> None:
    calendar = office("Africa/Juba", week=AROUND_THE_CLOCK, valid_from=date(2021, 1, 1))
    assert worked(calendar, "2021-01-31T00:00", "2021-02-01T00:00") == timedelta(hours=25)


def test_the_end_of_an_amount_of_work_is_the_close_and_on_request_the_next_opening() -> None:
    calendar = office()
    friday_close = calendar.position(local("2026-03-06T17:00"))
    assert calendar.instant(friday_close) == local("2026-03-06T17:00")
    assert calendar.instant(friday_close, at_opening=True) == local("2026-03-09T08:00")


def test_the_first_and_the_last_position_are_the_first_opening_and_the_last_close() -> None:
    calendar = office(valid_from=date(2026, 3, 1), valid_until=date(2026, 3, 8))
    assert calendar.instant(timedelta()) == local("2026-03-02T08:00")
    assert calendar.instant(timedelta(hours=40), at_opening=True) == local("2026-03-06T17:00")


@given(calendar=calendars, instant=instants)
def test_position_and_instant_are_inverse_while_work_goes_on(calendar: Calendar, instant: datetime) -> None:
    position = calendar.position(instant)
    close, opening = calendar.instant(position), calendar.instant(position, at_opening=True)
    assert close <= instant <= opening
    assert calendar.position(close) == calendar.position(opening) == position
    if calendar.windows_between(instant, instant + timedelta(microseconds=1)):
        assert opening == instant


@given(calendar=calendars, instant=instants, span=st.timedeltas(timedelta(), timedelta(days=40)))
def test_the_windows_between_two_instants_add_up_to_the_work_between_them(
    calendar: Calendar, instant: datetime, span: timedelta
) -> None:
    end = min(instant + span, datetime(2027, 12, 30, tzinfo=UTC))
    windows = calendar.windows_between(instant, end)
    total = sum((closes - opens for opens, closes in windows), timedelta())
    assert total == calendar.position(end) - calendar.position(instant)


@given(day=days, n=st.integers(-60, 60), holidays=st.sets(days, max_size=30))
def test_a_working_day_can_be_found_and_counted_back(day: date, n: int, holidays: set[date]) -> None:
    calendar = office(holidays=dict.fromkeys(holidays, "holiday"))
    found = calendar.working_day_after(day, n)
    assert calendar.is_working_day(found)
    if n != 0 or calendar.is_working_day(day):
        assert calendar.working_days_between(day, found) == n


@given(first=days, last=days, holidays=st.sets(days, max_size=30))
def test_working_days_are_those_one_can_count_by_hand(first: date, last: date, holidays: set[date]) -> None:
    calendar = office(week=SUN_TO_THU, holidays=dict.fromkeys(holidays, "holiday"))
    first, last = sorted((first, last))
    by_hand = [first + timedelta(days=n + 1) for n in range((last - first).days)]
    expected = sum(day not in holidays and day.strftime("%a") not in {"Fri", "Sat"} for day in by_hand)
    assert calendar.working_days_between(first, last) == expected


@pytest.mark.parametrize(
    ("week", "after_thursday"),
    [
        pytest.param(MON_TO_FRI, date(2026, 3, 6), id="Saturday and Sunday"),
        pytest.param(SUN_TO_THU, date(2026, 3, 8), id="Friday and Saturday"),
        pytest.param((LUNCH,) * 4 + ((),) + (LUNCH,) * 2, date(2026, 3, 7), id="Friday only"),
    ],
)
def test_the_weekend_is_where_the_week_has_no_windows(week: tuple[tuple[str, ...], ...], after_thursday: date) -> None:
    assert office(week=week).working_day_after(date(2026, 3, 5), 1) == after_thursday


def test_days_off_name_holidays_only_where_work_would_have_been_done() -> None:
    calendar = office(holidays={date(2026, 3, 5): "Mission Day", date(2026, 3, 7): "Saturday Feast"})
    off = calendar.days_off(date(2026, 3, 4), date(2026, 3, 8))
    assert off == {date(2026, 3, 5): "Mission Day", date(2026, 3, 7): None, date(2026, 3, 8): None}


@pytest.mark.parametrize(
    ("wall", "moved_to"),
    [("06:00", "08:00"), ("09:15", "09:15"), ("12:30", "12:30"), ("13:00", "13:30"), ("20:00", "17:00")],
)
def test_a_wall_time_moves_into_working_time(wall: str, moved_to: str) -> None:
    day = date(2026, 3, 4)
    assert office().within(day, time.fromisoformat(wall)) == local(f"2026-03-04T{moved_to}")


def test_an_instant_outside_the_calendar_is_refused_with_its_name_and_range() -> None:
    calendar = office()
    with pytest.raises(errors.OutsideCalendar, match=r"“office”, which covers 2025-01-01 to 2027-12-31"):
        calendar.position(local("2028-01-01T00:00:01"))
    with pytest.raises(errors.OutsideCalendar, match="2024-12-31"):
        calendar.is_working_day(date(2024, 12, 31))
    with pytest.raises(errors.OutsideCalendar, match="working day"):
        calendar.working_day_after(date(2027, 12, 1), 60)
    with pytest.raises(errors.OutsideCalendar, match="working time"):
        calendar.instant(timedelta(days=3000))
    with pytest.raises(errors.OutsideCalendar, match="working time"):
        calendar.instant(timedelta(seconds=-1))


def test_the_last_valid_day_belongs_to_the_calendar() -> None:
    assert office().position(local("2028-01-01T00:00")) == office().position(local("2027-12-31T17:00"))


def test_an_instant_without_a_time_zone_is_refused() -> None:
    naive = local("2026-03-04T09:00").replace(tzinfo=None)
    with pytest.raises(errors.ParleyError, match="no time zone"):
        as_utc(naive)
    with pytest.raises(errors.ParleyError, match="no time zone"):
        office().position(naive)
    with pytest.raises(errors.ParleyError, match="no time zone"):
        office().windows_between(naive, naive)


def test_a_wall_time_that_does_not_exist_moves_forward_and_one_that_occurs_twice_is_the_first() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert at_local(date(2026, 3, 29), time(2, 30), berlin) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert at_local(date(2026, 10, 25), time(2, 30), berlin) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_equal_content_has_equal_versions_and_every_change_is_a_new_version() -> None:
    changed = [
        office("Europe/Paris"),
        office(week=SUN_TO_THU),
        office(holidays={date(2026, 3, 4): "Mission Day"}),
        office(valid_from=date(2024, 1, 1)),
        office(valid_until=date(2028, 1, 1)),
    ]
    assert office().version == office().version
    assert len({calendar.version for calendar in [office(), *changed]}) == len(changed) + 1


def test_the_order_in_which_holidays_were_listed_makes_no_version() -> None:
    two = {date(2026, 3, 4): "Mission Day", date(2026, 1, 1): "New Year"}
    assert office(holidays=two).version == office(holidays=dict(reversed(two.items()))).version


def test_a_calendar_comes_back_from_its_stored_content() -> None:
    calendar = office(week=AROUND_THE_CLOCK, holidays={date(2026, 3, 4): "Mission Day"})
    again = Calendar.from_content(calendar.content)
    assert again == calendar
    assert again.version == calendar.version


def test_the_holidays_of_a_calendar_cannot_be_changed_from_outside() -> None:
    holidays = {date(2026, 3, 4): "Mission Day"}
    calendar = office(holidays=holidays)
    holidays.clear()
    assert not calendar.is_working_day(date(2026, 3, 4))


@pytest.mark.parametrize("text", ["8-12", "08:00", "08:00-25:00", "08:00-24:30", "24:00-08:00", "12:00-08:00"])
def test_a_window_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(errors.DefinitionError, match="window"):
        Window.parse(text)


@pytest.mark.parametrize(
    ("monday", "rest"),
    [
        pytest.param(("08:00-12:00", "11:00-17:00"), (), id="overlapping"),
        pytest.param(("13:00-17:00", "08:00-12:00"), (), id="unsorted"),
        pytest.param(("08:00-24:00", "09:00-10:00"), (), id="after midnight"),
        pytest.param((), (), id="no working time at all"),
    ],
)
def test_a_week_that_cannot_be_worked_is_refused(monday: tuple[str, ...], rest: tuple[str, ...]) -> None:
    with pytest.raises(errors.DefinitionError, match="'office'"):
        office(week=(monday, *(rest,) * 6))


def test_a_calendar_that_ends_before_it_begins_or_lies_nowhere_is_refused() -> None:
    with pytest.raises(errors.DefinitionError, match="ends before it begins"):
        office(valid_until=date(2024, 1, 1))
    with pytest.raises(errors.DefinitionError, match="no time zone “Europe/Nowhere”"):
        office("Europe/Nowhere")


def test_asking_for_the_close_of_a_day_off_is_refused() -> None:
    with pytest.raises(errors.DefinitionError, match="2026-03-07 is not a working day"):
        office().closing(date(2026, 3, 7))
