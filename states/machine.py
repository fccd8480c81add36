"""The only interpreter of a process: `advance` decides an act, `permitted` says which acts a person has now."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from states import agreeing, asking, conditions, errors, events, fields, regions, roles, structure
from states import case as cases
from states.case import Case, Party
from states.effects import EFFECTS
from states.events import Event
from states.process import ANY_STAGE, Urgency
from states.regions import Cursor
from states.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from states.events import Change
    from states.fields import Field, Value
    from states.items import Item, Proposal
    from states.process import Move, Process, Trigger
    from states.roles import Actor

OPENING = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A request to move a case: `at` is the instant it counts from, `recorded_at` the moment of writing.

    `employers` is what the directory knows and the rules ask: the organisation of each person whom the inputs name.
    `beside` is another case that the act names or opens, as it stands. `shared_id` names what it does in several joined
    cases at once.
    """

    trigger: str
    actor: Actor
    at: datetime
    recorded_at: datetime
    inputs: Mapping[str, object] = field(default_factory=dict)
    timer: str | None = None
    employers: Mapping[str, str] = field(default_factory=dict)
    beside: Case | None = None
    shared_id: str = ""


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


def advance(process: Process, case: Case, act: Act) -> tuple[Case, tuple[Event, ...]]:
    """Decide an act: return the new case and the events that made it, or refuse with everything that is missing.

    An act that waits for the agreement of others is kept as a proposal; the answer that completes one carries it out.
    Raises `UnknownTrigger`, `NotFromHere`, `NotYours` or `NeedsMissing`.
    """
    trigger = find_trigger(process, act.trigger)
    situation = _weigh_actor(process, case, trigger, act)
    inputs, problems = asking.read_inputs(process, case, trigger, actor=act.actor, given=act.inputs)
    situation = replace(situation, inputs=inputs)
    zone, zone_problems = _zone(situation, trigger)
    situation = replace(situation, zone=zone)
    move = _allowed(trigger, situation, problems=(*problems, *zone_problems))
    if agreeing.needs_others(trigger, situation):
        recorded = _as_events(trigger, act, situation, (agreeing.proposed(trigger, situation),))
    else:
        recorded = _as_events(trigger, act, situation, _changes(trigger, move, situation, act))
    case = _after(case, recorded)
    agreed = agreeing.completed(recorded)
    if agreed is not None:
        carried = _carried_out(process, case, agreed, act)
        return _after(case, carried), (*recorded, *carried)
    return case, recorded


def _allowed(trigger: Trigger, situation: Situation, *, problems: tuple[str, ...]) -> Move:
    """Return the move that the act takes, or refuse with the problems and everything else that is missing."""
    move, missing = _weigh(situation.process, trigger, situation)
    missing = (*problems, *missing)
    if missing or move is None:
        sentence = f"“{trigger.label}” still needs: {'; '.join(missing)}"
        raise errors.NeedsMissing(sentence, missing=missing)
    return move


def _changes(trigger: Trigger, move: Move, situation: Situation, act: Act) -> tuple[Change, ...]:
    since = counts_from(situation.process, act)
    return (*_effects(trigger, situation), *structure.changes(trigger, move, situation, since=since))


def _after(case: Case, happened: tuple[Event, ...]) -> Case:
    for event in happened:
        case = cases.evolve(case, event)
    return case


