"""The full-text index of each database: FTS5 beside SQLite's table, and a GIN index on PostgreSQL's own column.

SQLite's index holds no text: it points into the table, and is told of each row before it goes and after it has come.
(Triggers could not: they may not touch it while the schema is not trusted, as `cases.database` has it.) Both know
words alone, without their order or their stems, so that both find alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, TextClause, cast, column, select, table, text
from sqlalchemy.dialects import postgresql

from cases import tables

Word = tuple[str, bool]
"""A word as it is stored, and whether it is only the beginning of one."""

Place = dict[str, str]
"""Where an entry stands: the case it is `of`, its `kind` and its `name`, as `cases.finding` removes it by."""

_entries = tables.search_entries
_HERE = "FROM search_entries WHERE case_id = :of AND source = :kind AND ref = :name"
_GONE = text(f"INSERT INTO search_words(search_words, rowid, words) SELECT 'delete', id, words {_HERE}")
_COME = text(f"INSERT INTO search_words(rowid, words) SELECT id, words {_HERE}")


def forget(connection: Connection, places: Sequence[Place]) -> None:
    """Take entries out of the index; to be done before they are taken out of the table."""
    _tell(connection, _GONE, places)


def learn(connection: Connection, places: Sequence[Place]) -> None:
    """Take entries into the index; to be done after they were written to the table."""
    _tell(connection, _COME, places)


def holds(connection: Connection, wanted: Iterable[Word], *, unwanted: Iterable[Word]) -> ColumnElement[bool]:
    """Ask for the entries that hold all of some words and none of others."""
    if connection.dialect.name == "postgresql":
        spelled = " & ".join([*map(_for_postgres, wanted), *(f"!{_for_postgres(word)}" for word in unwanted)])
        return _entries.c.words.op("@@", is_comparison=True)(cast(spelled, postgresql.TSQUERY))
    spelled = " AND ".join(map(_for_sqlite, wanted)) + "".join(f" NOT {_for_sqlite(word)}" for word in unwanted)
    matches = text(f"{tables.FULL_TEXT} MATCH :asked").bindparams(asked=spelled)
    return _entries.c.id.in_(select(column("rowid")).select_from(table(tables.FULL_TEXT)).where(matches))


def _tell(connection: Connection, statement: TextClause, places: Sequence[Place]) -> None:
    if places and connection.dialect.name == "sqlite":
        connection.execute(statement, places)


def _for_postgres(word: Word) -> str:
    return f"'{word[0]}'{':*' if word[1] else ''}"


def _for_sqlite(word: Word) -> str:
    return f'"{word[0]}"{" *" if word[1] else ""}'
