"""A case with a marker in every zone, made through the service, and everybody who may look at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import uuid4

from cases import notifying, queries
from cases.commands import ActOnCase, OpenCase
from cases.outbox import NewMessage
from cases.people import Directory, Person
from cases.queries import Viewer
from cases.record import Record, open_record
from cases.service import CaseService
from config import load, vocabulary
from config.clock import SimulatedClock
from states.case import Party, Side
from states.process import Process
from states.roles import Actor
from tests.stores import CSV, store_in

START = datetime(2026, 12, 1, 8, tzinfo=UTC)

# The standard process, where the mediator may put anything into any zone.
_SOURCE = """\
extends: dispute
process: watched
title: A dispute with open shelves
prefix: W
calendar: always
fields:
  known_to_team: {type: text, label: Known to the team, zone: team, required: false}
  known_to_seniors: {type: text, label: Known to the seniors, zone: seniors, required: false}
triggers:
  tell_team: {label: Tell the team, from: "*", to: unchanged, who: [mediator], zone: team,
              inputs: {said: {type: text, label: What}}, set: {known_to_team: said}}
  tell_seniors: {label: Tell the seniors, from: "*", to: unchanged, who: [mediator], zone: seniors,
                 inputs: {said: {type: text, label: What}}, set: {known_to_seniors: said}}
  put_note: {label: Put a note, from: "*", to: unchanged, who: [mediator], does: [add_note], zone: chosen}
  put_document: {label: Put a document, from: "*", to: unchanged, who: [mediator], does: [add_document], zone: chosen}
  put_offer: {label: Put an offer, from: "*", to: unchanged, who: [mediator], does: [make_offer], zone: chosen,
              mails: [offer_made]}
  put_cause: {label: Put a cause, from: "*", to: unchanged, who: [mediator], does: [record_cause], zone: chosen}
"""

KINDS = ("note", "document", "offer", "cause")
ZONES = ("shared", "team", "seniors", "caucus:A", "caucus:B")
READS: Mapping[str, frozenset[str]] = {
    "mo": frozenset(ZONES),
    "cora": frozenset({"shared", "team", "seniors"}),
    "jo": frozenset({"shared", "seniors"}),
    "amal": frozenset({"shared", "caucus:A"}),
    "bilal": frozenset({"shared", "caucus:B"}),
    "ann": frozenset({"shared", "seniors"}),
    "sami": frozenset({"shared", "seniors"}),
}
STRANGERS: Mapping[str, tuple[str, ...]] = {"zoe": (), "rita": ("registry",), "ada": ("administrator",)}
PARTIES = (
    Party(
        id="A",
        name="Area committee",
        side=Side.INITIATING,
        people={"representative": ("amal",), "area_manager": ("ann",), "senior_representative": ("sami",)},
    ),
    Party(
        id="B",
        name="Base",
        side=Side.RESPONDING,
        people={"representative": ("bilal",), "senior_representative": ("sol",)},
    ),
)
ROLES = {"convener": ("cora",), "mediator": ("mo",), "committee": ("jo",)}


def marker(kind: str, zone: str) -> str:
    """Returns the words that give away that a thing in a zone was read."""
    return f"canary-{kind}-{zone.replace(':', '-')}"


def viewer(person: str) -> Viewer:
    """Returns somebody who looks."""
    return Viewer(Actor(person, frozenset(STRANGERS.get(person, ()))))


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A record with people, a clock and a service."""

    record: Record
    clock: SimulatedClock
    service: CaseService
    directory: Directory

    def open(self, title: str = "The road", *, process: str = "watched", by: str = "cora") -> str:
        """Opens a case and returns its id."""
        command = OpenCase(
            process=process,
            title=title,
            actor=Actor(by, frozenset({"registry"})),
            key=uuid4().hex,
            parties=PARTIES,
            roles=ROLES,
            issues=("Who repairs the road?",),
        )
        return self.service.open(command).case_id

    def filed(self, title: str = "The road") -> str:
        """Opens a case and submits its notice, so that the other party may read it too."""
        case_id = self.open(title)
        self.act(case_id, "submit", by="amal")
        return case_id

    def act(self, case_id: str, trigger: str, *, by: str = "cora", **inputs: object) -> None:
        """Acts on a case."""
        self.service.act(ActOnCase(case_id=case_id, trigger=trigger, actor=Actor(by), key=uuid4().hex, inputs=inputs))

    def send_everything(self, *, content: str = "") -> None:
        """Turns every notification into one message to each representative, with its occasion as subject."""
        for notice in notifying.claim(self.record.engine, now=self.clock.now(), owner="test"):
            mails = [_mail(notice, person, content) for person in ("amal", "bilal")]
            notifying.expand(self.record.engine, notice, mails, now=self.clock.now())


def house_on(url: str, folder: Path | None = None) -> House:
    """Opens a record with everybody on file; without a folder it keeps no files."""
    files = store_in(folder) if folder else None
    record, clock = open_record(url, now=START, files=files), SimulatedClock(START)
    record.registry.store(watched(), at=START)
    directory = Directory(record.engine)
    for person in (*READS, *STRANGERS, "sol"):
        offices = STRANGERS.get(person, ())
        directory.add(Person(id=person, name=person.title(), email=f"{person}@example.org", offices=offices))
    return House(record=record, clock=clock, service=record.service(clock), directory=directory)


@cache
def watched() -> Process:
    """Returns the standard process with open shelves."""
    return load.load_text(_SOURCE, name="watched.yaml", vocabulary=vocabulary.shipped())


def fill(house: House) -> str:
    """Opens a case with a marker of every kind in every zone, and returns its id."""
    case_id = house.filed()
    issue = _issue(house, case_id)
    for zone in ZONES:
        text = {kind: marker(kind, zone) for kind in KINDS}
        house.act(case_id, "put_note", by="mo", zone=zone, text=text["note"])
        file = house.record.files.add([CSV], f"{text['document']}.csv", by="mo", now=house.clock.now())
        house.act(case_id, "put_document", by="mo", zone=zone, file=str(file), shows=text["document"])
        house.act(case_id, "put_offer", by="mo", zone=zone, text=text["offer"])
        cause = {"issue": issue, "statement": text["cause"], "family": "data", "whys": text["cause"], "source": "x"}
        house.act(case_id, "put_cause", by="mo", zone=zone, **cause)
    return case_id


def fill_fields(house: House) -> str:
    """Opens a case with a marker in a field of each zone that fields may lie in, and returns its id."""
    case_id = house.filed()
    for zone in ("team", "seniors"):
        house.act(case_id, f"tell_{zone}", by="mo", said=marker("field", zone))
    return case_id


def _issue(house: House, case_id: str) -> str:
    _, case = queries.case_for(house.record, viewer("cora"), case_id)
    return case.items[0].id


def _mail(notice: notifying.Notification, person: str, content: str) -> NewMessage:
    return NewMessage(
        person_id=person,
        address=f"{person}@example.org",
        kind="notice",
        language="en",
        subject=f"About {notice.mail}",
        message_id=f"{notice.id}.{person}@example.org",
        sender="parley@example.org",
        content=content.encode() or b"words",
    )
