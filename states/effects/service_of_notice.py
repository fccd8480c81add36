"""Effects of service: a notice is declared as served, and its recipient's own side confirms or refutes it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from states import deemed_service
from states.effects import accounts
from states.effects.registry import effect, instant, one_of, own_word, party, recorded, several, text, yes_no
from states.events import ItemRecorded
from states.fields import Field, FieldType
from states.items import Document, Service
from states.lifecycle import Lifecycle
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

SERVICES = Lifecycle(
    Service,
    initial="declared",
    moves=(
        ("change", ("declared", "refuted"), "declared"),
        ("confirm", ("declared", "refuted"), "confirmed"),
        ("refute", ("declared",), "refuted"),
    ),
)
_HOW = (
    text("method", "How it was served", long=False),
    instant("served_at", "When; now if left empty", required=False),
    text("proof", "Proof", required=False),
    several("documents", "Documents that prove it", Document, required=False),
)


@effect(
    text("what", "Which notice or document", long=False),
    party("recipient", "To which party"),
    Field(name="person", type=FieldType.PERSON, label=say("To which person"), required=False),
    text("mail", "Number of the mail, if it was one", long=False, required=False),
    yes_no(
        "asks_account", "It asks for the party's account, and its time counts from when this is received", initial=False
    ),
    *_HOW,
)
def declare_service(s: Situation) -> Iterator[Change]:
    """Declare that a notice was served on one recipient, and when it counts as received."""
    served_at, method = _served_at(s), s.text("method")
    deemed_at = deemed(s, s.text("recipient"), method, served_at)
    yield recorded(
        s,
        Service,
        what=s.text("what"),
        party=s.text("recipient"),
        person=s.text("person"),
        mail=s.text("mail"),
        method=method,
        served_at=served_at,
        deemed_at=deemed_at,
        asks_account=bool(s.given("asks_account")),
        proof=s.text("proof"),
        documents=s.texts("documents"),
        declared_by=s.party_id,
        state=SERVICES.initial,
    )
    if s.given("asks_account"):
        yield from accounts.received(s, s.text("recipient"), deemed_at)


@effect(one_of(Service, "Declaration of service", *SERVICES.sources("change")), *_HOW)
def change_service(s: Situation) -> Iterator[Change]:
    """Declare a service anew; the older declaration stays in the record, and the recipient answers again."""
    service = s.item(Service)
    if service is None:
        return
    served_at, method = _served_at(s), s.text("method")
    deemed_at = deemed(s, service.party, method, served_at)
    yield ItemRecorded(
        SERVICES.moved(
            service,
            "change",
            method=method,
            served_at=served_at,
            deemed_at=deemed_at,
            proof=s.text("proof"),
            documents=s.texts("documents"),
            answer="",
            answered_by="",
        )
    )
    if service.asks_account:
        yield from accounts.received(s, service.party, deemed_at)


@own_word
@effect(one_of(Service, "Declaration of service", *SERVICES.sources("confirm")))
def confirm_service(s: Situation) -> Iterator[Change]:
    """Record that the recipient received it: by now, or when it was deemed served if that was before."""
    service = s.item(Service)
    if service is not None:
        yield ItemRecorded(SERVICES.moved(service, "confirm", answer="", answered_by=s.actor.person))
        yield from _known_by_now(s, service)


@own_word
@effect(one_of(Service, "Declaration of service", *SERVICES.sources("refute")), text("reason", "What is not so"))
def refute_service(s: Situation) -> Iterator[Change]:
    """Record that the recipient denies it, and why; whoever denies a notice knows of it from then on."""
    service = s.item(Service)
    if service is not None:
        yield ItemRecorded(SERVICES.moved(service, "refute", answer=s.text("reason"), answered_by=s.actor.person))
        yield from accounts.received(s, service.party, s.at) if service.asks_account else ()


def _known_by_now(s: Situation, service: Service) -> Iterator[Change]:
    if service.asks_account and service.state == SERVICES.initial:
        yield from accounts.received(s, service.party, min(s.at, service.deemed_at or s.at))


def deemed(s: Situation, recipient: str, method: str, served_at: datetime) -> datetime | None:
    """Return when a notice served this way counts as received, by the recipient's own calendar.

    It is None where the definition has no rule for the method.
    """
    if method not in s.process.deemed_served:
        return None
    calendar = deemed_service.calendar_of(s.process, s.case, recipient, s.calendars)
    return deemed_service.counts_at(s.process, method, served_at, calendar=calendar)


def _served_at(s: Situation) -> datetime:
    given = s.given("served_at")
    return given if isinstance(given, datetime) else s.at
