"""The webhooks of whoever asks, for their page and the API alike: made, signed anew, and told everything once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import webhook_outbox, webhook_view, webhooks
from cases.viewer import Viewer
from config import settings as office_settings
from config.settings import Proof
from desk import fresh_proof
from notifications import signatures
from notifications.reach import Reach
from states import errors
from states.said import say

if TYPE_CHECKING:
    from datetime import datetime

    from cases.webhooks import Kind, Webhook
    from desk.visits import Visit


def find(visit: Visit, webhook_id: int) -> Webhook:
    """Find a webhook of whoever asks, one that has ended too. Raises `NotFound`."""
    return webhooks.find(visit.desk.record.engine, visit.person.id, webhook_id)


def standing(visit: Visit, webhook_id: int, seen: int | None = None) -> Webhook:
    """Find a webhook that has not ended, at the version that was seen if any was. Raises `Conflict`."""
    found = find(visit, webhook_id)
    if found.ended_at is not None or (seen is not None and found.version != seen):
        raise errors.Conflict(say("the webhook has ended, or was changed meanwhile; look again and decide anew"))
    return found


def make(visit: Visit, *, url: str, kinds: frozenset[Kind]) -> Webhook:
    """Put a webhook on file; raise `NeedsMissing` for an address that nothing is ever sent to."""
    fresh_proof.ask(visit, Proof.ACCESS)
    refuse_url(visit, url)
    return webhooks.make(visit.desk.record.engine, visit.person.id, url=url, kinds=kinds, now=visit.words.now)


def change(visit: Visit, webhook_id: int, *, url: str, kinds: frozenset[Kind], seen: int | None) -> Webhook:
    """Let a webhook lead elsewhere, or tell of other kinds of things."""
    fresh_proof.ask(visit, Proof.ACCESS)
    refuse_url(visit, url)
    return webhooks.change(visit.desk.record.engine, standing(visit, webhook_id, seen), url=url, kinds=kinds)


def renew(visit: Visit, webhook_id: int) -> Webhook:
    """Sign with a new secret; for a day the old one signs as well."""
    fresh_proof.ask(visit, Proof.ACCESS)
    return webhooks.rotate(visit.desk.record.engine, standing(visit, webhook_id), now=visit.words.now)


def secret(visit: Visit, one: Webhook) -> str:
    """Tell the secret that signs what is sent to a webhook now."""
    return signatures.secret(office_settings.secret(visit.desk.settings), one.id, one.rotation)


def replay_since(visit: Visit, webhook_id: int, since: datetime) -> int:
    """Tell everything once more that happened since an instant; return how much that is."""
    now = visit.words.now
    if since < now - webhook_outbox.KEPT:
        raise errors.NeedsMissing(say("what happened more than thirty days ago is not told again; read the cases"))
    found, who = standing(visit, webhook_id), Viewer(visit.actor, by_mail=True)
    return webhook_view.replay_since(visit.desk.record, found, who, since=since, now=now)


def refuse_url(visit: Visit, url: str) -> None:
    """Raise `NeedsMissing` for an address that nothing is ever sent to."""
    Reach(visit.desk.settings.webhook_networks).refuse_url(url)
