"""Tokens at every door: made, shown once, narrowed to what they are for, never more than their owner, and ended."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from fastapi.routing import APIRoute

from cases import api_tokens
from cases.api_tokens import NewToken, Scope
from config.clock import SystemClock
from desk.api.route import ApiRoute
from tests.desk.asking import ASKED, asking
from tests.desk.command_line import data, run
from tests.desk.house import Front, House, form_of
from tests.desk.test_access import app_of, routes_of
from tests.desk.test_pages import refused_mail

PAGE = "/me/tokens"
SESSIONS = "D-2026-0001"


def token(house: House, who: str, *scopes: Scope, days: int = 30) -> str:
    """Makes a token for somebody; returns its secret."""
    now = house.clock.now()
    new = NewToken(name="A program", scopes=frozenset(scopes), expires_at=now + timedelta(days=days))
    return api_tokens.make(house.record.engine, who, new, now=now)[1]


def answers_of(house: House) -> list[APIRoute]:
    return [route for route in routes_of(app_of(house)) if route.path.startswith("/api/") and route.include_in_schema]


def test_every_answer_says_what_a_token_must_be_good_for(house: House) -> None:
    routes = answers_of(house)
    assert len(routes) > 30
    assert {type(route) for route in routes} == {ApiRoute}
    used = {scope for route in routes if isinstance(route, ApiRoute) for scope in route.scopes}
    assert used <= set(Scope)


def test_a_token_opens_what_it_is_for_and_nothing_else(front: Front) -> None:
    with front.holder_of(token(front.house, "claire", Scope.CASES_READ)) as client:
        assert client.get(f"/api/cases/{SESSIONS}").json()["number"] == SESSIONS
        refused = client.get("/api/messages")
        assert refused.status_code == 403
        assert "mails:read" in refused.json()["detail"]
        assert client.post(f"/api/cases/{SESSIONS}/acts/add_note", json={"inputs": {}}).status_code == 403
        assert client.get("/").status_code == 401


def test_a_token_never_does_what_its_owner_may_not(front: Front) -> None:
    everything = token(front.house, "stranger", *Scope)
    with front.holder_of(everything) as client:
        assert client.get(f"/api/cases/{SESSIONS}/notebook").status_code == 404
        assert client.get("/api/health").status_code == 403
    with front.holder_of(token(front.house, "li", *Scope)) as administrator:
        assert administrator.get(f"/api/cases/{SESSIONS}").status_code == 404


def test_what_is_asked_for_a_decision_takes_a_token_of_its_own(house: House) -> None:
    with asking(house) as question:
        answers = f"/api/cases/{question.case_id}/acts/agree"
        agreed = {"inputs": {"proposal": question.item_id}}
        with question.front.holder_of(token(house, ASKED, Scope.CASES_ACT)) as acting:
            refused = acting.post(answers, json=agreed)
            assert (refused.status_code, question.state) == (403, "open")
            assert "cases:decide" in refused.json()["detail"]
        with question.front.holder_of(token(house, ASKED, Scope.CASES_ACT, Scope.CASES_DECIDE)) as deciding:
            answer = deciding.post(answers, json=agreed)
            assert answer.status_code == 200, answer.text
        assert question.state != "open"


def test_a_token_learns_of_no_case_by_what_is_ones_own(front: Front) -> None:
    with front.holder_of(token(front.house, "claire", Scope.ME)) as client:
        asked = [
            client.post("/api/me/feed"),
            *(client.get(f"/api/me/jobs/{'0' * 32}{tail}") for tail in ("", "/export")),
        ]
    assert {answer.status_code for answer in asked} == {403}
    assert {"cases:read" in answer.json()["detail"] for answer in asked} == {True}


def test_a_token_for_sending_reads_no_words_of_a_mail(front: Front) -> None:
    message = refused_mail(front.house)
    with front.holder_of(token(front.house, "marie", Scope.MAILS_SEND)) as client:
        again = client.post(f"/api/messages/{message}/retry")
    with front.holder_of(token(front.house, "marie", Scope.MAILS_READ)) as client:
        read = client.get(f"/api/messages/{message}")
    assert (again.status_code, again.json()["text"]) == (200, None)
    assert read.json()["text"]


def test_no_token_opens_a_room_that_is_not_made_for_decisions(front: Front) -> None:
    with front.holder_of(token(front.house, "li", Scope.ADMIN)) as client:
        answer = client.post("/api/emergencies/none/none/agree")
    assert (answer.status_code, "cases:decide" in answer.json()["detail"]) == (403, True)


def test_a_token_that_is_over_opens_nothing(front: Front) -> None:
    secret = token(front.house, "claire", Scope.CASES_READ, days=1)
    with front.holder_of(secret) as client:
        assert client.get("/api/cases").status_code == 200
        front.house.clock.advance(days=1)
        answer = client.get("/api/cases")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_makes_no_token_that_is_good_for_more_or_longer(front: Front) -> None:
    until = front.house.clock.now() + timedelta(days=20)
    wanted = {"name": "Child", "scopes": ["me"], "expires_at": until.isoformat()}
    with front.holder_of(token(front.house, "claire", Scope.ME)) as client:
        made = client.post("/api/me/tokens", json=wanted)
        assert made.status_code == 201, made.text
        more = client.post("/api/me/tokens", json={**wanted, "scopes": ["me", "cases:read"]})
        longer = client.post("/api/me/tokens", json={**wanted, "expires_at": (until + timedelta(days=30)).isoformat()})
        assert (more.status_code, longer.status_code) == (403, 403)
        with front.holder_of(made.json()["secret"]) as child:
            assert [one["name"] for one in child.get("/api/me/tokens").json()["tokens"]] == ["Child", "A program"]


def test_a_token_is_made_once_however_often_it_is_asked_for(front: Front) -> None:
    until = front.house.clock.now() + timedelta(days=20)
    wanted = {"name": "Report", "scopes": ["cases:read"], "expires_at": until.isoformat()}
    with front.program("claire") as client:
        key = {"idempotency-key": "make-a-token"}
        first, second = (client.post("/api/me/tokens", json=wanted, headers=key) for _ in range(2))
        assert (first.json(), second.headers["idempotent-replayed"]) == (second.json(), "true")
        assert len(client.get("/api/me/tokens").json()["tokens"]) == 1
    assert first.json()["secret"].removeprefix(api_tokens.PREFIX) not in json.dumps(front.house.dump())


def test_an_ended_token_is_refused_at_once(front: Front) -> None:
    with front.program("claire") as client, front.holder_of(token(front.house, "claire", Scope.ME)) as program:
        [kept] = program.get("/api/me/tokens").json()["tokens"]
        assert client.delete(f"/api/me/tokens/{kept['id']}").json()["good"] is False
        assert program.get("/api/me/tokens").status_code == 401


def test_the_page_makes_a_token_and_shows_it_once(front: Front) -> None:
    with front.client("claire") as client:
        asked = form_of(client.get(PAGE).text)
        filled = {**asked, "name": "Weekly report", "scopes": "cases:read", "until": "2026-12-31"}
        made = client.post(PAGE, data=filled)
        secret = re.findall(r"parley_[\w-]{43}", made.text)
        assert len(secret) == 1
        assert re.findall(r"parley_[\w-]{43}", client.post(PAGE, data=filled).text) == secret
        later = client.get(PAGE).text
    assert "Weekly report" in later
    assert secret[0] not in later
    with front.holder_of(secret[0]) as program:
        assert program.get("/api/cases").status_code == 200


def test_the_page_keeps_what_was_typed_and_says_what_is_missing(front: Front) -> None:
    with front.client("claire") as client:
        asked = form_of(client.get(PAGE).text)
        refused = client.post(PAGE, data={**asked, "name": "Weekly report", "until": "2031-01-01", "scopes": "me"})
        empty = client.post(PAGE, data=asked)
    assert (refused.status_code, empty.status_code) == (422, 422)
    assert "within a year" in refused.text
    assert 'value="Weekly report"' in refused.text


def test_one_button_ends_a_token(front: Front) -> None:
    secret = token(front.house, "claire", Scope.CASES_READ)
    with front.client("claire") as client, front.client("nadia") as other:
        page = client.get(PAGE).text
        action = re.findall(r'action="(/me/tokens/\d+/end)"', page)[0]
        assert other.post(action, data=form_of(other.get(PAGE).text)).status_code == 404
        assert client.post(action, data=form_of(page)).status_code == 303
    with front.holder_of(secret) as program:
        assert program.get("/api/cases").status_code == 401


def test_the_command_line_makes_lists_and_ends_tokens(own_house: House) -> None:
    made = data("token", "new", "claire", "Report", "--for", "cases:read")
    [listed] = data("token", "list", "claire")
    assert (listed["id"], listed["name"], listed["scopes"]) == (made["token"]["id"], "Report", ["cases:read"])
    held = api_tokens.holder(own_house.record.engine, made["secret"], now=SystemClock().now())
    assert held is not None
    assert held.person_id == "claire"
    assert "ended: Report" in run("token", "end", "claire", str(listed["id"])).stdout
    unknown = run("token", "new", "claire", "Report", "--for", "everything")
    assert unknown.exit_code == 3
    assert "cases:read" in unknown.stderr


@pytest.mark.parametrize("authorization", ["Bearer parley_", "Bearer parley_nonsense", "bearer  parley_x"])
def test_what_only_looks_like_a_token_is_nobody(front: Front, authorization: str) -> None:
    with front.client("claire") as client:
        answer = client.get("/api/cases", headers={"authorization": authorization})
    assert answer.status_code == 401
