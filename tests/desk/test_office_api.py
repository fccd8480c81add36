"""What the office keeps over the API: processes, calendars, periods, rooms in an emergency, and work on many cases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases import api_tokens, errands
from cases.api_tokens import NewToken, Scope
from cases.errands import Workshop
from cases.people import Person
from tests.desk.house import OFFER, SECRET_OF_A, SECRET_OF_B, TEAM_SECRET, Front, House

FIRST, SECOND = "D-2026-0001", "D-2026-0002"
RENAMED = "extends: dispute\nprocess: dispute\nstages:\n  submitted: {label: Handed in}\n"
PAUSE = "/api/bulk/acts/pause_for_safety"
ROOM = {"case": FIRST, "room": "caucus:A", "reason": "Somebody is in danger.", "hours": 4}
FOR_ADMINISTRATORS = {
    "GET": (
        "/api/undelivered",
        "/api/mail-texts",
        "/api/audit",
        "/api/retention",
        "/api/emergencies",
        "/api/working-calendars",
        "/api/working-calendars/mission",
        "/api/processes/dispute/versions",
        "/api/processes/dispute/differences",
        "/api/process-moves",
    ),
    "POST": ("/api/search/index", "/api/people/marie/code", "/api/people/marie/link"),
}


@pytest.fixture
def helen(house: House) -> None:
    """Puts a head of office on file."""
    house.directory.add(
        Person(id="helen", name="Helen Office", email="helen@office.example", offices=("head_of_office",))
    )


def test_what_is_for_administrators_is_for_nobody_else_and_tells_them_no_content(front: Front) -> None:
    asked = [(method, path) for method, paths in FOR_ADMINISTRATORS.items() for path in paths]
    with front.program("li") as client, front.program("joseph") as other:
        answers = [client.request(method, path) for method, path in asked]
        refused = [other.request(method, path) for method, path in asked]
    assert {one.status_code for one in refused} == {403}
    assert all(one.is_success for one in answers), [one.text for one in answers if not one.is_success]
    for answer in answers:
        assert not [one for one in (SECRET_OF_A, SECRET_OF_B, TEAM_SECRET, OFFER, "Kworijik") if one in answer.text]


def test_cases_move_to_a_changed_process_and_back(front: Front) -> None:
    with front.program("li") as client:
        wrong = client.post("/api/processes", json={"definition": "process: dispute\nnonsense: 1\n"})
        assert (wrong.status_code, bool(wrong.json()["missing"])) == (422, True)
        checked = client.post("/api/processes/check", json={"definition": RENAMED}).json()
        assert any("Handed in" in one for one in checked["differences"])
        new = client.post("/api/processes", json={"definition": RENAMED}).json()
        assert client.get("/api/processes/dispute/differences").json()["differences"] == checked["differences"]
        wanted = {"process": "dispute", "to": new["hash"], "reason": "A better name."}
        weighed = client.post("/api/process-moves/check", json=wanted).json()["cases"]
        assert client.get("/api/process-moves").json()["moves"] == []
        moved = client.post("/api/process-moves", json=wanted).json()
        assert (moved["moved"], [one["fate"] for one in moved["cases"]]) == (3, [one["fate"] for one in weighed])
        back = client.post(f"/api/process-moves/{moved['number']}/revert", json={"reason": "Too early."}).json()
        assert (back["reverts"], back["moved"]) == (moved["number"], 3)
        versions = client.get("/api/processes/dispute/versions").json()["versions"]
    assert [(one["in_use"], one["published_by"], one["open"]) for one in versions] == [
        (True, "li", 0),
        (False, None, 3),
    ]


def test_a_calendar_is_weighed_before_it_dates_cases_anew(front: Front) -> None:
    with front.program("li") as client:
        text = client.get("/api/working-calendars/mission").json()["definition"]
        draft = {"definition": text.replace("own:", "own:\n    2026-11-19: Flood day", 1)}
        told = client.post("/api/working-calendars/check", json=draft).json()
        assert told["days"] == [{"day": "2026-11-19", "works": False, "name": "Flood day"}]
        assert told["moved"]
        assert client.get("/api/working-calendars/mission").json()["definition"] == text
        kept = client.post("/api/working-calendars", json=draft).json()
        assert (kept["own"], kept["holidays"]["2026-11-19"]) == (True, "Flood day")
        broken = client.post("/api/working-calendars", json={"definition": "name: mission\n"})
        assert (broken.status_code, bool(broken.json()["missing"])) == (422, True)


def test_a_room_that_a_second_person_opens_is_read_by_no_program(front: Front, helen: None) -> None:
    del helen
    people = (front.program("li"), front.program("helen"), front.program("nadia"), front.client("li"))
    with people[0] as client, people[1] as head, people[2] as mediator, people[3] as browser:
        asked = client.post("/api/emergencies", json=ROOM).json()
        room = f"/api/emergencies/{asked['case_id']}/{asked['id']}"
        assert client.post(f"{room}/agree").status_code == 403
        assert mediator.post(f"{room}/agree").status_code == 403
        assert head.post(f"{room}/agree").json()["state"] == "open"
        assert SECRET_OF_A in browser.get(f"/cases/{FIRST}").text
        assert client.get(f"/api/cases/{FIRST}").status_code == 404
        assert mediator.post(f"{room}/end").json()["ended_by"] == "nadia"
        assert browser.get(f"/cases/{FIRST}").status_code == 404


def test_many_cases_are_paused_by_one_job_and_what_became_of_each_is_told(front: Front) -> None:
    inputs = {"reason": "The road is flooded.", "until": (front.house.clock.now() + timedelta(days=1)).isoformat()}
    with front.program("claire") as client, front.program("marie") as other:
        weighed = client.post(f"{PAUSE}/check", json={"cases": [FIRST, SECOND], "inputs": inputs}).json()
        assert [one["missing"] for one in weighed["cases"]] == [[], []]
        note = {"inputs": {"text": "Meanwhile", "zone": "team"}}
        assert client.post(f"/api/cases/{SECOND}/acts/add_note", json=note).status_code == 200
        seen = [{"case": one["number"], "version": one["version"]} for one in weighed["cases"]]
        key = {"idempotency-key": "one pause"}
        job = client.post(PAUSE, json={"cases": seen, "inputs": inputs}, headers=key).json()
        again = client.post(PAUSE, json={"cases": seen, "inputs": inputs}, headers=key)
        assert (again.json(), again.headers["idempotent-replayed"]) == (job, "true")
        told = client.get(f"/api/me/jobs/{job['id']}").json()
        assert [(one["name"], one["state"]) for one in told["lines"]] == [(SECOND, "refused"), (FIRST, "done")]
        assert other.get(f"/api/me/jobs/{job['id']}").status_code == 404


def test_a_token_decides_in_many_cases_only_when_it_is_good_for_deciding(front: Front) -> None:
    now = front.house.clock.now()
    new = NewToken(name="Acts", scopes=frozenset({Scope.CASES_ACT}), expires_at=now + timedelta(days=1))
    _, token = api_tokens.make(front.house.record.engine, "joseph", new, now=now)
    chosen = {"cases": [{"case": FIRST}]}
    with front.holder_of(token) as client:
        assert client.post("/api/bulk/acts/agree", json=chosen).json()["type"].endswith("/beyond-scope")


def test_an_export_holds_what_its_owner_may_read(front: Front) -> None:
    house = front.house
    at = Workshop(record=house.record, service=house.service, directory=house.directory, worker="test")
    asked = {"urgency": "U3", "waits_on": "me", "opened_before": house.clock.now().isoformat()}
    found = {}
    for who in ("nadia", "stranger"):
        with front.program(who) as client:
            job = client.post("/api/bulk/export", json=asked).json()
            assert client.get(f"/api/me/jobs/{job['id']}/export").status_code == 404
            errands.work_off(at)
            found[who] = [row[0] for row in client.get(f"/api/me/jobs/{job['id']}/export").json()["rows"]]
            listed = client.get("/api/cases", params=asked).json()["cases"]
            assert sorted(found[who]) == sorted(one["number"] for one in listed)
    assert found["nadia"]


def test_ones_own_calendar_and_desk_are_kept_over_the_api(front: Front) -> None:
    with front.program("claire") as client, front.client() as anybody:
        assert client.get("/api/me/feed").json() == {"since": None}
        address = client.post("/api/me/feed").json()["address"]
        path = address.removeprefix(front.house.settings.base_url)
        assert anybody.get(path).status_code == 200
        client.delete("/api/me/feed")
        assert anybody.get(path).status_code == 404
        view = client.post("/api/me/views", json={"name": "Mine", "address": "/cases?waits_on=me"}).json()
        client.post(f"/api/me/views/{view['id']}/start")
        assert client.put(f"/api/me/views/{view['id']}", json={"name": "Ours"}).json()["start"] is True
        client.delete("/api/me/start")
        assert [(one["name"], one["start"]) for one in client.get("/api/me/views").json()["views"]] == [("Ours", False)]


@pytest.mark.parametrize("wrong", [{"hours": 25}, {"hours": 0}, {"reason": ""}, {"room": "private:A"}, {"case": "X"}])
def test_what_may_not_be_opened_is_refused(front: Front, wrong: dict[str, object]) -> None:
    with front.program("li") as client:
        assert client.post("/api/emergencies", json=ROOM | wrong).status_code in {404, 422}
        assert client.get("/api/emergencies").json()["requests"] == []
