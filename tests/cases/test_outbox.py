"""Tests the rows of the mail side: claims, leases, doubles, and what becomes of messages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select

from cases import notifying, outbox, resending, tables, undelivered
from cases.database import open_database
from cases.notifying import Notification
from cases.outbox import Attempt, MessageState, NewMessage
from cases.people import Directory, Person
from states import errors

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_database(database_url)
    with engine.begin() as work:
        work.execute(insert(tables.processes), {"hash": "h", "name": "p", "title": "P", "source": "", "stored_at": NOW})
        case = {"stage": "talks", "stage_since": NOW, "stage_round": 1, "tier_round": 0, "urgency": "U3", "cycle": 1}
        times = {"opened_at": NOW, "updated_at": NOW, "version": 1, "head": ""}
        work.execute(insert(tables.cases), {"id": "c1", "number": "D-1", "process_hash": "h", **case, **times})
    for name in ("amal", "bilal"):
        Directory(engine).add(Person(id=name, name=name.title(), email=f"{name}@example.org"))
    yield engine
    engine.dispose()


def queue(engine: Engine, count: int = 1, *, not_before: datetime | None = None) -> None:
    common = {"case_id": "c1", "mail": "receipt", "to": '["convener"]', "created_at": NOW, "state": "queued"}
    rows = [{"occurrence": f"c1:{number}:{not_before}", "not_before": not_before, **common} for number in range(count)]
    with engine.begin() as work:
        work.execute(insert(tables.notifications), rows)


def mail_to(person: str, *, key: str = "1") -> NewMessage:
    return NewMessage(
        person_id=person,
        address=f"{person}@example.org",
        kind="notice",
        language="en",
        subject="News",
        message_id=f"{key}.{person}@example.org",
        sender="parley@example.org",
        content=b"Subject: News\r\n\r\nHello\r\n",
    )


def claimed(engine: Engine, *, now: datetime = NOW, owner: str = "one") -> Notification:
    (notification,) = notifying.claim(engine, now=now, limit=1, owner=owner)
    return notification


def queued_message(engine: Engine, *people: str) -> None:
    queue(engine)
    assert notifying.expand(engine, claimed(engine), [mail_to(person) for person in people or ("amal",)], now=NOW)


def sending(engine: Engine, *, now: datetime = NOW) -> outbox.Message:
    (message,) = outbox.claim_messages(engine, now=now, limit=1, owner="one")
    return message


def state_of(engine: Engine, message: outbox.Message) -> str:
    with engine.connect() as connection:
        wanted = select(tables.messages.c.state).where(tables.messages.c.id == message.id)
        return str(connection.execute(wanted).scalar_one())


def deliveries(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(select(tables.deliveries.c.outcome).order_by(tables.deliveries.c.id)).scalars())


def test_a_notification_is_claimed_once_until_its_lease_runs_out(engine: Engine) -> None:
    queue(engine)
    first = claimed(engine)
    assert first.to == ("convener",)
    assert notifying.claim(engine, now=NOW, owner="two") == ()
    again = claimed(engine, now=first.lease_until, owner="two")
    assert (again.id, again.attempts) == (first.id, 2)


def test_a_notification_waits_for_its_time(engine: Engine) -> None:
    queue(engine, not_before=LATER)
    assert notifying.claim(engine, now=NOW, owner="one") == ()
    assert len(notifying.claim(engine, now=LATER, owner="one")) == 1


def test_two_claimers_at_once_get_different_rows(engine: Engine) -> None:
    queue(engine, 40)
    got: dict[str, list[int]] = {"one": [], "two": []}
    start = threading.Barrier(2)

    def work(owner: str) -> None:
        start.wait()
        while found := notifying.claim(engine, now=NOW, limit=3, owner=owner):
            got[owner] += [notification.id for notification in found]

    workers = [threading.Thread(target=work, args=(owner,)) for owner in got]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    everything = got["one"] + got["two"]
    assert len(everything) == len(set(everything)) == 40


def test_expanding_twice_gives_one_message_a_person(engine: Engine) -> None:
    queue(engine)
    slow = claimed(engine)
    quick = claimed(engine, now=slow.lease_until, owner="two")
    assert notifying.expand(engine, quick, [mail_to("amal"), mail_to("bilal")], now=NOW)
    assert not notifying.expand(engine, slow, [mail_to("amal", key="2")], now=NOW)
    assert undelivered.counts(engine).messages == {"queued": 2}


def test_expanding_is_all_or_nothing(engine: Engine) -> None:
    queue(engine)
    notification = claimed(engine)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        notifying.expand(engine, notification, [mail_to("amal"), mail_to("nobody")], now=NOW)
    assert undelivered.counts(engine).messages == {}
    assert undelivered.counts(engine).notifications == {"queued": 1}
    assert notifying.expand(engine, notification, [mail_to("amal")], now=NOW)


def test_only_the_holder_of_the_lease_may_cancel_or_park(engine: Engine) -> None:
    queue(engine)
    slow = claimed(engine)
    quick = claimed(engine, now=slow.lease_until, owner="one")
    assert not notifying.cancel(engine, slow, why="gone")
    assert not notifying.park(engine, slow, error="broken")
    assert notifying.park(engine, quick, error="broken")
    assert undelivered.counts(engine).notifications == {"parked": 1}
    notifying.unpark(engine, quick.id)
    assert claimed(engine).attempts == 1


def test_a_notification_that_kills_every_worker_is_parked(engine: Engine) -> None:
    queue(engine)
    now = NOW
    for _ in range(outbox.TOO_OFTEN):
        assert notifying.give_up(engine, now=now) == 0
        now = claimed(engine, now=now).lease_until
    assert notifying.give_up(engine, now=now) == 1
    assert undelivered.counts(engine).notifications == {"parked": 1}


def test_a_message_is_settled_with_its_delivery(engine: Engine) -> None:
    queued_message(engine)
    message = sending(engine)
    assert (message.attempts, message.first_at) == (1, NOW)
    attempt = Attempt(state=MessageState.SENT, outcome="accepted", code=250, reply="OK")
    assert outbox.settle(engine, message, attempt=attempt, now=NOW)
    assert state_of(engine, message) == "sent"
    assert deliveries(engine) == ["accepted"]
    assert outbox.claim_messages(engine, now=LATER, owner="one") == ()


def test_a_message_to_be_retried_comes_back_at_its_time_as_the_same_bytes(engine: Engine) -> None:
    queued_message(engine)
    message = sending(engine)
    attempt = Attempt(state=MessageState.RETRY, outcome="retry", next_at=LATER, code=451, reply="later")
    assert outbox.settle(engine, message, attempt=attempt, now=NOW)
    assert outbox.claim_messages(engine, now=LATER - timedelta(microseconds=1), owner="one") == ()
    again = sending(engine, now=LATER)
    assert (again.content, again.message_id) == (message.content, message.message_id)
    assert (again.attempts, again.first_at) == (2, NOW)


def test_a_late_worker_cannot_settle_what_was_rescued(engine: Engine) -> None:
    queued_message(engine)
    slow = sending(engine)
    assert outbox.rescue_expired(engine, now=slow.lease_until) == 1
    assert state_of(engine, slow) == "unknown"
    quick = sending(engine, now=slow.lease_until)
    sent = Attempt(state=MessageState.SENT, outcome="accepted")
    assert not outbox.settle(engine, slow, attempt=sent, now=LATER)
    assert state_of(engine, slow) == "sending"
    assert outbox.settle(engine, quick, attempt=sent, now=LATER)
    assert deliveries(engine) == ["unknown", "accepted", "accepted"]


def test_what_was_never_written_is_never_taken_for_sent_and_in_the_end_kept_for_a_person(engine: Engine) -> None:
    outbox.enqueue(engine, replace(mail_to("amal"), content=None), mail="case_closed", now=NOW)
    now = NOW
    for left in ["queued"] * (outbox.TOO_OFTEN - 1) + ["parked"]:
        message = sending(engine, now=now)
        now = message.lease_until
        assert outbox.rescue_expired(engine, now=now) == 1
        assert state_of(engine, message) == left
    assert outbox.claim_messages(engine, now=LATER, owner="one") == ()


def test_a_dead_letter_is_listed_and_can_be_sent_again(engine: Engine) -> None:
    queued_message(engine)
    message = sending(engine)
    refused = Attempt(state=MessageState.REFUSED, outcome="refused", code=550, reply="no such user")
    outbox.settle(engine, message, attempt=refused, now=NOW)
    (letter,) = undelivered.dead_letters(engine)
    assert (letter.id, letter.code, letter.reply, letter.settled_at) == (message.id, 550, "no such user", NOW)
    resending.retry(engine, message.id, now=LATER)
    assert undelivered.dead_letters(engine) == ()
    assert sending(engine, now=LATER).attempts == 1


def test_a_message_under_way_is_not_sent_again_by_hand(engine: Engine) -> None:
    queued_message(engine)
    with pytest.raises(errors.Conflict, match="is sending"):
        resending.retry(engine, sending(engine).id, now=NOW)
    with pytest.raises(errors.NotFound):
        resending.retry(engine, 9999, now=NOW)


def test_a_cancelled_message_is_never_sent(engine: Engine) -> None:
    queued_message(engine)
    message = sending(engine)
    withdrawn = outbox.Attempt(state=MessageState.CANCELLED, outcome="cancelled", reply="no longer in the case")
    assert outbox.settle(engine, message, attempt=withdrawn, now=NOW)
    assert outbox.rescue_expired(engine, now=LATER) == 0
    assert outbox.claim_messages(engine, now=LATER, owner="one") == ()
    assert deliveries(engine) == ["cancelled"]


def test_a_message_without_a_case_is_queued_once(engine: Engine) -> None:
    for _ in range(2):
        outbox.enqueue(engine, mail_to("amal"), mail="sign_in_link", now=NOW)
    assert undelivered.counts(engine).messages == {"queued": 1}
    assert undelivered.counts(engine).oldest_waiting_at == NOW
    assert sending(engine).case_id is None


def test_two_senders_at_once_get_different_messages(engine: Engine) -> None:
    for number in range(30):
        outbox.enqueue(engine, mail_to("amal", key=str(number)), mail="news", now=NOW)
    got: list[int] = []
    start = threading.Barrier(2)

    def work(owner: str) -> None:
        start.wait()
        while found := outbox.claim_messages(engine, now=NOW, limit=4, owner=owner):
            got.extend(message.id for message in found)

    workers = [threading.Thread(target=work, args=(owner,)) for owner in ("one", "two")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(got) == len(set(got)) == 30


def test_the_claim_of_messages_reads_the_waiting_only(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        # PostgreSQL chooses by statistics, which an empty table has none of.
        return
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT * FROM messages WHERE state IN ('queued', 'sending', 'retry', 'unknown')"
            " AND messages.state != ? AND messages.next_at <= ? ORDER BY messages.next_at, messages.id LIMIT 5",
            ("sending", 1),
        )
        assert "ix_messages_waiting" in str(plan.all())
