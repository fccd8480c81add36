"""Keeps beside each case what it can be recognised by among the others, in the transaction that changes the case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, delete, exists, insert, select

from cases import repository, tables
from cases import unit_of_work as work
from states.case import Case
from states.likeness import Sketch
from states.marks import FIELDS, Mark, MarkKind, Window, key_of, marks_of, windows_of

_marks, _windows = tables.case_marks, tables.case_windows
# "of", "what" and "word" are not columns.
_remove_mark = delete(_marks).where(
    _marks.c.case_id == bindparam("of"), _marks.c.kind == bindparam("what"), _marks.c.key == bindparam("word")
)
_remove_windows = delete(_windows).where(_windows.c.case_id == bindparam("of"))
_add_marks, _add_windows = insert(_marks), insert(_windows)
_marks_of = select(_marks).where(_marks.c.case_id.in_(bindparam("wanted", expanding=True)))
_windows_of = (
    select(_windows).where(_windows.c.case_id.in_(bindparam("wanted", expanding=True))).order_by(_windows.c.source)
)


def keep(connection: Connection, before: Case | None, after: Case) -> None:
    """Bring the marks and windows of a case in line with it."""
    if before is not None and _is_untouched(before, after):
        return
    # Compared with what is there, not with what the case was: one written before there were marks is then complete.
    stored = sketches(connection, [after.id])[after.id]
    _keep_marks(connection, after.id, old=stored.marks, new=marks_of(after))
    if stored.windows != windows_of(after):
        _replace_windows(connection, after)


def sketches(connection: Connection, case_ids: Iterable[str]) -> Mapping[str, Sketch]:
    """Read what some cases are compared by."""
    ids = list(case_ids)
    marks: dict[str, list[Mark]] = {case_id: [] for case_id in ids}
    windows: dict[str, list[Window]] = {case_id: [] for case_id in ids}
    for row in connection.execute(_marks_of, {"wanted": ids}):
        marks[row.case_id].append(Mark(MarkKind(row.kind), row.key))
    for row in connection.execute(_windows_of, {"wanted": ids}):
        windows[row.case_id].append(window(row))
    return {case_id: Sketch(frozenset(marks[case_id]), tuple(windows[case_id])) for case_id in ids}


def window(row: Row[Any]) -> Window:
    """Read a window from its row."""
    return Window(**{name: getattr(row, name) for name in Window.__slots__})


def catch_up(engine: Engine, *, limit: int = 500) -> int:
    """Mark cases that were written before there were marks; return how many."""
    marked = exists().where(_marks.c.case_id == tables.cases.c.id)
    with work.reading(engine) as connection:
        bare = list(connection.execute(select(tables.cases.c.id).where(~marked).limit(limit)).scalars())
    for case_id in bare:
        with work.unit_of_work(engine) as connection:
            keep(connection, None, repository.load(connection, case_id, lock=True).case)
    return len(bare)


def _is_untouched(before: Case, after: Case) -> bool:
    """Tell whether nothing that marks are read from has changed, which is so for most acts."""
    same = before.items == after.items and before.parties == after.parties and before.title == after.title
    return same and all(before.fields.get(name) == after.fields.get(name) for name in FIELDS)


def _keep_marks(connection: Connection, case_id: str, *, old: frozenset[Mark], new: frozenset[Mark]) -> None:
    if gone := sorted(old - new):
        connection.execute(_remove_mark, [{"of": case_id, "what": mark.kind, "word": mark.key} for mark in gone])
    if come := sorted(new - old):
        rows = [{"case_id": case_id, "kind": mark.kind, "key": mark.key} for mark in come]
        connection.execute(_add_marks, rows)


def _replace_windows(connection: Connection, case: Case) -> None:
    connection.execute(_remove_windows, {"of": case.id})
    rows = [
        {"case_id": case.id, "asset_key": key_of(one.asset), "place_key": key_of(one.place)} | asdict(one)
        for one in windows_of(case)
    ]
    if rows:
        connection.execute(_add_windows, rows)
