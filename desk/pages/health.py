"""The health of the desk, for administrators: the clockwork, the outbox, and what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from cases import equal_notice, outbox, queries, timers, undelivered, watchdog
from desk import lateness_words, machine_health
from desk.access import DeclaredRoute, Open, Signed
from desk.pages.answers import page
from states import errors
from states.roles import ADMINISTRATOR
from states.said import count, say, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.watchdog import Heart, Watch
    from desk.visits import Visit
    from desk.words import Words

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)


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
        sentence = say("this page is for administrators of the desk")
        raise errors.NotYours(sentence)
    parked = queries.parked(visit.desk.record, visit.viewer)
    zone = visit.person.timezone
    return page(visit, "health.html", request=request, zone=zone, lines=tuple(_lines(visit)), parked=parked)


@router.get("/health/heartbeat")
def heartbeat(desk: Open) -> Response:
    """Tell a monitor outside whether the clockwork goes, and by name what is late; never of any case."""
    late = watchdog.standing_still(desk.record.engine, now=desk.clock.now())
    told = f"late: {', '.join(late)}" if late else "beating"
    status = HTTPStatus.SERVICE_UNAVAILABLE if late else HTTPStatus.OK
    return Response(f"{told}\n", status, headers={"cache-control": "no-store"}, media_type="text/plain")


def _lines(visit: Visit) -> Iterator[Line]:
    record, words, zone = visit.desk.record, visit.words, visit.person.timezone
    engine, watch = record.engine, watchdog.watch(record, now=words.now)
    yield Line(name=say("Database"), well=True, found=say("%(database)s answers", database=engine.dialect.name))
    for heart in watch.hearts:
        yield _beat(heart, words, zone)
    late = watch.overdue
    since = (
        count(
            "%(count)s waiting, since %(moment)s",
            "%(count)s waiting, the oldest since %(moment)s",
            count=len(late),
            moment=words.short(late[0].due_at, zone),
        )
        if late
        else ""
    )
    yield Line(name=say("Timers overdue"), well=not late, found=since or say("None"), command="parley tick")
    yield _next_dates(watch)
    coming = timers.next_due_at(engine)
    yield Line(name=say("Next timer"), well=True, found=words.short(coming, zone) if coming else say("None is armed"))
    for one in watch.lateness:
        yield Line(
            name=say("Lateness, %(window)s", window=words.span(one.window)), well=True, found=lateness_words.told(one)
        )
    yield from _mails(visit)
    for found in machine_health.look(visit):
        yield Line(name=found.name, well=found.well, found=found.told, command=found.command)


def _next_dates(watch: Watch) -> Line:
    waiting, missing = len(watch.undated), len(watch.gaps)
    undated = (
        say("%(some)s of %(all)s open cases wait for nothing", some=waiting, all=watch.open_cases) if waiting else ""
    )
    lacking = say("missing timers: %(number)s", number=missing) if missing else ""
    trouble = together(filter(None, (undated, lacking)))
    dated = say("Each of %(number)s open cases has one, or its reason on file", number=watch.open_cases)
    return Line(name=say("Next dates"), well=not trouble, found=trouble or dated, command="parley watchdog")


def _beat(heart: Heart, words: Words, zone: str) -> Line:
    last = heart.last_at
    found = say("It never beat here")
    if last:
        found = say("Last beat %(ago)s, %(moment)s", ago=words.left(last), moment=words.short(last, zone))
    return Line(name=say("Heartbeat: %(name)s", name=heart.name), well=not heart.late, found=found, command="parley up")


def _mails(visit: Visit) -> Iterator[Line]:
    words, counts = visit.words, undelivered.counts(visit.desk.record.engine)
    oldest = counts.oldest_waiting_at
    waiting = say("Nothing waits")
    if oldest and oldest <= words.now:
        waiting = say("The oldest mail waits since %(moment)s", moment=words.short(oldest, visit.person.timezone))
    yield Line(
        name=say("Outbox"),
        well=oldest is None or words.now - oldest <= watchdog.SLACK,
        found=waiting,
        command="parley tick",
    )
    unequal = equal_notice.count(visit.desk.record, now=words.now)
    yield Line(
        name=say("Notices that one side lacks"),
        well=not unequal,
        found=words.number(unequal) if unequal else say("None"),
        command="parley mail list",
    )
    dead = sum(counts.messages.get(state, 0) for state in outbox.DEAD)
    yield Line(
        name=say("Mails not delivered"),
        well=not dead,
        found=words.number(dead) if dead else say("None"),
        command="parley mail list",
    )
