"""The shortlist of neutrals for a case, for those who appoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from cases import queries, shortlists
from desk import importing, shortlist_words
from desk.access import DeclaredRoute, Signed
from desk.pages.answers import page
from states import errors
from states.shortlist import Asked

if TYPE_CHECKING:
    from cases.queries import CaseFile
    from cases.shortlists import Shortlist
    from desk.visits import Visit
    from states.machine import Option

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

# What an act of appointing does, the first that a person has now before the others.
NAMING = ("name_neutral", "appoint_neutral")
PUT = "put_shortlist"
# Beyond what the parties may strike, so many names are left to choose from.
_LEFT = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the list: the name, why they stand there, and where to propose them, if that can be done."""

    name: str
    because: tuple[str, ...]
    propose: str = ""


@router.get("/cases/{case_ref}/shortlist")
def shortlist(case_ref: str, visit: Signed, *, skills: str = "", places: str = "") -> HTMLResponse:
    """Show who could mediate a case, best first and why, and who could not."""
    asked = Asked(skills=importing.parts(skills), places=importing.parts(places))
    record, now = visit.desk.record, visit.words.now
    found = shortlists.shortlist_for(record, visit.viewer, case_ref, now=now, asked=asked)
    options = _options(visit, found)
    naming = next((options[effect] for effect in NAMING if effect in options), None)
    return page(
        visit,
        "shortlist.html",
        zone=found.process.timezone,
        case=found.case,
        since=found.since,
        until=found.until,
        ranked=[
            Row(
                name=one.candidate.name,
                because=shortlist_words.because(one, visit.words, parties=found.parties),
                propose=_address(found, naming, person=one.candidate.person),
            )
            for one in found.ranking.ranked
        ],
        barred=[Row(name=one.candidate.name, because=one.bars) for one in found.ranking.barred],
        naming=naming.trigger.label if naming else "",
        put=_address(found, options.get(PUT), names=_first(found)),
        skills=skills,
        places=places,
    )


def link(file: CaseFile, visit: Visit) -> str:
    """Return the address of a case's shortlist while a neutral is to be appointed; empty for who may not see it."""
    appointing = any({PUT, *NAMING} & set(option.trigger.does) for option in file.options)
    seen = appointing and shortlists.sees_shortlist(visit.viewer, file.roles)
    return f"/cases/{file.case.number}/shortlist" if seen else ""


def _options(visit: Visit, found: Shortlist) -> dict[str, Option]:
    """Find the acts of appointing that this person has now, by what they do; the registry has none."""
    try:
        file = queries.case_file(visit.desk.record, visit.viewer, found.case.id, now=visit.words.now)
    except errors.NotFound:
        return {}
    return {effect: option for option in file.options if option.ready for effect in option.trigger.does}


def _first(found: Shortlist) -> list[str]:
    """Name the best, as many as leave a choice when every party has struck."""
    deciding = sum(party.decides for party in found.case.parties)
    wanted = found.process.strikes * deciding + _LEFT
    return [one.candidate.person for one in found.ranking.ranked[:wanted]]


def _address(found: Shortlist, option: Option | None, **filled_in: str | list[str]) -> str:
    if option is None:
        return ""
    return f"/cases/{found.case.number}/acts/{option.trigger.name}?{urlencode(filled_in, doseq=True)}"
