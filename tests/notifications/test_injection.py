"""The corpus of attacks through every field that reaches a header or a calendar, from where people write it."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from typing import Any

import icalendar
import pytest

from cases.addresses import BadAddress
from cases.wordings import Wording
from notifications import compose, ics, mime, own_words, wording
from notifications.compose import Letterhead, Task
from states.case import Case
from tests.notifications import sample_case
from tests.notifications.corpus_of_attacks import ATTACKS
from tests.notifications.sample_case import LETTERHEAD, NOW, TYPED

MAIL = "session_planned"
# Of the last kind are letters that no program can write down, and addresses in a calendar.
REFUSALS = (BadAddress, mime.BadMessage, ValueError)
UNSEEN = re.compile("[\x00-\x1f\x7f\x85\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def read(draft: mime.Draft) -> EmailMessage:
    return message_from_bytes(mime.build(draft), policy=policy.default)


def written(task: Task, letterhead: Letterhead = LETTERHEAD) -> EmailMessage:
    return read(compose.compose(task, letterhead))


@cache
def plain() -> EmailMessage:
    return written(sample_case.task(MAIL, "en"))


def is_like_ours(message: EmailMessage) -> bool:
    """Tells whether a mail has our headers and parts, goes to its reader alone, and hides nothing in a header."""
    assert message.keys() == plain().keys()
    assert [part.get_content_type() for part in message.walk()] == [part.get_content_type() for part in plain().walk()]
    assert str(message["To"]) == str(plain()["To"])
    assert [one.addr_spec for one in message["From"].addresses] == [LETTERHEAD.address]
    assert not [name for name, value in message.items() if UNSEEN.search(str(value))]
    assert len(message["Subject"]) <= mime.SUBJECT_LIMIT
    return dates(message) == dates(plain())


def is_refused_or_like_ours(task: Task, letterhead: Letterhead = LETTERHEAD) -> bool:
    """Tells the same of what no person types: that may also be refused, and then nothing is sent."""
    try:
        message = written(task, letterhead)
    except REFUSALS:
        return True
    return is_like_ours(message)


def dates(message: EmailMessage) -> list[tuple[str, ...]]:
    """Lists what stands in the calendar of a mail, where its place may be missing: what is told, and who is asked."""
    found = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    calendar = icalendar.Calendar.from_ical(found.get_content())
    return [
        (str(one.get("attendee")), str(one.get("organizer")), *sorted({*one} - {"LOCATION"})) for one in calendar.walk()
    ]


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_people_type_into_a_case_reaches_no_header_and_no_calendar(attack: str) -> None:
    typed = replace(TYPED["en"], title=attack, us=attack, them=attack, text=attack, name=attack, place=attack or "-")
    assert is_like_ours(written(sample_case.task(MAIL, "en", typed)))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_desk_may_be_called_anything(attack: str) -> None:
    assert is_refused_or_like_ours(sample_case.task(MAIL, "en"), replace(LETTERHEAD, desk=attack))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_number_from_an_odd_definition_brings_nothing_along(attack: str) -> None:
    task = sample_case.task(MAIL, "en")
    case: Case = replace(task.case, number=attack)
    assert is_refused_or_like_ours(replace(task, agenda=replace(task.agenda, case=case)))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_language_nobody_knows_is_english(attack: str) -> None:
    task = sample_case.task(MAIL, "en")
    reader = replace(task.reader, person=replace(task.reader.person, language=attack))
    message = written(replace(task, reader=reader))
    assert is_like_ours(message)
    assert message["Content-Language"] == "en"


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_office_may_write_any_subject(attack: str) -> None:
    voice, letter = wording.voice("en"), compose.letter(sample_case.task(MAIL, "en"), LETTERHEAD)
    draft = compose.compose(sample_case.task(MAIL, "en"), LETTERHEAD)
    kept = Wording(mail=MAIL, language="en", texts={"subject": attack})
    # What the form would have refused may still stand in the database.
    kept_so, written_so = (
        own_words.render(voice, MAIL, letter, kept),
        voice.render(MAIL, letter, wording.Own(subject=attack)),
    )
    assert all(is_like_ours(read(replace(draft, subject=one.subject))) for one in (kept_so, written_so))


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_mail_to_what_is_no_address_is_not_written(attack: str) -> None:
    task = sample_case.task(MAIL, "en")
    reader = replace(task.reader, person=replace(task.reader.person, email=attack))
    for odd, letterhead in (
        (replace(task, reader=reader), LETTERHEAD),
        (task, replace(LETTERHEAD, address=attack)),
        (task, replace(LETTERHEAD, inbound=attack or " ")),
        (task, replace(LETTERHEAD, inbound="", reply_to=attack or " ")),
        (task, replace(LETTERHEAD, inbound="", sender=attack)),
    ):
        with pytest.raises(REFUSALS):
            written(odd, letterhead)


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack])
def test_an_odd_token_or_domain_is_refused_or_changes_nothing_else(attack: str) -> None:
    task = sample_case.task("case_linked", "en")
    ending = LETTERHEAD.ending_url(attack, task.reader.person)
    draft = replace(compose.compose(task, LETTERHEAD), unsubscribe_url=ending)
    try:
        message = read(draft)
    except mime.BadMessage:
        pass
    else:
        assert set(message.keys()) <= mime.HEADERS
        assert str(message["List-Unsubscribe"] or "").strip() in {f"<{ending}>", ""}
    assert is_refused_or_like_ours(sample_case.task(MAIL, "en"), replace(LETTERHEAD, domain=attack))


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("field", ["uid", "summary", "place", "url", "organizer", "attendee"])
def test_no_field_of_an_invitation_becomes_another(field: str, attack: str) -> None:
    invited = ics.Invitation(
        method=ics.Method.REQUEST,
        uid="1@desk.example",
        sequence=1,
        summary="D-2026-0042: Session",
        at=NOW,
        written_at=NOW,
        organizer="desk@desk.example",
        attendee="anna@ngo.example",
        url="https://desk.example",
        place="Kilo 7",
    )
    (wanted,) = icalendar.Calendar.from_ical(ics.invitation(invited, product="Parley")).walk("VEVENT")
    changes: dict[str, Any] = {field: attack or "-"}
    try:
        odd = ics.invitation(replace(invited, **changes), product="Parley")
    except ValueError:
        return
    (event,) = icalendar.Calendar.from_ical(odd).walk("VEVENT")
    assert sorted(event) == sorted(wanted)
