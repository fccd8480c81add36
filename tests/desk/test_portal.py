"""The portal: people of parties come in by a code, read their own rooms alone, and answer what is asked of them."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from cases import queries
from cases.people import Audience
from desk.access import declared
from desk.app import create_app
from desk.portal.app import ROUTERS
from states.items import Note, Offer
from tests.desk import house as houses
from tests.desk.asking import delivered
from tests.desk.conftest import Furnished
from tests.desk.house import OFFER, SECRET_OF_A, SECRET_OF_B, TEAM_SECRET, Front, House, form_of, serving
from tests.desk.portal import CASE, SESSIONS, answer_page, at_portal, client, confirm, papers, read_back, words

LIGHTEST = 8_000
PAGES = ("", "/file", "/dates", "/history", "/documents", "/contact", "/acts", "/acts/ask_team", "/acts/make_offer")
OPEN = {"/sign-in", "/t/{token}", "/exit"}


def case_of(house: House, who: str) -> str:
    return queries.case_for(house.record, queries.Viewer(house.directory.actor(who)), SESSIONS)[1].id


def notes(house: House, who: str) -> list[str]:
    viewer = queries.Viewer(house.directory.actor(who))
    return [note.text for note in queries.case_for(house.record, viewer, SESSIONS)[1].all(Note)]


def offer_state(house: House) -> str:
    viewer = queries.Viewer(house.directory.actor("nadia"))
    return queries.case_for(house.record, viewer, SESSIONS)[1].all(Offer)[0].state


def stranger(front: Front) -> httpx.Client:
    return httpx.Client(base_url=front.address, headers={"sec-fetch-site": "same-origin"}, timeout=60)


@pytest.fixture
def marie(front: Front) -> Iterator[httpx.Client]:
    """Yields Marie's browser, signed in at the portal."""
    with client(front, "marie") as inside:
        yield inside


def test_every_route_of_the_portal_says_who_may_use_it() -> None:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    access = {route.path: declared(route)[0] for route in routes}
    assert {path for path, who in access.items() if who == "public"} == OPEN
    assert set(access.values()) == {"public", "portal"}


@pytest.mark.parametrize("named_by", ["address", "reference"])
def test_a_code_lets_its_person_in_with_an_address_or_a_reference(front: Front, named_by: str) -> None:
    at_portal(front.house, "marie")
    given = papers(front.house, "marie")
    who = "marie@council.example" if named_by == "address" else given.reference
    with stranger(front) as browser:
        answer = browser.post("/p/sign-in", data={"who": who, "code": given.code, "next": CASE})
        assert (answer.status_code, answer.headers["location"]) == (303, CASE)
        assert "Grazing access" in browser.get(CASE).text
        assert browser.get("/").status_code == 401


@pytest.mark.parametrize(
    ("who", "right_code"),
    [("marie@council.example", False), ("nobody@council.example", True), ("9999 9999", True), ("", True)],
)
def test_whatever_is_wrong_at_the_door_reads_the_same(front: Front, who: str, *, right_code: bool) -> None:
    at_portal(front.house, "marie")
    code = papers(front.house, "marie").code
    with stranger(front) as browser:
        answer = browser.post("/p/sign-in", data={"who": who, "code": code if right_code else "1" * 16})
    assert answer.status_code == 422
    shown = answer.text.replace(f'value="{who}"', 'value=""')
    with stranger(front) as browser:
        other = browser.post("/p/sign-in", data={"who": "x", "code": ""}).text.replace('value="x"', 'value=""')
    assert shown == other
    assert "parley-portal" not in answer.cookies


def test_a_code_of_somebody_of_the_desk_opens_nothing_at_the_portal(front: Front) -> None:
    given = papers(front.house, "joseph")
    with stranger(front) as browser:
        assert browser.post("/p/sign-in", data={"who": given.reference, "code": given.code}).status_code == 422


def test_wrong_tries_slow_down_and_use_up_nobodys_code(front: Front) -> None:
    at_portal(front.house, "marie")
    given = papers(front.house, "marie")
    with stranger(front) as browser:
        for _ in range(8):
            front.house.clock.advance(minutes=2)
            browser.post("/p/sign-in", data={"who": "marie@council.example", "code": "1" * 16})
        waiting = browser.post("/p/sign-in", data={"who": given.reference, "code": given.code})
        assert waiting.status_code == 429
        assert "then try again" in waiting.text
        front.house.clock.advance(minutes=2)
        assert browser.post("/p/sign-in", data={"who": given.reference, "code": given.code}).status_code == 303


