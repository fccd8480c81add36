"""The mail room's equipment: the record, who there is, how letters look, the way to the relay, and the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cases.people import Directory
from cases.record import Record
from cases.wordings import Wordings
from config.clock import Clock
from config.settings import Settings
from notifications import from_settings
from notifications.compose import Letterhead
from notifications.pace import Limits
from notifications.smtp import SmtpTransport
from notifications.transport import Transport
from notifications.when import Customs


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailroom:
    """Everything needed to tell people."""

    record: Record
    directory: Directory
    letterhead: Letterhead
    transport: Callable[[], Transport]
    clock: Clock
    limits: Limits | None = None
    customs: Customs = field(default_factory=Customs)


def open_mailroom(record: Record, settings: Settings, *, clock: Clock) -> Mailroom:
    """Return the mail room of an installation; without a mail server in the settings, mail goes to its own mailbox."""
    relay = from_settings.relay(settings)
    return Mailroom(
        record=record,
        directory=Directory(record.engine),
        letterhead=from_settings.letterhead(settings, Wordings(record.engine)),
        transport=lambda: SmtpTransport(relay),
        clock=clock,
        limits=from_settings.limits(settings),
        customs=from_settings.customs(settings),
    )
