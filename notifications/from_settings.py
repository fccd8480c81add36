"""Reads an office's settings into what the mail room needs: the letterhead, and the way to the relay."""

from __future__ import annotations

from datetime import time

from cases import addresses
from cases.mail_wishes import Wishes
from cases.wordings import Wordings
from config import settings as office_settings
from config.settings import Settings
from notifications import relay as relays
from notifications import tokens
from notifications.compose import Letterhead
from notifications.pace import Limits
from notifications.when import Customs
from states import errors
from states.wall_time import Window

LOCAL_HOST = "127.0.0.1"

_SECURITY = {
    office_settings.Security.NONE: relays.Security.PLAIN,
    office_settings.Security.STARTTLS: relays.Security.STARTTLS,
    office_settings.Security.TLS: relays.Security.TLS,
}

PATIENCE = 60.0
"""Seconds to wait for one reply of the mail server, and for an access token."""


def letterhead(settings: Settings, wordings: Wordings | None = None) -> Letterhead:
    """Return what stands on every mail with the office's own words, refusing an address that no mail server takes.

    Raises:
        BadAddress: the sender or the address for replies is not one bare address, or mail cannot come back to it.

    """
    if settings.inbound:
        addresses.one_address(f"bounce@{settings.inbound}")
    return Letterhead(
        desk=settings.mail_from_name,
        address=addresses.one_address(settings.mail_from_address),
        reply_to=addresses.one_address(settings.mail_reply_to) if settings.mail_reply_to else "",
        sender=addresses.one_address(settings.mail_from_address),
        domain=settings.message_domain,
        base_url=settings.base_url,
        secret=office_settings.secret(settings),
        telephone=settings.telephone,
        portal_url=settings.portal_base,
        inbound=settings.inbound,
        wordings=wordings,
    )


def relay(settings: Settings) -> relays.Relay:
    """Return where mail is handed in.

    Raises:
        DefinitionError: two ways to sign in are set at once, or a token without whose it is.

    """
    if not settings.smtp_host:
        return relays.Relay(host=LOCAL_HOST, port=settings.mailbox_port, security=relays.Security.PLAIN)
    return relays.Relay(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=_SECURITY[settings.smtp_security],
        username=settings.smtp_user or None,
        password=settings.smtp_password.get_secret_value() or None,
        token=_token(settings),
        timeout=PATIENCE,
        ca_file=settings.smtp_ca_file,
        certificate=settings.smtp_cert_file,
        key=settings.smtp_key_file,
        connections=settings.smtp_connections,
        per_domain=settings.smtp_per_domain,
    )


def limits(settings: Settings) -> Limits | None:
    """Return how much mail may go out in a minute; the local mailbox takes all there is."""
    if not settings.smtp_host:
        return None
    return Limits(to_one_domain=settings.smtp_per_minute_to_domain, to_all=settings.smtp_per_minute)


def _token(settings: Settings) -> tokens.TokenSource | None:
    ways = (settings.smtp_password.get_secret_value(), settings.smtp_token_file, settings.smtp_token_command)
    if sum(map(bool, ways)) > 1:
        raise errors.DefinitionError(
            "there are several ways to sign in to the mail server; "
            "set one of PARLEY_SMTP_PASSWORD, PARLEY_SMTP_TOKEN_FILE and PARLEY_SMTP_TOKEN_COMMAND"
        )
    if not any(ways[1:]):
        return None
    if not settings.smtp_user:
        raise errors.DefinitionError("a token for the mail server needs a user; set PARLEY_SMTP_USER")
    if settings.smtp_token_file:
        return tokens.from_file(settings.smtp_token_file)
    return tokens.from_command(settings.smtp_token_command, patience=PATIENCE)


def customs(settings: Settings) -> Customs:
    """Return how the office writes to people who have not said how they want it.

    Raises:
        DefinitionError: the hours or the time of day cannot be read.

    """
    wishes = Wishes(
        rhythm=settings.mail_rhythm,
        digest_at=_time(settings.mail_digest_at),
        hours=Window.parse(settings.mail_hours),
        every_day=not settings.mail_on_working_days,
    )
    return Customs(wishes, daily=settings.mail_daily, burst=settings.mail_burst)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise errors.DefinitionError(f"{text!r} is no time of day; write it as 08:00") from error
