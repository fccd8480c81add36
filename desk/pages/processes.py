"""The processes, for administrators: their versions, where they are used, how they run, and what a change would do."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases import process_migrations
from cases import unit_of_work as work
from desk import headers, process_drafts, process_rehearsal
from desk.access import DeclaredRoute, Form
from desk.administration import Administering
from desk.pages.answers import page
from states import differences, draw, errors, roles
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.process_migrations import Listed, Version
    from desk.process_drafts import Draft
    from desk.process_rehearsal import Comparison
    from desk.visits import Visit
    from states.process import Deadline, Process

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

TEXT, REHEARSE, PUBLISH = "definition", "rehearse", "publish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock of a process in words: on what it runs, whose duty it is, for how long, and what silence means."""

    label: str
    duty: str
    spans: tuple[tuple[str, str], ...]
    means: tuple[str, ...]


@router.get("/processes")
def all_of_them(visit: Administering, request: Request, recorded: str = "") -> HTMLResponse:
    """List the processes, each with the version in use and the cases that run on it."""
    registry = visit.desk.record.registry
    found = [(registry.current(name), versions(visit, name)) for name in registry.names()]
    return page(
        visit,
        "processes.html",
        request=request,
        zone=visit.person.timezone,
        rows=[(process, stored, sum(one.open for one in stored)) for process, stored in found],
        migrations=_migrations(visit),
        names=_names(visit),
        recorded=bool(recorded),
    )


@router.get("/processes/change")
def write(visit: Administering, name: str = "") -> HTMLResponse:
    """Show the form for a changed definition, which begins as the one in use where one is named."""
    registry = visit.desk.record.registry
    text = registry.current(name).source if name else ""
    return _draft_page(visit, process_drafts.Draft(text=text), checked=False)


@router.post("/processes/change")
def check(visit: Administering, form: Form) -> Response:
    """Check a changed definition, rehearse it on all cases, or put it into use, as the pressed button says."""
    draft = process_drafts.read(visit.desk.record, form.get(TEXT, ""))
    if draft.process is None or PUBLISH not in form:
        return _draft_page(visit, draft, rehearsed=_rehearsed(visit, draft) if REHEARSE in form else None)
    visit.desk.record.registry.store(draft.process, at=visit.words.now, by=visit.person.id)
    return RedirectResponse(f"/processes/{draft.process.name}?recorded=yes", HTTPStatus.SEE_OTHER)


@router.get("/processes/{name}")
def one(name: str, visit: Administering, version: str = "", recorded: str = "") -> HTMLResponse:
    """Show a process as it is in use, or a stored version of it."""
    process = _version(visit, name, version)
    stored = versions(visit, name)
    return page(
        visit,
        "process.html",
        zone=visit.person.timezone,
        process=process,
        in_use=stored[0].hash,
        versions=stored,
        clocks=tuple(clocks(process)),
        tiers=[(tier, [roles.label(process, one) for one in tier.roles]) for tier in process.tiers.values()],
        published_by={one.hash: _publisher(visit, one.hash) for one in stored},
        recorded=bool(recorded),
    )


@router.post("/processes/{name}/use")
def use(name: str, visit: Administering, form: Form) -> RedirectResponse:
    """Put a stored version into use again, for cases opened from now on."""
    process = visit.desk.record.registry.version(name, form.get("version", ""))
    visit.desk.record.registry.store(process, at=visit.words.now, by=visit.person.id)
    return RedirectResponse(f"/processes/{name}?recorded=yes", HTTPStatus.SEE_OTHER)


@router.get("/processes/{name}/picture.svg")
def picture(name: str, visit: Administering, version: str = "") -> Response:
    """Draw a process."""
    rtl = visit.words.direction == "rtl"
    drawn = draw.svg(_version(visit, name, version), rtl=rtl, tell=visit.words.tell)
    policy = {"content-security-policy": headers.DRAWING_POLICY}
    return Response(drawn, media_type="image/svg+xml", headers=policy)


@router.get("/processes/{name}/definition.yaml")
def source(name: str, visit: Administering, version: str = "") -> Response:
    """Answer with the text of a version, to be saved."""
    process = _version(visit, name, version)
    saved = {
        "content-disposition": f'attachment; filename="{process.name}.yaml"',
        "content-security-policy": headers.DOWNLOAD_POLICY,
    }
    return Response(process.source, headers=saved, media_type="application/yaml; charset=utf-8")


