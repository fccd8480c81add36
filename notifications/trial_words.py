"""Writes a mail with words that an office tries out: on a case that whoever tries them may read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cases import notifying, queries
from cases.viewer import Viewer
from notifications import compose, next_step, own_words, routes, wording
from notifications.compose import Task
from states import errors, roles
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cases.people import Person
    from cases.queries import CaseFile, Entry
    from cases.record import Record
    from cases.wordings import Wording
    from notifications.compose import Letterhead

UNSENT = "not sent"


def on_case(record: Record, person: Person, case_ref: str, mail: str, *, now: datetime) -> Task:
    """Prepare a mail about a case to somebody themselves, as they may read it in a mail, about what they know last.

    Raises `NotFound` for a case that is not theirs, and `Refused` for a mail that its process does not send.
    """
    actor = routes.actor_of(person)
    file = queries.case_file(record, Viewer(actor, by_mail=True), case_ref, now=now)
    process, case = file.process, file.case
    if mail not in process.mails:
        raise errors.Refused(say("the process of this case sends no such mail; choose another case"))
    role = next(iter(sorted(roles.roles_of(process, case, actor))), "")
    part = routes.part_of(process, case, person.id, who=role) if role else ""
    zones = roles.mailable(roles.readable_zones(process, case, actor))
    return Task(
        notice=_notice(case.id, mail, now),
        reader=routes.Recipient(person, role, part),
        agenda=next_step.Agenda(process=process, case=case, calendars=record.calendars, now=now, zones=zones),
        entry=_told(file, mail),
    )


def words(task: Task, letterhead: Letterhead, kept: Mapping[str, Wording | None]) -> Mapping[str, wording.Words]:
    """Write a prepared mail in each of some languages, with the office's words in it."""
    return {language: _in(language, task, letterhead, one) for language, one in kept.items()}


def _in(language: str, task: Task, letterhead: Letterhead, kept: Wording | None) -> wording.Words:
    reader = replace(task.reader, person=replace(task.reader.person, language=language))
    told = replace(task, reader=reader)
    return own_words.render(told.voice, task.notice.mail, compose.letter(told, letterhead), kept)


def _told(file: CaseFile, mail: str) -> Entry | None:
    """Find the last act that sends such a mail, or else the last act that somebody did."""
    acts = [one for one in reversed(file.timeline) if one.trigger in file.process.triggers]
    sends = (one for one in acts if mail in file.process.triggers[one.trigger or ""].mails)
    return next(sends, next(iter(acts), None))


def _notice(case_id: str, mail: str, now: datetime) -> notifying.Notification:
    return notifying.Notification(
        id=0,
        case_id=case_id,
        event_id=None,
        occurrence=UNSENT,
        mail=mail,
        to=(),
        item=None,
        timer_key=None,
        due_at=None,
        created_at=now,
        attempts=0,
        lease_owner="",
        lease_until=now,
    )
