"""The office's own words in mails, as JSON for administrators: read with every version, checked, and put into use."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field

from cases import wordings
from cases.wordings import Wording
from desk import administration, office_words
from desk.api import schemas
from desk.api.bounds import LARGEST_VERSION, LONGEST_NAME, ItemId
from desk.api.route import ApiRoute
from desk.api.scopes import Administers
from notifications import tongues
from notifications.office_texts import LONGEST, Part

router = APIRouter(
    prefix="/api/mail-texts/{mail}/wordings", route_class=ApiRoute, tags=["administration"], responses=schemas.PROBLEMS
)

Language = Annotated[str, Path(min_length=1, max_length=LONGEST_NAME, description="a language such as fr")]
PartText = Annotated[str, Field(max_length=LONGEST)]


class MailParts(schemas.Model):
    """The parts of a mail in words of the office's own; an empty one is said in Parley's words."""

    subject: PartText = Field("", examples=["An offer waits for you"])
    first: PartText = Field("", examples=["Please accept the offer, or reject it."])
    changed: PartText = Field("", examples=["The terms stand below{% if late %}; they are overdue{% endif %}."])


class MailWording(MailParts):
    """How the office words a mail in one language: version 0 where it never did, and why a mail could not use it."""

    language: str = Field(examples=["fr"])
    version: int
    changed_by: str
    changed_at: datetime | None
    broken: str


class MailWordings(schemas.Model):
    """The own words of a mail in every language, every version of them, and what may stand in each part.

    `missing` counts the parts that are worded in another language and not in this one.
    """

    now: list[MailWording]
    versions: list[MailWording]
    missing: dict[str, int]
    places: dict[str, list[str]]


class WordingDraft(MailParts):
    """Words to check, and the number of a case of one's own that they are tried on, or null for invented words."""

    case: str | None = Field(None, max_length=LONGEST_NAME, examples=["D-2026-0042"])


class NewWording(MailParts):
    """Words to put into use, and the version that they were made from: somebody else's words are not lost unseen."""

    version: int = Field(ge=0, le=LARGEST_VERSION)


class TriedMail(schemas.Model):
    """A mail as it would be written with the words, in one language."""

    language: str
    subject: str
    text: str
    html: str


class WordingChecked(schemas.Model):
    """What must be mended, by part, and the mail in every language as it would be."""

    findings: dict[str, list[str]]
    written: list[TriedMail]


@router.get("")
def show_wordings(mail: ItemId, visit: Administers) -> MailWordings:
    """Show the own words of a mail, with every version."""
    administration.keeping_texts(visit)
    office_words.find(mail, tongues.SOURCE)
    engine = visit.desk.record.engine
    versions = [one for language in tongues.LANGUAGES for one in wordings.history(engine, mail, language)]
    return MailWordings(
        now=[_told(wordings.newest(engine, mail, language)) for language in tongues.LANGUAGES],
        versions=[_told(one) for one in versions],
        missing=dict(office_words.missing(office_words.of_mail(visit.desk.record, mail)).get(mail, {})),
        places={part.value: list(office_words.places(part)) for part in Part},
    )


@router.post("/{language}/check")
def check_wording(mail: ItemId, language: Language, visit: Administers, draft: WordingDraft) -> WordingChecked:
    """Check words, and write the mail with them in every language; nothing is recorded."""
    administration.keeping_texts(visit)
    office_words.find(mail, language)
    made = office_words.drafted(mail, language, version=0, texts=draft.model_dump())
    checked = office_words.check(visit, made, case=draft.case or "")
    findings: dict[str, list[str]] = {}
    for part, sentence in checked.problems:
        findings.setdefault(part, []).append(sentence)
    return WordingChecked(
        findings=findings,
        written=[
            TriedMail(language=one.language, subject=one.subject, text=one.text, html=one.html)
            for one in checked.written.values()
        ],
    )


@router.put("/{language}")
def put_wording(mail: ItemId, language: Language, visit: Administers, new: NewWording) -> MailWording:
    """Put words into use from the next mail on; with all parts empty, the mail is in Parley's words again."""
    administration.keeping_texts(visit)
    office_words.find(mail, language)
    made = office_words.drafted(mail, language, version=new.version, texts=new.model_dump())
    return _told(office_words.keep(visit.desk.record, made, by=visit.person.id, now=visit.words.now))


def _told(one: Wording) -> MailWording:
    return MailWording(
        language=one.language,
        version=one.version,
        changed_by=one.changed_by,
        changed_at=one.changed_at,
        broken=one.broken,
        **{part.value: one.texts.get(part, "") for part in Part},
    )
