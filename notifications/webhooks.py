"""Tells webhooks what happened: signed, over https, without content of a case, and again until it is received."""

from __future__ import annotations

import json
import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from cases import webhook_outbox, webhook_view, webhooks
from cases.viewer import Viewer
from cases.webhook_outbox import Delivery, State, Try
from cases.webhooks import TRIAL, Webhook
from notifications import account_notices, routes, signatures
from notifications.reach import Reach
from notifications.retry import STANDARD
from states import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.people import Person
    from notifications.mailroom import Mailroom

log = logging.getLogger(__name__)

GIVE_UP = timedelta(days=5)
"""For how long a webhook may fail before nothing is sent to it any more."""
TOO_OFTEN = 5
"""How often something is tried that Parley itself cannot tell."""
PATIENCE = httpx.Timeout(10, connect=5)
LATER = timedelta(minutes=1)
GONE = "the receiver says that it is gone for good"
FAILED = "nothing was received for five days"
UNREADABLE = "its owner may not read of it, or it is no longer wanted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one beat did: what was received, what is tried again, given up or withdrawn, and webhooks stopped."""

    received: int = 0
    failed: int = 0
    given_up: int = 0
    withdrawn: int = 0
    stopped: int = 0


def deliver_due(room: Mailroom, reach: Reach, *, owner: str, limit: int = 50) -> Counts:
    """Tell every webhook what is due, and say what was done: the heartbeat.

    One that fails is not asked again in the same beat, so that it does not keep the others waiting.
    """
    done: Counter[str] = Counter()
    failing: set[int] = set()
    with httpx.Client(timeout=PATIENCE, follow_redirects=False, trust_env=False) as client:
        for due in _taken_up(room, owner=owner, limit=limit):
            if due.webhook_id in failing:
                webhook_outbox.put_off(room.record.engine, due, until=room.clock.now() + LATER)
                continue
            came_of_it = _attempt(room, due, post=_Post(client, reach))
            done[came_of_it] += 1
            if came_of_it in {"failed", "given_up", "stopped"}:
                failing.add(due.webhook_id)
    return Counts(**done)


def _attempt(room: Mailroom, due: Delivery, *, post: _Post) -> str:
    """Tell something, or write down that it could not be told, and let everything else go on."""
    try:
        return _tell(room, webhooks.get(room.record.engine, due.webhook_id), due, post=post)
    except errors.Unavailable:
        raise
    except Exception as failure:  # the heartbeat: one poisoned delivery must not stop the others
        log.exception("delivery %s to webhook %s failed", due.id, due.webhook_id)
        now = room.clock.now()
        broken = Try(at=now, status=None, words=type(failure).__name__)
        state = State.GIVEN_UP if due.attempts >= TOO_OFTEN else State.RETRY
        webhook_outbox.settle(room.record.engine, due, broken, state=state, next_at=now + _pause(due.attempts))
        return "given_up" if state is State.GIVEN_UP else "failed"


def _taken_up(room: Mailroom, *, owner: str, limit: int) -> Iterator[Delivery]:
    """Claim one after the other, so that no lease runs out over a receiver that is slow."""
    for _ in range(limit):
        claimed = webhook_outbox.claim(room.record.engine, now=room.clock.now(), owner=owner, limit=1)
        if not claimed:
            return
        yield from claimed


@dataclass(frozen=True, slots=True)
class _Post:
    """Sends one body to one address, and to none that it may not reach."""

    client: httpx.Client
    reach: Reach

    def send(self, url: str, body: bytes, headers: dict[str, str], *, now: datetime) -> Try:
        """Return what was answered; nothing but the status of an answer is read."""
        parts = urlsplit(url)
        try:
            address = self.reach.address_of(url)
            pinned = httpx.URL(url).copy_with(host=str(address))
            told = {**headers, "host": parts.netloc, "content-type": "application/json", "user-agent": "Parley"}
            secure = {"sni_hostname": parts.hostname or ""}
            with self.client.stream("POST", pinned, content=body, headers=told, extensions=secure) as answer:
                return Try(at=now, status=answer.status_code, words=answer.reason_phrase)
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            return Try(at=now, status=None, words=f"{type(failure).__name__}: {failure}"[:200])
        except errors.Refused as refusal:
            return Try(at=now, status=None, words=str(refusal))


def _tell(room: Mailroom, webhook: Webhook, due: Delivery, *, post: _Post) -> str:
    now = room.clock.now()
    person = room.directory.people([webhook.person_id]).get(webhook.person_id)
    body = _body(room, webhook, due, person) if person is not None and person.active and webhook.is_told else None
    if person is None or body is None:
        withdrawn = Try(at=now, status=None, words=UNREADABLE)
        webhook_outbox.settle(room.record.engine, due, withdrawn, state=State.WITHDRAWN)
        return "withdrawn"
    secrets = [signatures.secret(room.letterhead.secret, webhook.id, one) for one in webhook.rotations(now)]
    signed = signatures.headers(secrets, message_id=due.message_id, at=now, body=body)
    return _settled(room, webhook, due, post.send(webhook.url, body, signed, now=now), person)


def _settled(room: Mailroom, webhook: Webhook, due: Delivery, done: Try, person: Person) -> str:
    """Write down what came of a try, and stop a webhook that is gone or has failed for too long."""
    engine = room.record.engine
    if done.status is not None and HTTPStatus(200) <= done.status < HTTPStatus(300):
        webhook_outbox.settle(engine, due, done, state=State.SENT)
        return "received"
    next_at = done.at + _pause(due.attempts)
    given_up = next_at > (due.first_at or done.at) + STANDARD.horizon or due.kind == TRIAL
    webhook_outbox.settle(engine, due, done, state=State.GIVEN_UP if given_up else State.RETRY, next_at=next_at)
    since = webhook.failing_since
    why = GONE if done.status == HTTPStatus.GONE else FAILED if since and done.at - since >= GIVE_UP else ""
    if why and webhooks.stop(engine, webhook, because=why, now=done.at):
        log.warning("webhook %s is stopped: %s", webhook.id, why)
        account_notices.webhook_stopped(room, person, webhook)
        return "stopped"
    return "given_up" if given_up else "failed"


def _pause(attempt: int) -> timedelta:
    return STANDARD.pauses[attempt - 1] if attempt <= len(STANDARD.pauses) else STANDARD.then


def _body(room: Mailroom, webhook: Webhook, due: Delivery, person: Person) -> bytes | None:
    """Write what is told: which case, at which version, when and of what kind, and where to read it; no content."""
    data: dict[str, object] = {}
    at = due.created_at
    if due.event_id is not None:
        who = Viewer(routes.actor_of(person), by_mail=True)
        told = webhook_view.told_of(room.record, webhook, who, due)
        if told is None:
            return None
        at = told.at
        link = f"{room.letterhead.base_url}/cases/{told.number}"
        data = {"case_id": told.case_id, "number": told.number, "version": told.version, "link": link}
    return json.dumps({"type": due.kind, "timestamp": at.isoformat(), "data": data}, separators=(",", ":")).encode()
