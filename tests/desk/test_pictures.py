"""The pictures of a case: what everybody may see in them, and the tables that say the same."""

from __future__ import annotations

import csv
import gzip
import io
import re

import pytest

from tests.desk.house import SECRET_OF_A, SECRET_OF_B, TEAM_SECRET, Front
from tests.desk.test_pages import READS, SESSIONS, get, text_of

PAGE = f"/cases/{SESSIONS}/pictures"
NAMES = ("stages", "dates", "stakeholders", "causes")


def table(front: Front, who: str, name: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(get(front, who, f"{PAGE}/{name}.csv").removeprefix("\ufeff"), newline="")))


def test_the_way_of_a_case_is_drawn_and_told(front: Front) -> None:
    words = text_of(get(front, "claire", PAGE))
    assert "How long the case stood at each stage" in words
    rows = table(front, "claire", "stages")
    assert rows[0] == ["Stage", "Reached by", "From", "Until", "How long"]
    assert [row[0] for row in rows[1:4]] == ["Draft", "Submitted", "Screening"]
    assert rows[3][1] == "Acknowledge"


def test_the_drawing_of_the_process_shows_the_way_and_how_long_each_stage_took(front: Front) -> None:
    drawing = get(front, "claire", f"/cases/{SESSIONS}/process.svg")
    assert re.search('class="line[^"]* taken"', drawing)
    assert ">here " in drawing


def test_reasons_and_stakeholders_are_drawn_from_what_is_on_file(front: Front) -> None:
    causes = table(front, "marie", "causes")
    assert "The clerk who knew them left" in {row[3] for row in causes}
    assert {row[0] for row in table(front, "claire", "stakeholders")[1:]} == {
        "Head of Herders association",
        "Head of Farmers council",
    }


@pytest.mark.parametrize("who", READS)
def test_pictures_show_nobody_what_they_may_not_read(front: Front, who: str) -> None:
    with front.client(who) as client:
        shown = "".join(client.get(path).text for path in (PAGE, *(f"{PAGE}/{name}.csv" for name in NAMES)))
    told = {secret for secret in (SECRET_OF_A, SECRET_OF_B, TEAM_SECRET) if secret in shown}
    assert told <= READS[who]
    if who in {"joseph", "marie", "peter"}:
        assert "Head of Farmers council" not in shown


def test_somebody_without_a_part_sees_no_picture(front: Front) -> None:
    with front.client("li") as client:
        answers = [
            client.get(path).status_code for path in (PAGE, f"{PAGE}/stages.csv", f"/cases/{SESSIONS}/process.svg")
        ]
        nowhere = client.get("/cases/D-1999-0001/pictures").status_code
    assert {*answers, nowhere} == {404}


def test_a_picture_that_is_not_there_is_refused_in_words(front: Front) -> None:
    with front.client("claire") as client:
        answer = client.get(f"{PAGE}/nothing.csv")
    assert answer.status_code == 404
    assert "no such picture" in answer.text


def test_the_page_of_pictures_is_light(front: Front) -> None:
    assert len(gzip.compress(get(front, "claire", PAGE).encode())) < 14_000
