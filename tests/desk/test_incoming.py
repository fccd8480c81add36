"""What came back by mail, at every front door: for those who run the case alone, and never an act by itself."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from cases import missing, reachability
from cases.viewer import Viewer
from desk import cli
from states.reach import Reach
from tests.desk.arriving import CASE, SECRET, Came, arrive
from tests.desk.house import Front, House, form_to

OTHERS = ("joseph", "marie", "achol", "peter", "stranger", "li")


@pytest.fixture
def came(house: House) -> Came:
    """Lets an answer of Marie's arrive, and a mail to her come back."""
    return arrive(house)


def test_those_who_run_the_case_find_it_and_nobody_else_reaches_it(front: Front, came: Came) -> None:
    paths = (
        *("/", "/cases", f"/cases/{CASE}", f"/cases/{CASE}?everything=yes", "/mails", f"/cases/{CASE}/incoming"),
        *("/cases?words=violet", f"/api/cases/{CASE}", f"/api/cases/{CASE}/incoming", "/undelivered"),
    )
    shut = f"/cases/{CASE}/incoming/{came.answer}/files/1"
    for who in OTHERS:
        with front.client(who) as client:
            for path in paths:
                answer = client.get(path)
                assert SECRET not in answer.text
                assert "/incoming" not in answer.text or answer.status_code == 404
            assert [client.get(one).status_code for one in (f"/cases/{CASE}/incoming", shut, f"/api{shut}")] == [
                404
            ] * 3
            key = {"idempotency-key": f"filed by {who}"}
            filing = {"zone": "shared", "text": "mine"}
            sent = client.post(f"/api/cases/{CASE}/incoming/{came.answer}/file", json=filing, headers=key)
            assert sent.status_code == 404
    for who in ("claire", "nadia"):
        with front.client(who) as client:
            assert "1 answer by mail waits to be sorted." in client.get("/").text
            assert f"/cases/{CASE}/incoming" in client.get(f"/cases/{CASE}").text
            page = client.get(f"/cases/{CASE}/incoming").text
            assert SECRET in page
            assert "who@where.example" in page
            assert "I am away." in page
            assert "550 5.1.1 no such user" in page


def test_an_answer_is_filed_into_the_room_that_was_chosen_and_only_once(front: Front, came: Came) -> None:
    with front.client("claire") as client:
        page = f"/cases/{CASE}/incoming"
        form = form_to(client.get(page).text, f"{page}/{came.answer}/file")
        form |= {"zone": "line:B", "text": SECRET}
        assert '<option value="line:B" selected>' in client.get(page).text
        nowhere = client.post(f"{page}/{came.answer}/file", data={**form, "zone": "caucus:A"})
        assert (nowhere.status_code, SECRET in nowhere.text) == (422, True)
        filed = client.post(f"{page}/{came.answer}/file", data=form)
        assert (filed.status_code, filed.headers["location"]) == (303, page)
        assert client.post(f"{page}/{came.answer}/file", data=form).status_code == 409
        assert "No answer waits" in client.get(page).text
    with front.client("marie") as client:
        read = client.get(f"/cases/{CASE}").text
        assert "Marie Keji &lt;marie@" in read
        assert SECRET in read
    with front.client("joseph") as client:
        assert SECRET not in client.get(f"/cases/{CASE}").text


def test_an_answer_is_set_aside_with_a_reason_alone(front: Front, came: Came) -> None:
    with front.client("nadia") as client:
        page = f"/cases/{CASE}/incoming"
        form = form_to(client.get(page).text, f"{page}/{came.answer}/set-aside")
        refused = client.post(f"{page}/{came.answer}/set-aside", data={**form, "because": " "})
        assert (refused.status_code, "say why it is set aside" in refused.text.lower()) == (422, True)
        assert (
            client.post(f"{page}/{came.answer}/set-aside", data={**form, "because": "Only thanks"}).status_code == 303
        )
        assert "Only thanks" in client.get(page).text


def test_what_was_attached_stays_shut_until_somebody_releases_it(front: Front, came: Came) -> None:
    with front.client("nadia") as client:
        page = f"/cases/{CASE}/incoming"
        file = f"{page}/{came.answer}/files/1"
        assert client.get(file).status_code == 422
        form = form_to(client.get(page).text, f"{file}/release")
        assert client.post(f"{file}/release", data={**form, "sure": ""}).status_code == 422
        assert client.post(f"{file}/release", data={**form, "sure": "yes"}).status_code == 303
        given = client.get(file)
        assert given.content.strip() == b"<script>"
        assert given.headers["content-type"] == "application/octet-stream"
        assert given.headers["content-disposition"].startswith("attachment;")
        assert given.headers["x-content-type-options"] == "nosniff"


def test_whoever_was_reached_is_no_task_any_more_and_their_address_may_count_again(
    front: Front, house: House, came: Came
) -> None:
    key = {"idempotency-key": "reached by telephone"}
    soft = missing.of_case(house.record, Viewer(house.directory.actor("claire")), CASE).soft
    assert {"1 answer by mail was not sorted", "1 person was not reached by telephone"} <= set(soft)
    with front.client("claire") as client:
        listed = client.get(f"/api/cases/{CASE}/incoming").json()
        assert [one["person"] for one in listed["to_telephone"]] == ["marie"]
        done = {"note": "She will come.", "works_again": True}
        told = client.post(f"/api/cases/{CASE}/unreached/{came.call}", json=done, headers=key).json()
        assert told["to_telephone"] == []
        again = client.post(
            f"/api/cases/{CASE}/unreached/{came.call}", json=done, headers={"idempotency-key": "reached once more"}
        )
        assert again.status_code == 409
    marie, now = house.directory.person("marie"), house.clock.now()
    assert reachability.read_state(house.record.engine, "marie", marie.email, now=now) is Reach.FINE


def test_the_command_line_lists_it_for_somebody(own_house: House) -> None:
    arrive(own_house)
    told = CliRunner().invoke(cli.app, ["mail", "incoming", CASE, "--as", "claire"], catch_exceptions=False)
    assert "to sort" in told.stdout
    assert "marie" in told.stdout.lower()
    assert CliRunner().invoke(cli.app, ["mail", "incoming", CASE, "--as", "joseph"]).exit_code == 4