@router.get("/processes/{name}/differences")
def compare(name: str, visit: Administering, before: str = "", after: str = "") -> HTMLResponse:
    """Tell what differs between two versions, in words; without a choice, between the newest two."""
    old, new = compared(visit, name, before=before, after=after)
    return page(
        visit,
        "process_differences.html",
        zone=visit.person.timezone,
        name=name,
        versions=versions(visit, name),
        before=old.hash,
        after=new.hash,
        found=differences.differences(old, new),
    )


def compared(visit: Visit, name: str, *, before: str, after: str) -> tuple[Process, Process]:
    """Return two versions to be compared: those that were chosen, or the newest two."""
    stored = versions(visit, name)
    old = before or stored[min(1, len(stored) - 1)].hash
    return _version(visit, name, old), _version(visit, name, after or stored[0].hash)


def _draft_page(
    visit: Visit, draft: Draft, *, checked: bool = True, rehearsed: Comparison | None = None
) -> HTMLResponse:
    changes = process_drafts.changes(visit.desk.record, draft.process) if draft.process else ()
    return page(
        visit,
        "process_draft.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if draft.findings else HTTPStatus.OK,
        zone=visit.person.timezone,
        draft=draft,
        checked=checked,
        changes=changes,
        rehearsed=rehearsed,
        totals=_totals(rehearsed) if rehearsed else (),
        problems=[(f"finding-{number}", one.text) for number, one in enumerate(draft.findings, start=1)],
    )


def _rehearsed(visit: Visit, draft: Draft) -> Comparison | None:
    if draft.process is None:
        return None
    desk = visit.desk
    return process_rehearsal.rehearse(desk.record, desk.directory, draft.process, now=visit.words.now)


def _totals(found: Comparison) -> tuple[tuple[str, int, int], ...]:
    before, after = found.before, found.after
    return (
        (say("Mails"), before.mails, after.mails),
        (say("Mails at night"), before.at_night, after.at_night),
        (say("Mails on days off"), before.on_days_off, after.on_days_off),
        (say("Escalations"), before.escalations.total(), after.escalations.total()),
        (say("Clocks that ran out"), before.ran_out.total(), after.ran_out.total()),
        (say("Acts of people refused"), before.refused.total(), after.refused.total()),
    )


def clocks(process: Process) -> Iterator[Clock]:
    """Yield every clock of a process in words."""
    for stage in process.stages.values():
        if not stage.final:
            duty = roles.label(process, stage.duty) if stage.duty else ""
            yield _clock(stage.label, duty, stage.deadline)
    for rule in process.deadlines.values():
        yield _clock(rule.label, roles.label(process, rule.duty), rule)


def _clock(label: str, duty: str, rule: Deadline | None) -> Clock:
    if rule is None:
        return Clock(label=label, duty=duty, spans=(), means=())
    spans = tuple((str(urgency), str(span)) for urgency, span in rule.spans.items())
    alike = len({span for _, span in spans}) == 1
    return Clock(
        label=label,
        duty=duty,
        spans=(("", spans[0][1]),) if alike else spans,
        means=tuple(dict.fromkeys(one.means for one in rule.silences if one.means)),
    )


def _version(visit: Visit, name: str, version: str) -> Process:
    registry = visit.desk.record.registry
    return registry.version(name, version) if version else registry.current(name)


def versions(visit: Visit, name: str) -> tuple[Version, ...]:
    """List the stored versions of a process, the newest first. Raises `NotFound` for a process that there is not."""
    with work.reading(visit.desk.record.engine) as connection:
        found = process_migrations.versions(connection, name)
    if not found:
        raise errors.NotFound(say("there is no such process; the list shows all there are"))
    return found


def _migrations(visit: Visit) -> tuple[Listed, ...]:
    with work.reading(visit.desk.record.engine) as connection:
        return process_migrations.listed(connection)


def _names(visit: Visit) -> dict[str, str]:
    return {person.id: person.name for person in visit.desk.directory.everyone()}


def _publisher(visit: Visit, hash_: str) -> str:
    who = visit.desk.record.registry.published_by(hash_)
    return _names(visit).get(who, who) if who else ""
