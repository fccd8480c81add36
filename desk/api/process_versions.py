"""Versions of processes as JSON, for administrators: what differs, a changed one checked, and put into use."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from cases.process_migrations import Version
from desk import administration, process_drafts
from desk.api import paging, schemas
from desk.api.bounds import LONGEST_NAME, ItemId, Name
from desk.api.paging import Paging
from desk.api.processes import LONGEST
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import Administers
from desk.pages import processes as pages
from desk.visits import Visit
from states import differences, errors
from states.process import Process
from states.said import say

router = APIRouter(prefix="/api/processes", route_class=ApiRoute, tags=["processes"], responses=schemas.PROBLEMS)

Chosen = Annotated[str, Query(max_length=LONGEST_NAME, description="the beginning of a version's hash")]


class Definition(schemas.Model):
    """A process as YAML, under the name that stands in it."""

    definition: str = Field(min_length=1, max_length=LONGEST, examples=["extends: dispute\nprocess: dispute\n…"])


class StoredVersion(schemas.Model):
    """A stored version, the cases that run on it, and who put it into use, null for one that came from a file."""

    version: str = Field(examples=["dispute@1f3ac2d4e5b6"])
    hash: str
    title: str
    stored_at: datetime
    published_by: str | None
    in_use: bool
    open: int
    closed: int


class StoredVersions(schemas.Page):
    """A page of versions, the newest first."""

    versions: list[StoredVersion]


class ClockOf(schemas.Model):
    """A clock of a process: whose duty it is, how long by urgency, the empty one for all, and what silence means."""

    label: str
    duty: str
    spans: dict[str, str]
    means: list[str]


class WholeVersion(StoredVersion):
    """A version with its clocks and its text, which can be changed and sent again."""

    clocks: list[ClockOf]
    definition: str


class Differences(schemas.Model):
    """What differs between two versions, in words."""

    before: str
    after: str
    differences: list[str]


class Finding(schemas.Model):
    """Something that must be mended, in which line of the text, 0 for none."""

    line: int
    says: str
    text: str


class DraftChecked(schemas.Model):
    """What the checker finds; without findings, the version it would be and what that changes of the one in use."""

    version: str | None
    findings: list[Finding]
    differences: list[str]


class Use(schemas.Model):
    """The version that is put into use again."""

    version: Name = Field(description="the beginning of its hash", examples=["1f3ac2d4e5b6"])


@router.get("/{process}/versions")
def list_process_versions(process: ItemId, visit: Administers, page: Paging) -> StoredVersions:
    """List the stored versions of a process."""
    administration.administering(visit)
    stored = pages.versions(visit, process)
    cut = paging.cut(page, stored, key=lambda one: (-one.stored_at.timestamp(), one.hash))
    told = [StoredVersion(**_line(visit, one, newest=stored[0])) for one in cut.rows]
    return StoredVersions(versions=told, next=cut.next)


@router.get("/{process}/versions/{version}")
def show_process_version(process: ItemId, version: ItemId, visit: Administers) -> WholeVersion:
    """Show a version by the beginning of its hash, with its clocks and its text."""
    administration.administering(visit)
    return _whole(visit, visit.desk.record.registry.version(process, version))


@router.get("/{process}/differences")
def compare_process_versions(
    process: ItemId, visit: Administers, *, before: Chosen = "", after: Chosen = ""
) -> Differences:
    """Tell what differs between two versions; without a choice, between the newest two."""
    administration.administering(visit)
    old, new = pages.compared(visit, process, before=before, after=after)
    told = [str(one) for one in differences.differences(old, new)]
    return Differences(before=old.version, after=new.version, differences=told)


@router.post("/check")
def check_process(visit: Administers, draft: Definition) -> DraftChecked:
    """Check a definition, and tell what it would change of the one in use; nothing is recorded."""
    administration.administering(visit)
    found = process_drafts.read(visit.desk.record, draft.definition)
    changes = process_drafts.changes(visit.desk.record, found.process) if found.process else None
    return DraftChecked(
        version=found.process.version if found.process else None,
        findings=[Finding(line=one.line, says=one.says, text=one.text) for one in found.findings],
        differences=[str(one) for one in changes or ()],
    )


@router.post("", status_code=201, dependencies=ONCE)
def publish_process(visit: Administers, draft: Definition) -> WholeVersion:
    """Put a definition into use for cases opened from now on; running cases keep the version they began with."""
    administration.administering(visit)
    found = process_drafts.read(visit.desk.record, draft.definition)
    if found.process is None:
        wrong = tuple(one.text for one in found.findings)
        raise errors.NeedsMissing(say("this cannot be put on file"), missing=wrong)
    visit.desk.record.registry.store(found.process, at=visit.words.now, by=visit.person.id)
    return _whole(visit, found.process)


@router.post("/{process}/use", dependencies=ONCE)
def use_process_version(process: ItemId, visit: Administers, use: Use) -> WholeVersion:
    """Put a stored version into use again, for cases opened from now on."""
    administration.administering(visit)
    registry = visit.desk.record.registry
    found = registry.version(process, use.version)
    registry.store(found, at=visit.words.now, by=visit.person.id)
    return _whole(visit, found)


def _whole(visit: Visit, process: Process) -> WholeVersion:
    clocks = [
        ClockOf(label=one.label, duty=one.duty, spans=dict(one.spans), means=list(one.means))
        for one in pages.clocks(process)
    ]
    stored = pages.versions(visit, process.name)
    one = next(each for each in stored if each.hash == process.hash)
    return WholeVersion(**_line(visit, one, newest=stored[0]), clocks=clocks, definition=process.source)


def _line(visit: Visit, one: Version, *, newest: Version) -> dict[str, Any]:
    registry = visit.desk.record.registry
    process = registry.get(one.hash)
    return {
        "version": process.version,
        "hash": one.hash,
        "title": process.title,
        "stored_at": one.stored_at,
        "published_by": registry.published_by(one.hash),
        "in_use": one.hash == newest.hash,
        "open": one.open,
        "closed": one.closed,
    }
