"""The brief as a paper: the same for both sides, made of what they share, with what silence means and by when."""

from __future__ import annotations

import io

import pypdf
import pytest

from cases import queries
from desk import printing
from desk.rendering import make_renderer
from states import errors
from tests.desk.house import House

SESSIONS = "D-2026-0001"
READERS = ("joseph", "marie", "claire", "nadia")


def asked(house: House) -> str:
    """Let the mediator ask the next tier, and one side write its column; return the id of the question."""
    case_id = queries.case_for(house.record, queries.Viewer(house.directory.actor("nadia")), SESSIONS)[1].id
    house.act("nadia", case_id, "escalate", text="Who keeps the key of the well?")
    _, case = queries.case_for(house.record, queries.Viewer(house.directory.actor("nadia")), SESSIONS)
    question = next(item.id for item in case.items if item.kind == "question")
    house.act("joseph", case_id, "annotate", question=question, interest="Water at dawn", facts="The pump is ours")
    house.act("nadia", case_id, "add_note", text="canary of the team", zone="team")
    return question


def press(house: House) -> printing.Press:
    return printing.Press(
        record=house.record,
        directory=house.directory,
        renderer=make_renderer(),
        name="The desk",
        now=house.clock.now(),
        alone=True,
    )


def brief(house: House, who: str, **more: str) -> str:
    person = house.directory.person(who)
    return printing.compose(press(house), person, SESSIONS, asked=printing.wanted("brief", **more)).html


def test_the_brief_shows_both_columns_and_what_silence_means(house: House) -> None:
    asked(house)
    page = brief(house, "marie")
    assert "Who keeps the key of the well?" in page
    assert "Water at dawn" in page
    assert "This side has written nothing yet." in page
    assert "The brief leaves with what both sides have written by then." in page


def test_everybody_reads_the_very_same_brief_and_no_word_of_another_room(house: House) -> None:
    asked(house)
    pages = {brief(house, who) for who in READERS}
    assert len(pages) == 1
    assert "canary" not in pages.pop()


@pytest.mark.parametrize("zone", ["team", "caucus:A"])
def test_no_room_can_be_added_to_a_brief(house: House, zone: str) -> None:
    asked(house)
    assert printing.wanted("brief", (zone,)).zones == {"shared"}


def test_a_brief_is_drawn_on_paper_too(house: House) -> None:
    asked(house)
    made = printing.compose(press(house), house.directory.person("marie"), SESSIONS, asked=printing.wanted("brief"))
    read = pypdf.PdfReader(io.BytesIO(printing.as_pdf(press(house), made)))
    assert "Who keeps the key of the well?" in " ".join(page.extract_text() for page in read.pages)


def test_without_a_question_there_is_no_brief(house: House) -> None:
    with pytest.raises(errors.NotFound, match="no such question"):
        brief(house, "marie")
    asked(house)
    with pytest.raises(errors.NotFound, match="no such question"):
        brief(house, "marie", item="another")


def test_a_stranger_gets_no_brief(house: House) -> None:
    asked(house)
    with pytest.raises(errors.NotFound):
        brief(house, "li")