def test_a_code_that_is_typed_in_the_figures_of_another_script_fits(front: Front) -> None:
    at_portal(front.house, "marie")
    given = papers(front.house, "marie")
    arabic = given.code.translate({ord(str(figure)): chr(0x660 + figure) for figure in range(10)})
    with stranger(front) as browser:
        assert browser.post("/p/sign-in", data={"who": given.reference, "code": arabic}).status_code == 303


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/p/leave", "/cases/1", "/p/cases/../x"])
def test_nobody_is_led_away_after_signing_in(front: Front, wanted: str) -> None:
    at_portal(front.house, "marie")
    given = papers(front.house, "marie")
    with stranger(front) as browser:
        answer = browser.post("/p/sign-in", data={"who": given.reference, "code": given.code, "next": wanted})
    assert answer.headers["location"] == "/p/"


def test_whoever_is_signed_out_finds_the_door_in_the_place_of_the_page(front: Front) -> None:
    with stranger(front) as browser:
        answer = browser.get(f"{CASE}/dates")
    assert answer.status_code == 401
    assert form_of(answer.text) == {"next": f"{CASE}/dates"}
    assert "Grazing" not in answer.text


def test_a_session_of_the_desk_opens_nothing_of_the_portal(front: Front) -> None:
    with front.client("marie") as browser:
        browser.cookies.set("parley-portal", browser.cookies["parley"])
        assert browser.get(CASE).status_code == 401


def test_the_link_of_a_mail_and_the_code_lead_to_what_is_asked(front: Front) -> None:
    house = front.house
    at_portal(house, "marie")
    at_portal(house, "joseph")
    delivered(house)
    house.act("joseph", case_of(house, "joseph"), "stay", until="2026-11-20T09:00:00+00:00", reason="The rains")
    mails = [mail for mail in delivered(house) if mail["to"].startswith("marie")]
    body = mails[0].get_body(("plain",))
    assert body is not None
    [link] = re.findall(r"https?://[^/\s]+(/p/t/\S+)", body.get_content())
    with stranger(front) as browser:
        shown = browser.get(link)
        assert "Grazing" not in shown.text
        assert "Marie" not in shown.text
        assert browser.get(link.removeprefix("/p")).status_code == 404
        assert browser.post(link, data={"code": "1" * 16}).status_code == 422
        answer = browser.post(link, data={"code": papers(house, "marie").code})
        page = browser.get(answer.headers["location"])
    assert "Agree to a proposal" in page.text


def test_the_first_page_says_what_is_asked_by_when_and_what_silence_means(marie: httpx.Client) -> None:
    shown = words(marie.get(CASE).text)
    for part in (
        "What you must do now Answer the offer",
        OFFER,
        "Due: Thursday, 5 November 2026, 17:00 Juba time (UTC+2)",
        "If nothing is recorded by then: The offer lapses",
        "Step 4 of 7: Mediation.",
    ):
        assert part in shown


def test_somebody_who_is_asked_nothing_reads_that_and_the_next_date(front: Front) -> None:
    with client(front, "simon") as inside:
        shown = words(inside.get(CASE).text)
    assert "Nothing needs you. Next date:" in shown


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_the_portal_are_light(marie: httpx.Client, page: str) -> None:
    answer = marie.get(f"{CASE}{page}")
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content, 9)) <= LIGHTEST


def test_an_answer_is_read_back_recorded_once_and_gets_a_number_to_read_out(front: Front, marie: httpx.Client) -> None:
    checked = read_back(marie, "accept_offer")
    assert "The case moves from “Sessions” to “Drafting”." in words(checked.text)
    assert offer_state(front.house) == "open"
    first, again = confirm(marie, checked), confirm(marie, checked)
    assert first.headers["location"] == again.headers["location"]
    assert offer_state(front.house) == "accepted"
    receipt = words(marie.get(first.headers["location"]).text)
    number = first.headers["location"].rpartition("/")[2]
    assert f"{number[:4]} {number[4:]}" in receipt
    assert "Accept an offer" in receipt
    with front.client("claire") as team:
        assert f"{number[:4]} {number[4:]}" in team.get(f"/cases/{SESSIONS}").text
    with client(front, "joseph") as other:
        assert other.get(first.headers["location"]).status_code == 404


def test_no_answer_is_chosen_for_anybody(marie: httpx.Client) -> None:
    address = answer_page(marie)
    page = marie.get(address).text
    assert not re.findall(r'name="choice"[^>]* checked', page)
    sent = marie.post(address, data={"form_token": form_of(page)["form_token"]})
    assert sent.status_code == 422
    assert "none is chosen for you" in sent.text


def test_a_reason_is_read_back_and_kept(front: Front, marie: httpx.Client) -> None:
    checked = read_back(marie, "reject_offer", reason="Not enough water in May")
    assert "Not enough water in May" in words(checked.text)
    assert confirm(marie, checked).status_code == 303
    assert offer_state(front.house) == "rejected"


