"""What the answer of a relay, or its silence, means for a message."""

import re
import ssl
from enum import IntEnum

import aiosmtplib

from notifications.transport import Outcome, Receipt

REPLY_LIMIT = 500

_SIGN_IN_FIRST = 530
# The second number of an enhanced code (RFC 3463) says what the reply is about.
_ENHANCED = re.compile(r"5\.(\d{1,3})\.\d{1,3}\b")
_ADDRESS_OR_MAILBOX = ("1", "2")
_POLICY = "7"


class Step(IntEnum):
    """How far an attempt has come; from CONTENT on, the relay may have taken the message."""

    CONNECT = 0
    SENDER = 1
    RECIPIENT = 2
    CONTENT = 3


def accepted(response: aiosmtplib.SMTPResponse) -> Receipt:
    """Returns the receipt of a message that the relay took over."""
    return Receipt(Outcome.ACCEPTED, response.code, printable(response.message))


def receipt_for(failure: Exception, step: Step) -> Receipt:
    """Returns the receipt of a message that failed at a step."""
    if isinstance(failure, aiosmtplib.SMTPResponseException):
        reply = printable(failure.message)
        if 400 <= failure.code < 600:  # noqa: PLR2004 - SMTP's own classes of replies
            return Receipt(_outcome_of(failure.code, reply, step), failure.code, reply)
    else:
        reply = printable(str(failure) or type(failure).__name__)
    return Receipt(_outcome_without_reply(failure, step), None, reply)


def printable(text: str) -> str:
    """Returns what a server said on one line, and not too much of it."""
    return " ".join(text.encode(errors="replace").decode().split())[:REPLY_LIMIT]


def _outcome_of(code: int, reply: str, step: Step) -> Outcome:
    if code < 500:  # noqa: PLR2004 - SMTP's own classes of replies
        return Outcome.RETRY
    enhanced = _ENHANCED.match(reply)
    subject = enhanced.group(1) if enhanced else ""
    if step is Step.RECIPIENT and code != _SIGN_IN_FIRST and subject != _POLICY:
        return Outcome.REFUSED
    if step is Step.CONTENT and subject in _ADDRESS_OR_MAILBOX:
        return Outcome.REFUSED
    return Outcome.HALTED


def _outcome_without_reply(failure: Exception, step: Step) -> Outcome:
    if step is Step.CONTENT:
        return Outcome.UNKNOWN
    if isinstance(failure, aiosmtplib.SMTPNotSupported) and step is Step.SENDER:
        return Outcome.REFUSED
    if isinstance(failure, ssl.SSLError) or isinstance(failure.__cause__, ssl.SSLError):
        return Outcome.HALTED
    if isinstance(failure, OSError | aiosmtplib.SMTPResponseException):
        return Outcome.RETRY
    return Outcome.HALTED
