"""The timer rows of the cases: of each clock the next rung is armed, dated anew with the plan, and settled once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, or_, select, update

from cases import codec, tables
from cases.tables import TimerState
from states import errors
from states.said import say
from states.timers import Timer

# Why a timer was cancelled: it is armed again if the plan wants it back, but a condition is asked only once.
NOT_PLANNED = say("its reason is gone")
NOT_NEXT = say("another rung of its clock comes first")
CONDITION = say("its condition did not hold when it was due")


class LostRace(errors.Conflict):
    """Another transaction was first; nothing of this one was kept, and it may be decided anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Armed:
    """A timer row as it was read: `fence` must not have moved when it is settled."""

    case_id: str
    key: str
    due_at: datetime
    state: str
    attempts: int
    fence: int


_table = tables.timers
_facts = select(_table.c.case_id, _table.c.key, _table.c.due_at, _table.c.state, _table.c.error)
_rows = _facts.where(_table.c.case_id == bindparam("of"))
_rows_of_many = _facts.where(_table.c.case_id.in_(bindparam("wanted", expanding=True)))
_one = select(_table.c.case_id, _table.c.key, _table.c.due_at, _table.c.state, _table.c.attempts, _table.c.fence).where(
    _table.c.case_id == bindparam("of"), _table.c.key == bindparam("which")
)
_first_due = (
    select(_table.c.key)
    .where(
        _table.c.case_id == bindparam("of"),
        tables.ARMED,
        _table.c.due_at <= bindparam("now", type_=tables.Instant),
        or_(_table.c.not_before.is_(None), _table.c.not_before <= bindparam("now", type_=tables.Instant)),
    )
    .order_by(_table.c.due_at, _table.c.key)
    .limit(1)
)
_add = insert(_table)
_settle = update(_table).where(
    _table.c.case_id == bindparam("of"),
    _table.c.key == bindparam("which"),
    tables.ARMED,
    _table.c.fence == bindparam("seen"),
)
_arm_again = update(_table).where(
    _table.c.case_id == bindparam("of"),
    _table.c.key == bindparam("which"),
    or_(tables.ARMED, _table.c.state == TimerState.CANCELLED),
)

_cancel = (
    update(_table)
    .where(
        _table.c.case_id == bindparam("of"),
        _table.c.key == bindparam("which"),
        tables.ARMED,
    )
    .values(state=TimerState.CANCELLED, error=NOT_NEXT)
)


def arm(connection: Connection, case_id: str, plan: Iterable[Timer]) -> None:
    """Bring the rows of a case in line with its plan, which is in due order: of each clock the next rung is armed.

    What has fired never fires again, and a rung that is kept for a person does not block those after it. What is no
    longer planned stays until it is due and is then found to have no reason.
    """
    known = {row.key: row for row in connection.execute(_rows, {"of": case_id})}
    coming = tuple(_next_rungs(plan, known))
    new = [timer for timer in coming if timer.key not in known]
    if new:
        connection.execute(_add, [_row(case_id, timer) for timer in new])
    rows = ((known[timer.key], timer) for timer in coming if timer.key in known)
    redate(connection, case_id, (timer for row, timer in rows if _is_stale(row, timer)))
    _stand_back(connection, case_id, coming, known)


def rows_of(connection: Connection, case_ids: Collection[str]) -> Mapping[str, Mapping[str, Row[Any]]]:
    """Read the rows of several cases with one statement: of each case by their keys."""
    found: dict[str, dict[str, Row[Any]]] = {case_id: {} for case_id in case_ids}
    for row in connection.execute(_rows_of_many, {"wanted": list(case_ids)}):
        found[row.case_id][row.key] = row
    return found


def lacking(plan: Iterable[Timer], known: Mapping[str, Row[Any]]) -> Iterator[Timer]:
    """Yield what `arm` would bring: the next rungs that no row waits for, or one with a later date than planned."""
    for timer in _next_rungs(plan, known):
        row = known.get(timer.key)
        if row is None or row.state != TimerState.ARMED or row.due_at > timer.due_at:
            yield timer


def _next_rungs(plan: Iterable[Timer], known: Mapping[str, Row[Any]]) -> Iterator[Timer]:
    """Yield of each occurrence of a clock the first rung that is not over."""
    met: set[str] = set()
    for timer in plan:
        row = known.get(timer.key)
        if timer.occurrence not in met and (row is None or not _is_over(row, timer)):
            met.add(timer.occurrence)
            yield timer


