"""Makes the notice of dispute out of a request to open a case, and the draft that a case would begin as."""

from __future__ import annotations

from datetime import datetime

from cases import numbers
from cases.commands import OpenCase
from states import notices, roles
from states.case import Case
from states.items import Issue
from states.process import Process

UNOPENED = "draft"
"""The id of a case that is not opened yet."""


def notice(command: OpenCase, *, case_id: str, number: str, now: datetime) -> notices.Notice:
    """Make the notice of dispute, with each issue as an item of the shared file."""
    issues = tuple(
        Issue(id=numbers.item_id(case_id, index), zone=roles.SHARED, by=command.actor.person, at=now, title=title)
        for index, title in enumerate(command.issues)
    )
    return notices.Notice(
        id=case_id,
        number=number,
        title=command.title,
        urgency=command.urgency,
        parties=command.parties,
        roles=command.roles,
        items=issues,
        fields=command.fields,
    )


def draft(command: OpenCase, process: Process, *, now: datetime) -> Case:
    """Decide the opening of a case without recording anything; raise what opening it would raise."""
    told = notice(command, case_id=UNOPENED, number=command.number or "", now=now)
    return notices.open_case(process, told, actor=command.actor, at=now, recorded_at=now)[0]
