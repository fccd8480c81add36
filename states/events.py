"""What is recorded: events, and inside each the changes it made to the case.

An event is for people and for the chain; a change is the smallest thing `states.case.evolve` applies. Every change
knows how to apply itself, so adding one touches this file alone.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar, TypeVar

from states import case as cases
from states import roles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from states.case import Carried, Case, Extension, MovedDate, Party, Stay
    from states.fields import Value
    from states.items import Item
    from states.process import Urgency

T = TypeVar("T")


class Change(ABC):
    """One change of a case."""

    __slots__ = ()
    kind: ClassVar[str] = "change"

    @abstractmethod
    def apply(self, case: Case) -> Case:
        """Return the changed case."""


@dataclass(frozen=True, slots=True)
class CaseOpened(Change):
    """The case began as this value."""

    kind: ClassVar[str] = "case opened"

    case: Case

    def apply(self, case: Case) -> Case:  # noqa: ARG002 - the first change has nothing before it
        """Begin."""
        return self.case


@dataclass(frozen=True, slots=True)
class ItemRecorded(Change):
    """An item was added, or a new version of it."""

    kind: ClassVar[str] = "item recorded"

    item: Item

    def apply(self, case: Case) -> Case:
        """Put the item into the file."""
        return replace(case, items=cases.with_item(case.items, self.item))


@dataclass(frozen=True, slots=True)
class FieldsSet(Change):
    """Some of the case's own data got new values."""

    kind: ClassVar[str] = "fields set"

    values: Mapping[str, Value]

    def apply(self, case: Case) -> Case:
        """Lay the new values over the old."""
        return replace(case, fields={**case.fields, **self.values})


@dataclass(frozen=True, slots=True)
class PartyChanged(Change):
    """A party joined, or its people changed."""

    kind: ClassVar[str] = "party changed"

    party: Party

    def apply(self, case: Case) -> Case:
        """Put the party in place of its older self, or at the end."""
        known = any(party.id == self.party.id for party in case.parties)
        changed = tuple(self.party if party.id == self.party.id else party for party in case.parties)
        return replace(case, parties=changed if known else (*case.parties, self.party))


@dataclass(frozen=True, slots=True)
class RoleAssigned(Change):
    """A role of the case is held by these persons from now on."""

    kind: ClassVar[str] = "role assigned"

    role: str
    people: tuple[str, ...]

    def apply(self, case: Case) -> Case:
        """Give the role to its holders."""
        return replace(case, roles={**case.roles, self.role: self.people})


@dataclass(frozen=True, slots=True)
class UrgencySet(Change):
    """The urgency class changed; every open clock is dated anew and keeps the time already used."""

    kind: ClassVar[str] = "urgency set"

    urgency: Urgency

    def apply(self, case: Case) -> Case:
        """Set the class."""
        return replace(case, urgency=self.urgency)


@dataclass(frozen=True, slots=True)
class StageEntered(Change):
    """The case came to a stage, or came to it again."""

    kind: ClassVar[str] = "stage entered"

    stage: str
    at: datetime
    owner: str | None

    def apply(self, case: Case) -> Case:
        """Move the case and count the entry."""
        entered = replace(case, stage=self.stage, stage_since=self.at, stage_round=case.stage_round + 1)
        return replace(entered, owner=self.owner)


@dataclass(frozen=True, slots=True)
class TierEntered(Change):
    """Authority moved to another tier, with a fresh clock."""

    kind: ClassVar[str] = "tier entered"

    tier: str
    at: datetime

    def apply(self, case: Case) -> Case:
        """Move the ladder and count the entry."""
        return replace(case, tier=self.tier, tier_since=self.at, tier_round=case.tier_round + 1)


@dataclass(frozen=True, slots=True)
class StayBegun(Change):
    """All clocks of the case were paused until a date."""

    kind: ClassVar[str] = "stay begun"

    stay: Stay

    def apply(self, case: Case) -> Case:
        """Add the pause."""
        return replace(case, stays=(*case.stays, self.stay))


@dataclass(frozen=True, slots=True)
class StayEnded(Change):
    """The pause ended and the clocks go on with the time they had left."""

    kind: ClassVar[str] = "stay ended"

    at: datetime

    def apply(self, case: Case) -> Case:
        """Close the running pause."""
        return replace(case, stays=(*case.stays[:-1], replace(case.stays[-1], ended_at=self.at)))


@dataclass(frozen=True, slots=True)
class ClockStarted(Change):
    """A clock of the case was started, or started again."""

    kind: ClassVar[str] = "clock started"

    clock: str
    at: datetime

    def apply(self, case: Case) -> Case:
        """Run the clock from this instant, as its next round."""
        before = case.running.get(self.clock)
        running = cases.Running(since=self.at, round=before.round + 1 if before else 1)
        return replace(case, running={**case.running, self.clock: running})


