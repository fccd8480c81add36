"""Processes on the desk: versions and what differs, a checked change put into use, and cases moved to it and back."""

from __future__ import annotations

import re

import httpx
import pytest

from cases.migrator import Migrator, Order
from cases.record import open_record
from desk.pages.process_moves import CHOICES
from states.migration import Choice, Plan
from tests.desk.house import SECRET_OF_A, TEAM_SECRET, Front, form_of, form_to

CHANGED = """\
extends: dispute
process: dispute
title: A dispute, more slowly
stages:
  submitted: {label: Handed in}
"""
PAGES = ("/processes", "/processes/change?name=dispute", "/processes/dispute", "/processes/dispute/move")


def sent(client: httpx.Client, text: str = CHANGED, **pressed: str) -> httpx.Response:
    form = form_of(client.get("/processes/change").text)
    return client.post("/processes/change", data={**form, "definition": text, **pressed})


def move(client: httpx.Client, **told: str) -> httpx.Response:
    page = client.get("/processes/dispute/move").text
    newest = re.findall(r'<input type="radio" name="to" [^>]*value="(\w{64})"', page)
    choice = {"to": newest[0], "timers": "keep-due", "closed": "no", "reason": "A better name", **told}
    return client.post("/processes/dispute/move", data={**form_of(page), **choice})


@pytest.mark.parametrize("page", PAGES)
def test_only_administrators_are_let_in(front: Front, page: str) -> None:
    for who, status in (("li", 200), ("claire", 403), (None, 401)):
        with front.client(who) as client:
            answer = client.get(page)
        assert answer.status_code == status
        assert not [secret for secret in (SECRET_OF_A, TEAM_SECRET, "Kworijik") if secret in answer.text]


def test_a_process_is_shown_with_its_clocks_silence_and_versions(front: Front) -> None:
    with front.client("li") as client:
        listed = client.get("/processes").text
        page = client.get("/processes/dispute").text
        picture = client.get("/processes/dispute/picture.svg")
        text = client.get("/processes/dispute/definition.yaml")
        assert client.get("/processes/nothing").status_code == 404
    assert 'href="/processes/dispute"' in listed
    process = front.house.record.registry.current("dispute")
    for told in (process.version, "What silence means", "in use", process.stages["submitted"].label):
        assert told in page, told
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/svg+xml")
    assert text.headers["content-disposition"] == 'attachment; filename="dispute.yaml"'


def test_findings_are_told_by_line(front: Front) -> None:
    with front.client("li") as client:
        answer = sent(client, CHANGED.replace("submitted:", "submited:"))
        unread = sent(client, "process: [")
    assert answer.status_code == 422
    assert re.search(r'id="finding-1"><th scope="row"><span class="num">5</span>.*?submited', answer.text, re.DOTALL)
    assert "submited: {label: Handed in}" in answer.text
    assert unread.status_code == 422


def test_a_change_is_told_rehearsed_and_only_then_put_into_use(front: Front) -> None:
    before = front.house.record.registry.current("dispute").hash
    with front.client("li") as client:
        checked = sent(client).text
        assert "“A dispute, more slowly” may be used." in checked
        assert "label was" in checked
        rehearsed = sent(client, rehearse="yes").text
        assert "Clocks that ran out" in rehearsed
        assert front.house.record.registry.current("dispute").hash == before
        assert sent(client, publish="yes").headers["location"] == "/processes/dispute?recorded=yes"
        page = client.get("/processes/dispute").text
        assert "A dispute, more slowly" in page
        assert "Li Wei" in page
        assert "label was" in client.get("/processes/dispute/differences").text
    assert front.house.record.registry.current("dispute").hash != before


def test_what_was_put_into_use_stays_when_the_desk_begins_anew(front: Front) -> None:
    with front.client("li") as client:
        sent(client, publish="yes")
        again = open_record(front.house.settings.database, now=front.house.clock.now())
        assert again.registry.current("dispute").title == "A dispute, more slowly"
        again.engine.dispose()
        front.house.clock.advance(minutes=1)
        older = front.house.record.registry.version("dispute", _older(client))
        client.post("/processes/dispute/use", data={**form_of(client.get("/processes").text), "version": older.hash})
    assert front.house.record.registry.current("dispute").hash == older.hash


def test_cases_are_moved_after_a_look_and_taken_back(front: Front) -> None:
    with front.client("li") as client:
        sent(client, publish="yes")
        looked = move(client)
        assert "Move 3 cases" in looked.text
        assert front.house.record.registry.current("dispute").title == "A dispute, more slowly"
        running = _on_newest(client)
        done = client.post("/processes/dispute/move", data=form_of(looked.text))
        assert "is done" in done.text
        assert (running, _on_newest(client)) == ("0", "3")
        listed = client.get("/processes").text
        address = re.search(r'href="(/processes/moves/\d+)"', listed)
        assert address is not None
        form = form_of(client.get(address[1]).text)
        assert client.post(address[1], data={**form, "reason": ""}).status_code == 422
        client.post(address[1], data={**form, "reason": "It was too early"})
        assert _on_newest(client) == "0"


def test_a_move_that_was_interrupted_is_finished_from_the_list_and_only_once(front: Front) -> None:
    house = front.house
    with front.client("li") as client:
        sent(client, publish="yes")
        newest = house.record.registry.current("dispute")
        plan = Plan(timers=Choice.KEEP_DUE)
        order = Order(new=newest, plan=plan, actor=house.directory.actor("li"), reason="Longer clocks")
        number = Migrator(house.service).begin(order)
        finish = f"/processes/moves/{number}/finish"
        form = form_to(client.get("/processes").text, finish)
        assert "is done" in client.post(finish, data=form).text
        assert _on_newest(client) == "3"
        assert f'action="{finish}"' not in client.get("/processes").text
        assert client.post(finish, data=form).status_code == 409


def test_a_move_that_cannot_be_read_comes_back(front: Front) -> None:
    with front.client("li") as client:
        answer = move(client, stages="submitted to handed_in")
        without = move(client, reason="")
    assert (answer.status_code, without.status_code) == (422, 422)
    assert "is no pair" in answer.text
    assert [label for label in CHOICES.values() if label not in answer.text] == []


def _older(client: httpx.Client) -> str:
    found = re.search(r'name="version" value="(\w{64})"', client.get("/processes/dispute").text)
    assert found is not None
    return found[1]


def _on_newest(client: httpx.Client) -> str:
    page = client.get("/processes/dispute").text
    found = re.search(r'in use</span></th>.*?data-l="Open cases"><span class="num">(\d+)<', page, re.DOTALL)
    assert found is not None
    return found[1]
