"""A private calendar: made, fetched without signing in, renewed and ended, and silent about what a case is about."""

from __future__ import annotations

import re

import icalendar
import pytest

from tests.desk.house import SECRET_OF_A, SECRET_OF_B, TEAM_SECRET, Front, form_of

NAMES = ("Kworijik", "Joseph", "Marie", "Herders", "Farmers", SECRET_OF_A, SECRET_OF_B, TEAM_SECRET)


def made(front: Front, who: str) -> str:
    """Makes the calendar of somebody at the page, and returns its path."""
    with front.client(who) as client:
        answer = client.post("/calendar/feed", data=form_of(client.get("/calendar").text))
    assert answer.status_code == 200
    return str(re.findall(r"/feeds/[\w-]{22}\.ics", answer.text)[0])


def test_a_calendar_is_read_by_its_address_alone(front: Front) -> None:
    path = made(front, "claire")
    with front.client() as client:
        answer = client.get(path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert any(str(event["summary"]) == "D-2026-0002: Screen the notice" for event in events)
    assert len({str(event["uid"]) for event in events}) == len(events) > 2


@pytest.mark.parametrize("who", ["claire", "joseph", "nadia", "achol"])
def test_it_names_nobody_and_tells_no_matter(front: Front, who: str) -> None:
    with front.client() as client:
        told = client.get(made(front, who)).content.replace(b"\r\n ", b"").decode()
    assert [name for name in NAMES if name in told] == []


def test_what_has_not_changed_is_not_sent_again(front: Front) -> None:
    path = made(front, "claire")
    with front.client() as client:
        tag = client.get(path).headers["etag"]
        again = client.get(path, headers={"if-none-match": f'W/"other", {tag}'})
        assert (again.status_code, again.content) == (304, b"")
        front.house.clock.advance(minutes=5)
        assert client.get(path, headers={"if-none-match": tag}).status_code == 304
        number = "D-2026-0002"
        front.house.act("claire", case_of(front, number), "add_note", text="x", zone="team")
        assert client.get(path, headers={"if-none-match": tag}).status_code == 200


def case_of(front: Front, number: str) -> str:
    with front.program("claire") as client:
        return str(client.get(f"/api/cases/{number}").json()["id"])


def test_a_new_address_ends_the_one_before_and_it_is_shown_once(front: Front) -> None:
    first, second = made(front, "claire"), made(front, "claire")
    with front.client() as client:
        assert [client.get(path).status_code for path in (first, second)] == [404, 200]
    with front.client("claire") as client:
        page = client.get("/calendar").text
        assert "/feeds/" not in page
        assert client.post("/calendar/feed/end", data=form_of(page)).status_code == 303
        assert client.get(second).status_code == 404


def test_somebody_without_a_form_of_the_desk_makes_no_calendar(front: Front) -> None:
    with front.client("claire") as client:
        assert client.post("/calendar/feed", data={}).status_code == 403
    with front.client() as client:
        assert client.get("/feeds/aaaaaaaaaaaaaaaaaaaaaa.ics").status_code == 404


def test_the_database_keeps_no_address(front: Front) -> None:
    token = made(front, "claire").split("/")[-1].removesuffix(".ics")
    assert not [line for line in front.house.dump() if token in line]
