"""Due dates that nobody on this project worked out: a freedom-of-information law and civil days around the world."""

from __future__ import annotations

import csv
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from states import durations
from states.calendar import Calendar
from states.durations import Duration, Roll, Rules, Unit
from states.wall_time import Window

pytestmark = pytest.mark.needs_shared_data

LONDON = "Europe/London"
ROUND_THE_CLOCK = Calendar(
    name="always",
    timezone="UTC",
    week=((Window.parse("00:00-24:00"),),) * 7,
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def authority(shared_data: Path) -> Calendar:
    with (shared_data / "holidays_alaveteli.csv").open(encoding="utf-8", newline="") as lines:
        holidays = {date.fromisoformat(day): name for day, name in csv.reader(lines)}
    assert len(holidays) == 42
    return Calendar(
        name="authority",
        timezone=LONDON,
        week=((Window.parse("09:00-17:00"),),) * 5 + ((), ()),
        valid_from=date(2007, 1, 1),
        valid_until=date(2010, 12, 31),
        holidays=holidays,
    )


@pytest.mark.parametrize("number", range(16))
def test_the_freedom_of_information_law_is_met(shared_data: Path, authority: Calendar, number: int) -> None:
    row = rows(shared_data / "due_dates_alaveteli.csv")[number]
    unit = {"working": Unit.WORKING_DAY, "calendar": Unit.CIVIL_DAY}[row["type"]]
    start = datetime.combine(date.fromisoformat(row["start"]), time(12), tzinfo=ZoneInfo(LONDON))
    due = durations.due(
        start,
        Duration(int(row["days"]), unit),
        calendar=authority,
        timezone=LONDON,
        rules=Rules(roll=Roll.FOLLOWING),
    )
    assert due.at.astimezone(ZoneInfo(LONDON)).date() == date.fromisoformat(row["expected"]), row["note"]


@pytest.mark.parametrize("number", range(20))
def test_civil_days_keep_the_wall_time_of_the_mission(shared_data: Path, number: int) -> None:
    row = rows(shared_data / "tz_civil_day_deadlines.csv")[number]
    start = datetime.fromisoformat(row["start_local"]).replace(tzinfo=ZoneInfo(row["tz"]))
    assert start == datetime.fromisoformat(row["start_utc"])
    due = durations.due(start, Duration(int(row["days"]), Unit.CIVIL_DAY), calendar=ROUND_THE_CLOCK, timezone=row["tz"])
    assert due.at == datetime.fromisoformat(row["due_utc"]), row["note"]
    assert (due.at - start).total_seconds() == float(row["elapsed_hours"]) * 3600


def test_every_vector_is_tested(shared_data: Path) -> None:
    assert len(rows(shared_data / "due_dates_alaveteli.csv")) == 16
    assert len(rows(shared_data / "tz_civil_day_deadlines.csv")) == 20
