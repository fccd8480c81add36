"""People of parties who come in by the portal, for the tests of the desk."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace

import httpx

from cases import personal_codes
from cases.people import Audience
from tests.desk.house import Front, House, form_of

SESSIONS = "D-2026-0001"
CASE = f"/p/cases/{SESSIONS}"
_ANSWER = re.compile(r'href="(/p/cases/[^"]*/answer/[^"]*)"')


def at_portal(house: House, who: str) -> None:
    """Let somebody come in by the portal from now on."""
    house.directory.change(replace(house.directory.person(who), audience=Audience.PORTAL))


def speaks(house: House, who: str, language: str) -> None:
    """Let somebody read another language from now on."""
    house.directory.change(replace(house.directory.person(who), language=language))


@dataclass(frozen=True, slots=True)
class Papers:
    """What somebody was given on paper."""

    reference: str
    code: str


def papers(house: House, who: str) -> Papers:
    """Make a code, and return it with its reference."""
    code = personal_codes.make(house.record.engine, who, now=house.clock.now())
    return Papers(personal_codes.reference(house.record.engine, who), code)


def client(front: Front, who: str) -> httpx.Client:
    """Return a browser-like client of somebody who is signed in at the portal."""
    at_portal(front.house, who)
    return front.client(who)


def words(page: str) -> str:
    """Return the text of a page without its marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2])).split())


def answer_page(inside: httpx.Client) -> str:
    """Return the address of the page on which the case asks for an answer."""
    return str(_ANSWER.findall(inside.get(CASE).text)[0])


def read_back(inside: httpx.Client, choice: str, **said: str) -> httpx.Response:
    """Choose an answer to what is asked, up to the page that reads it back."""
    address = answer_page(inside)
    form = {"form_token": form_of(inside.get(address).text)["form_token"], "choice": choice}
    return inside.post(address, data={**form, **{f"{choice}.{name}": text for name, text in said.items()}})


def confirm(inside: httpx.Client, checked: httpx.Response) -> httpx.Response:
    """Confirm what was read back."""
    address = re.findall(r'<form method="post" action="(/p/[^"]+)"', checked.text)[-1]
    return inside.post(address, data=form_of(checked.text))
