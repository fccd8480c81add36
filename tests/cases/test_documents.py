"""Documents of a case: who may have their files, when they count as late, and that none is ever missing unnoticed."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from cases import documents, queries, timers
from cases.commands import ActOnCase, OpenCase
from cases.unit_of_work import reading
from states import errors
from states.case import Party, Side
from states.items import Document, Note
from states.roles import Actor
from tests.cases.watched import READS, START, STRANGERS, House, viewer
from tests.stores import CSV, PDF

PRIVATE_PARTIES = tuple(
    Party(id=party, name=name, side=side, people={"representative": (who,)})
    for party, name, side, who in (
        ("A", "Area committee", Side.INITIATING, "amal"),
        ("B", "Base", Side.RESPONDING, "bilal"),
    )
)


def upload(house: House, *, by: str, name: str = "log.csv", content: bytes = CSV) -> str:
    return str(house.record.files.add([content], name, by=by, now=house.clock.now()))


def attach(house: House, case_id: str, *, by: str = "amal", zone: str = "shared", name: str = "log.csv") -> str:
    """Uploads a file and puts it into the case; returns the document's id."""
    before = {one.id for one in documents_of(house, case_id)}
    file = upload(house, by=by, name=name)
    house.act(case_id, "add_document", by=by, file=file, shows="Who came when", zone=zone)
    return next(one.id for one in documents_of(house, case_id) if one.id not in before)


def documents_of(house: House, case_id: str) -> tuple[Document, ...]:
    return tuple(
        dict.fromkeys(
            item
            for who in ("mo", "amal", "bilal")
            for item in queries.case_for(house.record, viewer(who), case_id)[1].all(Document)
        )
    )


def gaps(house: House, case_id: str | None = None) -> list[str]:
    with reading(house.record.engine) as connection:
        return [str(one) for one in documents.gaps(connection, house.record.files, case_id)]


def test_a_document_says_what_it_is_who_put_it_on_file_and_when(house: House) -> None:
    case_id = house.filed()
    attach(house, case_id)
    [kept] = documents_of(house, case_id)
    assert (kept.name, kept.media_type, kept.size) == ("log.csv", "text/csv", len(CSV))
    assert (kept.shows, kept.by, kept.at, kept.state) == ("Who came when", "amal", START, "on file")
    assert not kept.late
    with house.record.files.open(kept.sha256) as file:
        assert file.read() == CSV


def test_the_words_of_the_record_hold_no_stamp(house: House) -> None:
    case_id = house.filed()
    file = upload(house, by="amal")
    house.act(case_id, "add_document", by="amal", file=file, shows="Who came when", zone="shared")
    shown = repr(queries.case_file(house.record, viewer("amal"), case_id, now=START))
    assert "log.csv" in shown
    assert file.partition("/")[0] not in shown


def test_a_file_must_be_uploaded_by_the_very_person_who_acts(house: House) -> None:
    case_id = house.filed()
    file = upload(house, by="amal")
    with pytest.raises(errors.NeedsMissing, match=r"“log\.csv” was not uploaded by you"):
        house.act(case_id, "add_document", by="bilal", file=file, shows="x", zone="shared")
    with pytest.raises(errors.NeedsMissing, match="must be uploaded first"):
        house.act(case_id, "add_document", by="bilal", file="log.csv", shows="x", zone="shared")
    assert documents_of(house, case_id) == ()


def test_who_only_knows_a_hash_cannot_make_a_document_of_it(house: House) -> None:
    case_id = house.filed()
    attach(house, case_id, by="amal", zone="caucus:A", name="plan.csv")
    secret = upload(house, by="amal", name="plan.csv").partition("/")[2]
    with pytest.raises(errors.NeedsMissing, match="was not uploaded by you"):
        house.act(case_id, "add_document", by="bilal", file=secret, shows="x", zone="shared")


def test_a_file_whose_bytes_are_gone_is_not_put_on_file(house: House) -> None:
    case_id = house.filed()
    file = upload(house, by="amal")
    [sha256] = house.record.files.older_than(START + timedelta(days=1))
    house.record.files.place(sha256).unlink()
    with pytest.raises(errors.NeedsMissing, match="upload it again"):
        house.act(case_id, "add_document", by="amal", file=file, shows="x", zone="shared")


def test_a_request_sent_again_after_another_upload_is_the_same_request(house: House) -> None:
    case_id = house.filed()
    receipts = []
    for _ in range(2):
        inputs = {"file": upload(house, by="amal"), "shows": "x", "zone": "shared"}
        command = ActOnCase(case_id=case_id, trigger="add_document", actor=Actor("amal"), key="once", inputs=inputs)
        receipts.append(house.service.act(command))
        house.clock.advance(seconds=5)
    assert receipts[0] == receipts[1]
    assert len(documents_of(house, case_id)) == 1


