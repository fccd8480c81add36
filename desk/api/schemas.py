"""What the API says and takes, field by field: nothing of a case leaves by accident."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from cases.queries import CaseFile, CaseRow, DeadlineView, Entry, MessageRow
from cases.receipts import Receipt as Recorded
from states.case import Party as CaseParty
from states.case import Side
from states.fields import Field as CaseField
from states.items import Item
from states.machine import Option
from states.process import Process, Urgency


class Model(BaseModel):
    """Something the API says or takes; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Problem(Model):
    """What went wrong, as RFC 9457 has it; `missing` lists everything that stands in the way of an act."""

    type: str = "about:blank"
    title: str = Field(examples=["Something is missing"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["“Admit the case” still needs: a safety check was done"])
    missing: list[str] = Field([], examples=[["a safety check was done"]])


class CaseLine(Model):
    """One case in a list."""

    number: str = Field(examples=["D-2026-0042"])
    title: str = Field(examples=["Warehouse hours at the river crossing"])
    process: str
    stage: str = Field(examples=["screening"])
    phase: str = Field(examples=["intake"])
    urgency: Urgency
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    due_at: datetime | None
    due: str = Field(examples=["Screening"])


class CaseList(Model):
    """A page of cases; `next` asks for the one after it."""

    cases: list[CaseLine]
    next: str | None


class Asked(Model):
    """One input of an act."""

    name: str
    type: str = Field(examples=["long text"])
    label: str
    required: bool
    choices: list[str]


class Act(Model):
    """An act the signed-in person has now; `missing` lists what it still needs."""

    trigger: str = Field(examples=["admit"])
    label: str = Field(examples=["Admit the case"])
    ready: bool
    missing: list[str]
    inputs: list[Asked]


class Acts(Model):
    """Every act the signed-in person has now, and the version of the case this was read from."""

    version: int
    acts: list[Act]


class Deadline(Model):
    """A clock that runs; `because` is the derivation of its due instant, null where an entry gives the date."""

    name: str
    label: str
    since: datetime
    due_at: datetime
    duty: str
    means: str = Field(description="what happens if nothing is done")
    item: str | None
    because: dict[str, Any] | None


class TimelineEntry(Model):
    """One entry of the record that the signed-in person may read."""

    seq: int | None
    at: datetime
    label: str
    trigger: str | None
    actor: str
    zone: str
    stage: str | None
    tier: str | None


class FileItem(Model):
    """Something on file: its kind, state and zone, and its own fields."""

    id: str
    kind: str
    state: str
    zone: str
    recorded_at: datetime
    content: dict[str, Any]


class Party(Model):
    """A party, and the persons who hold its roles."""

    id: str = Field(examples=["A"])
    name: str = Field(examples=["Clinic network"])
    side: Side = Side.INITIATING
    organisation: str = ""
    calendar: str | None = None
    people: dict[str, list[str]] = Field({}, examples=[{"representative": ["amal"]}])


class Case(CaseLine):
    """One case as the signed-in person may see it."""

    id: str
    version: int
    head: str = Field(description="the newest hash of the case's chained record")
    tier: str | None
    zones: list[str] = Field(description="the rooms of the case this person reads")
    parties: list[Party]
    deadlines: list[Deadline]
    items: list[FileItem]
    timeline: list[TimelineEntry]


class Opening(Model):
    """A notice of dispute: what is needed to open a case."""

    process: str = Field(examples=["dispute"])
    title: str = Field(examples=["Warehouse hours at the river crossing"])
    urgency: Urgency = Urgency.U3
    parties: list[Party] = []
    roles: dict[str, list[str]] = Field({}, examples=[{"convener": ["cora"]}])
    issues: list[str] = Field([], examples=[["Who may use the warehouse after dark?"]])
    fields: dict[str, Any] = {}


class Doing(Model):
    """An act: its inputs by name, and the version of the case it was decided on, if that matters."""

    inputs: dict[str, Any] = Field({}, examples=[{"reason": "Both sides asked for a pause."}])
    expected_version: int | None = None


class Receipt(Model):
    """What was recorded: the case, its version now, and the places of the new events in the feed."""

    case_id: str
    number: str
    version: int
    events: list[int]


class Message(Model):
    """One mail to one person, and how it fared."""

    id: int
    case: str | None
    to: str
    address: str
    subject: str
    language: str
    state: str = Field(examples=["sent"])
    attempts: int
    created_at: datetime
    next_at: datetime | None
    settled_at: datetime | None


class MessageList(Model):
    """A page of mails; `next` asks for the one after it."""

    messages: list[Message]
    next: str | None


class ProcessLine(Model):
    """A process that new cases may follow."""

    name: str = Field(examples=["dispute"])
    title: str
    hash: str
    phases: dict[str, str]
    stages: dict[str, str]
    fields: list[Asked]


def case_line(row: CaseRow) -> CaseLine:
    """Say a row of the list."""
    return CaseLine(
        number=row.number,
        title=row.title,
        process=row.process,
        stage=row.stage,
        phase=row.phase,
        urgency=row.urgency,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        due_at=row.due_at,
        due=row.due_label,
    )


def whole_case(file: CaseFile) -> Case:
    """Say a whole case file."""
    case, soonest = file.case, next(iter(file.deadlines), None)
    return Case(
        id=case.id,
        number=case.number,
        title=case.title,
        process=file.process.title,
        stage=case.stage,
        phase=file.process.phase_of(case.stage),
        urgency=case.urgency,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        outcome=case.outcome,
        due_at=soonest.due_at if soonest else None,
        due=soonest.label if soonest else "",
        version=file.version,
        head=file.head,
        tier=case.tier,
        zones=sorted(file.zones),
        parties=[party(one) for one in case.parties],
        deadlines=[deadline(one) for one in file.deadlines],
        items=[file_item(one) for one in case.items],
        timeline=[entry(one) for one in file.timeline],
    )


def party(one: CaseParty) -> Party:
    """Say a party."""
    people = {role: list(holders) for role, holders in one.people.items()}
    return Party(
        id=one.id, name=one.name, side=one.side, organisation=one.organisation, calendar=one.calendar, people=people
    )


def case_party(one: Party) -> CaseParty:
    """Take a party."""
    people = {role: tuple(holders) for role, holders in one.people.items()}
    return CaseParty(
        id=one.id, name=one.name, side=one.side, organisation=one.organisation, calendar=one.calendar, people=people
    )


def deadline(one: DeadlineView) -> Deadline:
    """Say a clock."""
    return Deadline(
        name=one.name,
        label=one.label,
        since=one.since,
        due_at=one.due_at,
        duty=one.duty,
        means=one.means,
        item=one.item.id if one.item else None,
        because=one.due.explain() if one.due else None,
    )


def file_item(one: Item) -> FileItem:
    """Say an item of the file with the fields of its own kind."""
    common = {"id", "zone", "by", "at", "state"}
    own = {name: getattr(one, name) for name in type(one).__dataclass_fields__ if name not in common}
    return FileItem(id=one.id, kind=one.kind, state=one.state, zone=one.zone, recorded_at=one.at, content=own)


def entry(one: Entry) -> TimelineEntry:
    """Say an entry of the timeline."""
    return TimelineEntry(
        seq=one.seq,
        at=one.at,
        label=one.label,
        trigger=one.trigger,
        actor=one.actor_name,
        zone=one.zone,
        stage=one.stage,
        tier=one.tier,
    )


def act(one: Option) -> Act:
    """Say an act and what it asks for."""
    return Act(
        trigger=one.trigger.name,
        label=one.trigger.label,
        ready=one.ready,
        missing=list(one.missing),
        inputs=[asked(field) for field in one.inputs.values()],
    )


def asked(field: CaseField) -> Asked:
    """Say a field."""
    return Asked(
        name=field.name,
        type=field.type.value,
        label=field.label,
        required=field.required and field.initial is None,
        choices=list(field.choices),
    )


def message(row: MessageRow) -> Message:
    """Say a mail."""
    return Message(
        id=row.id,
        case=row.number,
        to=row.person_name,
        address=row.address,
        subject=row.subject,
        language=row.language,
        state=row.state,
        attempts=row.attempts,
        created_at=row.created_at,
        next_at=row.next_at,
        settled_at=row.settled_at,
    )


def process_line(one: Process) -> ProcessLine:
    """Say a process."""
    return ProcessLine(
        name=one.name,
        title=one.title,
        hash=one.hash,
        phases=dict(one.phases),
        stages={name: stage.label for name, stage in one.stages.items()},
        fields=[asked(field) for field in one.fields.values()],
    )


def receipt(one: Recorded) -> Receipt:
    """Say what was recorded."""
    return Receipt(case_id=one.case_id, number=one.number, version=one.version, events=list(one.events))


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words, "content": {"application/problem+json": {}}}
    for status, words in (
        (401, "nobody is signed in"),
        (403, "the act is for somebody else"),
        (404, "no such thing, or not for this person: the two read alike"),
        (409, "somebody else was first, or the case has moved on"),
        (422, "something is missing"),
    )
}
