"""Mails that wait for their readers: written when they go, gathered, held back after an outage, ended by one click."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from cases import gathering, mail_wishes, queries, resending, tables, timers, undelivered
from cases.mail_wishes import Wishes
from cases.unit_of_work import reading
from config.settings import Rhythm
from notifications import when
from notifications.mailroom import Counts
from notifications.transport import Outcome, Receipt
from notifications.when import Customs, Moment
from states.items import Proposal
from states.rungs import Timer
from states.timers import plan
from states.wall_time import Window
from tests.notifications.offices import Office, an_office, body, flat

TERMS = "Mornings for us, evenings for you."
NEWS = """\
process: newsy
extends: dispute
triggers:
  add_note: {label: Write a note, from: "*", to: unchanged, who: [representative, convener, mediator],
             does: [add_note], zone: chosen, mails: [news]}
mails:
  news: {kind: notice, to: [representative, convener, mediator]}
"""


@pytest.fixture
def desk(database_url: str) -> Iterator[Office]:
    """Yields an office that writes as offices do, on a Thursday morning."""
    desk = an_office(database_url, customs=Customs())
    desk.admitted()
    yield desk
    desk.record.engine.dispose()


@pytest.fixture
def newsy(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    """Yields an office whose notes are told in notices that may be ended."""
    (tmp_path / "newsy.yaml").write_text(NEWS, encoding="utf-8")
    desk = an_office(sqlite_url, folders=(tmp_path,), process="newsy", customs=Customs(daily=9))
    desk.admitted()
    yield desk
    desk.record.engine.dispose()


def until(desk: Office, local: str) -> None:
    """Lets the clock go on to an instant in Juba, without anything falling due."""
    desk.clock.set(datetime.fromisoformat(f"{local}+02:00"))


def to(desk: Office, who: str) -> list[EmailMessage]:
    return [mail for mail in desk.mails() if str(mail["To"]).startswith(f"{who}@")]


def test_what_is_asked_at_night_is_written_in_the_morning(desk: Office) -> None:
    until(desk, "2026-12-03T21:00")
    desk.act("amal", "make_offer", text=TERMS)
    assert desk.deliver() == Counts(deferred=1)
    assert desk.deliver() == Counts()
    until(desk, "2026-12-04T03:14")
    assert desk.deliver() == Counts()
    until(desk, "2026-12-04T03:15")
    assert desk.deliver() == Counts(written=1, sent=1)
    (mail,) = to(desk, "bilal")
    assert mail["Date"].datetime == desk.clock.now()
    assert TERMS in flat(body(mail))


def test_what_was_answered_in_the_night_is_not_asked_in_the_morning(desk: Office) -> None:
    until(desk, "2026-12-03T21:00")
    desk.act("amal", "make_offer", text=TERMS)
    desk.deliver()
    desk.act("amal", "withdraw_offer", offer=_offer(desk))
    desk.deliver()
    until(desk, "2026-12-04T09:00")
    desk.deliver()
    assert [mail["Subject"] for mail in to(desk, "bilal")] == ["[Dispute desk] An offer was taken back"]


def test_who_loses_their_part_in_the_night_is_not_written_to_in_the_morning(desk: Office) -> None:
    until(desk, "2026-12-03T21:00")
    desk.act("amal", "make_offer", text=TERMS)
    desk.deliver()
    desk.act("cora", "name_person", party="B", part="representative", person="outis")
    until(desk, "2026-12-04T09:00")
    assert desk.deliver().cancelled == 1
    assert not any(TERMS in body(mail) for mail in to(desk, "bilal"))


def test_reminders_of_one_case_come_as_one_mail_and_each_clock_reminds_once(desk: Office) -> None:
    desk.act("amal", "make_offer", text=TERMS)
    desk.act("amal", "make_offer", text="Evenings for you.")
    desk.deliver()
    desk.memory.sent.clear()
    until(desk, "2026-12-04T09:30")
    timers.fire_due_timers(desk.service, owner="test")
    done = desk.deliver()
    assert done.carried == 2
    (mail,) = (mail for mail in to(desk, "bilal") if "steps" in mail["Subject"])
    assert mail["Subject"] == "[Dispute desk] Reminder: 2 steps wait for you, due 4 Dec"
    for kind in ("plain", "html"):
        words = flat(body(mail, kind))
        assert TERMS in words
        assert "Evenings for you." in words
        assert words.count("The offer lapses; it is never taken as accepted.") == 2
        assert words.count("https://") == (1 if kind == "plain" else 2)
    assert len(desk.memory.sent[0].content) < 8000


def test_a_mail_that_carries_others_shares_its_fate_with_them(desk: Office) -> None:
    desk.act("amal", "make_offer", text=TERMS)
    desk.act("amal", "make_offer", text="Evenings for you.")
    desk.deliver()
    until(desk, "2026-12-04T09:30")
    timers.fire_due_timers(desk.service, owner="test")
    desk.memory.fail_next(*[Receipt(Outcome.REFUSED, 550, "5.1.1 no such mailbox")] * 3)
    desk.deliver()
    (dead,) = (one for one in undelivered.dead_letters(desk.record.engine) if one.person_id == "bilal")
    assert undelivered.counts(desk.record.engine).messages["refused"] >= 3
    resending.retry(desk.record.engine, dead.id, now=desk.clock.now())
    assert desk.deliver().sent == 1
    left = [one.id for one in undelivered.dead_letters(desk.record.engine) if one.person_id == "bilal"]
    assert left == []


def test_what_is_taken_back_before_it_goes_is_left_out_of_what_carries_it(desk: Office) -> None:
    desk.act("amal", "make_offer", text=TERMS)
    desk.act("amal", "make_offer", text="Evenings for you.")
    desk.deliver()
    desk.memory.sent.clear()
    until(desk, "2026-12-04T09:30")
    timers.fire_due_timers(desk.service, owner="test")
    desk.memory.fail_next(*[Receipt(Outcome.RETRY, 451, "later")] * 3)
    desk.deliver()
    desk.act("amal", "withdraw_offer", offer=_offer(desk))
    desk.clock.advance(minutes=2)
    desk.deliver()
    desk.deliver()
    reminders = [mail for mail in to(desk, "bilal") if "Reminder" in mail["Subject"]]
    assert len(reminders) == 1
    words = flat(body(reminders[0]))
    assert (TERMS in words) != ("Evenings for you." in words)


@pytest.mark.parametrize(("rhythm", "goes"), [(Rhythm.DAILY, "2026-12-04T08:00"), (Rhythm.WEEKLY, "2026-12-07T08:00")])
def test_notices_come_together_for_whoever_wants_it_so(newsy: Office, rhythm: Rhythm, goes: str) -> None:
    mail_wishes.put(newsy.record.engine, "amal", Wishes(rhythm=rhythm))
    for text in ("The road is dry.", "The bridge holds."):
        newsy.act("cora", "add_note", text=text, zone="shared")
    newsy.deliver()
    assert newsy.told() == {"bilal", "cora", "musa"}
    until(newsy, goes)
    newsy.deliver()
    (mail,) = to(newsy, "amal")
    assert mail["Subject"] == "[Dispute desk] 2 messages from your cases"
    words = flat(body(mail))
    assert words.index("The road is dry.") < words.index("The bridge holds.")
    assert "You need to do nothing now." in words
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_digest_leaves_out_what_its_reader_may_read_no_more(newsy: Office) -> None:
    mail_wishes.put(newsy.record.engine, "bilal", Wishes(rhythm=Rhythm.DAILY))
    for text in ("The road is dry.", "The bridge holds.", "The ford is deep."):
        newsy.act("cora", "add_note", text=text, zone="shared")
    newsy.deliver()
    newsy.act("cora", "name_person", party="B", part="representative", person="outis")
    until(newsy, "2026-12-04T09:00")
    newsy.deliver()
    assert not any("The road is dry." in body(mail) for mail in to(newsy, "bilal"))


def test_one_click_in_a_mail_program_ends_notices_and_nothing_else(newsy: Office) -> None:
    newsy.act("cora", "add_note", text="The road is dry.", zone="shared")
    newsy.deliver()
    (mail,) = to(newsy, "amal")
    address = str(mail["List-Unsubscribe"]).strip("<>")
    assert address.startswith("https://desk.example/u/")
    assert "you choose whether and when such messages come" in flat(body(mail))
    mail_wishes.end_notices(newsy.record.engine, address.rpartition("/")[2])
    newsy.memory.sent.clear()
    newsy.act("cora", "add_note", text="The bridge holds.", zone="shared")
    newsy.act("bilal", "make_offer", text=TERMS)
    newsy.deliver()
    (mail,) = to(newsy, "amal")
    assert TERMS in flat(body(mail))
    assert "List-Unsubscribe" not in mail


def test_reminders_that_come_late_all_at_once_wait_for_an_administrator(database_url: str) -> None:
    desk = an_office(database_url, customs=Customs(burst=1))
    desk.admitted()
    desk.act("amal", "make_offer", text=TERMS)
    desk.act("bilal", "make_offer", text="All day for us.")
    desk.deliver()
    desk.memory.sent.clear()
    until(desk, "2026-12-04T11:00")
    timers.fire_due_timers(desk.service, owner="test")
    held = desk.deliver().held
    assert held > 1
    assert not any("Reminder" in mail["Subject"] for mail in desk.mails())
    assert resending.release_held(desk.record.engine, now=desk.clock.now()) == held
    desk.clock.advance(minutes=1)
    desk.deliver()
    assert any("Reminder" in mail["Subject"] for mail in desk.mails())
    desk.record.engine.dispose()


def test_more_than_a_day_should_bring_of_news_comes_the_next_morning(newsy: Office) -> None:
    for text in ("One.", "Two.", "Three.", "Four.", "Five.", "Six.", "Seven."):
        newsy.act("cora", "add_note", text=text, zone="shared")
    newsy.deliver()
    before = len(to(newsy, "amal"))
    assert 0 < before < 7
    until(newsy, "2026-12-04T08:00")
    newsy.deliver()
    assert len(to(newsy, "amal")) == before + 1
    assert "Seven." in body(to(newsy, "amal")[-1])


def test_in_a_month_no_mail_comes_at_night_or_on_a_day_off_and_no_reminder_twice(sqlite_url: str) -> None:
    desk = an_office(sqlite_url, customs=Customs())
    process, _ = queries.case_for(desk.record, queries.Viewer(desk.directory.actor("amal")), desk.case_id)
    working = desk.record.calendars[process.calendar]
    for hour in range(0, 30 * 24, 2):
        desk.wait(hours=2)
        if hour in {60, 96, 140}:
            desk.act("amal", "make_offer", text=f"Offer {hour}.")
        desk.deliver()
    people = desk.directory.people({str(mail["To"]).partition("@")[0] for mail in desk.mails()})
    for mail in desk.mails():
        zone = people[str(mail["To"]).partition("@")[0]].timezone
        moment = Moment(now=mail["Date"].datetime, zone=zone, calendar=working)
        assert when.next_hour(Wishes(), moment) == moment.now, mail["Subject"]
    sent = Counter(_sent_reminders(desk))
    assert len(sent) > 10
    assert set(sent.values()) == {1}


def _sent_reminders(desk: Office) -> list[tuple[str, str]]:
    """Lists which timer of which case was told to whom, and sees that nothing that is due was left."""
    notices, mails = tables.notifications, tables.messages
    both = mails.join(notices, notices.c.id == mails.c.notification_id)
    told = select(notices.c.timer_key, mails.c.person_id).select_from(both)
    left = select(mails.c.id).where(mails.c.state.not_in(("sent", "cancelled")), mails.c.next_at <= desk.clock.now())
    with reading(desk.record.engine) as connection:
        assert connection.execute(left).all() == []
        rows = connection.execute(told.where(mails.c.state == "sent", notices.c.event_id.is_(None)))
        return [(row.timer_key, row.person_id) for row in rows]


def _offer(desk: Office) -> str:
    with reading(desk.record.engine) as connection:
        items = tables.items.c
        wanted = select(items.id).where(items.kind == "offer").order_by(items.id)
        return str(connection.execute(wanted).scalars().first())


def test_after_an_outage_of_several_reminders_of_one_clock_the_newest_alone_is_sent(desk: Office) -> None:
    desk.act("amal", "make_offer", text=TERMS)
    desk.deliver()
    desk.memory.sent.clear()
    until(desk, "2026-12-04T15:50")
    fired = timers.fire_due_timers(desk.service, owner="test")
    assert fired.reminded >= 2
    desk.deliver()
    about_it = [mail for mail in to(desk, "bilal") if "Reminder" in mail["Subject"] and TERMS in body(mail)]
    assert len(about_it) == 1
    rows = tables.deliveries
    with reading(desk.record.engine) as connection:
        said = connection.execute(select(rows.c.reply).where(rows.c.outcome == "cancelled")).scalars().all()
    assert gathering.ANOTHER in said


def test_a_reminder_whose_date_moves_while_it_waits_comes_only_at_its_new_moment_and_tells_the_new_date(
    sqlite_url: str,
) -> None:
    desk = an_office(sqlite_url, customs=Customs())
    desk.admitted()
    # At work in the evening only, so that what falls due by day waits.
    mail_wishes.put(desk.record.engine, "cora", Wishes(hours=Window(time(20), time(23))))
    coming = (one for one in _plan(desk) if one.key.startswith("root_cause:") and one.due_at > desk.clock.now())
    first = next(one for one in coming if one.mail == "duty_reminder")
    desk.clock.set(first.due_at)
    timers.fire_due_timers(desk.service, owner="test")
    assert desk.deliver().deferred == 1
    desk.act("cora", "extend_causes", reason="The road is under water.", until="2026-12-18T16:00+02:00")
    for side in ("amal", "bilal"):
        desk.act(side, "agree", proposal=_proposal(desk))
    moved = next(one for one in _plan(desk) if one.key == "root_cause:4+1:remind 1 50%").due_at
    assert moved > first.due_at
    desk.clock.set(first.due_at.replace(hour=21))
    assert desk.deliver().cancelled == 1
    assert not _reminded_of_causes(desk)
    desk.clock.set(moved.replace(hour=21))
    timers.fire_due_timers(desk.service, owner="test")
    desk.deliver()
    (mail,) = _reminded_of_causes(desk)
    assert "18 December 2026, 16:00 Juba time" in flat(body(mail))
    desk.record.engine.dispose()


def _reminded_of_causes(desk: Office) -> list[EmailMessage]:
    step = "Record the causes and propose a method"
    return [one for one in to(desk, "cora") if "Reminder" in one["Subject"] and step in flat(body(one))]


def _plan(desk: Office) -> tuple[Timer, ...]:
    process, case = queries.case_for(desk.record, queries.Viewer(desk.directory.actor("cora")), desk.case_id)
    return plan(process, case, desk.record.calendars)


def _proposal(desk: Office) -> str:
    _, case = queries.case_for(desk.record, queries.Viewer(desk.directory.actor("cora")), desk.case_id)
    return case.all(Proposal)[-1].id
