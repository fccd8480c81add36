"""Lists at the desk: filters, order and views in the address, for each reader what they may read."""

from __future__ import annotations

import re

import pytest

from tests.desk.house import Front, form_of
from tests.desk.test_pages import get, text_of

CASES = ("D-2026-0001", "D-2026-0002", "D-2026-0003")


def numbers(page: str) -> list[str]:
    """Returns the case numbers of a list, in order."""
    return re.findall(r'<th scope="row".*?(D-\d+-\d+)</span>', page)


def sign_in(front: Front) -> str:
    """Signs claire in; returns where that leads."""
    with front.client() as client:
        return str(client.post(f"/sign-in/{front.house.link('claire')}").headers["location"])


def keep(front: Front, who: str, name: str, address: str) -> str:
    """Keeps a list under a name; returns where that leads."""
    with front.client(who) as client:
        form = {"form_token": form_of(client.get("/cases").text)["form_token"], "name": name, "address": address}
        answer = client.post("/me/views", data=form)
        return str(answer.headers.get("location", answer.text))


def test_a_list_is_sorted_by_a_column_and_back(front: Front) -> None:
    up, down = (numbers(get(front, "claire", f"/cases?sort={sort}number")) for sort in ("", "-"))
    assert up == list(CASES)
    assert down == up[::-1]
    page = get(front, "claire", "/cases?sort=number&open=yes")
    assert 'aria-sort="ascending"' in page
    assert "/cases?open=yes&amp;sort=-number" in page


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ("words=graz", ["D-2026-0001"]),
        ("words=0002", ["D-2026-0002"]),
        ("party=farmers&sort=number", list(CASES)),
        ("phase=intake&sort=number", ["D-2026-0002", "D-2026-0003"]),
        ("stage=screening", ["D-2026-0002"]),
        ("mediator=nadia&sort=number", list(CASES)),
        ("process=priority_conflict", []),
        ("urgency=U1", []),
        ("open=no", []),
        ("waits=me", ["D-2026-0002"]),
        ("opened_from=2027-01-01", []),
        ("opened_to=2026-11-02&sort=number", list(CASES)),
        ("nonsense=1&sort=number", list(CASES)),
    ],
)
def test_every_filter_stands_in_the_address(front: Front, asked: str, fits: list[str]) -> None:
    page = get(front, "claire", f"/cases?{asked}")
    assert numbers(page) == fits
    assert f"{len(fits)} case{'' if len(fits) == 1 else 's'}" in text_of(page)


def test_overdue_cases_are_found_once_their_time_is_over(front: Front) -> None:
    assert "D-2026-0002" not in numbers(get(front, "claire", "/cases?overdue=yes"))
    front.house.clock.advance(days=9)
    assert "D-2026-0002" in numbers(get(front, "claire", "/cases?overdue=yes"))


def test_a_day_that_is_none_is_told_and_kept(front: Front) -> None:
    with front.client("claire") as client:
        answer = client.get("/cases?due_from=soon")
    assert answer.status_code == 422
    assert "“soon” is no day; write it like 2026-12-31" in text_of(answer.text)
    assert 'value="soon"' in answer.text


def test_a_broken_page_is_a_sentence(front: Front) -> None:
    with front.client("claire") as client:
        for path in ("/cases?after=x", "/mails?after=x", "/cases?sort=colour"):
            answer = client.get(path)
            assert answer.status_code in {404, 422}
            assert "begin again at the first" in answer.text or "choose a column of it" in answer.text


def test_the_filters_of_the_api_are_those_of_the_page(front: Front) -> None:
    with front.client("claire") as client:
        asked: dict[str, str | int] = {
            "party": "farmers",
            "sort": "-number",
            "limit": 2,
            "opened_before": "2027-01-01T00:00:00Z",
        }
        page = client.get("/api/cases", params=asked).json()
        rest = client.get(page["next"]).json()
        wrong = client.get("/api/cases", params={"opened_before": "2027-01-01T00:00:00"})
    assert [one["number"] for one in page["cases"] + rest["cases"]] == list(reversed(CASES))
    assert rest["next"] is None
    assert wrong.status_code == 422


def test_mails_are_filtered_by_who_what_and_when(front: Front) -> None:
    every = get(front, "claire", "/mails")
    assert every.count('<th scope="row"') == get(front, "claire", "/mails?since=2026-01-01").count('<th scope="row"')
    assert '<th scope="row"' not in get(front, "claire", "/mails?until=2026-01-01")
    assert '<th scope="row"' not in get(front, "claire", "/mails?words=zeppelin")


def test_a_view_is_kept_shown_and_found_again(front: Front) -> None:
    address = keep(front, "claire", "  My  screening ", "/cases?stage=screening&sort=due&after=abc")
    assert address == "/cases?stage=screening&sort=due"
    page = get(front, "claire", address)
    assert 'aria-current="page" dir="auto">My screening</a>' in page
    assert "My screening" not in get(front, "nadia", "/cases")
    assert "My screening" not in get(front, "claire", "/mails")


def test_a_view_is_renamed_made_the_beginning_and_deleted(front: Front) -> None:
    keep(front, "claire", "Screening", "/cases?stage=screening")
    with front.client("claire") as client:
        view = re.search(r'action="/me/views/(\w+)"', client.get("/me/views").text)
        assert view
        path = f"/me/views/{view[1]}"

        def do(**said: str) -> str:
            token = form_of(client.get("/me/views").text)["form_token"]
            return client.post(path, data={"form_token": token, **said}, follow_redirects=True).text

        assert "To screen" in do(do="rename", name="To screen")
        assert "My desk begins here" in do(do="start")
        assert sign_in(front) == "/cases?stage=screening"
        assert "My desk begins here" not in do(do="end")
        assert sign_in(front) == "/"
        assert "No view is kept yet." in do(do="delete")


def test_the_views_of_others_are_as_if_they_were_not(front: Front) -> None:
    keep(front, "claire", "Screening", "/cases?stage=screening")
    with front.client("claire") as client:
        view = re.search(r'action="/me/views/(\w+)"', client.get("/me/views").text)
    assert view
    with front.client("nadia") as client:
        token = form_of(client.get("/cases").text)["form_token"]
        for do in ("rename", "start", "delete"):
            form = {"form_token": token, "do": do, "name": "Mine"}
            assert client.post(f"/me/views/{view[1]}", data=form).status_code == 404


@pytest.mark.parametrize(
    ("name", "address", "told"),
    [
        ("", "/cases", "Give the view a name"),
        ("x" * 61, "/cases", "A name may be 60 letters long"),
        ("There", "https://elsewhere.example/cases", "Only a list of this desk can be kept"),
        ("There", "//elsewhere.example/cases", "Only a list of this desk can be kept"),
        ("There", "/\\elsewhere.example", "Only a list of this desk can be kept"),
        ("Taken", "/cases", "You have a view of this name already"),
        ("There", "//[", "Only a list of this desk can be kept"),
    ],
)
def test_a_view_that_cannot_be_kept_says_why(front: Front, name: str, address: str, told: str) -> None:
    keep(front, "claire", "Taken", "/cases")
    assert told in keep(front, "claire", name, address)
