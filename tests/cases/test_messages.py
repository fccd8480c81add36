"""Tests that mails, and timers that were parked, are shown to those who may know of them and to nobody else."""

from __future__ import annotations

from sqlalchemy import insert, update

from cases import outbox, queries, tables
from cases.outbox import Attempt, MessageState
from tests.cases.watched import START, House, viewer


def test_messages_are_shown_to_their_people_and_to_those_who_run_the_case(house: House) -> None:
    case_id = house.open()
    house.act(case_id, "submit", by="amal")
    house.send_everything()

    def recipients(person: str) -> set[str]:
        return {row.person_id for row in queries.list_messages(house.record, viewer(person), limit=100).rows}

    assert recipients("amal") == {"amal"}
    assert recipients("cora") == recipients("mo") == {"amal", "bilal"}
    assert recipients("jo") == set()
    file = queries.case_file(house.record, viewer("cora"), case_id, now=START)
    assert {(row.person_name, row.state) for row in file.messages} == {("Amal", "queued"), ("Bilal", "queued")}


def test_the_notice_of_a_caucus_offer_is_unknown_to_those_outside(house: House) -> None:
    case_id = house.open()
    house.act(case_id, "put_offer", by="mo", zone="caucus:A", text="terms for A")
    house.send_everything()

    def mails(person: str) -> set[tuple[str, str]]:
        rows = queries.list_messages(house.record, viewer(person), limit=100).rows
        return {(row.mail, row.person_id) for row in rows if row.mail == "offer_made"}

    assert mails("mo") == {("offer_made", "amal"), ("offer_made", "bilal")}
    assert mails("amal") == {("offer_made", "amal")}
    assert mails("cora") == mails("bilal") == set()


def test_a_shared_act_on_a_hidden_item_is_unknown_by_its_mails_too(house: House) -> None:
    case_id = house.open()
    house.act(case_id, "put_offer", by="mo", zone="caucus:A", text="terms for A")
    house.clock.advance(days=10)
    house.service.fire_due(case_id)
    house.send_everything()

    def lapses(person: str) -> int:
        rows = queries.list_messages(house.record, viewer(person), limit=100).rows
        return sum(row.mail == "offer_lapsed" for row in rows)

    assert (lapses("mo"), lapses("amal")) == (2, 1)
    assert lapses("cora") == lapses("bilal") == 0


def test_a_mail_about_an_act_in_a_hidden_zone_is_unknown_without_an_item_too(house: House) -> None:
    case_id = house.open()
    house.act(case_id, "put_offer", by="mo", zone="caucus:A", text="terms for A")
    with house.record.engine.begin() as work:
        work.execute(update(tables.notifications).values(item=None))
    house.send_everything()
    assert queries.list_messages(house.record, viewer("bilal")).rows == ()
    assert len(queries.list_messages(house.record, viewer("mo")).rows) == 2


def test_the_words_of_a_mail_are_for_its_reader_and_those_who_may_read_as_much(house: House) -> None:
    case_id = house.open()
    house.act(case_id, "submit", by="amal")
    house.send_everything(content="what Amal may read")

    def words(person: str) -> bytes | None:
        rows = queries.list_messages(house.record, viewer(person)).rows
        (row,) = [row for row in rows if row.person_id == "amal"]
        return queries.message(house.record, viewer(person), row.id).content

    assert words("amal") == words("mo") == b"what Amal may read"
    assert words("cora") is None


def test_who_has_left_a_case_keeps_only_the_mails_that_were_sent(house: House) -> None:
    case_id = house.open()
    house.act(case_id, "submit", by="amal")
    house.send_everything()
    first, *_ = outbox.claim_messages(house.record.engine, now=START, owner="test")
    assert first.person_id == "amal"
    outbox.settle(house.record.engine, first, attempt=Attempt(state=MessageState.SENT, outcome="accepted"), now=START)
    house.act(case_id, "name_person", by="cora", party="A", part="representative", person="zoe")
    left = queries.list_messages(house.record, viewer("amal"), limit=100).rows
    assert [row.id for row in left] == [first.id]
    assert [delivery.outcome for delivery in queries.message(house.record, viewer("amal"), first.id).deliveries] == [
        "accepted"
    ]


