"""Brings the tables of a database up to date at start, one process at a time, all steps or none."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from cases import unit_of_work as work
from states import errors

HERE = Path(__file__).parent
# Any number will do, as long as it is always the same.
_LOCK = 7_208_414_119


def migrate(engine: Engine, folder: Path = HERE) -> None:
    """Run the steps of a folder that this database has not seen yet; two processes that start together take turns.

    Raises `DefinitionError` when a newer Parley has already changed the tables.
    """
    with work.reading(engine) as connection:
        if revision(connection) == newest(folder):
            return
    with work.unit_of_work(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        _upgrade(connection, folder)


def newest(folder: Path = HERE) -> str:
    """Name the newest step this program knows."""
    return max(_known(folder))


def revision(connection: Connection) -> str | None:
    """Name the newest step this database has seen, or None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _known(folder: Path) -> list[str]:
    return [path.stem.partition("_")[0] for path in (folder / "versions").glob("[0-9]*.py")]


def _upgrade(connection: Connection, folder: Path) -> None:
    found = revision(connection)
    if found is not None and found not in _known(folder):
        sentence = f"the database is at step {found}, which this Parley does not know: start the newer one again"
        raise errors.DefinitionError(sentence)
    # Alembic costs a third of a second, and most starts have nothing to do.
    from alembic import command, config  # noqa: PLC0415 - slow to import, and rarely needed

    steps = config.Config(attributes={"connection": connection})
    steps.set_main_option("script_location", str(folder).replace("%", "%%"))
    steps.set_main_option("path_separator", "os")
    command.upgrade(steps, "head")
