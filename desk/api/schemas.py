"""What the API says and takes, field by field: nothing of a case leaves by accident."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from desk.api.bounds import LARGEST_VERSION, MOST_OF_ANYTHING, Line, Name
from states.case import Side
from states.process import Urgency


class Model(BaseModel):
    """Something the API says or takes; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Inputs = Annotated[dict[Name, Any], Field(max_length=MOST_OF_ANYTHING)]
"""The inputs of an act, or the fields of a case, by name; what each may hold is said by the process."""
Ids = Annotated[list[Name], Field(max_length=MOST_OF_ANYTHING)]


class Page(Model):
    """A page of a list; `next` is the address of the one after it, null for the last."""

    next: str | None = Field(examples=["/api/cases?limit=25&after=eyJ1cGRhdGVkX2F0IjoxfQ"])


class Problem(Model):
    """What went wrong, as RFC 9457 has it; `missing` lists everything that stands in the way of an act."""

    type: str = Field(
        description="the address of a page about this kind of problem", examples=["/api/problems/needs-missing"]
    )
    title: str = Field(examples=["Something is missing"])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["“Submit” still needs: an issue is listed (Convener: “Add an issue”)"])
    missing: list[str] = Field([], examples=[["a safety check was done (Convener: “Record the screening”)"]])


class Seating(Model):
    """Who sits on a committee and for which body, as the act `convene_panel` asks for it too."""

    name: Name = Field(examples=["Joint committee West"])
    members: Annotated[list[Line], Field(max_length=MOST_OF_ANYTHING, examples=[["ana for Mission West"]])]
    alternates: Annotated[list[Line], Field(max_length=MOST_OF_ANYTHING, examples=[["dina for ana"]])] = []
    chair: Line
    quorum: int = Field(ge=1, le=MOST_OF_ANYTHING)
    each_body: bool = True


class Committee(Seating):
    """A standing committee; without its id, it is what the act `convene_panel` asks for."""

    id: str


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


class CasesWanted(Model):
    """Which cases are wanted."""

    words: str | None = Field(None, max_length=200, description="beginnings of words of the number, title or parties")
    stage: str | None = Field(None, max_length=100)
    phase: str | None = Field(None, max_length=100)
    process: str | None = Field(None, max_length=100)
    tier: str | None = Field(None, max_length=100)
    urgency: Urgency | None = None
    party: str | None = Field(None, max_length=200, description="beginnings of words of a party's name")
    mediator: str | None = Field(None, max_length=200, description="the id of a person")
    open: bool | None = None
    waits_on: Literal["me", "others", "nobody"] | None = Field(None, description="whom the clocks wait for")
    due_from: AwareDatetime | None = None
    due_before: AwareDatetime | None = None
    opened_from: AwareDatetime | None = None
    opened_before: AwareDatetime | None = None


class CasesAsked(CasesWanted):
    """Which cases are wanted, in which order, and how many at a time."""

    sort: Literal[
        "",
        "moved", "number", "stage", "urgency", "opened", "due",
        "-moved", "-number", "-stage", "-urgency", "-opened", "-due",
    ] = Field("", description="a column, backwards with a minus; without it, the latest moved first")  # fmt: skip
    after: str | None = Field(None, max_length=600, description="the mark that `next` of a page holds")
    limit: int = Field(25, ge=1, le=100)


class CaseList(Page):
    """A page of cases, the latest moved first."""

    cases: list[CaseLine]


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
    first_due_at: datetime | None = Field(None, description="the date before any extension, null where there was none")
    duty: str
    means: str = Field(description="what happens if nothing is done, or happened")
    means_at: datetime | None = Field(None, description="when that happens, null where nothing happens by itself")
    item: str | None
    because: dict[str, Any] | None


class ComingDate(Deadline):
    """A date that is coming: the case it belongs to, who holds the duty, and whether it waits for the reader."""

    number: str = Field(examples=["D-2026-0042"])
    title: str
    holders: list[str] = Field(description="the ids of those who have the duty")
    mine: bool
    overdue: bool


class Calendar(Page):
    """A page of coming dates, in order."""

    dates: list[ComingDate]


class BoardRow(Model):
    """One option: its verdict by each criterion and the harm under each head, null where nobody has looked yet."""

    id: str
    text: str
    issue: str
    state: str
    verdicts: list[str | None]
    harms: list[str | None]
    missing: list[str]


