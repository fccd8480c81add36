"""Says what a mail is a call for: the step the case waits for, by when, and what silence means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from cases import notifying
from cases.people import Person
from notifications import routes
from states import firing, questions, roles, timers
from states.calendar import Calendar
from states.case import Case
from states.items import Item, Question
from states.process import TIER, DeadlineScope, Mail, MailKind, Process
from states.timers import OpenDeadline


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """A step with its due instant, the meaning of silence, and the role that holds the duty; a pause has no step.

    `clock` names what leads there, and `zone` who may see it; what ends a pause or a tour is known to all.
    """

    step: str
    due_at: datetime
    means: str
    duty: str | None = None
    item: Item | None = None
    clock: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What runs on a case now, as one person may read it: `zones` are those they may."""

    process: Process
    case: Case
    calendars: Mapping[str, Calendar]
    now: datetime
    zones: frozenset[str] = frozenset({roles.SHARED})

    def running(self) -> tuple[OpenDeadline, ...]:
        """List the clocks, soonest first."""
        return timers.seen_in(self.zones, timers.open_deadlines(self.process, self.case, self.calendars))


def find(agenda: Agenda, notice: notifying.Notification, person: Person) -> NextStep | None:
    """Return the clock a mail reminds of or says it asks by, else that of its item, tier, reader or stage, in turn.

    A mail about the end of a tour names that instead. One that asks and says by which clock, or that it hangs on none,
    speaks of no other one.
    What happens by itself at once asks nothing of anybody. A clock of the whole case is the next step only when it runs
    out before that of the stage. In a pause it is what runs on and waits for this reader, else the end of the pause.
    """
    tour = agenda.process.tours
    if notice.leaver and notice.due_at is not None and tour is not None:
        return NextStep(step=tour.asks, due_at=notice.due_at, means=tour.means)
    running = [one for one in agenda.running() if one.due_at > one.since or is_reminder(notice)]
    if agenda.case.stay is not None:
        running = [one for one in running if timers.counts_now(agenda.case, one.rule) and _is_with(agenda, one, person)]
    found = next((one for fits in _wishes(agenda, notice, person) for one in running if fits(one)), None)
    return _without_clock(agenda, notice) if found is None else _coming(agenda, found)


def _without_clock(agenda: Agenda, notice: notifying.Notification) -> NextStep | None:
    """Return the end of the pause, but for a mail that hangs on no clock and so waits for no pause to end."""
    mail = agenda.process.mails[notice.mail]
    return None if mail.silence and not mail.due else _resume(agenda)


def _resume(agenda: Agenda) -> NextStep | None:
    ends = timers.resume(agenda.process, agenda.case)
    return next((NextStep(step="", due_at=one.due_at, means=one.means) for one in ends), None)


def _is_with(agenda: Agenda, deadline: OpenDeadline, person: Person) -> bool:
    return _holds(agenda, person, duty=deadline.duty, item=deadline.item)


def is_moot(agenda: Agenda, notice: notifying.Notification, *, asks: bool) -> bool:
    """Tell whether the reason of a mail is gone: its clock stopped, or the item it asks about needs nothing more."""
    if is_reminder(notice):
        counting = (one for one in agenda.running() if timers.counts_now(agenda.case, one.rule))
        return not any(_belongs(one, notice) for one in counting)
    item = agenda.case.item(notice.item or "")
    if not asks or item is None or item == _put_to_tier(agenda.case):
        return False
    # Once a question is asked its tier's clock runs on it, and none on the question itself.
    if isinstance(item, Question) and item.is_open:
        return False
    timed = any(rule.scope is DeadlineScope.ITEM and rule.of == item.kind for rule in agenda.process.every_deadline())
    return timed and not any(one.item is not None and one.item.id == item.id for one in agenda.running())


def _put_to_tier(case: Case) -> Item | None:
    """Find the question that waits for its tier: the clock that runs on it is the tier's, and none of its own."""
    waiting = questions.open_one(case)
    return waiting if waiting is not None and waiting.state == questions.ASKED else None


def is_reminder(notice: notifying.Notification) -> bool:
    """Tell whether a timer alone is the reason of a mail, and not an act."""
    return notice.event_id is None and notice.timer_key is not None


def is_with(agenda: Agenda, coming: NextStep, person: Person) -> bool:
    """Tell whether a person holds the duty to take this step."""
    if coming.duty is None or agenda.case.closed_at is not None:
        return False
    return _holds(agenda, person, duty=coming.duty, item=coming.item)


def _wishes(agenda: Agenda, notice: notifying.Notification, person: Person) -> Iterator[Callable[[OpenDeadline], bool]]:
    if is_reminder(notice):
        yield lambda one: _belongs(one, notice)
        return
    mail = agenda.process.mails[notice.mail]
    if mail.due or mail.silence:
        yield lambda one: _is_asked_by(one, mail) and (one.item is None or notice.item in {None, one.item.id})
        return
    asks = mail.kind is MailKind.ACTION

    def is_theirs(one: OpenDeadline) -> bool:
        return _is_with(agenda, one, person)

    yield lambda one: one.item is not None and one.item.id == notice.item and (is_theirs(one) or not asks)
    if TIER in notice.to:
        yield lambda one: one.rule.scope is DeadlineScope.TIER
    yield lambda one: one.rule.scope is not DeadlineScope.CASE and is_theirs(one)
    yield lambda one: _is_of_stage(one) or one.rule.after_closing or is_theirs(one)


def _is_asked_by(deadline: OpenDeadline, mail: Mail) -> bool:
    """Tell whether a clock is the one by which a mail asks."""
    if mail.due == TIER:
        return deadline.rule.scope is DeadlineScope.TIER
    return deadline.rule.name == mail.due


def _is_of_stage(deadline: OpenDeadline) -> bool:
    return deadline.rule.scope is DeadlineScope.STAGE and not deadline.rule.beside


def _belongs(deadline: OpenDeadline, notice: notifying.Notification) -> bool:
    """Tell whether a mail's timer is one of this occurrence of a clock."""
    return (notice.timer_key or "").startswith(f"{deadline.occurrence}:")


def _coming(agenda: Agenda, deadline: OpenDeadline) -> NextStep:
    """Return the step of the clock that comes next, or its last one when all are past."""
    rule = deadline.rule
    steps = [(at, one.means) for at, one in firing.silences(agenda.process, agenda.case, deadline)]
    last = steps[-1] if steps else (deadline.due_at, "")
    due_at, means = next((step for step in steps if step[0] > agenda.now), last)
    if rule.due_from and deadline.due_at > agenda.now:
        # Somebody set this date, and people keep it; how long silence is borne after it is no second one.
        due_at = min(due_at, deadline.due_at)
    return NextStep(
        step=rule.task,
        due_at=due_at,
        means=means,
        duty=deadline.duty,
        item=deadline.item,
        clock=rule.name,
        zone=rule.zone,
    )


def _holds(agenda: Agenda, person: Person, *, duty: str, item: Item | None) -> bool:
    return roles.holds(agenda.process, agenda.case, routes.actor_of(person), who=duty, item=item)
