"""What the address of a list asks for: filters as they were typed, read in the reader's own days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from cases.outbox import DEAD
from cases.queries import CaseFilter, MessageFilter, OwedFilter, Waits
from states import errors, obligations
from states.said import say

if TYPE_CHECKING:
    from desk.words import Words

UNDELIVERED = "undelivered"
_YES = "yes"
EVERY = "every"


class _Asked(BaseModel):
    """Filters by the words of the address; what is unknown is passed over, so that old addresses go on working."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    after: str = ""

    @property
    def said(self) -> dict[str, str]:
        """What narrows or orders the list, without the page."""
        return {name: value for name, value in self.model_dump(exclude={"after"}).items() if value}


class CasesAsked(_Asked):
    """What is asked of the list of cases."""

    words: str = ""
    stage: str = ""
    phase: str = ""
    process: str = ""
    party: str = ""
    mediator: str = ""
    urgency: str = ""
    tier: str = ""
    open: str = ""
    overdue: str = ""
    waits: str = ""
    due_from: str = ""
    due_to: str = ""
    opened_from: str = ""
    opened_to: str = ""
    sort: str = ""

    @property
    def narrowed(self) -> bool:
        """Tell whether any filter is set."""
        return bool(self.said.keys() - {"sort"})

    @property
    def seldom(self) -> bool:
        """Tell whether a filter is set that is not always shown."""
        return bool(self.said.keys() - {"sort", "words", "open", "waits", "urgency"})

    def wanted(self, words: Words) -> CaseFilter:
        """Read the filters. Raises `NeedsMissing` for a day that is none."""
        due_before = _day(self.due_to, words, days=1)
        if self.overdue == _YES:
            due_before = min(due_before or words.now, words.now)
        return CaseFilter(
            words=self.words or None,
            stage=self.stage or None,
            phase=self.phase or None,
            process=self.process or None,
            party=self.party or None,
            mediator=self.mediator or None,
            urgency=self.urgency or None,
            tier=self.tier or None,
            open_only={_YES: True, "no": False}.get(self.open),
            waits_on=Waits(self.waits) if self.waits in set(Waits) else None,
            due_from=_day(self.due_from, words),
            due_before=due_before,
            opened_from=_day(self.opened_from, words),
            opened_before=_day(self.opened_to, words, days=1),
        )


class MailsAsked(_Asked):
    """What is asked of the list of mails."""

    state: str = ""
    case: str = ""
    words: str = ""
    since: str = ""
    until: str = ""

    def wanted(self, words: Words) -> MessageFilter:
        """Read the filters. Raises `NeedsMissing` for a day that is none."""
        return MessageFilter(
            state=self.state if self.state and self.state != UNDELIVERED else None,
            states=DEAD if self.state == UNDELIVERED else (),
            case=self.case.strip() or None,
            words=self.words or None,
            since=_day(self.since, words),
            before=_day(self.until, words, days=1),
        )


class ObligationsAsked(_Asked):
    """What is asked of the list of obligations: without a state those that are still owed, `every` for all."""

    state: str = ""
    whose: str = ""
    case: str = ""
    words: str = ""
    due_from: str = ""
    due_to: str = ""

    def wanted(self, words: Words) -> OwedFilter:
        """Read the filters. Raises `NeedsMissing` for a day that is none."""
        return OwedFilter(
            states={"": obligations.OPEN, EVERY: ()}.get(self.state, (self.state,)),
            mine={"mine": True, "others": False}.get(self.whose),
            case=self.case.strip() or None,
            words=self.words,
            due_from=_day(self.due_from, words),
            due_before=_day(self.due_to, words, days=1),
        )


def _day(text: str, words: Words, *, days: int = 0) -> datetime | None:
    """Return when a civil day begins where the reader is, so many days later."""
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip()) + timedelta(days=days)
    except (ValueError, OverflowError):
        raise errors.NeedsMissing(say("“%(text)s” is no day; write it like 2026-12-31", text=text)) from None
    return datetime.combine(day, time(), ZoneInfo(words.timezone))
