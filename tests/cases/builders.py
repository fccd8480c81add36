"""A small real process, and ways to have a service over it with one word for what a test cares about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from cases import database, repository, unit_of_work
from cases.commands import ActOnCase, OpenCase
from cases.people import Directory, Person
from cases.receipts import Receipt
from cases.record import Record
from cases.recording import Recording
from cases.registry import CalendarRegistry, ProcessRegistry
from cases.service import CaseService
from config import load
from config.clock import SimulatedClock
from config.working_time import shipped_calendars
from states.case import Party, Side, evolve
from states.check import Vocabulary
from states.conditions import CONDITIONS
from states.effects import EFFECTS
from states.events import Change, Event
from states.process import Process
from states.roles import Actor

# A Tuesday morning.
START = datetime(2026, 12, 1, 8, tzinfo=UTC)

SOURCE = """\
process: matter
title: A small matter
prefix: M
timezone: Africa/Juba
calendar: always
late_grace: 60 min
stay: {cap: 30 cd, limit: 2}
phases: {work: Work, closed: Closed}
roles:
  convener: {label: Convener, scope: case, reads: [shared, team]}
  representative: {label: Representative, scope: party, reads: [shared, own caucus]}
fields:
  amount: {type: number, label: Amount, initial: 0, required: false}
  seen_on: {type: date, label: Seen on, required: false}
  extended: {type: yes or no, label: The time was extended, required: false, initial: no}
conditions:
  something_is_owed: {says: something is owed, holds: amount > 0}
  it_is_not_extended: {says: the time was not extended, holds: not extended}
clocks: {screening: {U1: 1 h, U2: 8 h, U3: 24 h, U4: 48 h}}
initial: screening
opening_mails: [receipt]
stages:
  screening:
    label: Screening
    phase: work
    duty: convener
    clock: screening
    reminders: [50%]
    silence: {means: The next tier is told., fires: climb}
    then: [{at: 200%, means: Talks begin., fires: begin}]
  talks:
    label: Talks
    phase: work
    duty: representative
    clock: 10 cd
    reminders: [50%]
    silence: {means: The matter is closed., fires: lapse}
  closed: {label: Closed, phase: closed, final: true}
triggers:
  climb: {label: Take it to the next tier, from: [screening, talks], to: unchanged, who: [clock, convener], tier: up,
          mails: [escalation_told]}
  tell: {label: Tell the conveners, from: "*", to: unchanged, who: [clock], mails: [impasse_declared]}
  begin: {label: Begin the talks, from: screening, to: talks, who: [clock, convener], mails: [negotiation_opened]}
  begin_again: {label: Screen again, from: talks, to: screening, who: [convener]}
  owe: {label: Set the amount, from: "*", to: unchanged, who: [convener],
        inputs: {sum: {type: number, label: Sum}, day: {type: date, label: Day, required: false}},
        set: {amount: sum, seen_on: day}}
  extend: {label: Extend, from: "*", to: unchanged, who: [convener], set: {extended: not extended}}
  hurry: {label: Set the urgency, from: [screening, talks], to: unchanged, who: [convener], does: [set_urgency]}
  note: {label: Add a note, from: "*", to: unchanged, who: [representative, convener], does: [add_note],
         zone: chosen}
  offer: {label: Make an offer, from: talks, to: unchanged, who: [representative], does: [make_offer],
          mails: [offer_made]}
  lapse_offer: {label: The offer lapses, from: "*", to: unchanged, who: [clock], does: [lapse_offer]}
  charge: {label: Charge the fee, from: "*", to: unchanged, who: [clock], needs: [something_is_owed],
           mails: [impasse_declared]}
  appoint: {label: Name people, from: "*", to: unchanged, who: [convener], does: [name_person]}
  pause: {label: Pause, from: [screening, talks], to: unchanged, who: [convener], stay: begin,
          inputs: {reason: {type: text, label: Reason}}}
  resume: {label: Go on, from: [screening, talks], to: unchanged, who: [clock, convener], stay: end}
  settle: {label: Settle, from: talks, to: closed, who: [convener], outcome: settled, mails: [case_closed]}
  lapse: {label: Lapse, from: talks, to: closed, who: [clock, convener], outcome: lapsed}
ladder:
  tiers:
    T0: {label: Field, roles: [representative]}
    T1: {label: Area, roles: [convener], clock: 60 cd, duty: convener,
         silence: {means: The conveners hear of it., fires: tell}}
