"""Each mail with invented words in it, for whoever looks after the texts: in every language, and sent to themselves."""

from __future__ import annotations

import functools
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cases import outbox
from notifications import compose, mailroom, own_words, tongues, wording
from states import errors
from states.process import MailKind
from states.said import say

if TYPE_CHECKING:
    from cases.people import Person
    from cases.wordings import Wording
    from notifications.mailroom import Mailroom

NUMBER = "D-0000-0000"
DUE_AT = datetime(2026, 12, 3, 14, tzinfo=UTC)
_PARTS = ("subject", "body.txt", "body.html")


def names() -> tuple[str, ...]:
    """List the mails there are."""
    return tuple(sorted(folder.name for folder in wording.TEMPLATES.iterdir() if folder.is_dir()))


@functools.cache
def sentences(mail: str) -> tuple[str, ...]:
    """List the sentences of a mail of its own, as they are written in English. Raises `NotFound`."""
    if mail not in names():
        raise errors.NotFound(say("there is no such mail; the list shows all there are"))
    environment: Any = wording.voice(tongues.SOURCE).plain
    found: dict[str, None] = {}
    for part in _PARTS:
        text = (wording.TEMPLATES / mail / part).read_text(encoding="utf-8")
        for _, _, message in environment.extract_translations(text):
            found |= dict.fromkeys([message] if isinstance(message, str) else [one for one in message if one])
    return tuple(found)


def missing(mail: str, language: str) -> int:
    """Count the sentences of a mail that a language lacks; English lacks none."""
    if language == tongues.SOURCE:
        return 0
    catalogue = tongues.tongue(language).catalogue
    return sum(catalogue.gettext(one) == one for one in sentences(mail))


def subject(mail: str, language: str) -> str:
    """Write the subject of a mail alone."""
    voice = wording.voice(language)
    given = {"letter": _letter(language)}
    return voice.plain.get_template(f"{mail}/subject").render(given).strip()


def words(mail: str, language: str, kept: Wording | None = None, *, asks: bool = False) -> wording.Words:
    """Write a mail with invented words in it, as one that asks or tells, in an office's own words where it has them.

    Raises `NotFound`.
    """
    if mail not in names():
        raise errors.NotFound(say("there is no such mail; the list shows all there are"))
    letter = _letter(language)
    return own_words.render(wording.voice(language), mail, _asking(letter, language) if asks else letter, kept)


def send(room: Mailroom, person: Person, mail: str) -> None:
    """Queue a mail with invented words in it for whoever asked for it."""
    now = room.clock.now()
    kept = room.letterhead.worded(mail, tongues.spoken_for(person.language))
    written = words(mail, person.language, kept)
    occasion = compose.Occasion(occurrence=now.isoformat(), thread=mail, kind=MailKind.NOTICE, at=now)
    draft = compose.draft(room.letterhead, person, written, occasion)
    outbox.enqueue(room.record.engine, mailroom.new_message(draft, person), mail=mail, now=now)


def _asking(letter: wording.Letter, language: str) -> wording.Letter:
    voice = wording.voice(language)
    due, day = voice.moment(DUE_AT, "UTC"), voice.day(DUE_AT, "UTC")
    return replace(letter, asks=True, step=letter.act, due=due, day=day, means=letter.act)


def _letter(language: str) -> wording.Letter:
    """Fill in a letter with words that nobody takes for a case."""
    voice = wording.voice(language)
    sample = voice.tell(say("A sample"))
    return wording.Letter(
        desk="Parley",
        url="https://desk.example/",
        asks=False,
        role=sample,
        number=NUMBER,
        title=sample,
        stage=sample,
        act=sample,
        actor=sample,
        details=(wording.Fact(sample, sample),),
    )
