"""What is still open before a case can be closed, and what would merely be missed, for the command line and pages."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from cases import outbox, tables, to_sort, viewer
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Viewer
from states import completeness
from states.said import count, say


@dataclass(frozen=True, slots=True)
class Missing:
    """`hard` keeps the case from being closed, `soft` does not; each is one sentence the viewer may read."""

    hard: tuple[str, ...]
    soft: tuple[str, ...]


def of_case(record: Record, who: Viewer, case_ref: str) -> Missing:
    """Say what is missing on a case; raise `NotFound` for one that is unknown or not this viewer's."""
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
        undelivered = _undelivered(connection, seen.case.id) if seen.reads_team else 0
        came_in = to_sort.counts(connection, [seen.case.id]).get(seen.case.id) if seen.reads_team else None
    hard = (*completeness.owed(seen.case), *completeness.loose(seen.case))
    silent = completeness.silent_parties(seen.case) if seen.reads_team else ()
    soft: list[str] = [say("%(party)s gave no feedback", party=party) for party in silent]
    if undelivered:
        soft.append(count("%(count)s mail was not delivered", "%(count)s mails were not delivered", count=undelivered))
    if came_in and came_in.answers:
        soft.append(
            count(
                "%(count)s answer by mail was not sorted",
                "%(count)s answers by mail were not sorted",
                count=came_in.answers,
            )
        )
    if came_in and came_in.calls:
        soft.append(
            count(
                "%(count)s person was not reached by telephone",
                "%(count)s people were not reached by telephone",
                count=came_in.calls,
            )
        )
    return Missing(hard=tuple(map(completeness.line, hard)), soft=tuple(soft))


def _undelivered(connection: Connection, case_id: str) -> int:
    messages = tables.messages
    wanted = select(func.count()).where(messages.c.case_id == case_id, messages.c.state.in_(outbox.DEAD))
    return connection.execute(wanted).scalar_one()
