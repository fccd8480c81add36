"""What mail servers write when they could not deliver: one sample for each kind, with what it means."""

from __future__ import annotations

from dataclasses import dataclass

from states.reach import Trouble

RECIPIENT = "bilal@mission.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One mail from a server; `trouble` is None where it tells of no trouble, `ended` whether the mail is lost."""

    server: str
    content: str
    trouble: Trouble | None
    code: str
    ended: bool = True


def report(
    status: str, *, text: str = "Sorry.", action: str = "failed", diagnosis: str = "", about: str = RECIPIENT
) -> str:
    """Returns a delivery status notification as RFC 3464 wants it."""
    told = f"Diagnostic-Code: {diagnosis}\n" if diagnosis else ""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.mission.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

{text}

--=_b
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.mission.example
X-Postfix-Queue-ID: 4Lx2
Arrival-Date: Tue,  1 Dec 2026 10:00:00 +0300

Final-Recipient: rfc822; {about}
Original-Recipient: rfc822;{about}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.mission.example
{told}
--=_b
Content-Type: text/rfc822-headers

From: desk@desk.example
To: {about}

--=_b--
"""


EXIM_WITHOUT_REPORT = f"""\
Return-path: <>
Auto-Submitted: auto-replied
X-Failed-Recipients: {RECIPIENT}
From: Mail Delivery System <Mailer-Daemon@exim.example>
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {RECIPIENT}
    host mx.mission.example [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<{RECIPIENT}>:
    550 5.1.1 <{RECIPIENT}>: Recipient address rejected: User unknown
"""
QMAIL = f"""\
Return-Path: <>
From: MAILER-DAEMON@qmail.example
Subject: failure notice

Hi. This is the qmail-send program at qmail.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{RECIPIENT}>:
Sorry, no mailbox here by that name. (#5.1.1)
"""
ODD = f"""\
Return-Path: <>
From: postmaster@groupware.example
Subject: Delivery failure

Your mail to {RECIPIENT} did not arrive.
552 Requested mail action aborted: mailbox full, quota exceeded
"""

SAMPLES = (
    Sample(
        server="Postfix, no such user",
        content=report(
            "5.1.1", diagnosis="smtp; 550 5.1.1 <bilal@mission.example>: Recipient address rejected: User unknown"
        ),
        trouble=Trouble.HARD,
        code="5.1.1",
    ),
    Sample(
        server="Postfix, no such domain",
        content=report("5.4.4", diagnosis="X-Postfix; Host or domain name not found. Name service error"),
        trouble=Trouble.HARD,
        code="5.4.4",
    ),
    Sample(
        server="Exim, a general status and the words of the other server",
        content=report("5.0.0", diagnosis="smtp; 550 Unknown user"),
        trouble=Trouble.HARD,
        code="5.0.0",
    ),
    Sample(
        server="Exchange Online",
        content=report(
            "5.1.10",
            diagnosis="smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient bilal not found by lookup",
        ),
        trouble=Trouble.HARD,
        code="5.1.10",
    ),
    Sample(
        server="Outlook, who may write is restricted",
        content=report("5.7.133", diagnosis="smtp;550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup"),
        trouble=Trouble.OURS,
        code="5.7.133",
    ),
    Sample(
        server="Gmail",
        content=report(
            "5.1.1",
            diagnosis="smtp; 550-5.1.1 The account that you tried to reach does not exist.\n 550 5.1.1 Please try",
        ),
        trouble=Trouble.HARD,
        code="5.1.1",
    ),
    Sample(
        server="Gmail, policy",
        content=report(
            "5.7.1", diagnosis="smtp; 550-5.7.26 This mail has been blocked because the sender is unauthenticated"
        ),
        trouble=Trouble.OURS,
        code="5.7.1",
    ),
    Sample(
        server="Gmail, full",
        content=report("4.2.2", diagnosis="smtp; 452-4.2.2 The recipient's inbox is out of storage space"),
        trouble=Trouble.SOFT,
        code="4.2.2",
    ),
    Sample(
        server="full, for good",
        content=report("5.2.2", diagnosis="smtp; 552 5.2.2 Mailbox full"),
        trouble=Trouble.SOFT,
        code="5.2.2",
    ),
    Sample(
        server="full, without a code of its own",
        content=report("5.0.0", diagnosis="smtp; 552 The mailbox is full"),
        trouble=Trouble.SOFT,
        code="5.2.2",
    ),
    Sample(
        server="Postfix, delayed",
        content=report(
            "4.4.1", action="delayed", diagnosis="X-Postfix; connect to mail.mission.example: Connection timed out"
        ),
        trouble=Trouble.SOFT,
        code="4.4.1",
        ended=False,
    ),
    Sample(
        server="given up after days",
        content=report("4.4.7", diagnosis="smtp; 450 4.4.7 Message expired"),
        trouble=Trouble.SOFT,
        code="4.4.7",
    ),
    Sample(
        server="switched off",
        content=report("5.2.1", diagnosis="smtp; 550 5.2.1 The account is disabled"),
        trouble=Trouble.HARD,
        code="5.2.1",
    ),
    Sample(
        server="the sender is refused, not the reader",
        content=report("5.1.8", diagnosis="smtp; 501 5.1.8 Sender domain does not exist"),
        trouble=Trouble.OURS,
        code="5.1.8",
    ),
    Sample(
        server="too large",
        content=report("5.3.4", diagnosis="smtp; 552 5.3.4 Message size exceeds fixed limit"),
        trouble=Trouble.SOFT,
        code="5.3.4",
    ),
    Sample(
        server="spam, without a code of its own",
        content=report("5.0.0", diagnosis="smtp; 554 Message rejected as spam"),
        trouble=Trouble.OURS,
        code="5.0.0",
    ),
    Sample(
        server="a report without a diagnosis, in capitals",
        content=report("5.1.1", action="FAILED (no longer here)"),
        trouble=Trouble.HARD,
        code="5.1.1",
    ),
    Sample(
        server="a broken status",
        content=report("five", diagnosis="smtp; 550 5.1.1 gone"),
        trouble=Trouble.HARD,
        code="5.1.1",
    ),
    Sample(
        server="a report that it arrived",
        content=report("2.0.0", action="delivered", diagnosis="smtp; 250 2.0.0 OK"),
        trouble=None,
        code="2.0.0",
        ended=False,
    ),
    Sample(server="old Exim", content=EXIM_WITHOUT_REPORT, trouble=Trouble.HARD, code="5.1.1"),
    Sample(server="qmail", content=QMAIL, trouble=Trouble.HARD, code="5.1.1"),
    Sample(server="a groupware's own words", content=ODD, trouble=Trouble.SOFT, code="5.2.2"),
)
