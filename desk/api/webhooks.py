"""Webhooks of whoever asks, as JSON: where their programs want to be told, what was told, and telling it once more."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, Field

from cases import webhook_outbox, webhook_view, webhooks
from cases.viewer import Viewer
from cases.webhook_outbox import Delivery, Try
from cases.webhooks import Kind, Webhook
from config import settings as office_settings
from config.settings import Proof
from desk import fresh_proof
from desk.api import match, paging, schemas
from desk.api.bounds import RowId
from desk.api.match import IfMatch, matching
from desk.api.paging import Paging
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import KeepsWebhooks
from desk.visits import Visit
from notifications import signatures
from notifications.reach import LONGEST_URL, Reach
from states import errors
from states.said import say

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
    fresh_proof.ask(visit, Proof.ACCESS)
    _reach(visit).refuse_url(wanted.url)
    kinds = frozenset(wanted.kinds)
    made = webhooks.make(visit.desk.record.engine, visit.person.id, url=wanted.url, kinds=kinds, now=visit.words.now)
    return _with_secret(visit, made)


@router.get("/{webhook_id}", responses=match.TOLD)
def show_webhook(webhook_id: RowId, visit: KeepsWebhooks, response: Response) -> KeptWebhook:
    """Show a webhook."""
    found = _find(visit, webhook_id)
    response.headers["etag"] = match.tag(found.version)
    return _said(found)


@router.put("/{webhook_id}")
def change_webhook(webhook_id: RowId, visit: KeepsWebhooks, wanted: Wanted, seen: IfMatch) -> KeptWebhook:
    """Let a webhook lead elsewhere, or tell of other kinds of things."""
    fresh_proof.ask(visit, Proof.ACCESS)
    _reach(visit).refuse_url(wanted.url)
    with matching(seen):
        found = _standing(visit, webhook_id, seen)
        return _said(webhooks.change(visit.desk.record.engine, found, url=wanted.url, kinds=frozenset(wanted.kinds)))


@router.delete("/{webhook_id}")
def end_webhook(webhook_id: RowId, visit: KeepsWebhooks) -> KeptWebhook:
    """End a webhook for good."""
    return _said(webhooks.end(visit.desk.record.engine, _find(visit, webhook_id), now=visit.words.now))


@router.post("/{webhook_id}/secret", dependencies=ONCE)
def renew_secret(webhook_id: RowId, visit: KeepsWebhooks) -> MadeWebhook:
    """Sign with a new secret, told this once; for a day the old one signs as well."""
    fresh_proof.ask(visit, Proof.ACCESS)
    found = webhooks.rotate(visit.desk.record.engine, _standing(visit, webhook_id), now=visit.words.now)
    return _with_secret(visit, found)


@router.post("/{webhook_id}/resume", dependencies=ONCE)
def resume_webhook(webhook_id: RowId, visit: KeepsWebhooks) -> KeptWebhook:
    """Tell a webhook again that was stopped because it failed, of what happens from now on."""
    return _said(webhooks.resume(visit.desk.record.engine, _standing(visit, webhook_id)))


@router.post("/{webhook_id}/trial", status_code=202, dependencies=ONCE)
def try_webhook(webhook_id: RowId, visit: KeepsWebhooks) -> Told:
    """Send something to a webhook that tells of nothing, to see whether it arrives; once, within seconds."""
    asked = webhook_outbox.trial(visit.desk.record.engine, _standing(visit, webhook_id), now=visit.words.now)
    return _told(asked, ())


@router.get("/{webhook_id}/deliveries")
def list_deliveries(webhook_id: RowId, visit: KeepsWebhooks, page: Paging) -> TellingList:
    """List what was told to a webhook in the last thirty days, with every try."""
    engine, found = visit.desk.record.engine, _find(visit, webhook_id)
    before = paging.number(page)
    rows = webhook_view.of_webhook(engine, found, before=before, limit=page.limit + 1)
    shown = rows[: page.limit]
    mark = str(shown[-1][0].id) if len(rows) > len(shown) else None
    return TellingList(deliveries=[_told(one, tries) for one, tries in shown], next=page.link(mark))


@router.post("/{webhook_id}/deliveries/{delivery_id}/replay", status_code=202, dependencies=ONCE)
def replay_delivery(webhook_id: RowId, delivery_id: RowId, visit: KeepsWebhooks) -> Told:
    """Tell one thing once more, with the same id."""
    found = _standing(visit, webhook_id)
    return _told(webhook_outbox.replay(visit.desk.record.engine, found, delivery_id, now=visit.words.now), ())


@router.post("/{webhook_id}/replay", status_code=202, dependencies=ONCE)
def replay_since(webhook_id: RowId, visit: KeepsWebhooks, wanted: Since) -> Replayed:
    """Tell everything once more that happened since an instant of the last thirty days, also what was never told."""
    if wanted.since < visit.words.now - webhook_outbox.KEPT:
        raise errors.NeedsMissing(say("what happened more than thirty days ago is not told again; read the cases"))
    found, now = _standing(visit, webhook_id), visit.words.now
    who = Viewer(visit.actor, by_mail=True)
    queued = webhook_view.replay_since(visit.desk.record, found, who, since=wanted.since, now=now)
    return Replayed(queued=queued)


def _reach(visit: Visit) -> Reach:
    return Reach(visit.desk.settings.webhook_networks)


def _find(visit: Visit, webhook_id: int) -> Webhook:
    return webhooks.find(visit.desk.record.engine, visit.person.id, webhook_id)


def _standing(visit: Visit, webhook_id: int, seen: int | None = None) -> Webhook:
    """Find a webhook that has not ended, at the version that was seen if any was."""
    found = _find(visit, webhook_id)
    if found.ended_at is not None or (seen is not None and found.version != seen):
        raise errors.Conflict(say("the webhook has ended, or was changed meanwhile; look again and decide anew"))
    return found


def _with_secret(visit: Visit, one: Webhook) -> MadeWebhook:
    office = office_settings.secret(visit.desk.settings)
    return MadeWebhook(**_said(one).model_dump(), secret=signatures.secret(office, one.id, one.rotation))


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
