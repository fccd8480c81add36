"""Which acts the page of a case offers first: those that answer a clock, and those that belong to the stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.process import ANY_STAGE

if TYPE_CHECKING:
    from cases.queries import CaseFile, DeadlineView
    from states.machine import Option

SHOWN = 4
"""How many acts get a button of their own."""
_SPECIFIC = 5


def in_order(file: CaseFile, person: str) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """Return the acts that get a button, and all others, each in the order of their use to this person now."""
    ranked = sorted(file.options, key=lambda option: _rank(option, file, person))
    first = tuple(option for option in ranked if option.ready and _leads_on(option, file, person))[:SHOWN]
    return first, tuple(option for option in ranked if option not in first)


def moves(file: CaseFile) -> tuple[Option, ...]:
    """List the acts that move the case on, ready or not; ways out are no moves on."""
    return tuple(option for option in file.options if option.trigger.changes_stage() and not _is_exit(option))


def _is_exit(option: Option) -> bool:
    return option.trigger.outcome not in {None, "settled"}


def _rank(option: Option, file: CaseFile, person: str) -> tuple[bool, bool, bool, bool, bool]:
    """Order acts: what can be done, what answers a clock of this person, what belongs here; ways out come last."""
    answers = _answers_mine(option, file, person)
    raises = option.trigger.tier is not None
    return (not option.ready, _is_exit(option), not answers, not _belongs_here(option), raises)


def _leads_on(option: Option, file: CaseFile, person: str) -> bool:
    """Tell whether an act is worth a button here: keeping the file and ways out are found under the other acts."""
    trigger, is_open = option.trigger, file.case.closed_at is None
    moves_regions = is_open and (trigger.tier is not None or trigger.stay is not None)
    fitting = _belongs_here(option) or moves_regions or _answers_mine(option, file, person)
    return fitting and not _is_exit(option)


def _answers_mine(option: Option, file: CaseFile, person: str) -> bool:
    mine = (one for one in file.deadlines if person in {who.id for who in one.holders})
    return any(_answers(option, one, file) for one in mine)


def _belongs_here(option: Option) -> bool:
    """Tell whether an act is open at few stages, this one among them."""
    sources = {source for move in option.trigger.moves for source in move.sources}
    return ANY_STAGE not in sources and len(sources) <= _SPECIFIC


def _answers(option: Option, deadline: DeadlineView, file: CaseFile) -> bool:
    item = deadline.item
    if item is None:
        rule = file.process.deadlines.get(deadline.name)
        return rule is not None and option.trigger.name in rule.stops
    fitting = (field for field in option.inputs.values() if field.of == item.kind)
    return any(not field.states or item.state in field.states for field in fitting)
