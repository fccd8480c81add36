"""Who may use the desk: sessions, forms that only this desk can have made, and headers on every answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from cases import sign_in
from cases.people import Audience
from desk import headers
from desk.access import DeclaredRoute, declared
from desk.app import create_app
from tests.desk import house as houses
from tests.desk.conftest import Furnished
from tests.desk.house import Front, House, form_of

SESSIONS = "D-2026-0001"
SCREENING = "D-2026-0002"
PUBLIC = {
    "/alive",
    "/health/heartbeat",
    "/sign-in",
    "/sign-in/by-mail",
    "/sign-in/passkey",
    "/sign-in/passkey/proof",
    "/sign-in/provider",
    "/sign-in/provider/back",
    "/sign-in/second",
    "/sign-in/{link}",
    "/p",
    "/static/{name}",
    "/t/{token}",
    "/t/{token}/fresh",
    "/u/{token}",
    "/p/u/{token}",
}
PAGES = ("/", "/cases", f"/cases/{SESSIONS}", "/mails", "/mailbox", f"/cases/{SESSIONS}/acts/make_offer")
ANSWERS = ("/api/cases", f"/api/cases/{SESSIONS}", f"/api/cases/{SESSIONS}/acts", "/api/messages", "/api/processes")
OWN_POLICIES = {f"/cases/{SESSIONS}/process.svg": headers.DRAWING_POLICY}


def app_of(house: House) -> FastAPI:
    return create_app(house.record, house.service, house.directory, settings=house.settings, clock=house.clock)


def routes_of(app: FastAPI) -> Iterator[APIRoute]:
    """Yields every route that answers, those of included routers too."""
    found = [*app.routes]
    while found:
        route = found.pop()
        if isinstance(route, APIRoute):
            yield route
        found += getattr(getattr(route, "original_router", None), "routes", [])


def test_every_route_says_who_may_use_it(house: House) -> None:
    access = {route.path: declared(route)[0] for route in routes_of(app_of(house))}
    assert len(access) > len(PAGES) + len(ANSWERS)
    assert {path for path, who in access.items() if who == "public"} == PUBLIC


def test_every_page_that_changes_something_asks_for_a_form_of_this_desk(house: House) -> None:
    changing = [route for route in routes_of(app_of(house)) if "POST" in (route.methods or ())]
    pages = {route.path: declared(route)[1] for route in changing if not route.path.startswith("/api/")}
    assert {path for path, form in pages.items() if not form} == {path for path in PUBLIC if path in pages}
    assert len(pages) > 3


def test_a_route_that_says_nothing_cannot_be_built() -> None:
    router = APIRouter(route_class=DeclaredRoute)
    with pytest.raises(TypeError, match="must say who may use it"):
        router.get("/anything")(lambda: "open to all by mistake")


@pytest.mark.parametrize("path", [*PAGES, *ANSWERS, "/health", "/api/openapi.json", "/mails/1", "/mailbox/x"])
def test_nothing_is_shown_to_somebody_who_is_not_signed_in(front: Front, path: str) -> None:
    with front.client() as client:
        answer = client.get(path)
    assert answer.status_code == 401
    assert "Kworijik" not in answer.text


@pytest.mark.parametrize(
    "path", [*PAGES, *ANSWERS, *OWN_POLICIES, "/sign-in", "/alive", "/nowhere", "/cases/D-1999-0001", "/api/nowhere"]
)
def test_every_answer_carries_exactly_the_safe_headers(front: Front, path: str) -> None:
    with front.client("nadia") as client:
        answer = client.get(path)
    expected = headers.FOR_EVERYTHING | {
        "content-security-policy": OWN_POLICIES.get(path, headers.CONTENT_POLICY),
    }
    assert {name: answer.headers.get(name) for name in expected} == expected


def test_the_policy_is_the_one_that_was_reviewed() -> None:
    assert headers.CONTENT_POLICY == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def test_no_policy_lets_a_page_bring_styles_or_scripts_that_were_not_reviewed() -> None:
    policies = (headers.CONTENT_POLICY, headers.FRAMING_POLICY, headers.DRAWING_POLICY, headers.DOWNLOAD_POLICY)
    assert [one for one in (*policies, headers.framed_mail_policy("p{margin:0}")) if "unsafe" in one] == []
    assert headers.style_hash("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"


def test_a_static_file_may_be_kept_because_its_name_holds_its_hash(front: Front) -> None:
    with front.client() as client:
        address = re.findall(r'href="(/static/desk\.[0-9a-f]{12}\.css)"', client.get("/sign-in").text)[0]
        answer = client.get(address)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"


def test_looking_at_a_link_does_not_use_it_up(front: Front) -> None:
    link = front.house.link("claire")
    before = front.house.dump()
    with front.client() as client:
        for method in ("GET", "HEAD", "GET"):
            assert client.request(method, f"/sign-in/{link}").status_code == 200
        assert front.house.dump() == before
        assert client.post(f"/sign-in/{link}").headers["location"] == "/"
        assert "Claire Moreau" in client.get("/").text


def test_a_used_link_says_so_and_opens_nothing(front: Front) -> None:
    link = front.house.link("claire")
    with front.client() as first, front.client() as second:
        first.post(f"/sign-in/{link}")
        answer = second.post(f"/sign-in/{link}")
        assert answer.status_code == 410
        assert "This link has been used" in answer.text
        assert second.get("/").status_code == 401


def test_the_cookie_is_kept_from_scripts_and_other_sites(front: Front) -> None:
    with front.client() as client:
        cookie = client.post(f"/sign-in/{front.house.link('claire')}").headers["set-cookie"]
    assert cookie.startswith("parley=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


def test_a_desk_behind_https_uses_a_cookie_bound_to_its_host(furnished: Furnished, tmp_path: Path) -> None:
    house = houses.copy_of(furnished.folder, tmp_path, now=furnished.now, public_url="https://desk.example")
    with houses.serving(house) as front, front.client() as client:
        cookie = client.post(f"/sign-in/{house.link('claire')}").headers["set-cookie"]
    assert cookie.startswith("__Host-parley=")
    assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
    assert "domain" not in cookie.lower()


def test_a_session_of_the_portal_opens_no_page_of_the_desk(front: Front) -> None:
    known = front.house.directory
    known.change(replace(known.person("joseph"), audience=Audience.PORTAL))
    session = sign_in.begin_session(front.house.record.engine, "joseph", now=front.house.clock.now())
    for cookie in ("parley", "parley-portal"):
        with front.client() as client:
            client.cookies.set(cookie, session)
            assert client.get("/").status_code == 401
            assert client.get("/api/cases", headers={"authorization": f"Bearer {session}"}).status_code == 401


def test_signing_out_ends_the_session_itself(front: Front) -> None:
    with front.client("claire") as client:
        token = client.cookies["parley"]
        answer = client.post("/sign-out", data=form_of(client.get("/").text))
        assert answer.headers["location"] == "/sign-in?left=yes"
        assert answer.headers["clear-site-data"] == '"cache", "storage"'
        client.cookies.set("parley", token)
        assert client.get("/").status_code == 401


def test_a_session_ends_after_half_an_hour_without_a_page(front: Front) -> None:
    with front.client("claire") as client:
        front.house.clock.advance(minutes=29)
        assert client.get("/").status_code == 200
        front.house.clock.advance(minutes=31)
        answer = client.get("/")
    assert answer.status_code == 401
    assert "signed out after 30 minutes" in answer.text


def test_somebody_who_leaves_is_out_at_the_next_page(front: Front) -> None:
    with front.client("claire") as client:
        assert client.get("/").status_code == 200
        front.house.directory.leave("claire", now=front.house.clock.now())
        assert client.get("/").status_code == 401


def note_form(client: httpx.Client) -> dict[str, str]:
    """Returns a whole form that would write a note into the record."""
    asked = form_of(client.get(f"/cases/{SCREENING}/acts/add_note").text)
    filled = {**asked, "text": "A note", "zone": "team"}
    checked = client.post(f"/cases/{SCREENING}/acts/add_note/check", data=filled)
    return form_of(checked.text)


@pytest.mark.parametrize(
    "origin",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "", "origin": "https://evil.example"},
    ],
)
def test_a_form_sent_by_another_site_changes_nothing(front: Front, origin: dict[str, str]) -> None:
    with front.client("claire") as client:
        form = note_form(client)
        before = front.house.dump()
        answer = client.post(f"/cases/{SCREENING}/acts/add_note", data=form, headers=origin)
    assert answer.status_code == 403
    assert front.house.dump() == before


def test_a_browser_that_says_nothing_of_the_origin_is_refused(front: Front) -> None:
    with front.client("claire") as client:
        form = note_form(client)
        del client.headers["sec-fetch-site"]
        assert client.post(f"/cases/{SCREENING}/acts/add_note", data=form).status_code == 403
        same = client.post(f"/cases/{SCREENING}/acts/add_note", data=form, headers={"origin": front.address})
    assert same.status_code == 303


@pytest.mark.parametrize("token", ["", "0123456789abcdef", "00.00", "another person's"])
def test_a_form_without_the_token_of_this_visit_changes_nothing(front: Front, token: str) -> None:
    with front.client("claire") as client, front.client("nadia") as other:
        form = note_form(client)
        form["form_token"] = note_form(other)["form_token"] if token.startswith("another") else token
        before = front.house.dump()
        answer = client.post(f"/cases/{SCREENING}/acts/add_note", data=form)
    assert answer.status_code == 403
    assert front.house.dump() == before


def test_no_two_pages_hold_the_same_form_token(front: Front) -> None:
    with front.client("claire") as client:
        tokens = {form_of(client.get("/").text)["form_token"] for _ in range(3)}
    assert len(tokens) == 3


def test_reading_never_changes_the_record(front: Front) -> None:
    people = ("claire", "nadia", "joseph", "marie", "li")
    addresses = [
        *PAGES,
        *ANSWERS,
        *OWN_POLICIES,
        "/health",
        "/nowhere",
        f"/cases/{SCREENING}?recorded=1&everything=yes",
    ]
    clients = [front.client(who) for who in people]
    noted = frozenset({"looks"})
    before = front.house.dump(without=noted)
    for client in clients:
        for path in addresses:
            assert client.get(path).status_code < 500
            assert client.head(path).content == b""
        client.close()
    assert front.house.dump(without=noted) == before


@pytest.mark.parametrize("path", ["/cases/{}", "/cases/{}/process.svg", "/cases/{}/acts/add_note", "/api/cases/{}"])
def test_a_foreign_case_reads_like_one_that_does_not_exist(front: Front, path: str) -> None:
    with front.client("li") as client:
        foreign, unknown = (client.get(path.format(number)) for number in (SESSIONS, "D-2026-9999"))
    assert foreign.status_code == unknown.status_code == 404
    tokens = re.compile(r'name="form_token" value="[^"]*"')
    assert tokens.sub("", foreign.text) == tokens.sub("", unknown.text)


@pytest.mark.parametrize(
    "path", ["/mails/{}", "/mails?after={}", "/bulk/mails?mail={}", "/cases/%00", "/cases?stage=%00", "/p/cases/%00"]
)
def test_what_no_record_can_hold_is_nowhere(front: Front, path: str) -> None:
    with front.client("claire") as client:
        status = client.get(path.format("9" * 30)).status_code
    assert status == (422 if "bulk" in path else 404)


def test_a_form_takes_no_sign_that_no_record_can_hold(front: Front) -> None:
    with front.client("claire") as client:
        address = "/cases/D-2026-0001/acts/add_note"
        form = form_of(client.get(f"{address}?whole=yes").text) | {"text": "The road\x00is shut", "zone": "team"}
        page = client.post(f"{address}/check", data=form).text
    assert "The roadis shut" in page


def test_what_no_page_of_the_desk_sends_is_refused_in_words(front: Front) -> None:
    with front.client() as client:
        full = client.post("/sign-in", content=b"&".join(b"a=b" for _ in range(300)))
        del client.headers["sec-fetch-site"]
        odd = client.post("/sign-in", headers={"origin": "http://["}, data={"email": "a@b.example"})
    assert (full.status_code, odd.status_code) == (422, 403)


def test_only_administrators_see_the_health_of_the_desk(front: Front) -> None:
    with front.client("claire") as convener, front.client("li") as administrator:
        assert convener.get("/health").status_code == 403
        shown = administrator.get("/health")
    assert shown.status_code == 200
    assert "Timers overdue" in shown.text
    assert "Kworijik" not in shown.text
