"""The case: a frozen value that only `states.machine.advance` moves, and that its events rebuild.

`evolve` is the one place where an event changes a case, so replaying the events gives the same case.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from states.items import Item
from states.process import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from states.events import Event
    from states.fields import Value


ItemT = TypeVar("ItemT", bound=Item)


class Side(StrEnum):
    """Who opened the case and who is asked to answer; `joined` came later."""

    INITIATING = "initiating"
    RESPONDING = "responding"
    JOINED = "joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """An organisation or body whose consent is needed; `people` maps a party role to the persons who hold it.

    A sub-party stands `within` another party, which decides for it. A party that withdrew has `left_at`: what it said
    stays on file, and nothing is asked of it any more.
    """

    id: str
    name: str
    side: Side
    organisation: str = ""
    calendar: str | None = None
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    within: str | None = None
    left_at: datetime | None = None

    @property
    def decides(self) -> bool:
        """Tell whether the party's own yes is needed: it stands for itself and has not left."""
        return self.within is None and self.left_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A pause of all clocks with a mandatory resume date; `ended_at` is None while it runs."""

    begun_at: datetime
    until: datetime
    reason: str
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A clock that got a later date: which occurrence of it, until when, and when that was recorded.

    Where the date lies on an item, which has the later one now, `first_due_at` keeps the one before any extension.
    """

    occurrence: str
    until: datetime
    at: datetime
    first_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """How a running clock went on when the case moved to another version of its process, by which `migration`.

    It kept a date (`due_at`), or began anew (`since`); with neither it goes on as that version counts it. A pause that
    ends after `at` moves the date.
    """

    occurrence: str
    migration: int
    at: datetime
    due_at: datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class MovedDate:
    """One date in the table of an extension: what it is, and when before and after; None where it comes no more.

    A date that stays where it is runs beside the clock that was extended.
    """

    label: str
    before: datetime
    after: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A clock of the case that was started: when, and for the how-manieth time."""

    since: datetime
    round: int
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything the rules need to know of one case; instants are aware and in UTC.

    `stage_round` and `tier_round` count entries, so that a clock restarted on re-entry is a new occurrence.
    `cycle` counts how often the case was begun, `cycle_since` is when it was last reopened, None when it never was.
    `clocks` are the spans the parties agreed on for a clock of the definition, by its name. `contacts` says when each
    person was last heard of, by an act of theirs. `version` is the number of events recorded. `process` is the hash of
    the version of its process, and `process_since` when the case moved to it, None where it began with it.
    """

    id: str
    number: str
    process: str
    title: str
    stage: str
    stage_since: datetime
    opened_at: datetime
    urgency: Urgency = Urgency.U3
    stage_round: int = 1
    tier: str | None = None
    tier_since: datetime | None = None
    tier_round: int = 0
    owner: str | None = None
    outcome: str | None = None
    closed_at: datetime | None = None
    cycle: int = 1
    cycle_since: datetime | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parties: tuple[Party, ...] = ()
    items: tuple[Item, ...] = ()
    stays: tuple[Stay, ...] = ()
    running: Mapping[str, Running] = field(default_factory=dict)
    clocks: Mapping[str, str] = field(default_factory=dict)
    extensions: tuple[Extension, ...] = ()
    carried: tuple[Carried, ...] = ()
    process_since: datetime | None = None
    contacts: Mapping[str, datetime] = field(default_factory=dict)
    version: int = 0

    @property
    def people(self) -> frozenset[str]:
        """The ids of all who have a part in the case now, for a party that has not left or for the case itself."""
        of_parties = (held for party in self.parties if party.left_at is None for held in party.people.values())
        return frozenset(one for held in (*self.roles.values(), *of_parties) for one in held)

    def party(self, party_id: str) -> Party | None:
        """Find a party by id."""
        return next((party for party in self.parties if party.id == party_id), None)

    def item(self, item_id: str) -> Item | None:
        """Find an item by id."""
        return next((item for item in self.items if item.id == item_id), None)

    def all(self, kind: type[ItemT], *states: str) -> tuple[ItemT, ...]:
        """List the items of a class, narrowed to some states when given, in the order they were recorded."""
        return tuple(item for item in self.items if isinstance(item, kind) and (not states or item.state in states))

    @property
    def stay(self) -> Stay | None:
        """The pause that runs now, if any."""
        return self.stays[-1] if self.stays and self.stays[-1].ended_at is None else None


def evolve(case: Case, event: Event) -> Case:
    """Apply one event to the case it was decided for."""
    heard_of = event.contact
    contacts = case.contacts
    if heard_of is not None and not _was_proposed(case, event):
        contacts = {**contacts, heard_of: event.at}
    for change in event.changes:
        case = change.apply(case)
    return replace(case, contacts=contacts, version=case.version + 1)


def _was_proposed(case: Case, event: Event) -> bool:
    """Tell whether an event carries out what somebody proposed earlier: it bears their name, but is another's act."""
    answered_now = any(at == event.at for person, at in case.contacts.items() if person != event.actor)
    return answered_now and any(_carried(item, event) for item in case.items)


def _carried(item: Item, event: Event) -> bool:
    of_act = (getattr(item, "act", None), item.by) == (event.trigger, event.actor)
    return of_act and item.state in {"carried out", "carried"}


def replay(events: Iterable[Event]) -> Case:
    """Rebuild a case from its events, oldest first; the first one opens it."""
    history = iter(events)
    opening = next(history).changes
    case = opening[0].apply(_NOTHING)
    for change in opening[1:]:
        case = change.apply(case)
    case = replace(case, version=1)
    for event in history:
        case = evolve(case, event)
    return case


def with_item(items: tuple[Item, ...], new: Item) -> tuple[Item, ...]:
    """Put an item in place of its older version, or at the end."""
    if any(item.id == new.id for item in items):
        return tuple(new if item.id == new.id else item for item in items)
    return (*items, new)


_NEVER = datetime.min.replace(tzinfo=UTC)
_NOTHING = Case(id="", number="", process="", title="", stage="", stage_since=_NEVER, opened_at=_NEVER)
