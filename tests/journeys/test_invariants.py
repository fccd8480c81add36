"""The invariants of a dispute, held against walks at random through every act, on both databases.

Their numbers are those of the list of invariants in the design of the process. A failing seed is the test's own name.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from cases import gaps, ledger, tables
from cases.people import Directory
from cases.unit_of_work import reading
from config.clock import SimulatedClock
from notifications.mailroom import Counts, Mailroom, deliver_due
from notifications.transport import MemoryTransport
from notifications.when import AT_ONCE
from states import case as cases
from states import events, obligations, roles, timers
from states.items import Agreement, Decision, Obligation, Proposal, Question
from states.items.ladder import OPEN
from states.process import REPORT, RoleScope
from states.timers import Action
from tests.journeys import walks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from states.case import Case
    from states.process import Process
    from tests.journeys.walks import Walk

SCENARIOS = ("S1", "S2", "S4", "S5", "S7", "S8")
STEPS = 40
_WORDS = re.compile(r"w[0-9a-f]{10}w")


@pytest.fixture(params=enumerate(SCENARIOS, start=1), ids=lambda one: f"{one[1]}-seed-{one[0]}")
def walk(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Walk]:
    """Yields a walk that stands somewhere in a scenario."""
    seed, name = request.param
    begun = walks.begin(name, url=database_url, folder=tmp_path, seed=seed)
    yield begun
    begun.record.engine.dispose()


def test_a_walk_at_random_breaks_no_invariant(walk: Walk) -> None:
    _hold(walk, walk.case)
    head = _chain(walk)
    for _ in range(STEPS):
        before = walk.case
        kind = walk.step()
        after = walk.case
        _hold(walk, after)
        _hold_between(walk, before, after, kind=kind)
        newer = _chain(walk)
        assert newer[: len(head)] == head, "10: something recorded was edited or taken away"
        head = newer
    _hold_at_the_end(walk)


def _hold(walk: Walk, case: Case) -> None:
    """Hold what must be true of a case at any moment."""
    process = walk.process
    _one_duty_one_deadline_one_way_on(walk, process, case)
    _nothing_is_overdue(walk)
    for agreement in case.all(Agreement):
        signed = {mark.party for mark in agreement.signatures if mark.text_hash == agreement.text_hash}
        assert agreement.state != "in force" or signed, "9: in force, and nobody signed this text"
        assert signed == set(agreement.signed_by), "9: a signature on another text counts"
    for term in case.all(Obligation):
        assert term.owner != term.verifier, "6: somebody verifies their own promise"
    for proposal in case.all(Proposal, "carried out"):
        several = set(proposal.agreed_by) - {proposal.party} or len(set(proposal.people_for)) > 1
        assert several or len(case.parties) < 2 or _seconded(process, proposal), (
            "6: somebody approved their own proposal"
        )
    _the_ladder_and_its_question_go_together(process, case)
    for mediator in case.roles.get("mediator", ()):
        assert not roles.parties_of(case, roles.Actor(mediator)), "6: the mediator is of a party's line"
    if case.closed_at is not None and case.outcome == "settled":
        promises = case.all(Obligation)
        assert all(term.state in obligations.LIFE.final for term in promises), "10: closed with a promise open"


def _the_ladder_and_its_question_go_together(process: Process, case: Case) -> None:
    """Hold that a tier above the lowest one is asked exactly one question, and that nobody answered their own."""
    waiting = case.all(Question, *OPEN)
    assert len(waiting) <= 1, "7: two questions wait for an answer"
    raised = case.tier not in {None, next(iter(process.tiers), None)}
    asked = [one for one in waiting if one.state == "asked"]
    assert raised == bool(asked) or case.closed_at is not None, "7: a tier is asked nothing, or nobody is asked"
    assert all(one.tier == case.tier for one in asked), "7: the question is with another tier"
    by = {one.id: one.by for one in case.all(Question)}
    answers = [one for one in case.all(Decision) if process.tiers[one.tier].quorum != REPORT]
    assert all(one.by != by.get(one.question or "") for one in answers), "6: somebody answered what they asked"


def _seconded(process: Process, proposal: Proposal) -> bool:
    return process.triggers[proposal.act].seconded_by is not None


def _one_duty_one_deadline_one_way_on(walk: Walk, process: Process, case: Case) -> None:
    stage = process.stages[case.stage]
    if stage.final:
        return
    assert stage.duty, "1: a stage without a duty"
    prefix, role = roles.split(stage.duty)
    if process.roles[role].scope is not RoleScope.OFFICE and case.owner == stage.duty:
        assert roles.holders(process, case, stage.duty) or prefix, "13: a duty that nobody holds"
    plan = timers.plan(process, case, walk.record.calendars)
    if case.stay is not None:
        assert any(timer.deadline == timers.RESUME for timer in plan), "1: a pause without an end"
        return
    of_stage = [one for one in timers.open_deadlines(process, case, walk.record.calendars) if one.rule.of == case.stage]
    assert len([one for one in of_stage if one.rule is stage.deadline]) == 1, "1: not exactly one clock on the stage"
    fires = [timer for timer in plan if timer.deadline == case.stage and timer.action is Action.FIRE]
    assert fires, "1: no way on without the silent person"


def _nothing_is_overdue(walk: Walk) -> None:
    """Find no timer that was due at the last beat and is armed still: late rather than never."""
    kept = tables.timers.c
    with reading(walk.record.engine) as connection:
        rows = connection.execute(select(kept.key, kept.state, kept.due_at).where(kept.case_id == walk.case_id)).all()
    assert not [row.key for row in rows if row.state == "parked"], "2: a timer failed for good"
    assert len({row.key for row in rows}) == len(rows)
    armed = Counter(row.key.rpartition(":")[0] for row in rows if row.state == "armed")
    assert not [clock for clock, rungs in armed.items() if rungs > 1], "2: more than the next rung of a clock is armed"
    record = walk.record
    missing = gaps.find(record.engine, registry=record.registry, calendars=record.calendars, now=walk.clock.now())
    assert not missing, "2: a timer that the plan asks for is not armed"


def _hold_between(walk: Walk, before: Case, after: Case, *, kind: str) -> None:
    """Hold what must be true of a step."""
    assert after.process == before.process, "14: the definition of a running case changed"
    happened = walk.history[before.version : after.version]
    for event in happened:
        for change in event.changes:
            if isinstance(change, events.TierEntered):
                _a_climb_concerns_both_sides(walk, change)
    if kind == "wait" and not happened:
        _every_reminder_had_its_reason(walk, before)


def _a_climb_concerns_both_sides(walk: Walk, change: events.TierEntered) -> None:
    process = walk.process
    tier = process.tiers[change.tier]
    for role in tier.roles:
        holders = roles.holders(process, walk.case, role)
        if process.roles[role].scope is RoleScope.PARTY and holders:
            sides = {party.id for party in walk.case.parties if set(party.people.get(role, ())) & set(holders)}
            named = {party.id for party in walk.case.parties if party.people.get(role) and party.left_at is None}
            assert sides == named, "7: a climb that leaves a side out"
    if tier.deadline is not None:
        assert change.at <= walk.clock.now(), "7: a tier without its fresh clock"


def _every_reminder_had_its_reason(walk: Walk, before: Case) -> None:
    """Where nothing else happened, whatever was asked to be written was planned for the case as it stood."""
    kept = tables.notifications.c
    wanted = select(kept.timer_key).where(
        kept.case_id == walk.case_id, kept.timer_key.is_not(None), kept.created_at == walk.clock.now()
    )
    with reading(walk.record.engine) as connection:
        written = set(connection.execute(wanted).scalars())
    planned = {timer.key for timer in timers.plan(walk.process, before, walk.record.calendars)}
    assert written <= planned, "3: a reminder of a duty that there is not"


def _chain(walk: Walk) -> list[str]:
    kept = tables.events.c
    wanted = select(kept.hash).where(kept.case_id == walk.case_id).order_by(kept.seq)
    with reading(walk.record.engine) as connection:
        return list(connection.execute(wanted).scalars())


def _hold_at_the_end(walk: Walk) -> None:
    """Hold what is dear to ask: the record rebuilds the case, no timer fired twice, and no mail leaks."""
    history = walk.history
    assert _as_sets(cases.replay(history)) == _as_sets(walk.case), "12: the events do not rebuild the case"
    fired = Counter(event.timer for event in history if event.timer and event.zone == roles.SHARED)
    by_timer = {key for key, times in fired.items() if times > len(_acts_of(history, key))}
    assert not by_timer, "2: a deadline fired twice"
    with reading(walk.record.engine) as connection:
        assert ledger.verify(connection).consistent
    assert walk.done or walk.refused
    _no_mail_carries_what_its_reader_may_not_read(walk)


def _acts_of(history: tuple[events.Event, ...], key: str) -> list[events.Event]:
    """List the events one firing made, which are written at one instant."""
    of_timer = [event for event in history if event.timer == key]
    return [event for event in of_timer if event.recorded_at == of_timer[0].recorded_at]


def _as_sets(case: Case) -> Case:
    return replace(case, items=tuple(sorted(case.items, key=lambda item: item.id)))


def _no_mail_carries_what_its_reader_may_not_read(walk: Walk) -> None:
    transport = MemoryTransport()
    room = Mailroom(
        record=walk.record,
        directory=Directory(walk.record.engine),
        letterhead=walks.LETTERHEAD,
        transport=lambda: transport,
        clock=SimulatedClock(walk.clock.now()),
        customs=AT_ONCE,
    )
    while deliver_due(room, owner=walks.WORKER) != Counts():
        pass
    readable = {
        person.email: roles.mailable(roles.readable_zones(walk.process, walk.case, walk.actor(person_id)))
        for person_id, person in walk.scenario.people.items()
    }
    homes = _homes(walk)
    for envelope in transport.sent:
        told = envelope.content.decode("utf-8", "replace")
        # What is told of another case, such as one severed from this, is for whoever has a part there.
        for words in set(_WORDS.findall(told)) if walk.case.number in told else ():
            zones = homes.get(words, set())
            assert not zones or zones & readable[envelope.recipient], f"4: {words} of {zones} in a mail"


def _homes(walk: Walk) -> dict[str, set[str]]:
    """Say in which zones each of the walk's own words stands."""
    found: dict[str, set[str]] = {}
    for event in walk.history:
        for words in _WORDS.findall(repr(event.inputs)):
            found.setdefault(words, set()).add(event.zone)
        for change in event.changes:
            if isinstance(change, events.ItemRecorded):
                for words in _WORDS.findall(repr(change.item)):
                    found.setdefault(words, set()).add(change.item.zone)
    return found
