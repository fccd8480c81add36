"""Searching at the desk: by the page, the API and the shell, each room for its readers alone."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from cases.notebook import Notebook
from desk.cli import app
from tests.desk.house import SECRET_OF_A, SECRET_OF_B, TEAM_SECRET, Front
from tests.desk.test_pages import READS, get, text_of

SESSIONS = "D-2026-0001"
SECRETS = (SECRET_OF_A, SECRET_OF_B, TEAM_SECRET)


def doors(front: Front, who: str, asked: str) -> str:
    """Returns everything that somebody is shown who looks for some words, without the words they typed."""
    params = {"q": f'"{asked}"'}
    with front.client(who) as client:
        page = client.get("/search", params=params).text.split('aria-labelledby="found"')[1]
        told = client.get("/api/search", params=params).text
    return page.replace("<mark>", "").replace("</mark>", "") + told


@pytest.mark.parametrize("who", READS)
def test_what_was_said_in_confidence_is_found_by_its_readers_alone(front: Front, who: str) -> None:
    assert {one for one in SECRETS if one.split()[0] in doors(front, who, one)} == READS[who]


def test_a_result_says_where_it_was_found_and_leads_there(front: Front) -> None:
    page = get(front, "nadia", "/search?q=herds+may")
    assert "Note" in text_of(page)
    assert "Caucus: Herders association" in text_of(page)
    assert "Our <mark>herds</mark> move in <mark>May</mark>" in page
    assert f'href="/cases/{SESSIONS}#file"' in page


def test_a_case_is_found_directly_by_its_number(front: Front) -> None:
    first = get(front, "joseph", f"/search?q={SESSIONS}").split("<h3>")[1]
    assert f'href="/cases/{SESSIONS}"' in first
    assert "The case itself" in first


def test_nothing_found_says_what_to_try(front: Front) -> None:
    assert "Nothing that you may read holds these words." in text_of(get(front, "joseph", "/search?q=zeppelin"))


def test_a_search_without_words_is_told_and_what_was_typed_is_kept(front: Front) -> None:
    with front.client("joseph") as client:
        answer = client.get("/search", params={"q": "-pump"})
        told = client.get("/api/search", params={"q": "-pump"})
    assert answer.status_code == told.status_code == 422
    assert "Type at least one word to look for" in answer.text
    assert 'value="-pump"' in answer.text
    assert "type at least one word" in told.json()["detail"]


def test_pages_go_on_where_the_one_before_ended(front: Front) -> None:
    with front.client("nadia") as client:
        whole = client.get("/api/search", params={"q": "the", "limit": 100}).json()["found"]
        told, address = [], "/api/search?q=the&limit=4"
        while address:
            page = client.get(address).json()
            told += page["found"]
            address = page["next"]
    assert len(whole) > 8
    assert told == whole


def test_a_broken_mark_is_a_sentence(front: Front) -> None:
    with front.client("nadia") as client:
        answer = client.get("/search", params={"q": "the", "after": "gibberish"})
    assert answer.status_code == 404
    assert "begin again at the first" in answer.text


def test_a_note_of_the_notebook_is_found_by_its_author_alone(front: Front) -> None:
    house = front.house
    Notebook(house.record.engine, house.directory.actor("nadia")).write(
        SESSIONS, "They trust the crimson vet.", now=house.clock.now()
    )
    assert "Only you read these notes." in get(front, "nadia", "/search?q=crimson")
    for who in ("claire", "joseph", "li"):
        page = get(front, who, "/search?q=crimson")
        assert "vet" not in page.split("<h1>")[1]
        assert "notebook" not in page.split("<h1>")[1]


@pytest.mark.usefixtures("own_house")
def test_the_shell_finds_what_the_person_may_read() -> None:
    run = CliRunner()
    found = json.loads(run.invoke(app, ["search", "for", "herds", "may", "--as", "nadia", "--json"]).stdout)
    assert {one["number"] for one in found["found"]} == {SESSIONS, "D-2026-0002"}
    nothing = json.loads(run.invoke(app, ["search", "for", "herds", "may", "--as", "marie", "--json"]).stdout)
    assert nothing == {"found": [], "next": None}


@pytest.mark.usefixtures("own_house")
def test_the_index_is_renewed_from_the_shell() -> None:
    answer = CliRunner().invoke(app, ["search", "renew"])
    assert "the index of 3 cases was written anew" in answer.stdout
