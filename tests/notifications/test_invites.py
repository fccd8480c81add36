"""Sessions in the calendars of those who are asked to them: taken in, moved, let go, and each person by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest

from cases import queries
from cases.people import Person
from cases.queries import Viewer
from config import load, vocabulary, working_time
from notifications import compose, ics, invites, mime, quotes, tongues
from states import errors, roles, timers
from states.events import ItemRecorded, StageEntered
from states.items import Session
from tests.cases.builders import happen
from tests.notifications.offices import LETTERHEAD, START, Office, an_office, body
from tests.notifications.test_compose import AMAL, BILAL, a_case, a_notice, a_task, dispute, receives

SECRET = "amber lantern"
SESSION = Session(
    id="s1",
    zone=roles.SHARED,
    by="musa",
    at=START,
    state="planned",
    form="joint",
    agenda=SECRET,
    begins_at=START + timedelta(days=4),
    place="Hall 2, https://meet.example/2",
    invited=("alma",),
)
REMINDER_LIMIT, LIMIT = 8 * 1024, 15 * 1024


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    """Yields an office whose case stands at its sessions, all mails so far forgotten."""
    office = an_office(sqlite_url)
    now = office.clock.now()
    happen(office.record, office.case_id, StageEntered("sessions", now, "mediator"), by="cora", at=now)
    office.deliver()
    office.memory.sent.clear()
    yield office
    office.record.engine.dispose()


def invitation(mail: EmailMessage) -> icalendar.Component | None:
    """Return the one event that a mail carries for its reader's calendar, if it carries any."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        return None
    (part,) = parts
    assert list(mail.iter_parts())[-1] is part
    assert part.get_content_disposition() is None
    assert (part.get_content_charset(), part["Content-Type"].params["method"]) == ("utf-8", method(mail))
    (event,) = whole(mail).walk("VEVENT")
    attendee, organizer = event["attendee"], event["organizer"]
    assert str(attendee) == f"mailto:{mail['To']}"
    assert str(organizer) == f"mailto:{mail['From'].addresses[0].addr_spec}"
    assert not organizer.params
    assert attendee.params["rsvp"] == "FALSE"
    return event


def whole(mail: EmailMessage) -> icalendar.Calendar:
    (part,) = (part for part in mail.walk() if part.get_content_type() == "text/calendar")
    return icalendar.Calendar.from_ical(part.get_content())


def method(mail: EmailMessage) -> str:
    return str(whole(mail)["method"])


def told(office: Office) -> dict[str, tuple[str, icalendar.Component]]:
    """Return what each person's calendar was told by the mails that wait, by person; and forget the mails."""
    office.deliver()
    found = {}
    for mail in office.mails():
        event = invitation(mail)
        if event is not None:
            found[str(mail["To"]).partition("@")[0]] = (method(mail), event)
    office.memory.sent.clear()
    return found


def when(office: Office, **span: float) -> str:
    return (office.clock.now() + timedelta(**span)).isoformat()


def planned(office: Office, **inputs: Any) -> str:  # noqa: ANN401 - the inputs of an act
    """Let the mediator plan a session in four days, and return its id."""
    asked = {"form": "joint", "begins_at": when(office, days=4), "place": "Hall 2", "agenda": SECRET, **inputs}
    office.act("musa", "plan_session", **asked)
    return sessions(office)[-1].id


def sessions(office: Office) -> tuple[Session, ...]:
    mediator = Viewer(office.directory.actor("musa"))
    return queries.case_for(office.record, mediator, office.case_id)[1].all(Session)


def test_a_session_is_followed_through_all_its_dates_by_one_entry_a_person(office: Office) -> None:
    session = planned(office, invited=["alma"])
    asked = told(office)
    assert set(asked) == {"amal", "bilal", "musa", "cora", "alma"}
    begins = sessions(office)[-1].begins_at
    assert {(said, one.decoded("dtstart"), one["sequence"]) for said, one in asked.values()} == {("REQUEST", begins, 0)}
    assert len({str(one["uid"]) for _, one in asked.values()}) == len(asked)

    for turn, days in enumerate((9, 6), start=1):
        office.act("musa", "move_session", session=session, begins_at=when(office, days=days), place="", reason="Rain")
        moved = told(office)
        begins = sessions(office)[-1].begins_at
        for person, (said, one) in moved.items():
            assert (said, one.decoded("dtstart"), one["sequence"]) == ("REQUEST", begins, turn)
            assert one["uid"] == asked[person][1]["uid"]
        assert set(moved) == set(asked)

    office.act("cora", "cancel_session", session=session, reason="Peace broke out")
    gone = told(office)
    assert {person: str(one["uid"]) for person, (_, one) in gone.items()} == {
        person: str(one["uid"]) for person, (_, one) in asked.items()
    }
    assert {(said, str(one["status"]), one["sequence"]) for said, one in gone.values()} == {("CANCEL", "CANCELLED", 3)}
    office.wait(days=10)
    office.deliver()
    assert [mail["Subject"] for mail in office.mails() if "session" in str(mail["Subject"])] == []


