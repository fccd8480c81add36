"""The page on which people say when they are away: who stands in, what is on file, and how it is taken back."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from cases.deputies import Deputies
from states.directory import Away, Delegation
from tests.desk.house import START, Front, form_of

PAGE = "/me/absence"
TODAY = START.date()
FIRST, LAST = TODAY + timedelta(days=7), TODAY + timedelta(days=16)


def said(
    client: httpx.Client, since: str = f"{FIRST}", until: str = f"{LAST}", **more: str | list[str]
) -> httpx.Response:
    """Fills the form in and sends it, as a browser without scripts does."""
    form: dict[str, str | list[str]] = {**form_of(client.get(PAGE).text)}
    return client.post(PAGE, data={**form, "since": since, "until": until, **more})


def pressed(client: httpx.Client, label: str) -> httpx.Response:
    """Presses the first button of the page that is called so."""
    page = client.get(PAGE).text
    before = page.partition(f">{label}<")[0]
    address = re.findall(r'action="([^"]+)"', before)[-1]
    return client.post(address, data=form_of(page))


def test_the_desk_leads_to_the_page_and_then_says_when_one_is_away(front: Front) -> None:
    with front.client("marie") as client:
        assert f'href="{PAGE}"' in client.get("/").text
        answer = said(client)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PAGE}?recorded=yes")
        for page in ("/", PAGE):
            assert "9 November 2026" in client.get(page).text, page
    assert Deputies(front.house.record.engine).absences("marie") == (Away(FIRST, LAST),)


def test_a_deputy_is_named_for_the_same_days_and_for_what_is_ticked(front: Front) -> None:
    with front.client("marie") as client:
        said(client, deputy="julia", scope=["T1", "T3"])
        page = client.get(PAGE).text
    (kept,) = Deputies(front.house.record.engine).all("marie")
    scope = frozenset({"T1", "T3"})
    assert kept.delegation == Delegation(person="marie", deputy="julia", since=FIRST, until=LAST, scope=scope)
    assert "Julia Okafor stands in for you" in page
    assert "Area (T1)" in page.partition("What they stand in for")[0]


def test_who_would_be_asked_where_nobody_was_named_is_told(front: Front) -> None:
    with front.client("marie") as client:
        said(client, deputy="julia")
        assert "Marie Keji named Julia Okafor as deputy" in client.get(PAGE).text
    with front.client("joseph") as client:
        said(client)
        assert "nobody is found who could be asked" in client.get(PAGE).text


@pytest.mark.parametrize(
    ("typed", "place", "told"),
    [
        ({"until": "2026-01-01"}, "until", "run backwards"),
        ({"until": ""}, "until", "ill this in"),
        ({"since": "soon"}, "since", ""),
        ({"deputy": "joseph"}, "deputy", "works for the same organisation"),
        ({"deputy": "nobody"}, "deputy", "There is no person"),
    ],
)
def test_what_is_wrong_stands_by_its_field_and_nothing_typed_is_lost(
    front: Front, typed: dict[str, str], place: str, told: str
) -> None:
    with front.client("marie") as client:
        answer = said(client, **{"deputy": "julia", **typed}, scope=["T1"])
    assert answer.status_code == 422
    assert f'href="#field-{place}"' in answer.text
    error = answer.text.partition(f'id="field-{place}-error"')[2].partition("</p>")[0]
    assert error
    assert told in error
    assert 'value="T1" checked' in answer.text
    assert typed.get("since", f"{FIRST}") in answer.text
    kept = Deputies(front.house.record.engine)
    assert (kept.absences("marie"), kept.all("marie")) == ((), ())


def test_days_that_have_not_begun_are_taken_back_whole(front: Front) -> None:
    with front.client("julia") as client:
        said(client)
        assert pressed(client, "Take it back").status_code == 303
    assert Deputies(front.house.record.engine).absences("julia") == ()


def test_who_comes_back_early_is_there_from_today(front: Front) -> None:
    with front.client("julia") as client:
        said(client, since=f"{TODAY - timedelta(days=3)}")
        assert pressed(client, "I am back today").status_code == 303
        assert "You are there, as far as is on file" in client.get(PAGE).text
    (days,) = Deputies(front.house.record.engine).absences("julia")
    assert days.until == TODAY - timedelta(days=1)


def test_a_deputy_is_ended_by_whom_they_stand_in_for_and_by_nobody_else(front: Front) -> None:
    with front.client("marie") as client:
        said(client, deputy="julia")
        (kept,) = Deputies(front.house.record.engine).all("marie")
    with front.client("julia") as other:
        form = form_of(other.get(PAGE).text)
        assert other.post(f"/me/deputies/{kept.id}/end", data=form).status_code == 403
    with front.client("marie") as client:
        assert pressed(client, "No longer").status_code == 303
    assert Deputies(front.house.record.engine).all("marie") == ()


def test_only_people_of_ones_own_organisation_are_offered(front: Front) -> None:
    with front.client("marie") as client:
        offered = re.findall(r'<option value="(\w+)"', client.get(PAGE).text)
    assert sorted(offered) == ["julia", "simon"]
