"""Several cases or mails at once: offered, checked for each, done each by itself, and told line by line."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from cases import errands, notifying, outbox, queries
from cases.errands import Workshop
from cases.outbox import Attempt, NewMessage
from cases.queries import Viewer
from tests.desk.house import Front, House, form_of, open_dispute
from tests.desk.test_pages import text_of

FIRST, SECOND, DRAFT = "D-2026-0001", "D-2026-0002", "D-2026-0003"


def check(client: httpx.Client, trigger: str, *numbers: str, **said: str) -> httpx.Response:
    """Returns the page to check for an act on several cases."""
    form = {"form_token": form_of(client.get("/cases").text)["form_token"], "case": "\n".join(numbers)}
    return client.post(f"/bulk/cases/{trigger}/check", data=form | said)


def send(client: httpx.Client, trigger: str, page: str) -> httpx.Response:
    return client.post(f"/bulk/cases/{trigger}", data=form_of(page))


def pauses(house: House, *numbers: str) -> list[bool]:
    who = Viewer(house.directory.actor("claire"))
    return [queries.case_for(house.record, who, one)[1].stay is not None for one in numbers]


def pause(house: House) -> dict[str, str]:
    until = house.clock.now() + timedelta(days=1)
    return {"reason": "Roads are closed", "until": f"{until:%Y-%m-%dT%H:%M}"}


def test_a_choice_offers_what_is_open_in_all_and_asks_the_same(front: Front) -> None:
    with front.client("claire") as client:
        both = client.get("/bulk/cases", params={"case": [FIRST, SECOND]}).text
        one = client.get("/bulk/cases", params={"case": [SECOND]}).text
    assert "2 cases chosen" in text_of(both)
    assert "/bulk/cases/record_screening?" in one
    assert "/bulk/cases/record_screening?" not in both
    assert "/bulk/cases/pause_for_safety?" in both
    # A note goes into a room of each case's own, and an issue to be settled lies in one case alone.
    assert "/bulk/cases/settle_issue?" not in both


def test_many_cases_are_paused_at_once_each_by_itself(front: Front) -> None:
    with front.client("claire") as client:
        page = check(client, "pause_for_safety", FIRST, SECOND, **pause(front.house))
        assert page.status_code == 200
        assert text_of(page.text).count("All clocks stand still until") == 2
        assert pauses(front.house, FIRST, SECOND) == [False, False]
        answer = send(client, "pause_for_safety", page.text)
        assert answer.status_code == 303
        told = text_of(client.get(answer.headers["location"]).text)
    assert "2 of 2" in told
    assert told.count("Done") >= 2
    assert pauses(front.house, FIRST, SECOND) == [True, True]


def test_a_repeated_send_does_nothing_twice(front: Front) -> None:
    with front.client("claire") as client:
        page = check(client, "pause_for_safety", FIRST, SECOND, **pause(front.house)).text
        first, again = send(client, "pause_for_safety", page), send(client, "pause_for_safety", page)
        assert first.headers["location"] == again.headers["location"]
        assert "2 of 2" in text_of(client.get(again.headers["location"]).text)


def test_what_is_refused_in_one_case_is_told_before_and_left_out(front: Front) -> None:
    past = pause(front.house) | {"until": "2026-01-01T08:00"}
    with front.client("claire") as client:
        page = check(client, "pause_for_safety", FIRST, SECOND, **past)
    assert "Cannot be done, and is left out" in text_of(page.text)
    assert "none of them can be done" in text_of(page.text)


def test_what_is_missing_is_told_at_its_field_with_what_was_typed(front: Front) -> None:
    with front.client("claire") as client:
        page = check(client, "pause_for_safety", FIRST, SECOND, **(pause(front.house) | {"until": ""}))
    assert page.status_code == 422
    assert "There is a problem" in page.text


def test_a_case_that_moved_since_the_check_is_refused_and_the_others_are_done(front: Front) -> None:
    with front.client("claire") as client:
        page = check(client, "pause_for_safety", FIRST, SECOND, **pause(front.house)).text
        moved = queries.case_for(front.house.record, Viewer(front.house.directory.actor("claire")), SECOND)[1]
        front.house.act_at_once("nadia", moved.id, "add_note", text="Meanwhile", zone="team")
        told = text_of(client.get(send(client, "pause_for_safety", page).headers["location"]).text)
    assert "1 was not done" in told
    assert "was first" in told
    assert pauses(front.house, FIRST, SECOND) == [True, False]


@pytest.mark.parametrize("who", ["marie", "li"])
def test_cases_of_others_cannot_be_chosen(front: Front, who: str) -> None:
    with front.client(who) as client:
        answer = client.get("/bulk/cases", params={"case": [DRAFT]})
        assert answer.status_code == 404
        assert "Borehole" not in answer.text


def test_nothing_chosen_is_told(front: Front) -> None:
    with front.client("claire") as client:
        answer = client.get("/bulk/cases")
    assert answer.status_code == 422
    assert "choose at least one line of the list" in text_of(answer.text).lower()


def test_more_than_a_handful_is_done_by_the_clockwork_and_the_page_looks_again(front: Front) -> None:
    house = front.house
    for number in range(11):
        open_dispute(house, title=f"Case {number}", key=f"more {number}")
    who = Viewer(house.directory.actor("joseph"))
    drafts = [row.number for row in queries.list_cases(house.record, who, limit=100).rows if row.stage == "draft"]
    with front.client("joseph") as client:
        page = check(client, "raise_issue", *drafts, title="Who pays?")
        assert page.status_code == 200, text_of(page.text)
        address = send(client, "raise_issue", page.text).headers["location"]
        assert "refresh" not in client.get(address).headers
        waiting = client.get(address, params={"follow": "yes"})
        assert waiting.headers["refresh"] == "5"
        assert f"0 of {len(drafts)}" in text_of(waiting.text)
        at = Workshop(record=house.record, service=house.service, directory=house.directory, worker="test")
        assert errands.work_off(at).done == len(drafts)
        ended = client.get(address, params={"follow": "yes"})
        assert "refresh" not in ended.headers
        assert f"{len(drafts)} of {len(drafts)}" in text_of(ended.text)
        assert "several cases" in text_of(client.get("/jobs").text)
    for other in ("claire", "nadia", "li"):
        with front.client(other) as client:
            assert client.get(address).status_code == 404
            assert address not in client.get("/jobs").text


def test_dead_letters_are_tried_again_together(front: Front) -> None:
    house, engine = front.house, front.house.record.engine
    now = house.clock.now()
    for number, notice in enumerate(notifying.claim(engine, now=now, owner="test", limit=2)):
        mail = NewMessage(
            person_id="claire",
            address="claire@office.example",
            kind="notice",
            language="en",
            subject=f"Letter {number}",
            message_id=f"{number}@x.example",
            sender="desk@x.example",
            content=b"words",
        )
        notifying.expand(engine, notice, [mail], now=now)
    for letter in outbox.claim_messages(engine, now=now, owner="test"):
        refused = Attempt(state="refused", outcome="refused", code=550, reply="no such user")
        outbox.settle(engine, letter, attempt=refused, now=now)
    with front.client("claire") as client:
        listed = client.get("/mails?state=undelivered").text
        ids = re.findall(r'name="mail" value="(\d+)"', listed)
        page = client.get("/bulk/mails", params={"mail": [*ids, "999"]}).text
        assert "there is no such message" in text_of(page)
        answer = client.post("/bulk/mails", data=form_of(page))
        assert "Queued again" in text_of(client.get(answer.headers["location"]).text)
        assert 'name="mail"' not in client.get("/mails?state=undelivered").text


def test_a_list_is_exported_for_its_owner_alone(front: Front) -> None:
    house = front.house
    with front.client("claire") as client:
        token = form_of(client.get("/cases?phase=intake").text)
        answer = client.post("/bulk/export", data=token)
        at = Workshop(record=house.record, service=house.service, directory=house.directory, worker="test")
        errands.work_off(at)
        path = f"{answer.headers['location']}/cases.csv"
        file = client.get(path)
        assert "cases.csv" in client.get(answer.headers["location"]).text
    assert file.headers["content-type"].startswith("text/csv")
    assert SECOND in file.text
    assert FIRST not in file.text
    house.speak("claire", "fr")
    with front.client("claire") as client:
        assert "Étape" in client.get(path).text.splitlines()[0]
    with front.client("nadia") as client:
        assert client.get(path).status_code == 404


def test_an_administrator_has_the_index_written_anew_and_reads_nothing_by_it(front: Front) -> None:
    house = front.house
    with front.client("li") as client:
        answer = client.post("/jobs/index", data=form_of(client.get("/jobs").text))
        at = Workshop(record=house.record, service=house.service, directory=house.directory, worker="test")
        assert errands.work_off(at).done == 3
        told = client.get(answer.headers["location"]).text
    assert "3 of 3" in text_of(told)
    assert "D-2026" not in told
    with front.client("claire") as client:
        token = form_of(client.get("/cases").text)["form_token"]
        assert client.post("/jobs/index", data={"form_token": token, "request_key": "x"}).status_code == 404