class Board(Model):
    """The options of a case: verdicts stand in the order of the criteria, harms in that of the heads."""

    criteria: list[str]
    heads: list[str]
    options: list[BoardRow]


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

    id: Name = Field(examples=["A"])
    name: Name = Field(examples=["Clinic network"])
    side: Side = Side.INITIATING
    organisation: Line = ""
    calendar: Line | None = None
    people: dict[Name, Ids] = Field({}, max_length=MOST_OF_ANYTHING, examples=[{"representative": ["amal"]}])


class Paper(Model):
    """A paper of the case that prints well: the address of its page, and of its PDF."""

    name: str = Field(examples=["agreement"])
    page: str = Field(examples=["/cases/D-2026-0042/print/agreement?zone=shared"])
    pdf: str


class Case(CaseLine):
    """One case as the signed-in person may see it."""

    id: str
    version: int
    head: str = Field(description="the newest hash of the case's chained record")
    tier: str | None
    process_version: str = Field(description="the version of its process that the case runs on")
    process_since: datetime = Field(description="since when it runs on that version")
    ended: str = Field(
        description="how a closed case ended, in words",
        examples=["settled: decided at tier T3 (Senior representatives), after mediation"],
    )
    zones: list[str] = Field(description="the rooms of the case this person reads")
    parties: list[Party]
    deadlines: list[Deadline]
    items: list[FileItem]
    timeline: list[TimelineEntry]
    papers: list[Paper]


class Version(Model):
    """One version of an agreement's text and terms; `changed` names what is new in it, nothing for the first."""

    number: int
    agreement: str
    at: datetime
    by: str
    act: str
    seal: str = Field(description="SHA-256 of this text with its terms; empty unless it was put before the parties")
    changed: list[str]
    text: dict[str, str]
    terms: dict[str, dict[str, str]]


class Piece(Model):
    """A run of words: kept, inserted or deleted."""

    fate: str = Field(examples=["inserted"])
    text: str


class TermChange(Model):
    """What became of a term: kept, inserted, deleted or changed, and each of its parts."""

    term: str
    fate: str
    parts: dict[str, list[Piece]]


class Difference(Model):
    """What differs between two versions, by number."""

    before: int
    after: int
    text: dict[str, list[Piece]]
    terms: list[TermChange]


class Opening(Model):
    """A notice of dispute: what is needed to open a case."""

    process: Name = Field(examples=["dispute"])
    title: Line = Field(min_length=1, examples=["Warehouse hours at the river crossing"])
    urgency: Urgency = Urgency.U3
    parties: list[Party] = Field([], max_length=MOST_OF_ANYTHING)
    roles: dict[Name, Ids] = Field({}, max_length=MOST_OF_ANYTHING, examples=[{"convener": ["cora"]}])
    issues: list[Line] = Field([], max_length=MOST_OF_ANYTHING, examples=[["Who may use the warehouse after dark?"]])
    fields: Inputs = {}


class SimilarCase(Model):
    """A case that a notice looks like; `title` is null for one whose file is not the signed-in person's to read."""

    number: str = Field(examples=["D-2026-0042"])
    title: str | None
    opened_at: datetime
    closed_at: datetime | None
    score: int = Field(description="how alike, out of a hundred", examples=[75])
    likely: bool = Field(description="whether it is likely to be the same matter")
    reasons: list[str] = Field(examples=[["the same parties", "the same place: kworijik"]])


class Similar(Model):
    """The cases a notice looks like; `complete` is false where the registry will look at the others."""

    cases: list[SimilarCase]
    complete: bool


class Window(Model):
    """A time in which a case wants an asset or a place."""

    asset: str = Field(examples=["Slot 14"])
    place: str
    from_at: datetime
    until_at: datetime


class Claimed(Window):
    """A window, and the case that contests it."""

    number: str


class Collision(Model):
    """Two windows of different cases that overlap on the same asset or at the same place."""

    one: Claimed
    other: Claimed


class Contested(Window):
    """A window of a case that others contest; `others` tells of cases whose numbers are not this person's to know."""

    numbers: list[str]
    others: bool


