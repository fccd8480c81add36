"""A desk on which second factors are required or not, and people who sign in at it as browsers do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pyotp

from cases import factors, passwords, recovery_codes, sealing
from config import settings as config_settings
from tests.desk.house import Front, House, form_of, serving

PASSWORD = "seven herds drink before eight"
EMAIL = "claire@office.example"


@contextmanager
def desk_with(house: House, **chosen: object) -> Iterator[Front]:
    """Serve a house with other settings."""
    with serving(replace(house, settings=house.settings.model_copy(update=chosen))) as front:
        yield front


@dataclass(frozen=True, slots=True)
class Telephone:
    """A telephone with an app for one-time passwords, whose clock is that of the house."""

    house: House
    secret: str

    def shows(self, *, later: timedelta = timedelta()) -> str:
        """Return the figures that it shows now, or a while later."""
        return pyotp.TOTP(self.secret).at(self.house.clock.now() + later)


def telephone_of(house: House, who: str) -> Telephone:
    """Give somebody a telephone with one-time passwords, as if they had set it up."""
    secret, engine = pyotp.random_base32(), house.record.engine
    key = config_settings.secret(house.settings).hex()
    sealed = sealing.seal(key, secret.encode(), purpose=f"totp {who}")
    factors.propose_totp(engine, who, sealed)
    factors.accept_totp(engine, who, sealed, step=0, now=house.clock.now())
    return Telephone(house, secret)


def give_password(house: House, who: str = "claire") -> None:
    """Give somebody a password, as if they had chosen it."""
    passwords.keep(house.record.engine, who, PASSWORD, now=house.clock.now())


def give_codes(house: House, who: str) -> tuple[str, ...]:
    """Give somebody recovery codes."""
    return recovery_codes.make(house.record.engine, who)


def with_password(
    client: httpx.Client, *, email: str = EMAIL, password: str = PASSWORD, to: str = "/"
) -> httpx.Response:
    """Send the form of the door."""
    return client.post("/sign-in", data={"email": email, "password": password, "to": to})


def press(client: httpx.Client, address: str, *, on: str = "/me/sign-in", **typed: str) -> httpx.Response:
    """Press a button of a page, with what was typed."""
    token = form_of(client.get(on).text)["form_token"]
    return client.post(address, data={**typed, "form_token": token})