def test_each_rung_of_a_moved_session_is_for_its_new_date_alone(office: Office) -> None:
    session = planned(office)
    told(office)
    office.wait(days=1, minutes=1)
    assert {one["sequence"] for _, one in told(office).values()} == {0}
    # The next reminder is asked for, and waits to be written while the session is moved.
    office.wait(days=2)
    office.act("musa", "move_session", session=session, begins_at=when(office, days=6), reason="Rain")
    office.deliver()
    about = {str(mail["Subject"]) for mail in office.mails() if invitation(mail) is not None}
    assert about == {"[Dispute desk] A session has a new date"}
    office.memory.sent.clear()
    office.wait(days=1)
    assert told(office) == {}
    office.wait(days=2, minutes=1)
    assert {one["sequence"] for _, one in told(office).values()} == {1}


def test_whoever_is_asked_no_longer_is_told_so_and_nobody_else_is(office: Office) -> None:
    session = planned(office, invited=["alma", "amal"])
    before = told(office)
    office.act("musa", "change_invited", session=session, invited=["arif"], uninvited=["alma", "amal"])
    changed = told(office)
    # Amal stands for a party, and comes whether or not she is named.
    assert {person: said for person, (said, _) in changed.items()} == {"alma": "CANCEL", "arif": "REQUEST"}
    left, come = changed["alma"][1], changed["arif"][1]
    assert (left["uid"], left["sequence"], "status" in left) == (before["alma"][1]["uid"], 1, False)
    assert (come["sequence"], str(come["location"])) == (1, "Hall 2")
    office.act("musa", "change_invited", session=session, invited=["arif", "alma"])
    with pytest.raises(errors.NeedsMissing, match="not asked to this session yet"):
        office.act("musa", "change_invited", session=session, invited=["alma"], uninvited=["amal"])
    again = told(office)
    assert (set(again), again["alma"][1]["sequence"]) == ({"alma"}, 2)
    assert again["alma"][1]["uid"] == left["uid"]


def test_a_caucus_stands_in_no_calendar_but_those_of_its_side_and_the_mediator(office: Office) -> None:
    session = planned(office, form="caucus", with_party="A", place="The old mill")
    assert {person: str(one["location"]) for person, (_, one) in told(office).items()} == {
        "amal": "The old mill",
        "musa": "The old mill",
    }
    office.act("musa", "move_session", session=session, begins_at=when(office, days=8), place="Room 9", reason="Rain")
    assert {person: str(one["location"]) for person, (_, one) in told(office).items()} == {
        "amal": "Room 9",
        "musa": "Room 9",
    }


def test_who_met_and_who_did_not_come_is_told(office: Office) -> None:
    office.act("musa", "plan_session", form="joint", begins_at=when(office, hours=3), place="Hall 2", agenda="x",
               invited=["alma"])  # fmt: skip
    (session,) = sessions(office)
    opened = ItemRecorded(replace(session, state="open"))
    happen(office.record, office.case_id, opened, by="musa", at=office.clock.now())
    told(office)
    office.act("musa", "close_session", minutes="They met at the gate.", attendance=["amal", "bilal"])
    office.deliver()
    held = {str(mail["To"]).partition("@")[0]: mail for mail in office.mails() if "was held" in str(mail["Subject"])}
    assert set(held) == {"alma", "musa", "cora"}
    assert "They met at the gate." in body(held["alma"])
    assert invitation(held["alma"]) is None
    office.memory.sent.clear()
    office.act("musa", "note_no_show", session=session.id, person="alma", reason="ill")
    office.deliver()
    noted = {str(mail["To"]).partition("@")[0]: body(mail) for mail in office.mails()}
    assert set(noted) == {"amal", "bilal", "musa", "cora", "alma"}
    assert "Alma Area" in noted["alma"]


