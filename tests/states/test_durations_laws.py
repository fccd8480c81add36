"""What must hold for every deadline, whatever the office, the zone, the holidays and the pauses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st

from states import durations
from states.calendar import Calendar
from states.durations import DayEnds, Due, Duration, Pause, Roll, Rules, Unit
from states.wall_time import Window

# One shifts its clocks in spring and autumn, one around Ramadan, one on American dates, one at midnight.
ZONES = ("Europe/Berlin", "Africa/El_Aaiun", "America/Port-au-Prince", "Asia/Beirut")
LONG = ("08:00-12:30", "13:30-17:00")
SHORT = ("09:00-12:00",)
NIGHT = ("00:00-06:00", "22:00-24:00")
WHOLE = ("00:00-24:00",)
EVEN_WEEKS = ((LONG,) * 5 + ((), ()), (LONG,) * 4 + ((), (), LONG))
DAY_WEEKS = (*EVEN_WEEKS, (LONG,) * 5 + (SHORT, ()))
WEEKS = (*DAY_WEEKS, (NIGHT,) * 7, (WHOLE,) * 7)


@cache
def office(zone: str, week: tuple[tuple[str, ...], ...], holidays: frozenset[date]) -> Calendar:
    return Calendar(
        name="office",
        timezone=zone,
        week=tuple(tuple(map(Window.parse, day)) for day in week),
        valid_from=date(2026, 1, 1),
        valid_until=date(2027, 3, 31),
        holidays=dict.fromkeys(holidays, "holiday"),
    )


@dataclass(frozen=True, kw_only=True)
class Matter:
    """Everything a deadline depends on."""

    zone: str
    week: tuple[tuple[str, ...], ...]
    holidays: frozenset[date]
    start: datetime
    span: Duration
    rules: Rules
    pauses: tuple[Pause, ...] = ()

    @property
    def calendar(self) -> Calendar:
        return office(self.zone, self.week, self.holidays)

    @property
    def due(self) -> Due:
        return durations.due(
            self.start,
            self.span,
            calendar=self.calendar,
            timezone=self.zone,
            rules=self.rules,
            pauses=self.pauses,
        )

    def left(self, since: datetime, until: datetime) -> timedelta:
        """Returns the time left in the measure of this matter's own duration."""
        return durations.time_between(since, until, basis=self.span.unit, calendar=self.calendar)


def seconds(longest: timedelta) -> st.SearchStrategy[timedelta]:
    return st.integers(0, int(longest.total_seconds())).map(lambda drawn: timedelta(seconds=drawn))


starts = seconds(timedelta(days=310)).map(lambda after: datetime(2026, 1, 5, tzinfo=UTC) + after)
dates = st.dates(date(2026, 1, 5), date(2026, 12, 20))
pauses = st.builds(lambda start, length: Pause(start, start + length, "talks"), starts, seconds(timedelta(days=10)))
pause_lists = st.lists(pauses, max_size=4).map(tuple)

in_days = st.builds(Duration, st.integers(0, 30), st.sampled_from([Unit.WORKING_DAY, Unit.CIVIL_DAY]))
in_hours = st.builds(Duration, st.integers(0, 150), st.sampled_from([Unit.WORKING_HOUR, Unit.HOUR, Unit.MINUTE]))
spans = in_days | in_hours

NO_DEADLINE_MOVES_BACK = (Roll.NONE, Roll.FOLLOWING)


def rules(
    *, cut_offs: tuple[int, ...] = (7, 15, 23), rolls: tuple[Roll, ...] = tuple(Roll)
) -> st.SearchStrategy[Rules]:
    hours = st.sampled_from([None, *map(time, cut_offs)])
    return st.builds(Rules, cut_off=hours, roll=st.sampled_from(rolls), day_ends=st.sampled_from(DayEnds))


def matters(
    *,
    weeks: tuple[tuple[tuple[str, ...], ...], ...] = WEEKS,
    span: st.SearchStrategy[Duration] = spans,
    by: st.SearchStrategy[Rules] | None = None,
    paused: st.SearchStrategy[tuple[Pause, ...]] | None = None,
) -> st.SearchStrategy[Matter]:
    return st.builds(
        Matter,
        zone=st.sampled_from(ZONES),
        week=st.sampled_from(weeks),
        holidays=st.frozensets(dates, max_size=12),
        start=starts,
        span=span,
        rules=by if by is not None else rules(),
        pauses=paused if paused is not None else st.just(()),
    )


@given(matter=matters(by=rules(rolls=NO_DEADLINE_MOVES_BACK)), extra=dates)
def test_adding_a_holiday_never_brings_a_deadline_forward(matter: Matter, extra: date) -> None:
    assert replace(matter, holidays=matter.holidays | {extra}).due.at >= matter.due.at


@given(matter=matters(weeks=EVEN_WEEKS, by=rules(rolls=NO_DEADLINE_MOVES_BACK), paused=pause_lists), extra=dates)
def test_nor_does_it_where_pauses_and_days_of_even_length_meet(matter: Matter, extra: date) -> None:
    # The start day is not counted, yet a pause on it gives its working time back; a holiday has none to give.
    assume(extra != matter.start.astimezone(matter.calendar.zone).date())
    assert replace(matter, holidays=matter.holidays | {extra}).due.at >= matter.due.at


