"""An administrator reads nothing of any case; one room is opened by two people, seen to be open, and noted."""

from __future__ import annotations

import re

import httpx
import pytest
from sqlalchemy import select

from cases import tables
from cases.people import Person
from cases.unit_of_work import reading
from desk import looks
from tests.desk.house import OFFER, SECRET_OF_A, SECRET_OF_B, TEAM_SECRET, Front, House, form_of
from tests.desk.signing import give_password

NUMBER = "D-2026-0001"
TITLE = "Kworijik"
CONTENT = (SECRET_OF_A, SECRET_OF_B, TEAM_SECRET, OFFER, TITLE, "Nimule", "Borehole")
WHY = "Somebody is in danger, and the mediator cannot be reached."
PAGE = "/emergencies"


@pytest.fixture(autouse=True)
def second(house: House) -> None:
    """Puts a head of office and a second administrator on file."""
    for person, office in (("helen", "head_of_office"), ("omar", "administrator")):
        house.directory.add(Person(id=person, name=person.title(), email=f"{person}@office.example", offices=(office,)))


def ask(client: httpx.Client, **changed: str) -> httpx.Response:
    told = {"case": NUMBER, "room": "caucus", "party": "A", "reason": WHY, "hours": "4", **changed}
    return client.post(f"{PAGE}/ask", data={**form_of(client.get(f"{PAGE}/ask").text), **told})


def press(client: httpx.Client, what: str, *, page: str = PAGE) -> httpx.Response:
    """Presses the button of the newest request, to agree, refuse or end."""
    text = client.get(page).text
    address = re.search(rf'action="({PAGE}/[^"]+/{what})"', text)
    assert address is not None, text
    return client.post(address[1], data=form_of(text))


def opened(front: Front) -> None:
    with front.client("li") as client, front.client("helen") as head:
        assert ask(client).status_code == 303
        assert press(head, "agree").status_code == 303


def mails(house: House) -> list[tuple[str, str]]:
    rows = tables.messages.c
    with reading(house.record.engine) as connection:
        wanted = select(rows.person_id, rows.content).where(rows.mail == "room_opened").order_by(rows.person_id)
        return [(row.person_id, row.content.decode()) for row in connection.execute(wanted)]


def test_no_page_tells_an_administrator_anything_of_a_case(front: Front) -> None:
    with front.client("li") as client, front.client("helen") as head:
        for who in (client, head):
            for address in ("/", "/cases", f"/cases/{NUMBER}", f"/cases/{NUMBER}/access", PAGE, "/mails", "/people"):
                answer = who.get(address)
                assert not [secret for secret in CONTENT if secret in answer.text], address
        assert client.get(f"/cases/{NUMBER}").status_code == 404
        assert client.get(f"/cases/{NUMBER}/access").status_code == 404


def test_a_room_opens_when_the_head_of_office_agrees(front: Front) -> None:
    with front.client("li") as client, front.client("helen") as head:
        assert ask(client).status_code == 303
        waits = client.get(PAGE).text
        assert "A second person must agree" in waits
        assert "/agree" not in waits
        assert client.get(f"/cases/{NUMBER}").status_code == 404
        assert WHY in head.get(PAGE).text
        press(head, "agree")
        case = client.get(f"/cases/{NUMBER}")
        assert case.status_code == 200
        assert SECRET_OF_A in case.text
        assert not [secret for secret in (SECRET_OF_B, TEAM_SECRET, OFFER) if secret in case.text]
        assert head.get(f"/cases/{NUMBER}").status_code == 404


def test_whoever_agrees_proves_anew_who_they_are(front: Front) -> None:
    give_password(front.house, "helen")
    with front.client("li") as client, front.client("helen") as head:
        ask(client)
        front.house.clock.advance(minutes=11)
        answer = press(head, "agree")
        assert (answer.status_code, answer.headers["location"]) == (303, "/me/sign-in/again")
        assert client.get(f"/cases/{NUMBER}").status_code == 404


def test_while_it_is_open_every_page_says_so_and_the_other_cases_stay_shut(front: Front) -> None:
    opened(front)
    with front.client("li") as client:
        for address in ("/", "/people", f"/cases/{NUMBER}"):
            assert "is open to you in an emergency" in client.get(address).text
        assert client.get("/cases/D-2026-0002").status_code == 404
        assert client.get(f"/cases/{NUMBER}/acts/add_note").status_code == 404
        assert client.get(f"/cases/{NUMBER}/notebook").status_code == 404
        front.house.clock.advance(hours=4)
    with front.client("li") as client:
        assert "is open to you in an emergency" not in client.get("/").text
        assert client.get(f"/cases/{NUMBER}").status_code == 404


