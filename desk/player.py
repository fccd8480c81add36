"""Plays a scenario act by act in a world where the clock moves only as told: on paper, or through the real service."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from config.scenarios import Expectation
from states import durations, errors, questions
from states.items import Agreement, Issue, Link
from states.process import CLOCK as CLOCKWORK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from config.scenarios import Act, Attachment, Ending, Input, Scenario
    from states.calendar import Calendar
    from states.case import Case
    from states.process import Process

CLOCK = "the clock"
SYSTEM = "the system"
MAIL = "mail"
OPENED = "Open the case"
MOST_STEPS = 400
LONGEST_WAIT = timedelta(days=120)
_PLACES = ("stage", "tier", "urgency", "outcome")
_LATER = re.compile(r"\+\d+ [a-z ]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a timeline: when, who (a name, the clock, or `mail`), what, and where the case then stands.

    `trigger` is empty for a reminder and for a mail; a mail has a `recipient` and a `text`. `case` names another case
    than the one the scenario is about.
    """

    at: datetime
    who: str
    what: str
    stage: str
    tier: str
    case: str = ""
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
    """Where a scenario is played: it keeps the cases and a clock that stands still until it is moved."""

    @property
    def process(self) -> Process:
        """The definition the cases are pinned to."""
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

    def act(self, act: Act, inputs: Mapping[str, Input], *, case_id: str) -> Told:
        """Let a person act on a case now; raise `Refused` when the process does not allow it."""
        ...

    def case_of(self, case_id: str) -> Case:
        """Return a case as it stands."""
        ...

    def readers(self, case_id: str, item_id: str, people: Iterable[str]) -> frozenset[str]:
        """Say which of these people may read an item."""
        ...

    def gather(self) -> tuple[Told, ...]:
        """Look for what keeps coming back, and tell of each case that is opened about it."""
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
    """The performance so far: the world, what each label stands for, the cases by name, how often each act happened.

    The case that the scenario is about has the empty name.
    """

    world: World
    scenario: Scenario
    labels: dict[str, str] = field(default_factory=dict)
    happened: Counter[tuple[str, str]] = field(default_factory=Counter)
    cases: dict[str, str] = field(default_factory=dict)

    def case_id(self, act: Act) -> str:
        """Find the case that a line is about."""
        if act.case not in self.cases:
            raise errors.DefinitionError(f"{act.mark}: no case was opened under the label “{act.case}” before")
        return self.cases[act.case]


def play(scenario: Scenario, world: World, *, until: str | None = None) -> Iterator[Line]:
    """Play the script, all of it or up to the line of a label, and yield the timeline.

    Raises `DefinitionError` with file and line where the script no longer fits the process, and when it does not
    end as it says.
    """
    stage = Stage(world, scenario)
    yield from _open(stage, scenario, name="")
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


def _open(stage: Stage, scenario: Scenario, *, name: str) -> Iterator[Line]:
    try:
        opened = stage.world.open(scenario)
    except errors.Refused as refusal:
        mark = scenario.marks["beside" if name else "opened_by"]
        raise errors.DefinitionError(f"{mark}: {refusal}") from refusal
    stage.cases[name] = opened.case.id
    yield from _tell(stage, opened, who=scenario.people[scenario.opened_by].name)


def _perform(stage: Stage, act: Act) -> Iterator[Line]:
    if not act.by:
        yield from _wait(stage, act)
    else:
        for told in rest(stage.world, until=_later(stage.world, act.after)):
            yield from _tell(stage, told, who=CLOCK)
        if act.case in stage.scenario.beside and act.case not in stage.cases:
            yield from _open(stage, stage.scenario.beginning(act.case), name=act.case)
        yield from _attempt(stage, act)
    _check_place(stage, act)


def _wait(stage: Stage, act: Act) -> Iterator[Line]:
    """Do nothing until what is waited for has happened by itself."""
    if CLOCKWORK not in stage.world.process.triggers[act.do].who:
        yield from _look_around(stage, act)
        return
    latest = stage.world.now() + LONGEST_WAIT
    while fired := stage.world.fire(until=latest):
        for told in fired:
            yield from _tell(stage, told, who=CLOCK)
        if any(told.trigger == act.do and told.case.id == stage.case_id(act) for told in fired):
            return
    raise errors.DefinitionError(f"{act.mark}: the clock never fires “{act.do}” within {LONGEST_WAIT.days} days")


def _look_around(stage: Stage, act: Act) -> Iterator[Line]:
    """Let a case be opened about what keeps coming back; the label then stands for it."""
    opened = stage.world.gather()
    if not opened:
        raise errors.DefinitionError(f"{act.mark}: nothing has come back so often that “{act.do}” follows")
    stage.cases[act.label] = opened[0].case.id
    for told in opened:
        yield from _tell(stage, told, who=SYSTEM)


