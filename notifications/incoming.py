"""Reads a mail that somebody else wrote, however broken it is: its headers as plain texts, its parts, and no more."""

from __future__ import annotations

from email import errors, header, message_from_bytes, policy, utils
from typing import TYPE_CHECKING

from cases.addresses import BadAddress
from cases.people import one_address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

_LONGEST_HEADER = 2000
_MOST_PARTS = 200


class _Forgiving(policy.Compat32):
    """The library's older way of reading, which takes anything; headers may hold UTF-8, as newer servers allow."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """Return a header as text."""
        del name
        return value.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")


def parse(content: bytes) -> Message:
    """Return a mail, whatever it is."""
    return message_from_bytes(content, policy=_Forgiving())


def line(mail: Message, name: str) -> str:
    """Return the first header of a name as one line of text; empty where there is none."""
    return next(lines(mail, name), "")


def lines(mail: Message, name: str) -> Iterator[str]:
    """Yield every header of a name, each as one line of text."""
    for raw in mail.get_all(name, ()):
        yield " ".join(_decoded(str(raw)[:_LONGEST_HEADER]).split())


def sender(mail: Message) -> str:
    """Return the bare address that a mail says it is from; empty where it names none, or several."""
    named = [address for _, address in utils.getaddresses([str(raw) for raw in mail.get_all("From", ())]) if address]
    return bare(named[0]) if len(named) == 1 else ""


def bare(text: str) -> str:
    """Return an address as people's are kept; empty for what is none."""
    try:
        return one_address(text)
    except BadAddress:
        return ""


def leaves(mail: Message) -> Iterator[Message]:
    """Yield the parts of a mail that hold something, in order; a mail inside the mail is one part."""
    left: list[Message] = [mail]
    for _ in range(_MOST_PARTS):
        if not left:
            return
        part = left.pop(0)
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            left[:0] = [one for one in inside if not isinstance(one, str)]
        else:
            yield part


def content(part: Message) -> bytes:
    """Return the bytes of one part, a mail inside a mail included."""
    inside = part.get_payload()
    if isinstance(inside, list):
        return b"\n\n".join(one.encode() if isinstance(one, str) else one.as_bytes() for one in inside)
    return bytes(part.get_payload(decode=True) or b"")


def text(part: Message) -> str:
    """Return the words of one part; signs that its charset does not know become question marks."""
    raw, charset = content(part), part.get_content_charset() or "utf-8"
    try:
        told = raw.decode(charset, errors="replace")
    except LookupError:
        # A charset that nobody knows: better a few wrong letters than a mail that nobody reads.
        told = raw.decode("utf-8", errors="replace")
    return told.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def file_name(part: Message) -> str:
    """Return the name under which a part was attached; empty where it has none."""
    return " ".join(_decoded(part.get_filename() or "").split())


def _decoded(raw: str) -> str:
    try:
        return str(header.make_header(header.decode_header(raw)))
    except (errors.HeaderParseError, LookupError, ValueError):
        return raw.encode("utf-8", errors="replace").decode("utf-8")
