"""Plays a scenario act by act in a world where the clock moves only as told: on paper, or through the real service."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from states import case as cases
from states import durations, errors
from states.items import Agreement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from config.scenarios import Act, Attachment, Input, Scenario
    from states.calendar import Calendar
    from states.case import Case
    from states.process import Process

CLOCK = "the clock"
MAIL = "mail"
OPENED = "Open the case"
MOST_STEPS = 400
LONGEST_WAIT = timedelta(days=120)
_LATER = re.compile(r"\+\d+ [a-z ]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a timeline: when, who (a name, the clock, or `mail`), what, and where the case then stands.

    `trigger` is empty for a reminder and for a mail; a mail has a `recipient` and a `text`.
    """

    at: datetime
    who: str
    what: str
    stage: str
    tier: str
    trigger: str = ""
    recipient: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A mail that was sent: to whom, its subject and its plain text."""

    recipient: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one step of the world did: the act, or nothing for a reminder, what it recorded first, and the case left."""

    at: datetime
    trigger: str
    label: str
    case: Case
    recorded: str = ""


class World(Protocol):
    """Where a scenario is played: it keeps one case and a clock that stands still until it is moved."""

    @property
    def process(self) -> Process:
        """The definition the case is pinned to."""
        ...

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """The working calendars by name."""
        ...

    def now(self) -> datetime:
        """Return the instant the clock stands at."""
        ...

    def move(self, until: datetime) -> None:
        """Move the clock to an instant at which nothing is overdue."""
        ...

    def open(self, scenario: Scenario) -> Told:
        """Open the case of the scenario now."""
        ...

    def act(self, act: Act, inputs: Mapping[str, Input]) -> Told:
        """Let a person act now; raise `Refused` when the process does not allow it."""
        ...

    def upload(self, file: Attachment, *, by: str) -> str:
        """Upload a file in a person's name, and return the reference to it."""
        ...

    def fire(self, *, until: datetime) -> tuple[Told, ...]:
        """Move the clock to the next timer, if it is due by `until`, and fire it; return nothing when none is."""
        ...

    def letters(self) -> Iterator[Letter]:
        """Send what waits to be sent, and yield each mail."""
        ...


@dataclass(slots=True)
class Stage:
    """The performance so far: the world, what each label stands for, and how often each act happened."""

    world: World
    scenario: Scenario
    labels: dict[str, str] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)
    case: Case | None = None


def play(scenario: Scenario, world: World, *, until: str | None = None) -> Iterator[Line]:
    """Play the script, all of it or up to the line of a label, and yield the timeline.

    Raises `DefinitionError` with file and line where the script no longer fits the process, and when it does not
    end as it says.
    """
    stage = Stage(world, scenario)
    opener = scenario.people[scenario.opened_by].name
    try:
        opened = world.open(scenario)
    except errors.Refused as refusal:
        raise errors.DefinitionError(f"{scenario.marks['opened_by']}: {refusal}") from refusal
    yield from _tell(stage, opened, who=opener)
    for act in scenario.acts:
        yield from _perform(stage, act)
        if until is not None and act.label == until:
            return
    _check_ending(stage)


def rest(world: World, *, until: datetime) -> Iterator[Told]:
    """Let time pass: fire everything due by an instant, in due order, and stand there."""
    for _ in range(MOST_STEPS):
        fired = world.fire(until=until)
        if not fired:
            world.move(until)
            return
        yield from fired
    raise errors.DefinitionError(f"the clock fired {MOST_STEPS} times by {until:%Y-%m-%d}; it goes in a circle")


def _perform(stage: Stage, act: Act) -> Iterator[Line]:
    if not act.by:
        yield from _wait(stage, act)
    else:
        for told in rest(stage.world, until=_later(stage.world, act.after)):
            yield from _tell(stage, told, who=CLOCK)
        yield from _attempt(stage, act)
    _check_place(stage, act)


def _wait(stage: Stage, act: Act) -> Iterator[Line]:
    """Do nothing until the clock has fired the act that is waited for."""
    latest = stage.world.now() + LONGEST_WAIT
    while fired := stage.world.fire(until=latest):
        for told in fired:
            yield from _tell(stage, told, who=CLOCK)
        if any(told.trigger == act.do for told in fired):
            return
    raise errors.DefinitionError(f"{act.mark}: the clock never fires “{act.do}” within {LONGEST_WAIT.days} days")


