"""The documents of the cases and the files behind them: who may have one, and that every one of them is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, bindparam, select

from cases import codec, tables, viewer
from cases.files import FileStore
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Viewer
from states import errors
from states.items import Document

_HASH = re.compile(r"[0-9a-f]{64}")
_mentions = select(tables.items.c.data).where(tables.items.c.data.contains("sha256"))
_documents = (
    select(tables.cases.c.number, tables.items.c.data)
    .join(tables.cases, tables.cases.c.id == tables.items.c.case_id)
    .where(tables.items.c.kind == bindparam("kind"))
    .order_by(tables.cases.c.number, tables.items.c.position)
)


@dataclass(frozen=True, slots=True)
class Gap:
    """A document whose file is not as it was put on file; it is named by its hash, which tells nobody what it says."""

    number: str
    what: str

    def __str__(self) -> str:
        """Say it in a sentence."""
        return f"case {self.number}: {self.what}"


def document(record: Record, who: Viewer, case_ref: str, item_id: str) -> Document:
    """Find a document of a case; raise `NotFound` for one that is unknown or not this viewer's."""
    with reading(record.engine) as connection:
        found = viewer.find(record, who, connection, case_ref).case.item(item_id)
    if not isinstance(found, Document) or not found.sha256:
        raise errors.NotFound(viewer.UNKNOWN)
    return found


def gaps(connection: Connection, store: FileStore, case_id: str | None = None) -> Iterator[Gap]:
    """Read every file that a document names, in one case or in all, and yield what does not hold."""
    wanted = _documents if case_id is None else _documents.where(tables.items.c.case_id == case_id)
    for row in connection.execute(wanted, {"kind": Document.kind}):
        kept: Document = codec.load(Document, row.data)
        if kept.sha256 and (what := _wrong_with(store, kept)):
            yield Gap(row.number, what)


def forget_unused(engine: Engine, store: FileStore, *, before: datetime) -> int:
    """Remove the files that were uploaded before an instant and never put into a case; count them."""
    old = store.older_than(before)
    return store.forget(old - _mentioned(engine) if old else (), before=before)


def _mentioned(engine: Engine) -> frozenset[str]:
    """Collect every hash that any item of any case names, whatever its kind."""
    with reading(engine) as connection:
        return frozenset(found for data in connection.execute(_mentions).scalars() for found in _HASH.findall(data))


def _wrong_with(store: FileStore, kept: Document) -> str:
    try:
        store.open(kept.sha256).close()
    except errors.BrokenRecord as broken:
        return str(broken)
    return ""