def _carried_out(process: Process, case: Case, proposal: Proposal, answer: Act) -> tuple[Event, ...]:
    """Do what was proposed, in the name of who proposed it, weighed at the instant of the answer that completes it."""
    trigger, proposer = find_trigger(process, proposal.act), roles.Actor(proposal.by)
    situation = Situation(
        process=process,
        case=case,
        actor=proposer,
        at=answer.at,
        speaks_for=roles.speaks_for(process, case, proposer, trigger.who),
        inputs=proposal.inputs,
        zone=proposal.zone,
    )
    problems = asking.stale(process, case, trigger, situation)
    if not _is_for(process, case, trigger, agreeing.proposer_of(process, proposal), inputs=proposal.inputs):
        problems = (*problems, "somebody to do it, for who proposed it no longer has the part; propose it anew")
    move = _allowed(trigger, situation, problems=problems)
    act = replace(answer, trigger=trigger.name, actor=proposer, inputs=proposal.inputs)
    return _as_events(trigger, act, situation, _changes(trigger, move, situation, act))


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A notice of dispute: what is needed to open a case; `fields` are raw values of the process's own fields."""

    id: str
    number: str
    title: str
    urgency: Urgency = Urgency.U3
    parties: tuple[Party, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    fields: Mapping[str, object] = field(default_factory=dict)


def open_case(process: Process, notice: Notice, act: Act) -> tuple[Case, tuple[Event, ...]]:
    """Open a case at the initial stage.

    Raises `NeedsMissing` when the title is empty or a field of the process is missing or malformed, `NotYours` when
    the actor may not open one.
    """
    values, problems = fields.read_all(process.fields, notice.fields)
    untitled = () if notice.title.strip() else ("a title is missing",)
    missing: tuple[str, ...] = (*untitled, *problems)
    if missing:
        sentence = f"the case cannot be opened: {'; '.join(missing)}"
        raise errors.NeedsMissing(sentence, missing=missing)
    tier = next(iter(process.tiers), None)
    case = Case(
        id=notice.id,
        number=notice.number,
        process=process.hash,
        title=notice.title.strip(),
        stage=process.initial,
        stage_since=act.at,
        opened_at=act.at,
        urgency=notice.urgency,
        tier=tier,
        tier_since=act.at if tier else None,
        tier_round=1 if tier else 0,
        owner=process.stages[process.initial].duty,
        fields=values,
        roles=notice.roles,
        parties=notice.parties,
        items=notice.items,
    )
    automatic = act.actor.person in roles.AUTOMATIC
    if process.may_open and not automatic and not _may_open(process, case, act.actor):
        sentence = f"a case may be opened by: {', '.join(roles.label(process, who) for who in process.may_open)}"
        raise errors.NotYours(sentence)
    changes = (events.CaseOpened(case), *structure.clocks(process, case, OPENING, act.at))
    event = Event(
        trigger=OPENING,
        actor=act.actor.person,
        at=act.at,
        recorded_at=act.recorded_at,
        zone=roles.SHARED,
        changes=changes,
    )
    return cases.replay((event,)), (event,)


def _may_open(process: Process, case: Case, actor: Actor) -> bool:
    return any(roles.holds(process, case, actor, who=who) for who in process.may_open)


def refuse_two_sides(notice: Notice) -> None:
    """Raise `NeedsMissing` when a person would stand for two parties, or for one and run the case: they read both."""
    missing = tuple(_on_two_sides(notice))
    if missing:
        sentence = f"the case cannot be opened: {'; '.join(missing)}"
        raise errors.NeedsMissing(sentence, missing=missing)


def _on_two_sides(notice: Notice) -> Iterator[str]:
    mine = {party.id: {one for held in party.people.values() for one in held} for party in notice.parties}
    for part, people in notice.roles.items():
        for person in sorted(set(people) & set().union(*mine.values())):
            yield f"{person} stands for a party and cannot be {part} of the same case; name somebody else"
    for one, other in itertools.combinations(notice.parties, 2):
        if one.id in {other.within, other.id} or other.id == one.within:
            continue
        for person in sorted(mine[one.id] & mine[other.id]):
            yield f"{person} cannot stand for both {one.name} and {other.name}; name somebody else for one of them"


def permitted(process: Process, case: Case, actor: Actor, at: datetime) -> tuple[Option, ...]:
    """List the acts this actor has at the stage where the case stands, each with what it still needs."""
    options = []
    for trigger in process.triggers.values():
        if not any(move.starts_at(case.stage) for move in trigger.moves):
            continue
        if not any(roles.holds(process, case, actor, who=who) for who in trigger.who):
            continue
        mine = roles.speaks_for(process, case, actor, trigger.who)
        situation = Situation(process=process, case=case, actor=actor, at=at, speaks_for=mine)
        _, missing = _weigh(process, trigger, situation)
        options.append(Option(trigger=trigger, inputs=asking.asked(process, case, trigger, actor), missing=missing))
    return tuple(options)


def find_trigger(process: Process, name: str) -> Trigger:
    """Find a trigger by name, or say which ones there are."""
    if name not in process.triggers:
        sentence = f"the process “{process.name}” has no act “{name}”; it has: {', '.join(process.triggers)}"
        raise errors.UnknownTrigger(sentence)
    return process.triggers[name]


def _weigh_actor(process: Process, case: Case, trigger: Trigger, act: Act) -> Situation:
    """Refuse an act that is not open here, or not this actor's; the item it names narrows the role."""
    if not any(move.starts_at(case.stage) for move in trigger.moves):
        stages = sorted({source for move in trigger.moves for source in move.sources})
        names = ", ".join(process.stages[stage].label for stage in stages if stage != ANY_STAGE)
        here = process.stages[case.stage].label
        sentence = f"“{trigger.label}” is not open at the stage “{here}”; it is open at: {names}"
        raise errors.NotFromHere(sentence)
    if not _is_for(process, case, trigger, act.actor, inputs=act.inputs):
        labels = ", ".join(roles.label(process, who) for who in trigger.who)
        raise errors.NotYours(_withdrawn(case, act.actor) or f"“{trigger.label}” is for: {labels}")
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
    )


