"""The heartbeats themselves, without Prefect: each does everything that is due now and says what it did.

They may run twice, at once, late or not at all for days: what is due is claimed in the record, so nothing is done
twice and nothing is lost. Without an office of the caller's own, they work on the one of this process.
"""

from __future__ import annotations

import logging
import os
import socket
from dataclasses import asdict
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from cases import (
    api_answers,
    api_tokens,
    arrivals,
    audit,
    begun,
    decision_links,
    documents,
    errands,
    heartbeats,
    jobs,
    kept_forms,
    marking,
    notifying,
    outbox,
    own_calendars,
    places,
    recurrence,
    sign_in,
    timers,
    tours,
    watchdog,
    webhook_outbox,
)
from notifications import maildir, mailroom, webhooks
from notifications.office import Office, open_office
from notifications.reach import Reach

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

Counts = dict[str, int]

SESSIONS_KEPT = timedelta(days=30)
LINKS_KEPT = timedelta(days=60)
TOKENS_KEPT = timedelta(days=400)
JOBS_KEPT = timedelta(days=30)
EXPORTS_KEPT = timedelta(days=1)
ARRIVALS_KEPT = timedelta(days=30)
"""How long what came back and asked for nothing is kept; answers stay with their case."""
UPLOADS_KEPT = timedelta(days=1)
"""How long an uploaded file waits to be put into a case."""


@cache
def the_office() -> Office:
    """Open the office of this process, once."""
    return open_office()


def fire_due_timers(office: Office | None = None) -> Counts:
    """Fire every timer that is due: reminders, the meaning of silence, and steps up the ladder."""
    return _noted(office, "escalations", lambda at: asdict(timers.fire_due_timers(at.service, owner=_owner())))


def deliver_due(office: Office | None = None) -> Counts:
    """Write and send every mail that is due."""
    return _noted(office, "deliveries", lambda at: asdict(mailroom.deliver_due(at.mailroom, owner=_owner())))


def take_in_arrivals(office: Office | None = None) -> Counts:
    """Take in what came back by mail: what could not be delivered, and what people answer."""
    return _noted(office, "arrivals", _take_in)


def do_jobs(office: Office | None = None) -> Counts:
    """Do what people asked for that is too much for one page: acts on many cases, exports, a new index."""
    return _noted(office, "jobs", lambda at: asdict(errands.work_off(_workshop(at))))


def tell_webhooks(office: Office | None = None) -> Counts:
    """Tell the programs that asked for it what has happened."""
    return _noted(office, "webhooks", _tell_webhooks)


def check_follow_ups(office: Office | None = None) -> Counts:
    """See that no open case waits for nothing, and that no pattern and no coming end of a tour goes unseen."""
    return _noted(office, "follow-ups", _follow_up)


def keep_house(office: Office | None = None) -> Counts:
    """Free what dead workers held, forget what need not be kept, and say loudly what is overdue."""
    return _noted(office, "housekeeping", _keep_house)


def tick(office: Office) -> dict[str, Counts]:
    """Let every heartbeat beat once, in the order in which one makes work for the next."""
    beats = {
        "housekeeping": keep_house,
        "arrivals": take_in_arrivals,
        "escalations": fire_due_timers,
        "jobs": do_jobs,
        "follow-ups": check_follow_ups,
        "webhooks": tell_webhooks,
        "deliveries": deliver_due,
    }
    return {name: beat(office) for name, beat in beats.items()}


def _follow_up(office: Office) -> Counts:
    marking.catch_up(office.record.engine)
    places.catch_up(office.record.engine)
    return asdict(audit.mend(office.service)) | {
        "patterns": recurrence.open_systemic(office.service),
        "tours": tours.tell(office.service),
    }


def _take_in(office: Office) -> Counts:
    chosen = office.settings
    if chosen.inbound_maildir is None or not chosen.inbound:
        return {}
    return maildir.take_in(office.mailroom, chosen.inbound_maildir, largest=chosen.inbound_largest_bytes)


def _tell_webhooks(office: Office) -> Counts:
    reach = Reach(office.settings.webhook_networks)
    return asdict(webhooks.deliver_due(office.mailroom, reach, owner=_owner()))


def _keep_house(office: Office) -> Counts:
    engine, now = office.record.engine, office.clock.now()
    late = timers.overdue(engine, now=now, slack=watchdog.SLACK)
    for one in late:
        log.error("timer %s of case %s is overdue since %s: run `parley doctor`", one.key, one.case_id, one.due_at)
    return {
        "released": timers.rescue_expired(engine, now=now)
        + outbox.rescue_expired(engine, now=now)
        + notifying.give_up(engine, now=now),
        "removed": sign_in.forget_old(engine, before=now - SESSIONS_KEPT)
        + decision_links.forget_old(engine, before=now - LINKS_KEPT)
        + api_tokens.forget_old(engine, before=now - TOKENS_KEPT)
        + api_answers.forget_old(engine, now=now)
        + webhook_outbox.forget_old(engine, now=now)
        + begun.forget_old(engine, before=now)
        + kept_forms.forget_old(engine, before=now)
        + arrivals.forget_noted(engine, before=now - ARRIVALS_KEPT)
        + jobs.forget_old(engine, ended_before=now - JOBS_KEPT, results_before=now - EXPORTS_KEPT),
        "late": len(late),
        "discarded": documents.forget_unused(engine, office.record.files, before=now - UPLOADS_KEPT),
    }


def _noted(office: Office | None, name: str, beat: Callable[[Office], Counts]) -> Counts:
    """Do one beat and leave its time and result where `parley doctor` and the health page look."""
    at = office or the_office()
    # The desk is another process, and a calendar may have been put on file there.
    own_calendars.refresh(at.record)
    done = beat(at)
    heartbeats.note(at.record.engine, name, at=at.clock.now(), detail=done)
    return done


def _workshop(office: Office) -> errands.Workshop:
    return errands.Workshop(record=office.record, service=office.service, directory=office.directory, worker=_owner())


def _owner() -> str:
    """Name this worker, for leases and for people."""
    return f"{socket.gethostname()}:{os.getpid()}"
