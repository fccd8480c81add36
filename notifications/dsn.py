"""Reads what a mail server says of a mail it could not deliver (RFC 3464), and what older and odder servers write."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from notifications import incoming
from states import reach
from states.reach import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_LONGEST = 300
_FIELD = re.compile(r"^([A-Za-z-]+)[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)", re.MULTILINE)
_FROM_A_SERVER = re.compile(
    r"^(?:mailer-daemon|postmaster|mail-daemon|mdaemon)@|^(?:mailer-daemon|postmaster)$", re.IGNORECASE
)
_WRITTEN_BY_HAND = re.compile(
    r"permanent (?:fatal )?(?:error|failure)|user unknown|unknown user|no such user|no mailbox here|does not exist"
    r"|couldn't be delivered|could not be delivered|undeliverable|delivery (?:has )?failed|returned to sender"
    r"|not be delivered|mailbox unavailable|address rejected",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of a mail: its trouble, or None where it arrived; whether it `ended`, the code, and their words."""

    trouble: Trouble | None
    ended: bool
    code: str
    said: str


def read(mail: Message, *, recipient: str) -> Report | None:
    """Return what a delivery status notification says of one recipient; None for a mail that is none."""
    told = [fields for part in _reports(mail) for fields in _recipients(part)]
    own = [fields for fields in told if recipient in _named(fields)]
    failed_first = sorted(own or told, key=lambda fields: _ORDER.get(_action(fields), len(_ORDER)))
    return _report(failed_first[0]) if failed_first else None


def read_odd(mail: Message, *, null_path: bool) -> Report | None:
    """Return what a server says that writes no notification but a letter; None for a mail that is none of these."""
    from_a_server = null_path or _FROM_A_SERVER.search(incoming.sender(mail) or incoming.line(mail, "From"))
    failed = incoming.line(mail, "X-Failed-Recipients")
    words = " ".join(_first_words(mail).split())
    hint = _WRITTEN_BY_HAND.search(words) or reach.fate_in(words)
    if not failed and not (from_a_server and hint):
        return None
    start = max(0, (hint.start() if hint else 0) - _LONGEST // 3)
    code = reach.code_in(words)
    trouble = reach.trouble_of(code, words) if code or _WRITTEN_BY_HAND.search(words) or failed else Trouble.SOFT
    return Report(trouble=trouble, ended=not code.startswith("4"), code=code, said=words[start : start + _LONGEST])


def is_report(mail: Message) -> bool:
    """Tell whether a mail is what machines write about mails: a delivery report, or that one was read."""
    return mail.get_content_type() == "multipart/report" or next(_reports(mail), None) is not None


def _reports(mail: Message) -> Iterator[Message]:
    return (part for part in incoming.leaves(mail) if part.get_content_type() in _REPORTS)


def _recipients(part: Message) -> Iterator[dict[str, str]]:
    """Yield the fields of each recipient; those that stand above them all tell of the server."""
    whole = incoming.content(part).decode("utf-8", errors="replace").replace("\r\n", "\n")
    for block in re.split(r"\n[ \t]*\n", whole):
        fields = {name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(block)}
        if "action" in fields or "status" in fields:
            yield fields


def _named(fields: dict[str, str]) -> set[str]:
    both = (fields.get(name, "") for name in ("final-recipient", "original-recipient"))
    return {incoming.bare(value.partition(";")[2].strip().strip("<>")) for value in both}


def _action(fields: dict[str, str]) -> str:
    action = re.match(r"[a-z]+", fields.get("action", "").lower())
    status = fields.get("status", "")[:1]
    return action.group() if action else {"2": "delivered", "4": "delayed"}.get(status, "failed")


_ORDER = {"failed": 0, "delayed": 1, "delivered": 2, "relayed": 3, "expanded": 4}


def _report(fields: dict[str, str]) -> Report | None:
    action, diagnosis = _action(fields), fields.get("diagnostic-code", "")
    said = diagnosis.partition(";")[2].strip() or diagnosis or fields.get("status", "")
    code = reach.code_in(diagnosis, status=fields.get("status", ""))
    if action in {"delivered", "relayed", "expanded"}:
        arrived = action == "delivered"
        return Report(trouble=None, ended=False, code=code, said=said[:_LONGEST]) if arrived else None
    ended = action == "failed"
    trouble = reach.trouble_of(code, diagnosis) if ended else Trouble.SOFT
    return Report(trouble=trouble, ended=ended, code=code, said=said[:_LONGEST])


def _first_words(mail: Message) -> str:
    texts = (part for part in incoming.leaves(mail) if part.get_content_maintype() == "text")
    return next((incoming.text(part) for part in texts), "")[:4000]
