"""What the tests of faults share: a prepared office with its mailbox, and what would come of it without faults."""

from __future__ import annotations

import os
import random
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifications.mailbox import LocalMailbox
from notifications.office import Office
from tests.faults import grounds
from tests.faults.grounds import Ground, Outcome


@pytest.fixture
def mailbox(tmp_path: Path) -> Iterator[LocalMailbox]:
    """Yields a mail server of this test's own."""
    with LocalMailbox(tmp_path / "mails", port=0) as box:
        yield box


@pytest.fixture
def ground(database_url: str, tmp_path: Path, mailbox: LocalMailbox) -> Ground:
    """Returns a prepared office, once on SQLite and once on PostgreSQL."""
    ground = Ground(database_url, tmp_path, mailbox.port)
    grounds.prepare(ground)
    return ground


@pytest.fixture
def office(ground: Ground) -> Iterator[Office]:
    """Yields that office, opened in the process of the test."""
    office = ground.open()
    yield office
    office.close()


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Returns what comes of a prepared office when nothing goes wrong."""
    return grounds.undisturbed(tmp_path_factory.mktemp("undisturbed") / "office")


@pytest.fixture
def chance() -> random.Random:
    """Returns the source of random moments; it prints its seed, and PARLEY_SEED repeats a run."""
    seed = int(os.environ.get("PARLEY_SEED") or secrets.randbelow(2**32))
    print(f"PARLEY_SEED={seed}")  # noqa: T201 - pytest shows it when the test fails
    return random.Random(seed)  # noqa: S311 - it is to be repeatable
