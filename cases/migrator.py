"""Moves running cases to another version of their process, and back: each in a transaction of its own.

A case that is there already is passed over, so a bulk that was killed is finished by beginning the same one again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection, exc, select

from cases import armed, ledger, process_migrations, repository, tables
from cases import unit_of_work as work
from cases.process_migrations import Begun
from cases.repository import Stored
from cases.service import CaseService, retrying
from cases.tables import NotificationState
from states import case as cases
from states import errors, migrating
from states.events import ProcessMigrated
from states.migration import Fate, Migration, Plan, Standing, Verdict
from states.process import Process
from states.roles import ADMINISTRATOR, Actor
from states.said import say

_FIRST = say("a clock of the case has run out and acts first; look again after the next beat, or run parley tick")
_ENDED = say("the migration was finished, or taken back, by somebody else meanwhile")
_UNBEGUN = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A move of the cases of a process to one version of it, from one other version or from all of them."""

    new: Process
    from_hash: str | None = None
    plan: Plan
    actor: Actor
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What becomes, or became, of one case."""

    case_id: str
    number: str
    before: str
    verdict: Verdict


class Migrator:
    """Judges and moves cases in bulk."""

    def __init__(self, service: CaseService) -> None:
        """Keep the service whose cases are moved."""
        self._service = service
        self._engine = service.engine

    def look(self, order: Order) -> Iterator[Judged]:
        """Judge every case of the process, open and closed, as if it were moved now; nothing is written."""
        begun = self._begun(order)
        with work.reading(self._engine) as connection:
            for case_id in process_migrations.cases_of(connection, begun):
                yield self._judge(connection, repository.load(connection, case_id), begun, order.new)

    def begin(self, order: Order) -> int:
        """Write down who moves what and why, and return its number, or that of the same move that is unfinished.

        Raises `NotYours`, `NeedsMissing` without a reason, and `Conflict` while another move is unfinished.
        """
        begun = self._begun(order)
        _refuse(order.actor, order.reason)
        self._service.registry.store(order.new, at=begun.begun_at, by=order.actor.person)
        return self._begin(begun)

    def begin_revert(self, migration_id: int, *, actor: Actor, reason: str) -> int:
        """Write down that a migration is to be taken back, and return the number of the move back.

        Raises `NotYours`, `NeedsMissing`, `NotFound`, and `Conflict` while another move is unfinished.
        """
        _refuse(actor, reason)
        now = self._service.clock.now()
        with work.unit_of_work(self._engine) as connection:
            reverted = process_migrations.find(connection, migration_id)
            # One that was interrupted ends here: what it did not come to is not to be moved back.
            process_migrations.end(connection, migration_id, at=now)
        back = replace(reverted, id=_UNBEGUN, reverts=migration_id, plan=reverted.plan.inverse(), from_hash=None)
        return self._begin(replace(back, actor=actor.person, reason=reason, begun_at=now, ended_at=None))

    def run(self, migration_id: int) -> Iterator[Judged]:
        """Come to every case that is left, tell what became of each, and note the end."""
        with work.reading(self._engine) as connection:
            begun = process_migrations.find(connection, migration_id)
            left = process_migrations.cases_of(connection, begun)
        new = self._service.registry.get(begun.to_hash)
        for case_id in left:
            yield self._move(case_id, begun, new)
        with work.unit_of_work(self._engine) as connection:
            process_migrations.end(connection, migration_id, at=self._service.clock.now())

    def _begun(self, order: Order) -> Begun:
        return Begun(
            id=_UNBEGUN,
            process=order.new.name,
            from_hash=order.from_hash,
            to_hash=order.new.hash,
            plan=order.plan,
            reverts=None,
            actor=order.actor.person,
            reason=order.reason,
            begun_at=self._service.clock.now(),
        )

    def _begin(self, begun: Begun) -> int:
        def once() -> int:
            with work.unit_of_work(self._engine) as connection:
                return process_migrations.begin(connection, begun)

        try:
            return once()
        except exc.IntegrityError:
            # Somebody else began one at the same moment; they are found now.
            return once()

    def _move(self, case_id: str, begun: Begun, new: Process) -> Judged:
        self._service.fire_due(case_id)
        return retrying(lambda: self._move_once(case_id, begun, new))

    def _move_once(self, case_id: str, begun: Begun, new: Process) -> Judged:
        with work.unit_of_work(self._engine) as connection:
            stored = repository.load(connection, case_id, lock=True)
            if process_migrations.find(connection, begun.id).ended_at is not None:
                return _judged(stored, Verdict(fate=Fate.STAYS, reasons=(_ENDED,)))
            judged = self._judge(connection, stored, begun, new)
            verdict = judged.verdict
            if verdict.fate is not Fate.MOVES or verdict.after is None:
                return judged
            process = self._service.registry.get(verdict.after.process)
            # It is written at the instant at which it was judged.
            pen = self._service.deciding(connection, verdict.events[0].recorded_at).recording(process)
            pen.migrated(stored, verdict.after, verdict.events, tells=verdict.tells)
            versions = (stored.case.version, verdict.after.version)
            process_migrations.note(connection, begun.id, case_id, before=versions[0], after=versions[1])
            return judged

    def _judge(self, connection: Connection, stored: Stored, begun: Begun, new: Process) -> Judged:
        return _judged(stored, self._verdict(connection, stored, begun, new))

    def _verdict(self, connection: Connection, stored: Stored, begun: Begun, new: Process) -> Verdict:
        now, case = self._service.clock.now(), stored.case
        try:
            old = self._service.registry.get(case.process)
        except errors.DefinitionError as fault:
            return Verdict(
                fate=Fate.REFUSED,
                reasons=(say("its own version cannot be used any more: %(problem)s", problem=fault.sentence),),
            )
        if armed.first_due(connection, case.id, now=now) is not None:
            return Verdict(fate=Fate.REFUSED, reasons=(_FIRST,))
        move = Migration(
            id=begun.id,
            old=old,
            new=new,
            plan=begun.plan,
            calendars=self._service.calendars,
            at=now,
            by=begun.actor,
            reason=begun.reason,
        )
        if begun.reverts is not None:
            return self._reverted(connection, move, stored, begun.reverts)
        if case.process == new.hash:
            return Verdict(fate=Fate.STAYS, reasons=(say("it is there already"),))
        return migrating.judge(move, standing(connection, case))

    def _reverted(self, connection: Connection, move: Migration, stored: Stored, reverted: int) -> Verdict:
        case, versions = stored.case, process_migrations.moved(connection, reverted, stored.case.id)
        if versions is None:
            return Verdict(fate=Fate.STAYS, reasons=(say("it was not moved by that migration"),))
        happened = ledger.history(connection, case.id)
        if case.version != versions[1]:
            first = happened[versions[1]]
            told = say("since then “%(act)s” was done in it, on %(at)s", act=first.trigger, at=first.at)
            return Verdict(fate=Fate.REFUSED, reasons=(told,))
        before = cases.replay(happened[: versions[0]])
        changes = (change for event in happened[versions[0] :] for change in event.changes)
        done = next((change for change in changes if isinstance(change, ProcessMigrated)), None)
        if done is None:
            return Verdict(
                fate=Fate.REFUSED, reasons=(say("the words of its move were erased; it cannot be taken back"),)
            )
        back = replace(move, new=self._service.registry.get(done.before))
        return migrating.revert(back, standing(connection, case), before=before, done=done)


def _judged(stored: Stored, verdict: Verdict) -> Judged:
    case = stored.case
    return Judged(case_id=case.id, number=case.number, before=case.process, verdict=verdict)


def _refuse(actor: Actor, reason: str) -> None:
    if ADMINISTRATOR not in actor.offices:
        raise errors.NotYours(say("moving cases to another version of their process is for administrators of the desk"))
    if not reason.strip():
        raise errors.NeedsMissing(say("say why, for everybody in these cases reads it"), missing=(say("a reason"),))


def standing(connection: Connection, case: cases.Case) -> Standing:
    """Collect what the record holds beside a case that its move depends on."""
    events, items = tables.events, tables.items
    zones = [
        *connection.execute(select(events.c.zone).where(events.c.case_id == case.id).distinct()).scalars(),
        *connection.execute(select(items.c.zone).where(items.c.case_id == case.id).distinct()).scalars(),
    ]
    return Standing(
        case=case,
        settled=armed.settled(connection, case.id),
        written_in=frozenset(zones),
        unsent=frozenset(_unsent(connection, case.id)),
    )


def _unsent(connection: Connection, case_id: str) -> Iterator[str]:
    notices, mails = tables.notifications, tables.messages
    queued = (notices.c.case_id == case_id, notices.c.state == NotificationState.QUEUED)
    yield from connection.execute(select(notices.c.mail).where(*queued)).scalars()
    yield from connection.execute(select(mails.c.mail).where(mails.c.case_id == case_id, tables.WAITING)).scalars()
