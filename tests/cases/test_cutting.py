"""How text is cut into words: whatever way a letter was typed, it is found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import cutting
from cases.search_words import parse
from states import errors

TEXTS = st.text(alphabet=st.sampled_from("aáÀ中国文件أ\u0627ة\u0647 \u06612٣,.-'\u064e\u0640ßİЙ\u200b"), max_size=30)


def words(text: str) -> list[str]:
    """Returns the word of each place."""
    return [slot.told for slot in cutting.slots(text)]


@pytest.mark.parametrize(
    ("typed", "as_well"),
    [
        ("Réunion", "REUNION"),
        ("cafe\u0301", "café"),
        ("straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("Ёлка", "елка"),
        ("ﬁle", "file"),
        ("\uff21\uff14", "a4"),
        ("co\u00adoperation", "cooperation"),
        ("أحمد", "احمد"),
        ("إتفاق", "اتفاق"),
        ("قضيّة", "قضيه"),
        ("مُحَمَّد", "محمد"),
        ("مـــيـــاه", "مياه"),
        ("مستشفى", "مستشفي"),
        ("ک", "ك"),
        ("١٢٣", "123"),
    ],
)
def test_ways_to_type_one_word_are_one_word(typed: str, as_well: str) -> None:
    assert words(typed) == words(as_well)
    assert len(words(typed)) == 1


@pytest.mark.parametrize(
    "number",
    ["1,000,000", "1.000.000", "1'000'000", "1\u202f000\u202f000", "\u0661٬\u0660\u0660\u0660٬\u0660\u0660\u0660"],
)
def test_a_number_is_one_word_however_it_is_grouped(number: str) -> None:
    assert words(number) == ["1000000"]


def test_a_case_number_is_its_parts_side_by_side() -> None:
    assert words("D-2026-0042") == ["d", "2026", "0042"]


def test_chinese_is_cut_into_overlapping_pairs() -> None:
    assert words("调解协议 A4") == ["调解", "解协", "协议", "议", "a4"]
    assert cutting.words_of(["水井"]) == {"水", "水井", "井"}


@pytest.mark.parametrize("part", ["调解", "解", "协议", "解协议", "调解协议"])
def test_any_part_of_a_chinese_text_is_found(part: str) -> None:
    assert parse(part).finds(["双方签署调解协议。"])


def test_signs_in_another_order_are_not_found() -> None:
    assert not parse("解调").finds(["双方签署调解协议。"])


@given(TEXTS)
def test_every_text_with_words_is_found_by_itself(text: str) -> None:
    if words(text):
        assert parse(f'"{text}"').finds([text])


@given(TEXTS)
def test_the_places_of_a_text_lie_in_it_in_order(text: str) -> None:
    places = list(cutting.slots(text))
    assert all(0 <= slot.start < slot.end <= len(text) for slot in places)
    assert [slot.start for slot in places] == sorted(slot.start for slot in places)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("water wells", True),
        ("wells water", True),
        ("water pump", False),
        ('"the wells"', True),
        ('"wells the"', False),
        ("wat*", True),
        ("ells*", False),
        ('"the wel"', False),
        ("water -pump", True),
        ("water -wells", False),
        ('water -"the wells"', False),
        ('water -"wells the"', True),
        ("“the wells”", True),
        ('"the wells', True),
        ("wells-december", True),
        ("december-wells", False),
    ],
)
def test_words_phrases_beginnings_and_what_must_not_be_there(asked: str, found: bool) -> None:  # noqa: FBT001 - a case
    assert parse(asked).finds(["Who may water cattle at the wells? December."]) is found


def test_words_of_one_phrase_stand_in_one_text() -> None:
    assert not parse('"wells december"').finds(["at the wells", "December"])
    assert parse("wells december").finds(["at the wells", "December"])


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("", "type at least one word"),
        ("  ?! ", "type at least one word"),
        ("-pump", "a word after a minus only leaves things out"),
        ("x" * 201, "may be 200 letters long"),
        ("a " * 21, "may have 20 words"),
    ],
)
def test_a_search_that_cannot_be_done_says_why(asked: str, told: str) -> None:
    with pytest.raises(errors.NeedsMissing, match=told):
        parse(asked)


def test_an_excerpt_shows_what_was_found_as_it_was_written() -> None:
    text = f"{'before ' * 30}La réunion à Wau{' after' * 30}"
    parts = parse("REUNION wau").excerpt(["nothing", text])
    assert [part.text for part in parts if part.found] == ["réunion", "Wau"]
    told = "".join(part.text for part in parts)
    assert told.startswith("… before")
    assert told.endswith("after …")
    assert len(told) < 200
