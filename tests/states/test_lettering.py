"""The room that words take in a drawing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from states import lettering


@pytest.mark.parametrize(("text", "room"), [("abc", 3), ("停火", 4), ("e\u0301", 1), ("سلام", 4), ("", 0)])
def test_signs_take_the_room_they_take(text: str, room: int) -> None:
    assert lettering.width(text) == room


def test_chinese_is_broken_between_its_signs_and_others_between_words() -> None:
    assert lettering.wrapped("调解员提出建议", 6) == ["调解员", "提出建", "议"]
    assert lettering.wrapped("Answer the notice", 10) == ["Answer the", "notice"]


@given(st.text(max_size=60), st.integers(3, 20))
def test_no_line_is_longer_than_there_is_room(text: str, letters: int) -> None:
    assert all(lettering.width(line) <= letters for line in lettering.wrapped(text, letters))
    assert lettering.width(lettering.shortened(text, letters)) <= letters


def test_a_cut_says_that_something_is_left_out() -> None:
    assert lettering.shortened("Area committee of the lower valley", 14) == "Area committe…"
    assert lettering.shortened("  Two\n words ", 14) == "Two words"
