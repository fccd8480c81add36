"""Passkeys in a real browser with a virtual authenticator: made, used to sign in, used as a fresh proof, taken off."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from cases import factors, passkeys
from tests.desk.house import Front, House, form_of, serving
from tests.desk.signing import give_password, press, telephone_of

pytestmark = pytest.mark.browser

MINE = "/me/sign-in"
INTERNAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Yields the system's own Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def named(house: House) -> Iterator[Front]:
    """Yields a desk that is reached by a name, as passkeys need it."""
    with serving(house, named=True) as front:
        yield front


@pytest.fixture
def page(browser: Browser, named: Front) -> Iterator[Page]:
    """Yields a page of a browser with an authenticator, on which Claire signed in by a link."""
    context = browser.new_context(base_url=named.address)
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": INTERNAL})
    page.goto(f"/sign-in/{named.house.link('claire')}")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{named.address}/")
    yield page
    context.close()


def make_passkey(page: Page) -> None:
    page.goto(MINE)
    page.get_by_label("What you call the device").fill("My telephone")
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("button", name="Go on with the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def sign_out(page: Page) -> None:
    page.goto("/")
    page.get_by_role("button", name="Sign out").click()


def use_passkey(page: Page) -> None:
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Go on with the passkey").click()


def test_a_passkey_alone_signs_its_person_in(page: Page, named: Front) -> None:
    make_passkey(page)
    page.goto(MINE)
    expect(page.get_by_text("My telephone", exact=True)).to_be_visible()
    sign_out(page)
    use_passkey(page)
    page.wait_for_url(f"{named.address}/")
    expect(page.get_by_role("heading", name="My desk")).to_be_visible()
    [key] = factors.of(named.house.record.engine, "claire").passkeys
    assert key.used_at is not None


def test_a_passkey_is_a_fresh_proof_and_takes_one_to_where_one_was_going(page: Page, named: Front) -> None:
    make_passkey(page)
    named.house.clock.advance(minutes=11)
    page.goto(f"{MINE}/password")
    expect(page.get_by_role("heading", name="Prove once more who you are")).to_be_visible()
    use_passkey(page)
    expect(page.get_by_role("heading", name="My password")).to_be_visible()


def test_a_passkey_that_was_taken_off_signs_nobody_in(page: Page, named: Front) -> None:
    make_passkey(page)
    page.goto(MINE)
    page.get_by_role("button", name=re.compile("Remove it.*My telephone")).click()
    expect(page.get_by_text("My telephone", exact=True)).to_have_count(0)
    sign_out(page)
    use_passkey(page)
    expect(page.get_by_role("alert")).to_contain_text("not one of ours any more")
    assert factors.of(named.house.record.engine, "claire").passkeys == ()


def test_without_scripts_the_page_says_what_to_do_instead(browser: Browser, named: Front) -> None:
    context = browser.new_context(base_url=named.address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("needs a script in your browser")).to_be_visible()
    expect(page.get_by_role("button", name="Go on with the passkey")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("sent", ["", "{}", "[]", '{"id": "unknown"}', '{"id": 7}', "[" * 5000, "null", '"id"'])
def test_what_no_authenticator_signed_gets_nobody_in(named: Front, sent: str) -> None:
    with named.client() as client:
        client.post("/sign-in/passkey")
        answer = client.post("/sign-in/passkey/proof", data={"credential": sent})
        assert answer.status_code == 422
        assert client.get("/").status_code == 401


def test_a_passkey_that_is_on_file_needs_its_own_signature(named: Front) -> None:
    house = named.house
    key = passkeys.KeptKey(id="a2V5", person_id="claire", name="Key", public_key="a2V5", sign_count=0)
    passkeys.keep(house.record.engine, key, now=house.clock.now())
    forged = {"id": "a2V5", "rawId": "a2V5", "type": "public-key", "response": {"clientDataJSON": "e30"}}
    with named.client() as client:
        client.post("/sign-in/passkey")
        answer = client.post("/sign-in/passkey/proof", data={"credential": json.dumps(forged)})
    assert answer.status_code == 422


def test_a_desk_that_is_reached_by_a_number_says_that_it_has_no_passkeys(front: Front) -> None:
    with front.client("claire") as client:
        assert "Use a passkey" not in client.get("/sign-in").text
        assert "only for a desk that is reached over https by a name" in client.get(MINE).text


def test_a_challenge_of_one_browser_is_of_no_use_in_another(named: Front) -> None:
    with named.client() as client:
        assert client.post("/sign-in/passkey/proof", data={"credential": "{}"}).status_code == 422


def test_whoever_has_a_passkey_alone_is_not_asked_for_figures(named: Front) -> None:
    house = named.house
    give_password(house)
    key = passkeys.KeptKey(id="a2V5", person_id="claire", name="Key", public_key="a2V5", sign_count=0)
    passkeys.keep(house.record.engine, key, now=house.clock.now())
    with named.client() as client:
        form = {"email": "claire@office.example", "password": "seven herds drink before eight"}
        client.post("/sign-in", data=form)
        asked = client.get("/sign-in/second").text
    assert "Use a passkey" in asked
    assert "six figures" not in asked


def test_a_telephone_is_changed_for_another_without_losing_the_old_one_meanwhile(named: Front) -> None:
    house = named.house
    phone = telephone_of(house, "claire")
    give_password(house)
    with named.client() as client:
        form = {"email": "claire@office.example", "password": "seven herds drink before eight"}
        client.post("/sign-in", data=form)
        client.post("/sign-in/second", data={"figures": phone.shows()})
        press(client, f"{MINE}/totp")
        assert "Six figures" in client.get(f"{MINE}/totp").text
        client.post("/sign-out", data=form_of(client.get(MINE).text))
        house.clock.advance(minutes=1)
        client.post("/sign-in", data=form)
        assert client.post("/sign-in/second", data={"figures": phone.shows()}).status_code == 303
