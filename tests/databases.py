"""Databases on the PostgreSQL of a test session, for tests that need one for longer than one test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql


def administer(server: str) -> psycopg.Connection[tuple[Any, ...]]:
    """Returns a connection of the administrator to the server whose socket lies in a folder."""
    return psycopg.connect(host=server, user="postgres", dbname="postgres", autocommit=True)


@contextmanager
def fresh_on(server: str, *, like: str = "template1") -> Iterator[str]:
    """Yields the SQLAlchemy URL of a database of its own, empty or like another one, dropped afterwards."""
    name = f"parley_{uuid4().hex}"
    with closing(administer(server)) as admin:
        copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        admin.execute(copied.format(sql.Identifier(name), sql.Identifier(like)))
        yield f"postgresql+psycopg://postgres@/{name}?host={server}"
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
