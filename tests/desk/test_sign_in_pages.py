"""Signing in at the desk: passwords, second factors, links by mail, limits, and what strangers learn of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest

from cases import personal_codes, sessions, sign_in
from cases.people import Audience, Person
from cases.sessions import Means
from desk import password_rules
from tests.desk.house import Front, House, form_of
from tests.desk.signing import (
    EMAIL,
    PASSWORD,
    desk_with,
    give_codes,
    give_password,
    press,
    telephone_of,
    with_password,
)

SCREENING = "D-2026-0002"
TOGETHER = "do not belong together"


@pytest.fixture
def strict(house: House) -> Iterator[Front]:
    """Yield a desk that requires a second factor."""
    with desk_with(house, second_factor_required=True) as front:
        yield front


def test_an_address_and_its_password_open_a_session(front: Front) -> None:
    give_password(front.house)
    with front.client() as client:
        answer = with_password(client, to="/cases?words=wells")
        assert (answer.status_code, answer.headers["location"]) == (303, "/cases?words=wells")
        assert "Claire Moreau" in client.get("/").text


@pytest.mark.parametrize("email", [EMAIL, "nobody@office.example", "", "not an address", "nadia@office.example"])
def test_known_and_unknown_addresses_are_told_the_same(front: Front, email: str) -> None:
    give_password(front.house)
    with front.client() as client:
        answer = with_password(client, email=email, password="a wrong one of many signs")
    assert answer.status_code == 422
    assert TOGETHER in answer.text
    assert "set-cookie" not in answer.headers
    assert answer.text.replace(email or "\0", "") == _told_to_a_stranger(front)


def _told_to_a_stranger(front: Front) -> str:
    with front.client() as client:
        answer = with_password(client, email="someone@else.example", password="a wrong one of many signs")
    return answer.text.replace("someone@else.example", "")


def test_people_of_the_portal_and_who_left_do_not_get_in_by_a_password(front: Front) -> None:
    give_password(front.house)
    known = front.house.directory
    with front.client() as client:
        known.change(_at_portal(front))
        assert with_password(client).status_code == 422
    known.leave("claire", now=front.house.clock.now())
    with front.client() as client:
        assert with_password(client).status_code == 422


def _at_portal(front: Front) -> Person:
    return replace(front.house.directory.person("claire"), audience=Audience.PORTAL)


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "/\nx"])
def test_nobody_is_led_to_another_site(front: Front, to: str) -> None:
    give_password(front.house)
    with front.client() as client:
        assert with_password(client, to=to).headers["location"] == "/"


def test_whoever_has_a_second_factor_is_asked_for_it(front: Front) -> None:
    give_password(front.house)
    phone = telephone_of(front.house, "claire")
    with front.client() as client:
        assert with_password(client, to="/cases").headers["location"] == "/sign-in/second"
        assert client.get("/").status_code == 401
        assert "six figures" in client.get("/sign-in/second").text
        wrong = client.post("/sign-in/second", data={"figures": "000000"})
        assert wrong.status_code == 422
        answer = client.post("/sign-in/second", data={"figures": phone.shows()})
        assert answer.headers["location"] == "/cases"
        assert client.get("/").status_code == 200


def test_one_value_of_the_telephone_signs_in_once(front: Front) -> None:
    give_password(front.house)
    phone = telephone_of(front.house, "claire")
    shown = phone.shows()
    for expected in (303, 422):
        with front.client() as client:
            with_password(client)
            assert client.post("/sign-in/second", data={"figures": shown}).status_code == expected


@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (-30, 303), (0, 303), (30, 303), (60, 422)])
def test_the_clock_of_a_telephone_may_be_off_by_one_step(front: Front, seconds: int, status: int) -> None:
    give_password(front.house)
    phone = telephone_of(front.house, "claire")
    with front.client() as client:
        with_password(client)
        figures = phone.shows(later=timedelta(seconds=seconds))
        assert client.post("/sign-in/second", data={"figures": figures}).status_code == status


def test_figures_are_read_in_any_script(front: Front) -> None:
    give_password(front.house)
    phone = telephone_of(front.house, "claire")
    eastern = phone.shows().translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    with front.client() as client:
        with_password(client)
        assert client.post("/sign-in/second", data={"figures": f"{eastern[:3]} {eastern[3:]}"}).status_code == 303


def test_a_second_factor_has_five_tries_and_ten_minutes(front: Front) -> None:
    give_password(front.house)
    phone = telephone_of(front.house, "claire")
    with front.client() as client:
        with_password(client)
        for _ in range(5):
            front.house.clock.advance(seconds=61)
            assert client.post("/sign-in/second", data={"figures": "000000"}).status_code == 422
        front.house.clock.advance(seconds=61)
        spent = client.post("/sign-in/second", data={"figures": phone.shows()})
        assert spent.status_code == 422
        assert "begin once more" in spent.text
    with front.client() as client:
        with_password(client)
        front.house.clock.advance(minutes=10)
        assert "begin once more" in client.post("/sign-in/second", data={"figures": phone.shows()}).text
        assert client.get("/").status_code == 401


def test_a_recovery_code_stands_in_for_the_telephone_once(front: Front) -> None:
    give_password(front.house)
    telephone_of(front.house, "claire")
    code = give_codes(front.house, "claire")[0]
    for expected in (303, 422):
        with front.client() as client:
            with_password(client)
            assert client.post("/sign-in/second", data={"recovery": code.upper()}).status_code == expected


def test_a_link_leads_to_the_second_factor_as_well(front: Front) -> None:
    phone = telephone_of(front.house, "claire")
    with front.client() as client:
        answer = client.post(f"/sign-in/{front.house.link('claire')}")
        assert answer.headers["location"] == "/sign-in/second"
        assert client.get("/").status_code == 401
        client.post("/sign-in/second", data={"figures": phone.shows()})
        assert client.get("/").status_code == 200


def test_where_a_second_factor_is_required_nothing_opens_until_it_is_set_up(strict: Front) -> None:
    with strict.client() as client:
        client.post(f"/sign-in/{strict.house.link('claire')}")
        for path in ("/", "/cases", f"/cases/{SCREENING}", "/me/absence"):
            answer = client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (303, "/me/sign-in")
        assert client.get("/api/cases").status_code == 403
        assert "asks everybody for a second factor" in client.get("/me/sign-in").text
        token = client.cookies["parley"]
    with strict.client() as client:
        assert client.get("/api/cases", headers={"authorization": f"Bearer {token}"}).status_code == 403


def test_setting_up_a_telephone_opens_the_desk_shows_codes_once_and_ends_other_sessions(strict: Front) -> None:
    house = strict.house
    with strict.client() as client, strict.client("claire") as other:
        client.post(f"/sign-in/{house.link('claire')}")
        old = client.cookies["parley"]
        assert press(client, "/me/sign-in/totp").headers["location"] == "/me/sign-in/totp"
        shown = client.get("/me/sign-in/totp").text
        assert "<svg" in shown
        secret = re.findall(r'class="code" dir="ltr">([A-Z2-7 ]+)<', shown)[0].replace(" ", "")
        assert secret not in "".join(house.dump())
        wrong = press(client, "/me/sign-in/totp/confirm", on="/me/sign-in/totp", figures="000000")
        assert wrong.status_code == 422
        figures = pyotp.TOTP(secret).at(house.clock.now())
        codes = press(client, "/me/sign-in/totp/confirm", on="/me/sign-in/totp", figures=figures)
        assert codes.status_code == 200
        assert len(re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){5}", codes.text)) == 8
        assert client.cookies["parley"] != old
        assert client.get("/").status_code == 200
        assert other.get("/").status_code == 401
        assert client.post("/sign-out", data=form_of(codes.text)).status_code == 303


def ask_for_link(house: House, email: str) -> str:
    """Asks for a link at a desk that then closes, so that whatever it does after its answer is done."""
    with desk_with(house) as front, front.client() as client:
        answer = client.post("/sign-in/by-mail", data={"email": email})
    assert answer.status_code == 200
    return answer.text


def rows(house: House, table: str) -> list[str]:
    return [line for line in house.dump() if f'INTO "{table}"' in line]


def test_a_mailed_link_is_promised_to_everybody_and_sent_to_those_on_file(house: House) -> None:
    before = len(rows(house, "links")), len(rows(house, "messages"))
    assert ask_for_link(house, EMAIL) == ask_for_link(house, "x@else.example")
    assert (len(rows(house, "links")), len(rows(house, "messages"))) == (before[0] + 1, before[1] + 1)
    assert EMAIL in rows(house, "messages")[-1]


def test_a_second_link_is_not_mailed_within_two_minutes(house: House) -> None:
    before = len(rows(house, "links"))
    for _ in range(2):
        ask_for_link(house, EMAIL)
    assert len(rows(house, "links")) == before + 1
    house.clock.advance(minutes=3)
    ask_for_link(house, EMAIL)
    assert len(rows(house, "links")) == before + 2


def test_wrong_tries_wait_longer_and_longer_and_the_right_password_gets_in_after_the_wait(front: Front) -> None:
    give_password(front.house)
    with front.client() as client:
        for _ in range(3):
            assert with_password(client, password="wrong").status_code == 422
        assert with_password(client).status_code == 429
        front.house.clock.advance(seconds=2)
        assert with_password(client).status_code == 303


def test_wrong_tries_on_one_person_do_not_shut_others_out(front: Front) -> None:
    give_password(front.house, "nadia")
    with front.client() as client:
        for _ in range(4):
            with_password(client, password="wrong")
        assert with_password(client, email="nadia@office.example").status_code == 303


def test_the_limits_are_those_of_the_settings(house: House) -> None:
    with desk_with(house, tries_person=1, tries_origin=2) as front, front.client() as client:
        with_password(client, password="wrong")
        assert with_password(client, password="wrong").status_code == 429
        with_password(client, email="nadia@office.example", password="wrong")
        assert with_password(client, email="li@office.example").status_code == 429


def test_a_session_begins_with_a_new_id_and_says_on_what_it_runs(front: Front) -> None:
    give_password(front.house)
    agent = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    with front.client("claire") as client:
        old = client.cookies["parley"]
        answer = client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}, headers=agent)
        new = re.findall(r"parley=([^;]+)", answer.headers["set-cookie"])[0]
        assert new != old
        client.cookies.clear()
        client.cookies.set("parley", old)
        assert client.get("/").status_code == 401
        client.cookies.clear()
        client.cookies.set("parley", new)
        assert "Firefox on Linux" in client.get("/me/sign-in").text


def test_people_end_their_own_sessions_elsewhere_and_no_others(front: Front) -> None:
    house = front.house
    with front.client("claire") as client, front.client("claire") as other, front.client("nadia") as nadia:
        first = sessions.find(house.record.engine, nadia.cookies["parley"], now=house.clock.now())
        assert first is not None
        press(client, f"/me/sign-in/sessions/{first.id}/end")
        assert nadia.get("/").status_code == 200
        assert press(client, "/me/sign-in/end-others").status_code == 303
        assert other.get("/").status_code == 401
        assert client.get("/").status_code == 200
        assert nadia.get("/").status_code == 200


def test_a_new_password_ends_all_other_sessions(front: Front) -> None:
    with front.client("claire") as client, front.client("claire") as other:
        answer = press(client, "/me/sign-in/password", on="/me/sign-in/password", password=PASSWORD)
        assert answer.status_code == 303
        assert client.get("/").status_code == 200
        assert other.get("/").status_code == 401
    with front.client() as client:
        assert with_password(client).status_code == 303


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("short", "fewer than 15"),
        ("x" * 257, "more than 256"),
        ("claire moreau is at the desk", "name or address"),
        ("passwordpassword", "easily guessed"),
        ("aaaaaaaaaaaaaaaaaaaa", "easily guessed"),
    ],
)
def test_a_password_that_is_easily_found_out_is_refused_with_the_reason(front: Front, typed: str, why: str) -> None:
    with front.client("claire") as client:
        answer = press(client, "/me/sign-in/password", on="/me/sign-in/password", password=typed)
    assert answer.status_code == 422
    assert why in answer.text
    assert typed not in answer.text


def test_a_long_password_of_any_signs_is_taken(front: Front) -> None:
    claire = front.house.directory.person("claire")
    assert password_rules.problem("الأبقار تشرب قبل الثامنة", claire) is None
    assert password_rules.problem(" ".join(["crossing", "lantern", "kettle"] * 10), claire) is None


def test_nothing_of_a_password_is_kept_or_sent_back(front: Front) -> None:
    give_password(front.house)
    with front.client() as client:
        assert PASSWORD not in with_password(client, email="x@else.example").text
    assert PASSWORD not in "".join(front.house.dump())


def test_the_settings_say_how_long_a_session_lasts(house: House) -> None:
    with desk_with(house, session_idle_minutes=5, session_longest_hours=1) as front, front.client() as client:
        client.post(f"/sign-in/{house.link('claire')}")
        for _ in range(14):
            house.clock.advance(minutes=4)
            assert client.get("/").status_code == 200
        house.clock.advance(minutes=4)
        answer = client.get("/cases")
        assert answer.status_code == 401
        assert "signed in for long enough" in answer.text
    with desk_with(house, session_idle_minutes=5) as front, front.client("claire") as client:
        house.clock.advance(minutes=5)
        assert "after 5 minutes" in client.get("/").text


def test_a_personal_code_is_proved_as_before(front: Front) -> None:
    engine = front.house.record.engine
    code = personal_codes.make(engine, "stranger", now=front.house.clock.now())
    assert personal_codes.proves(engine, "stranger", code)
    assert not personal_codes.proves(engine, "stranger", "0000 0000 0000 0000")
    assert not personal_codes.proves(engine, "claire", code)


def test_a_session_says_by_what_means_it_was_opened(front: Front) -> None:
    token = sign_in.use_link(front.house.record.engine, front.house.link("claire"), now=front.house.clock.now())
    found = sessions.find(front.house.record.engine, token, now=front.house.clock.now())
    assert found is not None
    assert found.means is Means.LINK
