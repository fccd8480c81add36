"""What the tests of the desk share: a furnished house, and its desk on a port of this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from tests.desk import house as houses
from tests.desk.house import Front, House


@dataclass(frozen=True, slots=True)
class Furnished:
    """A house that is only copied, and the time on its clock."""

    folder: Path
    now: datetime


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """Furnish a house once for all tests."""
    folder = tmp_path_factory.mktemp("house")
    return Furnished(folder, houses.furnish(folder))


@pytest.fixture
def house(furnished: Furnished, tmp_path: Path) -> Iterator[House]:
    """Yield a house of the test's own."""
    own = houses.copy_of(furnished.folder, tmp_path / "house", now=furnished.now)
    yield own
    own.record.engine.dispose()


@pytest.fixture
def front(house: House) -> Iterator[Front]:
    """Yield the desk of the test's own house, served."""
    with houses.serving(house) as front:
        yield front


@pytest.fixture
def own_house(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Point the commands to a house of the test's own."""
    monkeypatch.setenv("PARLEY_DATA_FOLDER", str(house.settings.data_folder))
    return house
