"""A question of a tier, answered by the links in the mails to both sides."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import select

from cases import queries, tables
from cases.unit_of_work import reading
from states.items import Ballot, Decision, Question
from tests.desk.asking import delivered, fields_of, links_in, number_to_id
from tests.desk.house import SECRET_OF_A, SECRET_OF_B, TEAM_SECRET, Front, House

QUESTION = "May the committee set the turns for the dry months?"
TAGS = re.compile(r"<[^>]+>")


def asked(house: House) -> tuple[str, dict[str, str]]:
    """Put a question to the area managers; return the case and the token in each one's mail."""
    case_id = number_to_id(house, "D-2026-0001")
    delivered(house)
    house.act("joseph", case_id, "escalate", text=QUESTION)
    house.clock.advance(days=2)
    house.service.fire_due(case_id)
    mails = {mail["to"].partition("@")[0]: links_in(mail) for mail in delivered(house)}
    return case_id, {who: tokens[0] for who, tokens in mails.items() if tokens}


def items(house: House, case_id: str, kind: type[Question | Decision]) -> list[str]:
    viewer = queries.Viewer(house.directory.actor("claire"))
    return [item.state for item in queries.case_for(house.record, viewer, case_id)[1].all(kind)]


def decided(front: Front, who: str, address: str, **answer: str) -> tuple[int, str]:
    """Let somebody answer at an address with their session; return the status and the words of the next page."""
    with front.client(who) as client:
        where = client.post(address).headers["location"] if address.startswith("/t/") else address
        sent = client.post(where, data=fields_of(client.get(where).text) | answer)
        page = client.get(sent.headers["location"]).text if sent.status_code == 303 else sent.text
    return sent.status_code, re.sub(r"\s+", " ", TAGS.sub(" ", page))


def test_both_sides_answer_a_question_each_by_the_link_in_their_own_mail(front: Front) -> None:
    house = front.house
    case_id, tokens = asked(house)
    assert set(tokens) == {"peter", "simon"}
    answer = {"choice": "decide", "decide.text": "Turns by week."}
    status, receipt = decided(front, "peter", f"/t/{tokens['peter']}", **answer)
    assert (status, "It takes effect once the others who are asked have agreed" in receipt) == (303, True)
    assert items(house, case_id, Question) == ["asked"]
    [token] = [token for mail in delivered(house) if mail["to"].startswith("simon") for token in links_in(mail)]
    status, receipt = decided(front, "simon", f"/t/{token}", choice="agree")
    assert (status, "Your decision is recorded" in receipt) == (303, True)
    assert (QUESTION in receipt, "version:" in receipt) == (True, False)
    assert (items(house, case_id, Question), items(house, case_id, Decision)) == (["decided"], ["decided"])
    assert {"peter@herders.example", "simon@council.example"} <= {mail["to"] for mail in delivered(house)}


def test_who_has_proposed_an_answer_is_not_asked_for_another_one(front: Front) -> None:
    case_id, tokens = asked(front.house)
    answer = {"choice": "refuse_request", "refuse_request.text": "Not yet."}
    decided(front, "peter", f"/t/{tokens['peter']}", **answer)
    with front.client("peter") as client:
        page = client.get(client.post(f"/t/{tokens['peter']}").headers["location"]).text
    assert "Your answer is recorded and waits for the others who are asked." in page
    assert 'type="radio"' not in page
    with front.client("simon") as client:
        page = client.get(client.post(f"/t/{tokens['simon']}").headers["location"]).text
    [proposed] = re.findall(rf'href="(/decide/{case_id}/\w+)"', page)
    assert decided(front, "simon", proposed, choice="agree")[0] == 303
    assert items(front.house, case_id, Question) == ["refused"]


