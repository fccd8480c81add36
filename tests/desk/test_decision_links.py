"""The link in a mail that asks for a decision: who gets in by it, who does not, and what it never does by itself."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import update

from cases import decision_links, queries, tables
from cases.unit_of_work import unit_of_work
from desk.tries import FREE, LONGEST_WAIT
from states.items import Note
from tests.desk import house as houses
from tests.desk.asking import ASKED, WRONG, Asking, asking, delivered, fields_of, links_in, proposal_of
from tests.desk.conftest import Furnished
from tests.desk.house import House

SECRETS = ("Market stall", "D-2026-0002", "Claire", "Sam Stranger", "council", "court of wells")
_FORM_TOKEN = re.compile(r'name="form_token" value="[^"]*"')


@pytest.fixture
def question(house: House) -> Iterator[Asking]:
    """Yields a question put to Sam of the committee, with its desk served."""
    with asking(house) as question:
        yield question


def test_looking_at_a_link_tells_nothing_and_changes_nothing(question: Asking) -> None:
    before = question.house.dump()
    with question.front.client() as client:
        looks = [client.request(method, question.link) for method in ("GET", "HEAD", "OPTIONS", "GET")]
        assert looks[0].text == looks[3].text
    assert question.house.dump() == before
    assert "A decision is asked of S. S. in a case that they know." in looks[0].text
    assert not any(secret in looks[0].text for secret in SECRETS)
    assert (looks[0].headers["referrer-policy"], looks[0].headers["cache-control"]) == ("no-referrer", "no-store")
    assert "<script" not in looks[0].text


def test_each_mail_brings_its_reader_a_link_only_where_they_are_asked(question: Asking) -> None:
    house = question.house
    house.act("claire", question.case_id, "add_note", text="Waits.", zone="team")
    house.clock.advance(days=3)
    for timer in house.service.fire_due(question.case_id):
        assert timer.outcome != "failed"
    reminders = [mail for mail in delivered(house) if mail["to"].startswith(ASKED)]
    tokens = {token for mail in reminders for token in links_in(mail)}
    assert tokens
    assert question.token not in tokens


def test_the_person_decides_with_a_code_from_elsewhere(question: Asking) -> None:
    with question.front.client() as client:
        form = question.proven(client)
        page = client.get(question.page).text
        assert "Market stall" in page
        assert "checked" not in page
        answer = client.post(question.page, data={**form, "choice": "agree"})
        receipt = client.get(answer.headers["location"]).text
    assert answer.status_code == 303
    assert "Your decision is recorded" in receipt
    assert question.state == "carried out"
    assert {mail["to"] for mail in delivered(question.house)} >= {"stranger@office.example", "nadia@office.example"}


def test_the_person_decides_with_their_own_session(question: Asking) -> None:
    with question.front.client(ASKED) as client:
        assert question.page in client.get(question.link).text
        assert client.post(question.link).headers["location"] == question.page
        form = fields_of(client.get(question.page).text)
        declined = {**form, "choice": "decline", "decline.reason": "It is not the same matter."}
        assert client.post(question.page, data=declined).status_code == 303
    assert question.state == "declined"


def test_a_forwarded_link_opens_nothing_to_somebody_else(question: Asking) -> None:
    with question.front.client("joseph") as client:
        cover = client.get(question.link).text
        refused = client.post(question.link)
        page = client.get(question.page)
    assert not any(secret in cover for secret in SECRETS)
    assert question.page not in cover
    assert (refused.status_code, page.status_code) == (422, 404)


def test_every_bad_link_reads_like_one_that_never_was(question: Asking) -> None:
    house, engine = question.house, question.house.record.engine
    bad = {"never was": "/t/XlC7OXWIvziyVzRARxe1MQ"}
    with question.front.client() as client:
        answers = {"never was": client.get(bad["never was"])}
        decision_links.revoke(engine, ASKED, question.item_id, now=house.clock.now())
        answers["revoked"] = client.get(question.link)
        with unit_of_work(engine) as work:
            work.execute(update(tables.decision_links).values(revoked_at=None))
            work.execute(update(tables.people).where(tables.people.c.id == ASKED).values(active=False))
        answers["left"] = client.get(question.link)
        with unit_of_work(engine) as work:
            work.execute(update(tables.people).where(tables.people.c.id == ASKED).values(active=True))
            work.execute(update(tables.decision_links).values(person_id="li"))
        answers["no part"] = client.get(question.link)
        posts = [client.post(question.link, data={"code": WRONG}), client.post(bad["never was"], data={"code": WRONG})]
    assert {answer.status_code for answer in (*answers.values(), *posts)} == {404}
    assert len({answer.text for answer in answers.values()}) == 1
    assert posts[0].text == posts[1].text


def test_a_wrong_code_opens_nothing_and_reads_like_none_at_all(question: Asking) -> None:
    with question.front.client() as client:
        none = client.post(question.link, data={"code": WRONG})
        question.code()
        wrong = client.post(question.link, data={"code": WRONG})
    assert (none.status_code, wrong.status_code) == (422, 422)
    assert none.text == wrong.text
    assert "set-cookie" not in wrong.headers


def test_after_the_fifth_wrong_try_the_right_code_is_refused_too(question: Asking) -> None:
    code = question.code()
    with question.front.client() as client:
        for _ in range(5):
            question.house.clock.advance(minutes=2)
            assert client.post(question.link, data={"code": WRONG}).status_code == 422
        question.house.clock.advance(minutes=2)
        assert client.post(question.link, data={"code": code}).status_code == 422
        assert client.post(question.link, data={"code": question.code()}).status_code == 429
        question.house.clock.advance(minutes=2)
        assert client.post(question.link, data={"code": question.code()}).status_code == 303


def test_who_guesses_waits_whether_the_link_is_known_or_not(question: Asking) -> None:
    known, unknown = question.link, "/t/XlC7OXWIvziyVzRARxe1MQ"
    with question.front.client() as client:
        for _ in range(FREE):
            client.post(unknown, data={"code": WRONG})
        waits = [client.post(link, data={"code": WRONG}) for link in (known, unknown)]
        question.house.clock.advance(seconds=LONGEST_WAIT.total_seconds())
        assert client.post(known, data={"code": question.code()}).status_code == 303
    assert [one.status_code for one in waits] == [429, 429]
    assert waits[0].text == waits[1].text


def test_the_cookie_of_a_link_opens_its_question_and_nothing_else(question: Asking) -> None:
    others = ("/", "/cases", f"/cases/{question.case_id}", "/mails", f"/api/cases/{question.case_id}", "/calendar")
    with question.front.client() as client:
        question.proven(client)
        seen = {path: client.get(path).status_code for path in others}
        elsewhere = client.get(question.page[:-1] + "0").status_code
    assert set(seen.values()) == {401}
    assert elsewhere == 401


def test_the_cookie_of_a_link_lasts_ten_minutes_and_is_kept_from_scripts(question: Asking) -> None:
    with question.front.client() as client:
        cookie = client.post(question.link, data={"code": question.code()}).headers["set-cookie"]
        assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=600"} <= set(cookie.split("; "))
        question.house.clock.advance(minutes=10)
        assert client.get(question.page).status_code == 401


def test_a_desk_behind_https_binds_that_cookie_to_its_host(furnished: Furnished, tmp_path: Path) -> None:
    house = houses.copy_of(furnished.folder, tmp_path, now=furnished.now, public_url="https://desk.example")
    with asking(house) as question, question.front.client() as client:
        cookie = client.post(question.link, data={"code": question.code()}).headers["set-cookie"]
    assert cookie.startswith("__Host-parley-decision=")
    assert "Secure" in cookie.split("; ")


def test_a_decision_without_a_choice_or_a_reason_is_not_taken(question: Asking) -> None:
    with question.front.client() as client:
        form = question.proven(client)
        before = question.house.dump()
        answers = [
            client.post(question.page, data=form),
            client.post(question.page, data={**form, "choice": "everything"}),
            client.post(question.page, data={**form, "choice": "decline"}),
            client.post(question.page, data={"choice": "agree", "asked_version": form["asked_version"]}),
        ]
    assert [one.status_code for one in answers] == [422, 422, 422, 403]
    assert "none is chosen for you" in answers[0].text
    assert question.house.dump() == before


def test_a_scanner_that_sends_every_form_it_finds_changes_nothing(question: Asking) -> None:
    question.code()
    before = question.house.dump()
    with question.front.client() as client:
        page = client.get(question.link).text
        for action in re.findall(r'<form[^>]*action="([^"]+)"', page):
            for data in ({}, {"code": "test"}, {"code": "1234"}, {"choice": "agree"}):
                assert client.post(action, data=data).status_code == 422
        assert client.post(f"{question.link}/fresh").status_code == 200
        assert client.post(question.page, data={"choice": "agree"}).status_code == 401
    assert question.house.dump() == before


def test_the_same_decision_sent_again_is_recorded_once(question: Asking) -> None:
    with question.front.client() as client:
        form = {**question.proven(client), "choice": "agree"}
        first = client.post(question.page, data=form)
        kept = question.house.dump()
        again = client.post(question.page, data=form)
        assert question.house.dump() == kept
    assert (first.headers["location"], again.headers["location"]) == (f"{question.page}?recorded=yes",) * 2


def test_another_answer_after_the_decision_reads_who_decided_what_and_when(question: Asking) -> None:
    with question.front.client() as client:
        form = question.proven(client)
        client.post(question.page, data={**form, "choice": "agree"})
        late = client.post(question.page, data={**form, "choice": "decline", "decline.reason": "No."})
    assert late.status_code == 409
    assert "Your decision was not recorded." in late.text
    assert (
        "Sam Stranger was first: “Agree to a proposal”, Monday, 2 November 2026, 18:40 Juba time (UTC+2)" in late.text
    )
    assert question.state == "carried out"


def test_whom_the_clock_was_quicker_than_is_told(question: Asking) -> None:
    house = question.house
    due = proposal_of(house, question.case_id).at + timedelta(days=3, hours=21, minutes=20)
    house.clock.advance(seconds=(due - house.clock.now() - timedelta(minutes=10)).total_seconds())
    with question.front.client(ASKED) as client:
        form = fields_of(client.get(question.page).text)
        house.clock.advance(minutes=11)
        house.service.fire_due(question.case_id)
        late = client.post(question.page, data={**form, "choice": "agree"})
    assert (late.status_code, question.state) == (409, "lapsed")
    assert "“Proposal lapsed”" in late.text


def test_an_expired_link_sends_a_fresh_one_to_the_address_on_file_once(question: Asking) -> None:
    with unit_of_work(question.house.record.engine) as work:
        work.execute(update(tables.decision_links).values(expires_at=question.house.clock.now()))
    with question.front.client() as client:
        assert "This link has expired" in client.get(question.link).text
        refused = client.post(question.link, data={"code": question.code()})
        sent = [client.post(f"{question.link}/fresh", data={"email": "evil@example.org"}) for _ in range(2)]
        [mail] = delivered(question.house)
        [token] = links_in(mail)
        inside = client.post(f"/t/{token}", data={"code": question.code()})
    assert (refused.status_code, inside.status_code) == (422, 303)
    assert mail["to"] == "stranger@office.example"
    assert "Market stall" not in str(mail.get_body(("plain",)))
    assert sent[0].text == sent[1].text


def test_what_was_asked_in_other_words_must_be_read_anew(question: Asking) -> None:
    with question.front.client() as client:
        form = question.proven(client)
        with unit_of_work(question.house.record.engine) as work:
            work.execute(update(tables.decision_links).values(item_version="of another text"))
        before = question.house.dump()
        stale = client.post(question.page, data={**form, "choice": "agree", "asked_version": "of another text"})
        page = client.get(question.page).text
    assert stale.status_code == 409
    assert "What is asked has changed" in page
    assert 'name="choice"' not in page
    assert question.house.dump() == before


def test_a_link_for_what_was_asked_before_is_no_longer_good_and_a_fresh_one_is(question: Asking) -> None:
    with unit_of_work(question.house.record.engine) as work:
        work.execute(update(tables.decision_links).values(item_version="of another text"))
    with question.front.client() as client:
        assert "What is asked has changed since it was sent" in client.get(question.link).text
        refused = client.post(question.link, data={"code": question.code()})
        client.post(f"{question.link}/fresh")
        [mail] = delivered(question.house)
        [token] = links_in(mail)
        inside = client.post(f"/t/{token}", data={"code": question.code()})
    assert (refused.status_code, inside.status_code) == (422, 303)


def test_who_is_asked_by_mistake_says_so_and_the_team_is_told(question: Asking) -> None:
    with question.front.client() as client:
        form = question.proven(client)
        said = client.post(f"{question.page}/not-mine", data={**form, "not_mine_reason": "Ask Li."})
        assert "You are not asked any more by this link" in said.text
        assert client.get(question.link).status_code == 404
        assert client.get(question.page).status_code == 401
    viewer = queries.Viewer(question.house.directory.actor("claire"))
    note = queries.case_for(question.house.record, viewer, question.case_id)[1].all(Note)[-1]
    assert (note.zone, note.text, note.by) == ("team", "Refuse as inadmissible: Ask Li.", ASKED)
    assert {mail["to"] for mail in delivered(question.house)} == {"claire@office.example", "nadia@office.example"}
    assert question.state == "open"


def test_no_log_holds_a_token_or_a_code(question: Asking, caplog: pytest.LogCaptureFixture) -> None:
    code = question.code()
    with caplog.at_level(logging.DEBUG), question.front.client() as client:
        client.post(question.link, data={"code": WRONG})
        client.post(question.link)
        client.post(question.link, data={"code": code})
        client.get("/t/a-token-that-never-was")
    # The client's own log is not ours, and the desk runs without uvicorn's log of requests.
    others = ("http", "uvicorn.access")
    told = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith(others))
    assert told.count("/t/***") == 2
    assert not any(secret in told for secret in (question.token, code, code.replace(" ", ""), "never-was"))


def test_the_team_reads_the_mail_without_the_link_that_is_its_readers_own(question: Asking) -> None:
    viewer = queries.Viewer(question.house.directory.actor(ASKED))
    mine = queries.list_messages(question.house.record, viewer, wanted=queries.MessageFilter(case=question.case_id))
    [one] = [row for row in mine.rows if row.person_id == ASKED]
    with question.front.client("nadia") as team, question.front.client(ASKED) as own:
        theirs, ours = (client.get(f"/mails/{one.id}").text for client in (team, own))
    assert question.token in ours
    assert question.token not in theirs
    assert ("/t/***" in theirs) == ("What it says" in theirs)


def test_of_two_who_decide_at_once_one_is_recorded(database_url: str, tmp_path: Path) -> None:
    house = houses.house_on(tmp_path, database_url=database_url)
    houses.move_in(house)
    houses.bring_to_screening(house, houses.open_dispute(house))
    with asking(house, "D-2026-0001") as question:
        clients = [question.front.client(ASKED) for _ in range(4)]
        forms = [fields_of(client.get(question.page).text) for client in clients]
        answers = _at_once(clients, question.page, forms)
        for client in clients:
            client.close()
        viewer = queries.Viewer(house.directory.actor("claire"))
        file = queries.case_file(house.record, viewer, question.case_id, now=house.clock.now())
    given = [entry.trigger for entry in file.timeline if entry.actor == ASKED]
    assert len([one for one in given if one in {"agree", "decline"}]) == 1
    assert sorted(answers) == [303, 303, 409, 409]
    house.record.engine.dispose()


def _at_once(clients: list[httpx.Client], page: str, forms: list[dict[str, str]]) -> list[int]:
    """Send two times yes and two times no at the same moment."""
    start, found = threading.Barrier(len(clients)), []
    choices = [{"choice": "agree"}, {"choice": "decline", "decline.reason": "No."}] * 2

    def press(client: httpx.Client, data: dict[str, str]) -> None:
        start.wait()
        found.append(client.post(page, data=data, timeout=timedelta(seconds=60).total_seconds()).status_code)

    sent = [{**form, **choice} for form, choice in zip(forms, choices, strict=True)]
    people = [threading.Thread(target=press, args=pair) for pair in zip(clients, sent, strict=True)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return found
