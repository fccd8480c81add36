"""Every page of the desk, found by following links as people do, on a desk that holds the demonstration cases."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cases.people import Directory, Person
from cases.record import open_record
from config.clock import SimulatedClock
from config.settings import Settings
from desk import demo
from notifications.from_settings import letterhead
from notifications.office import file_store
from tests.desk.house import Front, House

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
"""A Monday morning."""
ADMINISTRATOR = "page_admin"
WHO = (demo.HOST, "s1_samuel", "s2_anne", "s4_akech", "s4_tariq", ADMINISTRATOR)
"""A convener, a mediator, a senior, representatives with and without an account, an administrator without a case."""

NOBODY = ""
"""Somebody who is not signed in."""
NOWHERE = "/nothing-here"
_DOORS = ("/sign-in", "/sign-in/by-mail", "/p/sign-in", NOWHERE)
_LINK = re.compile(r'href="(/[^"#]*)')
_LEFT_OUT = re.compile(
    r"^/(static|api|feeds)/|\.(pdf|svg|ics|csv|eml|zip)\b|/documents/|/picture\b|/heartbeat$|^/p/exit$"
)
_PARTS = (
    (re.compile(r"\?.*"), ""),
    (re.compile(r"^/(people|organisations|calendars|processes|retention)/(?!new\b|change\b)\w+"), r"/\1/{name}"),
    (re.compile(r"[A-Z]-\d{4}-\d{4}"), "{case}"),
    (re.compile(r"/acts/\w+"), "/acts/{act}"),
    (re.compile(r"(?<=/)(?=[\w-]*\d)[\w-]{6,}"), "{id}"),
    (re.compile(r"(?<=/mail-texts/)\w+"), "{mail}"),
    (re.compile(r"(?<=/mail-texts/\{mail\}/)\w+"), "{language}"),
    (re.compile(r"(?<=/)\d+"), "{number}"),
)
_OF_EACH_KIND = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page somebody came to: its kind, which is the address without what is particular, its address and its text."""

    who: str
    kind: str
    address: str
    status: int
    text: str


def demonstration(folder: Path, *files: Path) -> House:
    """Open a record in a folder with every demonstration case, or some, as it stands on a fixed Monday morning."""
    clock = SimulatedClock(NOW)
    settings = Settings(
        data_folder=folder,
        mail_from_name="Parley demonstration",
        telephone="+211 000 000",
        second_factor_required=False,
    )
    record = open_record(settings.database, now=NOW, files=file_store(settings))
    demo.load_demo(record, letterhead(settings), now=NOW, files=files)
    directory = Directory(record.engine)
    directory.add(
        Person(id=ADMINISTRATOR, name="Page Admin", email="page.admin@desk.example", offices=("administrator",))
    )
    return House(record=record, service=record.service(clock), directory=directory, clock=clock, settings=settings)


def all_speak(house: House, language: str) -> None:
    """Let everybody who looks at the pages read a language."""
    for who in WHO:
        house.directory.change(replace(house.directory.person(who), language=language))


def doors(front: Front) -> Iterator[Found]:
    """Yield the pages of those who are not signed in."""
    with front.client() as client:
        for address in _DOORS:
            answer = client.get(address)
            yield Found(who=NOBODY, kind=address, address=address, status=answer.status_code, text=answer.text)


def walk(front: Front, who: str) -> Iterator[Found]:
    """Yield a few pages of each kind that somebody reaches from their own desk."""
    met: Counter[str] = Counter()
    home = front.house.home(who)
    waiting, known = deque([home]), {home}
    with front.client(who) as client:
        while waiting:
            address = waiting.popleft()
            kind = kind_of(address)
            if met[kind] >= _OF_EACH_KIND:
                continue
            answer = client.get(address, follow_redirects=True)
            if not answer.headers["content-type"].startswith("text/html"):
                continue
            met[kind] += 1
            yield Found(who=who, kind=kind, address=address, status=answer.status_code, text=answer.text)
            links = dict.fromkeys(link.replace("&amp;", "&") for link in _LINK.findall(answer.text))
            further = [link for link in links if link not in known and not _LEFT_OUT.search(link)]
            known.update(further)
            waiting.extend(further)


def kind_of(address: str) -> str:
    """Leave out of an address what is particular to one case, person or act."""
    for particular, name in _PARTS:
        address = particular.sub(name, address)
    return address
