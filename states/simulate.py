"""A rehearsal of a process: what follows from opening a case now and doing nothing."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from states import notices, roles
from states.case import Party, Side
from states.items import Issue
from states.notices import Notice
from states.playing import MOST_STEPS, Around, Playing
from states.process import RoleScope, Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from states.calendar import Calendar
    from states.case import Case
    from states.playing import Played
    from states.process import Process


def sample_case(process: Process, *, urgency: Urgency, now: datetime, stage: str | None = None) -> Case:
    """Open a case with one party on each side and somebody in every part, and put it at a stage if one is named."""
    who = roles.Actor("someone", frozenset(process.roles))
    people = {name: (f"a {role.label}",) for name, role in process.roles.items() if role.scope is RoleScope.PARTY}
    parties = tuple(
        Party(id=side.value, name=f"{side.value} party", side=side, people=people)
        for side in (Side.INITIATING, Side.RESPONDING)
    )
    parts = {name: (f"the {role.label}",) for name, role in process.roles.items() if role.scope is RoleScope.CASE}
    issue = Issue(id="issue", zone=roles.SHARED, by=who.person, at=now, title="What is in dispute?")
    notice = Notice(
        id="sample",
        number=f"{process.prefix}-sample",
        title="A sample case",
        urgency=urgency,
        parties=parties,
        roles=parts,
        items=(issue,),
        fields={},
    )
    opener = (
        roles.Actor(f"a {process.roles[roles.split(process.may_open[0])[1]].label}", who.offices)
        if process.may_open
        else who
    )
    case = notices.open_case(process, notice, actor=opener, at=now, recorded_at=now)[0]
    return replace(case, stage=stage) if stage else case


def rehearse(
    process: Process, case: Case, calendars: Mapping[str, Calendar], *, most: int = MOST_STEPS
) -> Iterator[Played]:
    """Do nothing and let every timer fire, oldest first, until the case rests or `most` steps were taken."""
    return islice(Playing(process, case, Around(calendars=calendars), now=case.opened_at).fire(), most)
