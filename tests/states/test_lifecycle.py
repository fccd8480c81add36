"""The small machine of an item: a table of moves, asked one move at a time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from states import errors
from states.items import Note
from states.lifecycle import LIFECYCLES, Lifecycle

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def parcel() -> Lifecycle[Note]:
    before = LIFECYCLES.copy()
    moves = (("send", ("packed",), "sent"), ("open", ("sent", "returned"), "opened"), ("return", ("sent",), "returned"))
    made = Lifecycle(Note, initial="packed", moves=moves)
    LIFECYCLES.clear()
    LIFECYCLES.update(before)
    return made


def note(state: str) -> Note:
    return Note(id="n", zone="shared", by="amal", at=AT, state=state, text="a parcel")


def test_a_move_changes_the_state_and_whatever_else_is_given(parcel: Lifecycle[Note]) -> None:
    assert parcel.moved(note("packed"), "send", text="on its way") == Note(
        id="n", zone="shared", by="amal", at=AT, state="sent", text="on its way"
    )


def test_a_move_from_another_state_is_refused_with_the_states_it_needs(parcel: Lifecycle[Note]) -> None:
    with pytest.raises(errors.NeedsMissing, match="this note is packed; “open” needs one that is sent or returned"):
        parcel.moved(note("packed"), "open")


def test_the_table_tells_where_a_move_begins_and_which_states_are_final(parcel: Lifecycle[Note]) -> None:
    assert parcel.sources("open") == ("sent", "returned")
    assert parcel.final == {"opened"}
    assert parcel.allows(note("sent"), "return")
    assert not parcel.allows(note("opened"), "return")
