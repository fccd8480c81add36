"""People, organisations, posts and committees are kept on the desk by administrators, and by nobody else."""

from __future__ import annotations

import re
from datetime import date

import httpx
import pytest
from sqlalchemy import select

from cases import personal_codes, tables
from cases.committees import Committees
from cases.deputies import Deputies
from cases.posts import Posts
from cases.unit_of_work import reading
from tests.desk.house import SECRET_OF_A, SECRET_OF_B, START, TEAM_SECRET, Front, House, form_of, form_to

PAGES = (
    "/administration",
    "/people",
    "/people?words=wani&left=",
    "/people/new",
    "/people/joseph",
    "/people/joseph/change",
    "/people/joseph/leave",
    "/people/joseph/absence",
    "/people/joseph/absence/new",
    "/organisations",
    "/organisations/new",
    "/organisations/herders",
    "/posts",
    "/posts/post",
    "/committees/new",
)
DINA = {
    "name": "Dina Lokol",
    "email": "Dina@herders.example",
    "organisation": "herders",
    "language": "en",
    "timezone": "Africa/Juba",
    "audience": "desk",
    "telephone": "+211 1",
    "manager": "peter",
    "leaves_on": "2027-03-31",
}


def sent(client: httpx.Client, address: str, **fields: str | list[str]) -> httpx.Response:
    """Fills in the form of a page and sends it to the same address."""
    return client.post(address, data={**form_of(client.get(address).text), **fields})


def pressed(client: httpx.Client, page: str, action: str) -> httpx.Response:
    """Presses the button of a page's form that goes to an address."""
    return client.post(action, data=form_to(client.get(page).text, action))


def mails(house: House) -> list[tuple[str, str, str]]:
    """Return the queued mails of accounts: which, to whom, with which subject."""
    rows = tables.messages.c
    with reading(house.record.engine) as connection:
        wanted = select(rows.mail, rows.address, rows.subject).where(rows.case_id.is_(None)).order_by(rows.id)
        return [tuple(row) for row in connection.execute(wanted)]


@pytest.mark.parametrize("page", PAGES)
def test_only_administrators_are_let_in(front: Front, page: str) -> None:
    for who, status in (("li", 200), ("claire", 403), ("joseph", 403), (None, 401)):
        with front.client(who) as client:
            answer = client.get(page)
        assert answer.status_code == status, who
        assert not any(secret in answer.text for secret in (SECRET_OF_A, SECRET_OF_B, TEAM_SECRET, "Kworijik"))


def test_the_desk_leads_an_administrator_to_every_place(front: Front) -> None:
    with front.client("li") as client:
        assert 'href="/administration"' in client.get("/").text
        places = re.findall(r'<li><a href="([^"]+)"><b>', client.get("/administration").text)
        assert {"/people", "/organisations", "/posts", "/health"} <= {*places}
        assert [client.get(place).status_code for place in places] == [200] * len(places)
    with front.client("claire") as client:
        assert 'href="/administration"' not in client.get("/").text


def test_people_are_found_by_words_organisation_and_office(front: Front) -> None:
    with front.client("li") as client:
        assert "Peter Wani" in client.get("/people?words=WANI+peter").text
        of_council = client.get("/people?organisation=council").text
        assert "Julia Okafor" in of_council
        assert "Peter Wani" not in of_council
        registry = client.get("/people?office=registry").text
        assert ("Claire Moreau" in registry, "Li Wei</a>" in registry) == (True, False)
        assert "Nobody on file fits" in client.get("/people?words=nobody").text


def test_a_long_list_goes_on_after_the_last_name(front: Front) -> None:
    for number in range(30):
        person = front.house.directory.person("joseph")
        new = type(person)(id=f"p{number:02}", name=f"Person {number:02}", email=f"p{number}@herders.example")
        front.house.directory.add(new)
    with front.client("li") as client:
        seen, page = [], client.get("/people?words=person").text
        while True:
            seen += re.findall(r'href="/people/(p\d\d)"', page)
            more = re.search(r'href="(/people\?words=person[^"]+)"', page)
            if more is None:
                break
            page = client.get(more[1].replace("&amp;", "&")).text
        assert client.get("/people?after=nobody").status_code == 404
    assert seen == [f"p{number:02}" for number in range(30)]


