"""Plays a scenario on paper: by the pure rules alone, without a record and without mails."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from desk.player import OPENED, Letter, Told, first_new
from states import errors, firing, machine, notices, roles, simulate, timers
from states.case import Case, Party
from states.file_ref import FileRef
from states.items import Issue
from states.timers import Timer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from config.scenarios import Act, Attachment, Input, Scenario
    from states.calendar import Calendar
    from states.process import Process


class Paper:
    """A world of pure values: the case, the clock, and the timers that went off."""

    def __init__(self, process: Process, calendars: Mapping[str, Calendar], *, start: datetime) -> None:
        """Begin at an instant, with nothing opened."""
        self.process = process
        self.calendars = calendars
        self.case: Case | None = None
        self._now = start
        self._fired: set[str] = set()

    def now(self) -> datetime:
        """Return the instant the clock stands at."""
        return self._now

    def move(self, until: datetime) -> None:
        """Move the clock."""
        self._now = max(self._now, until)

    def open(self, scenario: Scenario) -> Told:
        """Open the case of the scenario now."""
        actor = roles.Actor(scenario.opened_by)
        self.case, _ = notices.open_case(
            self.process, _notice(scenario, at=self._now), actor=actor, at=self._now, recorded_at=self._now
        )
        return Told(at=self._now, trigger=notices.OPENING, label=OPENED, case=self.case)

    def act(self, act: Act, inputs: Mapping[str, Input]) -> Told:
        """Let a person act now; raise `Refused` when the process does not allow it."""
        actor = roles.Actor(act.by)
        return self._advance(
            machine.Act(trigger=act.do, actor=actor, at=self._now, recorded_at=self._now, inputs=inputs)
        )

    def upload(self, file: Attachment, *, by: str) -> str:  # noqa: ARG002 - on paper nothing is kept, for nobody
        """Make the reference that an upload would lead to."""
        content = file.text.encode()
        digest = sha256(content).hexdigest()
        return str(FileRef(sha256=digest, size=len(content), media_type="text/plain", name=file.name))

    def fire(self, *, until: datetime) -> tuple[Told, ...]:
        """Move the clock to the next timer, if it is due by `until`, and fire it; return nothing when none is."""
        timer = next(self.waiting(), None)
        if timer is None or timer.due_at > until:
            return ()
        self._fired.add(timer.key)
        self.move(timer.due_at)
        case = self._opened()
        if timer.trigger is None or firing.withheld(self.process, case, timer):
            return (Told(at=self._now, trigger="", label="", case=case),)
        try:
            return (self._advance(simulate.command_of(case, timer, recorded_at=self._now)),)
        except errors.Refused as refusal:
            raise errors.DefinitionError(f"the clock is refused “{timer.key}”: {refusal}") from refusal

    def letters(self) -> Iterator[Letter]:
        """Yield nothing: on paper no mail is written."""
        return iter(())

    def waiting(self) -> Iterator[Timer]:
        """Yield the timers that follow from the case and have not gone off, soonest first."""
        plan = timers.plan(self.process, self._opened(), self.calendars)
        return (timer for timer in plan if timer.key not in self._fired)

    def _opened(self) -> Case:
        if self.case is None:
            raise errors.NotFound("no case was opened yet; begin with its notice")
        return self.case

    def _advance(self, act: machine.Act) -> Told:
        before, label = self._opened(), machine.find_trigger(self.process, act.trigger).label
        self.case, _ = machine.advance(self.process, before, replace(act, calendars=self.calendars))
        recorded = first_new(before, self.case)
        return Told(at=self._now, trigger=act.trigger, label=label, case=self.case, recorded=recorded)


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
            calendar=scenario.organisations[party.organisation].calendar,
            people=party.people,
        )
        for party in scenario.parties
    )
