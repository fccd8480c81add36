"""A fresh proof before what others would like to do in one's name, and typed text that is kept until it is given."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cases import factors, sessions
from desk.pages.emergencies import PAGE
from tests.desk.asking import ASKED, Asking, asking, fields_of
from tests.desk.house import Front, House, form_of
from tests.desk.signing import PASSWORD, desk_with, give_password, press, telephone_of

SCREENING = "D-2026-0002"
NOTE = f"/cases/{SCREENING}/acts/add_note"
TYPED = "The vet said on Monday: amber lantern."
AGAIN = "/me/sign-in/again"


@pytest.fixture
def asked(house: House) -> Iterator[Asking]:
    """Yield a case in which Sam is asked for a decision."""
    with asking(house) as asked:
        yield asked


def note(page: str) -> dict[str, str]:
    return {**form_of(page), "text": TYPED, "zone": "team"}


def test_what_was_typed_comes_back_after_signing_in_again_as_the_same_person(front: Front) -> None:
    with front.client("claire") as client:
        form = note(client.get(NOTE).text)
        front.house.clock.advance(minutes=31)
        out = client.post(f"{NOTE}/check", data=form)
        assert out.status_code == 401
        assert "Your text is kept: sign in to go on." in out.text
        assert TYPED not in "".join(front.house.dump())
        answer = client.post(f"/sign-in/{front.house.link('claire')}")
        assert answer.headers["location"] == "/me/kept"
        kept = client.get("/me/kept")
        assert TYPED in kept.text
        assert f'action="{NOTE}/check"' in kept.text
        checked = client.post(f"{NOTE}/check", data=form_of(kept.text))
        assert checked.status_code == 200
        assert TYPED in checked.text


def test_what_was_typed_does_not_come_back_for_somebody_else_or_too_late(front: Front) -> None:
    with front.client("claire") as client:
        form = note(client.get(NOTE).text)
        front.house.clock.advance(minutes=31)
        client.post(f"{NOTE}/check", data=form)
        assert client.post(f"/sign-in/{front.house.link('nadia')}").headers["location"] == "/"
        assert TYPED not in client.get("/me/kept", follow_redirects=True).text
        front.house.clock.advance(minutes=121)
        assert client.post(f"/sign-in/{front.house.link('claire')}").headers["location"] == "/"


def test_nothing_is_kept_that_was_not_typed_into_a_form_of_that_visit(front: Front) -> None:
    with front.client("claire") as client, front.client() as stranger:
        form = note(client.get(NOTE).text)
        assert stranger.post(f"{NOTE}/check", data=form).status_code == 401
        front.house.clock.advance(minutes=31)
        for wrong, headers in (({**form, "form_token": "00.00"}, {}), (form, {"sec-fetch-site": "cross-site"})):
            answer = client.post(f"{NOTE}/check", data=wrong, headers=headers)
            assert answer.status_code == 401
            assert "Your text is kept" not in answer.text
    assert not any('INTO "kept_forms"' in line for line in front.house.dump())


def test_who_signed_out_on_purpose_has_nothing_kept(front: Front) -> None:
    with front.client("claire") as client:
        form, token = note(client.get(NOTE).text), client.cookies["parley"]
        client.post("/sign-out", data=form_of(client.get("/").text))
        client.cookies.set("parley", token)
        assert "Your text is kept" not in client.post(f"{NOTE}/check", data=form).text


def test_a_kept_text_is_thrown_away_on_demand(front: Front) -> None:
    with front.client("claire") as client:
        form = note(client.get(NOTE).text)
        front.house.clock.advance(minutes=31)
        client.post(f"{NOTE}/check", data=form)
        client.post(f"/sign-in/{front.house.link('claire')}")
        press(client, "/me/kept/forget", on="/me/kept")
        assert client.get("/me/kept").headers["location"] == "/"


def test_a_page_that_was_asked_for_is_shown_after_signing_in(front: Front) -> None:
    give_password(front.house)
    with front.client() as client:
        door = client.get("/cases?words=wells")
        assert door.status_code == 401
        form = {**form_of(door.text), "email": "claire@office.example", "password": PASSWORD}
        assert 'name="to" value="/cases?words=wells"' in door.text
        assert client.post("/sign-in", data={**form, "to": "/cases?words=wells"}).headers["location"] == (
            "/cases?words=wells"
        )


def decided(page: str) -> dict[str, str]:
    return {**fields_of(page), "choice": "agree"}


def test_a_decision_asks_for_a_fresh_proof_and_then_goes_on_with_nothing_lost(asked: Asking) -> None:
    house = asked.house
    phone = telephone_of(house, ASKED)
    with asked.front.client(ASKED) as client:
        house.clock.advance(minutes=11)
        answer = client.post(asked.page, data=decided(client.get(asked.page).text))
        assert (answer.status_code, answer.headers["location"]) == (303, AGAIN)
        again = client.get(AGAIN)
        assert "What you typed is kept" in again.text
        assert press(client, AGAIN, on=AGAIN, figures="000000").status_code == 422
        old = client.cookies["parley"]
        proved = press(client, AGAIN, on=AGAIN, figures=phone.shows())
        assert proved.headers["location"] == "/me/kept"
        assert client.cookies["parley"] != old
        assert sessions.find(house.record.engine, old, now=house.clock.now()) is None
        done = client.post(asked.page, data=form_of(client.get("/me/kept").text))
        assert done.status_code == 303
        assert "recorded" in done.headers["location"]


def test_a_decision_on_several_cases_at_once_asks_for_it_too(front: Front) -> None:
    telephone_of(front.house, "claire")
    with front.client("claire") as client:
        token = form_of(client.get("/cases").text)["form_token"]
        front.house.clock.advance(minutes=11)
        form = {"form_token": token, "request_key": "k", "case": f"{SCREENING} 1", "text": "Yes"}
        answer = client.post("/bulk/cases/decide", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, AGAIN)


def test_a_decision_within_ten_minutes_of_the_proof_is_taken_at_once(asked: Asking) -> None:
    telephone_of(asked.house, ASKED)
    with asked.front.client(ASKED) as client:
        asked.house.clock.advance(minutes=9)
        done = client.post(asked.page, data=decided(client.get(asked.page).text))
        assert "recorded" in done.headers["location"]


def test_a_decision_over_the_api_is_refused_without_a_fresh_proof(asked: Asking) -> None:
    telephone_of(asked.house, ASKED)
    with asked.front.program(ASKED) as program:
        agreed = {"inputs": {"proposal": asked.item_id}, "expected_version": None}
        asked.house.clock.advance(minutes=11)
        answer = program.post(
            f"/api/cases/{asked.case_id}/acts/agree", json=agreed, headers={"idempotency-key": "agreed-once"}
        )
    assert answer.status_code == 403
    assert "fresh proof" in answer.json()["detail"]
    assert asked.state == "open"


@pytest.fixture
def lax(house: House) -> Iterator[Front]:
    """Yield a desk that asks for no fresh proof of anything."""
    with desk_with(house, fresh_proof_for=()) as front:
        yield front


def test_what_asks_for_a_fresh_proof_is_in_the_settings(lax: Front) -> None:
    give_password(lax.house)
    with lax.client("claire") as client:
        lax.house.clock.advance(minutes=11)
        assert client.get("/me/sign-in/password").status_code == 200


def test_a_change_of_ones_ways_in_asks_for_what_one_has(front: Front) -> None:
    give_password(front.house)
    with front.client("claire") as client:
        front.house.clock.advance(minutes=11)
        led = client.get("/me/sign-in/password")
        assert led.headers["location"] == f"{AGAIN}?to=%2Fme%2Fsign-in%2Fpassword"
        assert press(client, AGAIN, on=AGAIN, password="wrong").status_code == 422
        proved = press(client, AGAIN, on=AGAIN, password=PASSWORD, to="/me/sign-in/password")
        assert proved.headers["location"] == "/me/sign-in/password"
        assert client.get("/me/sign-in/password").status_code == 200


def test_a_password_is_no_fresh_proof_of_whoever_has_more(front: Front) -> None:
    give_password(front.house)
    telephone_of(front.house, "claire")
    with front.client("claire") as client:
        front.house.clock.advance(minutes=11)
        assert press(client, AGAIN, on=AGAIN, password=PASSWORD).status_code == 422


def test_taking_a_telephone_off_needs_the_telephone(front: Front) -> None:
    phone = telephone_of(front.house, "claire")
    with front.client("claire") as client:
        front.house.clock.advance(minutes=11)
        assert press(client, "/me/sign-in/totp/remove").headers["location"] == AGAIN
        assert factors.of(front.house.record.engine, "claire").totp
        press(client, AGAIN, on=AGAIN, figures=phone.shows())
        client.post("/me/sign-in/totp/remove", data=form_of(client.get("/me/kept").text))
        assert factors.of(front.house.record.engine, "claire").totp is None


@pytest.mark.parametrize(
    ("who", "page", "address"),
    [
        ("claire", "/me/tokens", "/me/tokens"),
        ("li", "/people/joseph", "/people/joseph/code"),
        ("li", "/people/joseph/change", "/people/joseph/change"),
        ("li", f"{PAGE}/ask", f"{PAGE}/ask"),
    ],
)
def test_what_opens_a_way_in_asks_for_a_fresh_proof(front: Front, who: str, page: str, address: str) -> None:
    telephone_of(front.house, who)
    with front.client(who) as client:
        front.house.clock.advance(minutes=11)
        assert press(client, address, on=page).headers["location"] == AGAIN


def test_a_whole_case_as_pdf_asks_for_a_fresh_proof(front: Front) -> None:
    telephone_of(front.house, "claire")
    with front.client("claire") as client:
        front.house.clock.advance(minutes=11)
        answer = client.get(f"/cases/{SCREENING}/print/file.pdf")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{AGAIN}?to=")
