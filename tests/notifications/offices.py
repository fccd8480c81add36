"""A small office with a real database: people, one dispute of the standard process, a mail room, a clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

from cases import timers
from cases.commands import ActOnCase, OpenCase
from cases.files import FileStore
from cases.people import Directory, Organisation, Person
from cases.record import Record, open_record
from cases.service import CaseService
from config.clock import SimulatedClock
from notifications import mailroom
from notifications.compose import Letterhead
from notifications.mailroom import Counts, Mailroom
from notifications.transport import MemoryTransport, Transport
from notifications.when import AT_ONCE, Customs
from states.case import Party, Side
from states.process import Urgency

# A Tuesday morning in Juba.
START = datetime(2026, 12, 1, 7, tzinfo=UTC)

LETTERHEAD = Letterhead(
    desk="Dispute desk",
    address="desk@desk.example",
    reply_to="team@desk.example",
    sender="desk@desk.example",
    domain="desk.example",
    base_url="https://desk.example",
    secret=b"a secret of the desk",
    telephone="+211 912 000 000",
)
PEOPLE = {
    "cora": ("Cora Convener", "UTC"),
    "musa": ("Musa Mediator", "Africa/Juba"),
    "amal": ("Amal Ayen", "Africa/Juba"),
    "bilal": ("Bilal Bol", "Asia/Kathmandu"),
    "sara": ("Sara Senior", "Africa/Juba"),
    "saul": ("Saul Senior", "Africa/Juba"),
    "alma": ("Alma Area", "Africa/Juba"),
    "arif": ("Arif Area", "Africa/Juba"),
    "outis": ("Outis Outside", "UTC"),
}
PARTIES = (
    Party(
        id="A",
        name="Health Committee",
        side=Side.INITIATING,
        people={"representative": ("amal",), "senior_representative": ("sara",), "area_manager": ("alma",)},
    ),
    Party(
        id="B",
        name="Roads Agency",
        side=Side.RESPONDING,
        people={"representative": ("bilal",), "senior_representative": ("saul",), "area_manager": ("arif",)},
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The office; `case_id` is its one case, just submitted, and `memory` keeps what the mail room sends."""

    record: Record
    clock: SimulatedClock
    directory: Directory
    service: CaseService
    room: Mailroom
    memory: MemoryTransport
    case_id: str

    def act(self, who: str, trigger: str, **inputs: object) -> None:
        """Lets somebody act on the case."""
        command = ActOnCase(
            case_id=self.case_id,
            trigger=trigger,
            actor=self.directory.actor(who),
            key=uuid4().hex,
            inputs=inputs,
        )
        self.service.act(command)

    def wait(self, **span: float) -> None:
        """Lets time pass, and the clock do what falls due."""
        self.clock.advance(**span)
        timers.fire_due_timers(self.service, owner="test")

    def admitted(self) -> None:
        """Lets the notice be answered and the case be admitted by silence, and forgets every mail until then."""
        self.act("amal", "give_account", text="The road is shut.")
        self.act("bilal", "answer_notice", text="The road is ours.")
        self.wait(days=2)
        self.deliver()
        self.memory.sent.clear()

    def deliver(self, transport: Callable[[], Transport] | None = None) -> Counts:
        """Lets the mail room do one beat."""
        room = replace(self.room, transport=transport) if transport else self.room
        return mailroom.deliver_due(room, owner="test")

    def mails(self) -> list[EmailMessage]:
        """Returns what was sent, in order."""
        return [message_from_bytes(one.content, policy=policy.default) for one in self.memory.sent]

    def told(self) -> set[str]:
        """Returns the addresses that anything was sent to, up to the @."""
        return {one.recipient.partition("@")[0] for one in self.memory.sent}


def an_office(
    url: str,
    *,
    folders: tuple[Path, ...] = (),
    files: FileStore | None = None,
    customs: Customs = AT_ONCE,
    **changes: Any,  # noqa: ANN401 - a command's fields
) -> Office:
    """Opens an empty database and puts people and a submitted case into it; `folders` hold further processes."""
    clock = SimulatedClock(START)
    record = open_record(url, now=START, process_folders=folders, files=files)
    directory, memory = Directory(record.engine), MemoryTransport()
    directory.add_organisation(Organisation(id="un", name="Mission", timezone="Africa/Juba"))
    for person, (name, timezone) in PEOPLE.items():
        address = f"{person}@mission.example"
        directory.add(Person(id=person, name=name, email=address, timezone=timezone, organisation_id="un"))
    service = record.service(clock)
    command = {
        "process": "dispute",
        "title": "The well at Kilo 7",
        "actor": directory.actor("amal"),
        "key": "open",
        "urgency": Urgency.U2,
        "parties": PARTIES,
        "roles": {"convener": ("cora",), "mediator": ("musa",)},
        "issues": ("Who repairs the road?",),
    }
    room = Mailroom(
        record=record,
        directory=directory,
        letterhead=LETTERHEAD,
        transport=lambda: memory,
        clock=clock,
        customs=customs,
    )
    office = Office(
        record=record,
        clock=clock,
        directory=directory,
        service=service,
        room=room,
        memory=memory,
        case_id=service.open(OpenCase(**{**command, **changes})).case_id,
    )
    office.act("amal", "submit")
    office.wait(seconds=1)
    return office


def body(message: EmailMessage, kind: str = "plain") -> str:
    """Returns the plain or the rich body of a mail."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def flat(text: str) -> str:
    """Returns a text in one line."""
    return " ".join(text.split())
