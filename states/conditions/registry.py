"""Conditions by name: each reads as a fact, and carries the sentence a mediator reads when it does not hold.

A condition that weighs an act's inputs is asked only once they are filled in (`weighs_inputs`). One that knows more
than its sentence, such as whose authority lapsed and when, says so in `tells`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from states.situation import Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A named fact about a situation and the sentence that says it."""

    name: str
    says: str
    holds: Callable[[Situation], bool]
    weighs_inputs: bool = False
    tells: Callable[[Situation], str] | None = None


CONDITIONS: dict[str, Condition] = {}


def condition(
    says: str, *, weighs_inputs: bool = False, tells: Callable[[Situation], str] | None = None
) -> Callable[[Callable[[Situation], bool]], Condition]:
    """Register a function as the condition of its own name."""

    def register(holds: Callable[[Situation], bool]) -> Condition:
        name = getattr(holds, "__name__", "")
        CONDITIONS[name] = Condition(name=name, says=says, holds=holds, weighs_inputs=weighs_inputs, tells=tells)
        return CONDITIONS[name]

    return register


def unmet(needs: tuple[str, ...], situation: Situation) -> tuple[str, ...]:
    """List the sentences of the needs that do not hold, built-in or of the definition's own."""
    return tuple(says for need in needs if (says := _unmet(need, situation)))


def _unmet(need: str, situation: Situation) -> str | None:
    own = situation.process.conditions.get(need)
    if own is not None:
        if situation.inputs is None and own.holds.names - situation.process.fields.keys():
            return None
        names = {**situation.case.fields, **(situation.inputs or {})}
        return None if own.holds.value(names) else own.says
    built_in = CONDITIONS[need]
    if built_in.weighs_inputs and situation.inputs is None:
        return None
    if built_in.holds(situation):
        return None
    return built_in.tells(situation) if built_in.tells else built_in.says