def letter(mail: str, *, session: Session = SESSION, person: Person = AMAL) -> bytes:
    """Write a mail about a session as it stands; a reminder as its clock asks for it."""
    case, notice = a_case(session), a_notice(mail, "representative", item=session.id)
    if mail == "session_reminder":
        running = timers.open_deadlines(dispute(), case, working_time.shipped_calendars())
        clock = next(one for one in running if one.item == session)
        notice = replace(notice, event_id=None, timer_key=f"{clock.occurrence}:remind 1 -3 cd")
    task = a_task(notice, person, case)
    return mime.build(compose.compose(task, LETTERHEAD))


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


@pytest.mark.parametrize("language", tongues.LANGUAGES)
def test_an_invitation_tells_number_date_and_place_in_any_language_and_nothing_of_the_matter(language: str) -> None:
    content = letter("session_reminder", person=replace(AMAL, language=language))
    event = invitation(read(content))
    assert event is not None
    (part,) = (part for part in read(content).walk() if part.get_content_type() == "text/calendar")
    raw = str(part.get_content())
    assert not [one for one in (SECRET, "Kilo 7", "Amal", "Bilal", "bilal", "Committee", "Agency") if one in raw]
    assert max(len(line.encode()) for line in raw.split("\n")) <= 76
    assert (content.isascii(), len(content) < REMINDER_LIMIT) == (True, True)
    assert "D-2026-0007" in str(event["summary"])
    assert (str(event["url"]), str(event["class"])) == ("https://desk.example/cases/D-2026-0007", "PRIVATE")
    assert event.decoded("dtstart") == SESSION.begins_at
    assert event.decoded("dtstamp") == START
    assert not event.walk("VALARM")
    # What people typed leads nowhere: a mail holds one link, and it is ours.
    assert str(event["location"]) == "Hall 2, https: //meet.example/2"


@pytest.mark.parametrize("language", tongues.LANGUAGES)
def test_a_long_place_in_any_script_folds_and_comes_back_as_it_was(language: str) -> None:
    place = {"ar": "قاعة الاجتماعات الكبرى ", "zh": "大会议室二楼", "ru": "Большой зал; этаж "}.get(language, "é, ;\\ ")
    session = replace(SESSION, place=place * 40, agenda="x" * 4000)
    content = letter("session_planned", session=session, person=replace(AMAL, language=language))
    assert len(content) < LIMIT
    event = invitation(read(content))
    assert event is not None
    assert quotes.calm(session.place) == str(event["location"])
    raw = icalendar.Calendar.from_ical(whole(read(content)).to_ical()).to_ical()
    assert max(map(len, raw.split(b"\r\n"))) <= 75


def test_two_people_cannot_match_their_calendars_and_joined_cases_give_one_entry() -> None:
    mine, theirs = (invites.uid(LETTERHEAD, SESSION, one) for one in ("amal", "bilal"))
    assert mine != theirs
    assert not {SESSION.id, "amal"} & set(re.split(r"\W", mine))
    there = replace(SESSION, id="s9", shared_id="both")
    assert invites.uid(LETTERHEAD, there, "amal") == invites.uid(LETTERHEAD, replace(there, id="s1"), "amal")
    assert invites.uid(replace(LETTERHEAD, secret=b"another"), SESSION, "amal") != mine


@pytest.mark.parametrize(
    ("mail", "changes", "sent"),
    [
        ("session_planned", {"state": "cancelled"}, None),
        ("session_moved", {"state": "closed"}, None),
        ("session_cancelled", {"state": "cancelled", "sequence": 2}, "CANCEL"),
        ("session_missed", {"state": "missed"}, None),
        ("session_planned", {"begins_at": None}, None),
        ("session_planned", {"sequence": 3}, "REQUEST"),
    ],
)
def test_a_mail_that_comes_late_tells_the_calendar_how_the_session_stands(
    mail: str, changes: dict[str, Any], sent: str | None
) -> None:
    message = read(letter(mail, session=replace(SESSION, **changes)))
    event = invitation(message)
    assert (event and method(message)) == sent
    assert event is None or event["sequence"] == changes["sequence"]