def test_a_program_with_the_administrators_session_gets_nothing_by_it(front: Front) -> None:
    opened(front)
    with front.program("li") as client:
        assert client.get(f"/api/cases/{NUMBER}").status_code == 404


def test_the_team_and_the_party_are_told_without_the_matter(front: Front) -> None:
    opened(front)
    written = mails(front.house)
    assert [person for person, _ in written] == ["achol", "claire", "joseph", "nadia"]
    for _, content in written:
        assert NUMBER in content
        assert not [secret for secret in (*CONTENT, WHY, "Li Wei", "Helen", "Herders") if secret in content]
    for who, told in (("claire", True), ("joseph", True), ("marie", False)):
        with front.client(who) as client:
            page = client.get(f"/cases/{NUMBER}").text
        assert ("is open to an administrator" in page, WHY in page, "Li Wei" in page) == (told, told, told), who


def test_whoever_runs_the_case_shuts_the_room(front: Front) -> None:
    opened(front)
    with front.client("claire") as client, front.client("li") as reader:
        answer = press(client, "end", page=f"/cases/{NUMBER}/access")
        assert answer.headers["location"] == f"/cases/{NUMBER}/access"
        assert reader.get(f"/cases/{NUMBER}").status_code == 404


@pytest.mark.parametrize(
    ("page", "api"),
    [
        ("/decide/{case_id}/{item_id}", "/api/cases/{case_ref}/questions/{item_id}"),
        ("/cases/{case_ref}/print/{kind}.pdf", "/api/cases/{case_ref}/papers/{kind}"),
        ("/cases/{case_ref}/documents/{document_id}", "/api/cases/{case_ref}/documents/{document_id}"),
        ("/cases/{case_ref}/notebook", "/api/cases/{case_ref}/notebook"),
        ("/cases/{case_ref}/documents", "/api/cases/{case_ref}"),
    ],
)
def test_a_program_that_looks_is_said_to_have_looked_at_the_same(page: str, api: str) -> None:
    assert looks.kind_of(page) == looks.kind_of(api)


def test_every_look_is_listed_and_saved_as_a_table(front: Front) -> None:
    opened(front)
    with front.client("li") as client:
        client.get(f"/cases/{NUMBER}")
    with front.client("nadia") as client:
        client.get(f"/cases/{NUMBER}/print/file")
    with front.client("claire") as client:
        page = client.get(f"/cases/{NUMBER}/access").text
        table = client.get(f"/cases/{NUMBER}/access.csv")
    assert "in an emergency</span>" in page
    assert re.search(r"Nadia Haddad</td>.*?A paper or an export", page, re.DOTALL)
    assert "Li Wei,The case,Yes" in table.text
    assert table.headers["content-disposition"] == 'attachment; filename="access.csv"'
    with front.client("joseph") as client:
        own = client.get(f"/cases/{NUMBER}/access").text
    assert "Li Wei" in own
    with front.client("marie") as client:
        other = client.get(f"/cases/{NUMBER}/access").text
    assert ("Li Wei" in other, "Joseph Lado" in other) == (False, False)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"case": "D-1999-0001"}, "case"),
        ({"party": ""}, "party"),
        ({"party": "Z"}, "party"),
        ({"hours": "30"}, "hours"),
        ({"reason": ""}, "reason"),
        ({"room": "private"}, "room"),
    ],
)
def test_a_request_that_is_not_whole_comes_back_with_what_was_typed(
    front: Front, changed: dict[str, str], field: str
) -> None:
    with front.client("li") as client:
        answer = ask(client, **changed)
        assert answer.status_code == 422
        assert f'id="field-{field}-error"' in answer.text
        assert WHY in answer.text or field == "reason"
        assert "nobody asks for one" in client.get(PAGE).text


def test_only_administrators_ask_and_only_the_second_person_agrees(front: Front) -> None:
    with front.client("helen") as head, front.client("claire") as convener, front.client("li") as client:
        assert ask(client).status_code == 303
        assert head.get(f"{PAGE}/ask").status_code == 403
        assert convener.get(PAGE).status_code == 403
        page = client.get(PAGE).text
        address = re.search(rf'action="({PAGE}/[^"]+)/refuse"', page)
        assert address is not None
        assert client.post(f"{address[1]}/agree", data=form_of(page)).status_code == 403
        assert press(client, "refuse").status_code == 303
        assert "Withdrawn" in head.get(PAGE).text
