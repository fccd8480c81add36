"""Papers of a case that print well: the agreement, the file, the closure note and the brief, each for some rooms.

A paper is one page of HTML, and its PDF is drawn from the same HTML. It tells the state of the record and nothing of
the moment or the machine it was printed on, so that the same record gives the same paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from cases import queries, served
from desk import file_words, pdf, sheets
from desk.words import Words
from notifications import tongues
from states import brief, endings, errors, roles
from states.items import Handover
from states.said import listed, say

if TYPE_CHECKING:
    from datetime import datetime

    from cases.people import Directory, Person
    from cases.queries import CaseFile, Viewer
    from cases.record import Record
    from cases.served import Proof as ProofOfService
    from desk.file_words import ZoneWords
    from desk.rendering import Renderer


class Kind(StrEnum):
    """Which paper."""

    AGREEMENT = "agreement"
    FILE = "file"
    CLOSURE = "closure"
    BRIEF = "brief"
    HANDOVER = "handover"
    SERVICE = "service"


TITLES: Mapping[Kind, str] = {
    Kind.AGREEMENT: say("Agreement"),
    Kind.FILE: say("Case file"),
    Kind.CLOSURE: say("Closure note"),
    Kind.BRIEF: say("Brief"),
    Kind.HANDOVER: say("Handover pack"),
    Kind.SERVICE: say("Proof of service"),
}


OF_A_WHOLE_CASE = frozenset({Kind.FILE, Kind.HANDOVER, Kind.SERVICE})
"""The papers that take so much along that who takes them as a file proves anew who they are."""
_SHARED_ONLY = frozenset({roles.SHARED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What papers are made with and of; `name` is the desk's own.

    Papers that are to stand `alone`, away from the desk, bring their styles along and have no controls.
    """

    record: Record
    directory: Directory
    renderer: Renderer
    name: str
    now: datetime
    alone: bool = False

    @property
    def styles(self) -> str:
        """The styles that a paper brings along."""
        return self.renderer.static("print.css").content.decode() if self.alone else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which paper is asked for, and which of the reader's rooms go into it.

    `item` names one of several agreements or questions.
    """

    kind: Kind
    zones: frozenset[str] = _SHARED_ONLY
    item: str = ""

    @property
    def title(self) -> str:
        """What the paper is called."""
        return TITLES[self.kind]

    def address(self, number: str, *, ending: str = "", cases: str = "/cases") -> str:
        """Return where a door has this paper of a case, with `.pdf` as its ending for the drawn one."""
        asked = [*(("zone", zone) for zone in file_words.zones_in_order(self.zones)), ("item", self.item)]
        query = urlencode([(name, value) for name, value in asked if value])
        return f"{cases}/{number}/print/{self.kind}{ending}?{query}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A finished paper; `seal` is the newest hash of the record it was made from."""

    kind: Kind
    number: str
    html: str
    seal: str

    @property
    def file_name(self) -> str:
        """What its file is called, without the ending."""
        return f"{self.number}-{self.kind}"


def wanted(kind: str, zones: Iterable[str] = (), item: str = "") -> Wanted:
    """Read what is asked for; without zones that is what all parties share. Raises `NotFound` for an unknown paper."""
    if kind not in TITLES:
        raise errors.NotFound(
            say("there is no paper “%(kind)s”; there are %(papers)s", kind=kind, papers=listed(TITLES))
        )
    # A brief shows both sides the same, so it is made of what all parties share and of nothing else.
    rooms = _SHARED_ONLY if kind == Kind.BRIEF else frozenset(zones) or _SHARED_ONLY
    return Wanted(kind=Kind(kind), zones=rooms, item=item)


