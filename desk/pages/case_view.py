"""What the page of a case shows, put together from its file: nothing here reads more than the viewer may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases import ledger, to_sort
from cases.people import Audience
from cases.to_sort import Waiting
from cases.unit_of_work import reading
from desk import date_words, entry_words, file_words, printing
from desk.pages import act_order, agreement_view, mail_words, notebook, shortlist
from desk.pages.mail_words import Tag
from desk.portal import receipts
from states import board, endings, roles
from states.items import BreakGlass
from states.said import listed, say, word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cases.people import Person
    from cases.queries import CaseFile, Entry
    from desk.date_words import Day
    from desk.entry_words import EntryWords
    from desk.file_words import Fact, ZoneWords
    from desk.pages.agreement_view import Overview
    from desk.printing import Wanted
    from desk.visits import Visit
    from states.board import Board
    from states.case import Party
    from states.items import Item
    from states.machine import Option

SHOWN_ENTRIES = 12
SHOWN_DAYS = 4
_STATE_TONES = {
    "open": "info", "due": "info", "on": "info", "in force": "ok", "accepted": "ok", "verified": "ok", "settled": "ok",
    "given": "ok", "confirmed": "ok", "missed": "bad", "contested": "bad", "rejected": "bad", "refused": "bad",
    "agreed": "ok", "disputed": "bad", "disagreed": "warn", "uncontested": "warn", "running": "info", "overdue": "bad",
    "answered": "ok", "unanswered": "bad", "proposed": "info", "lapsed": "warn", "reported": "warn",
    "provisional": "warn", "planned": "info", "challenged": "warn", "recused": "warn", "replaced": "warn",
    "closed": "ok", "cancelled": "warn", "replanned": "info", "reconvened": "bad", "failed": "bad",
    "considered": "ok", "late": "warn", "not considered": "warn", "deficient": "bad",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One item of the file: its line, its state with a tone, who may read it, and what else stands on it.

    `download` is the address of its file, where it has one.
    """

    item: Item
    line: str
    tag: str
    tone: str
    zone: ZoneWords
    facts: tuple[Fact, ...]
    download: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A person of a party: name, part, language, and how the last mail to them fared."""

    name: str
    part: str
    language: str
    mail: Tag | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Everything the page shows beyond the bare case."""

    tags: tuple[Tag, ...]
    ended: str
    room: str
    receipt: Entry | None
    acts: tuple[Option, ...]
    more_acts: tuple[Option, ...]
    doable: tuple[Option, ...]
    moves: tuple[Option, ...]
    next_about: str
    days: tuple[Day, ...]
    later_days: tuple[Day, ...]
    open_kinds: frozenset[str]
    entries: tuple[EntryWords, ...]
    earlier: int
    filters: tuple[ZoneWords, ...]
    chosen: ZoneWords | None
    board: Board
    agreed: Overview | None
    groups: tuple[tuple[str, tuple[ItemView, ...]], ...]
    parties: tuple[tuple[Party, tuple[PersonView, ...]], ...]
    team: tuple[PersonView, ...]
    papers: tuple[Wanted, ...]
    shortlist: str
    has_notebook: bool
    whole: bool
    runs_it: bool
    open_rooms: bool
    knows_access: bool
    receipts: Mapping[int, str]
    came_in: Waiting


