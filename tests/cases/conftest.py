"""What the tests of the record share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cases.builders import Desk, desk_on


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Yields a service over an empty database: the test runs once on SQLite and once on PostgreSQL."""
    desk = desk_on(database_url)
    yield desk
    desk.engine.dispose()
