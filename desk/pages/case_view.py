"""What the page of a case shows, put together from its file: nothing here reads more than the viewer may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from cases import ledger
from cases.unit_of_work import reading
from desk import due_words, file_words
from states import machine, roles
from states.items import KINDS
from states.process import ANY_STAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cases.people import Person
    from cases.queries import CaseFile, DeadlineView, Entry, MessageRow
    from desk.access import Visit
    from desk.file_words import Fact, ZoneWords
    from states.case import Case, Party
    from states.fields import Value
    from states.items import Item
    from states.machine import Option

SHOWN_ACTS = 4
SHOWN_ENTRIES = 12
SHOWN_CLOCKS = 5
_SPECIFIC = 5
_SHORT = 30
_PLURALS = {"criterion": "Criteria", "feedback": "Feedback", "neutral": "Neutrals proposed", "interim": "Interim rules"}
_TONES = {
    "sent": "ok", "queued": "", "sending": "", "retry": "warn", "unknown": "warn", "held": "warn",
    "refused": "bad", "parked": "bad", "cancelled": "",
}  # fmt: skip
_STATE_TONES = {
    "open": "info", "due": "info", "on": "info", "in force": "ok", "accepted": "ok", "verified": "ok", "settled": "ok",
    "given": "ok", "confirmed": "ok", "missed": "bad", "contested": "bad", "rejected": "bad", "refused": "bad",
    "lapsed": "warn", "reported": "warn", "provisional": "warn",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A word beside the title, and its tone."""

    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One entry of the timeline as it is shown; `tone` chooses its dot."""

    entry: Entry
    who: str
    zone: ZoneWords
    tone: str
    lines: tuple[tuple[str, str], ...]
    moved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One item of the file: its line, its state with a tone, who may read it, and what else stands on it."""

    item: Item
    line: str
    tone: str
    zone: ZoneWords
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A person of a party: name, part, language, and how the last mail to them fared."""

    name: str
    part: str
    language: str
    mail: Tag | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A deadline and why it falls when it does."""

    deadline: DeadlineView
    about: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Everything the page shows beyond the bare case."""

    tags: tuple[Tag, ...]
    room: str
    receipt: Entry | None
    acts: tuple[Option, ...]
    more_acts: tuple[Option, ...]
    moves: tuple[Option, ...]
    next_about: str
    clocks: tuple[Clock, ...]
    shown_clocks: int
    open_kinds: frozenset[str]
    entries: tuple[EntryView, ...]
    earlier: int
    filters: tuple[tuple[str, str], ...]
    chosen_zone: str
    groups: tuple[tuple[str, tuple[ItemView, ...]], ...]
    parties: tuple[tuple[Party, tuple[PersonView, ...]], ...]
    team: tuple[PersonView, ...]
    whole: bool


def of(file: CaseFile, visit: Visit, *, zone: str, everything: bool, recorded: int) -> CaseView:
    """Put together what the page of a case shows."""
    people = visit.desk.directory.people(_people(file))
    names = {one.id: one.name for one in people.values()}
    entries = [one for one in reversed(file.timeline) if zone in {"", one.zone} and not _is_echo(one, file.timeline)]
    shown = entries if everything else entries[:SHOWN_ENTRIES]
    ranked = sorted(file.options, key=lambda option: _rank(option, file, visit.person.id))
    acts = tuple(option for option in ranked if option.ready and _leads_on(option, file, visit.person.id))[:SHOWN_ACTS]
    with reading(visit.desk.record.engine) as connection:
        whole = ledger.verify(connection, file.case.id).consistent
    return CaseView(
        tags=tuple(_tags(file, visit)),
        room=_room(file),
        receipt=next((one for one in file.timeline if (one.seq, one.actor) == (recorded, visit.person.id)), None),
        acts=acts,
        more_acts=tuple(option for option in ranked if option not in acts),
        moves=tuple(option for option in file.options if option.trigger.changes_stage() and not _is_exit(option)),
        next_about=_next_about(file, names),
        clocks=tuple(_clock(one, file, visit, names) for one in file.deadlines),
        shown_clocks=SHOWN_CLOCKS,
        open_kinds=frozenset(one.item.kind for one in file.deadlines if one.item) or frozenset({"issue"}),
        entries=tuple(_entry(one, file.case, visit, file.process.timezone, names) for one in shown),
        earlier=len(entries) - len(shown),
        filters=tuple((name, file_words.zone_words(name, file.case).label) for name in _ordered(file.zones)),
        chosen_zone=zone,
        groups=tuple(_groups(file, names)),
        parties=tuple((party, tuple(_party_people(party, file, people, visit))) for party in file.case.parties),
        team=tuple(_team(file, people, visit)),
        whole=whole,
    )


def _people(file: CaseFile) -> set[str]:
    """Collect the ids of everybody the page may name."""
    found = {person for holders in file.case.roles.values() for person in holders}
    found |= {person for party in file.case.parties for holders in party.people.values() for person in holders}
    found |= {item.by for item in file.case.items} | {getattr(item, "person", "") for item in file.case.items}
    return found | {person for item in file.case.items for person in getattr(item, "attendance", ())}


def _tags(file: CaseFile, visit: Visit) -> Iterator[Tag]:
    case, process = file.case, file.process
    stage = process.stages[case.stage]
    if case.closed_at is not None:
        yield Tag(words=f"Closed: {case.outcome}", tone="ok" if case.outcome == "settled" else "")
    else:
        yield Tag(words=stage.label, tone="info")
    if case.tier and case.closed_at is None and case.tier != next(iter(process.tiers)):
        yield Tag(words=f"Asked of: {process.tiers[case.tier].label}", tone="warn")
    if case.stay is not None:
        yield Tag(words=f"Paused until {visit.words.day(case.stay.until, process.timezone)}", tone="warn")
    yield Tag(words=f"Urgency {case.urgency}")
    if case.cycle > 1:
        yield Tag(words=f"Cycle {case.cycle}")


def _room(file: CaseFile) -> str:
    """Say which rooms of the case this page shows."""
    caucuses = [zone for zone in file.zones if zone.startswith("caucus:")]
    if roles.TEAM in file.zones:
        also = ", the notes of the team, and what each party told the mediation in confidence"
        rooms = also if caucuses else " and the notes of the team"
        return f"Mediation team file. You read the shared room{rooms}. No party sees this page."
    if caucuses:
        own = ", ".join(file_words.zone_words(zone, file.case).label.removeprefix("Caucus: ") for zone in caucuses)
        return f"You read what all parties share, and the caucus of {own}, which no other party ever sees."
    if roles.SENIORS in file.zones:
        return "You read what all parties share, and what is put to those who decide."
    return "You read what all parties share."


def _ordered(zones: frozenset[str]) -> list[str]:
    first = [roles.SHARED, roles.TEAM, roles.SENIORS]
    return [*(zone for zone in first if zone in zones), *sorted(zone for zone in zones if zone not in first)]


def _is_exit(option: Option) -> bool:
    return option.trigger.outcome not in {None, "settled"}


def _rank(option: Option, file: CaseFile, person: str) -> tuple[bool, bool, bool, bool, bool]:
    """Order acts: what can be done, what answers a clock of this person, what belongs here; ways out come last."""
    answers = _answers_mine(option, file, person)
    raises = option.trigger.tier is not None
    return (not option.ready, _is_exit(option), not answers, not _belongs_here(option), raises)


def _leads_on(option: Option, file: CaseFile, person: str) -> bool:
    """Tell whether an act is worth a button here: keeping the file and ways out are found under the other acts."""
    trigger, is_open = option.trigger, file.case.closed_at is None
    moves_regions = is_open and (trigger.tier is not None or trigger.stay is not None)
    fitting = _belongs_here(option) or moves_regions or _answers_mine(option, file, person)
    return fitting and not _is_exit(option)


def _answers_mine(option: Option, file: CaseFile, person: str) -> bool:
    mine = (one for one in file.deadlines if person in {who.id for who in one.holders})
    return any(_answers(option, one, file) for one in mine)


def _belongs_here(option: Option) -> bool:
    """Tell whether an act is open at few stages, this one among them."""
    sources = {source for move in option.trigger.moves for source in move.sources}
    return ANY_STAGE not in sources and len(sources) <= _SPECIFIC


def _answers(option: Option, deadline: DeadlineView, file: CaseFile) -> bool:
    item = deadline.item
    if item is None:
        rule = file.process.deadlines.get(deadline.name)
        return rule is not None and option.trigger.name in rule.stops
    fitting = (field for field in option.inputs.values() if field.of == item.kind)
    return any(not field.states or item.state in field.states for field in fitting)


def _next_about(file: CaseFile, names: Mapping[str, str]) -> str:
    """Say which item the next step is about, when it is about one."""
    step = file.next_step
    same = (one.item for one in file.deadlines if step and (one.label, one.due_at) == (step.what, step.due_at))
    item = next(same, None)
    return file_words.item_line(item, file.case, names) if item else ""


def _clock(deadline: DeadlineView, file: CaseFile, visit: Visit, names: Mapping[str, str]) -> Clock:
    item = deadline.item
    return Clock(
        deadline=deadline,
        about=file_words.item_line(item, file.case, names) if item else "",
        because=due_words.because(deadline.due, visit.words, file.process.timezone),
    )


def _is_echo(entry: Entry, timeline: tuple[Entry, ...]) -> bool:
    """Tell whether an entry only says for other rooms that an act was done which this reader sees in full."""
    if entry.lines or entry.items or entry.stage or entry.tier:
        return False
    others = ((one.trigger, one.actor, one.at) for one in timeline if one is not entry)
    return (entry.trigger, entry.actor, entry.at) in others


def _entry(entry: Entry, case: Case, visit: Visit, zone: str, names: Mapping[str, str]) -> EntryView:
    room = file_words.zone_words(entry.zone, case)
    tone = "priv" if room.tone == "priv" else "clock" if entry.actor in roles.AUTOMATIC else ""
    who = {"clock": "The clock", "system": "Parley", None: "Automatic"}.get(entry.actor, entry.actor_name)
    said = [(_label(line.label), value_words(line.value, visit, zone, names)) for line in entry.lines]
    moved = [f"Stage: {entry.stage}"] if entry.stage else []
    return EntryView(
        entry=entry,
        who=f"{who}, {entry.actor_role}" if entry.actor_role else who,
        zone=room,
        tone=tone or ("key" if entry.stage or entry.tier else ""),
        lines=tuple(said or _recorded(entry, case, names)),
        moved=" · ".join([*moved, f"Asked of: {entry.tier}"] if entry.tier else moved),
    )


def _recorded(entry: Entry, case: Case, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Tell which items an entry put on file, where nothing was said with it."""
    lines = ((file_words.item_title(item), file_words.item_line(item, case, names), item.state) for item in entry.items)
    return [(title, line if state == "open" else f"{line} ({state})") for title, line, state in lines]


