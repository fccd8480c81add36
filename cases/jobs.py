"""Long work asked for by a person: kept with its lines, taken under a lease, and settled line by line.

A job that is asked for twice with one key is one job. Whoever works on it holds it for some minutes and longer with
each line; when they die, another goes on with the first line that is not settled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, case, delete, func, insert, literal, or_, select, update

from cases import codec, inserting, kept_words, tables
from cases.unit_of_work import reading, unit_of_work
from states import errors
from states.said import say

LEASE = timedelta(minutes=2)
"""How long a worker is trusted to be at work on one line."""
MOST_LINES = 20_000
SHOWN = 200
"""How many lines a page shows of a job, those that went wrong first."""
_jobs, _lines = tables.jobs, tables.job_lines


class Kind(StrEnum):
    """What a job does with each of its lines."""

    ACTS = "acts"
    MAILS = "mails"
    INDEX = "index"
    EXPORT = "export"


class LineState(StrEnum):
    """What became of a line."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """One thing to be done: with a case or a mail, by its id, as it was seen at a version."""

    subject: str
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """What somebody asks for; `key` makes asking twice harmless, `what` says what is done with each line."""

    kind: Kind
    key: str
    title: str
    what: Mapping[str, Any]
    lines: Sequence[NewLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a job, and what is told of it."""

    place: int
    subject: str
    seen: int | None
    state: LineState
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as its owner sees it: how much of it is settled, and the lines that are shown."""

    id: str
    owner: str
    kind: Kind
    title: str
    made_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    total: int
    settled: int
    wrong: int
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in the hands of one worker; a claim whose lease ran out settles nothing."""

    id: str
    owner: str
    kind: Kind
    what: Mapping[str, Any]
    fence: int


def ask(engine: Engine, owner: str, wanted: NewJob, *, now: datetime) -> str:
    """Keep a job to be done, and return its id; the same key of the same person gives the same job again.

    Raises `NeedsMissing` when there is nothing to do, or too much at once.
    """
    if not wanted.lines:
        raise errors.NeedsMissing(say("choose at least one line of the list"))
    if len(wanted.lines) > MOST_LINES:
        raise errors.NeedsMissing(say("at most %(count)s at once; narrow the list", count=f"{MOST_LINES:,}"))
    job_id = _id_of(owner, wanted.key)
    row = {
        "id": job_id,
        "owner_id": owner,
        "kind": wanted.kind,
        "title": kept_words.dump(wanted.title),
        "what": codec.dump(wanted.what),
        "made_at": now,
    }
    with unit_of_work(engine) as work:
        if work.execute(inserting.unless_there(work, _jobs).returning(_jobs.c.id), row).first() is not None:
            work.execute(insert(_lines), [_new_line(job_id, place, one) for place, one in enumerate(wanted.lines)])
    return job_id


def read(engine: Engine, owner: str, job_id: str) -> Job:
    """Show a job to its owner. Raises `NotFound` for everybody else, as for one that does not exist."""
    with reading(engine) as connection:
        row = connection.execute(_counted(owner).where(_jobs.c.id == job_id)).first()
        if row is None:
            raise errors.NotFound(say("there is no such job, or it is not yours to see"))
        wrong_first = case((_lines.c.state.in_((LineState.REFUSED, LineState.FAILED)), 0), else_=1)
        shown = select(_lines).where(_lines.c.job_id == job_id).order_by(wrong_first, _lines.c.place).limit(SHOWN)
        return _as_job(row, tuple(_as_line(one) for one in connection.execute(shown)))


def of_person(engine: Engine, owner: str, *, limit: int = 25) -> tuple[Job, ...]:
    """List somebody's jobs, the newest first."""
    newest = _counted(owner).order_by(_jobs.c.made_at.desc(), _jobs.c.id).limit(limit)
    with reading(engine) as connection:
        return tuple(_as_job(row) for row in connection.execute(newest))


def result(engine: Engine, owner: str, job_id: str) -> list[list[str]]:
    """Return the rows that an export came to. Raises `NotFound` where there are none, or no more."""
    mine = select(_jobs.c.result).where(_jobs.c.id == job_id, _jobs.c.owner_id == owner)
    with reading(engine) as connection:
        kept = connection.execute(mine).scalar()
    if kept is None:
        raise errors.NotFound(say("there is no such file, or it was kept for a day and is gone; export it again"))
    rows: list[list[str]] = codec.parse(kept)
    return rows


def claim(engine: Engine, *, worker: str, now: datetime, job_id: str | None = None) -> Claim | None:
    """Take the job that waits longest, or the one named, if nobody is at work on it."""
    free = (_jobs.c.ended_at.is_(None), or_(_jobs.c.lease_until.is_(None), _jobs.c.lease_until <= now))
    named = () if job_id is None else (_jobs.c.id == job_id,)
    waiting = select(_jobs.c.id).where(*free, *named).order_by(_jobs.c.made_at, _jobs.c.id).limit(1)
    with reading(engine) as connection:
        if connection.execute(waiting).first() is None:
            return None
    with unit_of_work(engine) as work:
        found = work.execute(waiting.with_for_update(skip_locked=True)).scalar()
        if found is None:
            return None
        taken = {
            "lease_owner": worker,
            "lease_until": now + LEASE,
            "begun_at": func.coalesce(_jobs.c.begun_at, literal(now, tables.Instant())),
        }
        changed = update(_jobs).where(_jobs.c.id == found).values(fence=_jobs.c.fence + 1, **taken).returning(_jobs)
        row = work.execute(changed).one()
    return Claim(id=row.id, owner=row.owner_id, kind=Kind(row.kind), what=codec.parse(row.what), fence=row.fence)


