"""Reads what a person answers to a mail: their own words without what they quote and sign, and what they attached."""

# ruff: noqa: RUF001 - words of other languages stand in their own letters
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from notifications import incoming

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

LONGEST = 20_000
"""How many characters of an answer are shown; the whole mail is kept beside them."""
_LONGEST_NAME = 120
_JOINERS = "\u200c\u200d"

# How mail programs begin a quotation, in the languages of the desk.
_INTRODUCED = re.compile(
    r"""^[>\s]*(?:
      (?:on|le|el|em|am|il)\b.{5,200}(?:wrote|a\sécrit|escribió|escreveu|schrieb|scritto|skrev)\s?.{0,40}:
      | (?:في|بتاريخ|يوم).{5,200}(?:كتب|كتبت|كتبَ).{0,80}:
      | .{0,200}(?:пишет|написал|написала|написал\(а\)):
      | .{0,200}(?:写道|寫道|写入|来信)[：:]
      | -{2,}\s*(?:original\smessage|forwarded\smessage|message\sd.origine|message\soriginal|mensaje\soriginal
          |mensaje\sreenviado|исходное\sсообщение|الرسالة\sالأصلية|原始邮件|ursprüngliche\snachricht).*
      | _{20,}
    )\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_BROKEN = re.compile(r"^[>\s]*(?:(?:on|le|el|em|am|il|في|بتاريخ|يوم)\b|\d)", re.IGNORECASE)
"""How the first half of an introduction begins that a program broke into two lines."""
_HEADED = re.compile(r"^\*?(?:from|de|من|от|发件人|寄件者|von)\s?\*?[：:].+", re.IGNORECASE)
_HEADED_BELOW = re.compile(
    r"^\*?(?:sent|date|to|subject|envoyé|objet|à|enviado|para|asunto|تاريخ|إلى|الموضوع|отправлено|кому|тема|发送时间|收件人|主题"
    r"|gesendet|betreff|an)\s?\*?[：:]",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^(?:--|—)\s?$")
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "hr", "section"})
_UNSEEN = frozenset({"style", "script", "head", "title", "template", "noscript", "svg", "math"})
_QUOTES = frozenset({"blockquote"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """Something that came with a mail, by its place among the parts: a name that is safe to show, type and bytes."""

    place: int
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person wrote: `words` of their own, everything as text, and what they attached."""

    subject: str
    words: str
    whole: str
    attached: tuple[Attached, ...]


def read(mail: Message) -> Answer:
    """Return what somebody answers. Where nothing of their own is left after trimming, nothing is trimmed."""
    whole = calm(_body(mail))[:LONGEST]
    return Answer(
        subject=calm(incoming.line(mail, "Subject")).replace("\n", " ")[:200],
        words=trimmed(whole) or whole.strip(),
        whole=whole.strip(),
        attached=tuple(_attached(mail)),
    )


def attached_bytes(mail: Message, place: int) -> bytes:
    """Return the bytes of what came at a place of a mail."""
    parts = list(incoming.leaves(mail))
    return incoming.content(parts[place]) if place < len(parts) else b""


def trimmed(text: str) -> str:
    """Return a text without the mail that it quotes and the signature below it."""
    lines = text.splitlines()
    kept = lines[: _end(lines)]
    return "\n".join(line for line in kept if not line.lstrip().startswith(">")).strip()


def calm(text: str) -> str:
    """Return a text without control signs, and without marks that turn the direction of what follows them."""
    return "".join(sign if sign in "\n\t" or _harmless(sign) else "" for sign in text)


def from_html(markup: str) -> str:
    """Return the words of a page as text, without what is quoted in it."""
    reader = _Words()
    reader.feed(markup)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.said).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _end(lines: list[str]) -> int:
    """Return the number of the first line that is not the writer's own any more."""
    for number, line in enumerate(lines):
        below = lines[number + 1 : number + 4]
        headed = _HEADED.match(line) and any(map(_HEADED_BELOW.match, below))
        if _SIGNATURE.match(line) or _INTRODUCED.match(line) or headed or _is_broken(line, below):
            return number
    return len(lines)


def _is_broken(line: str, below: list[str]) -> bool:
    """Tell whether a line and the next are one introduction, as some programs break long ones."""
    following = below[0] if below else ""
    whole = _BROKEN.match(line) and _INTRODUCED.match(f"{line} {following}")
    return bool(whole) and not _INTRODUCED.match(following)


def _body(mail: Message) -> str:
    parts = [part for part in incoming.leaves(mail) if not _is_attached(part)]
    plain = [incoming.text(part) for part in parts if part.get_content_type() == "text/plain"]
    if any(text.strip() for text in plain):
        return "\n\n".join(plain)
    return "\n\n".join(from_html(incoming.text(part)) for part in parts if part.get_content_type() == "text/html")


def _is_attached(part: Message) -> bool:
    shown = part.get_content_type() in {"text/plain", "text/html"}
    return not shown or part.get_content_disposition() == "attachment" or bool(part.get_filename())


def _attached(mail: Message) -> Iterator[Attached]:
    for place, part in enumerate(incoming.leaves(mail)):
        if _is_attached(part):
            name = calm(incoming.file_name(part)).replace("/", "_").replace("\\", "_").strip(". ")[-_LONGEST_NAME:]
            media_type = part.get_content_type()
            yield Attached(place=place, name=name, media_type=media_type, size=len(incoming.content(part)))


def _harmless(sign: str) -> bool:
    return sign in _JOINERS or unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co"}


class _Words(HTMLParser):
    """Collects what a reader of a page would see."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Leave out what is not shown or was said by others."""
        quoted = tag in _QUOTES or "gmail_quote" in (dict(attrs).get("class") or "")
        if tag == "body":
            # A head that was never closed would swallow everything.
            self._unseen.clear()
        if tag in _UNSEEN or quoted or (self._unseen and tag == self._unseen[-1]):
            self._unseen.append(tag)
        if tag in _BLOCKS and not self._unseen:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Begin a new line after a block."""
        if self._unseen and tag == self._unseen[-1]:
            self._unseen.pop()
        elif tag in _BLOCKS and not self._unseen:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        """Take what is shown."""
        if not self._unseen:
            self.said.append(data)