def test_what_is_asked_stands_on_the_desk_of_who_is_asked_and_leads_to_its_page(front: Front) -> None:
    case_id, tokens = asked(front.house)
    with front.client("peter") as client:
        where = client.post(f"/t/{tokens['peter']}").headers["location"]
        assert f'<a href="{where}" dir="auto">{QUESTION}</a>' in client.get("/").text
        decided(front, "simon", f"/t/{tokens['simon']}", choice="approve")
        proposed = re.findall(
            rf'<a href="(/decide/{case_id}/\w+)" dir="auto">Approve what is asked</a>', client.get("/").text
        )
        assert client.get(proposed[0]).status_code == 200


def test_the_brief_stands_on_the_page_as_both_sides_share_it(front: Front) -> None:
    house = front.house
    case_id, tokens = asked(house)
    with front.client("simon") as client:
        where = client.post(f"/t/{tokens['simon']}").headers["location"]
        house.act_at_once(
            "marie", case_id, "annotate", question=where.rpartition("/")[2], interest="The fields need water at dawn."
        )
        page = client.get(where).text
    assert "The brief on which both sides write, version 3" in page
    assert "The fields need water at dawn." in page
    assert "No calendar says whose turn it is" in page
    assert not any(secret in page for secret in (SECRET_OF_A, SECRET_OF_B, TEAM_SECRET))


def test_a_brief_that_has_changed_must_be_read_before_it_is_answered(front: Front) -> None:
    house = front.house
    case_id, tokens = asked(house)
    with front.client("peter") as client:
        where = client.post(f"/t/{tokens['peter']}").headers["location"]
        form = fields_of(client.get(where).text)
        question = where.rpartition("/")[2]
        house.act_at_once("marie", case_id, "annotate", question=question, interest="The fields need water at dawn.")
        answer = {"choice": "decide", "decide.text": "Turns by week."}
        stale = client.post(where, data=form | answer)
        read = client.get(where).text
        again = client.post(where, data=fields_of(read) | answer)
    assert (stale.status_code, again.status_code) == (409, 303)
    assert "What is asked has changed since you opened this page" in stale.text
    assert "Turns by week." in stale.text


def test_a_member_of_a_panel_votes_by_the_link_and_gets_a_receipt(front: Front) -> None:
    house = front.house
    case_id = number_to_id(house, "D-2026-0001")
    members = ["stranger for Mission", "li for Agencies", "amina for Agencies"]
    house.act("claire", case_id, "convene_panel", name="Joint committee", members=members, chair="stranger", quorum=2)
    house.act("claire", case_id, "escalate", text=QUESTION, to_tier="T2")
    house.clock.advance(days=2)
    house.service.fire_due(case_id)
    delivered(house)
    house.act("stranger", case_id, "decide", text="Turns by week.")
    mails = {mail["to"].partition("@")[0]: links_in(mail) for mail in delivered(house)}
    assert {who for who, tokens in mails.items() if tokens} >= {"li", "amina"}
    no_answer = decided(front, "li", f"/t/{mails['li'][0]}")
    assert (no_answer[0], "Answer: choose an answer" in no_answer[1]) == (422, True)
    status, receipt = decided(
        front, "li", f"/t/{mails['li'][0]}", **{"vote.answer": "yes", "vote.reason": "It is fair to both."}
    )
    assert (status, "Your decision is recorded" in receipt) == (303, True)
    assert {mail["to"] for mail in delivered(house)} == {"li@office.example"}
    viewer = queries.Viewer(house.directory.actor("amina"))
    [ballot] = queries.case_for(house.record, viewer, case_id)[1].all(Ballot, "open")
    assert [(vote.person, vote.answer) for vote in ballot.votes] == [("li", "yes")]
    with front.client("amina") as client:
        assert 'value="vote"' in client.get(client.post(f"/t/{mails['amina'][0]}").headers["location"]).text


def test_whoever_does_not_belong_to_the_tier_reads_the_question_and_has_no_answer(front: Front) -> None:
    case_id, tokens = asked(front.house)
    with front.client("peter") as client:
        where = client.post(f"/t/{tokens['peter']}").headers["location"]
    with front.client("marie") as client:
        page = client.get(where)
        assert client.post(where, data={**fields_of_page(page.text), "choice": "decide"}).status_code in {403, 409}
    assert QUESTION in page.text
    assert 'type="radio"' not in page.text
    assert items(front.house, case_id, Question) == ["asked"]


