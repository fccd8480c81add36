"""Webhooks at the API: made with a secret told once, led nowhere inside, changed, and kept from everybody else."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from cases.api_tokens import Scope
from tests.desk.house import Front, form_of
from tests.desk.test_tokens import token

WANTED = {"url": "https://reports.example.org/parley", "kinds": ["case.filed"]}
SESSIONS = "D-2026-0001"


def made(client: httpx.Client) -> int:
    answer = client.post("/api/webhooks", json=WANTED)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_the_secret_is_told_once_and_is_nowhere_on_file(front: Front) -> None:
    with front.program("claire") as client:
        answer = client.post("/api/webhooks", json=WANTED).json()
        renewed = client.post(f"/api/webhooks/{answer['id']}/secret").json()
        shown = client.get(f"/api/webhooks/{answer['id']}").text
    assert answer["secret"].startswith("whsec_")
    assert renewed["secret"] != answer["secret"]
    assert "whsec_" not in shown + json.dumps(front.house.dump())


@pytest.mark.parametrize("url", ["http://reports.example.org/", "https://127.0.0.1/", "https://[::1]/", "nonsense"])
def test_an_address_inside_is_refused(front: Front, url: str) -> None:
    with front.program("claire") as client:
        answer = client.post("/api/webhooks", json={**WANTED, "url": url})
        changed = client.put(f"/api/webhooks/{made(client)}", json={**WANTED, "url": url})
    assert (answer.status_code, changed.status_code) == (422, 422)


def test_a_webhook_is_changed_only_as_it_was_seen(front: Front) -> None:
    with front.program("claire") as client:
        address = f"/api/webhooks/{made(client)}"
        seen = client.get(address).headers["etag"]
        other = {**WANTED, "kinds": ["case.closed", "case.opened"]}
        assert client.put(address, json=other, headers={"if-match": seen}).json()["kinds"] == other["kinds"]
        late = client.put(address, json=WANTED, headers={"if-match": seen})
    assert late.status_code == 412


def test_a_webhook_is_its_owners_alone(front: Front) -> None:
    with front.program("claire") as owner, front.program("li") as other:
        one = f"/api/webhooks/{made(owner)}"
        asked = [
            other.get(one),
            other.put(one, json=WANTED),
            other.delete(one),
            other.get(f"{one}/deliveries"),
            *(other.post(f"{one}/{act}") for act in ("secret", "resume", "trial")),
            other.post(f"{one}/replay", json={"since": front.house.clock.now().isoformat()}),
        ]
        assert {answer.status_code for answer in asked} == {404}
        assert other.get("/api/webhooks").json()["webhooks"] == []


def test_what_happens_waits_to_be_told_page_by_page(front: Front) -> None:
    with front.program("claire") as client:
        one = f"/api/webhooks/{made(client)}"
        for number in range(3):
            note = {"inputs": {"text": f"Note {number}", "zone": "team"}}
            assert client.post(f"/api/cases/{SESSIONS}/acts/add_note", json=note).status_code == 200
        first = client.get(f"{one}/deliveries", params={"limit": 2}).json()
        second = client.get(first["next"]).json()
        assert client.get(f"{one}/deliveries", params={"after": "nonsense"}).status_code == 422
    told = [*first["deliveries"], *second["deliveries"]]
    assert [one["state"] for one in told] == ["queued"] * 3
    assert second["next"] is None
    assert "Note" not in json.dumps(told)


def test_an_ended_webhook_is_over_for_good(front: Front) -> None:
    with front.program("claire") as client:
        one = f"/api/webhooks/{made(client)}"
        assert client.delete(one).json()["told"] is False
        assert client.delete(one).status_code == 200
        assert [client.post(f"{one}/{act}").status_code for act in ("secret", "resume", "trial")] == [409, 409, 409]


def test_a_token_keeps_webhooks_only_where_it_is_good_for_that(front: Front) -> None:
    with front.holder_of(token(front.house, "claire", Scope.CASES_READ)) as reading:
        assert reading.post("/api/webhooks", json=WANTED).status_code == 403
    with front.holder_of(token(front.house, "claire", Scope.WEBHOOKS)) as keeping:
        made(keeping)


def test_what_is_too_old_is_not_told_again(front: Front) -> None:
    with front.program("claire") as client:
        answer = client.post(f"/api/webhooks/{made(client)}/replay", json={"since": "2020-01-01T00:00:00Z"})
    assert answer.status_code == 422
    assert "thirty days" in answer.json()["detail"]


PAGE = "/me/webhooks"
_SECRET = re.compile(r"whsec_[\w+/=]{20,}")


def test_the_page_makes_a_webhook_shows_its_secret_once_and_tells_how_it_fares(front: Front) -> None:
    with front.client("claire") as client, front.client("nadia") as other:
        filled = {**form_of(client.get(PAGE).text), "url": WANTED["url"], "kinds": "case.filed"}
        made = client.post(PAGE, data=filled)
        [secret] = set(_SECRET.findall(made.text))
        assert set(_SECRET.findall(client.post(PAGE, data=filled).text)) == {secret}
        [one] = set(re.findall(rf'href="({PAGE}/\d+)"', client.get(PAGE).text))
        form = form_of(client.get(one).text)
        assert client.post(f"{one}/trial", data=form).status_code == 303
        shown = client.get(one).text
        assert ("trial" in shown, secret in shown) == (True, False)
        again = re.search(rf'action="({one}/deliveries/\d+/replay)"', shown)
        assert again is not None
        assert client.post(again[1], data=form).status_code in {303, 409}
        assert client.post(f"{one}/replay", data={**form, "since": "2026-01-01"}).status_code == 422
        assert client.post(f"{one}/replay", data={**form, "since": "2026-11-01"}).status_code == 303
        assert "case.filed" in client.get(one).text
        renewed = set(_SECRET.findall(client.post(f"{one}/secret", data=form).text))
        assert len(renewed - {secret}) == 1
        assert other.get(one).status_code == 404
        assert client.post(f"{one}/end", data=form).status_code == 303
        assert client.post(f"{one}/trial", data=form).status_code == 409


@pytest.mark.parametrize("wrong", [{"url": "http://10.0.0.1/"}, {"url": ""}, {"kinds": ""}])
def test_the_page_says_what_is_wrong_with_a_webhook_and_keeps_what_was_typed(
    front: Front, wrong: dict[str, str]
) -> None:
    with front.client("claire") as client:
        filled = {**form_of(client.get(PAGE).text), "url": WANTED["url"], "kinds": "case.filed", **wrong}
        answer = client.post(PAGE, data=filled)
        assert answer.status_code == 422
        assert 'value="case.filed" checked' in answer.text or "kinds" in wrong
        assert f'value="{filled["url"]}"' in answer.text
        assert f'href="{PAGE}/' not in client.get(PAGE).text
