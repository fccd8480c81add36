"""Calendars as files: what a good one holds, and how a bad one tells its author what to mend."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from config import working_time
from states import errors
from states.calendar import WEEKDAYS, Calendar

HEAD = """\
name: office
timezone: Africa/Juba
valid: [2026-01-01, 2027-12-31]
"""
WEEK = """\
week:
  mon: ["08:00-12:30", "13:30-17:00"]
  sat: ["08:00-24:00"]
"""
PLAIN = HEAD + WEEK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "days.csv").write_text("2026-03-02,Founder's Day\n2026-07-09,Listed\n", encoding="utf-8")
    (tmp_path / "scrap.csv").write_text("2 March,Founder's Day\n", encoding="utf-8")
    (tmp_path / "wide.csv").write_text("2026-03-02,Founder's Day,closed\n", encoding="utf-8")
    return tmp_path


def load(folder: Path, text: str) -> Calendar:
    path = folder / "office.yaml"
    path.write_text(text, encoding="utf-8")
    return working_time.load_calendar(path)


def test_a_calendar_is_read_as_it_is_written(folder: Path) -> None:
    assert load(folder, PLAIN).content == {
        "name": "office",
        "timezone": "Africa/Juba",
        "valid": ["2026-01-01", "2027-12-31"],
        "week": {
            "mon": ["08:00-12:30", "13:30-17:00"],
            "tue": [],
            "wed": [],
            "thu": [],
            "fri": [],
            "sat": ["08:00-24:00"],
            "sun": [],
        },
        "holidays": {},
    }


def test_public_holidays_fill_every_valid_year(folder: Path) -> None:
    calendar = load(folder, PLAIN + "holidays:\n  package: {country: SS}\n")
    assert calendar.holidays[date(2026, 7, 9)] == "Independence Day"
    assert date(2027, 7, 9) in calendar.holidays
    assert {day.year for day in calendar.holidays} == {2026, 2027}


def test_a_subdivision_has_holidays_of_its_own_in_the_language_asked_for(folder: Path) -> None:
    land = "holidays:\n  package: {country: DE, subdivision: BY, language: en_US}\n"
    assert load(folder, PLAIN + land).holidays[date(2026, 1, 6)] == "Epiphany"
    assert date(2026, 1, 6) not in load(folder, PLAIN + "holidays:\n  package: {country: DE}\n").holidays


def test_own_names_win_over_the_file_and_the_file_over_the_public_ones(folder: Path) -> None:
    sources = "holidays:\n  package: {country: SS}\n  file: days.csv\n  own:\n    2026-03-02: Mission Day\n"
    calendar = load(folder, PLAIN + sources)
    assert calendar.holidays[date(2026, 3, 2)] == "Mission Day"
    assert calendar.holidays[date(2026, 7, 9)] == "Listed"
    assert calendar.holidays[date(2026, 12, 25)] == "Christmas Day"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        pytest.param("", 1, "the calendar has no “name”; add the line", id="nothing at all"),
        pytest.param("- one\n", 1, "the calendar must be a table", id="a list"),
        pytest.param(HEAD, 1, "the calendar has no “week”", id="no week"),
        pytest.param(PLAIN + "colour: red\n", 7, "the calendar has no “colour”", id="unknown key"),
        pytest.param(PLAIN + "name: again\n", 7, "“name” stands twice", id="a key twice"),
        pytest.param(PLAIN.replace("name: office", "name:"), 1, "name", id="no name"),
        pytest.param(PLAIN.replace("Africa/Juba", "Juba"), 2, "no time zone “Juba”", id="no such zone"),
        pytest.param(PLAIN.replace("2026-01-01", "soon"), 3, "“soon” is not a date", id="no date"),
        pytest.param(PLAIN.replace(", 2027-12-31", ""), 3, "the first and the last day", id="half a range"),
        pytest.param(PLAIN.replace("2027", "2025"), 3, "the first and the last day", id="a range backwards"),
        pytest.param(HEAD.replace("valid", "# valid") + WEEK, 1, "the first and the last day", id="no range"),
        pytest.param(PLAIN.replace("  mon", "  moon"), 5, "the week has no “moon”", id="no weekday"),
        pytest.param(PLAIN.replace("08:00-12:30", "8-12"), 5, "'8-12' is not a working window", id="no window"),
        pytest.param(PLAIN.replace('["08:00-24:00"]', "closed"), 6, "'closed' is not a working window", id="a word"),
        pytest.param(PLAIN.replace("13:30", "12:00"), 1, "overlapping or unsorted windows on mon", id="overlap"),
        pytest.param(HEAD + "week: {}\n", 1, "at least one of them open", id="never open"),
        pytest.param(PLAIN + "holidays:\n  package: {country: XX}\n", 8, "list them under “own”", id="no such country"),
        pytest.param(PLAIN + "holidays:\n  package: {land: SS}\n", 8, "has no “country”", id="no country"),
        pytest.param(PLAIN + "holidays:\n  own:\n    2026-02-30: Feast\n", 9, "is not a date", id="no such day"),
        pytest.param(PLAIN + "holidays:\n  own:\n    2026-02-03: [Feast]\n", 9, "must be one text", id="no name of it"),
        pytest.param(PLAIN + "holidays:\n  file: none.csv\n", 8, "none.csv cannot be read", id="no such file"),
        pytest.param(PLAIN + "holidays:\n  file: scrap.csv\n", 8, "“2 March” is not a date", id="a bad date there"),
        pytest.param(
            PLAIN + "holidays:\n  file: wide.csv\n", 8, "a date and a name on each line", id="a bad line there"
        ),
        pytest.param(PLAIN + "holidays: [\n", 8, "this is not YAML", id="no YAML"),
    ],
)
def test_a_mistake_is_told_with_its_file_and_line(folder: Path, text: str, line: int, why: str) -> None:
    with pytest.raises(errors.DefinitionError) as told:
        load(folder, text)
    problems = str(told.value).splitlines()
    assert any(problem.startswith(f"{folder / 'office.yaml'}:{line}: ") and why in problem for problem in problems)


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    with pytest.raises(errors.DefinitionError) as told:
        load(folder, PLAIN.replace("Africa/Juba", "Juba").replace("08:00-12:30", "8-12") + "colour: red\n")
    lines = [int(problem.split(":")[1]) for problem in str(told.value).splitlines()]
    assert lines == [2, 5, 7]


def test_a_holiday_outside_the_valid_days_is_left_out(folder: Path) -> None:
    calendar = load(folder, PLAIN + "holidays:\n  own:\n    2031-05-05: Too far\n    2026-05-05: Feast\n")
    assert calendar.holidays == {date(2026, 5, 5): "Feast"}


def test_a_calendar_that_is_not_there_is_told_by_its_path(folder: Path) -> None:
    with pytest.raises(errors.DefinitionError, match=r"nowhere\.yaml:1: the calendar cannot be read"):
        working_time.load_calendar(folder / "nowhere.yaml")


@pytest.mark.parametrize("name", ["always", "friday_saturday", "mission", "ngo", "sunday_only"])
def test_a_shipped_calendar_reaches_from_2020_to_2035_under_the_name_of_its_file(name: str) -> None:
    calendar = working_time.shipped_calendars()[name]
    assert calendar.name == name
    assert (calendar.valid_from, calendar.valid_until) == (date(2020, 1, 1), date(2035, 12, 31))
    assert calendar.position(datetime(2035, 6, 1, tzinfo=UTC)) > timedelta(days=365)


def test_the_shelf_holds_the_shipped_calendars_and_reads_each_once() -> None:
    shelf = working_time.shipped_calendars()
    assert list(shelf) == ["always", "friday_saturday", "mission", "ngo", "sunday_only"]
    assert len(shelf) == 5
    assert shelf["ngo"] is shelf["ngo"]
    assert "nowhere" not in shelf


def test_each_shipped_calendar_has_the_weekend_of_its_place() -> None:
    shelf = working_time.shipped_calendars()
    weekends = {
        name: [day for day, windows in zip(WEEKDAYS, calendar.week, strict=True) if not windows]
        for name, calendar in shelf.items()
    }
    assert weekends == {
        "always": [],
        "friday_saturday": ["fri", "sat"],
        "mission": ["sat", "sun"],
        "ngo": ["sat", "sun"],
        "sunday_only": ["sun"],
    }


def test_round_the_clock_every_second_is_working_time() -> None:
    always = working_time.shipped_calendars()["always"]
    start = datetime(2026, 3, 7, 23, 59, 30, tzinfo=UTC)
    assert always.position(start + timedelta(days=9)) - always.position(start) == timedelta(days=9)


def test_the_mission_keeps_its_own_days_beside_the_public_ones() -> None:
    mission = working_time.shipped_calendars()["mission"]
    assert mission.holidays[date(2026, 12, 24)] == "Mission closed"
    assert mission.holidays[date(2026, 12, 25)] == "Christmas Day"


def test_a_shipped_calendar_is_read_only_when_it_is_asked_for() -> None:
    lines = (
        "import sys",
        "from config import working_time",
        "shelf = working_time.shipped_calendars()",
        "print('holidays.countries.jordan' in sys.modules)",
        "shelf['friday_saturday']",
        "print('holidays.countries.jordan' in sys.modules)",
    )
    told = subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True, capture_output=True, text=True)
    assert told.stdout.split() == ["False", "True"]


def test_every_shipped_file_says_what_it_is_for() -> None:
    for path in working_time.SHIPPED.glob("*.yaml"):
        assert re.match(r"# \S", path.read_text(encoding="utf-8")), path.name
