"""Cases that grow out of other cases: an issue severed into a case of its own."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from states import notices
from states.items import Issue
from states.process import Urgency
from states.roles import THE_SYSTEM

if TYPE_CHECKING:
    from states.case import Case
    from states.events import Event
    from states.machine import Act
    from states.process import Process


def severed(process: Process, case: Case, act: Act, *, number: str) -> tuple[Case, tuple[Event, ...]] | None:
    """Open the case into which an act takes an issue out: the same parties and roles, its own urgency class.

    Its id is the same whenever the same act is decided again. Returns None when the act names no issue; it will be
    refused for that.
    """
    issue, wanted = case.item(str(act.inputs.get("issue", ""))), str(act.inputs.get("urgency", ""))
    if not isinstance(issue, Issue):
        return None
    notice = notices.Notice(
        id=hashlib.sha256(f"{case.id}/{case.version}/severed".encode()).hexdigest()[:32],
        number=number,
        title=issue.title,
        urgency=Urgency(wanted) if wanted in frozenset(Urgency) else case.urgency,
        parties=case.parties,
        roles=case.roles,
        items=(issue,),
        fields={name: case.fields.get(name) for name, field in process.fields.items() if field.required},
    )
    return notices.open_case(process, notice, actor=THE_SYSTEM, at=act.at, recorded_at=act.recorded_at)
