"""What the record keeps of why somebody was called, told again."""

from __future__ import annotations

from datetime import date

import pytest

from states import whys
from states.said import Said, tell


class Doubled:
    """A language that says every pattern twice."""

    def gettext(self, message: str, /) -> str:
        return message if message.startswith("%(first)s") else f"{message} / {message}"

    def ngettext(self, singular: str, plural: str, n: int, /) -> str:
        raise NotImplementedError


@pytest.mark.parametrize(
    "kept",
    [
        "Amal Deng was named for this case",
        "Amal Deng holds the post “area manager” (Juba) now, on the rota",
        "Amal named Bilal as deputy until 2026-12-03",
        "Amal is away until 2026-12-03; Bilal manages Amal",
        "Amal did not answer in time; no deputy, nobody next in a post and no manager can stand in",
        "nobody is named as Area manager, and no post or manager on file leads to anybody",
        "words of a person; with a break",
        "",
    ],
)
def test_it_reads_as_it_was_kept(kept: str) -> None:
    assert whys.told_again(kept) == kept


def test_it_is_told_in_another_language_with_the_names_in_their_places() -> None:
    again = whys.told_again("Amal is away until 2026-12-03; a word of her own; Bilal manages Amal")
    told = "Amal is away until 2026-12-03 / Amal is away until 2026-12-03; a word of her own; Bilal manages Amal"
    assert tell(again, Doubled()) == f"{told} / Bilal manages Amal"


def test_of_two_sentences_that_fit_the_one_that_says_more_is_found() -> None:
    again = whys.told_again("Amal named Bilal as deputy until 2026-12-03")
    assert isinstance(again, Said)
    assert again.values == {"person": "Amal", "deputy": "Bilal", "until": date(2026, 12, 3)}