def of(file: CaseFile, visit: Visit, *, zone: str, everything: bool, recorded: int) -> CaseView:
    """Put together what the page of a case shows."""
    people = visit.desk.directory.people(_people(file))
    names = {one.id: one.name for one in people.values()}
    chosen = zone if zone in file.zones else ""
    entries = [
        one
        for one in reversed(file.timeline)
        if chosen in {"", one.zone} and not entry_words.is_echo(one, file.timeline)
    ]
    shown = entries if everything else entries[:SHOWN_ENTRIES]
    acts, more_acts = act_order.in_order(file, visit.person.id)
    days = _days(file, visit, names)
    with reading(visit.desk.record.engine) as connection:
        whole = ledger.verify(connection, file.case.id).consistent
        waiting = to_sort.counts(connection, [file.case.id]) if roles.TEAM in file.zones else {}
    return CaseView(
        tags=tuple(_tags(file, visit)),
        ended=endings.how_it_ended(file.process, file.case),
        room=_room(file),
        receipt=next((one for one in file.timeline if (one.seq, one.actor) == (recorded, visit.person.id)), None),
        acts=acts,
        more_acts=more_acts,
        doable=tuple(option for option in file.options if act_order.is_ready(option, file)),
        moves=act_order.moves(file),
        next_about=_next_about(file, names),
        days=days[:SHOWN_DAYS],
        later_days=days[SHOWN_DAYS:],
        open_kinds=frozenset(one.item.kind for one in file.deadlines if one.item) or frozenset({"issue"}),
        entries=tuple(entry_words.of(one, file, visit.words, names) for one in shown),
        earlier=len(entries) - len(shown),
        filters=tuple(file_words.zone_words(name, file.case) for name in file_words.zones_in_order(file.zones)),
        chosen=file_words.zone_words(chosen, file.case) if chosen else None,
        board=board.of(file.case),
        agreed=agreement_view.overview(file, names, tones=_STATE_TONES),
        groups=tuple(_groups(file, names, chosen)),
        parties=tuple((party, tuple(_party_people(party, file, people, visit))) for party in file.case.parties),
        team=tuple(_team(file, people, visit)),
        papers=printing.offered(file),
        shortlist=shortlist.link(file, visit),
        has_notebook=notebook.of(visit).is_kept(file.case.id),
        whole=whole,
        runs_it=roles.TEAM in file.zones,
        open_rooms=any(one.lets_in(one.by, visit.words.now) for one in file.case.all(BreakGlass)),
        knows_access=_knows_access(file, visit),
        receipts=_receipts(file, people, visit),
        came_in=waiting.get(file.case.id, Waiting(0, 0)),
    )


def _knows_access(file: CaseFile, visit: Visit) -> bool:
    """Tell whether somebody may know who reads the case: those who run it, and each party of its own rooms."""
    own = (roles.zone_of(kind, one.id) for one in roles.parties_of(file.case, visit.actor) for kind in roles.OF_A_PARTY)
    return bool(file.zones & {roles.TEAM, *own}) and not visit.opened


def _receipts(file: CaseFile, people: Mapping[str, Person], visit: Visit) -> dict[int, str]:
    """Tell the team the number on each receipt of the portal, for whoever reads it out on the telephone."""
    if roles.TEAM not in file.zones:
        return {}
    at_portal = {one.id for one in people.values() if one.audience is Audience.PORTAL}
    own = [one for one in file.timeline if one.id and one.seq and one.actor in at_portal]
    numbers = receipts.book(visit.desk.settings, file.case.id)
    return {one.seq: receipts.spelled(numbers.number(one.id)) for one in own if one.id and one.seq}


def tone_of(state: str) -> str:
    """Name the colour in which the state of an item is told; empty where it has none."""
    return _STATE_TONES.get(state, "")


def _people(file: CaseFile) -> set[str]:
    """Collect the ids of everybody the page may name."""
    found = {person for holders in file.case.roles.values() for person in holders}
    found |= {person for party in file.case.parties for holders in party.people.values() for person in holders}
    return found | {person for item in file.case.items for person in item.people}