def compose(press: Press, reader: Person, case_ref: str, *, asked: Wanted) -> Paper:
    """Make a paper for a reader. Raises `NotFound` for a case or a room that is not theirs."""
    who = queries.Viewer(press.directory.actor(reader.id))
    readable = _readable(press, who, case_ref, asked)
    narrowed = replace(who, only=asked.zones)
    file = queries.case_file(press.record, narrowed, case_ref, now=press.now)
    as_of = max((entry.recorded_at for entry in file.timeline), default=file.case.opened_at)
    # A paper is handed on, so it runs the way its own language does, not the reader's.
    words = Words(language=tongues.tongue(reader.language).language, timezone=file.process.timezone, now=as_of)
    known = press.directory.people(file_words.may_be_people(file.case.roles, file.case.parties, file.case.items))
    names = {person.id: person.name for person in known.values()}
    around = {
        "title": asked.title,
        "desk_name": press.name,
        "assets": press.renderer.addresses,
        "styles": press.styles,
        "words": words,
        "zone": file.process.timezone,
        "file": file,
        "case": file.case,
        "ended": endings.how_it_ended(file.process, file.case),
        "asked": asked,
        "rooms": [room for room in readable if room.name in asked.zones],
        "readable": () if asked.kind is Kind.BRIEF else readable,
        "sheet": _sheet(press, narrowed, file, asked=asked, told=(words, names)),
    }
    html = press.renderer.page(f"print_{asked.kind}.html", around)
    return Paper(kind=asked.kind, number=file.case.number, html=html, seal=file.head)


def as_pdf(press: Press, paper: Paper) -> bytes:
    """Draw a paper as PDF. Raises `NoPdf` where that cannot be done."""
    return pdf.draw(paper.html, press.renderer.assets, seal=paper.seal)


def offered(file: CaseFile) -> tuple[Wanted, ...]:
    """List the papers there are of a case now, as far as its reader sees; an agreement brings its own room along."""
    agreements = frozenset(item.zone for item in file.case.items if item.kind == Kind.AGREEMENT)
    there = [Wanted(kind=Kind.AGREEMENT, zones=agreements | _SHARED_ONLY)] if agreements else []
    there += [Wanted(kind=Kind.BRIEF)] if brief.find(file.case) else []
    there += [Wanted(kind=Kind.HANDOVER, zones=_rooms_of(file))] if file.case.all(Handover, "offered") else []
    there.append(Wanted(kind=Kind.FILE))
    there += [Wanted(kind=Kind.SERVICE, zones=roles.mailable(file.zones))] if file.messages else []
    return (*there, Wanted(kind=Kind.CLOSURE)) if file.case.closed_at else tuple(there)


def _rooms_of(file: CaseFile) -> frozenset[str]:
    """Name the rooms in which the reader finds something, but for what is private to a party."""
    return roles.mailable(frozenset(item.zone for item in file.case.items)) | _SHARED_ONLY


def _readable(press: Press, who: Viewer, case_ref: str, asked: Wanted) -> tuple[ZoneWords, ...]:
    """List the reader's rooms; refuse a paper of another room as if there were none."""
    process, case = queries.case_for(press.record, who, case_ref)
    zones = roles.readable_zones(process, case, who.actor)
    if not asked.zones <= zones:
        raise errors.NotFound(say("one of the rooms chosen for the paper is not there, or is not yours to read"))
    return tuple(file_words.zone_words(zone, case) for zone in file_words.zones_in_order(zones))


def _sheet(
    press: Press, who: Viewer, file: CaseFile, *, asked: Wanted, told: tuple[Words, Mapping[str, str]]
) -> (
    sheets.AgreementSheet
    | sheets.FileSheet
    | sheets.ClosureSheet
    | sheets.BriefSheet
    | sheets.HandoverSheet
    | ProofOfService
):
    words, names = told
    match asked.kind:
        case Kind.AGREEMENT:
            found = queries.versions(press.record, who, file.case.id)
            return sheets.agreement(file, found, names, item=asked.item)
        case Kind.FILE:
            return sheets.case_file(file, words, names)
        case Kind.HANDOVER:
            return sheets.handover(file, names)
        case Kind.CLOSURE:
            return sheets.closure(file, names)
        case Kind.SERVICE:
            return served.of_case(press.record, who, file.case.id)
        case Kind.BRIEF:
            earlier = queries.precedents(press.record, replace(who, only=None), file.case.id)
            return sheets.brief_of(file, names, item=asked.item, precedents=earlier)
