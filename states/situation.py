"""The situation in which an act is weighed: the case, who acts, when, and with which inputs."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from states import file_ref, roles
from states.directory import NOTHING_ON_FILE
from states.items import Item

if TYPE_CHECKING:
    from collections.abc import Mapping

    from states.calendar import Calendar
    from states.case import Case, Party
    from states.directory import Directory
    from states.fields import Value
    from states.file_ref import FileRef
    from states.process import Process
    from states.roles import Actor

ItemT = TypeVar("ItemT", bound=Item)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything a condition or an effect may look at.

    `inputs` is None while nothing has been filled in yet; `speaks_for` lists the parties whose act this may be because
    the actor holds the part it takes; `employers` gives the organisation of each person whom the inputs name.
    `beside` is another case, as it stands, that the act names or opens.
    `shared_id` names what this act does in several joined cases at once. `calendars` are the working calendars by name.
    `since` is when a clock that follows begins to count, later than `at` where a timer fired late; None says `at`.
    `directory` is what is on file about people, for acts that ask it.
    """

    process: Process
    case: Case
    actor: Actor
    at: datetime
    zone: str = roles.SHARED
    inputs: Mapping[str, Value] | None = field(default=None)
    speaks_for: tuple[Party, ...] = ()
    employers: Mapping[str, str] = field(default_factory=dict)
    beside: Case | None = None
    shared_id: str = ""
    calendars: Mapping[str, Calendar] = field(default_factory=dict, repr=False)
    since: datetime | None = None
    directory: Directory = field(default=NOTHING_ON_FILE, repr=False)

    @property
    def counts_from(self) -> datetime:
        """When a clock that this act starts begins to count."""
        return self.since or self.at

    def given(self, name: str) -> Value:
        """Return an input, or None."""
        return (self.inputs or {}).get(name)

    def text(self, name: str) -> str:
        """Return an input as text, empty when absent."""
        value = self.given(name)
        return "" if value is None else str(value)

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list input, empty when absent."""
        value = self.given(name)
        return value if isinstance(value, tuple) else ()

    def moment(self, name: str) -> datetime | None:
        """Return an instant that was given, or None."""
        value = self.given(name)
        return value if isinstance(value, datetime) else None

    def file(self, name: str) -> FileRef | None:
        """Return the file an input names, or None when absent."""
        text = self.text(name)
        return file_ref.parse(text) if text else None

    @property
    def party(self) -> Party | None:
        """The party the act is for: the one named in the inputs, else the only one the actor may speak for."""
        named = self.case.party(self.text("party"))
        return named or (self.speaks_for[0] if len(self.speaks_for) == 1 else None)

    @property
    def party_id(self) -> str:
        """The id of that party, empty when there is none."""
        return self.party.id if self.party else ""

    @property
    def party_ids(self) -> frozenset[str]:
        """The ids of the parties whose yes is needed: not those within another one, nor those that left."""
        return frozenset(party.id for party in self.case.parties if party.decides)

    def item(self, kind: type[ItemT]) -> ItemT | None:
        """Return the item of this class that the inputs name."""
        found = self.case.item(self.text(kind.kind))
        return found if isinstance(found, kind) else None

    def current(self, kind: type[ItemT], *states: str) -> tuple[ItemT, ...]:
        """List the items of this class recorded since the case was last reopened, narrowed to some states when given.

        What was offered, agreed to or signed in an earlier cycle stays on file and counts for nothing in this one.
        """
        since = self.case.cycle_since
        return tuple(item for item in self.case.all(kind, *states) if since is None or item.at >= since)

    def latest(self, kind: type[ItemT], *states: str) -> ItemT | None:
        """Return the newest item of this class in this cycle, narrowed to some states when given."""
        found = self.current(kind, *states)
        return found[-1] if found else None

    def new_id(self, kind: str, *, index: int = 0) -> str:
        """Make an opaque id that is the same whenever the same act is decided again."""
        seed = f"{self.case.id}/{self.case.version}/{kind}/{index}"
        return hashlib.sha256(seed.encode()).hexdigest()[:12]
