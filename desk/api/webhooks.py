"""Webhooks of whoever asks, as JSON: where their programs want to be told, what was told, and telling it once more."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, Field

from cases import webhook_outbox, webhook_view, webhooks
from cases.webhook_outbox import Delivery, Try
from cases.webhooks import Kind, Webhook
from desk import own_webhooks
from desk.api import match, paging, schemas
from desk.api.bounds import RowId
from desk.api.match import IfMatch, matching
from desk.api.paging import Paging
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import KeepsWebhooks
from desk.visits import Visit
from notifications.reach import LONGEST_URL

router = APIRouter(prefix="/api/webhooks", route_class=ApiRoute, tags=["webhooks"], responses=schemas.PROBLEMS)

Url = Annotated[str, Field(min_length=1, max_length=LONGEST_URL, examples=["https://reports.example.org/parley"])]
Kinds = Annotated[list[Kind], Field(min_length=1, max_length=len(Kind), examples=[["case.stage_entered"]])]


class Wanted(schemas.Model):
    """Where to tell, and of what kinds of things."""

    url: Url
    kinds: Kinds


class KeptWebhook(Wanted):
    """A webhook on file; `told` is false once it has ended, or was stopped because it failed."""

    id: int
    told: bool
    version: int
    created_at: datetime
    failing_since: datetime | None
    stopped_at: datetime | None
    stopped_because: str | None
    ended_at: datetime | None


class MadeWebhook(KeptWebhook):
    """A webhook with the secret that signs, which is told this once."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class Webhooks(schemas.Page):
    """A page of webhooks, the newest first."""

    webhooks: list[KeptWebhook]


class TryMade(schemas.Model):
    """What became of one try: the status that was answered, null where nothing was."""

    at: datetime
    status: int | None
    words: str


class Told(schemas.Model):
    """Something that was told, or is to be; `message_id` is the `webhook-id` by which its receiver knows it."""

    id: int
    kind: str = Field(examples=["case.stage_entered"])
    message_id: str
    state: str = Field(examples=["sent"])
    created_at: datetime
    next_at: datetime | None
    settled_at: datetime | None
    tries: list[TryMade]


class TellingList(schemas.Page):
    """A page of what was told, the newest first."""

    deliveries: list[Told]


class Since(schemas.Model):
    """From when on everything is told once more."""

    since: AwareDatetime


class Replayed(schemas.Model):
    """How much is told once more."""

    queued: int


@router.get("")
def list_webhooks(visit: KeepsWebhooks, page: Paging) -> Webhooks:
    """List one's own webhooks, those that have ended too."""
    cut = paging.cut(page, webhooks.of(visit.desk.record.engine, visit.person.id), key=lambda one: -one.id)
    return Webhooks(webhooks=[_said(one) for one in cut.rows], next=cut.next)


@router.post("", status_code=201, dependencies=ONCE)
def make_webhook(visit: KeepsWebhooks, wanted: Wanted) -> MadeWebhook:
    """Ask to be told at an address of what happens in the cases one reads; the answer tells the secret, this once."""
    return _with_secret(visit, own_webhooks.make(visit, url=wanted.url, kinds=frozenset(wanted.kinds)))


@router.get("/{webhook_id}", responses=match.TOLD)
def show_webhook(webhook_id: RowId, visit: KeepsWebhooks, response: Response) -> KeptWebhook:
    """Show a webhook."""
    found = own_webhooks.find(visit, webhook_id)
    response.headers["etag"] = match.tag(found.version)
    return _said(found)


@router.put("/{webhook_id}")
def change_webhook(webhook_id: RowId, visit: KeepsWebhooks, wanted: Wanted, seen: IfMatch) -> KeptWebhook:
    """Let a webhook lead elsewhere, or tell of other kinds of things."""
    with matching(seen):
        kinds = frozenset(wanted.kinds)
        return _said(own_webhooks.change(visit, webhook_id, url=wanted.url, kinds=kinds, seen=seen))


