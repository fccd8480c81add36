"""Tests of the versions of an agreement: each is found in the record, by whoever may read it, and compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import comparison, queries, versions
from cases.comparison import Fate, Piece
from cases.queries import Version
from states import errors
from states.events import CaseReopened, ItemRecorded
from states.items import Agreement, Item, Obligation
from tests.cases.builders import happen
from tests.cases.watched import START, House, viewer

TEXT = Agreement(
    id="text", zone="shared", by="mo", at=START, state="drafting", text="The wells open at eight.", summary="The wells"
)
SEALED = replace(TEXT, state="ratification", text_hash="5ea1")


def term(name: str, action: str, **changes: Any) -> Obligation:  # noqa: ANN401 - any fields of the term
    common: dict[str, Any] = {
        "zone": "shared",
        "by": "mo",
        "at": START,
        "state": "planned",
        "owner": "A",
        "verifier": "B",
    }
    return Obligation(**{"id": name, "action": action, "due_at": START + timedelta(days=9), **common, **changes})


def written(house: House, *steps: Item | tuple[Item, ...], zone: str = "shared") -> str:
    """Opens a case, records one event for each step, an hour apart, and returns its id."""
    case_id = house.filed()
    for step in steps:
        house.clock.advance(hours=1)
        changes = [ItemRecorded(item) for item in (step if isinstance(step, tuple) else (step,))]
        happen(house.record, case_id, *changes, by="mo", at=house.clock.now(), zone=zone)
    return case_id


def found(house: House, case_id: str, who: str = "mo") -> tuple[Version, ...]:
    return queries.versions(house.record, viewer(who), case_id)


def test_every_change_of_the_text_or_its_terms_is_a_version_and_what_is_done_with_it_is_none(house: House) -> None:
    rewritten = replace(TEXT, text="The wells open at nine.")
    case_id = written(
        house, TEXT, term("t1", "Repair the pump"), rewritten, replace(rewritten, state="ratification", text_hash="aa"),
        replace(rewritten, state="signature", text_hash="aa"), replace(rewritten, state="in force", text_hash="aa"),
    )  # fmt: skip
    told = [(one.number, one.changed, one.seal, len(one.terms)) for one in found(house, case_id)]
    assert told == [(1, (), "", 0), (2, ("terms",), "", 1), (3, ("text",), "aa", 1)]


def test_a_version_names_who_wrote_it_when(house: House) -> None:
    (one,) = found(house, written(house, TEXT))
    assert (one.entry.actor_name, one.entry.at) == ("Mo", START + timedelta(hours=1))


def test_what_becomes_of_a_promise_after_signing_makes_no_version(house: House) -> None:
    promise = term("t1", "Repair the pump")
    in_force = (replace(SEALED, state="in force"), replace(promise, state="due"))
    moved = replace(promise, state="due", due_at=START + timedelta(days=30))
    (_, last) = found(house, written(house, TEXT, promise, SEALED, in_force, moved))
    assert [one.due_at for one in last.terms] == [promise.due_at]
    assert last.seal == "5ea1"


def test_a_term_that_is_taken_out_and_one_that_changes_are_told_apart(house: House) -> None:
    out, kept = term("t1", "Repair the pump"), term("t2", "Open the gate at eight")
    gone = (replace(out, state="removed"), replace(kept, action="Open the gate at nine"), term("t3", "Pay the vet"))
    case_id = written(house, TEXT, (out, kept), gone)
    difference = versions.difference(*versions.pair(found(house, case_id), before=2, after=3))
    assert {row.id: row.fate for row in difference.terms} == {
        "t1": Fate.DELETED, "t2": Fate.CHANGED, "t3": Fate.INSERTED,
    }  # fmt: skip
    action = next(part for row in difference.terms if row.id == "t2" for part in row.fields if part.name == "action")
    assert action.pieces == (
        Piece(Fate.KEPT, "Open the gate at "), Piece(Fate.DELETED, "eight"), Piece(Fate.INSERTED, "nine"),
    )  # fmt: skip
    assert not difference.nothing


def test_the_newest_is_compared_with_the_last_one_that_was_put_before_the_parties(house: House) -> None:
    texts = [replace(TEXT, text=f"Text {number}") for number in range(5)]
    sealed = replace(texts[1], state="ratification", text_hash="bb")
    case_id = written(house, texts[0], texts[1], sealed, texts[2], texts[3])
    assert [one.number for one in versions.pair(found(house, case_id))] == [2, 4]
    assert [one.number for one in versions.pair(found(house, case_id), after=2)] == [1, 2]
    assert [one.number for one in versions.pair(found(house, case_id), before=4, after=1)] == [4, 1]


def test_a_text_that_was_written_once_reads_like_itself(house: House) -> None:
    assert versions.difference(*versions.pair(found(house, written(house, TEXT)))).nothing


@pytest.mark.parametrize("number", [0, -1, 2, 99])
def test_a_version_that_is_not_there_is_refused_with_those_that_are(house: House, number: int) -> None:
    case_id = written(house, TEXT)
    with pytest.raises(errors.NotFound, match="choose one from 1 to 1"):
        versions.pair(found(house, case_id), before=number)


def test_no_version_is_told_of_a_text_in_a_room_that_is_not_the_readers(house: House) -> None:
    secret = replace(TEXT, zone="caucus:A", text="A secret draft")
    case_id = written(house, secret, zone="caucus:A")
    assert {who: len(found(house, case_id, who)) for who in ("mo", "amal", "bilal", "cora")} == {
        "mo": 1, "amal": 1, "bilal": 0, "cora": 0,
    }  # fmt: skip
    with pytest.raises(errors.NotFound, match="no agreement was written yet, or it is not yours to see"):
        versions.pair(found(house, case_id, "bilal"))


def test_a_term_in_another_room_is_no_part_of_what_a_reader_compares(house: House) -> None:
    hidden = term("t1", "A secret promise", zone="caucus:A")
    case_id = written(house, (TEXT, hidden))
    assert [len(found(house, case_id, who)[0].terms) for who in ("amal", "bilal")] == [1, 0]
    assert "secret" not in repr(found(house, case_id, "bilal"))


def test_a_stranger_is_told_of_no_case(house: House) -> None:
    with pytest.raises(errors.NotFound):
        found(house, written(house, TEXT), "zoe")


def test_terms_of_an_earlier_cycle_do_not_belong_to_a_new_text(house: House) -> None:
    case_id = written(house, TEXT, term("t1", "Repair the pump"))
    house.clock.advance(hours=1)
    now = house.clock.now()
    happen(house.record, case_id, CaseReopened(now), by="mo", at=now)
    happen(house.record, case_id, ItemRecorded(replace(TEXT, id="again", at=now)), by="mo", at=now)
    last = found(house, case_id)[-1]
    assert (last.agreement.id, last.terms, last.changed) == ("again", (), ())


def test_words_are_compared_and_spaces_are_not() -> None:
    told = comparison.texts("The  wells open\nat eight.", "The wells open\nat nine each day.")
    assert [(one.fate, one.text) for one in told] == [
        (Fate.KEPT, "The wells open\nat "), (Fate.DELETED, "eight."), (Fate.INSERTED, "nine each day."),
    ]  # fmt: skip


def test_a_script_without_spaces_is_compared_sign_by_sign() -> None:
    told = comparison.texts("\u4e95\u6c34\u516d\u70b9\u5f00", "\u4e95\u6c34\u4e03\u70b9\u5f00")
    assert [one.text for one in told] == ["\u4e95\u6c34", "\u516d", "\u4e03", "\u70b9\u5f00"]


def test_texts_too_long_to_weigh_word_by_word_are_told_as_replaced() -> None:
    before, after = "a " * 3000, "b " * 3000
    assert comparison.texts(before, after) == (Piece(Fate.DELETED, before), Piece(Fate.INSERTED, after))


@given(st.text("ab \n.\u4e95", max_size=60), st.text("ab \n.\u4e95", max_size=60))
def test_a_comparison_holds_the_whole_of_the_new_text_and_the_words_of_the_old(before: str, after: str) -> None:
    told = comparison.texts(before, after)
    assert "".join(one.text for one in told if one.fate is not Fate.DELETED) == after
    old = "".join(one.text for one in told if one.fate is not Fate.INSERTED)
    assert "".join(old.split()) == "".join(before.split())