def _label(label: str) -> str:
    """Take from a field's label what only helps to fill it in."""
    return label.removesuffix(", one a line")


def value_words(value: Value, visit: Visit, zone: str, names: Mapping[str, str]) -> str:
    """Spell a value of any field type; people in a list are named."""
    match value:
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return visit.words.moment(value, zone)
        case date():
            return visit.words.long_day(datetime.combine(value, datetime.min.time(), visit.words.now.tzinfo), "UTC")
        case tuple():
            said = [names.get(one, one) for one in value]
            return (", " if all(len(one) <= _SHORT for one in said) else "\n").join(said)
        case None:
            return ""
    return str(value)


def _groups(file: CaseFile, names: Mapping[str, str]) -> Iterator[tuple[str, tuple[ItemView, ...]]]:
    for kind in KINDS:
        items = [item for item in file.case.items if item.kind == kind]
        if items:
            yield _PLURALS.get(kind, f"{kind[:1].upper()}{kind[1:]}s"), tuple(_item(one, file, names) for one in items)


def _item(item: Item, file: CaseFile, names: Mapping[str, str]) -> ItemView:
    return ItemView(
        item=item,
        line=file_words.item_line(item, file.case, names),
        tone=_STATE_TONES.get(item.state, ""),
        zone=file_words.zone_words(item.zone, file.case),
        facts=file_words.item_facts(item, file.case, names),
    )