def next_line(engine: Engine, held: Claim) -> Line | None:
    """Return the first line that is not settled; None at the end."""
    waiting = select(_lines).where(_lines.c.job_id == held.id, _lines.c.state == LineState.WAITING)
    with reading(engine) as connection:
        row = connection.execute(waiting.order_by(_lines.c.place).limit(1)).first()
    return None if row is None else _as_line(row)


def settle(work: Connection, held: Claim, line: Line, *, now: datetime) -> bool:
    """Write down what became of a line, and hold the job longer; False when another worker holds it now."""
    if not _hold(work, held, until=now + LEASE):
        return False
    work.execute(_settle, {"of": held.id, "nth": line.place, "state": line.state, "told": kept_words.dump(line.told)})
    return True


def end(engine: Engine, held: Claim, *, now: datetime, rows: Iterable[Sequence[str]] | None = None) -> None:
    """Write down that all is done; what was to be done is forgotten, and what an export came to is kept."""
    over = {"ended_at": now, "lease_owner": None, "lease_until": None, "what": "{}"}
    kept = {} if rows is None else {"result": codec.dump([list(row) for row in rows])}
    with unit_of_work(engine) as work:
        work.execute(update(_jobs).where(_jobs.c.id == held.id, _jobs.c.fence == held.fence).values(**over, **kept))


def let_go(engine: Engine, held: Claim) -> None:
    """Leave the rest of a job to whoever comes next."""
    with unit_of_work(engine) as work:
        _hold(work, held, until=None)


def forget_old(engine: Engine, *, ended_before: datetime, results_before: datetime) -> int:
    """Forget jobs that ended long ago, and what exports came to; return how many jobs went."""
    old = select(_jobs.c.id).where(_jobs.c.ended_at < ended_before)
    with unit_of_work(engine) as work:
        work.execute(update(_jobs).where(_jobs.c.ended_at < results_before).values(result=None))
        work.execute(delete(_lines).where(_lines.c.job_id.in_(old)))
        return work.execute(delete(_jobs).where(_jobs.c.ended_at < ended_before)).rowcount


_settle = (
    update(_lines)
    .where(_lines.c.job_id == bindparam("of"), _lines.c.place == bindparam("nth"))
    .values(state=bindparam("state"), told=bindparam("told"))
)


def _hold(work: Connection, held: Claim, *, until: datetime | None) -> bool:
    mine = update(_jobs).where(_jobs.c.id == held.id, _jobs.c.fence == held.fence, _jobs.c.ended_at.is_(None))
    return work.execute(mine.values(lease_until=until)).rowcount == 1


def _counted(owner: str) -> Any:  # noqa: ANN401 - a select of many columns
    """Select somebody's jobs with how many of their lines there are, are settled, and went wrong."""
    of_it = select(func.count()).select_from(_lines).where(_lines.c.job_id == _jobs.c.id)
    settled = of_it.where(_lines.c.state != LineState.WAITING)
    wrong = of_it.where(_lines.c.state.in_((LineState.REFUSED, LineState.FAILED)))
    return select(
        _jobs.c.id,
        _jobs.c.owner_id,
        _jobs.c.kind,
        _jobs.c.title,
        _jobs.c.made_at,
        _jobs.c.begun_at,
        _jobs.c.ended_at,
        of_it.scalar_subquery().label("total"),
        settled.scalar_subquery().label("settled"),
        wrong.scalar_subquery().label("wrong"),
    ).where(_jobs.c.owner_id == owner)


def _as_job(row: Row[Any], lines: tuple[Line, ...] = ()) -> Job:
    return Job(
        id=row.id,
        owner=row.owner_id,
        kind=Kind(row.kind),
        title=kept_words.load(row.title),
        made_at=row.made_at,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        total=row.total,
        settled=row.settled,
        wrong=row.wrong,
        lines=lines,
    )


def _as_line(row: Row[Any]) -> Line:
    told = kept_words.load(row.told) if row.told is not None else ""
    return Line(place=row.place, subject=row.subject, seen=row.seen, state=LineState(row.state), told=told)


def _new_line(job_id: str, place: int, line: NewLine) -> dict[str, Any]:
    return {"job_id": job_id, "place": place, "subject": line.subject, "seen": line.seen, "state": LineState.WAITING}


def _id_of(owner: str, key: str) -> str:
    """Make an id that nobody else can guess or take: the key is random, and the person goes into it."""
    return hashlib.sha256(f"{owner}\n{key}".encode()).hexdigest()[:32]
