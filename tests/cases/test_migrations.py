"""The tables a database gets at start: from nothing, from an older step with data in it, by several at once."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, exc, text

from cases import database, ledger, migrations, tables
from cases import unit_of_work as work
from states import errors
from tests.cases.builders import desk_on

ROOT = Path(__file__).resolve().parents[2]
NEXT = f"{int(migrations.newest()) + 1:04}"
OPEN = "import sys; from cases import database; database.open_database(sys.argv[1]).dispose()"
STEP = """
import sqlalchemy as sa
from alembic import op

revision = "{step}"
down_revision = "{newest}"


def upgrade():
    op.add_column("cases", sa.Column("place", sa.Text()))
    op.execute("UPDATE cases SET place = 'Juba'")
    op.execute("{last}")
"""


@pytest.fixture
def next_step(tmp_path: Path) -> Path:
    """Returns a folder with the steps of the program and room for one more."""
    folder = tmp_path / "100% new steps"
    shutil.copytree(migrations.HERE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def write_step(folder: Path, *, last: str) -> None:
    source = STEP.format(last=last, step=NEXT, newest=migrations.newest())
    (folder / "versions" / f"{NEXT}_place.py").write_text(source, encoding="utf-8")


def revision(engine: Engine) -> str | None:
    with work.reading(engine) as connection:
        return migrations.revision(connection)


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leaves out the full-text index, which each database makes and keeps in its own way."""
    return kind not in {"table", "index"} or not (name or "").startswith(tables.FULL_TEXT)


def test_the_steps_lead_to_the_tables_the_program_uses(bare_database_url: str) -> None:
    engine = database.open_database(bare_database_url)
    with engine.connect() as connection:
        options = {"compare_type": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, tables.metadata) == []
    assert revision(engine) == migrations.newest()
    engine.dispose()


def test_a_database_with_cases_in_it_goes_a_step_forward_and_keeps_them(
    bare_database_url: str, next_step: Path
) -> None:
    desk = desk_on(bare_database_url)
    desk.act(desk.open().case_id, "begin")
    write_step(next_step, last="UPDATE cases SET place = place || ', South Sudan'")
    migrations.migrate(desk.engine, next_step)
    assert revision(desk.engine) == NEXT
    with work.reading(desk.engine) as connection:
        assert connection.execute(text("SELECT place FROM cases")).scalars().all() == ["Juba, South Sudan"]
        assert ledger.verify(connection) == ledger.Report(cases=1, events=2)
    desk.engine.dispose()


def test_a_step_that_fails_leaves_the_database_as_it_was_and_may_be_taken_again(
    bare_database_url: str, next_step: Path
) -> None:
    desk = desk_on(bare_database_url)
    desk.open()
    write_step(next_step, last="UPDATE nowhere SET place = NULL")
    with pytest.raises(exc.DatabaseError, match="nowhere"):
        migrations.migrate(desk.engine, next_step)
    assert revision(desk.engine) == migrations.newest()
    with pytest.raises(exc.DatabaseError, match="place"), work.reading(desk.engine) as connection:
        connection.execute(text("SELECT place FROM cases"))
    write_step(next_step, last="UPDATE cases SET place = 'Wau'")
    migrations.migrate(desk.engine, next_step)
    with work.reading(desk.engine) as connection:
        assert connection.execute(text("SELECT place FROM cases")).scalars().all() == ["Wau"]
    desk.engine.dispose()


def test_a_database_of_a_newer_program_is_left_alone(bare_database_url: str, next_step: Path) -> None:
    engine = database.open_database(bare_database_url)
    write_step(next_step, last="UPDATE cases SET place = NULL")
    migrations.migrate(engine, next_step)
    engine.dispose()
    with pytest.raises(errors.DefinitionError, match=f"step {NEXT}, which this Parley does not know"):
        database.open_database(bare_database_url)


def test_processes_that_start_together_take_turns(bare_database_url: str) -> None:
    command = [sys.executable, "-c", OPEN, bare_database_url]
    starting = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    told = [process.communicate()[1] for process in starting]
    assert [process.returncode for process in starting] == [0, 0, 0], told
    engine = database.open_database(bare_database_url)
    assert revision(engine) == migrations.newest()
    engine.dispose()
