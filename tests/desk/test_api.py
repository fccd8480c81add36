"""The HTTP API: the same acts and the same limits as the pages, as JSON with problems in words."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from cases.commands import ActOnCase
from cases.committees import Committee, Committees
from cases.receipts import Receipt
from cases.service import CaseService
from desk import headers, problems
from states import errors
from states.items import Seat
from tests.desk.house import SECRET_OF_A, SECRET_OF_B, Front, House, form_of, open_dispute, serving

SESSIONS = "D-2026-0001"
SCREENING = "D-2026-0002"
SCREENED = {
    "forum_is_right": True,
    "contact": "Called the council",
    "checked_safety": True,
    "checked_duplicates": True,
}
NOTICE = {
    "process": "dispute",
    "title": "Road works at the camp gate",
    "urgency": "U2",
    "parties": [
        {"id": "A", "name": "Herders association", "side": "initiating", "people": {"representative": ["joseph"]}},
        {"id": "B", "name": "Farmers council", "side": "responding", "people": {"representative": ["marie"]}},
    ],
    "roles": {"convener": ["claire"]},
    "issues": ["Who closes the gate at night?"],
}


def do(client: httpx.Client, trigger: str, key: str, **body: object) -> httpx.Response:
    return client.post(f"/api/cases/{SCREENING}/acts/{trigger}", json=body, headers={"idempotency-key": key})


def test_a_case_is_opened_shown_and_acted_on(front: Front) -> None:
    with front.program("joseph") as client:
        opened = client.post("/api/cases", json=NOTICE, headers={"idempotency-key": "notice-one"})
        assert opened.status_code == 201, opened.text
        number = opened.json()["number"]
        shown = client.get(f"/api/cases/{number}").json()
        assert (shown["stage"], shown["urgency"]) == ("draft", "U2")
        assert [item["content"]["title"] for item in shown["items"]] == NOTICE["issues"]
        acts = {one["trigger"]: one["ready"] for one in client.get(f"/api/cases/{number}/acts").json()["acts"]}
        assert acts["submit"]
        done = client.post(
            f"/api/cases/{number}/acts/submit", json={"inputs": {}}, headers={"idempotency-key": "submit-one"}
        )
        assert done.json()["version"] > opened.json()["version"]


def test_the_same_request_sent_twice_is_answered_with_the_same_receipt(front: Front) -> None:
    with front.program("claire") as client:
        first, second = (do(client, "record_screening", "screening-1", inputs=SCREENED) for _ in range(2))
        assert first.status_code == 200
        assert first.json() == second.json()


def test_one_key_with_two_contents_is_refused(front: Front) -> None:
    with front.program("claire") as client:
        do(client, "record_screening", "screening-1", inputs=SCREENED)
        other = do(client, "record_screening", "screening-1", inputs={**SCREENED, "contact": "Wrote"})
    assert other.status_code == 422
    assert other.headers["content-type"] == "application/problem+json"
    assert other.json()["type"] == "/api/problems/key-reused"


def test_two_people_may_use_the_same_key(front: Front) -> None:
    with front.program("claire") as one, front.program("marie") as other:
        assert do(one, "record_screening", "same-key", inputs=SCREENED).status_code == 200
        assert do(other, "answer_notice", "same-key", inputs={"text": "Our account"}).status_code == 200


def test_a_request_without_a_key_changes_nothing(front: Front) -> None:
    with front.program("claire") as client:
        before = front.house.dump()
        client.event_hooks = {}
        answer = client.post(f"/api/cases/{SCREENING}/acts/record_screening", json={"inputs": SCREENED})
    assert answer.status_code == 422
    assert any("Idempotency-Key" in one for one in answer.json()["missing"])
    assert front.house.dump() == before


def test_a_refusal_lists_everything_missing(front: Front) -> None:
    with front.program("claire") as client:
        answer = do(client, "admit", "admit-early")
    told = answer.json()
    assert answer.status_code == told["status"] == 422
    assert told["title"] == "Something is missing"
    assert len(told["missing"]) == 4
    assert "a safety check was done (Convener: “Record the screening”)" in told["missing"]


@pytest.mark.parametrize(
    ("who", "trigger", "status"), [("joseph", "admit", 403), ("claire", "confirm", 409), ("claire", "nonsense", 422)]
)
def test_each_refusal_has_its_own_status(front: Front, who: str, trigger: str, status: int) -> None:
    with front.program(who) as client:
        answer = do(client, trigger, "some-key-1")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["missing"]


def test_whoever_looked_too_long_ago_is_told_who_was_first(front: Front) -> None:
    with front.program("claire") as client:
        seen = client.get(f"/api/cases/{SCREENING}/acts").json()["version"]
        with front.program("marie") as other:
            do(other, "answer_notice", "answer-one", inputs={"text": "Our account"})
        answer = do(client, "record_screening", "late-key-1", inputs=SCREENED, expected_version=seen)
    assert answer.status_code == 409
    assert "Marie Keji was first" in answer.json()["detail"]


def test_a_case_shows_each_party_its_own_caucus_only(front: Front) -> None:
    shown = {}
    for who in ("joseph", "marie"):
        with front.program(who) as client:
            shown[who] = client.get(f"/api/cases/{SESSIONS}").text + client.get(f"/api/cases/{SCREENING}").text
    assert SECRET_OF_A in shown["joseph"]
    assert SECRET_OF_B not in shown["joseph"]
    assert SECRET_OF_B in shown["marie"]
    assert SECRET_OF_A not in shown["marie"]


@pytest.mark.parametrize("path", ["/api/cases/{}", "/api/cases/{}/acts", "/api/messages?case={}"])
def test_a_foreign_case_and_an_unknown_one_read_alike(front: Front, path: str) -> None:
    with front.program("li") as client:
        foreign, unknown = client.get(path.format(SESSIONS)), client.get(path.format("D-1999-0001"))
    assert (foreign.status_code, foreign.json()) == (unknown.status_code, unknown.json())
    assert foreign.status_code == 404


def test_a_list_goes_on_where_it_stopped_even_if_cases_are_opened_meanwhile(front: Front) -> None:
    with front.program("claire") as client:
        first = client.get("/api/cases", params={"limit": 2}).json()
        front.house.clock.advance(minutes=1)
        open_dispute(front.house, title="Opened meanwhile", key="meanwhile")
        second = client.get(first["next"]).json()
    numbers = [one["number"] for one in (*first["cases"], *second["cases"])]
    assert sorted(numbers) == ["D-2026-0001", "D-2026-0002", "D-2026-0003"]
    assert second["next"] is None


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "urgency=U9", "after=nonsense"])
def test_a_list_that_cannot_be_made_is_a_problem_in_words(front: Front, query: str) -> None:
    with front.program("claire") as client:
        answer = client.get(f"/api/cases?{query}")
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_coming_dates_are_listed_for_a_case_and_for_all_of_a_persons(front: Front) -> None:
    with front.program("marie") as client:
        case = client.get(f"/api/cases/{SESSIONS}/calendar").json()
        every = client.get("/api/calendar", params={"limit": 100}).json()
        first = client.get("/api/calendar", params={"limit": 1}).json()
        asked = next(one for one in case["dates"] if one["name"] == "offer")
        later = client.get(f"/api/cases/{SESSIONS}/calendar", params={"since": asked["due_at"]}).json()
        naive = client.get("/api/calendar", params={"until": "2026-11-03T00:00"}).json()
        assert client.get("/api/cases/D-1999-0001/calendar").status_code == 404
    assert (asked["holders"], asked["mine"], asked["overdue"]) == (["marie"], True, False)
    assert asked["means"] == "The offer lapses; it is never taken as accepted."
    assert {one["number"] for one in case["dates"]} == {SESSIONS}
    assert {one["number"] for one in every["dates"]} > {SESSIONS}
    assert [one["due_at"] for one in every["dates"]] == sorted(one["due_at"] for one in every["dates"])
    assert (len(first["dates"]), bool(first["next"]), every["next"]) == (1, True, None)
    assert asked["due_at"] == later["dates"][0]["due_at"]
    assert naive["dates"] == []


def test_the_options_board_is_read_as_one_table(front: Front) -> None:
    with front.program("nadia") as client:
        issue = next(
            one["id"] for one in client.get(f"/api/cases/{SESSIONS}").json()["items"] if one["kind"] == "issue"
        )
        asked = {"inputs": {"issue": issue, "text": "Turns by the week"}}
        path, key = f"/api/cases/{SESSIONS}/acts/propose_option", {"idempotency-key": "an-option"}
        assert client.post(path, json=asked, headers=key).status_code == 200
        board = client.get(f"/api/cases/{SESSIONS}/board").json()
    (option,) = board["options"]
    assert (option["text"], option["issue"], option["state"]) == ("Turns by the week", issue, "open")
    assert option["harms"] == [None] * len(board["heads"])
    assert set(board["heads"]) <= set(option["missing"])


def test_a_notice_is_compared_with_what_is_on_file(front: Front) -> None:
    people = {"initiating": "joseph", "responding": "marie"}
    parties = [
        {"id": side, "name": side, "side": side, "organisation": body, "people": {"representative": [people[side]]}}
        for side, body in (("initiating", "herders"), ("responding", "council"))
    ]
    notice = {"process": "dispute", "title": "Grazing access at the Kworijik well", "parties": parties}
    with front.program("claire") as registry, front.program("joseph") as party:
        asked, told = (client.post("/api/cases/similar", json=notice).json() for client in (registry, party))
    assert (asked["complete"], told["complete"]) == (True, False)
    assert asked["cases"][0]["likely"]
    assert asked["cases"][0]["reasons"][0] == "the same parties"


def test_the_radar_is_for_those_who_keep_the_register(front: Front) -> None:
    with front.program("claire") as client:
        assert client.get("/api/collisions").json()["collisions"] == []
        assert client.get(f"/api/cases/{SCREENING}/collisions").json()["windows"] == []
    with front.program("joseph") as client:
        assert client.get("/api/collisions").status_code == 403
        assert client.get("/api/cases/D-2026-0099/collisions").status_code == 404


def test_the_processes_on_offer_name_their_stages(front: Front) -> None:
    with front.program("claire") as client:
        processes = {one["name"]: one for one in client.get("/api/processes").json()["processes"]}
    assert processes["dispute"]["stages"]["screening"] == "Screening"
    assert "priority_conflict" in processes


@pytest.mark.parametrize("authorization", ["Bearer nonsense", "Bearer", "Basic Y2xhaXJlOng=", "nonsense"])
def test_a_program_with_a_wrong_token_is_nobody(front: Front, authorization: str) -> None:
    with httpx.Client(base_url=front.address, headers={"authorization": authorization}) as client:
        answer = client.get("/api/cases")
    assert answer.status_code == 401
    assert answer.json()["title"] == "Please sign in"


def test_a_cookie_alone_does_not_let_another_site_act(front: Front) -> None:
    with front.client("claire") as client:
        del client.headers["sec-fetch-site"]
        answer = do(client, "record_screening", "screening-1", inputs=SCREENED)
    assert answer.status_code == 403


def test_every_error_of_the_tree_has_its_place_in_the_table() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.ParleyError)]
    told = {kind.__name__: problems.problem_of(kind("a sentence")) for kind in kinds}
    assert told["UnderWay"] == told["Conflict"]
    assert told["KeyReused"].status == 422
    assert told["NotFound"].status == 404
    assert {one.exit_code for one in told.values()} >= {1, 3, 4, 5, 6, 7}
    assert all(one.status >= 400 for one in told.values())


class Failing(CaseService):
    """A service that fails as nobody foresaw."""

    def act(self, command: ActOnCase) -> Receipt:
        """Fails with words that nobody should see."""
        raise RuntimeError(f"{SECRET_OF_A} in {command.case_id}")


def failing(house: House) -> House:
    record = house.record
    service = Failing(record.engine, registry=record.registry, calendars=record.calendars, clock=house.clock)
    return replace(house, service=service)


def expect_safe_failure(answer: httpx.Response) -> None:
    assert answer.status_code == 500
    assert "nothing was changed" in answer.text.lower()
    assert SECRET_OF_A not in answer.text
    assert answer.headers["content-security-policy"] == headers.CONTENT_POLICY
    assert answer.headers["cache-control"] == "no-store"


def test_a_program_is_told_of_what_nobody_foresaw_in_words(house: House) -> None:
    with serving(failing(house)) as front, front.program("claire") as client:
        answer = do(client, "admit", "some-key-1")
    expect_safe_failure(answer)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_person_is_told_of_what_nobody_foresaw_in_words(house: House) -> None:
    with serving(failing(house)) as front, front.client("claire") as client:
        address = f"/cases/{SCREENING}/acts/return_for_cure"
        form = {**form_of(client.get(address).text), "gaps": "Which well?"}
        checked = client.post(f"{address}/check", data=form)
        answer = client.post(address, data=form_of(checked.text))
    expect_safe_failure(answer)


def test_the_committees_are_for_those_who_convene(front: Front) -> None:
    seats = (Seat(person="stranger", body="Herders"), Seat(person="nadia", body="Farmers"))
    committee = Committee(id="wells", name="Committee of the wells", chair="nadia", seats=seats, quorum=2)
    Committees(front.house.record.engine).put(committee)
    with front.program("claire") as client:
        (told,) = client.get("/api/committees").json()["committees"]
        assert (told["members"], told["chair"]) == (["stranger for Herders", "nadia for Farmers"], "nadia")
        asked = {name: value for name, value in told.items() if name != "id"}
        seated = client.post(
            f"/api/cases/{SESSIONS}/acts/convene_panel",
            json={"inputs": asked},
            headers={"idempotency-key": "seat-them"},
        )
        assert seated.status_code == 200, seated.text
    with front.program("marie") as client:
        assert client.get("/api/committees").status_code == 403