def _party_people(party: Party, file: CaseFile, people: Mapping[str, Person], visit: Visit) -> Iterator[PersonView]:
    for role, holders in party.people.items():
        for person in holders:
            yield _person(person, machine.role_label(file.process, role), file, people, visit)


def _team(file: CaseFile, people: Mapping[str, Person], visit: Visit) -> Iterator[PersonView]:
    for role, holders in file.case.roles.items():
        for person in holders:
            yield _person(person, machine.role_label(file.process, role), file, people, visit)


def _person(person: str, part: str, file: CaseFile, people: Mapping[str, Person], visit: Visit) -> PersonView:
    known = people.get(person)
    last = next((one for one in reversed(file.messages) if one.person_id == person), None)
    return PersonView(
        name=known.name if known else person,
        part=part,
        language=visit.words.language_name(known.language) if known else "",
        mail=mail_tag(last, visit, file.process.timezone) if last else None,
    )


def mail_tag(message: MessageRow, visit: Visit, zone: str) -> Tag:
    """Say where a mail stands, and since when."""
    at = message.settled_at or message.created_at
    return Tag(words=f"{mail_state(message.state)} {visit.words.day(at, zone)}", tone=_TONES.get(message.state, ""))


def mail_state(state: str) -> str:
    """Name the state of a mail as the desk does."""
    return {
        "queued": "Waiting",
        "sending": "Being sent",
        "sent": "Sent",
        "retry": "Tried again soon",
        "unknown": "Perhaps sent",
        "held": "Held",
        "refused": "Refused",
        "parked": "Not reachable",
        "cancelled": "Cancelled",
    }.get(state, state)


def tone_of(state: str) -> str:
    """Choose the tone of a mail's state."""
    return _TONES.get(state, "")