@given(matter=matters(span=in_hours, paused=pause_lists), extra=dates)
def test_nor_does_it_where_pauses_and_hours_meet(matter: Matter, extra: date) -> None:
    assert replace(matter, holidays=matter.holidays | {extra}).due.at >= matter.due.at


@given(matter=matters(by=rules(rolls=NO_DEADLINE_MOVES_BACK), paused=pause_lists), extra=pauses)
def test_a_pause_never_shortens(matter: Matter, extra: Pause) -> None:
    assert replace(matter, pauses=(*matter.pauses, extra)).due.at >= matter.due.at


@given(matter=matters(paused=pause_lists), order=st.randoms(use_true_random=False))
def test_the_order_in_which_pauses_are_told_does_not_matter(matter: Matter, order: Random) -> None:
    shuffled = list(matter.pauses)
    order.shuffle(shuffled)
    assert replace(matter, pauses=tuple(shuffled)).due.at == matter.due.at


@given(
    matter=matters(by=rules(cut_offs=(), rolls=(Roll.NONE,))),
    share=st.integers(0, 99),
    length=seconds(timedelta(days=10)),
)
def test_the_time_left_when_a_pause_begins_is_left_when_it_ends(matter: Matter, share: int, length: timedelta) -> None:
    promised = matter.due.at
    assume(promised > matter.start)
    begins = matter.start + (promised - matter.start) * share / 100
    ends = begins + length
    paused = replace(matter, pauses=(Pause(begins, ends, "talks"),))
    assert matter.left(ends, paused.due.at) == matter.left(begins, promised)


@given(matter=matters(span=st.builds(Duration, st.integers(1, 150), st.just(Unit.WORKING_HOUR))))
def test_working_hours_added_lie_between(matter: Matter) -> None:
    plain = replace(matter, rules=durations.PLAIN)
    assert matter.left(matter.start, plain.due.at) == matter.span.span


@given(matter=matters(weeks=DAY_WEEKS, span=in_days, by=rules(cut_offs=(), rolls=(Roll.NONE,))))
def test_days_added_lie_between(matter: Matter) -> None:
    calendar = matter.calendar
    first, last = (at.astimezone(calendar.zone).date() for at in (matter.start, matter.due.at))
    if matter.span.unit is Unit.CIVIL_DAY:
        assert (last - first).days == matter.span.amount
    elif matter.span.amount:
        assert calendar.working_days_between(first, last) == matter.span.amount


@given(matter=matters(span=st.builds(Duration, st.integers(0, 150), st.sampled_from([Unit.HOUR, Unit.MINUTE]))))
def test_clock_hours_added_lie_between(matter: Matter) -> None:
    assert matter.due.at - matter.start == matter.span.span


@given(matter=matters(weeks=DAY_WEEKS), later=seconds(timedelta(days=5)))
def test_who_starts_later_is_not_due_earlier(matter: Matter, later: timedelta) -> None:
    first, second = matter.due, replace(matter, start=matter.start + later).due
    if matter.span.unit is Unit.CIVIL_DAY:
        # In an hour that occurs twice a later instant has an earlier wall time, and civil days keep the wall time.
        place = first.calendar.zone
        assert second.at.astimezone(place).date() >= first.at.astimezone(place).date()
    else:
        assert second.at >= first.at


@given(matter=matters(paused=pause_lists))
def test_a_deadline_lies_after_its_start_and_in_working_time(matter: Matter) -> None:
    due = matter.due
    assert due.start <= due.counted_from <= due.at
    if matter.span.unit.working and matter.span.amount:
        calendar = matter.calendar
        position = calendar.position(due.at)
        assert due.at in {calendar.instant(position), calendar.instant(position, at_opening=True)}


@given(matter=matters(paused=pause_lists, span=st.builds(Duration, st.integers(0, 150), st.just(Unit.WORKING_HOUR))))
def test_the_told_windows_add_up_to_the_target(matter: Matter) -> None:
    windows = matter.due.explain()["windows"]
    assert isinstance(windows, dict)
    assert windows["counted_seconds"] == matter.span.amount * 3600


@given(matter=matters(), shares=st.tuples(st.integers(0, 100), st.integers(0, 100)))
def test_a_greater_share_is_reached_later_and_all_of_it_when_due(matter: Matter, shares: tuple[int, int]) -> None:
    due = matter.due
    early, late, whole = (durations.portion(due, share) for share in (*sorted(shares), 100))
    assert due.start <= early <= late <= whole == due.at


@given(matter=matters(span=in_hours))
def test_an_offset_there_and_back_leads_home(matter: Matter) -> None:
    calendar = matter.calendar
    there = durations.shift(matter.start, matter.span, calendar=calendar, timezone=matter.zone)
    back = durations.shift(
        there, Duration(-matter.span.amount, matter.span.unit), calendar=calendar, timezone=matter.zone
    )
    if matter.span.unit.working:
        assert calendar.position(back) == calendar.position(matter.start)
    else:
        assert back == matter.start
