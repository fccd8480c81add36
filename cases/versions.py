"""Every version of an agreement's text and terms, read from the chained events for a viewer, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime

from cases import comparison, timeline, viewer
from cases.comparison import Fate, FieldChange, RowChange
from cases.record import Record
from cases.timeline import Entry, Happened
from cases.unit_of_work import reading
from cases.viewer import Seen, Viewer
from states import errors, events
from states.items import Agreement, Item, Obligation
from states.said import say

# What is done with a text, or becomes of a promise, is no part of its words.
_ABOUT = frozenset({"id", "zone", "by", "at", "state"})
_MARKS = frozenset({"text_hash", "ratified_by", "ratifications", "refused_by", "signatures", "attestations"})
_NOT_TEXT = _ABOUT | _MARKS | {"drafted_by", "version", "in_force_at"}
_NOT_PROMISED = _ABOUT | {"evidence", "reported_at", "agreement"}
# Until it is in force, a text goes with the terms that are planned; from then on it keeps those it had.
_OPEN = frozenset({"drafting", "ratification", "signature"})

Words = Mapping[str, str]
Spell = Callable[[object], str]


def plainly(value: object) -> str:
    """Spell the value of a field for programs: an instant in UTC, a list one a line."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        case tuple():
            return "\n".join(map(plainly, value))
    return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version: who wrote it when, the agreement and its terms as they were, and what is new in it.

    `changed` names the parts that became different, none for the first. `seal` is the SHA-256 that names this exact
    text with its terms once it was put before the parties; what was only written on the way to it has none.
    """

    number: int
    agreement: Agreement
    terms: tuple[Obligation, ...]
    entry: Entry
    changed: tuple[str, ...]
    seal: str

    @property
    def submitted(self) -> bool:
        """Tell whether this version was put before the parties."""
        return bool(self.seal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs between two versions: the parts of the text, and the terms."""

    before: Version
    after: Version
    text: tuple[FieldChange, ...]
    terms: tuple[RowChange, ...]

    @property
    def nothing(self) -> bool:
        """Tell whether the two read alike."""
        return not any(one.changed for one in self.text) and all(row.fate is Fate.KEPT for row in self.terms)


def versions(record: Record, who: Viewer, case_ref: str) -> tuple[Version, ...]:
    """List the versions of every agreement the viewer may read, numbered through the case, oldest first."""
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
        happened = timeline.read_events(connection, seen)
        written = _written(seen, happened)
        entries = timeline.entries(connection, seen, [one.happened for one in written])
    return tuple(
        _version(number, one, entry, written[: number - 1])
        for number, (one, entry) in enumerate(zip(written, entries, strict=True), start=1)
    )


def numbered(found: Sequence[Version], number: int) -> Version:
    """Find a version by its number. Raises `NotFound`."""
    if not found:
        raise errors.NotFound(say("no agreement was written yet, or it is not yours to see"))
    if not 1 <= number <= len(found):
        raise errors.NotFound(
            say(
                "there is no version %(number)s of an agreement here; choose one from 1 to %(newest)s",
                number=number,
                newest=len(found),
            )
        )
    return found[number - 1]


def pair(found: Sequence[Version], *, before: int | None = None, after: int | None = None) -> tuple[Version, Version]:
    """Find the two versions to compare. Raises `NotFound`.

    Unless they are named, that is the newest and the last one before it that was put before the parties, or else the
    first one; a text that was written only once is compared with itself.
    """
    later = numbered(found, len(found) if after is None else after)
    if before is not None:
        return numbered(found, before), later
    earlier = found[: later.number - 1]
    submitted = [one for one in earlier if one.submitted]
    return next(iter([*reversed(submitted), *earlier]), later), later


