"""What administrators and people keep over the API: the same limits as on the pages, and never a case."""

from __future__ import annotations

import json

import pytest

from tests.desk.house import SECRET_OF_A, SECRET_OF_B, Front

ENTRY = {"name": "Omar Office", "email": "omar@office.example", "organisation": "office"}
SESSIONS = "D-2026-0001"


def test_an_administrator_keeps_people_and_nobody_else_does(front: Front) -> None:
    with front.program("li") as client, front.program("claire") as other:
        made = client.post("/api/people", json=ENTRY)
        assert made.status_code == 201, made.text
        one = f"/api/people/{made.json()['id']}"
        assert client.put(one, json={**ENTRY, "telephone": "+211 1"}).json()["telephone"] == "+211 1"
        assert client.post(f"{one}/leave").json()["active"] is False
        assert client.get("/api/people", params={"words": "omar"}).json()["people"] == []
        assert client.post(f"{one}/reinstate").json()["active"] is True
        asked = [
            other.get("/api/people"),
            other.get(one),
            other.post("/api/people", json=ENTRY),
            other.put(one, json=ENTRY),
            other.post(f"{one}/leave"),
            other.get("/api/organisations"),
            other.get("/api/posts"),
        ]
        assert {answer.status_code for answer in asked} == {403}
        assert other.get("/api/people/me").json()["id"] == "claire"


def test_people_come_in_pages(front: Front) -> None:
    with front.program("li") as client:
        address, names = "/api/people?limit=4", []
        while address:
            page = client.get(address).json()
            names += [one["name"] for one in page["people"]]
            address = page["next"]
    assert len(names) == len(set(names)) > 8
    assert names == sorted(names)


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "not an address"},
        {"email": "claire@office.example"},
        {"organisation": "nowhere"},
        {"offices": ["emperor"]},
        {"timezone": "Mars/Olympus"},
        {"manager": "nobody"},
        {"name": ""},
        {"nonsense": 1},
    ],
)
def test_what_cannot_be_put_on_file_is_refused(front: Front, wrong: dict[str, object]) -> None:
    with front.program("li") as client:
        answer = client.post("/api/people", json=ENTRY | wrong)
        assert answer.status_code in {404, 409, 422}, answer.text
        assert client.get("/api/people", params={"words": "omar"}).json()["people"] == []


def test_the_last_administrator_stays(front: Front) -> None:
    with front.program("li") as client:
        mine = client.get("/api/people/me").json()
        own = {name: value for name, value in mine.items() if name not in {"id", "active"}}
        assert client.put("/api/people/li", json={**own, "offices": []}).status_code == 409
        assert client.post("/api/people/li/leave").status_code == 409
        assert client.get("/api/people/me").json() == mine


def test_who_may_see_a_case_is_told_to_its_team_and_to_a_party_of_its_own_rooms(front: Front) -> None:
    address = f"/api/cases/{SESSIONS}/access"
    with front.program("nadia") as team, front.program("joseph") as party, front.program("li") as other:
        everybody = {one["person"]: one["rooms"] for one in team.get(address).json()["readers"]}
        known = {room for one in party.get(address).json()["readers"] for room in one["rooms"]}
        assert other.get(address).status_code == 404
    assert "caucus:B" in everybody["marie"]
    assert not {"caucus:B", "line:B", "private:B", "team"} & known


def test_figures_and_obligations_tell_no_content(front: Front) -> None:
    with front.program("stranger") as client:
        told = [client.get(path) for path in ("/api/reports", "/api/obligations?state=every", "/api/me/desk")]
    assert [answer.status_code for answer in told] == [200, 200, 200]
    for secret in (SECRET_OF_A, SECRET_OF_B):
        assert secret not in json.dumps([answer.json() for answer in told])


def test_views_and_sessions_are_ones_own(front: Front) -> None:
    with front.program("claire") as client, front.program("marie") as other:
        view = client.post("/api/me/views", json={"name": "Mine", "address": "/cases?waits_on=me"}).json()
        assert other.delete(f"/api/me/views/{view['id']}").status_code == 404
        assert client.post("/api/me/views", json={"name": "Out", "address": "https://evil.example/"}).status_code == 422
        [session] = other.get("/api/me/sessions").json()["sessions"]
        client.delete(f"/api/me/sessions/{session['id']}")
        assert other.get("/api/me").status_code == 200
        other.delete(f"/api/me/sessions/{session['id']}")
        assert other.get("/api/me").status_code == 401
