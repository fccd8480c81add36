"""A walk at random through acts, hours, ticks, crashes and repeated requests, held against a model of a few lines."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import event, select

from cases import ledger, tables, timers
from cases.commands import ActOnCase, OpenCase
from config.clock import SimulatedClock
from states import errors, roles
from tests.replays.replay import open_service

if TYPE_CHECKING:
    from cases.service import CaseService

AGENT = roles.Actor("agent", frozenset({"agent"}))
START = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
CLOSING = timedelta(days=15)
# Fifteen civil days over this night are an hour short in Rome.
SPRING = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
AUTUMN = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)
TABLE = {
    ("start", "take"): "in_charge",
    ("in_charge", "take"): "in_charge",
    ("in_charge", "wait"): "waiting",
    ("waiting", "wait"): "waiting",
    ("waiting", "take"): "in_charge",
    ("in_charge", "resolve"): "resolved",
    ("waiting", "resolve"): "resolved",
    ("resolved", "resolve"): "resolved",
    ("resolved", "take"): "in_charge",
    ("resolved", "wait"): "waiting",
}
ACTS = st.sampled_from(["take", "wait", "resolve"])


class PowerCut(BaseException):
    """The power goes at some statement: nothing in the code may catch it."""


class HelpDesk(RuleBasedStateMachine):
    """The model: where the ticket stands, when it closes itself, and what was sent."""

    def __init__(self) -> None:
        """Begin with an empty folder."""
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = SimulatedClock(START)
        self.service = self._open()
        self.stage = "start"
        self.closes_at: datetime | None = None
        self.closings: list[datetime] = []
        self.sent: list[ActOnCase] = []

    @initialize()
    def open_a_ticket(self) -> None:
        """Open the one ticket."""
        self.service.open(OpenCase(process="helpdesk", title="A ticket", actor=AGENT, key="open", id="ticket"))

    @rule(trigger=ACTS)
    def act(self, trigger: str) -> None:
        """Do an act; the model says whether it is allowed."""
        self._do(self._command(trigger))

    @rule(trigger=ACTS, statement=st.integers(1, 25))
    def lose_power_while_acting(self, trigger: str, statement: int) -> None:
        """Lose the power at some statement; the same request afterwards does what the first should have done."""
        command = self._command(trigger)
        self._cut(command, statement)
        self.service = self._open()
        self._do(command)

    @precondition(lambda self: self.sent)
    @rule()
    def send_the_last_request_again(self) -> None:
        """Send an answered request once more: nothing may happen twice."""
        before = self._acts_of_people()
        self.service.act(self.sent[-1])
        self._close_what_is_due()
        assert self._acts_of_people() == before

    @rule(hours=st.integers(0, 400))
    def let_time_pass(self, hours: int) -> None:
        """Let time pass without a tick."""
        self.clock.advance(hours=hours)

    @rule()
    def tick(self) -> None:
        """Let the clockwork look."""
        timers.fire_due_timers(self.service, owner="model")
        self._close_what_is_due()

    @rule()
    def restart(self) -> None:
        """Stop the process and start it again."""
        self.service.engine.dispose()
        self.service = self._open()

    @invariant()
    def the_record_agrees_with_the_model(self) -> None:
        """Compare the stage, the closings and the chain; what is due may or may not have fired yet."""
        if self.closes_at is None or self.closes_at > self.clock.now():
            assert self._closings() == self.closings
            assert self._stage() == self.stage
        with self.service.engine.connect() as connection:
            assert ledger.verify(connection).consistent

    def teardown(self) -> None:
        """Throw the folder away."""
        self.service.engine.dispose()
        shutil.rmtree(self.folder)

    def _open(self) -> CaseService:
        return open_service(f"sqlite:///{self.folder / 'parley.db'}", "helpdesk", clock=self.clock)

    def _command(self, trigger: str) -> ActOnCase:
        inputs = {"automatic": "yes"} if trigger == "resolve" else {}
        key = f"{len(self._acts_of_people())} {self.clock.now()} {trigger}"
        return ActOnCase(case_id="ticket", trigger=trigger, actor=AGENT, key=key, inputs=inputs)

    def _do(self, command: ActOnCase) -> None:
        """Act, and let the model decide whether it must be refused; a timer fires before people's acts."""
        self._close_what_is_due()
        expected = TABLE.get((self.stage, command.trigger))
        known = command in self.sent
        try:
            self.service.act(command)
        except errors.Refused:
            assert expected is None
            return
        if not known:
            assert expected is not None
            self.sent.append(command)
            self.stage = expected
            self.closes_at = due_after(self.clock.now()) if command.trigger == "resolve" else None

    def _cut(self, command: ActOnCase, statement: int) -> None:
        """Act until the given statement and lose the power there, or get through if there are fewer."""
        left = statement

        def count(*_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise PowerCut

        engine = self.service.engine
        event.listen(engine, "before_cursor_execute", count)
        try:
            self._do(command)
        except PowerCut:
            pass
        finally:
            event.remove(engine, "before_cursor_execute", count)
            engine.dispose()

    def _close_what_is_due(self) -> None:
        if self.closes_at is not None and self.closes_at <= self.clock.now():
            self.closings.append(self.closes_at)
            self.stage, self.closes_at = "closed", None

    def _stage(self) -> str:
        with self.service.engine.connect() as connection:
            return str(connection.execute(select(tables.cases.c.stage)).scalar_one())

    def _acts_of_people(self) -> list[str]:
        kept = tables.events.c
        with self.service.engine.connect() as connection:
            rows = connection.execute(select(kept.trigger).where(kept.timer.is_(None)).order_by(kept.seq))
            return list(rows.scalars())

    def _closings(self) -> list[datetime]:
        kept = tables.events.c
        with self.service.engine.connect() as connection:
            return list(connection.execute(select(kept.at).where(kept.timer.is_not(None)).order_by(kept.seq)).scalars())


def due_after(start: datetime) -> datetime:
    """Add fifteen civil days in Rome, by hand."""
    due = start + CLOSING
    shorter = timedelta(hours=1) if start < SPRING <= due else timedelta(0)
    longer = timedelta(hours=1) if start < AUTUMN <= due else timedelta(0)
    return due - shorter + longer


TestHelpDesk = HelpDesk.TestCase
TestHelpDesk.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
