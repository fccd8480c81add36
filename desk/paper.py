"""Plays a scenario on paper: by the pure rules alone, without a record and without mails."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from desk.player import OPENED, Letter, Told, first_new
from states import branches, errors, firing, machine, notices, patterns, roles, timers
from states.case import Case, Party
from states.file_ref import FileRef
from states.items import Issue
from states.timers import Timer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from config.scenarios import Act, Attachment, Input, Scenario
    from states.calendar import Calendar
    from states.marks import Mark
    from states.process import Process, Recurrence
    from states.roles import Actor


class Paper:
    """A world of pure values: the cases, the clock, and the timers that went off."""

    def __init__(self, process: Process, calendars: Mapping[str, Calendar], *, start: datetime) -> None:
        """Begin at an instant, with nothing opened."""
        self.process = process
        self.calendars = calendars
        self._now = start
        self._cases: dict[str, Case] = {}
        self._about: dict[Mark, str] = {}
        self._fired: set[tuple[str, str]] = set()
        self._watcher = roles.THE_SYSTEM

    @property
    def case(self) -> Case | None:
        """The case that was opened first, if any was."""
        return next(iter(self._cases.values()), None)

    def now(self) -> datetime:
        """Return the instant the clock stands at."""
        return self._now

    def move(self, until: datetime) -> None:
        """Move the clock."""
        self._now = max(self._now, until)

    def open(self, scenario: Scenario) -> Told:
        """Open the case of the scenario now."""
        self._watcher = roles.Actor(scenario.watcher)
        return self._open(_notice(scenario, at=self._now), by=roles.Actor(scenario.opened_by))

    def act(self, act: Act, inputs: Mapping[str, Input], *, case_id: str) -> Told:
        """Let a person act on a case now, and do what that means in another one; raise `Refused` as the rules do."""
        asked = self._asked(act.do, roles.Actor(act.by), inputs=inputs)
        beside = self._beside(self._cases[case_id], asked)
        if beside is None:
            return self._advance(case_id, asked)
        told = self._advance(case_id, branches.with_other(self.process, self._cases[case_id], asked, other=beside))
        self._cases.setdefault(beside.id, beside)
        self._answer(act.do, case_id, beside.id)
        return told

    def upload(self, file: Attachment, *, by: str) -> str:  # noqa: ARG002 - on paper nothing is kept, for nobody
        """Make the reference that an upload would lead to."""
        content = file.text.encode()
        digest = sha256(content).hexdigest()
        return str(FileRef(sha256=digest, size=len(content), media_type="text/plain", name=file.name))

    def case_of(self, case_id: str) -> Case:
        """Return a case as the one who runs it may read it."""
        case = self._cases[case_id]
        zones = roles.readable_zones(self.process, case, self._watcher)
        return replace(case, items=tuple(item for item in case.items if item.zone in zones))

    def readers(self, case_id: str, item_id: str, people: Iterable[str]) -> frozenset[str]:
        """Say which of these people may read an item."""
        case = self._cases[case_id]
        item = case.item(item_id)
        zones = {person: roles.readable_zones(self.process, case, roles.Actor(person)) for person in people}
        return frozenset(person for person, readable in zones.items() if item is not None and item.zone in readable)

    def gather(self) -> tuple[Told, ...]:
        """Open a case about each mark that comes back too often, and take new cases into those there are."""
        rule = self.process.recurrence
        found = patterns.frequent(tuple(self._cases.values()), rule, now=self._now) if rule else ()
        return tuple(told for mark, bearers in found if rule for told in self._gathered(rule, mark, bearers))

    def fire(self, *, until: datetime) -> tuple[Told, ...]:
        """Move the clock to the next timer, if it is due by `until`, and fire it; return nothing when none is."""
        case_id, timer = next(self.waiting(), (None, None))
        if case_id is None or timer is None or timer.due_at > until:
            return ()
        self._fired.add((case_id, timer.key))
        self.move(timer.due_at)
        case = self._cases[case_id]
        if timer.trigger is None or firing.withheld(self.process, case, timer):
            return (Told(at=self._now, trigger="", label="", case=case),)
        try:
            return (self._advance(case_id, firing.act_of(self.process, case, timer, recorded_at=self._now)),)
        except errors.Refused as refusal:
            raise errors.DefinitionError(f"the clock is refused “{timer.key}”: {refusal}") from refusal

    def letters(self) -> Iterator[Letter]:
        """Yield nothing: on paper no mail is written."""
        return iter(())

    def waiting(self) -> Iterator[tuple[str, Timer]]:
        """Yield the timers that follow from the cases and have not gone off, each with its case, soonest first."""
        planned = (
            (case.id, timer)
            for case in self._cases.values()
            for timer in timers.plan(self.process, case, self.calendars)
            if (case.id, timer.key) not in self._fired
        )
        return iter(sorted(planned, key=lambda one: one[1].due_at))

    def _asked(self, trigger: str, actor: Actor, *, inputs: Mapping[str, Input]) -> machine.Act:
        return machine.Act(trigger=trigger, actor=actor, at=self._now, recorded_at=self._now, inputs=inputs)

    def _open(self, notice: notices.Notice, *, by: Actor) -> Told:
        case, _ = notices.open_case(self.process, notice, actor=by, at=self._now, recorded_at=self._now)
        self._cases[case.id] = case
        return Told(at=self._now, trigger=notices.OPENING, label=OPENED, case=case)

    def _beside(self, case: Case, act: machine.Act) -> Case | None:
        """Find the case that an act names, or open the one that it opens, without keeping that one yet."""
        if machine.find_trigger(self.process, act.trigger).opens:
            opened = branches.severed(self.process, case, act, number=f"{case.number}-{len(self._cases) + 1}")
            return opened[0] if opened else None
        word = branches.word_for_other(self.process, case, act)
        return self._cases.get(word) if word else None

    def _answer(self, trigger: str, case_id: str, other_id: str) -> None:
        """Let the system do, in another case, what an act means there."""
        there = machine.find_trigger(self.process, trigger).there
        if there is not None:
            self._advance(other_id, self._by_itself(there, beside=case_id))

    def _by_itself(self, trigger: str, *, beside: str) -> machine.Act:
        return replace(self._asked(trigger, roles.THE_SYSTEM, inputs={}), beside=self._cases[beside])

    def _gathered(self, rule: Recurrence, mark: Mark, bearers: tuple[Case, ...]) -> Iterator[Told]:
        about = self._about.get(mark)
        members = patterns.fresh(bearers, [self._cases[about]] if about else [])
        if about is None and patterns.distinct(members) >= rule.times:
            about = f"{members[0].id}-{mark.kind}"
            self._open(
                patterns.notice(mark, members, id=about, number=about, urgency=rule.urgency), by=roles.THE_SYSTEM
            )
            self._about[mark] = about
            yield self._advance(about, self._by_itself(rule.begins, beside=about))
        for member in members if about else ():
            self._advance(about or "", self._by_itself(rule.gathers, beside=member.id))
            self._answer(rule.gathers, about or "", member.id)

    def _advance(self, case_id: str, act: machine.Act) -> Told:
        before, label = self._cases[case_id], machine.find_trigger(self.process, act.trigger).label
        after, _ = machine.advance(self.process, before, replace(act, calendars=self.calendars))
        self._cases[case_id] = after
        recorded = first_new(before, after)
        return Told(at=self._now, trigger=act.trigger, label=label, case=after, recorded=recorded)


def _notice(scenario: Scenario, *, at: datetime) -> notices.Notice:
    """Return the notice by which a scenario's case is opened."""
    return notices.Notice(
        id=scenario.id,
        number=scenario.id,
        title=scenario.title,
        urgency=scenario.urgency,
        parties=parties_of(scenario),
        roles=scenario.roles,
        items=tuple(
            Issue(id=f"issue{number}", zone=roles.SHARED, by=scenario.opened_by, at=at, title=title)
            for number, title in enumerate(scenario.issues, start=1)
        ),
    )


def parties_of(scenario: Scenario) -> tuple[Party, ...]:
    """Return the parties of a scenario as the rules know them, each with its organisation's calendar."""
    return tuple(
        Party(
            id=party.id,
            name=party.name,
            side=party.side,
            organisation=party.organisation,
            calendar=scenario.organisations[party.organisation].calendar if party.organisation else None,
            people=party.people,
        )
        for party in scenario.parties
    )
