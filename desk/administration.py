"""Who administers the desk: people on file, organisations, processes and mails, and of no case what it is about."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from cases.viewer import ADMINISTRATOR
from desk.access import Signed, Visit
from states import errors
from states.said import say

OFFICES = {
    ADMINISTRATOR: say("Administrator"),
    "head_of_office": say("Head of office"),
    "registry": say("Registry"),
}
"""What an office outside every case is called; the roles of this kind that a process names are added to them."""


def administering(visit: Signed) -> Visit:
    """Let administrators use the route. Raises `NotYours`."""
    if ADMINISTRATOR not in visit.actor.offices:
        raise errors.NotYours(say("this page is for administrators of the desk"))
    return visit


Administering = Annotated[Visit, Depends(administering)]
