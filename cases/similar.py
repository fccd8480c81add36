"""Finds the cases a draft looks like, before it is opened: likely duplicates and related ones, each with its reasons.

Whoever keeps the register sees every number. Anybody else sees the cases they have a part in, and learns nothing of the
others, not even whether there are any.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from cases import marking, tables, viewer
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Viewer
from states.case import Case
from states.likeness import RELATED, Likeness, Sketch, compare
from states.marks import Mark, MarkKind, marks_of, windows_of

KEEPERS = frozenset({"registry", "convener"})
"""The offices that see the number of every case."""
LOOKED_BACK = timedelta(days=365)
"""How long a closed case is still compared."""
_COMPARED = 100
_SHOWN = 10
_WEIGHTS = {MarkKind.BODY: 3, MarkKind.ASSET: 3, MarkKind.PLACE: 2, MarkKind.WORD: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarCase:
    """A case that a draft looks like; `title` is None for one whose file is not the viewer's to read."""

    number: str
    title: str | None
    opened_at: datetime
    closed_at: datetime | None
    score: int
    likely: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a draft looks like, the most alike first; `complete` tells whether the viewer was shown every case."""

    cases: tuple[SimilarCase, ...]
    complete: bool

    @property
    def likely(self) -> bool:
        """Tell whether the draft is likely to be a matter that has a case already."""
        return any(one.likely for one in self.cases)


def similar(record: Record, who: Viewer, draft: Case, *, now: datetime) -> Comparison:
    """Compare a draft with the open and the recently closed cases."""
    sketch = Sketch(marks_of(draft), windows_of(draft))
    with reading(record.engine) as connection:
        candidates = _candidates(connection, sketch, but=draft.id, since=now - LOOKED_BACK)
        kept = marking.sketches(connection, candidates)
        alike = {one: found for one in candidates if (found := compare(sketch, kept[one])).score >= RELATED}
        shown = _described(record, who, connection, alike)
    ranked = sorted(shown, key=lambda one: (-one.score, one.number))
    return Comparison(cases=tuple(ranked[:_SHOWN]), complete=bool(KEEPERS & who.actor.offices))


def _candidates(connection: Connection, sketch: Sketch, *, but: str, since: datetime) -> list[str]:
    """Choose the cases that share most with a sketch, by the index of marks."""
    marks, cases = tables.case_marks, tables.cases
    wanted = [mark for mark in sorted(sketch.marks) if mark.kind in _WEIGHTS]
    if not wanted:
        return []
    weight = func.sum(case(*((marks.c.kind == kind, points) for kind, points in _WEIGHTS.items()), else_=0))
    found = (
        select(marks.c.case_id)
        .join(cases, cases.c.id == marks.c.case_id)
        .where(_any_of(wanted), cases.c.id != but, or_(cases.c.closed_at.is_(None), cases.c.closed_at >= since))
        .group_by(marks.c.case_id)
        .order_by(weight.desc(), marks.c.case_id)
        .limit(_COMPARED)
    )
    return list(connection.execute(found).scalars())


def _any_of(marks: list[Mark]) -> ColumnElement[bool]:
    kept = tables.case_marks
    by_kind = groupby(marks, key=lambda mark: mark.kind)
    return or_(*(and_(kept.c.kind == kind, kept.c.key.in_([mark.key for mark in found])) for kind, found in by_kind))


def _described(record: Record, who: Viewer, connection: Connection, alike: dict[str, Likeness]) -> list[SimilarCase]:
    """Tell of each case what the viewer may know of it."""
    titles = {seen.case.id: seen.case.title for seen in viewer.see_many(record, who, connection, list(alike))}
    known = list(alike) if KEEPERS & who.actor.offices else list(titles)
    cases = tables.cases
    facts = select(cases.c.id, cases.c.number, cases.c.opened_at, cases.c.closed_at).where(cases.c.id.in_(known))
    return [
        SimilarCase(
            number=row.number,
            title=titles.get(row.id),
            opened_at=row.opened_at,
            closed_at=row.closed_at,
            score=alike[row.id].score,
            likely=alike[row.id].likely,
            reasons=alike[row.id].reasons,
        )
        for row in connection.execute(facts)
    ]
