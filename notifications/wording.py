"""Puts a letter into words: the templates, one language at a time, and instants as people say them."""

from __future__ import annotations

import functools
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from babel import dates

from cases.mail_reasons import Source
from notifications import mime, tongues
from states import wall_time
from states.said import say

if TYPE_CHECKING:
    from babel import Locale, support

    from notifications.tongues import Tongue

TEMPLATES = Path(__file__).with_name("templates")

DESK_LIMIT = 20
"""How much of the desk's name may stand in a subject, so that the matter-free words after it still fit."""

_EMPTY_LINES = re.compile(r"\n{3,}")
_LINES = re.compile(r"\n+")


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a person wrote or chose, under the label it was asked for with, and what it is taken from."""

    label: str
    words: str
    sources: tuple[Source, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """All that a mail may say: flat texts, already permitted to its one reader and in that reader's language.

    `filed` lists what the notice of dispute brought, and `doors` the ways that are left without an agreement; a mail
    that is to repeat one of them says so in its template.
    `decides` says that the link leads to a decision and asks who opens it for proof.
    `asks` says that the mail wants something done, `yours` that the next step is with the reader. `due` names the place
    whose clock it is read on, `due_own` repeats it on the reader's own clock when that differs, and `day` is its short
    form for the subject; `late` says that it has passed. `count` is how many matters one mail puts together, and
    `mutable` says that its reader may do without such mails. `means` is what happens if nothing is recorded by then,
    `meant` is what has just happened in that way, and `ended` says how a closed case ended. An empty text is left out
    of the mail, but an empty `actor` with an `act` means the clock. `sources` tells of each text that is taken from the
    case where it is from, by the name of its place here.
    """

    desk: str
    url: str
    asks: bool
    decides: bool = False
    yours: bool = False
    late: bool = False
    telephone: str = ""
    answers_read: bool = False
    role: str = ""
    number: str = ""
    title: str = ""
    stage: str = ""
    tier: str = ""
    act: str = ""
    actor: str = ""
    meant: str = ""
    ended: str = ""
    details: tuple[Fact, ...] = ()
    filed: tuple[Fact, ...] = ()
    doors: tuple[Fact, ...] = ()
    step: str = ""
    due: str = ""
    due_own: str = ""
    day: str = ""
    means: str = ""
    count: int = 0
    mutable: bool = False
    sources: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What an office says in a mail in words of its own; an empty part is said in Parley's words."""

    subject: str = ""
    first: str = ""
    changed: tuple[str, ...] = ()


OURS = Own()


