"""Reads an office's settings into what the mail room needs: the letterhead, and the way to the relay."""

from __future__ import annotations

from cases import addresses
from config import settings as office_settings
from config.settings import Settings
from notifications import transport
from notifications.compose import Letterhead

LOCAL_HOST = "127.0.0.1"

_SECURITY = {
    office_settings.Security.NONE: transport.Security.PLAIN,
    office_settings.Security.STARTTLS: transport.Security.STARTTLS,
    office_settings.Security.TLS: transport.Security.TLS,
}


def letterhead(settings: Settings) -> Letterhead:
    """Return what stands on every mail, refusing an address that no mail server takes.

    Raises:
        BadAddress: the sender or the address for replies is not one bare address.

    """
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
    )


def relay(settings: Settings) -> transport.Relay:
    """Return where mail is handed in."""
    if not settings.smtp_host:
        return transport.Relay(host=LOCAL_HOST, port=settings.mailbox_port, security=transport.Security.PLAIN)
    return transport.Relay(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=_SECURITY[settings.smtp_security],
        username=settings.smtp_user or None,
        password=settings.smtp_password.get_secret_value() or None,
        ca_file=settings.smtp_ca_file,
    )