def _is_over(row: Row[Any], timer: Timer) -> bool:
    """Tell whether a rung fired, waits for a person, or was withheld by its condition at the date it still has."""
    if row.state == TimerState.CANCELLED:
        return bool(row.error == CONDITION and row.due_at == timer.due_at)
    return bool(row.state != TimerState.ARMED)


def _is_stale(row: Row[Any], timer: Timer) -> bool:
    """Tell whether a waiting timer has another date now, or a cancelled one is wanted again."""
    return bool(row.state == TimerState.CANCELLED or row.due_at != timer.due_at)


def _stand_back(connection: Connection, case_id: str, coming: Iterable[Timer], known: Mapping[str, Row[Any]]) -> None:
    """Cancel what is armed of a clock beside its next rung: a rung of an earlier date, or one that comes later now."""
    next_of = {timer.occurrence: timer.key for timer in coming}
    for key, row in known.items():
        occurrence = key.rpartition(":")[0]
        if row.state == TimerState.ARMED and next_of.get(occurrence, key) != key:
            connection.execute(_cancel, {"of": case_id, "which": key})


def redate(connection: Connection, case_id: str, moved: Iterable[Timer]) -> None:
    """Give timers another due instant, and a fresh start."""
    rows = [
        {"of": case_id, "which": timer.key, "due_at": timer.due_at, "state": TimerState.ARMED, **_FRESH}
        for timer in moved
    ]
    if rows:
        connection.execute(_arm_again, rows)


def find(connection: Connection, case_id: str, key: str) -> Armed | None:
    """Read one timer row."""
    row = connection.execute(_one, {"of": case_id, "which": key}).mappings().first()
    return Armed(**row) if row else None


def first_due(connection: Connection, case_id: str, *, now: datetime) -> str | None:
    """Name the timer of a case that is due and waits longest."""
    key: str | None = connection.execute(_first_due, {"of": case_id, "now": now}).scalar()
    return key


def settled(connection: Connection, case_id: str) -> frozenset[str]:
    """Name the timers of a case that fired, were put aside, or were withheld: none of them fires by itself again."""
    withheld = and_(_table.c.state == TimerState.CANCELLED, _table.c.error == CONDITION)
    done = or_(_table.c.state.in_((TimerState.FIRED, TimerState.PARKED)), withheld)
    return frozenset(connection.execute(select(_table.c.key).where(_table.c.case_id == case_id, done)).scalars())


def count(connection: Connection, case_id: str) -> int:
    """Count the timers of a case that wait."""
    waiting = select(func.count()).where(_table.c.case_id == case_id, _table.c.state == TimerState.ARMED)
    return connection.execute(waiting).scalar_one()


def settle(connection: Connection, row: Armed, *, state: TimerState, now: datetime, why: str | None = None) -> None:
    """Mark a timer as fired or cancelled; raises `LostRace` when somebody else has."""
    fired_at = now if state is TimerState.FIRED else None
    _update(connection, row, {"state": state, "error": why, "fired_at": fired_at})


def failed(connection: Connection, row: Armed, *, state: TimerState, not_before: datetime, why: str) -> None:
    """Note a failure and when to try again, if at all."""
    values = {"state": state, "error": why, "not_before": not_before, "attempts": row.attempts + 1}
    _update(connection, row, values)


def _update(connection: Connection, row: Armed, values: dict[str, Any]) -> None:
    freed = {"lease_owner": None, "lease_until": None}
    changed = connection.execute(_settle, {"of": row.case_id, "which": row.key, "seen": row.fence, **values, **freed})
    if changed.rowcount != 1:
        raise LostRace(say("another worker has just dealt with this timer; nothing was done twice"))


def _row(case_id: str, timer: Timer) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "key": timer.key,
        "due_at": timer.due_at,
        "action": timer.action,
        "deadline": timer.deadline,
        "trigger": timer.trigger,
        "mail": timer.mail,
        "to": codec.dump(timer.to),
        "item": timer.item,
        "means": timer.means,
        "state": TimerState.ARMED,
    }


_FRESH: dict[str, Any] = {"attempts": 0, "not_before": None, "error": None}