def test_a_question_goes_to_those_who_run_the_case_and_to_no_other_party(front: Front, marie: httpx.Client) -> None:
    house = front.house
    delivered(house)
    checked = read_back(marie, "ask", words="Does the day begin at dawn?")
    assert confirm(marie, checked).status_code == 303
    asked = f"Does the day begin at dawn? (about: {OFFER})"
    assert asked in notes(house, "claire")
    assert asked not in notes(house, "joseph")
    assert {mail["to"].partition("@")[0] for mail in delivered(house)} == {"claire", "nadia"}
    house.act("nadia", case_of(house, "nadia"), "answer_party", party="B", text="At six.")
    assert "At six." in marie.get(f"{CASE}/file?room=line:B").text
    assert "marie" in {mail["to"].partition("@")[0] for mail in delivered(house)}


def test_somebody_else_decides_is_told_to_the_team_with_a_receipt(front: Front, marie: httpx.Client) -> None:
    checked = read_back(marie, "elsewhere", words="Our chief, Juma")
    done = confirm(marie, checked)
    assert f"{OFFER}: Our chief, Juma" in notes(front.house, "claire")
    assert "It is recorded" in marie.get(done.headers["location"]).text
    assert offer_state(front.house) == "open"


def test_whatever_happens_in_rooms_of_others_does_not_touch_an_answer(front: Front, marie: httpx.Client) -> None:
    house = front.house
    checked = read_back(marie, "accept_offer")
    house.act_at_once("joseph", case_of(house, "joseph"), "add_note", text="Ours alone", zone="caucus:A")
    again = read_back(marie, "accept_offer")
    marks = [form_of(one.text)["seen_version"] for one in (checked, again)]
    assert marks[0] == marks[1]
    assert confirm(marie, checked).status_code == 303


def test_whoever_read_what_has_changed_since_is_asked_once_more(front: Front, marie: httpx.Client) -> None:
    house = front.house
    checked = read_back(marie, "accept_offer")
    house.act_at_once("nadia", case_of(house, "nadia"), "add_note", text="The vet comes", zone="shared")
    answer = confirm(marie, checked)
    assert answer.status_code == 409
    assert "nothing was recorded yet" in answer.text
    assert offer_state(house) == "open"
    assert confirm(marie, answer).status_code == 303


@pytest.mark.parametrize("who", ["joseph", "peter", "achol", "marie", "simon", "julia"])
def test_no_page_of_the_portal_shows_a_word_of_anybody_elses_room(front: Front, who: str) -> None:
    hidden = {TEAM_SECRET, SECRET_OF_A, SECRET_OF_B}
    own = {"joseph": {SECRET_OF_A}, "marie": {SECRET_OF_B}}.get(who, set())
    with client(front, who) as inside:
        found = list(_crawl(inside))
    shown = "".join(page for _, page in found)
    assert {secret for secret in hidden if secret in shown} == own
    assert len(found) > 5
    other = "B" if who in {"joseph", "peter", "achol"} else "A"
    assert not [address for address, _ in found if f":{other}" in address]


def _crawl(inside: httpx.Client) -> Iterator[tuple[str, str]]:
    """Yields every page that links lead to, with its address."""
    todo, done = ["/p/"], {"/p/exit"}
    while todo:
        address = todo.pop()
        if address in done or ".pdf?" in address:
            continue
        done.add(address)
        answer = inside.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        if "html" in answer.headers["content-type"]:
            yield address, answer.text
            todo += [one.replace("&amp;", "&") for one in re.findall(r'href="(/p/[^"#]*)"', answer.text)]


@pytest.mark.parametrize("room", ["caucus:A", "team", "private:A", "line:A", "nonsense"])
def test_a_room_of_others_reads_as_one_that_is_not_there(marie: httpx.Client, room: str) -> None:
    shared, asked = marie.get(f"{CASE}/file"), marie.get(f"{CASE}/file", params={"room": room})
    assert asked.text == shared.text


def test_a_case_of_others_reads_as_one_that_is_not_there(front: Front) -> None:
    house = front.house
    house.directory.add(replace(house.directory.person("marie"), id="rose", email="rose@x.example", name="Rose"))
    with client(front, "rose") as inside:
        theirs, none = inside.get(CASE), inside.get("/p/cases/D-1999-0001")
        assert "You have no case here now." in inside.get("/p/").text
    assert theirs.status_code == none.status_code == 404
    assert theirs.text == none.text


def test_a_document_is_sent_and_loaded_with_its_size(front: Front, marie: httpx.Client) -> None:
    address = f"{CASE}/acts/add_document"
    form = {**form_of(marie.get(f"{address}?whole=yes").text), "shows": "The wells", "zone": "shared"}
    checked = marie.post(f"{address}/check", data=form, files={"file": ("wells.csv", b"well,depth\n" * 300)})
    assert confirm(marie, checked).status_code == 303
    page = marie.get(f"{CASE}/documents").text
    [link] = re.findall(r'href="(/p/cases/[^"]+/documents/[^"]+)"', page)
    assert "3 kB" in page
    assert marie.get(link).content == b"well,depth\n" * 300
    with client(front, "joseph") as other:
        assert other.get(link).status_code == 200