class Doing(Model):
    """An act: its inputs by name, and the version of the case it was decided on, if that matters."""

    inputs: Inputs = Field(
        {},
        examples=[{"reason": "Both sides asked for a pause."}],
        description="by name; an answer to a question of the ladder takes `version`, that of the question whose brief "
        "was read, and is refused when the brief has changed since",
    )
    expected_version: int | None = Field(
        None, ge=0, le=LARGEST_VERSION, description="do it only if nothing happened on the case since then"
    )


class Upload(Model):
    """A file that was kept; `reference` is the input of an act, good for its uploader and for some hours."""

    reference: str
    name: str
    size: int
    media_type: str
    sha256: str


class Receipt(Model):
    """What was recorded: the case, its version now, and the places of the new entries in its timeline."""

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


class MessageList(Page):
    """A page of mails, the newest first."""

    messages: list[Message]


class Try(Model):
    """What became of one try to send a mail."""

    at: datetime
    outcome: str = Field(examples=["accepted"])
    code: int | None = Field(examples=[250])
    reply: str


class MailSource(Model):
    """One thing that a line of a mail is taken from; no zone for the cover of a case."""

    of: str = Field(examples=["event"])
    id: str
    zone: str = Field(examples=["shared"])


class MailLine(Model):
    """A line of a mail, by the name of its place, and what it is taken from."""

    name: str = Field(examples=["details"])
    sources: list[MailSource]


class MailWhy(Model):
    """Why somebody got a mail: by which role, because of what, and by which roles they could read each zone of it."""

    role: str
    to: list[str]
    event: str
    clock: str
    lines: list[MailLine]
    by: dict[str, list[str]]


class WholeMessage(Message):
    """A mail with its tries; `text` is null where its words are not for the person who asks."""

    tries: list[Try]
    text: str | None
    why: MailWhy | None = Field(description="why it came, of the lines that lie in rooms the person reads")
    may_be_tried_again: bool


class ClauseLine(Model):
    """A ready wording for agreements; `suits` are families of causes, `term` is the pattern of a promise."""

    id: str = Field(examples=["incident_line"])
    title: str
    text: str
    blanks: list[str] = Field(examples=[["place", "hours"]])
    suits: list[str]
    term: dict[str, str]


class ProcessLine(Model):
    """A process that new cases may follow."""

    name: str = Field(examples=["dispute"])
    title: str
    hash: str
    phases: dict[str, str]
    stages: dict[str, str]
    fields: list[Asked]


class Committees(Page):
    """A page of standing committees."""

    committees: list[Committee]


class Clauses(Page):
    """A page of ready wordings."""

    clauses: list[ClauseLine]


class Processes(Page):
    """A page of processes that new cases may follow."""

    processes: list[ProcessLine]


class Collisions(Page):
    """A page of collisions."""

    collisions: list[Collision]


class ContestedWindows(Page):
    """A page of contested windows."""

    windows: list[Contested]


class Versions(Page):
    """A page of versions, oldest first."""

    versions: list[Version]


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words, "content": {"application/problem+json": {}}}
    for status, words in (
        (401, "nobody is signed in, or the token is over"),
        (403, "the token is not good for it, or the act is for somebody else"),
        (404, "no such thing, or not for this person: the two read alike"),
        (409, "somebody else was first, or the case has moved on"),
        (412, "it has changed since the version that was asked for"),
        (413, "the request is too large"),
        (415, "the body is of a kind that is not read here"),
        (422, "something is missing, malformed, or not known here"),
        (429, "too many requests"),
        (500, "the desk failed, and nothing was changed"),
        (503, "the record, or what draws papers, cannot be used just now"),
    )
}


class Found(Model):
    """An entry that holds what was looked for; `excerpt` is the text around it, `found` the words of it that fit."""

    number: str = Field(examples=["D-2026-0042"])
    title: str = Field(examples=["Warehouse hours at the river crossing"])
    where: str = Field(description="the case itself, its fields, an item, or an event", examples=["item"])
    zone: str = Field(description="the room it lies in; empty for the case itself", examples=["shared"])
    at: datetime
    kind: str | None = Field(description="the kind of the item", examples=["offer"])
    item: str | None
    act: str | None = Field(description="the act in which it was said")
    seq: int | None = Field(description="the entry of the timeline")
    excerpt: str
    found: list[str]


class FoundList(Page):
    """A page of what was found: titles first, then the newest."""

    found: list[Found]