def page_of(house: House, case_id: str) -> str:
    """Return where the question of a case is answered."""
    viewer = queries.Viewer(house.directory.actor("claire"))
    [question] = queries.case_for(house.record, viewer, case_id)[1].all(Question)
    return f"/decide/{case_id}/{question.id}"


def come_to(house: House, case_id: str, tier: str) -> None:
    """Let time pass until the question is before a tier."""
    for _ in range(60):
        if queries.case_for(house.record, queries.Viewer(house.directory.actor("claire")), case_id)[1].tier == tier:
            return
        house.clock.advance(hours=6)
        house.service.fire_due(case_id)
    raise AssertionError(tier)


def test_whoever_answers_a_question_that_another_tier_settled_reads_who_was_first_and_what(front: Front) -> None:
    house = front.house
    case_id, _ = asked(house)
    come_to(house, case_id, "T2")
    where = page_of(house, case_id)
    with front.client("simon") as client:
        form = fields_of(client.get(where).text)
        house.act("stranger", case_id, "approve", text="As both sides said.")
        before = items(house, case_id, Decision)
        late = client.post(where, data=form | {"choice": "decide", "decide.text": "Turns by week."})
    words = re.sub(r"\s+", " ", TAGS.sub(" ", late.text))
    assert late.status_code == 409
    assert "Your decision was not recorded." in words
    assert re.search(r"Sam Stranger was first: “Approve what is asked”, \w+, \d+ \w+ 2026, \d\d:\d\d Juba time", words)
    assert "As both sides said." in words
    assert (items(house, case_id, Question), items(house, case_id, Decision)) == (["approved"], before)


def test_whoever_returns_a_question_gets_a_mail_about_it_as_for_every_other_answer(front: Front) -> None:
    house = front.house
    case_id, _ = asked(house)
    come_to(house, case_id, "T2")
    delivered(house)
    house.act("stranger", case_id, "return_down", text="See to it.")
    assert {"stranger@office.example", "nadia@office.example"} <= {mail["to"] for mail in delivered(house)}


def test_whom_the_climb_was_quicker_than_reads_the_question_as_it_stands_now(front: Front) -> None:
    house = front.house
    case_id, _ = asked(house)
    where = page_of(house, case_id)
    house.clock.set(climbs_at(house, case_id) - timedelta(minutes=2))
    house.service.fire_due(case_id)
    with front.client("peter") as client:
        form = fields_of(client.get(where).text)
        house.clock.advance(minutes=3)
        house.service.fire_due(case_id)
        late = client.post(where, data=form | {"choice": "return_down", "return_down.text": "See to it."})
    words = re.sub(r"\s+", " ", TAGS.sub(" ", late.text))
    assert (late.status_code, items(house, case_id, Question)) == (409, ["asked"])
    assert "What is asked has changed since you opened this page, so nothing was recorded" in words
    assert "Next tier by silence" in words


def climbs_at(house: House, case_id: str) -> datetime:
    """Let time pass until the climb is the next rung; say when it is due."""
    kept = tables.timers
    climb = select(kept.c.due_at).where(kept.c.case_id == case_id, kept.c.trigger == "climb", kept.c.state == "armed")
    for _ in range(60):
        with reading(house.record.engine) as connection:
            at: datetime | None = connection.execute(climb).scalar()
        if at is not None:
            return at
        house.clock.advance(hours=4)
        house.service.fire_due(case_id)
    raise AssertionError("the climb was never the next rung")


def fields_of_page(page: str) -> dict[str, str]:
    """Return the token of the visit from whichever form the page has."""
    return {"form_token": re.findall(r'name="form_token" value="([^"]+)"', page)[0]}
