"""Who administers the desk: people on file, organisations, processes and mails, and of no case what it is about."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from cases.people import Person
from desk.access import Signed
from desk.visits import Visit
from states import errors
from states.roles import ADMINISTRATOR
from states.said import say

REGISTRY = "registry"
OFFICES = {
    ADMINISTRATOR: say("Administrator"),
    "head_of_office": say("Head of office"),
    REGISTRY: say("Registry"),
}
"""What an office outside every case is called; the roles of this kind that a process names are added to them."""


def keeps_texts(visit: Visit) -> bool:
    """Tell whether somebody looks after the texts of mails: an administrator, or the registry."""
    return not visit.actor.offices.isdisjoint({ADMINISTRATOR, REGISTRY})


def keeping_texts(visit: Signed) -> Visit:
    """Let those who look after the texts of mails use the route. Raises `NotYours`."""
    if not keeps_texts(visit):
        raise errors.NotYours(say("this page is for administrators of the desk"))
    return visit


KeepingTexts = Annotated[Visit, Depends(keeping_texts)]


def administering(visit: Signed) -> Visit:
    """Let administrators use the route. Raises `NotYours`."""
    if ADMINISTRATOR not in visit.actor.offices:
        raise errors.NotYours(say("this page is for administrators of the desk"))
    return visit


Administering = Annotated[Visit, Depends(administering)]


def person_named(visit: Visit, text: str) -> Person:
    """Find whom an administrator named by e-mail address or id. Raises `NotFound`."""
    wanted = text.strip()
    directory = visit.desk.directory
    found = directory.by_email(wanted) if "@" in wanted else directory.people([wanted]).get(wanted)
    if found is None or not found.active:
        raise errors.NotFound(
            say("nobody on file has the address “%(address)s”; put them on file first", address=wanted)
        )
    return found


def refuse_last(visit: Visit, person_id: str) -> None:
    """Raise `Conflict` when somebody is the only administrator, so that nobody would be left to keep the desk."""
    if [one.id for one in visit.desk.directory.office(ADMINISTRATOR)] == [person_id]:
        raise errors.Conflict(
            say("nobody would be left to administer the desk; make somebody else an administrator first")
        )
