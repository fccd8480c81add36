"""Looks at the way that mails take: the mail server, what it offers, and what the world is told of the sender."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cases import addresses
from desk.doctor import Health, Sign
from notifications import dns, from_settings, probe, sender_domain
from notifications.transport import Outcome
from states import errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from config.settings import Settings
    from notifications.probe import Offer
    from notifications.relay import Relay
    from notifications.transport import Receipt

LARGEST_MAIL = 15_000
"""What a mail of ours may weigh at most, in bytes."""
SOON = timedelta(days=14)
_NO_SERVER = Sign(
    "mail server", Health.ILL, "none is set, so mails stay in the local mailbox", "set PARLEY_SMTP_HOST and the rest"
)
_CHECK_THE_WAY = "check PARLEY_SMTP_HOST, PARLEY_SMTP_PORT, PARLEY_SMTP_SECURITY and the network"
_CHECK_US = "mend what it names: PARLEY_SMTP_USER and the sign-in, PARLEY_SMTP_CA_FILE, or PARLEY_SMTP_SECURITY"


def examine(settings: Settings, *, now: datetime, name_server: str = "", send_to: str = "") -> Iterator[Sign]:
    """Look at everything about sending; with an address, send a mail there as well."""
    if settings.smtp_host:
        yield from _relay(settings, now)
    else:
        yield _NO_SERVER
    yield from _domain(settings, name_server)
    if send_to:
        receipt = probe.send_test(from_settings.relay(settings), from_settings.letterhead(settings), send_to, now=now)
        yield _test(send_to, receipt)


def _relay(settings: Settings, now: datetime) -> Iterator[Sign]:
    place = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        relay = from_settings.relay(settings)
        found = probe.ask(relay)
    except errors.DefinitionError as fault:
        yield Sign("mail server", Health.ILL, str(fault), "mend the setting, then: parley doctor mail")
        return
    if found.offer is None:
        yield _unreachable(place, found.failure)
        return
    yield Sign("mail server", Health.WELL, f"{place} answers")
    yield _tls(found.offer, now)
    yield _sign_in(relay, found.offer)
    yield _size(found.offer)
    yield from _extensions(found.offer)


def _unreachable(place: str, failure: Receipt | None) -> Sign:
    if failure is None:
        return Sign("mail server", Health.ILL, f"{place} does not answer", _CHECK_THE_WAY)
    told = f"{place}: {failure.code or ''} {failure.reply}".replace(":  ", ": ")
    return Sign("mail server", Health.ILL, told, _CHECK_US if failure.outcome is Outcome.HALTED else _CHECK_THE_WAY)


def _tls(offer: Offer, now: datetime) -> Sign:
    if not offer.tls:
        return Sign("TLS", Health.WELL, "none, within this machine")
    if offer.expires_at is None:
        return Sign("TLS", Health.WELL, offer.tls)
    told = f"{offer.tls}, certificate of {offer.certificate}, good until {offer.expires_at:%Y-%m-%d}"
    if offer.expires_at - now < SOON:
        return Sign("TLS", Health.WORTH_A_LOOK, told, "let who runs the mail server renew it, or all mail stops")
    return Sign("TLS", Health.WELL, told)


def _sign_in(relay: Relay, offer: Offer) -> Sign:
    offered = ", ".join(offer.sign_in).upper() or "none"
    if relay.username is None:
        return Sign("sign-in", Health.WELL, f"we do not sign in; offered: {offered}")
    how = "by access token" if relay.token else "by password"
    return Sign("sign-in", Health.WELL, f"accepted for {relay.username}, {how}; offered: {offered}")


def _size(offer: Offer) -> Sign:
    if offer.size is None:
        return Sign("SIZE", Health.WELL, "it names no limit")
    told = f"up to {offer.size:,} bytes"
    if offer.size < LARGEST_MAIL:
        return Sign("SIZE", Health.ILL, f"{told}, and mails may weigh {LARGEST_MAIL:,}", "have the limit raised")
    return Sign("SIZE", Health.WELL, told)


def _extensions(offer: Offer) -> Iterator[Sign]:
    for what, there, without in (
        ("SMTPUTF8", offer.smtputf8, "addresses beyond plain latin letters cannot be written to"),
        ("8BITMIME", offer.eight_bit, "mails with letters beyond ASCII may be recoded, which breaks signatures"),
    ):
        if there:
            yield Sign(what, Health.WELL, "offered")
        else:
            yield Sign(what, Health.WORTH_A_LOOK, f"not offered: {without}", "ask who runs the mail server for it")


def _domain(settings: Settings, name_server: str) -> Iterator[Sign]:
    try:
        head = from_settings.letterhead(settings)
        domain, back = addresses.domain(head.address), addresses.domain(head.sender)
        names = dns.of_the_system(name_server)
        for found in sender_domain.look(names, domain, selector=settings.mail_dkim_selector, bounces=back):
            ill = Health.ILL if found.needed else Health.WORTH_A_LOOK
            yield Sign(found.what, Health.WELL if found.well else ill, found.told, found.do)
    except dns.NoAnswer as fault:
        yield Sign("DNS", Health.WORTH_A_LOOK, str(fault), "try again, or name another: parley doctor mail --dns HOST")
    except addresses.BadAddress as fault:
        yield Sign("sender", Health.ILL, str(fault), "set PARLEY_MAIL_FROM_ADDRESS")


def _test(address: str, receipt: Receipt) -> Sign:
    told = f"to {address}: {receipt.outcome}, {receipt.code or 'no code'} {receipt.reply}"
    if receipt.outcome is Outcome.ACCEPTED:
        return Sign("test mail", Health.WELL, told, "see that it arrives, and not among the spam")
    return Sign("test mail", Health.ILL, told, "mend what the server says, then: parley doctor mail --send-to ADDRESS")
