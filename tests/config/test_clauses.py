"""The library of clauses: every wording can be filled in, and a definition carries those it names."""

from __future__ import annotations

import pytest

from config import clauses, load, vocabulary
from states import clauses as wordings
from states import errors
from states.effects.causes import FAMILIES

WORDS = vocabulary.shipped()
DISPUTE = load.load_shipped("dispute", vocabulary=WORDS)


@pytest.mark.parametrize("name", clauses.library())
def test_every_clause_can_be_filled_in(name: str) -> None:
    clause = clauses.library()[name]
    words = wordings.filled(clause, {blank: f"<{blank}>" for blank in clause.blanks})
    assert "{" not in words
    assert all(f"<{blank}>" in words for blank in clause.blanks)
    assert set(clause.suits) <= set(FAMILIES)


def test_the_dispute_carries_the_wordings_of_the_whole_library_itself() -> None:
    assert DISPUTE.clauses == clauses.library()
    assert "and notes who called" in DISPUTE.source.replace("\n", " ")
    again = load.load_text(DISPUTE.source, name="kept", vocabulary=WORDS)
    assert (again.hash, again.clauses) == (DISPUTE.hash, DISPUTE.clauses)


def test_an_office_adds_a_clause_of_its_own_and_takes_one_away() -> None:
    tea = "{review: null, tea: {title: Tea, text: 'Tea at {hour}.'}}"
    own = f"process: ours\nextends: dispute\ntitle: Ours\nclauses: {tea}\n"
    process = load.load_text(own, name="ours.yaml", vocabulary=WORDS)
    assert "review" not in process.clauses
    assert process.clauses["tea"].blanks == ("hour",)


def test_an_unknown_clause_is_told_with_its_line_and_the_nearest() -> None:
    text = "process: ours\nextends: dispute\ntitle: Ours\nclauses: [reviews]\n"
    with pytest.raises(errors.DefinitionError, match=r"ours.yaml:4: there is no clause “reviews”.*review"):
        load.load_text(text, name="ours.yaml", vocabulary=WORDS)
