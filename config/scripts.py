"""Scenarios as values: disputes as scripts, each with its people, its acts in order and what must come of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from config.yaml_nodes import Mark
    from states.case import Side
    from states.durations import Duration
    from states.process import Urgency

Input = str | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """A body that people work for: the name of its calendar and its time zone."""

    id: str
    name: str
    calendar: str
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a scenario; the address ends in .example, where no mail can arrive.

    Who belongs to no body has no organisation.
    """

    id: str
    name: str
    email: str
    language: str
    timezone: str
    organisation: str
    telephone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyEntry:
    """A party at the opening; `people` maps a party role to persons' ids.

    A group that is no body has no organisation.
    """

    id: str
    name: str
    side: Side
    organisation: str
    people: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A small file that somebody uploads: its name and its text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What must hold after an act, of the case it was done in, or a part of the sentence by which it is refused.

    `items` are keyed by "kind state"; `read_by` are exactly the people who may read what the act recorded first.
    """

    stage: str | None = None
    tier: str | None = None
    urgency: str | None = None
    outcome: str | None = None
    refused: str | None = None
    items: Mapping[str, int] = field(default_factory=dict)
    read_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One line of the script: a person acts some time after the line before, or, without a person, time passes.

    Where `by` is empty, the clock alone must fire the trigger `do`. Among `inputs`, `$label` stands for what an
    earlier line of that label recorded, and `+14 cd` for an instant that long after the act. `case` is the name of the
    case it is done in, empty for the one that the scenario is about.
    """

    mark: Mark
    by: str
    do: str
    after: Duration
    inputs: Mapping[str, Input]
    case: str = ""
    label: str = ""
    expect: Expectation = Expectation()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How the script must end: where the case stands, how many items of a kind are in a state, which acts happened.

    A process without a ladder has no `tier`, and a case that is still open no `outcome`. `items` is keyed by "kind
    state" and `happened` by trigger; both count over all cycles of the case. `cases` say the same of the other cases,
    by name.
    """

    stage: str
    tier: str | None
    outcome: str | None
    cycle: int
    items: Mapping[str, int]
    happened: Mapping[str, int]
    cases: Mapping[str, Ending] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Where a demonstration stops the script: after the line labelled `until`.

    When `then` names a trigger, or `reminder`, the script is dated so that the clock's next such timer falls due
    `within` of the present.
    """

    until: str
    then: str | None
    within: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """How a case begins: what it is called, who opens it, between whom, and about what."""

    title: str
    urgency: Urgency
    opened_by: str
    parties: tuple[PartyEntry, ...]
    issues: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A dispute from notice to closure.

    `documented` tells what published sources report, `modelled` what is invented. `start` may be moved: everything
    else is counted from it. An act names one of `files` as `$name`. `secret` holds words that stand in a confidential
    note or worksheet, and so in no mail. `beside` are other cases by name, each opened before the first act in it.
    `marks` tell where each part of the file begins.
    """

    id: str
    title: str
    documented: str
    modelled: str
    process: str
    urgency: Urgency
    start: datetime
    opened_by: str
    organisations: Mapping[str, Organisation]
    people: Mapping[str, Person]
    parties: tuple[PartyEntry, ...]
    roles: Mapping[str, tuple[str, ...]]
    issues: tuple[str, ...]
    files: Mapping[str, Attachment]
    acts: tuple[Act, ...]
    ending: Ending
    demo: Demo
    secret: tuple[str, ...]
    beside: Mapping[str, Opening] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)

    @property
    def watcher(self) -> str:
        """The person whose eyes the performance is followed with: whoever stands first under `roles`."""
        return next(person for people in self.roles.values() for person in people)

    def beginning(self, name: str) -> Scenario:
        """Return the same people about one of the cases `beside`."""
        other = self.beside[name]
        return replace(
            self,
            id=f"{self.id}-{name}",
            title=other.title,
            urgency=other.urgency,
            opened_by=other.opened_by,
            parties=other.parties,
            issues=other.issues,
        )
