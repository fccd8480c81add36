"""What the checker knows and says: the names it may rely on, what it found wrong, and every name a definition mentions.

One list of mentions serves both questions: a name mentioned but not declared is unknown, a name declared but never
mentioned is a rule nobody consumes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from states import roles
from states.process import ANY_STAGE, AT_LEAST, DeadlineScope

if TYPE_CHECKING:
    from states.process import Deadline, Process, Trigger

OPENING = "open"
_MANY = 12
CLIMBS = frozenset({"up", "down", "asked", "request"})
# Recipients of a mail that are not roles: who holds the duty, has authority at the tier, did the act, lost their part
# by it, is invited, newly or no longer, is called, is asked to agree, is told of what is asked, or whose tour ends.
LEAVING = "leaving"
INFORMED = "informed"
RECIPIENTS = frozenset(
    {
        *("duty", "tier", "actor", "former", "invited", "newly_invited", "uninvited"),
        *("called", "asked", INFORMED, LEAVING),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The names that exist outside a definition; one equals no other, so that what was checked by one is known by it.

    `inputs` gives, for each effect, the inputs it brings, which expressions may read; `speaks_in` the only zone in
    which an act may do it, where that is one. `own_words` are the effects that only people bring about, `unanimous` the
    conditions that hold only when every party has said yes; `leaves` gives, for each effect that leaves an item waiting
    for somebody, the kind of item and its state.
    """

    conditions: frozenset[str]
    effects: frozenset[str]
    templates: frozenset[str]
    item_kinds: frozenset[str]
    calendars: frozenset[str]
    inputs: Mapping[str, Iterable[str]] = field(default_factory=dict)
    speaks_in: Mapping[str, str] = field(default_factory=dict)
    own_words: frozenset[str] = frozenset()
    unanimous: frozenset[str] = frozenset()
    leaves: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing wrong with a definition: its line, the place by name, what is wrong and how to mend it.

    The line is 0 for what belongs to the definition as a whole; the place is then its key ("initial").
    """

    line: int
    place: str
    text: str


class Kind(StrEnum):
    """What a name stands for."""

    STAGE = "stage"
    PHASE = "phase"
    TIER = "tier"
    ROLE = "role"
    TRIGGER = "trigger"
    CONDITION = "condition"
    EFFECT = "effect"
    FIELD = "field"
    MAIL = "mail"
    TEMPLATE = "mail template"
    ITEM = "kind of item"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name used at a place."""

    kind: Kind
    name: str
    line: int
    place: str


def nearest(word: str, known: Iterable[str]) -> str:
    """Suggest the nearest known word, or list those there are."""
    choices = sorted(known)
    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if close:
        return f"did you mean “{close[0]}”?"
    more = f" and {len(choices) - _MANY} more" if len(choices) > _MANY else ""
    return f"known here: {', '.join(choices[:_MANY]) or 'nothing yet'}{more}"


def place_of(deadline: Deadline) -> str:
    """Name the place of a deadline: its stage or tier when it is the clock of one."""
    hung = deadline.scope in {DeadlineScope.STAGE, DeadlineScope.TIER} and not deadline.beside
    return f"{deadline.scope if hung else 'deadline'} {deadline.name}"


def known(process: Process, vocabulary: Vocabulary) -> dict[Kind, frozenset[str]]:
    """List the names that may be mentioned, by what they stand for."""
    return {
        Kind.STAGE: frozenset(process.stages),
        Kind.PHASE: frozenset(process.phases),
        Kind.TIER: frozenset(process.tiers),
        Kind.ROLE: frozenset(process.roles),
        Kind.TRIGGER: frozenset(process.triggers),
        Kind.CONDITION: vocabulary.conditions | process.conditions.keys(),
        Kind.EFFECT: vocabulary.effects,
        Kind.FIELD: frozenset(process.fields),
        Kind.MAIL: frozenset(process.mails),
        Kind.TEMPLATE: vocabulary.templates,
        Kind.ITEM: vocabulary.item_kinds,
        Kind.CALENDAR: vocabulary.calendars,
    }


def mentions(process: Process) -> tuple[Mention, ...]:
    """List every name the definition uses, with its place."""
    return tuple(_all_mentions(process))


def sent_by_acts(process: Process) -> frozenset[str]:
    """Name the mails that acts send, their proposals, votes and changes of version included."""
    return frozenset(
        {
            *process.opening_mails,
            *process.proposal_mails,
            *process.vote_mails,
            *process.change_mails,
            *(name for trigger in process.triggers.values() for name in trigger.mails),
        }
    )


