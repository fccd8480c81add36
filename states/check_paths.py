"""Checks the ways through a definition: stages nobody reaches, dead ends, and acts that cannot be told apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from states import roles
from states.findings import Finding
from states.process import ANY_STAGE, CLOCK

if TYPE_CHECKING:
    from states.findings import Vocabulary
    from states.process import Move, Process, Trigger


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one stage to another: the act that takes it, and whether the stage's own clock does that act."""

    source: str
    to: str
    trigger: str
    silent: bool = False


def edges(process: Process) -> tuple[Edge, ...]:
    """List every way from a known stage to another, in the order of the definition."""
    return tuple(dict.fromkeys(_edges(process)))


def _edges(process: Process) -> Iterator[Edge]:
    for trigger in process.triggers.values():
        for move in trigger.moves:
            for source in _sources(process, move):
                if move.to is not None and move.to in process.stages and move.to != source:
                    deadline = process.stages[source].deadline
                    fired = {silence.fires for silence in deadline.silences} if deadline else set()
                    yield Edge(source, move.to, trigger.name, trigger.name in fired)


def _sources(process: Process, move: Move) -> tuple[str, ...]:
    if ANY_STAGE in move.sources:
        return tuple(name for name, stage in process.stages.items() if not stage.final)
    return tuple(source for source in move.sources if source in process.stages)


def _reached(begin: set[str], ways: Iterator[tuple[str, str]]) -> set[str]:
    onward: dict[str, set[str]] = {}
    for source, to in ways:
        onward.setdefault(source, set()).add(to)
    reached, fresh = set(begin), set(begin)
    while fresh:
        fresh = {to for stage in fresh for to in onward.get(stage, ())} - reached
        reached |= fresh
    return reached


def unreachable_stages(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find stages that no act leads to."""
    reached = _reached({process.initial}, ((edge.source, edge.to) for edge in edges(process)))
    for stage in process.stages.values():
        if stage.name not in reached:
            text = f"no act leads here from “{process.initial}”; add one with “to: {stage.name}” or take the stage away"
            yield Finding(stage.line, f"stage {stage.name}", text)


def dead_ends(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find open stages from which no final stage can be reached."""
    final = {name for name, stage in process.stages.items() if stage.final}
    if not final:
        yield Finding(0, "stages", "no stage is final, so no case ever ends; mark one with “final: true”")
        return
    safe = _reached(final, ((edge.to, edge.source) for edge in edges(process)))
    for stage in process.stages.values():
        if stage.name not in safe:
            text = "no way leads from here to a final stage; add an act that leaves it"
            yield Finding(stage.line, f"stage {stage.name}", text)


def stuck_stages(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find open stages that nobody can move on while the duty holder is silent."""
    for stage in process.stages.values():
        if stage.final or not stage.duty:
            continue
        exits = [trigger for trigger in process.triggers.values() if _leaves(trigger, stage.name)]
        if exits and not any(_open_to_others(trigger, stage.duty) for trigger in exits):
            names = ", ".join(trigger.name for trigger in exits)
            text = (
                f"only {stage.duty} can move the case on, and may be silent; let the clock or somebody else do {names}"
            )
            yield Finding(stage.line, f"stage {stage.name}", text)


def _leaves(trigger: Trigger, stage: str) -> bool:
    moves = [move for move in trigger.moves if move.starts_at(stage)]
    return any(move.to not in {None, stage} for move in moves) or (bool(moves) and trigger.tier is not None)


def _open_to_others(trigger: Trigger, duty: str) -> bool:
    return any(who != duty and roles.split(who)[1] != duty for who in trigger.who)


def idle_triggers(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find acts that nobody may do."""
    fired = {silence.fires for deadline in process.every_deadline() for silence in deadline.silences}
    for trigger in process.triggers.values():
        if not trigger.who:
            text = "nobody may do this; add the line “who: [a role]”"
            yield Finding(trigger.line, f"trigger {trigger.name}", text)
        elif set(trigger.who) == {CLOCK} and trigger.name not in fired and trigger.stay != "end":
            text = "only the clock may do this, and no silence fires it; name it under a “fires:” or add a role"
            yield Finding(trigger.line, f"trigger {trigger.name}", text)


def blurred_moves(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find moves of one trigger that are never taken, because an earlier one asks for no more than they do."""
    for trigger in process.triggers.values():
        for earlier, later in combinations(trigger.moves, 2):
            shared = _shared_sources(process, earlier, later)
            if shared and set(earlier.needs) <= set(later.needs):
                text = (
                    f"two of its moves from {shared[0]} cannot be told apart: the one to {later.to or 'unchanged'} is "
                    f"never taken; put it first, or give the one to {earlier.to or 'unchanged'} a need of its own"
                )
                yield Finding(trigger.line, f"trigger {trigger.name}", text)
                break


def _shared_sources(process: Process, one: Move, other: Move) -> list[str]:
    return [source for source in _sources(process, one) if source in _sources(process, other)]


def twin_triggers(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find two acts that read the same to the same person at the same stage."""
    for one, other in combinations(process.triggers.values(), 2):
        people = {who for who in one.who if who in other.who} - roles.AUTOMATIC
        if one.label.strip().lower() != other.label.strip().lower() or not people:
            continue
        places = [name for name in process.stages if _starts(one, name) and _starts(other, name)]
        if places:
            text = f"at {places[0]}, {min(people)} cannot tell it from {one.name}: both read “{one.label}”; reword one"
            yield Finding(other.line, f"trigger {other.name}", text)


def _starts(trigger: Trigger, stage: str) -> bool:
    return any(move.starts_at(stage) for move in trigger.moves)


def endings(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find acts that close a case without an outcome, and outcomes that are never recorded."""
    final = {name for name, stage in process.stages.items() if stage.final}
    for trigger in process.triggers.values():
        closes = any(move.to in final for move in trigger.moves)
        if closes and trigger.outcome is None:
            text = "it closes the case without an outcome; add the line “outcome: …”"
            yield Finding(trigger.line, f"trigger {trigger.name}", text)
        if trigger.outcome is not None and not closes:
            text = f"its outcome “{trigger.outcome}” is never recorded, as no move leads to a final stage; take it away"
            yield Finding(trigger.line, f"trigger {trigger.name}", text)
