"""The first page of administrators: every place where the desk is kept, and none with what a case is about."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from desk.access import DeclaredRoute
from desk.administration import Administering
from desk.pages.answers import page
from states.said import say

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

PLACES = (
    ("/people", say("People"), say("Who is on file, how they get in, who stands in for them, and who left.")),
    ("/organisations", say("Organisations"), say("Their names, time zones, kinds and working calendars.")),
    ("/posts", say("Posts and committees"), say("Who holds which post, whose turn it is, and who sits where.")),
    (
        "/calendars",
        say("Working calendars"),
        say("Each year with its working days and holidays, and those of our own."),
    ),
    ("/processes", say("Processes"), say("Their versions, what a change would do, and moving cases to a version.")),
    ("/undelivered", say("Mails that reached nobody"), say("Whom, why, and another try.")),
    (
        "/mail-texts",
        say("Texts of mails"),
        say("Each in six languages, what is not translated, and a test to yourself."),
    ),
    ("/retention", say("How long data is kept"), say("A period for each class, and what it would delete when.")),
    ("/audit", say("Audit of the record"), say("Check now that nothing in it was changed.")),
    ("/emergencies", say("Rooms opened in an emergency"), say("Ask for one, agree to one, and see which there were.")),
    ("/health", say("Health"), say("The clockwork, the mails, the record, and what to do where a line is red.")),
)
"""Each place: its address, its name, and what is found there."""


@router.get("/administration")
def places(visit: Administering, request: Request) -> HTMLResponse:
    """List what administrators keep."""
    return page(visit, "administration.html", request=request, zone=visit.person.timezone, places=PLACES)