@pytest.mark.parametrize("zone", ["shared", "team", "caucus:A", "caucus:B"])
def test_only_readers_of_its_zone_may_have_a_document(house: House, zone: str) -> None:
    case_id = house.filed()
    file = upload(house, by="mo", name="secret.csv")
    house.act(case_id, "put_document", by="mo", zone=zone, file=file, shows="secret")
    [kept] = documents_of(house, case_id)
    for who in (*READS, *STRANGERS):
        seen = zone in READS.get(who, frozenset())
        if seen:
            assert documents.document(house.record, viewer(who), case_id, kept.id).sha256 == kept.sha256
            continue
        with pytest.raises(errors.NotFound) as refused:
            documents.document(house.record, viewer(who), case_id, kept.id)
        with pytest.raises(errors.NotFound) as unknown:
            documents.document(house.record, viewer(who), case_id, "no such document")
        assert str(refused.value) == str(unknown.value)


def test_what_is_private_to_a_party_is_kept_from_the_mediator_too(house: House) -> None:
    case_id = house.filed()
    attach(house, case_id, by="amal", zone="private:A", name="red-lines.csv")
    kept = next(one for one in documents_of(house, case_id) if one.zone == "private:A")
    assert documents.document(house.record, viewer("amal"), case_id, kept.id) == kept
    for who in ("mo", "cora", "bilal"):
        with pytest.raises(errors.NotFound):
            documents.document(house.record, viewer(who), case_id, kept.id)


def test_only_a_document_has_a_file(house: House) -> None:
    case_id = house.filed()
    house.act(case_id, "put_note", by="mo", zone="shared", text="No file")
    note = next(item for item in queries.case_for(house.record, viewer("mo"), case_id)[1].items if item.kind == "note")
    assert isinstance(note, Note)
    with pytest.raises(errors.NotFound):
        documents.document(house.record, viewer("mo"), case_id, note.id)


def test_every_document_has_its_file_until_somebody_touches_the_folder(house: House) -> None:
    case_id, other = house.filed(), house.filed()
    attach(house, case_id)
    attach(house, other)
    assert gaps(house) == []
    [kept] = documents_of(house, case_id)
    house.record.files.place(kept.sha256).write_bytes(b"hour,asked by\n06:00,somebody else\n")
    [first, second] = gaps(house)
    assert "was changed since it was kept" in first
    assert (first.partition(":")[0], second.partition(":")[0]) == ("case W-2026-0001", "case W-2026-0002")
    assert len(gaps(house, case_id)) == 1
    house.record.files.place(kept.sha256).unlink()
    assert "is not in the folder for files" in gaps(house)[0]


def test_uploads_that_no_case_took_are_removed_and_no_others(house: House) -> None:
    case_id = house.filed()
    attach(house, case_id)
    upload(house, by="amal", content=PDF, name="left.pdf")
    house.clock.advance(hours=23)
    assert documents.forget_unused(house.record.engine, house.record.files, before=START) == 0
    before = house.clock.now()
    assert documents.forget_unused(house.record.engine, house.record.files, before=before) == 1
    assert gaps(house) == []
    assert documents.forget_unused(house.record.engine, house.record.files, before=before) == 0


def test_a_record_without_a_folder_says_so(house: House) -> None:
    case_id = house.filed()
    file = upload(house, by="amal")
    house.service.files = None
    with pytest.raises(errors.NeedsMissing, match="no files are kept with this record"):
        house.act(case_id, "add_document", by="amal", file=file, shows="x", zone="shared")


def test_what_comes_after_the_root_cause_work_is_marked_late_and_may_be_accepted_with_a_reason(house: House) -> None:
    case_id = dispute(house)
    while queries.case_for(house.record, viewer("amal"), case_id)[1].stage != "engagement":
        house.clock.advance(days=3)
        timers.fire_due_timers(house.service, owner="test")
    late = attach(house, case_id, name="late.csv")
    [kept] = documents_of(house, case_id)
    assert (kept.late, kept.state) == (True, "late")
    with pytest.raises(errors.NotYours):
        house.act(case_id, "weigh_document", by="amal", document=late, result="considered", because="It is ours")
    with pytest.raises(errors.NeedsMissing, match="Reason is missing"):
        house.act(case_id, "weigh_document", by="cora", document=late, result="considered")
    house.act(case_id, "weigh_document", by="cora", document=late, result="considered", because="The road was cut")
    [kept] = documents_of(house, case_id)
    assert (kept.late, kept.state, kept.weighed_by, kept.because) == (True, "considered", "cora", "The road was cut")
    with pytest.raises(errors.NeedsMissing, match="this document is considered"):
        house.act(case_id, "weigh_document", by="cora", document=late, result="considered", because="Again")


def dispute(house: House) -> str:
    """Opens a case of the standard process, which sets a time for evidence, and submits it."""
    command = OpenCase(
        process="dispute",
        title="The road",
        actor=Actor("amal"),
        key=uuid4().hex,
        parties=PRIVATE_PARTIES,
        roles={"convener": ("cora",), "mediator": ("mo",)},
        issues=("Who repairs the road?",),
    )
    case_id = house.service.open(command).case_id
    house.act(case_id, "submit", by="amal")
    return case_id