@router.delete("/{webhook_id}")
def end_webhook(webhook_id: RowId, visit: KeepsWebhooks) -> KeptWebhook:
    """End a webhook for good."""
    return _said(webhooks.end(visit.desk.record.engine, own_webhooks.find(visit, webhook_id), now=visit.words.now))


@router.post("/{webhook_id}/secret", dependencies=ONCE)
def renew_secret(webhook_id: RowId, visit: KeepsWebhooks) -> MadeWebhook:
    """Sign with a new secret, told this once; for a day the old one signs as well."""
    return _with_secret(visit, own_webhooks.renew(visit, webhook_id))


@router.post("/{webhook_id}/resume", dependencies=ONCE)
def resume_webhook(webhook_id: RowId, visit: KeepsWebhooks) -> KeptWebhook:
    """Tell a webhook again that was stopped because it failed, of what happens from now on."""
    return _said(webhooks.resume(visit.desk.record.engine, own_webhooks.standing(visit, webhook_id)))


@router.post("/{webhook_id}/trial", status_code=202, dependencies=ONCE)
def try_webhook(webhook_id: RowId, visit: KeepsWebhooks) -> Told:
    """Send something to a webhook that tells of nothing, to see whether it arrives; once, within seconds."""
    found = own_webhooks.standing(visit, webhook_id)
    return _told(webhook_outbox.trial(visit.desk.record.engine, found, now=visit.words.now), ())


@router.get("/{webhook_id}/deliveries")
def list_deliveries(webhook_id: RowId, visit: KeepsWebhooks, page: Paging) -> TellingList:
    """List what was told to a webhook in the last thirty days, with every try."""
    engine, found = visit.desk.record.engine, own_webhooks.find(visit, webhook_id)
    before = paging.number(page)
    rows = webhook_view.of_webhook(engine, found, before=before, limit=page.limit + 1)
    shown = rows[: page.limit]
    mark = str(shown[-1][0].id) if len(rows) > len(shown) else None
    return TellingList(deliveries=[_told(one, tries) for one, tries in shown], next=page.link(mark))


@router.post("/{webhook_id}/deliveries/{delivery_id}/replay", status_code=202, dependencies=ONCE)
def replay_delivery(webhook_id: RowId, delivery_id: RowId, visit: KeepsWebhooks) -> Told:
    """Tell one thing once more, with the same id."""
    found = own_webhooks.standing(visit, webhook_id)
    return _told(webhook_outbox.replay(visit.desk.record.engine, found, delivery_id, now=visit.words.now), ())


@router.post("/{webhook_id}/replay", status_code=202, dependencies=ONCE)
def replay_since(webhook_id: RowId, visit: KeepsWebhooks, wanted: Since) -> Replayed:
    """Tell everything once more that happened since an instant of the last thirty days, also what was never told."""
    return Replayed(queued=own_webhooks.replay_since(visit, webhook_id, wanted.since))


def _with_secret(visit: Visit, one: Webhook) -> MadeWebhook:
    return MadeWebhook(**_said(one).model_dump(), secret=own_webhooks.secret(visit, one))


def _said(one: Webhook) -> KeptWebhook:
    return KeptWebhook(
        id=one.id,
        url=one.url,
        kinds=sorted(one.kinds),
        told=one.is_told,
        version=one.version,
        created_at=one.created_at,
        failing_since=one.failing_since,
        stopped_at=one.stopped_at,
        stopped_because=one.stopped_because,
        ended_at=one.ended_at,
    )


def _told(one: Delivery, tries: tuple[Try, ...]) -> Told:
    return Told(
        id=one.id,
        kind=one.kind,
        message_id=one.message_id,
        state=one.state,
        created_at=one.created_at,
        next_at=None if one.settled_at else one.next_at,
        settled_at=one.settled_at,
        tries=[TryMade(at=each.at, status=each.status, words=each.words) for each in tries],
    )
