"""What the tests of the record share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cases.builders import Desk, desk_on
from tests.cases.neighbours import Office, office_on
from tests.cases.watched import House, house_on


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """Yields a service over an empty database: the test runs once on SQLite and once on PostgreSQL."""
    desk = desk_on(database_url)
    yield desk
    desk.engine.dispose()


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    """Yields a record with people in every zone of its cases: the test runs once on SQLite and once on PostgreSQL."""
    house = house_on(database_url, tmp_path)
    yield house
    house.record.engine.dispose()


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """Yields an office over an empty database: the test runs once on SQLite and once on PostgreSQL."""
    with office_on(database_url) as office:
        yield office
