"""Conditions by name: each reads as a fact, and carries the sentence a mediator reads when it does not hold.

A condition that weighs an act's inputs is asked only once they are filled in (`weighs_inputs`). One that knows more
than its sentence, such as whose authority lapsed and when, says so in `tells`. Whatever does not hold also says who can
mend it and by which act, as far as the definition has such an act (`mended_by` names the effects that do). One that
lets a party do something `once` tells too that no clock asks it again of a party that did. One that is `unanimous`
holds only when every party has said yes for itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from states import roles
from states.process import CLOCK
from states.said import either, say, together

if TYPE_CHECKING:
    from collections.abc import Callable

    from states.process import Process, Trigger
    from states.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A named fact about a situation and the sentence that says it."""

    name: str
    says: str
    holds: Callable[[Situation], bool]
    weighs_inputs: bool = False
    tells: Callable[[Situation], str] | None = None
    mended_by: tuple[str, ...] = ()
    once: bool = False
    unanimous: bool = False


CONDITIONS: dict[str, Condition] = {}
_FEW = 2


def condition(
    says: str,
    *,
    weighs_inputs: bool = False,
    tells: Callable[[Situation], str] | None = None,
    mended_by: tuple[str, ...] = (),
    once: bool = False,
) -> Callable[[Callable[[Situation], bool]], Condition]:
    """Register a function as the condition of its own name."""

    def register(holds: Callable[[Situation], bool]) -> Condition:
        name = getattr(holds, "__name__", "")
        CONDITIONS[name] = Condition(
            name=name,
            says=say(says),
            holds=holds,
            weighs_inputs=weighs_inputs,
            tells=tells,
            mended_by=mended_by,
            once=once,
        )
        return CONDITIONS[name]

    return register


def unanimous(one: Condition) -> Condition:
    """Mark a condition as one that holds only when every party has said yes for itself."""
    CONDITIONS[one.name] = replace(one, unanimous=True)
    return CONDITIONS[one.name]


def unmet(needs: tuple[str, ...], situation: Situation) -> tuple[str, ...]:
    """List the sentences of the needs that do not hold, built-in or of the definition's own, each with who mends it."""
    return tuple(_mended(says, need, situation) for need in needs if (says := _unmet(need, situation)))


def _mended(says: str, need: str, situation: Situation) -> str:
    """Say with a fact who can bring it about and by which act, those open at this stage before others."""
    acts = mending(need, situation.process)
    here = [act for act in acts if any(move.starts_at(situation.case.stage) for move in act.moves)]
    told = (say("%(who)s: “%(act)s”", who=_who(situation.process, act), act=act.label) for act in (here or acts)[:_FEW])
    return say("%(fact)s (%(acts)s)", fact=says, acts=together(told)) if acts else says


def mending(need: str, process: Process) -> list[Trigger]:
    """List the acts of a definition by which a person brings about what is needed."""
    own = process.conditions.get(need)
    effects = frozenset() if own else frozenset(CONDITIONS[need].mended_by)
    fields = own.holds.names & process.fields.keys() if own else frozenset()
    found = (act for act in process.triggers.values() if effects & set(act.does) or fields & act.sets.keys())
    return [act for act in found if set(act.who) - {CLOCK}]


def _who(process: Process, act: Trigger) -> str:
    return either(roles.label(process, who) for who in act.who if who != CLOCK)


def _unmet(need: str, situation: Situation) -> str | None:
    own = situation.process.conditions.get(need)
    if own is not None:
        if situation.inputs is None and own.holds.names - situation.process.fields.keys():
            return None
        # Of a case as somebody reads it, some fields may be out of sight.
        unseen = dict.fromkeys(situation.process.fields)
        names = {**unseen, **situation.case.fields, **(situation.inputs or {})}
        return None if own.holds.value(names) else own.says
    built_in = CONDITIONS[need]
    if built_in.weighs_inputs and situation.inputs is None:
        return None
    if built_in.holds(situation):
        return None
    return built_in.tells(situation) if built_in.tells else built_in.says
