"""Signing in through a real little OpenID provider: the right account gets in, and nothing that was tampered with."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from cases import identities, sessions
from tests.desk.house import Front, House, form_of
from tests.desk.provider import CLIENT, SECRET, Provider, providing
from tests.desk.signing import desk_with, press, telephone_of

BACK = "/sign-in/provider/back"
DOOR = re.compile(r'<a class="btn" href="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Town:
    """A desk, and the provider that its people may sign in through."""

    front: Front
    provider: Provider

    @property
    def house(self) -> House:
        """The house of the desk."""
        return self.front.house

    def link(self, who: str = "claire", subject: str = "subject-7") -> None:
        """Link an account of the provider to somebody."""
        now = self.house.clock.now()
        identities.link(self.house.record.engine, who, issuer=self.provider.address, subject=subject, now=now)

    def travel(self, client: httpx.Client, start: str = "/sign-in/provider", **form: str) -> dict[str, str]:
        """Go to the provider and sign in there; return the form of the page one comes back to."""
        sent = client.post(start, data=form)
        assert sent.status_code == 200, sent.text
        door = html.unescape(DOOR.findall(sent.text)[0])
        assert f'content="0; url={html.escape(door)}"' in sent.text
        page = client.get(BACK, params=self.provider.visit(door))
        return form_of(page.text)


@pytest.fixture
def town(house: House) -> Iterator[Town]:
    """Yield a desk with a provider beside it."""
    with (
        providing(house.clock.now()) as provider,
        desk_with(
            house,
            oidc_issuer=provider.address,
            oidc_client_id=CLIENT,
            oidc_client_secret=SecretStr(SECRET),
            oidc_name="Head office",
        ) as front,
    ):
        yield Town(front, provider)


def test_a_linked_account_signs_in_and_an_address_never_does(town: Town) -> None:
    with town.front.client() as client:
        assert "Sign in through Head office" in client.get("/sign-in").text
        unlinked = client.post(BACK, data=town.travel(client, to="/cases"))
        assert unlinked.status_code == 422
        assert "not linked to anybody here" in unlinked.text
        assert client.get("/").status_code == 401
        town.link()
        answer = client.post(BACK, data=town.travel(client, to="/cases"))
        assert answer.headers["location"] == "/cases"
        assert "Claire Moreau" in client.get("/").text


def test_coming_back_changes_nothing_until_the_button_is_pressed(town: Town) -> None:
    town.link()
    with town.front.client() as client:
        form = town.travel(client)
        before = town.house.dump()
        assert client.get(BACK, params=form).status_code == 200
        assert town.house.dump() == before


def test_a_trip_ends_once_in_the_browser_that_began_it(town: Town) -> None:
    town.link()
    with town.front.client() as client, town.front.client() as other:
        form = town.travel(client)
        assert other.post(BACK, data=form).status_code == 422
        assert client.post(BACK, data=form).status_code == 303
        assert client.post(BACK, data=form).status_code == 422


@pytest.mark.parametrize(
    "wrong", [{"state": "another"}, {"iss": "https://evil.example"}, {"code": "stolen"}, {"code": ""}]
)
def test_what_does_not_fit_the_trip_is_refused(town: Town, wrong: dict[str, str]) -> None:
    town.link()
    with town.front.client() as client:
        assert client.post(BACK, data={**town.travel(client), **wrong}).status_code == 422
        assert client.get("/").status_code == 401


@pytest.mark.parametrize(
    "changed",
    [
        {"nonce": "another"},
        {"aud": "another client"},
        {"iss": "https://evil.example"},
        {"exp": 1},
        {"aud": [CLIENT, "other"], "azp": "other"},
        {"sub": None},
    ],
)
def test_a_token_for_somebody_else_or_out_of_time_is_refused(town: Town, changed: dict[str, Any]) -> None:
    town.link()
    town.provider.changed = changed
    with town.front.client() as client:
        assert client.post(BACK, data=town.travel(client)).status_code == 422
        assert client.get("/").status_code == 401


def test_a_token_signed_by_another_key_is_refused(town: Town) -> None:
    town.link()
    town.provider.signs_with = RSAKey.generate_key(2048, parameters={"kid": "one"})
    with town.front.client() as client:
        assert client.post(BACK, data=town.travel(client)).status_code == 422


def test_an_account_is_linked_by_its_own_person_after_a_fresh_proof(town: Town) -> None:
    house = town.house
    phone = telephone_of(house, "claire")
    with town.front.client("claire") as client:
        house.clock.advance(minutes=11)
        assert press(client, "/me/sign-in/provider").headers["location"] == "/me/sign-in/again"
        press(client, "/me/sign-in/again", on="/me/sign-in/again", figures=phone.shows())
        token = form_of(client.get("/me/sign-in").text)["form_token"]
        town.provider.now = house.clock.now()
        form = town.travel(client, "/me/sign-in/provider", form_token=token)
        assert client.post(BACK, data=form).headers["location"] == "/me/sign-in?changed=yes"
        assert identities.find(house.record.engine, issuer=town.provider.address, subject="subject-7") == "claire"
    with town.front.client("nadia") as client:
        token = form_of(client.get("/me/sign-in").text)["form_token"]
        taken = client.post(BACK, data=town.travel(client, "/me/sign-in/provider", form_token=token))
        assert "linked already" in taken.text


def test_a_link_begun_by_one_person_is_not_finished_by_another(town: Town) -> None:
    with town.front.client("claire") as client:
        token = form_of(client.get("/me/sign-in").text)["form_token"]
        form = town.travel(client, "/me/sign-in/provider", form_token=token)
        client.post(f"/sign-in/{town.house.link('nadia')}")
        answer = client.post(BACK, data=form)
    assert answer.status_code == 422
    assert identities.find(town.house.record.engine, issuer=town.provider.address, subject="subject-7") is None


def test_whoever_has_a_second_factor_is_asked_for_it_after_the_provider(town: Town) -> None:
    town.link()
    phone = telephone_of(town.house, "claire")
    with town.front.client() as client:
        answer = client.post(BACK, data=town.travel(client))
        assert answer.headers["location"] == "/sign-in/second"
        assert client.post("/sign-in/second", data={"figures": phone.shows()}).headers["location"] == "/"


def test_a_fresh_proof_from_the_provider_must_be_fresh(town: Town) -> None:
    town.link()
    with town.front.client("claire") as client:
        for late, status in ((timedelta(minutes=30), 422), (timedelta(), 303)):
            town.provider.changed = {"auth_time": int((town.house.clock.now() - late).timestamp())}
            token = form_of(client.get("/me/sign-in").text)["form_token"]
            form = town.travel(client, "/me/sign-in/again/provider", form_token=token)
            assert client.post(BACK, data=form).status_code == status


def test_a_proof_from_the_provider_takes_no_second_factor_away(town: Town) -> None:
    town.link()
    phone = telephone_of(town.house, "claire")
    with town.front.client() as client:
        client.post(BACK, data=town.travel(client))
        client.post("/sign-in/second", data={"figures": phone.shows()})
        token = form_of(client.get("/me/sign-in").text)["form_token"]
        town.provider.changed = {"auth_time": int(town.house.clock.now().timestamp())}
        client.post(BACK, data=town.travel(client, "/me/sign-in/again/provider", form_token=token))
    [session] = sessions.going(town.house.record.engine, "claire", now=town.house.clock.now())
    assert session.means is sessions.Means.TOTP


def test_a_provider_that_is_away_is_told_in_words(house: House) -> None:
    with desk_with(house, oidc_issuer="http://127.0.0.1:9", oidc_client_id=CLIENT) as front, front.client() as client:
        answer = client.post("/sign-in/provider")
    assert answer.status_code == 422
    assert "cannot be reached" in answer.text


def test_a_desk_without_a_provider_has_no_such_way_in(front: Front) -> None:
    with front.client() as client:
        assert "Sign in through" not in client.get("/sign-in").text
        assert client.post("/sign-in/provider").status_code == 404