def test_the_language_is_kept_on_the_person_and_turns_the_page(front: Front, marie: httpx.Client) -> None:
    form = form_of(marie.get("/p/language").text)
    assert marie.post("/p/language", data={**form, "language": "xx"}).status_code == 422
    assert marie.post("/p/language", data={**form, "language": "ar"}).status_code == 303
    assert front.house.directory.person("marie").language == "ar"
    assert '<html lang="ar" dir="rtl">' in marie.get(CASE).text


def test_the_door_speaks_the_language_that_was_chosen_or_the_browser_asks_for(front: Front) -> None:
    with stranger(front) as browser:
        assert 'lang="ar" dir="rtl"' in browser.get("/p/sign-in?language=ar").text
        assert '<html lang="ru"' in browser.get("/p/sign-in", headers={"accept-language": "ru-RU,en;q=0.5"}).text
        assert '<html lang="en"' in browser.get("/p/sign-in", headers={"accept-language": "*"}).text


def test_signing_out_ends_the_session_and_the_way_out_leaves_none_in_the_browser(front: Front) -> None:
    with client(front, "marie") as inside:
        before = front.house.dump()
        out = inside.get("/p/exit")
        assert out.headers["location"] == "https://www.wikipedia.org/"
        assert 'parley-portal=""; expires=' in out.headers["set-cookie"]
        assert front.house.dump() == before
    with client(front, "marie") as inside:
        token = inside.cookies["parley-portal"]
        inside.post("/p/leave", data=form_of(inside.get("/p/leave").text))
        inside.cookies.set("parley-portal", token)
        assert inside.get(CASE).status_code == 401


def test_a_form_that_was_not_made_for_this_visit_changes_nothing(front: Front, marie: httpx.Client) -> None:
    with client(front, "joseph") as other:
        token = form_of(other.get("/p/language").text)
    assert marie.post("/p/language", data={**token, "language": "fr"}).status_code == 403
    foreign = marie.post(
        "/p/language",
        data={**form_of(marie.get("/p/language").text), "language": "fr"},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert foreign.status_code == 403
    assert front.house.directory.person("marie").language == "en"


def test_each_host_shows_its_own_door_alone(furnished: Furnished, tmp_path: Path) -> None:
    house = houses.copy_of(furnished.folder, tmp_path / "house", now=furnished.now)
    house = replace(house, settings=house.settings.model_copy(update={"portal_url": "http://cases.example"}))
    with serving(house) as front, front.client("claire") as desk, client(front, "marie") as portal:
        assert desk.get("/cases").status_code == 200
        assert portal.get(CASE).status_code == 404
        assert desk.get("/p/sign-in").status_code == 404
        portal.headers["host"] = desk.headers["host"] = "cases.example"
        assert portal.get(CASE).status_code == 200
        assert portal.get("/").headers["location"] == "/p/"
        assert {desk.get(path).status_code for path in ("/cases", "/api/cases", "/sign-in", "/mails")} == {404}
        assert portal.get("/alive").status_code == 200
    house.record.engine.dispose()


def test_mails_to_people_of_the_portal_lead_to_its_own_address(house: House) -> None:
    own = replace(house, settings=house.settings.model_copy(update={"portal_url": "https://cases.example"}))
    at_portal(own, "joseph")
    delivered(own)
    own.act("marie", case_of(own, "marie"), "counter_offer", offer=_offer(own), text="Nine to four.")
    own.act("nadia", case_of(own, "nadia"), "stay", until="2026-11-20T09:00:00+00:00", reason="The rains")
    sent = [(mail["to"], _doors(str(mail.get_body(("plain",))))) for mail in delivered(own)]
    leads = {who: {door for to, doors in sent if to.startswith(who) for door in doors} for who in ("joseph", "marie")}
    assert leads == {"joseph": {"https://cases.example/p"}, "marie": {own.settings.base_url}}


def test_the_cookie_of_a_portal_behind_https_is_bound_to_its_host(house: House) -> None:
    chosen = house.settings.model_copy(update={"portal_url": "https://cases.example"})
    desk = create_app(house.record, house.service, house.directory, settings=chosen, clock=house.clock).state.desk
    assert desk.cookie_at(Audience.PORTAL) == "__Host-parley-portal"
    assert desk.secure_at(Audience.PORTAL)


def _offer(house: House) -> str:
    viewer = queries.Viewer(house.directory.actor("marie"))
    return queries.case_for(house.record, viewer, SESSIONS)[1].all(Offer)[0].id


def _doors(text: str) -> set[str]:
    return set(re.findall(r"(https?://\S+?)/(?:cases|t)/", text))