def _is_for(process: Process, case: Case, trigger: Trigger, actor: Actor, *, inputs: Mapping[str, object]) -> bool:
    """Tell whether an act on what these inputs name is this person's to do."""
    item = asking.item_at_hand(case, inputs)
    return any(roles.holds(process, case, actor, who=who, item=item) for who in trigger.who)


def _withdrawn(case: Case, actor: Actor) -> str | None:
    left = next((party for party in roles.parties_of(case, actor) if party.left_at is not None), None)
    if left is None:
        return None
    return f"{left.name} withdrew from this case on {left.left_at:%Y-%m-%d}; nothing is asked of it any more"


def _zone(situation: Situation, trigger: Trigger) -> tuple[str, tuple[str, ...]]:
    if trigger.zone.startswith(roles.OWN):
        party, kind = situation.party, trigger.zone.removeprefix(roles.OWN)
        return (roles.zone_of(kind, party.id), ()) if party else (roles.TEAM, ("say for which party",))
    if trigger.zone == "chosen":
        return situation.text("zone") or roles.TEAM, ()
    return trigger.zone, ()


def _weigh(process: Process, trigger: Trigger, situation: Situation) -> tuple[Move | None, tuple[str, ...]]:
    """Ask all three regions at once, so that a refusal lists everything."""
    cursor = Cursor(situation.case.stage, situation)
    regions.fire(regions.compiled(process).stage, trigger.name, cursor)
    missing = [*conditions.unmet(trigger.needs, situation), *cursor.missing]
    missing += structure.missing(trigger, situation, cursor.taken)
    return cursor.taken, tuple(dict.fromkeys(missing))


def _effects(trigger: Trigger, situation: Situation) -> Iterator[Change]:
    for name in trigger.does:
        yield from EFFECTS[name].run(situation)
    if trigger.sets:
        names = {**situation.case.fields, **(situation.inputs or {})}
        values = {name: expression.value(names) for name, expression in trigger.sets.items()}
        yield events.FieldsSet(_as_declared(situation.process, values))


def _as_declared(process: Process, values: Mapping[str, object]) -> dict[str, Value]:
    """Read computed values as their fields declare, so that what is stored is what was promised."""
    return {name: fields.read(process.fields[name], value) for name, value in values.items()}


def counts_from(process: Process, act: Act) -> datetime:
    """Return when clocks that follow an act begin: its own instant, or now if a timer fired later than the grace.

    Nobody loses time because the clockwork stood still.
    """
    late = act.recorded_at - act.at > timedelta(minutes=process.late_grace_minutes)
    return act.recorded_at if late and act.timer is not None else act.at


def _as_events(trigger: Trigger, act: Act, situation: Situation, changes: tuple[Change, ...]) -> tuple[Event, ...]:
    """Put the changes into events by zone: the act's own with what was said, then what everybody may see."""
    own_zone = _narrowed(situation.zone, changes)
    first = [change for change in changes if _zone_of(change, own_zone) == own_zone]
    others = [change for change in changes if _zone_of(change, own_zone) != own_zone]
    common = Event(
        trigger=trigger.name,
        actor=act.actor.person,
        at=act.at,
        recorded_at=act.recorded_at,
        zone=own_zone,
        timer=act.timer,
        on_behalf_of=_on_behalf_of(trigger, situation),
    )
    given = {name: value for name, value in (situation.inputs or {}).items() if value is not None}
    own = replace(common, inputs=given, changes=tuple(first))
    zones = dict.fromkeys(_zone_of(change, own_zone) for change in others)
    rest = (
        replace(common, zone=zone, changes=tuple(one for one in others if _zone_of(one, own_zone) == zone))
        for zone in zones
    )
    return (own, *rest)


def _on_behalf_of(trigger: Trigger, situation: Situation) -> str | None:
    """Name the party the team acted for, where an act is a party's and the actor speaks for none."""
    for_a_party = any(EFFECTS[name].for_a_party for name in trigger.does)
    return situation.party_id or None if for_a_party and situation.party not in situation.speaks_for else None


def _narrowed(act_zone: str, changes: tuple[Change, ...]) -> str:
    """Say who may read what was said in an act: no more people than may read the item it was said about."""
    if act_zone != roles.SHARED:
        return act_zone
    items = (change.item.zone for change in changes if isinstance(change, events.ItemRecorded))
    return next((zone for zone in items if zone != roles.SHARED), act_zone)


def _zone_of(change: Change, act_zone: str) -> str:
    """An item's change belongs to the item's zone; what moves the case is for everybody in it."""
    if isinstance(change, events.ItemRecorded):
        return change.item.zone
    return roles.SHARED if act_zone != roles.SHARED else act_zone