def _all_mentions(process: Process) -> Iterator[Mention]:
    yield Mention(Kind.STAGE, process.initial, 0, "initial")
    yield Mention(Kind.CALENDAR, process.calendar, 0, "calendar")
    yield from _at("opening_mails", 0, {Kind.MAIL: process.opening_mails})
    yield from _at("proposal_mails", 0, {Kind.MAIL: process.proposal_mails})
    yield from _at("vote_mails", 0, {Kind.MAIL: process.vote_mails})
    yield from _at("change_mails", 0, {Kind.MAIL: process.change_mails})
    yield from _at("may_open", 0, {Kind.ROLE: process.may_open})
    for stage in process.stages.values():
        used = {Kind.PHASE: (stage.phase,), Kind.ROLE: (stage.duty,) if stage.duty else ()}
        yield from _at(f"stage {stage.name}", stage.line, used)
    for tier in process.tiers.values():
        yield from _at(f"tier {tier.name}", tier.line, {Kind.ROLE: (*tier.roles, *tier.informs)})
    for deadline in process.every_deadline():
        yield from _at(place_of(deadline), deadline.line, _in_deadline(deadline))
    for trigger in process.triggers.values():
        yield from _at(f"trigger {trigger.name}", trigger.line, _in_trigger(trigger))
    for asked in process.fields.values():
        yield from _at(f"field {asked.name}", asked.line, {Kind.ITEM: (asked.of,) if asked.of else ()})
    yield from _in_standing_rules(process)
    for mail in process.mails.values():
        yield from _at(f"mail {mail.name}", mail.line, {Kind.TEMPLATE: (mail.name,), Kind.ROLE: _told(mail.to)})


def _in_standing_rules(process: Process) -> Iterator[Mention]:
    """List what is used by the rules that hold whatever the stage."""
    if process.recurrence is not None and process.recurrence.opens == process.name:
        acts = (process.recurrence.begins, process.recurrence.gathers)
        yield from _at("recurrence", 0, {Kind.TRIGGER: acts})
    if process.tours is not None:
        yield from _at("tours", 0, {Kind.MAIL: (process.tours.mail,)})


def _at(place: str, line: int, used: Mapping[Kind, Iterable[str]]) -> Iterator[Mention]:
    for kind, names in used.items():
        for name in dict.fromkeys(names):
            yield Mention(kind, name, line, place)


def _in_deadline(deadline: Deadline) -> dict[Kind, tuple[str, ...]]:
    starts = tuple(name for name in deadline.starts if name != OPENING)
    fired = tuple(silence.fires for silence in deadline.silences)
    told = tuple(role for reminder in deadline.reminders for role in _told(reminder.to))
    item = deadline.of if deadline.scope is DeadlineScope.ITEM else None
    stage = deadline.of if deadline.beside else None
    asked = tuple(need for rung in deadline.rungs for need in rung.when)
    return {
        Kind.ROLE: (*_told((deadline.duty,)), *told) if deadline.duty else told,
        Kind.CONDITION: (*deadline.when, *asked),
        Kind.CALENDAR: (deadline.calendar,) if deadline.calendar else (),
        Kind.TRIGGER: (*fired, *starts, *deadline.stops),
        Kind.MAIL: tuple(reminder.mail for reminder in deadline.reminders),
        Kind.ITEM: (item,) if item else (),
        Kind.STAGE: (stage,) if stage else (),
    }


def _told(to: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(role for role in to if role not in RECIPIENTS)


def _in_trigger(trigger: Trigger) -> dict[Kind, tuple[str, ...]]:
    sources = (source for move in trigger.moves for source in move.sources if source != ANY_STAGE)
    aims = (move.to for move in trigger.moves if move.to is not None)
    who = (role for role in trigger.who if role not in roles.AUTOMATIC)
    return {
        Kind.STAGE: (*sources, *aims),
        Kind.ROLE: (*who, *filter(None, (trigger.owner, trigger.agreed_by, trigger.seconded_by, trigger.voted_by))),
        Kind.CONDITION: (*trigger.needs, *(need for move in trigger.moves for need in move.needs)),
        Kind.EFFECT: trigger.does,
        Kind.TRIGGER: (trigger.there,) if trigger.there else (),
        Kind.MAIL: trigger.mails,
        Kind.FIELD: tuple(trigger.sets),
        Kind.TIER: tuple(_tiers_in(trigger)),
        Kind.ITEM: tuple(asked.of for asked in trigger.inputs.values() if asked.of),
    }


def _tiers_in(trigger: Trigger) -> Iterator[str]:
    if trigger.calls is not None:
        yield trigger.calls.tier
    for word in (trigger.tier, trigger.question):
        if word is not None and word not in CLIMBS:
            yield word.removeprefix(AT_LEAST)
