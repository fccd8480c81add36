"""The only interpreter of a process: `advance` decides an act, `permitted` says which acts a person has now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from states import (
    agreeing,
    asking,
    binding,
    brief,
    conditions,
    errors,
    fields,
    mirrored,
    regions,
    roles,
    structure,
    zoning,
)
from states import case as cases
from states.case import Case
from states.directory import NOTHING_ON_FILE
from states.effects import EFFECTS
from states.events import Event
from states.process import ANY_STAGE
from states.regions import Cursor
from states.said import listed, say, together
from states.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from states.calendar import Calendar
    from states.directory import Directory
    from states.events import Change
    from states.fields import Field, Value
    from states.items import Ballot, Proposal
    from states.process import Move, Process, Trigger
    from states.roles import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A request to move a case: `at` is the instant it counts from, `recorded_at` the moment of writing.

    `employers` is what the directory knows and the rules ask: the organisation of each person whom the inputs name,
    or the proposal that they answer; `strangers` are those among them who are not on file, or have left.
    `beside` is another case that the act names or opens, as it stands. `shared_id` names what it does in several joined
    cases at once. `calendars` are the working calendars by name, for acts that count working time; `directory` is what
    is on file about people, for acts that ask it.
    """

    trigger: str
    actor: Actor
    at: datetime
    recorded_at: datetime
    inputs: Mapping[str, object] = field(default_factory=dict)
    timer: str | None = None
    employers: Mapping[str, str] = field(default_factory=dict)
    strangers: frozenset[str] = frozenset()
    beside: Case | None = None
    shared_id: str = ""
    calendars: Mapping[str, Calendar] = field(default_factory=dict, repr=False)
    directory: Directory = field(default=NOTHING_ON_FILE, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An act a person has now, what it still needs, and what it asks for."""

    trigger: Trigger
    inputs: Mapping[str, Field]
    missing: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Tell whether nothing stands in the way but the inputs."""
        return not self.missing


def advance(process: Process, case: Case, act: Act, *, known: Case | None = None) -> tuple[Case, tuple[Event, ...]]:
    """Decide an act: return the new case and the events that made it, or refuse with everything that is missing.

    An act that waits for the agreement or the vote of others is kept; the answer that completes it carries it out.
    An act is always weighed on the whole `case`. To rehearse it, what follows is told from the case as it is `known` to
    whoever acts, so that nothing is opened to them beforehand.
    Raises `UnknownTrigger`, `NotFromHere`, `NotYours` or `NeedsMissing`.
    """
    trigger = find_trigger(process, act.trigger)
    situation = _weigh_actor(process, case, trigger, act)
    inputs, problems = asking.read_inputs(process, case, trigger, actor=act.actor, given=act.inputs)
    situation = replace(situation, inputs=inputs)
    zone, zone_problems = zoning.zone_of_act(situation, trigger)
    situation = replace(situation, zone=zone)
    strangers = act.strangers & asking.people_named(process, case, trigger, actor=act.actor, given=act.inputs)
    problems = (*problems, *zone_problems, *asking.not_on_file(strangers), *_not_votable(trigger, situation))
    move = _allowed(trigger, situation, problems=problems)
    meets = mirrored.meeting(trigger, situation)
    if meets is not None:
        return advance(process, case, replace(act, trigger=meets[0], inputs=meets[1]), known=known)
    waits = agreeing.needs_others(trigger, situation)
    known = case if known is None else known
    situation = replace(situation, case=known)
    changes = (agreeing.proposed(trigger, situation),) if waits else _changes(trigger, move, situation, act)
    recorded = zoning.by_zone(trigger, act, situation, changes)
    agreed = agreeing.completed(recorded)
    if agreed is not None:
        after = _after(known, recorded)
        recorded += _carried_out(process, _after(case, recorded), agreed, act, known=after)
    return _after(known, recorded), recorded


def _allowed(trigger: Trigger, situation: Situation, *, problems: tuple[str, ...]) -> Move:
    """Return the move that the act takes, or refuse with the problems and everything else that is missing."""
    move, missing = _weigh(situation.process, trigger, situation)
    missing = (*problems, *missing)
    if missing or move is None:
        sentence = say("“%(act)s” still needs: %(missing)s", act=trigger.label, missing=together(missing))
        raise errors.NeedsMissing(sentence, missing=missing)
    return move


def _changes(trigger: Trigger, move: Move, situation: Situation, act: Act) -> tuple[Change, ...]:
    since = counts_from(situation.process, act)
    changes = (*_effects(trigger, situation), *structure.changes(trigger, move, situation, since=since))
    return (*changes, *brief.overtaken(situation.case, changes))


def _after(case: Case, happened: tuple[Event, ...]) -> Case:
    for event in happened:
        case = cases.evolve(case, event)
    return case


def _not_votable(trigger: Trigger, situation: Situation) -> tuple[str, ...]:
    """List what stands against putting an act to the vote, where it is for a panel to decide."""
    return conditions.unmet(agreeing.ON_A_QUESTION, situation) if agreeing.needs_vote(trigger, situation) else ()


def _carried_out(
    process: Process, case: Case, proposal: Proposal | Ballot, answer: Act, *, known: Case
) -> tuple[Event, ...]:
    """Do what was proposed, in the name of who proposed it, weighed at the instant of the answer that completes it."""
    trigger, proposer = find_trigger(process, proposal.act), roles.Actor(proposal.by)
    situation = Situation(
        process=process,
        case=case,
        actor=proposer,
        at=answer.at,
        speaks_for=roles.speaks_for(process, case, proposer, trigger.who),
        inputs=proposal.inputs,
        employers=answer.employers,
        calendars=answer.calendars,
        directory=answer.directory,
        since=counts_from(process, answer),
    )
    zone, _ = zoning.zone_of_act(situation, trigger)
    situation = replace(situation, zone=zone)
    named = asking.people_named(process, case, trigger, actor=proposer, given=proposal.inputs)
    problems = (*asking.stale(process, case, trigger, situation), *asking.not_on_file(answer.strangers & named))
    if not any(move.starts_at(case.stage) for move in trigger.moves):
        problems = (
            *problems,
            say("a stage at which it is open; the case stands at “%(stage)s”", stage=process.stages[case.stage].label),
        )
    if not _is_for(process, case, trigger, agreeing.proposer_of(process, proposal), inputs=proposal.inputs):
        problems = (*problems, say("somebody to do it, for who proposed it no longer has the part; propose it anew"))
    move = _allowed(trigger, situation, problems=problems)
    act = replace(answer, trigger=trigger.name, actor=proposer, inputs=proposal.inputs)
    situation = replace(situation, case=known)
    return zoning.by_zone(trigger, act, situation, _changes(trigger, move, situation, act))


def permitted(
    process: Process, case: Case, actor: Actor, at: datetime, *, directory: Directory = NOTHING_ON_FILE
) -> tuple[Option, ...]:
    """List the acts this actor has at the stage where the case stands, each with what it still needs.

    What is on file about people tells who answers to whom, where a question waits for an answer.
    """
    options = []
    for trigger in process.triggers.values():
        if not any(move.starts_at(case.stage) for move in trigger.moves):
            continue
        if not any(roles.holds(process, case, actor, who=who) for who in trigger.who):
            continue
        mine = roles.speaks_for(process, case, actor, trigger.who)
        situation = Situation(process=process, case=case, actor=actor, at=at, speaks_for=mine, directory=directory)
        _, missing = _weigh(process, trigger, situation)
        missing = (*missing, *_not_votable(trigger, situation))
        options.append(Option(trigger=trigger, inputs=asking.asked(process, case, trigger, actor), missing=missing))
    return tuple(options)


def find_trigger(process: Process, name: str) -> Trigger:
    """Find a trigger by name, or say which ones there are."""
    if name not in process.triggers:
        sentence = say(
            "the process “%(process)s” has no act “%(name)s”; it has: %(acts)s",
            process=process.name,
            name=name,
            acts=listed(process.triggers),
        )
        raise errors.UnknownTrigger(sentence)
    return process.triggers[name]


def _weigh_actor(process: Process, case: Case, trigger: Trigger, act: Act) -> Situation:
    """Refuse an act that is not open here, or not this actor's; the item it names narrows the role."""
    if not any(move.starts_at(case.stage) for move in trigger.moves):
        stages = sorted({source for move in trigger.moves for source in move.sources})
        names = listed(process.stages[stage].label for stage in stages if stage != ANY_STAGE)
        here = process.stages[case.stage].label
        sentence = say(
            "“%(act)s” is not open at the stage “%(stage)s”; it is open at: %(stages)s",
            act=trigger.label,
            stage=here,
            stages=names,
        )
        raise errors.NotFromHere(sentence)
    if not _is_for(process, case, trigger, act.actor, inputs=act.inputs):
        labels = listed(roles.label(process, who) for who in trigger.who)
        raise errors.NotYours(
            _withdrawn(case, act.actor) or say("“%(act)s” is for: %(roles)s", act=trigger.label, roles=labels)
        )
    mine = roles.speaks_for(process, case, act.actor, trigger.who)
    return Situation(
        process=process,
        case=case,
        actor=act.actor,
        at=act.at,
        speaks_for=mine,
        employers=act.employers,
        beside=act.beside,
        shared_id=act.shared_id,
        calendars=act.calendars,
        directory=act.directory,
        since=counts_from(process, act),
    )


def _is_for(process: Process, case: Case, trigger: Trigger, actor: Actor, *, inputs: Mapping[str, object]) -> bool:
    """Tell whether an act on what these inputs name is this person's to do."""
    item = asking.item_at_hand(case, inputs)
    return any(roles.holds(process, case, actor, who=who, item=item) for who in trigger.who)


def _withdrawn(case: Case, actor: Actor) -> str | None:
    left = next((party for party in roles.parties_of(case, actor) if party.left_at is not None), None)
    if left is None or left.left_at is None:
        return None
    return say(
        "%(party)s withdrew from this case on %(day)s; nothing is asked of it any more",
        party=left.name,
        day=left.left_at.date(),
    )


def _weigh(process: Process, trigger: Trigger, situation: Situation) -> tuple[Move | None, tuple[str, ...]]:
    """Ask all three regions at once, so that a refusal lists everything."""
    cursor = Cursor(situation.case.stage, situation)
    regions.fire(regions.compiled(process).stage, trigger.name, cursor)
    missing = [*binding.missing(trigger, situation), *conditions.unmet(trigger.needs, situation), *cursor.missing]
    missing += structure.missing(trigger, situation, cursor.taken)
    return cursor.taken, tuple(dict.fromkeys(missing))


def _effects(trigger: Trigger, situation: Situation) -> Iterator[Change]:
    for name in trigger.does:
        yield from EFFECTS[name].run(situation)
    if trigger.sets:
        names = {**situation.case.fields, **(situation.inputs or {})}
        values = {name: expression.value(names) for name, expression in trigger.sets.items()}
        yield from zoning.fields_set(situation.process, _as_declared(situation.process, values))


def _as_declared(process: Process, values: Mapping[str, object]) -> dict[str, Value]:
    """Read computed values as their fields declare, so that what is stored is what was promised."""
    return {name: fields.read(process.fields[name], value) for name, value in values.items()}


def counts_from(process: Process, act: Act) -> datetime:
    """Return when clocks that follow an act begin: its own instant, or now if a timer fired later than the grace.

    Nobody loses time because the clockwork stood still.
    """
    late = act.recorded_at - act.at > timedelta(minutes=process.late_grace_minutes)
    return act.recorded_at if late and act.timer is not None else act.at
