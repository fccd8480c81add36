"""Repeats in a mail what people wrote into a case: within limits, without hidden marks, and without living links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from cases import queries
from cases.mail_reasons import Origin, Source
from cases.people import Person
from notifications import mime, wording
from states import roles, tours
from states.case import Case
from states.effects import impasse
from states.fields import Value
from states.items import Document, Issue, Item, Session
from states.process import Process
from states.said import say, word

Quote = tuple[str, str, Source]
"""A label, what stands under it, and what that is taken from."""
COVER = (Source(Origin.CASE),)
"""What a line is taken from that everybody with a part in the case knows."""
LINE_LIMIT = 120
QUOTE_LIMIT = 450
"""How much of what people wrote a mail repeats, in bytes: slow lines carry it. The whole of it stands in the case."""

# What an item says of itself.
_SAYS = {
    "agreement": "summary",
    "cause": "statement",
    "consent": "text",
    "decision": "text",
    "disagreement": "text",
    "fact": "statement",
    "inquiry": "terms",
    "impasse": "text",
    "interim": "rule",
    "issue": "title",
    "neutral": "person",
    "obligation": "action",
    "offer": "text",
    "proposal": "label",
    "round": "question",
    "session": "agenda",
    "signal": "text",
    "statement": "text",
}
# Where that is not what the kind of item is called.
_CALLED = {
    "interim": say("Rule for the meantime"),
    "obligation": say("Term"),
    "round": say("Question"),
    "statement": say("Account"),
}
HASH_LIMIT = 12
"""How many digits of a document's hash a mail repeats."""
_WEB_ADDRESS = re.compile(r"(?i)\b(https?|ftp)://|\b(www)\.")


def facts(
    process: Process,
    entry: queries.Entry | None,
    voice: wording.Voice,
    *,
    about: Iterable[Quote],
    names: Mapping[str, str],
) -> tuple[wording.Fact, ...]:
    """Repeat what an act is `about` and what was written with it, each once and within limits; people by `names`."""
    room, found = QUOTE_LIMIT, []
    written = tuple(_written(process, entry, voice, names))
    known = {text for _, text, _ in written}
    for label, text, source in (*(one for one in about if one[1] not in known), *written):
        words = quoted(text)
        kept = shortened(words, room)
        room -= len(kept.encode())
        if kept != words:
            kept = voice.tell(say("%(words)s … (the rest stands in the case)", words=kept))
        found.append(wording.Fact(voice.tell(label), kept, (source,)))
    return tuple(found)


def leaving(process: Process, case: Case, leaver: Person, voice: wording.Voice) -> tuple[wording.Fact, ...]:
    """Say who leaves, which parts they hold, and their last day."""
    parts = ((roles.label(process, role), party) for role, party in tours.parts(case, leaver.id))
    last_day = tours.ends_at(leaver.leaves_on, leaver.timezone) if leaver.leaves_on else None
    return (
        wording.Fact(voice.tell(say("Who leaves")), calm(leaver.name), COVER),
        *_listed(voice.tell(say("Their part")), (voice.tell(_part(*one)) for one in parts), COVER),
        *(
            (wording.Fact(voice.tell(say("Last day")), voice.day(last_day, leaver.timezone), COVER),)
            if last_day
            else ()
        ),
    )


def _part(role: str, party: str) -> str:
    return say("%(role)s (%(party)s)", role=role, party=party) if party else role


def filed(case: Case, voice: wording.Voice) -> tuple[wording.Fact, ...]:
    """List what a notice of dispute brought: its issues, and its documents with the beginning of their hashes."""
    issues, papers = case.all(Issue), case.all(Document)
    spelled = (f"{paper.name} (SHA-256 {paper.sha256[:HASH_LIMIT]})" for paper in papers)
    return (
        *_listed(voice.tell(say("Issues filed")), (issue.title for issue in issues), tuple(map(of_item, issues))),
        *_listed(voice.tell(say("Documents filed")), spelled, tuple(map(of_item, papers))),
    )


def doors(process: Process, case: Case, voice: wording.Voice) -> tuple[wording.Fact, ...]:
    """Name the ways that are left from where a case stands, should nothing be agreed."""
    return tuple(_listed(voice.tell(say("Doors that stay open")), map(voice.tell, impasse.doors(process, case)), COVER))


def _listed(label: str, lines: Iterable[str], sources: tuple[Source, ...]) -> Iterator[wording.Fact]:
    words = "\n".join(map(calm, lines))
    if words:
        yield wording.Fact(label, shortened(words, QUOTE_LIMIT), sources)


def of_item(item: Item) -> Source:
    """Say that a line is taken from an item."""
    return Source(Origin.ITEM, item.id, item.zone)


def of_entry(entry: queries.Entry) -> Source:
    """Say that a line is taken from an act; one that is only foretold has no id yet."""
    return Source(Origin.EVENT, "" if entry.id is None else str(entry.id), entry.zone)


def quoted(text: str) -> str:
    """Return what a person wrote without marks that turn the direction of writing, and with dead web addresses.

    A mail holds one link, and it is ours: whoever can write into a case must not be able to send links in our name.
    """
    lines = (mime.one_line(line) for line in text.splitlines())
    return _WEB_ADDRESS.sub(lambda found: f"{found[1]}: //" if found[1] else f"{found[2]} .", "\n".join(lines))


def calm(text: str) -> str:
    """Return what a person wrote as one short line."""
    line = quoted(mime.one_line(text))
    kept = shortened(line, LINE_LIMIT)
    return kept if kept == line else f"{kept}…"


def shortened(text: str, limit: int) -> str:
    """Return as much of a text as fits into a number of bytes."""
    return text.encode()[:limit].decode(errors="ignore").rstrip()


def _written(
    process: Process, entry: queries.Entry | None, voice: wording.Voice, names: Mapping[str, str]
) -> Iterator[Quote]:
    if entry is None:
        return
    for line in entry.lines:
        words = _in_words(process, line.value, voice, names)
        if words:
            yield line.label, words, of_entry(entry)


def _in_words(process: Process, value: Value, voice: wording.Voice, names: Mapping[str, str]) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime):
        return voice.moment(value, process.timezone)
    if isinstance(value, tuple):
        return "\n".join(" ".join(names.get(word, word) for word in line.split(" ")) for line in value)
    return voice.tell(value) if isinstance(value, str) else str(value)


def when_and_where(process: Process, item: Item | None, voice: wording.Voice) -> Iterator[Quote]:
    """Say when a session begins and where it is held."""
    if isinstance(item, Session) and item.begins_at is not None:
        yield say("Begins at"), voice.moment(item.begins_at, process.timezone), of_item(item)
        yield from ((say("Place or link"), item.place, of_item(item)),) if item.place else ()


def said_by(item: Item | None, voice: wording.Voice, names: Mapping[str, str]) -> Iterator[Quote]:
    """Say what an item is, in the words that stand on it; a person by name."""
    text = str(getattr(item, _SAYS.get(item.kind, ""), "")) if item else ""
    if item is not None and text:
        called = voice.tell(_CALLED.get(item.kind) or word(item.kind))
        yield f"{called[:1].upper()}{called[1:]}", names.get(text, text), of_item(item)
