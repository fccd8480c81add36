"""Which acts the page of a case offers first: those that answer a clock, and those that belong to the stage.

An act for which nothing is there to choose is not offered, and one that waits for less is no nearer for being listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import conditions
from states.fields import FieldType
from states.items import Session
from states.process import ANY_STAGE

if TYPE_CHECKING:
    from cases.queries import CaseFile, DeadlineView
    from states.fields import Field
    from states.items import Item
    from states.machine import Option
    from states.process import Move

SHOWN = 4
"""How many acts get a button of their own."""
_SPECIFIC = 5
UNDER_WAY = "open"
"""The state of a session that was opened and not yet closed."""


def in_order(file: CaseFile, person: str) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """Return the acts that get a button, and all others, each in the order of their use to this person now."""
    ranked = sorted(file.options, key=lambda option: _rank(option, file, person))
    first = tuple(option for option in ranked if is_ready(option, file) and _leads_on(option, file, person))[:SHOWN]
    return first, tuple(option for option in ranked if option not in first)


def moves(file: CaseFile) -> tuple[Option, ...]:
    """List the acts that move the case on, ready or not; ways out are no moves on, nor what has no object yet."""
    moving = (option for option in file.options if option.trigger.changes_stage() and not _is_exit(option))
    return tuple(option for option in moving if option.missing or is_ready(option, file))


def is_ready(option: Option, file: CaseFile) -> bool:
    """Tell whether an act can be done now: nothing is missing, and there is something to choose where one must."""
    wanted = (one for one in option.inputs.values() if one.required and one.type.one is FieldType.ITEM)
    return option.ready and all(any(_fits(item, one) for item in file.case.items) for one in wanted)


def answering(deadline: DeadlineView, file: CaseFile, person: str) -> tuple[Option, ...]:
    """List the acts of a person that answer a running clock and can be done now, a no as well as a yes."""
    rule = next((one for one in file.process.every_deadline() if one.name == deadline.name), None)
    stops = rule.stops if rule else ()
    of_stage = deadline.item is None and deadline.name == file.case.stage
    first, others = in_order(file, person)
    return tuple(
        one
        for one in (*first, *others)
        if is_ready(one, file)
        and (_answers(one, deadline, file) or one.trigger.name in stops or (of_stage and _is_of_this_stage(one, file)))
    )


def _is_of_this_stage(option: Option, file: CaseFile) -> bool:
    """Tell whether an act has a meaning of its own at the stage where the case stands."""
    return any(move.sources == (file.case.stage,) for move in option.trigger.moves)


def _fits(item: Item, field: Field) -> bool:
    return field.of in {None, item.kind} and (not field.states or item.state in field.states)


def _is_exit(option: Option) -> bool:
    return option.trigger.outcome not in {None, "settled"}


def _rank(option: Option, file: CaseFile, person: str) -> tuple[bool | int, ...]:
    """Order acts: what can be done, what answers the next clock of this person, and what is at home here.

    An act is at home at the stage that the definition names first for it. Ways out come last.
    """
    trigger = option.trigger
    return (
        not is_ready(option, file),
        _is_exit(option),
        not _ends_a_session(option, file),
        not _answers_next(option, file, person),
        not _answers_mine(option, file, person),
        not _is_asked_of(option, file, person),
        not (_is_of_a_party(person, file) and _is_done_once(option)),
        not _belongs_here(option),
        trigger.agreed_by is not None,
        trigger.tier is not None,
        all(move.sources[0] != file.case.stage for move in trigger.moves),
        len(_sources(option)),
    )


def _is_done_once(option: Option) -> bool:
    """Tell whether a party does the act once and is done, such as to consent: that is what a stage waits for."""
    known = conditions.CONDITIONS
    return any(need in known and known[need].once for need in option.trigger.needs)


def _is_of_a_party(person: str, file: CaseFile) -> bool:
    """Tell whether a person stands for a party, and so does for it what those who run the case only record."""
    return any(person in held for party in file.case.parties for held in party.people.values())


def _answers_next(option: Option, file: CaseFile, person: str) -> bool:
    """Tell whether an act answers what the page says is asked of this person next."""
    step = file.next_step
    asked = (one for one in file.deadlines if step and (one.label, one.due_at) == (step.what, step.due_at))
    return any(_answers(option, one, file) for one in asked if person in {who.id for who in one.holders})


def _leads_on(option: Option, file: CaseFile, person: str) -> bool:
    """Tell whether an act is worth a button here: keeping the file and ways out are found under the other acts."""
    trigger, is_open = option.trigger, file.case.closed_at is None
    answers_above = is_open and _is_raised(file) and trigger.tier is not None
    resumes = trigger.stay == "end" and file.case.stay is not None
    fitting = _belongs_here(option) or answers_above or resumes or _answers_mine(option, file, person)
    fitting = fitting or _ends_a_session(option, file)
    return fitting and not _is_exit(option)


def _ends_a_session(option: Option, file: CaseFile) -> bool:
    """Tell whether an act ends a session that is under way, which is what comes next whatever else is asked."""
    ended = [one for one in option.inputs.values() if one.of == Session.kind and one.states == (UNDER_WAY,)]
    return any(_fits(item, one) for item in file.case.items for one in ended)


def _answers_mine(option: Option, file: CaseFile, person: str) -> bool:
    mine = (one for one in file.deadlines if person in {who.id for who in one.holders})
    return any(_answers(option, one, file) for one in mine)


def _is_asked_of(option: Option, file: CaseFile, person: str) -> bool:
    """Tell whether a clock of this person asks for an act that the one who has the duty may do, not only others."""
    duties = {one.name: one.duty for one in file.process.every_deadline()}
    mine = (one for one in file.deadlines if person in {who.id for who in one.holders})
    return any(_answers(option, one, file) and duties.get(one.name) in option.trigger.who for one in mine)


def _belongs_here(option: Option) -> bool:
    """Tell whether an act is open at few stages, this one among them."""
    sources = _sources(option)
    return ANY_STAGE not in sources and len(sources) <= _SPECIFIC


def _sources(option: Option) -> frozenset[str]:
    return frozenset(source for move in option.trigger.moves for source in move.sources)


def _is_raised(file: CaseFile) -> bool:
    """Tell whether the matter was put to a higher tier, which then has acts of its own."""
    return file.case.tier is not None and file.case.tier != next(iter(file.process.tiers), None)


def _asked_by_stage(file: CaseFile) -> frozenset[str]:
    """Name the acts that lead on from the stage, and those that bring about what leading on needs."""
    here, process = file.case.stage, file.process
    leading = [one for one in process.triggers.values() if any(_leaves(move, here) for move in one.moves)]
    needs = {need for one in leading for need in (*one.needs, *(n for move in one.moves for n in move.needs))}
    mending = {act.name for need in needs for act in conditions.mending(need, process)}
    return frozenset(mending | {one.name for one in leading})


def _leaves(move: Move, stage: str) -> bool:
    return move.starts_at(stage) and move.to not in {None, stage}


def _answers(option: Option, deadline: DeadlineView, file: CaseFile) -> bool:
    item = deadline.item
    if item is None and deadline.name == file.case.stage:
        return _belongs_here(option) and option.trigger.name in _asked_by_stage(file)
    if item is None:
        rule = file.process.deadlines.get(deadline.name)
        return rule is not None and option.trigger.name in rule.stops
    fitting = (field for field in option.inputs.values() if field.of == item.kind)
    return any(not field.states or item.state in field.states for field in fitting)
