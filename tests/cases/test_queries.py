"""Tests that everybody sees exactly what their zones allow, and that what they see is right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import pytest

from cases import missing, queries
from cases.queries import MessageFilter, PhaseState, Viewer
from states import errors
from tests.cases.watched import (
    KINDS,
    READS,
    START,
    STRANGERS,
    ZONES,
    House,
    fill,
    fill_fields,
    marker,
    viewer,
)

RefT = TypeVar("RefT", str, int)
MARKERS = {marker(kind, zone): zone for kind in KINDS for zone in ZONES}


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


def test_a_field_of_the_case_is_read_by_its_zone_alone_and_weighed_by_all_conditions(house: House) -> None:
    case_id = fill_fields(house)
    house.send_everything()
    for person, zones in READS.items():
        shown = {name: repr(what) for name, what in every_read(house, case_id, viewer(person)).items()}
        for zone in ("team", "seniors"):
            told = {name for name, words in shown.items() if marker("field", zone) in words}
            assert told == ({"case_file", "case_for", "event"} if zone in zones else set()), (person, zone)
    _, seen, whole = queries.case_to_rehearse(house.record, viewer("amal"), case_id)
    assert "known_to_team" not in seen.fields
    assert whole.fields["known_to_team"] == marker("field", "team")


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
    case_id = house.filed()
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


def test_the_version_counts_what_its_reader_reads_and_the_head_seals_it(house: House) -> None:
    case_id = fill(house)

    def read(who: str) -> queries.CaseFile:
        return queries.case_file(house.record, viewer(who), case_id, now=START)

    file, everything = read("amal"), read("mo")
    for one in (file, everything):
        assert [entry.seq for entry in one.timeline if entry.seq] == [*range(1, one.version + 1)]
    assert file.version < everything.version
    house.act(case_id, "put_note", by="mo", text="Among us", zone="caucus:B")
    assert (read("amal").version, read("amal").head) == (file.version, file.head)
    assert (read("mo").version, read("mo").head == everything.head) == (everything.version + 1, False)


def test_the_next_step_says_who_must_do_what_and_what_silence_means(house: House) -> None:
    case_id = house.open()
    step = queries.case_file(house.record, viewer("amal"), case_id, now=START).next_step
    assert step is not None
    assert (step.what, step.mine) == ("Complete the notice and submit it", True)
    assert step.means == "The unsubmitted draft is set aside."
    assert [holder.name for holder in step.holders] == ["Amal"]
    assert step.means_at == step.due_at == START + timedelta(days=30)
    theirs = queries.case_file(house.record, viewer("cora"), case_id, now=START).next_step
    assert theirs is not None
    assert not theirs.mine


def test_a_draft_is_read_by_the_side_that_writes_it_and_not_by_the_other(house: House) -> None:
    case_id = house.open()
    assert queries.case_for(house.record, viewer("amal"), case_id)[1].stage == "draft"
    with pytest.raises(errors.NotFound):
        queries.case_for(house.record, viewer("bilal"), case_id)
    assert queries.list_cases(house.record, viewer("bilal")).rows == ()
    house.act(case_id, "submit", by="amal")
    assert [row.id for row in queries.list_cases(house.record, viewer("bilal")).rows] == [case_id]


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
    assert "submit" not in offered("mo")
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
