"""Facts about the meetings at which the parties talk of what was missed or is contested."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from states import dates
from states.conditions.registry import condition
from states.effects import reviews
from states.items import Obligation, Session
from states.obligations import BROKEN, LIFE
from states.said import say

if TYPE_CHECKING:
    from states.situation import Situation


def _until(s: Situation) -> datetime | None:
    """Return until when the meeting may be held; None where no review sets a time for it."""
    meeting = s.item(Session)
    if meeting is None:
        clock = reviews.review(s, s.case.all(Obligation, *LIFE.sources("call_back")))
        return clock.due_at if clock else None
    broken = tuple(one for one in s.case.all(Obligation, *BROKEN) if one.session == meeting.id)
    clock = reviews.review(s, broken)
    ends = (clock.due_at if clock else None, dates.stage_ends(s)) if broken else ()
    return max((end for end in ends if end is not None), default=None)


def _limit(s: Situation) -> str:
    until = _until(s)
    if until is None:
        return say("the meeting lies ahead, and within the time of the review")
    return say("the meeting lies ahead, and within the time of the review: before %(until)s", until=until)


@condition("the meeting lies ahead, and within the time of the review", weighs_inputs=True, tells=_limit)
def the_meeting_is_in_time(s: Situation) -> bool:
    """Refuse a meeting about a breach that would be over, or that comes when the review has run out."""
    given = (s.given(name) for name in ("meets_at", "begins_at"))
    date = next((one for one in given if isinstance(one, datetime)), None)
    until = _until(s)
    return date is None or (date > s.at and (until is None or date <= until))
