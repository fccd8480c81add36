"""Working calendars on the desk: a year of each, and one of our own that dates open cases anew after a look."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select

from cases import finding, own_calendars, tables
from cases.record import open_record
from cases.unit_of_work import reading
from config import working_time
from tests.desk.house import Front, House, form_of


def changed(**replaced: str) -> str:
    """Writes the mission's calendar with some of its words replaced."""
    text = working_time.text_of(working_time.shipped_calendars()["mission"])
    for old, new in replaced.items():
        text = text.replace(old, new)
    return text


def with_holidays(*days: str) -> str:
    lines = "".join(f"    {day}: A day for the wells\n" for day in days)
    return changed().replace("  own:\n", f"  own:\n{lines}")


def sent(client: httpx.Client, text: str, **pressed: str) -> httpx.Response:
    form = form_of(client.get("/calendars/change?name=mission").text)
    return client.post("/calendars/change", data={**form, "text": text, **pressed})


def next_dates(house: House) -> dict[str, object]:
    with reading(house.record.engine) as connection:
        return {
            row.number: row.due_at for row in connection.execute(select(tables.cases.c.number, tables.cases.c.due_at))
        }


def listed_dates(house: House) -> set[tuple[str, str, object]]:
    kept = tables.case_listings.c
    with reading(house.record.engine) as connection:
        return {(*row,) for row in connection.execute(select(kept.case_id, kept.person_id, kept.due_at))}


def finding_anew(house: House) -> None:
    """Writes anew how every case is found and listed."""
    record = house.record
    for case_id in finding.every_case(record.engine):
        finding.renew_case(record.engine, record.registry, case_id, calendars=record.calendars)


@pytest.mark.parametrize("page", ["/calendars", "/calendars/mission", "/calendars/change"])
def test_only_administrators_are_let_in(front: Front, page: str) -> None:
    for who, status in (("li", 200), ("claire", 403), (None, 401)):
        with front.client(who) as client:
            assert client.get(page).status_code == status


def test_a_year_shows_working_days_and_holidays(front: Front) -> None:
    with front.client("li") as client:
        page = client.get("/calendars/mission?year=2026").text
        assert client.get("/calendars/nothing").status_code == 404
        assert "November 2026" in client.get("/calendars/mission?year=2999").text
    for told in ("December 2026", "24 December 2026", "Mission closed", "08:00-12:30", "closed"):
        assert told in page, told


def test_what_a_text_written_from_a_calendar_means_is_the_same() -> None:
    shipped = working_time.shipped_calendars()
    for name in shipped:
        assert (
            working_time.load_text(working_time.text_of(shipped[name]), name="calendar").version
            == shipped[name].version
        )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (changed(Juba="Atlantis"), "there is no time zone"),
        (changed(mission="Our Calendar!"), "one word of small letters"),
        ("name: x\n", "the calendar has no"),
        (changed().replace("  own:", "  file: days.csv\n  own:"), "cannot be read here"),
    ],
)
def test_what_cannot_be_used_is_told_and_stays_typed(front: Front, text: str, told: str) -> None:
    with front.client("li") as client:
        answer = sent(client, text, use="yes")
    assert answer.status_code == 422
    assert told in answer.text
    assert "08:00-12:30" in answer.text or text == "name: x\n"
    assert "Our Calendar!" not in front.house.record.calendars


def test_a_changed_calendar_is_looked_at_and_then_dates_open_cases_anew(front: Front) -> None:
    before = next_dates(front.house)
    days = [f"2026-11-{day:02}" for day in range(3, 28)]
    with front.client("li") as client:
        looked = sent(client, with_holidays(*days)).text
        assert "a day off from now on" in looked
        assert "D-2026-000" in looked
        assert next_dates(front.house) == before
        assert sent(client, with_holidays(*days), use="yes").status_code == 303
        assert "our own" in client.get("/calendars").text
        assert "A day for the wells" in client.get("/calendars/mission?year=2026").text
    after = next_dates(front.house)
    moved = {number for number in before if before[number] != after[number]}
    assert moved
    listed = listed_dates(front.house)
    finding_anew(front.house)
    assert listed == listed_dates(front.house)


def test_another_process_works_by_it_after_its_next_look(front: Front) -> None:
    other = open_record(front.house.settings.database, now=front.house.clock.now())
    with front.client("li") as client:
        sent(client, with_holidays("2026-11-17"), use="yes")
    before = other.calendars["mission"].version
    own_calendars.refresh(other)
    assert other.calendars["mission"].version != before
    other.engine.dispose()
