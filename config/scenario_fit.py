"""Holds a scenario against its process before it is played: every name it uses must be one that the process knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from config import yaml_nodes
from states import asking, effects, findings, items, questions, roles
from states.process import CLOCK, RoleScope

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from config.scripts import Act, Ending, Scenario
    from states.process import Process, Trigger

Problem = tuple[yaml_nodes.Mark, str]

# What the interpreter itself may ask for, whatever the act.
_ALWAYS = frozenset({"party", "until", "zone"})


def check_fit(scenario: Scenario, process: Process) -> None:
    """Raise `DefinitionError` with one line for each name in the scenario that the process does not have."""
    problems = yaml_nodes.Problems()
    for act in scenario.acts:
        for text in _wrong_in(act, process):
            problems.add(act.mark, text)
    for mark, text in (*_of_roles(scenario, process), *_of_ending(scenario, process), *_of_secrets(scenario, process)):
        problems.add(mark, text)
    problems.settle()


def _wrong_in(act: Act, process: Process) -> Iterator[str]:
    trigger = process.triggers.get(act.do)
    if trigger is None:
        yield _unknown("act", act.do, process.triggers)
        return
    if not act.by and not _happens_by_itself(act, process):
        yield f"the clock never does “{act.do}”; write “by: …” and “do: {act.do}”, or wait for an act of the clock"
    if act.by and set(trigger.who) <= roles.AUTOMATIC:
        yield f"nobody but the clockwork does “{act.do}”; write “wait_for: {act.do}”"
    asked = _inputs(trigger)
    yield from (_unknown(f"input of “{act.do}”", name, asked) for name in act.inputs if name not in asked)
    if act.expect.stage not in {None, *process.stages}:
        yield _unknown("stage", str(act.expect.stage), process.stages)
    if act.expect.tier not in {None, *process.tiers}:
        yield _unknown("tier", str(act.expect.tier), process.tiers)
    yield from (_unknown("kind of item", kind, items.KINDS) for kind in _kinds(act.expect.items) - items.KINDS.keys())


def _happens_by_itself(act: Act, process: Process) -> bool:
    """Tell whether an act can be waited for: the clock does it, or it begins a case about what keeps coming back."""
    begins = process.recurrence.begins if process.recurrence else None
    return CLOCK in process.triggers[act.do].who or act.do == begins


def _kinds(tallies: Iterable[str]) -> set[str]:
    return {name.partition(" ")[0] for name in tallies}


def _inputs(trigger: Trigger) -> frozenset[str]:
    brought = (name for effect in trigger.does for name in effects.EFFECTS[effect].inputs)
    requested = asking.OF_A_REQUEST if trigger.question == questions.REQUEST else frozenset()
    return frozenset(trigger.inputs) | frozenset(brought) | requested | _ALWAYS


def _of_roles(scenario: Scenario, process: Process) -> Iterator[Problem]:
    of = {scope: [one.name for one in process.roles.values() if one.scope is scope] for scope in RoleScope}
    parts = ((party.people, of[RoleScope.PARTY], "parties", "role of a party") for party in scenario.parties)
    for people, known, key, what in (*parts, (scenario.roles, of[RoleScope.CASE], "roles", "role of the case")):
        yield from ((scenario.marks[key], _unknown(what, role, known)) for role in people if role not in known)


def _of_ending(scenario: Scenario, process: Process) -> Iterator[Problem]:
    for ending in (scenario.ending, *scenario.ending.cases.values()):
        yield from ((scenario.marks["ending"], text) for text in _wrong_at_the_end(ending, process))


def _wrong_at_the_end(ending: Ending, process: Process) -> Iterator[str]:
    if ending.stage not in process.stages:
        yield _unknown("stage", ending.stage, process.stages)
    if ending.tier not in (process.tiers or {None}):
        said = f"“{ending.tier}”" if ending.tier else "left out"
        yield f"the tier is {said}; write one of: {', '.join(process.tiers) or 'none, for there is no ladder'}"
    kinds = _kinds(ending.items) - items.KINDS.keys()
    yield from (_unknown("kind of item", kind, items.KINDS) for kind in sorted(kinds))
    acts = ending.happened.keys() - process.triggers.keys()
    yield from (_unknown("act", act, process.triggers) for act in sorted(acts))


def _of_secrets(scenario: Scenario, process: Process) -> Iterator[Problem]:
    """Find words that are called secret and are also said where everybody reads them."""
    for act in scenario.acts:
        trigger = process.triggers.get(act.do)
        zone = act.inputs.get("zone", trigger.zone if trigger else roles.SHARED)
        for words in scenario.secret if zone == roles.SHARED else ():
            if words in str(act.inputs):
                yield act.mark, f"“{words}” is secret, and this act says it to everybody; say it in another zone"


def _unknown(what: str, name: str, known: Collection[str]) -> str:
    return f"there is no {what} “{name}”; {findings.nearest(name, known)}"