def test_the_list_of_messages_goes_on_past_what_is_hidden(house: House) -> None:
    case_id = house.open()
    for number in range(4):
        house.act(case_id, "put_offer", by="mo", zone="caucus:A", text=f"hidden {number}")
        house.act(case_id, "put_offer", by="mo", zone="shared", text=f"open {number}")
    house.send_everything()
    seen: list[int] = []
    after = None
    while True:
        page = queries.list_messages(house.record, viewer("cora"), after=after, limit=3)
        seen += [row.id for row in page.rows]
        after = page.next
        if after is None:
            break
    everything = [row.id for row in queries.list_messages(house.record, viewer("cora"), limit=100).rows]
    assert seen == everything
    assert len(seen) == len(set(seen)) == 8


def test_a_reminder_that_was_sent_stands_in_the_timeline_of_those_who_run_the_case(house: House) -> None:
    case_id = house.open()
    house.clock.advance(days=16)
    house.service.fire_due(case_id)
    house.send_everything()
    for message in outbox.claim_messages(house.record.engine, now=house.clock.now(), owner="test"):
        sent = Attempt(state=MessageState.SENT, outcome="accepted")
        outbox.settle(house.record.engine, message, attempt=sent, now=house.clock.now())

    def reminders(person: str) -> list[tuple[str, object]]:
        file = queries.case_file(house.record, viewer(person), case_id, now=house.clock.now())
        return [(entry.label, entry.lines[0].value) for entry in file.timeline if entry.seq is None]

    assert reminders("cora") == [("Reminder sent", ("Amal", "Bilal"))]
    assert reminders("amal") == []


def refuse_everything(house: House) -> None:
    house.send_everything()
    for message in outbox.claim_messages(house.record.engine, now=START, owner="test"):
        refused = Attempt(state=MessageState.REFUSED, outcome="refused", code=550, reply="no such user")
        outbox.settle(house.record.engine, message, attempt=refused, now=START)


def test_the_desk_counts_undelivered_mails_of_the_cases_one_runs(house: House) -> None:
    case_id = house.open()
    house.act(case_id, "submit", by="amal")
    refuse_everything(house)
    assert queries.my_desk(house.record, viewer("cora"), now=START).undelivered == 2
    assert queries.my_desk(house.record, viewer("amal"), now=START).undelivered == 0


def park_a_timer(house: House, case_id: str) -> None:
    error = "ValueError: the secret words of the case"
    timers = tables.timers
    with house.record.engine.begin() as work:
        work.execute(update(timers).where(timers.c.case_id == case_id).values(state="parked", error=error))
        common = {"case_id": case_id, "to": "[]", "created_at": START, "attempts": 0}
        odd = {"occurrence": "odd", "mail": "receipt", "state": "parked", "error": "the secret words of the case"}
        work.execute(insert(tables.notifications), {**common, **odd})


def test_what_is_parked_is_told_to_those_who_run_the_case_and_barely_to_administrators(house: House) -> None:
    case_id = house.open()
    house.act(case_id, "submit", by="amal")
    refuse_everything(house)
    park_a_timer(house, case_id)
    mine = queries.parked(house.record, viewer("cora"))
    assert {row.kind for row in mine} == {"timer", "notification", "message"}
    assert {row.number for row in mine} == {"W-2026-0001"}
    assert any("secret words" in row.error for row in mine)
    office = queries.parked(house.record, viewer("ada"))
    assert len(office) == len(mine)
    assert {row.number for row in office} == {None}
    assert {row.error for row in office} == {"ValueError", "failed", "refused"}
    assert queries.parked(house.record, viewer("amal")) == queries.parked(house.record, viewer("zoe")) == ()


def test_a_parked_timer_on_a_hidden_item_is_hidden(house: House) -> None:
    case_id = house.open()
    house.act(case_id, "put_offer", by="mo", zone="caucus:A", text="terms for A")
    park_a_timer(house, case_id)

    def offers(person: str) -> int:
        return sum(row.what == "offer" for row in queries.parked(house.record, viewer(person)))

    assert offers("mo") > 0
    assert offers("cora") == 0
