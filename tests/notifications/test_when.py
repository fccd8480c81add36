"""When a mail goes: within its reader's hours and days, in their rhythm, and never past the date it speaks of."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.mail_wishes import ALWAYS, Wishes
from config.settings import Rhythm
from notifications import when
from notifications.when import Gather, Moment, Plan, Sort
from states.calendar import Calendar
from states.wall_time import Window

OPEN = (Window(time(8), time(16)),)
JUBA = Calendar(
    name="juba",
    timezone="Africa/Juba",
    week=(OPEN, OPEN, OPEN, OPEN, OPEN, (), ()),
    valid_from=date(2026, 1, 1),
    valid_until=date(2027, 12, 31),
    holidays={date(2026, 12, 25): "Christmas"},
)
PLAIN = Wishes()


def local(text: str) -> datetime:
    """Read an instant on the clock of Juba, two hours before UTC."""
    return datetime.fromisoformat(f"{text}+02:00").astimezone(UTC)


def at(text: str, *, calendar: Calendar | None = JUBA) -> Moment:
    return Moment(now=local(text), zone="Africa/Juba", calendar=calendar)


@pytest.mark.parametrize(
    ("now", "goes"),
    [
        ("2026-12-01T09:00", "2026-12-01T09:00"),
        ("2026-12-01T06:59", "2026-12-01T07:00"),
        ("2026-12-01T19:59", "2026-12-01T19:59"),
        ("2026-12-01T20:00", "2026-12-02T07:00"),
        ("2026-12-04T21:00", "2026-12-07T07:00"),
        ("2026-12-05T10:00", "2026-12-07T07:00"),
        ("2026-12-24T23:00", "2026-12-28T07:00"),
    ],
    ids=["by day", "early", "late", "night", "friday night", "saturday", "before a holiday and a weekend"],
)
def test_a_mail_waits_for_the_hours_and_the_working_days_of_its_reader(now: str, goes: str) -> None:
    assert when.plan(Sort.ASKS, PLAIN, at(now), until=None) == Plan(local(goes))


def test_the_hours_are_those_of_the_readers_own_clock() -> None:
    there = Moment(now=local("2026-12-01T18:00"), zone="Asia/Kathmandu", calendar=JUBA)
    planned = when.plan(Sort.ASKS, PLAIN, there, until=None)
    assert planned == Plan(datetime(2026, 12, 2, 1, 15, tzinfo=UTC))


def test_what_cannot_wait_until_then_goes_now() -> None:
    night = at("2026-12-01T22:00")
    assert when.plan(Sort.ASKS, PLAIN, night, until=local("2026-12-02T06:00")) == Plan(night.now)
    assert when.plan(Sort.ASKS, PLAIN, night, until=local("2026-12-02T12:00")) == Plan(local("2026-12-02T07:00"))


def test_a_day_off_is_given_up_before_the_night_is() -> None:
    friday = at("2026-12-04T22:00")
    assert when.plan(Sort.ASKS, PLAIN, friday, until=local("2026-12-05T12:00")) == Plan(local("2026-12-05T07:00"))


def test_what_was_due_already_waits_for_the_morning_like_anything_else() -> None:
    night = at("2026-12-01T22:00")
    assert when.plan(Sort.REMINDS, PLAIN, night, until=local("2026-12-01T12:00")) == Plan(
        local("2026-12-02T07:00"), Gather.CASE
    )


def test_nothing_holds_up_what_is_urgent() -> None:
    night = at("2026-12-06T03:00")
    assert when.plan(Sort.URGENT, Wishes(rhythm=Rhythm.NEVER), night, until=None, many=True) == Plan(night.now)


@pytest.mark.parametrize(("rhythm", "goes"), [(Rhythm.DAILY, "2026-12-02T08:00"), (Rhythm.WEEKLY, "2026-12-07T08:00")])
def test_news_come_in_the_rhythm_that_their_reader_chose_and_nothing_else_does(rhythm: Rhythm, goes: str) -> None:
    chosen, now = Wishes(rhythm=rhythm), at("2026-12-01T09:00")
    assert when.plan(Sort.NEWS, chosen, now, until=None) == Plan(local(goes), Gather.ALL)
    for sort in (Sort.ASKS, Sort.SERVED):
        assert when.plan(sort, chosen, now, until=None) == Plan(now.now)


def test_who_wants_no_news_gets_none_and_is_served_all_the_same() -> None:
    chosen, now = Wishes(rhythm=Rhythm.NEVER), at("2026-12-01T09:00")
    assert when.plan(Sort.NEWS, chosen, now, until=None) is None
    assert when.plan(Sort.SERVED, chosen, now, until=None) == Plan(now.now)


def test_more_than_a_day_should_bring_is_gathered() -> None:
    now = at("2026-12-01T09:00")
    for sort in (Sort.NEWS, Sort.REMINDS):
        planned = when.plan(sort, PLAIN, now, until=None, many=True)
        assert planned == Plan(local("2026-12-02T08:00"), Gather.ALL)
    due = local("2026-12-01T16:00")
    assert when.plan(Sort.REMINDS, PLAIN, now, until=due, many=True) == Plan(now.now)


HOURS = st.sampled_from([Window(time(7), time(20)), Window(time(9), time(12)), ALWAYS, Window(time(22), time(23, 30))])


@given(
    start=st.datetimes(datetime(2026, 2, 1), datetime(2027, 10, 1)),  # noqa: DTZ001 - made aware below
    left=st.none() | st.integers(-100, 300).map(lambda hours: timedelta(hours=hours)),
    wishes=st.builds(Wishes, rhythm=st.sampled_from(Rhythm), hours=HOURS, every_day=st.booleans()),
    sort=st.sampled_from(Sort),
    zone=st.sampled_from(["Africa/Juba", "Asia/Kathmandu", "America/New_York", "Pacific/Auckland"]),
    many=st.booleans(),
)
def test_whatever_the_wishes_a_mail_is_neither_early_nor_past_its_date_nor_at_night_without_need(  # noqa: PLR0913
    start: datetime, left: timedelta | None, wishes: Wishes, sort: Sort, zone: str, *, many: bool
) -> None:
    now = start.replace(tzinfo=UTC)
    until = None if left is None else now + left
    moment = Moment(now=now, zone=zone, calendar=JUBA)
    planned = when.plan(sort, wishes, moment, until=until, many=many)
    if planned is None:
        assert (sort, wishes.rhythm) == (Sort.NEWS, Rhythm.NEVER)
        return
    assert planned.at >= now
    if until is not None and until > now:
        assert planned.at < until
    if planned.gather is not Gather.ALL and planned.at > now:
        assert when.next_hour(wishes, Moment(now=planned.at, zone=zone, calendar=None)) == planned.at