def test_somebody_is_put_on_file_with_everything_about_them(front: Front) -> None:
    with front.client("li") as client:
        answer = sent(client, "/people/new", **DINA, offices=["registry"])
        assert answer.status_code == 303, answer.text
        page = client.get(answer.headers["location"]).text
    kept = front.house.directory.by_email("dina@herders.example")
    assert kept is not None
    assert (kept.offices, kept.manager_id, kept.leaves_on) == (("registry",), "peter", date(2027, 3, 31))
    for told in ("Dina Lokol", "Herders association", "Peter Wani", "Registry", "31 March 2027", "It is on file"):
        assert told in page, told


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("email", "joseph@herders.example", "somebody on file already has"),
        ("email", "two@a.example, three@b.example", "bare e-mail address"),
        ("timezone", "Moon/Base", "no time zone"),
        ("manager", "simon", "works for another organisation"),
        ("name", "", "fill this in"),
        ("leaves_on", "soon", "date"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field_and_the_rest_stays(
    front: Front, field: str, typed: str, told: str
) -> None:
    with front.client("li") as client:
        answer = sent(client, "/people/new", **{**DINA, field: typed})
    assert answer.status_code == 422
    error = re.search(rf'id="field-{field}-error">(.*?)</p>', answer.text)
    assert error is not None
    assert told in error[1].casefold()
    assert 'value="+211 1"' in answer.text


def test_a_changed_address_is_told_to_the_old_one(front: Front) -> None:
    with front.client("li") as client:
        page = client.get("/people/marie/change").text
        values = dict(re.findall(r'<input type="(?:text|date)" id="[^"]+" name="([^"]+)" value="([^"]*)"', page))
        told = {
            **values,
            "email": "m.keji@council.example",
            "organisation": "council",
            "language": "fr",
            "audience": "desk",
        }
        answer = sent(client, "/people/marie/change", **told)
    assert answer.status_code == 303, answer.text
    assert front.house.directory.person("marie").email == "m.keji@council.example"
    ((mail, address, subject),) = mails(front.house)
    assert (mail, address) == ("address_changed", "marie@council.example")
    assert "address" in subject


def test_a_code_is_shown_once_and_its_owner_told(front: Front) -> None:
    with front.client("li") as client:
        shown = pressed(client, "/people/joseph", "/people/joseph/code").text
        code = re.search(r"(\d{4} \d{4} \d{4} \d{4})", shown)
        assert code is not None
        assert code[1] not in client.get("/people/joseph").text
    assert personal_codes.proves(front.house.record.engine, "joseph", code[1])
    assert [(mail, address) for mail, address, _ in mails(front.house)] == [("code_made", "joseph@herders.example")]


def test_a_link_goes_to_the_address_on_file_and_is_shown_to_nobody(front: Front) -> None:
    with front.client("li") as client:
        answer = pressed(client, "/people/joseph", "/people/joseph/link")
        assert "/sign-in/" not in client.get(answer.headers["location"]).text
    assert [(mail, address) for mail, address, _ in mails(front.house)] == [("sign_in_link", "joseph@herders.example")]


def test_all_sessions_of_somebody_end(front: Front) -> None:
    with front.client("joseph") as theirs, front.client("li") as client:
        assert theirs.get("/").status_code == 200
        pressed(client, "/people/joseph", "/people/joseph/end-sessions")
        assert theirs.get("/").status_code == 401
        assert client.get("/").status_code == 200


def test_leaving_is_checked_first_and_can_be_taken_back(front: Front) -> None:
    with front.client("joseph") as theirs, front.client("li") as client:
        before = client.get("/people/joseph/leave").text
        assert "They have a part in 3 open cases." in before
        answer = pressed(client, "/people/joseph/leave", "/people/joseph/leave")
        page = client.get(answer.headers["location"]).text
        assert theirs.get("/").status_code == 401
        assert "Has left" in page
        assert "Joseph Lado" in client.get("/people?left=yes").text
        pressed(client, "/people/joseph", "/people/joseph/return")
        assert "Joseph Lado" in client.get("/people").text


def test_an_administrator_says_for_others_when_they_are_away_and_who_stands_in(front: Front) -> None:
    kept = Deputies(front.house.record.engine)
    days = {"since": "2026-11-09", "until": "2026-11-18"}
    address = "/people/marie/absence/new"
    with front.client("li") as client:
        assert sent(client, address, **days, deputy="joseph").status_code == 422
        assert sent(client, address, since="2026-11-18", until="2026-11-09").status_code == 422
        assert sent(client, address, **days, deputy="julia", scope=["T1"]).status_code == 303
        page = client.get("/people/marie/absence").text
        assert "Julia Okafor" in page
        assert "18 November 2026" in page
        (deputy,) = kept.all("marie")
        pressed(client, "/people/marie/absence", f"/people/marie/deputies/{deputy.id}/end")
        pressed(client, "/people/marie/absence", "/people/marie/absence/2026-11-09/back")
    assert (kept.all("marie"), kept.absences("marie")) == ((), ())


def test_the_last_administrator_stays(front: Front) -> None:
    with front.client("li") as client:
        left = pressed(client, "/people/li/leave", "/people/li/leave")
        page = client.get("/people/li/change").text
        values = dict(re.findall(r'<input type="(?:text|date)" id="[^"]+" name="([^"]+)" value="([^"]*)"', page))
        values |= {"language": "en", "organisation": "office"}
        stripped = sent(client, "/people/li/change", **values, audience="desk")
        moved = sent(client, "/people/li/change", **values, audience="portal", offices="administrator")
        assert client.get("/administration").status_code == 200
    assert "make somebody else an administrator first" in left.text
    assert (left.status_code, stripped.status_code, moved.status_code) == (409, 422, 422)


def test_an_organisation_is_put_on_file_and_changed(front: Front) -> None:
    told = {"name": "Water board", "kind": "ngo", "timezone": "Africa/Juba", "calendar": "ngo"}
    with front.client("li") as client:
        assert sent(client, "/organisations/new", **told).status_code == 303
        assert sent(client, "/organisations/new", **told).status_code == 422
        body = next(one for one in front.house.directory.organisations() if one.name == "Water board")
        sent(client, f"/organisations/{body.id}", **{**told, "name": "Water council", "calendar": ""})
        assert "Water council" in client.get("/organisations").text
    changed = next(one for one in front.house.directory.organisations() if one.id == body.id)
    assert (changed.name, changed.calendar, changed.kind) == ("Water council", None, "ngo")


def test_a_post_is_held_in_the_order_it_was_written(front: Front) -> None:
    told = {"organisation": "herders", "name": "duty officer", "since": f"{START.date()}", "turn_days": "7"}
    with front.client("li") as client:
        wrong = sent(client, "/posts/post", **told, holders="nobody@nowhere.example")
        assert (wrong.status_code, "put them on file first" in wrong.text) == (422, True)
        held = "peter@herders.example\njoseph@herders.example"
        assert sent(client, "/posts/post", **told, holders=held).status_code == 303
        page = client.get("/posts").text
        (post,) = Posts(front.house.record.engine).all()
        assert post.people == ("peter", "joseph")
        assert "in turns of 7 days" in page
        form = form_of(page.partition("/posts/remove")[0] + "<form>" + page.partition("/posts/remove")[2])
        client.post("/posts/remove", data={**form, "organisation": "herders", "name": "duty officer", "place": ""})
    assert Posts(front.house.record.engine).all() == ()


def test_a_committee_sits_as_its_lines_say(front: Front) -> None:
    told = {
        "name": "Joint board",
        "chair": "peter",
        "members": "peter@herders.example for Herders\nsimon@council.example for Council",
        "alternates": "julia@council.example for simon@council.example",
        "quorum": "2",
        "each_body": "yes",
    }
    with front.client("li") as client:
        wrong = sent(client, "/committees/new", **{**told, "members": "peter@herders.example"})
        assert (wrong.status_code, "does not name two" in wrong.text) == (422, True)
        assert sent(client, "/committees/new", **told).status_code == 303
        assert "Julia Okafor stands in for Simon Taban" in client.get("/posts").text
    (committee,) = Committees(front.house.record.engine).all()
    assert [(seat.person, seat.body, seat.alternate_of) for seat in committee.seats] == [
        ("peter", "Herders", ""),
        ("simon", "Council", ""),
        ("julia", "Council", "simon"),
    ]