def _tags(file: CaseFile, visit: Visit) -> Iterator[Tag]:
    case, process = file.case, file.process
    stage = process.stages[case.stage]
    if case.closed_at is not None:
        yield Tag(
            words=say("Closed: %(outcome)s", outcome=word(case.outcome or "")),
            tone="ok" if case.outcome == "settled" else "",
        )
    else:
        yield Tag(words=stage.label, tone="info")
    if case.tier and case.closed_at is None and case.tier != next(iter(process.tiers)):
        yield Tag(words=say("Asked of: %(tier)s", tier=process.tiers[case.tier].label), tone="warn")
    if case.stay is not None:
        until = visit.words.day(case.stay.until, process.timezone)
        yield Tag(words=say("Paused until %(day)s", day=until), tone="warn")
    yield Tag(words=say("Urgency %(urgency)s", urgency=case.urgency))
    if case.cycle > 1:
        yield Tag(words=say("Cycle %(number)s", number=case.cycle))


def _room(file: CaseFile) -> str:
    """Say which rooms of the case this page shows."""
    caucuses = [zone for zone in file.zones if zone.startswith("caucus:")]
    if roles.TEAM in file.zones:
        if caucuses:
            return say(
                "Mediation team file. You read the shared room, the notes of the team, and what each party told the"
                " mediation in confidence. No party sees this page."
            )
        return say("Mediation team file. You read the shared room and the notes of the team. No party sees this page.")
    if caucuses:
        own = listed(file_words.party_name(file.case, zone.partition(":")[2]) for zone in caucuses)
        return say(
            "You read what all parties share, and the caucus of %(parties)s, which no other party ever sees.",
            parties=own,
        )
    if roles.SENIORS in file.zones:
        return say("You read what all parties share, and what is put to those who decide.")
    return say("You read what all parties share.")


def _next_about(file: CaseFile, names: Mapping[str, str]) -> str:
    """Say which item the next step is about, when it is about one."""
    step = file.next_step
    same = (one.item for one in file.deadlines if step and (one.label, one.due_at) == (step.what, step.due_at))
    item = next(same, None)
    return file_words.item_line(item, file.case, names) if item else ""


def _days(file: CaseFile, visit: Visit, names: Mapping[str, str]) -> tuple[Day, ...]:
    zone = file.process.timezone
    dates = (date_words.of(one, file.case, visit.words, zone=zone, names=names) for one in file.dates)
    return date_words.by_day(dates, visit.words, zone=zone)


def _groups(file: CaseFile, names: Mapping[str, str], zone: str) -> Iterator[tuple[str, tuple[ItemView, ...]]]:
    """List what is on file by kind; with a zone, what stands in that room alone."""
    for title, items in file_words.grouped(file.case, names):
        shown = tuple(_item(one, file, names) for one in items if zone in {"", one.zone})
        if shown:
            yield title, shown


def _item(item: Item, file: CaseFile, names: Mapping[str, str]) -> ItemView:
    return ItemView(
        item=item,
        line=file_words.item_line(item, file.case, names),
        tag=file_words.item_tag(item, file.case, names),
        tone=_STATE_TONES.get(item.state, ""),
        zone=file_words.zone_words(item.zone, file.case),
        facts=file_words.item_facts(item, file.case, names),
        download=f"/cases/{file.case.number}/documents/{item.id}" if getattr(item, "sha256", "") else "",
    )


def _party_people(party: Party, file: CaseFile, people: Mapping[str, Person], visit: Visit) -> Iterator[PersonView]:
    for role, holders in party.people.items():
        for person in holders:
            yield _person(person, roles.label(file.process, role), file, people, visit)


def _team(file: CaseFile, people: Mapping[str, Person], visit: Visit) -> Iterator[PersonView]:
    for role, holders in file.case.roles.items():
        for person in holders:
            yield _person(person, roles.label(file.process, role), file, people, visit)


def _person(person: str, part: str, file: CaseFile, people: Mapping[str, Person], visit: Visit) -> PersonView:
    known = people.get(person)
    last = next((one for one in reversed(file.messages) if one.person_id == person), None)
    return PersonView(
        name=known.name if known else person,
        part=part,
        language=visit.words.language_name(known.language) if known else "",
        mail=mail_words.tag_of(last, visit, file.process.timezone) if last else None,
    )
