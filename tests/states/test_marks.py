"""How names and words are spelled so that two writings of one thing are the same."""

import pytest

from states import marks


@pytest.mark.parametrize(
    ("one", "other"), [("Kworijík", "KWORIJIK"), ("MOU § 4.2", "mou 4-2"), ("Slot_14 ", "slot 14"), ("أَرض", "ارض")]
)
def test_two_writings_of_one_name_are_one_key(one: str, other: str) -> None:
    assert marks.key_of(one) == marks.key_of(other) != ""


def test_words_are_singular_and_everyday_ones_are_left_out() -> None:
    assert marks.words_of("Who repairs the wells and the access road?") == {"repair", "well", "access", "road"}
    assert marks.words_of("Who may, and why?") == frozenset()
