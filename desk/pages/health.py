"""The health of the desk, for administrators: the clockwork, the outbox, and what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from cases import heartbeats, outbox, queries, timers
from desk.access import DeclaredRoute, Signed
from desk.pages.answers import ADMINISTRATOR, page
from states import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desk.access import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)
SLACK = timedelta(minutes=5)
SILENT = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that was looked at: whether it is well, what was found, and the command that mends it."""

    name: str
    well: bool
    found: str
    command: str = ""


@router.get("/health")
def health(visit: Signed, request: Request) -> HTMLResponse:
    """Show how the desk is doing, without any content of cases."""
    if ADMINISTRATOR not in visit.actor.offices:
        sentence = "this page is for administrators of the desk"
        raise errors.NotYours(sentence)
    parked = queries.parked(visit.desk.record, visit.viewer)
    zone = visit.person.timezone
    return page(visit, "health.html", request=request, zone=zone, lines=tuple(_lines(visit)), parked=parked)


def _lines(visit: Visit) -> Iterator[Line]:
    engine, words, zone = visit.desk.record.engine, visit.words, visit.person.timezone
    yield Line(name="Database", well=True, found=f"{engine.dialect.name} answers")
    for beat in heartbeats.read(engine):
        fresh = words.now - beat.last_at <= SILENT
        found = f"Last beat {words.left(beat.last_at)}, {words.short(beat.last_at, zone)}"
        yield Line(name=f"Heartbeat: {beat.name}", well=fresh, found=found, command="parley up")
    late = timers.overdue(engine, now=words.now, slack=SLACK)
    since = f"{len(late)} waiting, the oldest since {words.short(late[0].due_at, zone)}" if late else ""
    yield Line(name="Timers overdue", well=not late, found=since or "None", command="parley tick")
    coming = timers.next_due_at(engine)
    yield Line(name="Next timer", well=True, found=words.short(coming, zone) if coming else "None is armed")
    counts = outbox.counts(engine)
    oldest = counts.oldest_waiting_at
    waiting = f"The oldest mail waits since {words.short(oldest, zone)}" if oldest else "Nothing waits"
    yield Line(
        name="Outbox",
        well=oldest is None or words.now - oldest <= SLACK,
        found=waiting,
        command="parley tick",
    )
    dead = sum(counts.messages.get(state, 0) for state in outbox.DEAD)
    yield Line(
        name="Mails not delivered",
        well=not dead,
        found=str(dead) if dead else "None",
        command="parley mail list",
    )
