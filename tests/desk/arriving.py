"""Mail that came back for the first case of a house: an answer, two that nobody sorts, and a mail that was lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from cases import arrivals, outbox, reachability, tables
from cases.arrivals import Kind, NewArrival, NewFile, State
from cases.outbox import NewMessage
from cases.people import Person
from cases.reachability import Lost
from cases.unit_of_work import unit_of_work
from states.reach import Trouble
from tests.desk.house import House

CASE = "D-2026-0001"
SECRET = "violet anchor"
WHOLE = (
    b"From: Marie <marie@council.example>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nviolet anchor"
    b"\r\n--b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=map.html\r\n\r\n<script>\r\n--b--"
)


@dataclass(frozen=True, slots=True)
class Came:
    """What came: an answer of Marie's, and the task to telephone her."""

    answer: int
    call: int


def mail_to(person: Person) -> NewMessage:
    """Returns a mail that was sent to somebody."""
    return NewMessage(
        person_id=person.id,
        address=person.email,
        kind="action",
        language="en",
        subject="An answer is due",
        message_id="1@desk.example",
        sender="bounce@desk.example",
        content=b"",
    )


def another(house: House) -> int:
    """Takes in one more answer, and returns its id."""
    now = house.clock.now()
    with unit_of_work(house.record.engine) as work:
        case_id = work.execute(select(tables.cases.c.id).where(tables.cases.c.number == CASE)).scalar_one()
        new = NewArrival(key="4", kind=Kind.ANSWER, state=State.TO_SORT, case_id=case_id, person_id="marie")
        return arrivals.keep(work, new, now=now) or 0


def arrive(house: House) -> Came:
    """Takes in an answer, an automatic one and a stranger's mail, and a mail that came back."""
    now = house.clock.now()
    marie = house.directory.person("marie")
    with unit_of_work(house.record.engine) as work:
        case_id = work.execute(select(tables.cases.c.id).where(tables.cases.c.number == CASE)).scalar_one()
        outbox.write(work, [mail_to(marie)], mail="offer_made", now=now, case_id=case_id)
        sent_id = work.execute(select(func.max(tables.messages.c.id))).scalar_one()
        about: dict[str, Any] = {
            "case_id": case_id,
            "person_id": "marie",
            "message_id": sent_id,
            "address": marie.email,
        }
        words: dict[str, Any] = {
            "subject": "Re: An answer is due",
            "words": SECRET,
            "whole": f"{SECRET}\n> An answer is due",
        }
        new = NewArrival(key="1", kind=Kind.ANSWER, state=State.TO_SORT, original=WHOLE, **about, **words)
        file = NewFile(place=1, name="map.html", media_type="text/html", size=8)
        answer = arrivals.keep(work, new, [file], now=now)
        arrivals.keep(work, NewArrival(key="2", kind=Kind.AUTOMATIC, words="I am away.", **about), now=now)
        arrivals.keep(
            work, NewArrival(key="3", kind=Kind.STRANGER, **{**about, "address": "who@where.example"}), now=now
        )
        lost = Lost(
            message_id=sent_id,
            person_id="marie",
            address=marie.email,
            trouble=Trouble.HARD,
            code="5.1.1",
            said="550 5.1.1 no such user",
        )
        reachability.note(work, lost, now=now)
        [call, *_] = reachability.waiting(work, [case_id])
    assert answer
    return Came(answer, call.id)
