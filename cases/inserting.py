"""Inserts rows unless they stand there already, in the words of either database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table


def unless_there(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Return an insert into a table that leaves out whatever stands there already, and waits for who writes it now."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
