"""Checks the rungs of the clocks of a definition: that each has its instant, its turn, and tells nobody too much."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from states import findings, roles
from states.check_names import OF_FIELDS
from states.findings import Finding
from states.process import ASKED, Anchor, RoleScope

if TYPE_CHECKING:
    from states.findings import Vocabulary
    from states.process import Deadline, Offset, Process

_DUE = 100


def dateless_offsets(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find shares of a time that has no beginning, because the item itself gives the due date."""
    for deadline in process.every_deadline():
        shares = [rung.at for rung in deadline.rungs if _is_share(rung.at)]
        if deadline.due_from and not deadline.spans and shares:
            text = f"{shares[0]} of what? the due date comes from the item; write a span such as -1 cd, or due"
            yield Finding(deadline.line, findings.place_of(deadline), text)


def _is_share(offset: Offset) -> bool:
    return offset.percent is not None and (offset.percent != _DUE or offset.anchor is not Anchor.DUE)


def rungs_before_the_clock(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find spans that lead to before the instant at which the clock, or what it is counted from, begins."""
    for deadline in process.every_deadline():
        for offset in (rung.at for rung in deadline.rungs):
            if offset.anchor is not Anchor.DUE and offset.span is not None and offset.span.amount < 0:
                text = f"{offset} lies before there is anything to count; leave the minus out, or count from due"
                yield Finding(deadline.line, findings.place_of(deadline), text)


def silences_out_of_order(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find steps of a silence that come before the step they are written after."""
    for deadline in process.every_deadline():
        for first, then in itertools.pairwise(silence.at for silence in deadline.silences):
            if _precedes(then, first):
                text = f"the step at {then} comes before the one at {first}; write the steps in the order they happen"
                yield Finding(deadline.line, findings.place_of(deadline), text)


def _precedes(one: Offset, other: Offset) -> bool:
    """Tell whether an offset is certain to lie before another: both must be counted alike."""
    if one.anchor is not other.anchor:
        return False
    if one.percent is not None and other.percent is not None:
        return one.percent < other.percent
    return (
        one.span is not None
        and other.span is not None
        and one.span.unit is other.span.unit
        and one.span.amount < other.span.amount
    )


def contacts_of_nobody(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find rungs that are counted from the last act of whoever holds a duty that nobody in a case holds."""
    for deadline in process.every_deadline():
        role = process.roles.get(roles.split(deadline.duty)[1])
        held = role.scope is not RoleScope.OFFICE if role else deadline.duty == ASKED
        if _counts_contacts(deadline) and not held:
            text = f"nobody in a case holds “{deadline.duty}”, so there is no last contact; name a role of the case"
            yield Finding(deadline.line, findings.place_of(deadline), text)


def unknown_zones(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find clocks that run in a zone that does not exist, or in one of some party's alone."""
    for deadline in process.every_deadline():
        if deadline.zone not in OF_FIELDS:
            text = f"no clock runs in “{deadline.zone}”; {findings.nearest(deadline.zone, OF_FIELDS)}"
            yield Finding(deadline.line, findings.place_of(deadline), text)


def told_confidences(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find clocks that would tell others than the case team when somebody last acted, or that there is such a clock."""
    for deadline in process.every_deadline():
        place = findings.place_of(deadline)
        if _counts_contacts(deadline) and deadline.zone != roles.TEAM:
            text = "its rungs tell of what was done in confidence; let a clock with zone: team count it"
            yield Finding(deadline.line, place, text)
        for who in sorted({who for reminder in deadline.reminders for who in reminder.to or (deadline.duty,)}):
            role = process.roles.get(roles.split(who)[1])
            if deadline.zone != roles.SHARED and (role is None or deadline.zone not in role.reads):
                text = f"it reminds “{who}”, who may not know of this clock; remind somebody who reads {deadline.zone}"
                yield Finding(deadline.line, place, text)


def _counts_contacts(deadline: Deadline) -> bool:
    return any(rung.at.anchor is Anchor.LAST_CONTACT for rung in deadline.rungs)
