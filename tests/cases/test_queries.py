"""Tests that everybody sees exactly what their zones allow, and that what they see is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import insert, update

from cases import missing, outbox, queries, tables
from cases.outbox import Attempt, MessageState
from cases.queries import CaseFilter, CaseRow, MessageFilter, PhaseState, Viewer
from states import errors
from tests.cases.watched import KINDS, READS, START, STRANGERS, ZONES, House, fill, house_on, marker, viewer

RefT = TypeVar("RefT", str, int)
MARKERS = {marker(kind, zone): zone for kind in KINDS for zone in ZONES}


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    house = house_on(database_url, tmp_path)
    yield house
    house.record.engine.dispose()


def zones_told(shown: object) -> set[str]:
    """Returns the zones whose markers stand anywhere in what was shown."""
    words = repr(shown)
    return {zone for word, zone in MARKERS.items() if word in words}


def event_ids(house: House, case_id: str) -> range:
    return range(1, len(queries.case_file(house.record, viewer("mo"), case_id, now=START).timeline) + 1)


def every_read(house: House, case_id: str, who: Viewer) -> dict[str, object]:
    """Returns what each read of the record shows to somebody who is in the case."""
    record = house.record
    listed = queries.list_messages(record, who, limit=100).rows
    return {
        "case_file": queries.case_file(record, who, case_id, now=START),
        "case_for": queries.case_for(record, who, case_id)[1],
        "event": [_event_or_nothing(house, who, number) for number in event_ids(house, case_id)],
        "my_desk": queries.my_desk(record, who, now=START),
        "list_cases": queries.list_cases(record, who),
        "list_messages": listed,
        "message": [queries.message(record, who, row.id) for row in listed],
        "parked": queries.parked(record, who),
        "missing": missing.of_case(record, who, case_id),
    }


def _event_or_nothing(house: House, who: Viewer, number: int) -> object:
    try:
        return queries.event(house.record, who, number)
    except errors.NotFound:
        return None


def test_everybody_sees_what_their_zones_allow_and_nothing_else(house: House) -> None:
    case_id = fill(house)
    house.send_everything(content="words of the mail")
    for person, zones in READS.items():
        told = {name: zones_told(shown) for name, shown in every_read(house, case_id, viewer(person)).items()}
        assert all(found <= zones for found in told.values()), (person, told)
        assert told["case_file"] == told["case_for"] == told["event"] == zones, person


def test_a_case_file_holds_every_readable_marker_and_no_other(house: House) -> None:
    case_id = fill(house)
    for person, zones in READS.items():
        file = queries.case_file(house.record, viewer(person), case_id, now=START)
        expected = {word for word, zone in MARKERS.items() if zone in zones}
        for part in (file.case.items, file.timeline):
            assert {word for word in MARKERS if word in repr(part)} == expected
        assert {item.zone for item in file.case.items} == {entry.zone for entry in file.timeline} == zones
        assert {deadline.item.zone for deadline in file.deadlines if deadline.item} == zones


@pytest.mark.parametrize("person", STRANGERS)
def test_a_case_without_a_part_in_it_reads_like_one_that_does_not_exist(house: House, person: str) -> None:
    case_id, record, who = house.open(), house.record, viewer(person)
    house.act(case_id, "submit", by="amal")
    house.send_everything()
    by_reference: list[Callable[[str], object]] = [
        lambda ref: queries.case_file(record, who, ref, now=START),
        lambda ref: queries.case_for(record, who, ref),
        lambda ref: queries.list_messages(record, who, wanted=MessageFilter(case=ref)),
    ]
    for read in by_reference:
        assert len({_refusal(read, ref) for ref in (case_id, "W-2026-0001", "0" * 32, "W-1999-0001", "")}) == 1
    by_number: list[Callable[[int], object]] = [
        lambda number: queries.event(record, who, number),
        lambda number: queries.message(record, who, number),
    ]
    for look in by_number:
        assert len({_refusal(look, number) for number in (1, 99_999)}) == 1
    assert queries.list_cases(record, who).rows == ()
    assert queries.list_messages(record, who).rows == ()
    assert queries.my_desk(record, who, now=START).open_cases == 0


def _refusal(read: Callable[[RefT], object], ref: RefT) -> tuple[type, str]:
    with pytest.raises(errors.NotFound) as refused:
        read(ref)
    return type(refused.value), str(refused.value)


def test_an_event_outside_the_zones_reads_like_one_that_does_not_exist(house: House) -> None:
    case_id = house.open()
    house.act(case_id, "put_note", by="mo", zone="caucus:B", text="for B")
    entries = queries.case_file(house.record, viewer("mo"), case_id, now=START).timeline
    hidden = next(entry.id for entry in entries if entry.zone == "caucus:B")
    refusals = {
        _refusal(lambda number: queries.event(house.record, viewer("amal"), number), ref)
        for ref in (hidden or 0, 99_999)
    }
    assert len(refusals) == 1


def test_an_act_of_the_clock_on_a_hidden_item_is_not_told(house: House) -> None:
    case_id = house.open()
    house.act(case_id, "put_offer", by="mo", zone="caucus:A", text="terms for A")
    house.clock.advance(days=10)
    house.service.fire_due(case_id)

    def told(person: str) -> list[str]:
        file = queries.case_file(house.record, viewer(person), case_id, now=house.clock.now())
        return [entry.label for entry in file.timeline if entry.trigger == "lapse_offer"]

    assert told("amal") == ["Offer lapsed"]
    assert told("bilal") == told("cora") == []


def test_a_case_is_found_by_id_and_by_number(house: House) -> None:
    case_id = house.open("The bridge")
    process, case = queries.case_for(house.record, viewer("amal"), "W-2026-0001")
    assert (process.name, case.id, case.title) == ("watched", case_id, "The bridge")


def test_the_version_and_head_are_those_of_the_record(house: House) -> None:
    case_id = fill(house)
    file = queries.case_file(house.record, viewer("amal"), case_id, now=START)
    everything = queries.case_file(house.record, viewer("mo"), case_id, now=START)
    assert (file.version, file.head) == (everything.version, everything.head)
    assert file.version == everything.timeline[-1].seq


def test_the_next_step_says_who_must_do_what_and_what_silence_means(house: House) -> None:
    case_id = house.open()
    step = queries.case_file(house.record, viewer("amal"), case_id, now=START).next_step
    assert step is not None
    assert (step.what, step.mine) == ("Complete the notice and submit it", True)
    assert step.means == "The unsubmitted draft is set aside."
    assert [holder.name for holder in step.holders] == ["Amal"]
    assert step.means_at == step.due_at == START + timedelta(days=30)
    theirs = queries.case_file(house.record, viewer("bilal"), case_id, now=START).next_step
    assert theirs is not None
    assert not theirs.mine


def test_a_deadline_says_how_long_is_left(house: House) -> None:
    case_id = house.open()
    late = START + timedelta(days=31)
    (before,) = queries.case_file(house.record, viewer("amal"), case_id, now=START).deadlines
    (after,) = queries.case_file(house.record, viewer("amal"), case_id, now=late).deadlines
    assert (before.remaining, before.overdue) == (timedelta(days=30), False)
    assert (after.remaining, after.overdue) == (timedelta(days=-1), True)
    assert before.due is not None


def test_the_options_are_those_of_the_viewer(house: House) -> None:
    case_id = house.open()

    def offered(person: str) -> set[str]:
        file = queries.case_file(house.record, viewer(person), case_id, now=START)
        return {option.trigger.name for option in file.options}

    assert "submit" in offered("amal")
    assert "submit" not in offered("bilal")
    assert "put_note" in offered("mo")
    assert offered("jo").isdisjoint({"put_note", "submit"})


def test_the_timeline_says_who_did_what_in_words(house: House) -> None:
    case_id = house.open()
    house.act(case_id, "submit", by="amal")
    house.act(case_id, "add_note", by="amal", zone="shared", text="We wrote to them.")
    entries = queries.case_file(house.record, viewer("bilal"), case_id, now=START).timeline
    assert [entry.label for entry in entries] == ["Case opened", "Submit the notice", "Acknowledge", "Write a note"]
    submitted, note = entries[1], entries[-1]
    assert (submitted.actor_name, submitted.actor_role, submitted.stage) == (
        "Amal",
        "Representative, Area committee",
        "Submitted",
    )
    assert [(line.label, line.value) for line in note.lines] == [("Note", "We wrote to them.")]
    assert [item.kind for item in note.items] == ["note"]
    assert entries[2].timer is not None


def test_the_phases_say_what_is_done_current_and_to_do(house: House) -> None:
    case_id = house.open()
    house.clock.advance(hours=1)
    house.act(case_id, "withdraw", by="amal", reason="We settled it.")
    phases = {phase.name: phase for phase in queries.case_file(house.record, viewer("amal"), case_id, now=START).phases}
    assert (phases["intake"].state, phases["intake"].since) == (PhaseState.DONE, START)
    assert phases["intake"].done_at == phases["closed"].since == house.clock.now()
    assert phases["mediation"].state is PhaseState.SKIPPED
    assert phases["closed"].state is PhaseState.CURRENT


def screening(house: House) -> str:
    case_id = house.open()
    house.act(case_id, "submit", by="amal")
    house.act(case_id, "put_note", by="mo", zone="shared", text="so that due timers have fired")
    return case_id


def test_the_desk_tells_what_needs_me_and_what_waits_on_others(house: House) -> None:
    screening(house)
    mine = queries.my_desk(house.record, viewer("cora"), now=START)
    assert [(need.what, need.case.stage_label, need.overdue) for need in mine.needs_me] == [
        ("Screen the notice", "Screening", False)
    ]
    theirs = queries.my_desk(house.record, viewer("amal"), now=START)
    assert [need.what for need in theirs.needs_me] == ["Give the account of your side"]
    (wait,) = theirs.waits_on_others
    assert (wait.what, wait.duty) == ("Screen the notice", "Convener")
    assert wait.then == "The case is treated as admissible and the area managers of both sides are told."
    assert wait.then_at == wait.due_at


def test_a_clock_of_the_case_needs_me_only_when_an_act_of_mine_answers_it(house: House) -> None:
    screening(house)
    asked = queries.my_desk(house.record, viewer("bilal"), now=START)
    assert [need.what for need in asked.needs_me] == ["Give the account of your side"]
    convener = queries.my_desk(house.record, viewer("cora"), now=START)
    assert "Whole case" not in [need.what for need in convener.needs_me]


def test_what_is_overdue_is_counted(house: House) -> None:
    screening(house)
    late = queries.my_desk(house.record, viewer("cora"), now=START + timedelta(days=30))
    assert (late.overdue, late.due_soon, late.open_cases) == (1, 1, 1)
    early = queries.my_desk(house.record, viewer("cora"), now=START)
    assert (early.overdue, early.due_soon) == (0, 0)


def root_causes(house: House) -> str:
    """Brings a case to its root causes, where the ladder may be climbed."""
    case_id = screening(house)
    house.clock.advance(days=4)
    house.service.fire_due(case_id)
    return case_id


def test_a_tier_asks_its_holders_to_decide(house: House) -> None:
    case_id = root_causes(house)
    house.act(case_id, "escalate", by="amal", text="May the road be closed?")
    desk = queries.my_desk(house.record, viewer("jo"), now=house.clock.now())
    (ask,) = desk.decisions
    assert (ask.tier_label, ask.question) == ("Joint committee", "May the road be closed?")
    assert ask.means == "The senior representatives of both sides are asked instead."
    assert desk.needs_me == ()
    assert queries.my_desk(house.record, viewer("amal"), now=house.clock.now()).decisions == ()


def test_a_paused_case_waits_for_its_resume_date(house: House) -> None:
    case_id = root_causes(house)
    until = house.clock.now() + timedelta(days=2)
    house.act(case_id, "pause_for_safety", by="cora", until=until.isoformat(), reason="Floods")
    desk = queries.my_desk(house.record, viewer("cora"), now=house.clock.now())
    assert desk.needs_me == ()
    assert [(wait.what, wait.then_at) for wait in desk.waits_on_others] == [("The case is paused", until)]
    file = queries.case_file(house.record, viewer("cora"), case_id, now=house.clock.now())
    assert file.next_step is not None
    assert (file.next_step.paused, file.next_step.due_at) == (True, until)
    assert all(deadline.paused_until == until and not deadline.overdue for deadline in file.deadlines)


def test_the_list_goes_through_every_case_once_the_latest_moved_first(house: House) -> None:
    opened = []
    for number in range(7):
        opened.append(house.open(f"Case {number}"))
        if number % 2:
            house.clock.advance(minutes=1)
    seen: list[CaseRow] = []
    after = None
    while True:
        page = queries.list_cases(house.record, viewer("amal"), after=after, limit=3)
        seen += page.rows
        after = page.next
        if after is None:
            break
    assert sorted(row.id for row in seen) == sorted(opened)
    assert [row.opened_at for row in seen] == sorted((row.opened_at for row in seen), reverse=True)


def test_the_list_is_narrowed_by_what_is_asked(house: House) -> None:
    house.open("The bridge at Bor")
    withdrawn = house.open("100% of the fuel")
    house.act(withdrawn, "withdraw", by="amal", reason="Settled")

    def titles(**wanted: object) -> list[str]:
        chosen = CaseFilter(**wanted)  # type: ignore[arg-type] # any fields of a filter
        return [row.title for row in queries.list_cases(house.record, viewer("amal"), wanted=chosen).rows]

    assert titles(words="BRIDGE bor") == titles(stage="draft") == titles(open_only=True) == ["The bridge at Bor"]
    assert titles(phase="intake") == ["The bridge at Bor"]
    assert titles(phase="closed") == titles(open_only=False) == titles(words="100%") == ["100% of the fuel"]
    assert titles(words="W-2026-0001") == ["The bridge at Bor"]
    assert titles(words="%") == ["100% of the fuel"]
    assert titles(urgency="U1") == titles(phase="nowhere") == []
    assert len(titles(urgency="U3")) == 2


@pytest.mark.parametrize("mark", ["x", "1", "-1.a", "."])
def test_a_mark_that_is_none_of_ours_is_told_in_words(house: House, mark: str) -> None:
    with pytest.raises(errors.NotFound, match="begin again at the first"):
        queries.list_cases(house.record, viewer("amal"), after=mark)


def test_the_list_does_not_date_what_the_viewer_cannot_see(house: House) -> None:
    case_id = house.open()
    house.act(case_id, "put_offer", by="mo", zone="caucus:A", text="terms for A")
    (seen_by_a,) = queries.list_cases(house.record, viewer("amal")).rows
    (seen_by_b,) = queries.list_cases(house.record, viewer("bilal")).rows
    assert (seen_by_a.due_label, seen_by_b.due_label) == ("Answer the offer", "Complete the notice and submit it")


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
