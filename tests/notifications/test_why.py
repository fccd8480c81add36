"""Why a mail came, and from which room each of its lines is: never from one its reader gets no mail from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from cases import mail_reasons, messages, queries, tables
from cases.mail_reasons import Line, Origin, Reasons, Source
from cases.queries import Viewer
from cases.unit_of_work import reading
from notifications import compose, wording
from notifications.wording import Fact
from states import errors, roles
from tests.notifications import offices
from tests.notifications.offices import Office

PROCESS = """\
process: told
extends: dispute
title: A dispute in which the mediator may tell anybody anything
prefix: T
triggers:
  tell: {label: Tell, from: "*", to: unchanged, who: [mediator], zone: chosen, does: [add_note],
         mails: [offer_answered]}
mails:
  offer_answered: {kind: notice, to: [representative, senior_representative, area_manager, mediator, convener]}
"""
ZONES = ("shared", "team", "seniors", "line:A", "line:B", "caucus:A", "caucus:B")
PEOPLE = ("cora", "musa", "amal", "bilal", "sara", "saul", "alma", "arif")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Yields an office in which something was told in every room."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "told.yaml").write_text(PROCESS, encoding="utf-8")
    found = offices.an_office(f"sqlite:///{folder / 'parley.db'}", folders=(folder,), process="told")
    for zone in ZONES:
        found.act("musa", "tell", text=f"canary {zone.replace(':', ' ')}", zone=zone)
    for _ in range(3):
        found.deliver()
        found.clock.advance(hours=1)
    yield found
    found.record.engine.dispose()


def kept(office: Office, person: str) -> list[tuple[int, Reasons]]:
    rows = tables.messages.c
    with reading(office.record.engine) as connection:
        found = connection.execute(
            select(rows.id, rows.reasons).where(rows.person_id == person, rows.mail == "offer_answered")
        ).all()
    return [(row.id, reasons) for row in found if (reasons := mail_reasons.read(row.reasons)) is not None]


@pytest.mark.parametrize("person", PEOPLE)
def test_each_line_is_from_a_room_that_its_reader_gets_mail_from(office: Office, person: str) -> None:
    process, case = queries.case_for(office.record, Viewer(office.directory.actor(person)), office.case_id)
    theirs = roles.mailable(roles.readable_zones(process, case, office.directory.actor(person)))
    found = [reasons for _, reasons in kept(office, person)]
    zones = {source.zone for one in found for line in one.lines for source in line.sources} - {""}
    assert zones == theirs & {*ZONES}
    assert len(found) == len(theirs & {*ZONES})
    for one in found:
        assert set(one.by) == {source.zone for line in one.lines for source in line.sources} - {""}
        assert all(one.by.values())
        assert one.event
        assert {"number", "title", "act", "details"} <= {line.name for line in one.lines}


def test_no_words_of_a_mail_are_kept_with_its_reasons(office: Office) -> None:
    with reading(office.record.engine) as connection:
        texts = connection.execute(select(tables.messages.c.reasons)).scalars().all()
    assert any(texts)
    assert not [text for text in texts if text and ("canary" in text or "Kilo 7" in text)]


def test_others_read_of_the_lines_in_their_own_rooms_and_keepers_no_ids(office: Office) -> None:
    musa = next(number for number, one in kept(office, "musa") if "caucus:A" in one.by)
    amal = next(number for number, one in kept(office, "amal") if "caucus:A" in one.by)
    who = Viewer(office.directory.actor("musa"))
    assert messages.message(office.record, who, amal).reasons == dict(kept(office, "amal"))[amal]
    for person, number in (("cora", amal), ("bilal", amal), ("amal", musa)):
        with pytest.raises(errors.NotFound):
            messages.message(office.record, Viewer(office.directory.actor(person)), number)
    told = messages.reasons_for_keepers(office.record.engine, amal)
    assert told is not None
    assert "caucus" in told.by
    assert ":A" not in mail_reasons.dump(told)  # type: ignore[operator] # there are some
    assert not {source.id for line in told.lines for source in line.sources} - {""}


def test_what_is_kept_reads_back() -> None:
    lines = (Line("details", (Source(Origin.ITEM, "i", "shared"), Source(Origin.EVENT, "7", "team"))),)
    one = Reasons(role="convener", to=("convener",), event="7", lines=lines, by={"team": ("convener",)})
    assert mail_reasons.read(mail_reasons.dump(one)) == one
    assert one.within(frozenset({"shared"})).lines == ()
    assert mail_reasons.read(mail_reasons.dump(None)) is None


def test_a_line_from_another_room_never_leaves(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    smuggled = Fact("Note", "canary", (Source(Origin.ITEM, "x", "private:A"),))
    honest = compose.letter

    def letter(task: compose.Task, letterhead: compose.Letterhead) -> wording.Letter:
        return replace(honest(task, letterhead), details=(smuggled,))

    monkeypatch.setattr(compose, "letter", letter)
    office.act("musa", "tell", text="once more", zone="shared")
    office.clock.advance(hours=1)
    before = len(office.memory.sent)
    assert office.deliver().parked
    assert len(office.memory.sent) == before