@dataclass(frozen=True, slots=True)
class Words:
    """A letter in words: what stands in the subject, in the plain body and in the rich one, and in which language.

    `broken` tells why an office's own words could not be used for it.
    """

    language: str
    subject: str
    text: str
    html: str
    broken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One language to write in, and the templates bound to its catalogue."""

    tongue: Tongue
    plain: jinja2.Environment
    rich: jinja2.Environment

    @property
    def language(self) -> str:
        """The tag of the language."""
        return self.tongue.language

    @property
    def direction(self) -> str:
        """The way the language runs: `ltr` or `rtl`."""
        return self.locale.text_direction

    @property
    def locale(self) -> Locale:
        """How the language spells dates."""
        return self.tongue.locale

    def tell(self, text: str) -> str:
        """Return a sentence of Parley's own in this language; other words stay as they are."""
        return self.tongue.tell(text)

    def left_to_right(self, text: str) -> str:
        """Return a text such as a telephone number so that it keeps its order among Arabic words."""
        return f"\N{LEFT-TO-RIGHT MARK}{text}" if text and self.direction == "rtl" else text

    def moment(self, instant: datetime, timezone: str) -> str:
        """Spell an instant on the clock of a place: `Thursday, 3 December 2026, 16:00 Juba time (UTC+2)`."""
        local = instant.astimezone(wall_time.find_zone(timezone))
        words: dict[str, object] = {
            "day": dates.format_date(local, "full", locale=self.locale),
            "time": dates.format_time(local, "HH:mm", locale=self.locale),
            "place": dates.get_timezone_location(timezone, locale=self.locale, return_city=True),
            "offset": _offset(local),
        }
        if timezone in {"UTC", "Etc/UTC"}:
            return self.tell(say("%(day)s, %(time)s UTC", day=words["day"], time=words["time"]))
        return self.tell(say("%(day)s, %(time)s %(place)s time (%(offset)s)", **words))

    def day(self, instant: datetime, timezone: str) -> str:
        """Spell the day of an instant in short: `3 Dec`."""
        local = instant.astimezone(wall_time.find_zone(timezone))
        return dates.format_skeleton("MMMd", local, locale=self.locale)

    def render(self, mail: str, letter: Letter, own: Own = OURS) -> Words:
        """Fill the templates of a mail; raise `jinja2.TemplateError` for a missing template or value."""
        given = self._given(letter, own)
        subject = own.subject or self.plain.get_template(f"{mail}/subject").render(given).strip()
        text = self.plain.get_template(f"{mail}/body.txt").render(given)
        html = self.rich.get_template(f"{mail}/body.html").render(given)
        return Words(
            self.language, self._subject(subject, letter), _EMPTY_LINES.sub("\n\n", text).strip(), html.strip() + "\n"
        )

    def headline(self, mail: str, letter: Letter, own: Own = OURS) -> str:
        """Return what a mail is about as it would stand in its subject, without the name of the desk."""
        words = own.subject or self.plain.get_template(f"{mail}/subject").render(self._given(letter)).strip()
        return self._due(words, letter.day) if letter.asks and letter.day else words

    def entry(self, letter: Letter) -> str:
        """Return what a letter tells, for a mail that tells more than one."""
        return _LINES.sub("\n", self.plain.get_template("entry.txt").render(self._given(letter))).strip()

    def _given(self, letter: Letter, own: Own = OURS) -> dict[str, object]:
        return {"letter": letter, "own": own, "language": self.language, "direction": self.direction}

    def _subject(self, words: str, letter: Letter) -> str:
        # What is due when must survive on a lock screen, so a long name of the desk gives way first, if need be wholly,
        # and then what is asked.
        if letter.asks and letter.day:
            over = len(self._due(words, letter.day)) - mime.SUBJECT_LIMIT
            asked = textwrap.shorten(words, len(words) - over, placeholder="…") if 0 < over < len(words) else words
            words = self._due(asked, letter.day)
        room = max(min(DESK_LIMIT, mime.SUBJECT_LIMIT - len(words) - 3), 1)
        desk = textwrap.shorten(letter.desk, room, placeholder="", break_long_words=False)
        return f"[{desk}] {words}" if desk else words

    def _due(self, words: str, day: str) -> str:
        return self.tell(say("%(words)s, due %(day)s", words=words, day=day))


@functools.cache
def voice(wanted: str) -> Voice:
    """Return the voice for a language tag such as `fr` or `pt-BR`, or English for one that Parley does not speak."""
    return voice_of(tongues.tongue(wanted))


def voice_of(tongue: Tongue) -> Voice:
    """Return the voice that speaks a language."""
    plain, rich = (_environment(tongue.catalogue, rich=one) for one in (False, True))
    return Voice(tongue=tongue, plain=plain, rich=rich)


def same_clock(instant: datetime, one: str, other: str) -> bool:
    """Tell whether the clocks of two time zones show the same at an instant."""
    here, there = (instant.astimezone(wall_time.find_zone(zone)) for zone in (one, other))
    return here.utcoffset() == there.utcoffset()


def _environment(catalogue: support.NullTranslations, *, rich: bool) -> jinja2.Environment:
    """Make the templates of one language; the same words are laid out plain or rich by the `layout` they extend."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        auto_reload=False,
        autoescape=jinja2.select_autoescape(enabled_extensions=(), default=rich),
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined] # the extension adds it
    environment.globals["layout"] = "base.html" if rich else "base.txt"
    return environment


def _offset(local: datetime) -> str:
    """Spell how far a local time is from UTC: `UTC+2`, `UTC-3:30`."""
    minutes = int((local.replace(tzinfo=UTC) - local).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"
