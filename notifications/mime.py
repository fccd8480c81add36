"""Builds the bytes of one message to one recipient, and refuses to return any other header than it set itself."""

import base64
import hashlib
import hmac
import quopri
import re
import textwrap
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy, utils
from email.headerregistry import Address
from email.message import EmailMessage, Message
from itertools import takewhile

from cases.addresses import one_address
from cases.mail_reasons import Reasons
from states import errors, process

SUBJECT_LIMIT = 60
NAME_LIMIT = 75
WRAP_AT = 72
LINE_LIMIT = 76
"""Two less than RFC 5322 allows, because Python fills its lines with encoded words, which must end at 75."""
URL_LIMIT = 70
"""Python turns a longer header URL into an encoded word, and the link is dead."""

HEADERS = frozenset(
    {
        *("Date", "From", "Reply-To", "To", "Subject", "Message-ID", "In-Reply-To", "References"),
        *("Auto-Submitted", "X-Auto-Response-Suppress", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"),
        *("MIME-Version", "Content-Type", "Content-Language"),
    },
)
"""Every header a message of ours may carry; anything else was smuggled in."""

MACHINE_HEADERS = HEADERS - {"Subject", "From"}
"""Headers that only machines read: an encoded word in one of them breaks it."""

PART_HEADERS = frozenset({"content-type", "content-transfer-encoding", "mime-version"})
"""Every header a part of the body may carry; a disposition would make a program hide the buttons of an invitation."""

_PROSE_JOINERS = "\u200c\u200d"
_NAME_SPECIALS = re.compile(r'[@:;,"<>()\[\]\\]')
_URL = re.compile(r"https?://\S+")
_MACHINE_ID = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+", re.ASCII)
_METHOD = re.compile(rb"^METHOD:(REQUEST|CANCEL)\r$", re.MULTILINE)
_MACHINE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*", re.ASCII)


class BadMessage(errors.ParleyError):
    """A message that must not leave the house as it stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """Everything one message says, to one recipient.

    `from_name`, `subject`, `text` and `html` may hold what users wrote; `message_id` and `thread_root` are ids without
    angle brackets, and the root must differ between the parties to a case. `sender` is the envelope's return path.
    `date` must know its zone. One that `answers` says that a machine replies to a mail. Only a notice may carry
    `unsubscribe_url`, at most 70 characters. `calendar` is an iCalendar object with one METHOD, or nothing. The
    `reasons` of a mail about a case do not leave with it.
    """

    from_name: str
    from_address: str
    reply_to: str
    to: str
    sender: str
    subject: str
    text: str
    html: str
    message_id: str
    thread_root: str
    language: str
    date: datetime
    kind: process.MailKind
    list_id: str
    answers: bool = False
    unsubscribe_url: str = ""
    calendar: bytes = b""
    reasons: Reasons | None = None


def message_id(secret: bytes, *parts: str, domain: str) -> str:
    """Returns an id that is the same for the same parts and that nobody without the secret can guess.

    Each part is counted in with its length, so ("a", "bc") and ("ab", "c") differ.
    """
    counted = b"".join(b"%d:%s," % (len(part.encode()), part.encode()) for part in parts)
    return f"{hmac.digest(secret, counted, 'sha256').hex()[:32]}@{domain}"


def build(draft: Draft) -> bytes:
    """Returns the finished message; the same draft always gives the same bytes.

    Raises:
        BadAddress: one of the addresses is not exactly one bare address.
        BadMessage: a field for machines is malformed, or the finished bytes carry a header that was not asked for.

    """
    _check_machine_fields(draft)
    message = EmailMessage(policy=_policy_for(draft))
    headers = _headers(draft)
    for name, value in headers.items():
        message[name] = value
    text = wrapped(draft.text)
    message.set_content(text, cte=_encoding(text))
    message.add_alternative(draft.html, subtype="html", cte=_encoding(draft.html))
    if draft.calendar:
        # Programs show the last part that they understand, and want its method told twice, alike.
        method = {"method": _method(draft.calendar)}
        message.add_alternative(draft.calendar.decode(), subtype="calendar", params=method)
    message.set_boundary(_boundary(draft.message_id))
    # Filling the body removes every Content- header that was there before it.
    message["Content-Language"] = draft.language
    content = message.as_bytes()
    # As they stand in it: what each header means was weighed when it was made, and costs more than all the rest.
    finished = message_from_bytes(content, policy=policy.compat32)
    _check_headers(finished, {*headers, "MIME-Version", "Content-Type", "Content-Language"})
    _check_parts(finished, draft.calendar)
    return content


def one_line(text: str) -> str:
    """Returns text from a user as one line that is safe in a header.

    Control characters, line separators and marks that turn the direction of writing become spaces. `=?` is broken up,
    because Python before 3.13 decodes a hidden line break from it into a real header (CVE-2024-6923).
    """
    calm = "".join(character if is_harmless(character) else " " for character in text)
    return " ".join(calm.split()).replace("=?", "= ?")


def wrapped(text: str) -> str:
    """Returns plain text in lines of at most 72 characters, with every web address whole and on its own line."""
    return "\n".join(line for paragraph in text.splitlines() for line in _wrapped_paragraph(paragraph)) + "\n"


def _headers(draft: Draft) -> dict[str, str | Address]:
    root = f"<{draft.thread_root}>"
    headers: dict[str, str | Address] = {
        "Date": utils.format_datetime(draft.date.astimezone(UTC)),
        "From": _address(draft.from_address, name=_cleaned_name(draft.from_name)),
        "Reply-To": _address(draft.reply_to),
        "To": _address(draft.to),
        "Subject": _shortened(one_line(draft.subject), SUBJECT_LIMIT),
        "Message-ID": f"<{draft.message_id}>",
        "In-Reply-To": root,
        "References": root,
        "Auto-Submitted": "auto-replied" if draft.answers else "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": f"<{draft.list_id}>",
    }
    if draft.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{draft.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _policy_for(draft: Draft) -> "policy.EmailPolicy[EmailMessage]":
    # Bodies travel in ASCII, so no server on the way rewrites them and breaks a signature.
    in_ascii = all(one_address(address).isascii() for address in (draft.from_address, draft.reply_to, draft.to))
    return policy.SMTP.clone(cte_type="7bit", utf8=not in_ascii, max_line_length=LINE_LIMIT)


def _encoding(text: str) -> str | None:
    """Choose how a text travels in fewer bytes; Python looks at its first ten lines alone, which are markup."""
    if text.isascii():
        return None
    raw = text.encode()
    quoted = len(quopri.encodestring(raw))
    return "base64" if len(base64.encodebytes(raw)) < quoted else "quoted-printable"


def _boundary(identity: str) -> str:
    # Neither encoding ever produces "=_", so the boundary cannot occur in an encoded body.
    return f"=_{hashlib.sha256(identity.encode()).hexdigest()[:32]}"


def _address(text: str, *, name: str = "") -> Address:
    local, _, domain = one_address(text).rpartition("@")
    return Address(display_name=name, username=local, domain=domain)


def _cleaned_name(name: str) -> str:
    # Some receivers reject mail with these signs in the name, quoted or not.
    return _shortened(one_line(_NAME_SPECIALS.sub(" ", name)), NAME_LIMIT)


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 3].rstrip()}..."


def is_harmless(character: str) -> bool:
    """Tells whether a character is seen, or joins letters; all others may hide what a text says."""
    return character in _PROSE_JOINERS or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _wrapped_paragraph(paragraph: str) -> list[str]:
    indent = "".join(takewhile(str.isspace, paragraph))[: WRAP_AT // 2]
    lines: list[str] = []
    position = 0
    for url in _URL.finditer(paragraph):
        lines += _wrapped_prose(paragraph[position : url.start()], indent=indent)
        lines.append(url.group())
        position = url.end()
    lines += _wrapped_prose(paragraph[position:], indent=indent)
    return lines or [""]


def _wrapped_prose(prose: str, *, indent: str) -> list[str]:
    return textwrap.wrap(
        prose.strip(),
        width=WRAP_AT,
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )


def _shown(text: str) -> str:
    return f'"{_shortened(one_line(text), NAME_LIMIT)}"'


def _check_machine_fields(draft: Draft) -> None:
    one_address(draft.sender)
    if draft.date.tzinfo is None:
        raise BadMessage("the date of a message must know its time zone")
    for identity in (draft.message_id, draft.thread_root):
        if not _MACHINE_ID.fullmatch(identity) or len(identity) > LINE_LIMIT - 3:
            raise BadMessage(f"{_shown(identity)} cannot identify a message; make it with message_id()")
    for name in (draft.list_id, draft.language):
        if not _MACHINE_NAME.fullmatch(name) or len(name) > URL_LIMIT:
            raise BadMessage(f"{_shown(name)} cannot stand in a header; use letters, digits, dots and hyphens")
    if draft.unsubscribe_url:
        _check_unsubscribe(draft)


def _check_unsubscribe(draft: Draft) -> None:
    if draft.kind is not process.MailKind.NOTICE:
        raise BadMessage("a message that asks for an act cannot be unsubscribed from; leave the link out")
    url = draft.unsubscribe_url
    if not re.fullmatch(r"https://[!-;=?-~]+", url) or len(url) > URL_LIMIT:
        raise BadMessage(f"{_shown(url)} cannot be an unsubscribe link; use https and at most {URL_LIMIT} characters")


def _check_headers(message: Message, expected: set[str]) -> None:
    names = message.keys()
    if sorted(names) != sorted(expected) or not HEADERS.issuperset(names):
        strange = ", ".join(sorted(set(names) ^ expected)) or "a header twice"
        raise BadMessage(f"the finished message does not carry the headers it should: {_shown(strange)}")
    garbled = [name for name in MACHINE_HEADERS.intersection(names) if "=?" in str(message[name])]
    if garbled:
        raise BadMessage(f"the header {garbled[0]} would reach the reader garbled; shorten its value")


def _check_parts(message: Message, calendar: bytes) -> None:
    parts = list(message.walk())
    kinds = [part.get_content_type() for part in parts]
    wanted = ["multipart/alternative", "text/plain", "text/html", *(["text/calendar"] if calendar else [])]
    if kinds != wanted or any(part.defects for part in parts):
        raise BadMessage("the finished message does not consist of one text, one HTML part, and at most one calendar")
    strange = {name.lower() for part in parts[1:] for name in part} - PART_HEADERS
    if strange:
        raise BadMessage(f"a part of the finished message carries a header that was not asked for: {min(strange)}")
    if calendar and _lines_of(parts[-1].get_payload(decode=True)) != _lines_of(calendar):
        raise BadMessage("the calendar would not reach the reader as it was written; its lines are too long or odd")


def _lines_of(content: object) -> list[bytes]:
    return content.replace(b"\r\n", b"\n").split(b"\n") if isinstance(content, bytes) else []


def _method(calendar: bytes) -> str:
    """Return the one method of a calendar."""
    found = _METHOD.findall(calendar)
    if len(found) != 1:
        raise BadMessage("a calendar in a message needs one METHOD, REQUEST or CANCEL")
    return str(found[0].decode())