def _attempt(stage: Stage, act: Act) -> Iterator[Line]:
    """Let a person act, and hold a refusal against what the script expects."""
    expected = act.expect.refused
    inputs = {name: _meant(stage, act, value) for name, value in act.inputs.items()}
    who = stage.scenario.people[act.by].name
    try:
        told = stage.world.act(act, inputs)
    except errors.Refused as refusal:
        if expected is None or expected not in str(refusal):
            raise errors.DefinitionError(f"{act.mark}: “{act.do}” is refused: {refusal}") from refusal
        return
    if expected is not None:
        raise errors.DefinitionError(f"{act.mark}: “{act.do}” was to be refused ({expected}), and was done")
    if act.label:
        stage.labels[act.label] = told.recorded
    yield from _tell(stage, told, who=who)


def _tell(stage: Stage, told: Told, *, who: str) -> Iterator[Line]:
    stage.case = told.case
    line = Line(
        at=told.at.astimezone(stage.scenario.start.tzinfo),
        who=who,
        what=told.label,
        stage=stage.world.process.stages[told.case.stage].label,
        tier=told.case.tier or "",
        trigger=told.trigger,
    )
    if told.trigger:
        stage.happened[told.trigger] += 1
        yield line
    for letter in stage.world.letters():
        yield replace(line, who=MAIL, what=letter.subject, trigger="", recipient=letter.recipient, text=letter.text)


def first_new(before: Case, after: Case) -> str:
    """Name what an act recorded first: a new party, or else a new item; empty where it recorded neither."""
    known = {item.id for item in before.items} | {party.id for party in before.parties}
    recorded = (*(party.id for party in after.parties), *(item.id for item in after.items))
    return next((name for name in recorded if name not in known), "")


def _meant(stage: Stage, act: Act, value: Input) -> Input:
    """Put an item's id in place of its label, a reference in place of a file, and an instant in place of a span."""
    if isinstance(value, tuple):
        return tuple(str(_meant(stage, act, part)) for part in value)
    if value.startswith("$") and value[1:] in stage.scenario.files:
        return stage.world.upload(stage.scenario.files[value[1:]], by=act.by)
    if value.startswith("$"):
        known = _known(stage)
        if value[1:] not in known:
            raise errors.DefinitionError(f"{act.mark}: nothing was recorded under the label “{value[1:]}” before")
        return known[value[1:]]
    if _LATER.fullmatch(value):
        return _later(stage.world, durations.Duration.parse(value[1:])).isoformat()
    return value


def _known(stage: Stage) -> dict[str, str]:
    """Name what a script may refer to: its labels, the issues it opened with as issue1 and so on, and the last seal."""
    opened = stage.case.items[: len(stage.scenario.issues)] if stage.case else ()
    sealed = [text.text_hash for text in stage.case.all(Agreement)] if stage.case else []
    issues = {f"issue{number}": item.id for number, item in enumerate(opened, start=1)}
    return {**issues, **({"seal": sealed[-1]} if sealed else {}), **stage.labels}


def _later(world: World, span: durations.Duration) -> datetime:
    calendar = world.calendars[world.process.calendar]
    return durations.shift(world.now(), span, calendar=calendar, timezone=world.process.timezone)


def _check_place(stage: Stage, act: Act) -> None:
    case = stage.case
    found = {"stage": case.stage, "tier": case.tier} if case else {}
    for name, value in found.items():
        expected = getattr(act.expect, name)
        if expected is not None and expected != value:
            raise errors.DefinitionError(f"{act.mark}: the {name} is “{value}” after “{act.do}”, not “{expected}”")


def _check_ending(stage: Stage) -> None:
    case, ending = stage.case or cases.replay(()), stage.scenario.ending
    states = Counter((item.kind, item.state) for item in case.items)
    found: dict[str, tuple[object, object]] = {
        "stage": (case.stage, ending.stage),
        "tier": (case.tier, ending.tier),
        "outcome": (case.outcome, ending.outcome),
        "cycle": (case.cycle, ending.cycle),
        **{f"acts {name}": (stage.happened[name], wanted) for name, wanted in ending.happened.items()},
    }
    wrong = [f"{name}: {is_} instead of {wanted}" for name, (is_, wanted) in found.items() if is_ != wanted]
    for name, wanted in ending.items.items():
        kind, _, state = name.partition(" ")
        if states[kind, state] != wanted:
            there = ", ".join(f"{count} {one}" for (of, one), count in states.items() if of == kind and count)
            wrong.append(f"{kind}: [{there}] instead of {wanted} {state}")
    if wrong:
        mark = stage.scenario.marks["ending"]
        raise errors.DefinitionError(f"{mark}: the scenario does not end as it says: {'; '.join(wrong)}")
