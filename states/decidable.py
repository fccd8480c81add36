"""Which acts of a person answer what they were asked: a question of their tier, a proposal, a vote."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import answering, conditions, machine, questions, roles
from states.fields import FieldType
from states.items import Ballot, Decision, Proposal, Question
from states.items.ladder import VERSION
from states.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from states.case import Case
    from states.fields import Value
    from states.items import Item
    from states.machine import Option
    from states.process import Process, Trigger

KINDS = frozenset({Question.kind, Proposal.kind, Ballot.kind})
"""The kinds of items that ask somebody for a decision."""
_ANSWERS = frozenset({"agree_to_proposal", "decline_proposal", "vote"})


def answers(plain: Situation, *, item: Item) -> tuple[Option, ...]:
    """List the acts with which whoever is in this situation may answer an item; none when it does not wait for them.

    Who has proposed an answer on the newest brief waits for the others, and may only take it back.
    """
    process, case, actor = plain.process, plain.case, plain.actor
    own = (one for one in proposed(process, case, item) if one.state == "open" and one.by == actor.person)
    if any(isinstance(one, Ballot) or answering.is_on_the_newest(case, one) for one in own):
        return ()
    options = machine.permitted(process, case, actor, plain.at, directory=plain.directory)
    return tuple(one for one in options if one.ready and _answers(one, plain, item))


def open_on(plain: Situation, options: Iterable[Option], *, item: Item) -> tuple[Option, ...]:
    """Choose from somebody's acts those that name an item and may be done on this very one, whatever they say of it."""
    return tuple(one for one in options if one.ready and _asks_for(one, item) and _may_be(one, plain, item))


def decides(trigger: Trigger) -> bool:
    """Tell whether an act answers what somebody was asked: the ladder's question, a proposal or a vote."""
    return trigger.answers is not None or bool(_ANSWERS & set(trigger.does))


def barred(plain: Situation, *, item: Item) -> tuple[str, ...]:
    """List what keeps somebody of a tier from every answer that would settle a question that waits for one."""
    waiting = questions.open_one(plain.case)
    if waiting is None or waiting.id != item.id or waiting.state != questions.ASKED:
        return ()
    options = machine.permitted(plain.process, plain.case, plain.actor, plain.at, directory=plain.directory)
    missing = [one.missing for one in options if one.trigger.answers in answering.FINAL]
    return tuple(one for one in missing[0] if all(one in other for other in missing)) if missing else ()


def proposed(process: Process, case: Case, item: Item) -> tuple[Proposal | Ballot, ...]:
    """List the answers to a question of a tier that were put before others since it was asked."""
    if not isinstance(item, Question) or item.asked_at is None:
        return ()
    waiting: tuple[Proposal | Ballot, ...] = (*case.all(Proposal), *case.all(Ballot))
    since = (one for one in waiting if one.at >= item.asked_at)
    return tuple(one for one in since if one.act in process.triggers and process.triggers[one.act].answers)


def is_about(process: Process, case: Case, item: Item, *, other: Item) -> bool:
    """Tell whether an item is what is asked, an answer to it, or an answer that was put before others."""
    answer = isinstance(other, Decision) and other.question == item.id
    return answer or other.id in {item.id, *(one.id for one in proposed(process, case, item))}


def named(trigger: Trigger, item: Item) -> dict[str, Value]:
    """Name what an act answers, as its input: the item, or the version of the question that was read."""
    if trigger.answers is not None and isinstance(item, Question):
        return {VERSION: item.version}
    return {item.kind: item.id}


def subject(item: Item) -> object:
    """Return what of an item is asked, beside who has answered so far: a link to another subject is a stale one."""
    inputs: Mapping[str, Value] = getattr(item, "inputs", {})
    return getattr(item, VERSION, None), getattr(item, "act", ""), inputs


def _answers(option: Option, plain: Situation, item: Item) -> bool:
    """Tell whether an act that answers is open to the actor on this very item."""
    trigger = option.trigger
    if trigger.answers is not None:
        waiting = questions.open_one(plain.case)
        return waiting is not None and waiting.id == item.id and waiting.state == questions.ASKED
    if not _ANSWERS & set(trigger.does) or not _asks_for(option, item):
        return False
    mine = roles.speaks_for(plain.process, plain.case, plain.actor, trigger.who)
    return not conditions.unmet(trigger.needs, replace(plain, speaks_for=mine, inputs=named(trigger, item)))


def _may_be(option: Option, plain: Situation, item: Item) -> bool:
    """Tell whether nothing stands in the way of an act on an item, with whatever it asks for answered by yes."""
    trigger, process, case = option.trigger, plain.process, plain.case
    if not any(roles.holds(process, case, plain.actor, who=who, item=item) for who in trigger.who):
        return False
    mine = roles.speaks_for(process, case, plain.actor, trigger.who)
    agreeing: dict[str, Value] = {one.name: True for one in option.inputs.values() if one.type is FieldType.YES_NO}
    tried = (named(trigger, item), {**named(trigger, item), **agreeing})
    return any(not conditions.unmet(trigger.needs, replace(plain, speaks_for=mine, inputs=one)) for one in tried)


def _asks_for(option: Option, item: Item) -> bool:
    asked = option.inputs.get(item.kind)
    return asked is not None and asked.of == item.kind and (not asked.states or item.state in asked.states)