deadlines:
  offer_answer:
    label: Answer to an offer
    scope: item
    of: offer
    states: [open]
    clock: 24 h
    duty: convener
    silence: {means: The offer lapses., fires: lapse_offer}
  fee:
    label: The fee
    scope: case
    starts: [owe]
    stops: [settle]
    clock: 2 cd
    duty: convener
    when: [it_is_not_extended]
    silence: {means: The fee is charged., fires: charge}
mails:
  receipt: {kind: notice, to: [representative, convener]}
  duty_reminder: {kind: action, to: [convener]}
  escalation_told: {kind: notice, to: [convener]}
  negotiation_opened: {kind: action, to: [representative], due: talks}
  offer_made: {kind: action, to: [representative], due: offer_answer}
  impasse_declared: {kind: notice, to: [convener]}
  case_closed: {kind: notice, to: [representative, convener]}
"""

VOCABULARY = Vocabulary(
    conditions=frozenset(CONDITIONS),
    effects=frozenset(EFFECTS),
    templates=load.mail_templates(),
    item_kinds=frozenset({"offer", "obligation"}),
    calendars=frozenset(shipped_calendars()),
    inputs={name: tuple(effect.inputs) for name, effect in EFFECTS.items()},
)

CONVENER = Actor("cora")
REPRESENTATIVE = Actor("amal")
OTHER = Actor("bilal")
PARTIES = (
    Party(id="A", name="Area committee", side=Side.INITIATING, people={"representative": ("amal",)}),
    Party(id="B", name="Base", side=Side.RESPONDING, people={"representative": ("bilal",)}),
)


def load_process(source: str, name: str) -> Process:
    """Reads a definition, as the service does with a stored one."""
    return load.load_text(source, name=name, vocabulary=VOCABULARY)


@cache
def matter() -> Process:
    """Returns the small process."""
    return load_process(SOURCE, "matter.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A service over a database, its clock, and short ways to use them."""

    engine: Engine
    clock: SimulatedClock
    service: CaseService

    def open(self, **changes: Any) -> Receipt:  # noqa: ANN401 - any fields of the command
        """Opens a case; keywords replace what the command would say."""
        command = {
            "process": "matter",
            "title": "The road",
            "actor": CONVENER,
            "key": uuid4().hex,
            "parties": PARTIES,
            "roles": {"convener": ("cora",)},
            "issues": ("Who repairs the road?",),
        }
        asked = OpenCase(**{**command, **changes})
        put_on_file(self.engine, *people_of(asked.parties, asked.roles))
        return self.service.open(asked)

    def act(
        self,
        case_id: str,
        trigger: str,
        inputs: Mapping[str, object] | None = None,
        **changes: Any,  # noqa: ANN401 - any other fields of the command
    ) -> Receipt:
        """Acts as the convener, unless told otherwise."""
        command = {"actor": CONVENER, "key": uuid4().hex, "inputs": inputs or {}}
        return self.service.act(ActOnCase(case_id=case_id, trigger=trigger, **{**command, **changes}))


def desk_on(url: str, *, at: datetime = START) -> Desk:
    """Opens a database with the small process in it, and a service whose clock stands at `at`."""
    engine = database.open_database(url)
    clock = SimulatedClock(at)
    registry = ProcessRegistry(engine, load_process)
    registry.store(matter(), at=at)
    calendars = CalendarRegistry(engine, shipped_calendars())
    service = CaseService(engine, registry=registry, calendars=calendars, clock=clock)
    return Desk(engine=engine, clock=clock, service=service)


def put_on_file(engine: Engine, *people: str) -> None:
    """Puts people on file under their ids, for acts that name them; those who are there already stay as they are."""
    directory = Directory(engine)
    for person in sorted(set(people) - directory.people(people).keys()):
        directory.add(Person(id=person, name=person.title(), email=f"{person}@desk.example"))


def people_of(parties: Iterable[Party], roles: Mapping[str, tuple[str, ...]] | None = None) -> tuple[str, ...]:
    """Lists the people of parties, and of the roles of a case."""
    held = [people for party in parties for people in party.people.values()]
    return tuple(one for people in (*held, *(roles or {}).values()) for one in people)


def happen(record: Record, case_id: str, *changes: Change, by: str, at: datetime, zone: str = "shared") -> None:
    """Records an event with these very changes, whatever the process makes of acts, as “write_agreement”."""
    event = Event(trigger="write_agreement", actor=by, at=at, recorded_at=at, zone=zone, changes=changes)
    with unit_of_work.unit_of_work(record.engine) as connection:
        stored = repository.load(connection, case_id, lock=True)
        process = record.registry.get(stored.case.process)
        pen = Recording(connection=connection, process=process, now=at, calendars=record.calendars)
        pen.moved(stored, evolve(stored.case, event), (event,), inputs={})
