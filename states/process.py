"""A process definition as a value: what the YAML of an office says, checked and compiled once, shared by every case.

Nothing here decides anything: `states.machine` is the only interpreter of these values, `states.timers` plans their
clocks, `states.check` refuses bad ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from states import whom_to_ask
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time

    from states.clauses import Clause
    from states.durations import Duration, Rules
    from states.expressions import Expression
    from states.fields import Field

ANY_STAGE = "*"
CLOCK = "clock"
ASKED = "asked"
"""In place of a role: whoever a proposal waits for."""
TIER = "tier"
"""In place of a role or a clock: that of the tier that was asked."""
AT_LEAST = "at least "
SHOWN = 12
"""How many letters of a hash are shown, and are enough to name a version."""
ANYBODY, EACH_PARTY, COMMITTEE, REPORT = "any", "each party", "committee", "report"


class Urgency(StrEnum):
    """How fast the clocks of a case run, from life-saving to structural."""

    U1 = "U1"
    U2 = "U2"
    U3 = "U3"
    U4 = "U4"


class RoleScope(StrEnum):
    """Where a role is held."""

    OFFICE = "office"
    CASE = "case"
    PARTY = "party"


class MailKind(StrEnum):
    """What a mail wants: something done, or only that it be known."""

    ACTION = "action"
    NOTICE = "notice"


class Invitation(StrEnum):
    """What a mail about a session does to the calendar of its reader: it puts the session in, or takes it out."""

    SENT = "sent"
    WITHDRAWN = "withdrawn"


class Anchor(StrEnum):
    """From which instant a rung of a deadline is counted.

    `start` is when the clock began, `entry` when the case came to its stage, `last contact` the last recorded act of
    whoever holds the duty, or the start where they have not acted since.
    """

    DUE = "due"
    START = "start"
    ENTRY = "entry"
    LAST_CONTACT = "last contact"

    @property
    def moves(self) -> bool:
        """Tell whether the instant may change while the clock runs."""
        return self in {Anchor.ENTRY, Anchor.LAST_CONTACT}


class DeadlineScope(StrEnum):
    """What a deadline hangs on, and so when it begins and ends."""

    STAGE = "stage"
    TIER = "tier"
    CASE = "case"
    ITEM = "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A part people play.

    `reads` holds zone patterns: `shared`, `team`, `seniors`, or of the zones of a party `own caucus`,
    `own line`, `own private`, `every caucus` or `every line`.
    """

    name: str
    label: str
    scope: RoleScope
    reads: tuple[str, ...] = ("shared",)
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCondition:
    """A simple condition of the definition's own: an expression over the fields, and the sentence a mediator reads."""

    name: str
    says: str
    holds: Expression
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One way a trigger may go: from any of `sources` (or `*`) to a stage, or nowhere when `to` is None.

    An `outcome` of its own takes the place of the trigger's.
    """

    sources: tuple[str, ...]
    to: str | None
    needs: tuple[str, ...] = ()
    outcome: str | None = None

    def starts_at(self, stage: str) -> bool:
        """Tell whether this move may begin at `stage`."""
        return ANY_STAGE in self.sources or stage in self.sources


@dataclass(frozen=True, slots=True)
class Calls:
    """The tier whose people an act calls, and the posts that are called beside them, by kind of organisation."""

    tier: str
    posts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """An act: who may do it, from where to where, what it needs, what it changes, which mails it sends.

    `who` holds role names, a party role optionally narrowed to a side (`responding representative`), `clock` or
    `system`. `tier` is None, `up`, `down`, a tier's name, `asked` for that of the item at hand, or `at least` and a
    tier's name, which never lowers.
    `question` begins a question to a tier: `request`, `up`, or `at least` and a tier's name; `because` is its cause.
    An act that `settles` some causes leaves with its tier whatever else that is asked.
    `calls` has the people of a tier called though the tier stays as it is.
    `answers` says what an act answers to the question that was asked, such as `decided` or `returned`.
    `stay` is None, `begin` or `end`. `extends` names a clock that gets a new date. An act `agreed_by` a role waits
    until every party agreed through that role, one `seconded_by` a role until a second person who holds it did. What a
    member of a panel asks for in an act `voted_by` that role waits for the panel's vote.
    `zone` names who may read the act: a zone, or `own caucus`, `own line`, `own private`, or `chosen` when its own
    `zone` input says it.
    `there` is the act that the system then does in the case this one links to; with `opens` that is a new case.
    `shared_with` is None, or `joined` for an act that may be done in every joined case at once.
    """

    name: str
    label: str
    moves: tuple[Move, ...]
    who: tuple[str, ...]
    help: str = ""
    owner: str | None = None
    needs: tuple[str, ...] = ()
    inputs: Mapping[str, Field] = field(default_factory=dict)
    does: tuple[str, ...] = ()
    sets: Mapping[str, Expression] = field(default_factory=dict)
    mails: tuple[str, ...] = ()
    zone: str = "shared"
    tier: str | None = None
    question: str | None = None
    because: str = ""
    settles: tuple[str, ...] = ()
    calls: Calls | None = None
    answers: str | None = None
    stay: str | None = None
    extends: str | None = None
    agreed_by: str | None = None
    seconded_by: str | None = None
    voted_by: str | None = None
    outcome: str | None = None
    there: str | None = None
    opens: bool = False
    shared_with: str | None = None
    line: int = 0

    def changes_stage(self) -> bool:
        """Tell whether any of its moves leads to another stage."""
        return any(move.to is not None for move in self.moves)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """An instant relative to a deadline: a share of the clock's time, or a span before (negative) or after an anchor.

    A share that is counted from the due instant is one of the time that leads up to it: 100 % is the due instant.
    """

    percent: int | None = None
    span: Duration | None = None
    anchor: Anchor = Anchor.DUE

    def __str__(self) -> str:
        """Spell the offset as the definition does."""
        amount = f"{self.percent}%" if self.percent is not None else f"{self.span}"
        return amount if self.anchor is Anchor.DUE else f"{amount} from {self.anchor}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A mail before, at or after a due instant, to the duty holder unless `to` names others.

    `when` are its own conditions, asked at the moment it would be sent.
    """

    at: Offset
    mail: str
    to: tuple[str, ...] = ()
    when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """What happens if nothing is recorded by then: the sentence printed everywhere, and the act the clock does.

    `when` are its own conditions, asked at the moment of firing.
    """

    means: str
    fires: str
    at: Offset = field(default_factory=lambda: Offset(percent=100))
    when: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A rule that puts a clock on a duty.

    `spans` gives the time allowed for each urgency class; it is empty when the due instant is read from the item
    (`due_from` names the attribute). `of` is the stage or the item kind; `states` are the item states it runs in.
    `starts` and `stops` are triggers (case scope); on an item `stops` names acts that answer it without asking for it.
    `after_closing` lets it run on a closed case. `when` are conditions asked again at the moment of firing. `asks` says
    the duty as a request, such as “Screen the notice”. `clock` is the name under `clocks:`, by which the parties may
    agree on a span of their own. A clock that `runs_while_stayed` counts on through a pause; the others stand still.
    `zone` is who may see that it runs, and what it is counted from.
    """

    name: str
    label: str
    scope: DeadlineScope
    duty: str
    silences: tuple[Silence, ...]
    spans: Mapping[Urgency, Duration] = field(default_factory=dict)
    reminders: tuple[Reminder, ...] = ()
    of: str | None = None
    states: tuple[str, ...] = ()
    since: str | None = None
    due_from: str | None = None
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    calendar: str | None = None
    after_closing: bool = False
    asks: str = ""
    clock: str = ""
    runs_while_stayed: bool = False
    zone: str = "shared"
    line: int = 0

    @property
    def rungs(self) -> tuple[Reminder | Silence, ...]:
        """List its reminders and its silences."""
        return (*self.reminders, *self.silences)

    @property
    def beside(self) -> bool:
        """Tell whether it runs on a stage beside the stage's own clock."""
        return self.scope is DeadlineScope.STAGE and self.name != self.of

    @property
    def task(self) -> str:
        """The duty in words: what is asked, or the name of the clock where the definition does not say."""
        return self.asks or self.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What work is being done: a phase on the stepper, the duty holder, and one clock unless it is final."""

    name: str
    label: str
    phase: str
    duty: str | None = None
    deadline: Deadline | None = None
    final: bool = False
    help: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A level of the ladder: the roles that have authority there, on both sides together.

    `acts` are the answers it may give, all when empty; `quorum` says whose yes an answer needs: `any`, `each party`,
    `committee`, a number of people, or `report` where somebody writes down what was answered elsewhere.
    `posts` names, by kind of organisation, the posts that hold its roles; `find` are the ways to find people, in order.
    `informs` are the roles told that it was asked.
    """

    name: str
    label: str
    roles: tuple[str, ...]
    may: str = ""
    acts: tuple[str, ...] = ()
    quorum: str = ANYBODY
    posts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    find: tuple[str, ...] = whom_to_ask.WAYS
    informs: tuple[str, ...] = ()
    deadline: Deadline | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail the process may send: its template folder, whether it asks or tells, and which roles get it.

    One that asks says what silence means: `due` names the clock by which it asks, or `tier` for that of the tier that
    was asked, and `silence` is what happens where no such clock runs. A reminder speaks of its own clock.
    A `formal` notice is served on its readers, each by itself, whatever they wish; an `urgent` mail goes at any hour.
    `invitation` is what it carries for the reader's calendar, of the session it is about.
    """

    name: str
    kind: MailKind
    to: tuple[str, ...]
    due: str = ""
    silence: str = ""
    formal: bool = False
    urgent: bool = False
    invitation: Invitation | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The shortest and the longest span the parties may agree on for a clock, both in one unit."""

    least: Duration
    most: Duration

    def __str__(self) -> str:
        """Spell the limits as a mediator reads them."""
        return str(self.said)

    @property
    def said(self) -> str:
        """Say the limits as a mediator reads them."""
        return say("%(least)s to %(most)s", least=self.least, most=self.most)

    def allow(self, span: Duration) -> bool:
        """Tell whether a span is within the limits; one in another unit is not."""
        return span.unit == self.least.unit and self.least.amount <= span.amount <= self.most.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """How far ahead a date may lie, in civil days, and how often it may be set."""

    days: int
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """When the same clause, place or cause opens a case about the pattern itself.

    So many distinct cases (`times`) within so many days (`within_days`) open one of the process `opens`, by the act
    `begins`, and each of them is taken in by the act `gathers`. Cases that ended with an outcome in `without` do not
    count. Definitions that open cases of the same process are counted together.
    """

    times: int
    within_days: int
    opens: str
    urgency: Urgency
    begins: str
    gathers: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tours:
    """What is told of people whose tour ends while they hold a part: `mail`, a span of `notice` before.

    `asks` says what is to be done by then, and `means` what comes of a part that nobody took over.
    """

    notice: Duration
    mail: str
    asks: str
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How notices by mail are served: the methods by which a mail that the relay took, and a look at the desk, count.

    What is served after the `cut_off`, a local hour of the recipient's calendar, counts from the next working day. All
    sides are to be told within the span of `equal_notice` of each other.
    """

    mail: str
    desk: str = ""
    cut_off: time | None = None
    equal_notice: Duration


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A whole definition. `hash` is the SHA-256 of its canonical text, and what a case is pinned to.

    `evidence_until` names the phase, or the clock of the case, that ends the time for evidence.
    `strikes` is how many names of a shortlist each party may strike.
    `deemed_served` says after which span a notice counts as received, by method of service; `service` how that is asked
    of mails.
    """

    name: str
    title: str
    hash: str
    source: str
    prefix: str
    timezone: str
    calendar: str
    initial: str
    phases: Mapping[str, str]
    roles: Mapping[str, Role]
    stages: Mapping[str, Stage]
    triggers: Mapping[str, Trigger]
    mails: Mapping[str, Mail]
    fields: Mapping[str, Field] = field(default_factory=dict)
    conditions: Mapping[str, NamedCondition] = field(default_factory=dict)
    tiers: Mapping[str, Tier] = field(default_factory=dict)
    deadlines: Mapping[str, Deadline] = field(default_factory=dict)
    rules: Rules | None = None
    late_grace_minutes: int = 60
    stay: Cap = Cap(days=30, limit=2)
    extension: Cap = Cap(days=30, limit=2)
    limits: Mapping[str, Limits] = field(default_factory=dict)
    evidence_until: str | None = None
    strikes: int = 1
    opening_mails: tuple[str, ...] = ()
    proposal_mails: tuple[str, ...] = ()
    vote_mails: tuple[str, ...] = ()
    change_mails: tuple[str, ...] = ()
    may_open: tuple[str, ...] = ()
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    deemed_served: Mapping[str, Duration] = field(default_factory=dict)
    service: Service | None = None
    recurrence: Recurrence | None = None
    tours: Tours | None = None

    def every_deadline(self) -> tuple[Deadline, ...]:
        """List the clocks of stages, tiers, items and the case, in the order of the definition."""
        stages = (stage.deadline for stage in self.stages.values() if stage.deadline)
        tiers = (tier.deadline for tier in self.tiers.values() if tier.deadline)
        return (*stages, *tiers, *self.deadlines.values())

    @property
    def version(self) -> str:
        """The name and the beginning of the hash, which people need to tell versions apart."""
        return f"{self.name}@{self.hash[:SHOWN]}"

    def phase_of(self, stage: str) -> str:
        """Name the phase a stage belongs to."""
        return self.stages[stage].phase
