"""What happens in rooms of others changes nothing for who may not read them: two desks that differ by it alone."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.desk import house as houses
from tests.desk.asking import number_to_id
from tests.desk.conftest import Furnished
from tests.desk.house import Front, House

NUMBER = "D-2026-0001"
READERS = ("joseph", "achol", "claire", "stranger")
"""The first party's representative and senior, the convener, a member of the committee: no room of the other side."""
ADDRESSES = (
    "/",
    "/cases",
    f"/cases/{NUMBER}",
    f"/cases/{NUMBER}?everything=yes",
    f"/cases/{NUMBER}/acts/add_note",
    f"/cases/{NUMBER}/acts/accept_offer",
    f"/cases/{NUMBER}/access",
    f"/cases/{NUMBER}/pictures",
    f"/cases/{NUMBER}/papers/file",
    f"/cases/{NUMBER}/service",
    "/search?q=days",
    "/calendar",
    "/mails",
    "/reports",
    "/obligations",
    "/me/views",
    "/api/me/desk",
    "/api/cases",
    f"/api/cases/{NUMBER}",
    f"/api/cases/{NUMBER}/acts",
    f"/api/cases/{NUMBER}/calendar",
    f"/api/cases/{NUMBER}/time",
    f"/api/cases/{NUMBER}/pictures",
    f"/api/cases/{NUMBER}/access",
    f"/api/cases/{NUMBER}/papers/file",
    f"/api/cases/{NUMBER}/service",
    "/api/search?q=days",
    "/api/messages",
    "/api/reports",
    "/api/obligations",
)
_MADE_UP = re.compile(
    r"nonce\.[0-9a-f]+|\b[0-9a-f]{10,64}\b|(?<=request_key\" value=\")[\w-]+|\b[0-9a-f]{4}…[0-9a-f]{4}\b|"
    r"(?<=form_token\" value=\")[\w.-]+"
)


@dataclass(frozen=True, slots=True)
class Twins:
    """Two desks, of which something happened in a room of the second party at one of them."""

    plain: Front
    secret: Front


def alike(text: str) -> str:
    """Put a running number in the place of each made up word, so that the same texts are the same."""
    known: dict[str, str] = {}
    return _MADE_UP.sub(lambda found: known.setdefault(found[0], f"#{len(known)}"), text)


def words(page: str) -> list[str]:
    """Cut a page into what stands between tags and commas, to tell where two differ."""
    return re.split(r"(?<=[>,])|\n", alike(page))


@pytest.fixture(scope="module")
def twins(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    """Yields two desks: at both the same is said before all, at one the other side speaks in its rooms before it."""
    with ExitStack() as stack:
        fronts = []
        for name in ("plain", "secret"):
            house = houses.copy_of(furnished.folder, tmp_path_factory.mktemp(name), now=furnished.now)
            stack.callback(house.record.engine.dispose)
            fronts.append(stack.enter_context(houses.serving(house)))
        twins = Twins(*fronts)
        speak_apart(twins.secret.house)
        for front in fronts:
            speak_before_all(front.house)
        yield twins


def speak_apart(house: House) -> None:
    """Let the second party say something in each of its rooms, and to itself."""
    case_id = number_to_id(house, NUMBER)
    house.act_at_once("marie", case_id, "add_note", text="Two days would do.", zone="caucus:B")
    house.act_at_once("nadia", case_id, "add_note", text="They would take two days.", zone="caucus:B")
    house.act_at_once("marie", case_id, "fill_worksheet", red_lines="Not below two days.")
    house.act_at_once("marie", case_id, "add_note", text="Two days are our limit.", zone="private:B")


def speak_before_all(house: House) -> None:
    """Let the mediator say something to everybody: the convener knows when they were heard of last."""
    case_id = number_to_id(house, NUMBER)
    house.act_at_once("nadia", case_id, "add_note", text="All read of the dry days.", zone="shared")


@pytest.mark.parametrize("who", READERS)
def test_pages_and_answers_are_the_same_letter_by_letter(twins: Twins, who: str) -> None:
    def pages(front: Front) -> Mapping[str, str]:
        with front.client(who) as client:
            answers = {address: client.get(address, follow_redirects=True) for address in ADDRESSES}
        told = {"etag", "content-disposition", "link"}
        return {
            address: "\n".join([str(one.status_code), *(one.headers.get(name, "") for name in told), one.text])
            for address, one in answers.items()
        }

    plain, secret = pages(twins.plain), pages(twins.secret)
    differing = {
        address: list(difflib.unified_diff(words(plain[address]), words(secret[address]), n=0, lineterm=""))
        for address in ADDRESSES
        if alike(plain[address]) != alike(secret[address])
    }
    assert differing == {}, "\n".join(f"{address}: {line}" for address, lines in differing.items() for line in lines)