def difference(before: Version, after: Version, *, spell: Spell = plainly) -> Difference:
    """Compare two versions, each part and each term by itself, in the spelling of whoever reads it."""
    earlier, later = ({term.id: promise_of(term, spell) for term in one.terms} for one in (before, after))
    return Difference(
        before=before,
        after=after,
        text=comparison.fields(text_of(before.agreement, spell), text_of(after.agreement, spell)),
        terms=comparison.rows(earlier, later),
    )


def text_of(agreement: Agreement, spell: Spell = plainly) -> Words:
    """Return what an agreement says, part by part: every field of it but what was done with the text."""
    return _words(agreement, spell, without=_NOT_TEXT)


def promise_of(term: Obligation, spell: Spell = plainly) -> Words:
    """Return what a term promises, part by part: every field of it but what became of the promise."""
    return _words(term, spell, without=_NOT_PROMISED)


@dataclass(slots=True)
class _Written:
    """A text with its terms as an event left them, and the seal it got when it was put before the parties."""

    happened: Happened
    agreement: Agreement
    terms: tuple[Obligation, ...]
    seal: str = ""

    @property
    def content(self) -> tuple[Words, dict[str, Words]]:
        """Everything that makes this version what it is."""
        return text_of(self.agreement), {term.id: promise_of(term) for term in self.terms}


@dataclass(slots=True)
class _File:
    """The readable items as the events make them, one after the other; `since` is when the case was last reopened."""

    items: dict[str, Item] = field(default_factory=dict)
    terms: dict[str, tuple[Obligation, ...]] = field(default_factory=dict)
    since: datetime | None = None

    def put(self, seen: Seen, happened: Happened) -> None:
        """Lay an event over what was there."""
        self.items |= {item.id: item for item in timeline.recorded(seen, happened.event)}
        reopened = (change.at for change in happened.event.changes if isinstance(change, events.CaseReopened))
        self.since = next(reopened, self.since)

    def agreements(self) -> Iterator[tuple[Agreement, tuple[Obligation, ...]]]:
        """Yield every agreement with the terms that belong to it now."""
        planned = tuple(
            item
            for item in self.items.values()
            if isinstance(item, Obligation) and item.state == "planned" and (not self.since or item.at >= self.since)
        )
        for item in self.items.values():
            if isinstance(item, Agreement):
                if item.state in _OPEN and (not self.since or item.at >= self.since):
                    self.terms[item.id] = planned
                yield item, self.terms.get(item.id, ())


def _written(seen: Seen, happened: Iterable[Happened]) -> Sequence[_Written]:
    """List each text whenever an event left it, or its terms, other than they were."""
    file, last, found = _File(), dict[str, _Written](), list[_Written]()
    for one in happened:
        file.put(seen, one)
        for agreement, terms in file.agreements():
            now, before = _Written(one, agreement, terms), last.get(agreement.id)
            if before is None or before.content != now.content:
                last[agreement.id] = now
                found.append(now)
            if agreement.state != "drafting" and not last[agreement.id].seal:
                last[agreement.id].seal, last[agreement.id].agreement = agreement.text_hash, agreement
    return found


def _version(number: int, written: _Written, entry: Entry, earlier: Sequence[_Written]) -> Version:
    before = next((one for one in reversed(earlier) if one.agreement.id == written.agreement.id), None)
    return Version(
        number=number,
        agreement=written.agreement,
        terms=written.terms,
        entry=entry,
        changed=_changed(before, written) if before else (),
        seal=written.seal,
    )


def _changed(before: _Written, after: _Written) -> tuple[str, ...]:
    """Name the parts of the text that became different, and `terms` if any of them did."""
    parts = comparison.fields(text_of(before.agreement), text_of(after.agreement))
    names = [part.name for part in parts if part.changed]
    return (*names, "terms") if before.content[1] != after.content[1] else tuple(names)


def _words(item: Item, spell: Spell, *, without: frozenset[str]) -> Words:
    """Spell the fields of an item, in their order; what is empty is left out."""
    values = {one.name: getattr(item, one.name) for one in fields(item) if one.name not in without}
    return {name: spell(value) for name, value in values.items() if value}