def _attempt(stage: Stage, act: Act) -> Iterator[Line]:
    """Let a person act, and hold a refusal against what the script expects."""
    expected = act.expect.refused
    inputs = {name: _meant(stage, act, value) for name, value in act.inputs.items()}
    who = stage.scenario.people[act.by].name
    try:
        told = stage.world.act(act, inputs, case_id=stage.case_id(act))
    except errors.Refused as refusal:
        if expected is None or expected not in str(refusal):
            raise errors.DefinitionError(f"{act.mark}: “{act.do}” is refused: {refusal}") from refusal
        return
    if expected is not None:
        raise errors.DefinitionError(f"{act.mark}: “{act.do}” was to be refused ({expected}), and was done")
    if act.label:
        stage.labels[act.label] = told.recorded
        link = told.case.item(told.recorded)
        stage.cases |= {act.label: link.other} if isinstance(link, Link) else {}
    yield from _tell(stage, told, who=who)


def _tell(stage: Stage, told: Told, *, who: str) -> Iterator[Line]:
    names = {case_id: name for name, case_id in stage.cases.items()}
    line = Line(
        at=told.at.astimezone(stage.scenario.start.tzinfo),
        who=who,
        what=told.label,
        stage=stage.world.process.stages[told.case.stage].label,
        tier=told.case.tier or "",
        case=names.get(told.case.id, told.case.number),
        trigger=told.trigger,
    )
    if told.trigger:
        stage.happened[line.case, told.trigger] += 1
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
        known = _known(stage, act)
        if value[1:] not in known:
            raise errors.DefinitionError(f"{act.mark}: nothing was recorded under the label “{value[1:]}” before")
        return known[value[1:]]
    if _LATER.fullmatch(value):
        return _later(stage.world, durations.Duration.parse(value[1:])).isoformat()
    return value


def _known(stage: Stage, act: Act) -> dict[str, str]:
    """Name what a script may refer to: labels, cases, and the issues, the open question and last seal of a case."""
    case = stage.world.case_of(stage.case_id(act))
    issues = {f"issue{number}": issue.id for number, issue in enumerate(case.all(Issue), start=1)}
    texts = case.all(Agreement)
    asked = questions.open_one(case)
    newest = {"seal": texts[-1].text_hash if texts else "", "question": asked.id if asked else ""}
    found = {name: value for name, value in newest.items() if value}
    return {**issues, **found, **stage.cases, **stage.labels}


def _later(world: World, span: durations.Duration) -> datetime:
    calendar = world.calendars[world.process.calendar]
    return durations.shift(world.now(), span, calendar=calendar, timezone=world.process.timezone)


def _check_place(stage: Stage, act: Act) -> None:
    if act.expect == Expectation():
        return
    case = stage.world.case_of(stage.case_id(act))
    for name in _PLACES:
        value, expected = getattr(case, name), getattr(act.expect, name)
        if expected is not None and expected != value:
            raise errors.DefinitionError(f"{act.mark}: the {name} is “{value}” after “{act.do}”, not “{expected}”")
    if wrong := [*_wrong_tallies(case, act.expect.items)]:
        raise errors.DefinitionError(f"{act.mark}: after “{act.do}” there are {'; '.join(wrong)}")
    _check_readers(stage, act)


def _check_readers(stage: Stage, act: Act) -> None:
    expected = frozenset(act.expect.read_by)
    if not expected:
        return
    item_id = stage.labels.get(act.label, "")
    found = stage.world.readers(stage.case_id(act), item_id, stage.scenario.people)
    if found != expected:
        read = ", ".join(sorted(found)) or "nobody"
        raise errors.DefinitionError(
            f"{act.mark}: what “{act.do}” recorded is read by {read}; label it, or mend the list"
        )


def _check_ending(stage: Stage) -> None:
    ending = stage.scenario.ending
    wrong = [*_wrong_at_the_end(stage, ending, name="")]
    for name, other in ending.cases.items():
        wrong += (f"{name}: {text}" for text in _wrong_at_the_end(stage, other, name=name))
    if wrong:
        mark = stage.scenario.marks["ending"]
        raise errors.DefinitionError(f"{mark}: the scenario does not end as it says: {'; '.join(wrong)}")


def _wrong_at_the_end(stage: Stage, ending: Ending, *, name: str) -> Iterator[str]:
    case = stage.world.case_of(stage.cases[name])
    found: dict[str, tuple[object, object]] = {
        "stage": (case.stage, ending.stage),
        "tier": (case.tier, ending.tier),
        "outcome": (case.outcome, ending.outcome),
        "cycle": (case.cycle, ending.cycle),
        **{f"acts {act}": (stage.happened[name, act], wanted) for act, wanted in ending.happened.items()},
    }
    yield from (f"{what}: {is_} instead of {wanted}" for what, (is_, wanted) in found.items() if is_ != wanted)
    yield from _wrong_tallies(case, ending.items)


def _wrong_tallies(case: Case, tallies: Mapping[str, int]) -> Iterator[str]:
    states = Counter((item.kind, item.state) for item in case.items)
    for name, wanted in tallies.items():
        kind, _, state = name.partition(" ")
        if states[kind, state] != wanted:
            there = ", ".join(f"{count} {one}" for (of, one), count in states.items() if of == kind and count)
            yield f"{kind}: [{there}] instead of {wanted} {state}"
