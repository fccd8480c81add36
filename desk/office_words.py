"""The office's own words in mails, as administrators work on them: what is missing, checking a draft, keeping it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cases import wordings
from cases.wordings import Wording
from notifications import from_settings, office_texts, own_words, samples, text_findings, tongues, trial_words
from notifications.office_texts import Part
from states import errors
from states.process import MailKind
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from cases.record import Record
    from desk.visits import Visit
    from notifications.wording import Words

CASE = "case"
GUARDED = say("this mail guards somebody's way in, so its words stay as they are")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was found of a draft: what must be mended, by field, and the mail in every language as it would be then."""

    problems: tuple[tuple[str, str], ...]
    written: Mapping[str, Words]


def find(mail: str, language: str) -> None:
    """Raise `NotFound` for a mail or language that there is not, and `Refused` for a mail that is ours alone."""
    if mail not in samples.names():
        raise errors.NotFound(say("there is no such mail; the list shows all there are"))
    if language not in tongues.LANGUAGES:
        raise errors.NotFound(say("Parley does not speak this language"))
    if not own_words.may_be_changed(mail):
        raise errors.Refused(GUARDED)


def drafted(mail: str, language: str, *, version: int, texts: Mapping[str, str]) -> Wording:
    """Return a draft of a mail's words as it would be kept."""
    tidy = {part.value: own_words.tidy(texts.get(part, "")) for part in Part}
    return Wording(mail=mail, language=language, version=version, texts=tidy)


def check(visit: Visit, draft: Wording, *, case: str = "") -> Checked:
    """Check a draft, and write the mail with it in every language: with invented words, or about a case one reads."""
    problems = tuple(problems_of(draft))
    kept = {one.language: one for one in of_mail(visit.desk.record, draft.mail)}
    used = {language: kept.get(language) for language in tongues.LANGUAGES} | {draft.language: draft}
    if not case:
        return Checked(problems=problems, written=sampled(visit.desk.record, draft.mail, used))
    try:
        task = trial_words.on_case(visit.desk.record, visit.person, case, draft.mail, now=visit.words.now)
    except (errors.NotFound, errors.Refused) as refusal:
        written = sampled(visit.desk.record, draft.mail, used)
        return Checked(problems=(*problems, (CASE, refusal.sentence)), written=written)
    letterhead = from_settings.letterhead(visit.desk.settings)
    return Checked(problems=problems, written=trial_words.words(task, letterhead, used))


def problems_of(draft: Wording) -> Iterator[tuple[str, str]]:
    """Yield what must be mended in a draft, each with its part."""
    for part in Part:
        for finding in text_findings.findings(part, draft.texts.get(part, "")):
            yield part.value, finding


def keep(record: Record, draft: Wording, *, by: str, now: datetime) -> Wording:
    """Put a draft into use. Raises `NeedsMissing` with what must be mended, and `Conflict` as `wordings.keep` does."""
    missing = tuple(sentence for _, sentence in problems_of(draft))
    if missing:
        raise errors.NeedsMissing(say("this cannot be put on file"), missing=missing)
    return wordings.keep(record.engine, draft, by=by, now=now)


def of_mail(record: Record, mail: str) -> tuple[Wording, ...]:
    """List the own words of a mail, by language."""
    return tuple(one for one in wordings.in_use(record.engine) if one.mail == mail)


def missing(kept: Iterable[Wording]) -> Mapping[str, Mapping[str, int]]:
    """Count for each mail how many parts an office words itself in one language and not in another."""
    by_mail: dict[str, dict[str, frozenset[str]]] = {}
    for one in kept:
        by_mail.setdefault(one.mail, {})[one.language] = one.parts
    return {mail: _lacking(parts) for mail, parts in by_mail.items()}


def unusable(record: Record) -> tuple[Wording, ...]:
    """List the own words with which mails cannot be written, or were not."""
    found = wordings.in_use(record.engine)
    return tuple(one for one in found if one.broken or next(problems_of(one), None) is not None)


def places(part: Part) -> Mapping[str, str]:
    """Tell what may stand in a part, by the name of its place or condition."""
    return {**{name: office_texts.PLACES[name] for name in office_texts.places(part)}, **office_texts.TESTS}


def _lacking(parts: Mapping[str, frozenset[str]]) -> dict[str, int]:
    wanted = frozenset[str]().union(*parts.values())
    counts = {language: len(wanted - parts.get(language, frozenset())) for language in tongues.LANGUAGES}
    return {language: count for language, count in counts.items() if count}


def sampled(record: Record, mail: str, used: Mapping[str, Wording | None]) -> dict[str, Words]:
    """Write a mail with invented words in it in some languages, as one that asks where any process asks by it."""
    processes = (record.registry.current(name) for name in record.registry.names())
    asks = any(mail in one.mails and one.mails[mail].kind is MailKind.ACTION for one in processes)
    return {language: samples.words(mail, language, kept, asks=asks) for language, kept in used.items()}
