"""Databases on the PostgreSQL of a test session, for tests that need one for longer than one test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql

_administrators: dict[str, psycopg.Connection[tuple[Any, ...]]] = {}


@contextmanager
def administered(server: str) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
    """Yields the administrator's one connection to the server whose socket lies in a folder, kept for `fresh_on`."""
    with closing(psycopg.connect(host=server, user="postgres", dbname="postgres", autocommit=True)) as admin:
        _administrators[server] = admin
        yield admin
        del _administrators[server]


@contextmanager
def fresh_on(server: str, *, like: str = "template1") -> Iterator[str]:
    """Yields the SQLAlchemy URL of a database of its own, empty or like another one, dropped afterwards."""
    name = f"parley_{uuid4().hex}"
    admin = _administrators[server]
    # Whole files are copied sooner than written to the log page by page, as is the rule.
    copied = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    admin.execute(copied.format(sql.Identifier(name), sql.Identifier(like)))
    yield f"postgresql+psycopg://postgres@/{name}?host={server}"
    admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
