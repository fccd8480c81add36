"""The three regions of a case as shared `transitions` machines: the stage, the tier of the ladder, and the stay.

Each definition is compiled once. A case is never a machine's model; a throwaway cursor is, because a model costs
memory and a case is a frozen value.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from transitions import EventData, Machine, MachineError

from states import conditions
from states.process import ANY_STAGE, AT_LEAST, Move, Process

if TYPE_CHECKING:
    from collections.abc import Callable

    from states.situation import Situation

RUNNING, STAYED = "running", "stayed"
_KEPT = 256


@dataclass(slots=True)
class Cursor:
    """The throwaway model of one trigger: where the region stands, what is weighed, and what was found missing."""

    state: str
    situation: Situation | None = None
    taken: Move | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Regions:
    """The compiled machines of a definition."""

    stage: Machine
    tier: Machine | None
    stay: Machine


_COMPILED: dict[str, Regions] = {}


def compiled(process: Process) -> Regions:
    """Return the machines of a definition, building them the first time."""
    if process.hash not in _COMPILED:
        if len(_COMPILED) >= _KEPT:
            _COMPILED.clear()
        _COMPILED[process.hash] = Regions(_stage_machine(process), _tier_machine(process), _stay_machine())
    return _COMPILED[process.hash]


def fire(machine: Machine, trigger: str, cursor: Cursor) -> bool:
    """Fire a trigger on a cursor; tell whether it moved, whatever the reason."""
    try:
        return bool(machine.events[trigger].trigger(cursor))
    except MachineError:
        return False


def _stage_machine(process: Process) -> Machine:
    table: list[dict[str, Any]] = [
        {
            "trigger": trigger.name,
            "source": list(process.stages) if ANY_STAGE in move.sources else list(move.sources),
            "dest": move.to,
            "conditions": _weigher(move),
        }
        for trigger in process.triggers.values()
        for move in trigger.moves
    ]
    return _machine(list(process.stages), table)


def _weigher(move: Move) -> Callable[[EventData], bool]:
    """Make the guard of one move: it lists what is missing, and takes the move only when nothing is."""

    def weigh(data: EventData) -> bool:
        cursor = data.model
        if not isinstance(cursor, Cursor) or cursor.situation is None:
            return False
        cursor.missing = conditions.unmet(move.needs, cursor.situation)
        if cursor.missing:
            return False
        cursor.taken = move
        return True

    return weigh


def _tier_machine(process: Process) -> Machine | None:
    tiers = list(process.tiers)
    if not tiers:
        return None
    table: list[dict[str, Any]] = [
        {"trigger": "up", "source": low, "dest": high} for low, high in itertools.pairwise(tiers)
    ]
    table += [{"trigger": "down", "source": high, "dest": low} for low, high in itertools.pairwise(tiers)]
    table += [{"trigger": tier, "source": tiers, "dest": tier} for tier in tiers]
    table += [
        {"trigger": AT_LEAST + tier, "source": low, "dest": tier}
        for number, tier in enumerate(tiers)
        for low in tiers[:number] or [tier]
    ]
    return _machine(tiers, table)


def _stay_machine() -> Machine:
    begin: dict[str, Any] = {"trigger": "begin", "source": RUNNING, "dest": STAYED}
    end: dict[str, Any] = {"trigger": "end", "source": STAYED, "dest": RUNNING}
    return _machine([RUNNING, STAYED], [begin, end])


def _machine(states: list[str], table: list[dict[str, Any]]) -> Machine:
    return Machine(
        model=None, states=states, transitions=table, initial=states[0], auto_transitions=False, send_event=True
    )