def test_the_mail_says_when_and_where_beside_the_calendar() -> None:
    words = body(read(letter("session_reminder")))
    assert words.count("Saturday, 5 December 2026, 09:00 Juba time (UTC+2)") == 3
    assert "Hall 2" in words


def test_a_session_called_off_by_an_act_that_called_off_none_is_told_to_nobody() -> None:
    assert receives(BILAL, a_notice("session_cancelled", "representative"), a_case()) is None


@pytest.mark.parametrize("processed", ["dispute", "priority_conflict"])
def test_both_processes_send_the_same_invitations(processed: str) -> None:
    process = load.load_shipped(processed, vocabulary=vocabulary.shipped())
    carried = {mail.name: str(mail.invitation) for mail in process.mails.values() if mail.invitation}
    assert carried == {
        **dict.fromkeys(["session_planned", "session_moved", "session_invited", "session_reminder"], "sent"),
        **dict.fromkeys(["session_cancelled", "session_uninvited"], "withdrawn"),
        "called_back": "sent",
    }


@pytest.mark.parametrize(
    "calendar", [b"METHOD:PUBLISH\r\n", b"METHOD:REQUEST\r\nMETHOD:CANCEL\r\n", b"METHOD:REQUEST\n"]
)
def test_a_calendar_of_another_method_does_not_leave(calendar: bytes) -> None:
    task = a_task(a_notice("session_planned", "representative", item="s1"), AMAL, a_case(SESSION))
    draft = replace(compose.compose(task, LETTERHEAD), calendar=calendar)
    with pytest.raises(mime.BadMessage, match="needs one METHOD"):
        mime.build(draft)


OUTLOOK = """BEGIN:VCALENDAR
METHOD:REPLY
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VEVENT
ATTENDEE;PARTSTAT={said};CN=Amal:mailto:amal@mission.example
COMMENT;LANGUAGE=en-US:I shall be late
UID:{uid}
SUMMARY;LANGUAGE=en-US:Accepted: D-2026-0007: Session
DTSTART:20261205T070000Z
DTEND:20261205T080000Z
CLASS:PRIVATE
DTSTAMP:20261201T081500Z
SEQUENCE:2
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize("said", ["ACCEPTED", "DECLINED", "TENTATIVE"])
def test_what_a_calendar_answers_is_read_and_known_to_be_whose(said: str) -> None:
    sent = invites.uid(LETTERHEAD, SESSION, "amal")
    reply = ics.read_reply(OUTLOOK.format(said=said, uid=sent).replace("\n", "\r\n").encode())
    assert reply == ics.Reply(uid=sent, sequence=2, coming=ics.Coming(said.lower()))
    assert invites.whose(LETTERHEAD, SESSION, ["bilal", "amal"], reply) == "amal"
    assert invites.whose(LETTERHEAD, replace(SESSION, id="s2"), ["bilal", "amal"], reply) is None
    forged = replace(reply, uid="é" * 40)
    assert invites.whose(LETTERHEAD, SESSION, ["amal"], forged) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"BEGIN:VCALENDAR",
        b"\xff\xfe\x00",
        OUTLOOK.format(said="DELEGATED", uid="u").encode(),
        OUTLOOK.format(said="ACCEPTED", uid="u").replace("REPLY", "REQUEST").encode(),
        OUTLOOK.format(said="ACCEPTED", uid="u").replace("SEQUENCE:2", "SEQUENCE:two").encode(),
        OUTLOOK.format(said="ACCEPTED", uid="u").replace("UID:", "X-UID:").encode(),
        OUTLOOK.format(said="ACCEPTED", uid="u")
        .replace("END:VEVENT\n", "END:VEVENT\nBEGIN:VEVENT\nUID:v\nEND:VEVENT\n")
        .encode(),
        OUTLOOK.format(said="ACCEPTED", uid="u")
        .replace("COMMENT", "ATTENDEE;PARTSTAT=DECLINED:mailto:x@y.example\nCOMMENT")
        .encode(),
        OUTLOOK.format(said="ACCEPTED", uid="u" * 70_000).encode(),
    ],
    ids=[
        "empty",
        "cut",
        "no text",
        "delegated",
        "a request",
        "no number",
        "no id",
        "two events",
        "two people",
        "too long",
    ],
)
def test_what_is_no_plain_answer_is_none(content: bytes) -> None:
    assert ics.read_reply(content) is None