@dataclass(frozen=True, slots=True)
class ClockStopped(Change):
    """A clock of the case was stopped before it ran out."""

    kind: ClassVar[str] = "clock stopped"

    clock: str

    def apply(self, case: Case) -> Case:
        """Stop the clock."""
        stopped = replace(case.running[self.clock], stopped=True)
        return replace(case, running={**case.running, self.clock: stopped})


@dataclass(frozen=True, slots=True)
class ClocksAgreed(Change):
    """The parties agreed on their own spans for some clocks, such as `10 wd` by the clock's name in the definition."""

    kind: ClassVar[str] = "clocks agreed"

    clocks: Mapping[str, str]

    def apply(self, case: Case) -> Case:
        """Put the agreed spans in place of earlier ones."""
        return replace(case, clocks=dict(self.clocks))


@dataclass(frozen=True, slots=True)
class DueMoved(Change):
    """A running clock got a later date; `dates` tell what that meant for every other, as it was decided."""

    kind: ClassVar[str] = "due moved"

    extension: Extension
    dates: tuple[MovedDate, ...] = ()

    def apply(self, case: Case) -> Case:
        """Keep the new date beside the earlier ones."""
        return replace(case, extensions=(*case.extensions, self.extension))


@dataclass(frozen=True, slots=True)
class CaseClosed(Change):
    """The case ended with an outcome."""

    kind: ClassVar[str] = "case closed"

    outcome: str
    at: datetime

    def apply(self, case: Case) -> Case:
        """Mark the end."""
        return replace(case, outcome=self.outcome, closed_at=self.at)


@dataclass(frozen=True, slots=True)
class CaseReopened(Change):
    """A closed case began its next cycle."""

    kind: ClassVar[str] = "case reopened"

    at: datetime

    def apply(self, case: Case) -> Case:
        """Take the end away and count the cycle; what was agreed about clocks was agreed for the cycle before."""
        opened = replace(case, outcome=None, closed_at=None, clocks={}, extensions=())
        return replace(opened, cycle=case.cycle + 1, cycle_since=self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMigrated(Change):
    """The case runs under another version of its process from now on.

    Everything that the definition names and the case holds is named anew: `stage` and `tier` as they stand then,
    fields, roles and running clocks by their old names. `added` fields begin with these values, those `taken_away`
    were added by the migration that this one reverts, which is `undone` with the dates it kept.
    """

    kind: ClassVar[str] = "process migrated"

    migration: int
    before: str
    after: str
    at: datetime
    since: datetime | None
    stage: str
    tier: str | None
    tier_since: datetime | None
    tier_round: int
    owner: str | None
    fields: Mapping[str, str]
    roles: Mapping[str, str]
    clocks: Mapping[str, str]
    added: Mapping[str, Value]
    taken_away: tuple[str, ...] = ()
    undone: int | None = None

    def apply(self, case: Case) -> Case:
        """Name everything anew; nothing else about the case changes."""
        kept = {name: value for name, value in case.fields.items() if name not in self.taken_away}
        return replace(
            case,
            process=self.after,
            process_since=self.since,
            stage=self.stage,
            tier=self.tier,
            tier_since=self.tier_since,
            tier_round=self.tier_round,
            owner=self.owner,
            fields={**_renamed(kept, self.fields), **self.added},
            roles=_renamed(case.roles, self.roles),
            parties=tuple(replace(party, people=_renamed(party.people, self.roles)) for party in case.parties),
            running=_renamed(case.running, self.clocks),
            carried=tuple(one for one in case.carried if one.migration != self.undone),
        )


def _renamed(values: Mapping[str, T], names: Mapping[str, str]) -> dict[str, T]:
    return {names.get(name, name): value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class ClockCarried(Change):
    """A running clock kept its date, or began anew, when the case moved to another version of its process."""

    kind: ClassVar[str] = "clock carried"

    carried: Carried

    def apply(self, case: Case) -> Case:
        """Keep it beside the earlier ones."""
        return replace(case, carried=(*case.carried, self.carried))


CHANGES: Mapping[str, type[Change]] = {
    cls.kind: cls
    for cls in (
        CaseOpened,
        ItemRecorded,
        FieldsSet,
        PartyChanged,
        RoleAssigned,
        UrgencySet,
        StageEntered,
        TierEntered,
        StayBegun,
        StayEnded,
        ClockStarted,
        ClockStopped,
        ClocksAgreed,
        DueMoved,
        CaseClosed,
        CaseReopened,
        ProcessMigrated,
        ClockCarried,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One entry of the record.

    `at` is the instant it counts from: the due instant for a timer, else the moment of the act; `recorded_at` is when
    it was written. `zone` says who may read it. `timer` names the occurrence that fired, if one did.
    """

    trigger: str
    actor: str
    at: datetime
    recorded_at: datetime
    zone: str
    inputs: Mapping[str, Value] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    timer: str | None = None
    on_behalf_of: str | None = None

    @property
    def contact(self) -> str | None:
        """The person heard of by it: nobody when it happened by itself, or when it is private to a party."""
        heard = self.actor not in roles.AUTOMATIC and bool(roles.mailable(frozenset({self.zone})))
        return self.actor if heard else None
