"""Cases beside a case: the one an act names, and the one into which an issue is severed."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from states import asking, machine, notices
from states.fields import FieldType
from states.items import Cause, Document, Issue, Item
from states.process import Urgency
from states.roles import SHARED, THE_SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.case import Case
    from states.events import Event
    from states.machine import Act
    from states.process import Process


def severed(process: Process, case: Case, act: Act, *, number: str) -> tuple[Case, tuple[Event, ...]] | None:
    """Open the case into which an act takes an issue out: the same parties and roles, its own urgency class.

    What all parties confirmed about the causes of the issue goes along, with the documents that show it. Its id is the
    same whenever the same act is decided again. Returns None when the act names no issue; it will be refused for that.
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
        items=(issue, *_known_about(case, issue)),
        fields={name: case.fields.get(name) for name, field in process.fields.items() if field.required},
    )
    return notices.open_case(process, notice, actor=THE_SYSTEM, at=act.at, recorded_at=act.recorded_at)


def _known_about(case: Case, issue: Issue) -> Iterator[Item]:
    """Yield the confirmed causes of an issue that everybody reads, and the documents behind them.

    What is provisional or disputed stays: in a case of its own the parties would be bound by half an answer.
    """
    causes = [one for one in case.all(Cause, "confirmed") if one.issue == issue.id and one.zone == SHARED]
    shown = {why.document for cause in causes for why in cause.whys}
    papers = (one for one in case.all(Document) if one.zone == SHARED)
    yield from (paper for paper in papers if paper.id in shown or paper.issue == issue.id)
    yield from causes


def word_for_other(process: Process, case: Case, act: Act) -> str | None:
    """Find the number or id by which the inputs of an act name another case; None when they name none."""
    words = (str(act.inputs[name]).strip() for name in _asking_for_a_case(process, case, act) if name in act.inputs)
    return next((word for word in words if word), None)


def with_other(process: Process, case: Case, act: Act, *, other: Case) -> Act:
    """Put the other case beside an act; what named it becomes its number."""
    naming = _asking_for_a_case(process, case, act)
    return replace(act, beside=other, inputs={**act.inputs, **dict.fromkeys(naming & act.inputs.keys(), other.number)})


def _asking_for_a_case(process: Process, case: Case, act: Act) -> frozenset[str]:
    trigger = machine.find_trigger(process, act.trigger)
    wanted = asking.asked(process, case, trigger, act.actor)
    return frozenset(name for name, asked in wanted.items() if asked.type is FieldType.CASE)
