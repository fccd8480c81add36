"""What most commands begin with: the settings, the open office, and the person a command speaks for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from states import errors

if TYPE_CHECKING:
    from cases.people import Person
    from cases.queries import Viewer
    from config.settings import Settings
    from notifications.office import Office

CaseRef = Annotated[str, typer.Argument(metavar="CASE", help="The case's number, such as D-2026-0001, or its id.")]
By = Annotated[str, typer.Option("--by", metavar="PERSON", help="Who acts: an e-mail address or id on file.")]
Key = Annotated[str, typer.Option(help="Makes sending twice harmless: the same key does it once.")]
_as = typer.Option("--as", metavar="PERSON", help="Whose eyes to look with: an e-mail address or id.")
As = Annotated[str, _as]
NewId = Annotated[str, typer.Option("--id", help="An id of your own; without it, one is made.")]
AsSomebody = Annotated[str | None, _as]


def settings(**changes: Any) -> Settings:  # noqa: ANN401 - the settings have values of many types
    """Read the settings, with the options of a command that were given in place of some."""
    from config import settings as configured

    given = {name: value for name, value in changes.items() if value is not None}
    return configured.read().model_copy(update=given)


def office(chosen: Settings | None = None) -> Office:
    """Open the office: the database, brought up to date, and everything that works on it."""
    from notifications.office import open_office

    found = chosen or settings()
    make_folder(found)
    return open_office(found)


def make_folder(chosen: Settings) -> None:
    """Make the data folder, for its owner alone, where it is missing. Raises `DefinitionError`."""
    folder = chosen.data_folder
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        told = f"the data folder {folder} cannot be made ({fault.strerror}); choose another: PARLEY_DATA_FOLDER"
        raise errors.DefinitionError(told) from None


def person(at: Office, who: str) -> Person:
    """Find somebody by e-mail address or id. Raises `NotFound`."""
    found = at.directory.by_email(who) if "@" in who else at.directory.person(who)
    if found is None:
        raise errors.NotFound(f"nobody on file has the address {who}; parley person list shows everybody")
    return found


def day(text: str) -> date:
    """Read a civil day, such as 2026-12-31. Raises `Refused`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise errors.Refused(f"“{text}” is no day; write it as 2026-12-31") from None


def today(at: Office, timezone: str = "") -> date:
    """Return the civil day of this moment in a zone, or in that of the office."""
    from states import wall_time

    return at.clock.now().astimezone(wall_time.find_zone(timezone or at.settings.timezone)).date()


def viewer(at: Office, who: str) -> Viewer:
    """Look with the eyes of a person."""
    from cases.queries import Viewer

    return Viewer(at.directory.actor(person(at, who).id))
