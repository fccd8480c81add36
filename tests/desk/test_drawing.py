"""The drawing room: pictures that say what their tables say, mirrored for who reads from right to left."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import csv_files
from desk.drawing import bars, dates_line, grid, pen, tree
from desk.drawing.bars import Bar, Part
from desk.drawing.dates_line import Mark
from desk.drawing.grid import Grid, Name
from desk.drawing.pen import ACCENT, Pen
from desk.drawing.tree import Branch, Node
from desk.words import Words

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
ENGLISH = Words(language="en", timezone="Africa/Juba", now=NOW)
ARABIC = Words(language="ar", timezone="Africa/Juba", now=NOW)
TWO = (Bar("Screening", "3", (Part(3, ACCENT, "three"),)), Bar("Talks <b>", "6", (Part(2, ACCENT, "two"),)))


def root(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own drawing


def shares(drawing: ET.Element) -> list[tuple[float, float]]:
    """Returns where each bar begins and how long it is, without the grounds."""
    found = [one for one in drawing.iter("rect") if one.attrib["fill"] == ACCENT]
    return [(float(one.attrib["x"][:-1]), float(one.attrib["width"][:-1])) for one in found]


def test_a_bar_is_as_long_as_what_it_stands_for() -> None:
    drawing = root(bars.draw(Pen(ENGLISH), TWO, title="Stages", description="How long"))
    assert shares(drawing) == [(0, 100), (0, pytest.approx(66.67))]
    assert (drawing.attrib["role"], drawing.findtext("title"), drawing.findtext("desc")) == (
        "img",
        "Stages",
        "How long",
    )


def test_from_right_to_left_bars_begin_at_the_right() -> None:
    drawing = root(bars.draw(Pen(ARABIC), TWO, title="Stages", description="How long"))
    assert shares(drawing) == [(0, 100), (pytest.approx(33.33), pytest.approx(66.67))]
    assert drawing.attrib["direction"] == "rtl"


def test_a_long_name_is_broken_into_the_room_there_is_on_a_telephone() -> None:
    long = Bar("The committee of the lower valley and its five committees", "1", (Part(1, ACCENT, ""),))
    drawing = root(bars.draw(Pen(ENGLISH), [long], title="T", description="D"))
    *lines, total = [one.text or "" for one in drawing.iter("text")]
    assert (" ".join(lines), total) == (long.name, "1")
    assert all(len(line) * pen.LETTER <= pen.NARROW for line in lines)


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs")), max_size=30))
def test_no_words_can_break_a_picture(words: str) -> None:
    chain = [Node(words, words, "agreed"), Node(words)]
    drawing = tree.draw(Pen(ENGLISH), [Branch(words, [chain])], title=words, description=words)
    assert root(drawing).findtext("title") == words


def test_pictures_bring_no_style_and_fetch_nothing() -> None:
    made = bars.draw(Pen(ENGLISH), TWO, title="T", description="D")
    assert not re.search(r"style|href|src|url\(|<script", made)


def marks(*days: float) -> list[Mark]:
    return [Mark(number, NOW + timedelta(days=day), "due") for number, day in enumerate(days, start=1)]


def dots(drawing: ET.Element) -> list[tuple[float, float]]:
    return [(float(one.attrib["cx"][:-1]), float(one.attrib["cy"])) for one in drawing.iter("circle")]


def test_dates_that_are_close_stand_above_each_other_so_that_none_is_hidden() -> None:
    drawing = root(dates_line.draw(Pen(ENGLISH), marks(1, 1, 2, 30), title="T", description="D", zone="Africa/Juba"))
    found = dots(drawing)
    assert len(set(found)) == 4
    room = 2 * 11 / 270 * 100
    close = [(a, b) for a in found for b in found if a < b and abs(a[0] - b[0]) < room and abs(a[1] - b[1]) < 22]
    assert close == []


def test_what_is_overdue_stands_at_the_beginning_and_a_later_date_further_on() -> None:
    places = [x for x, _ in dots(root(dates_line.draw(
        Pen(ENGLISH), marks(-3, 10, 20), title="T", description="D", zone="Africa/Juba"
    )))]  # fmt: skip
    assert places == sorted(places)
    mirrored = [x for x, _ in dots(root(dates_line.draw(
        Pen(ARABIC), marks(-3, 10, 20), title="T", description="D", zone="Africa/Juba"
    )))]  # fmt: skip
    assert mirrored == [pytest.approx(100 - place) for place in places]


def test_every_name_stands_in_its_cell_of_the_map() -> None:
    table = Grid(rows=("decides", "advises"), columns=("A", "B"), cells={(0, 1): [Name("Lars")], (1, 0): [Name("Ada")]})
    drawing = root(grid.draw(Pen(ENGLISH), table, title="T", description="D"))
    at = {span.text: (float(span.attrib["x"]), float(span.attrib["y"])) for span in drawing.iter("tspan")}
    assert at["Lars"][0] > at["Ada"][0]
    assert at["decides"][1] <= at["Lars"][1] < at["advises"][1] <= at["Ada"][1]


def test_reasons_stand_below_each_other_and_chains_beside_each_other() -> None:
    branch = Branch("Who drinks first?", [[Node("No calendar"), Node("The clerk left")], [Node("No list")]])
    drawing = root(tree.draw(Pen(ENGLISH), [branch], title="T", description="D"))
    at = {span.text: (float(span.attrib["x"]), float(span.attrib["y"])) for span in drawing.iter("tspan")}
    assert at["Who drinks first?"][1] < at["No calendar"][1] < at["The clerk left"][1]
    assert at["No list"][0] > at["No calendar"][0]
    assert at["No list"][1] == at["No calendar"][1]


def test_a_table_as_a_file_gives_no_program_a_formula() -> None:
    evil = ["=1+1", "+1", "-1", "@sum", "\tx", "\rx", "plain, with comma", 'a "quote"', "two\nlines"]
    written = csv_files.written(["What"], [[one] for one in evil], ENGLISH)
    read = [row[0] for row in csv.reader(io.StringIO(written, newline=""))]
    assert read == ["What", *(f"'{one}" for one in evil[:6]), *evil[6:]]
    assert written.endswith("\r\n")


def test_numbers_stay_numbers_and_small_ones_are_not_told() -> None:
    assert csv_files.written(["A", "B"], [[-3, None]], ENGLISH) == "A,B\r\n-3,under 5\r\n"


def test_the_file_says_that_it_is_utf_8_and_is_kept_not_shown() -> None:
    answer = csv_files.answer("stages", ["A"], [["é"]], ENGLISH)
    assert bytes(answer.body).startswith(b"\xef\xbb\xbfA\r\n")
    assert answer.headers["content-disposition"] == 'attachment; filename="stages.csv"'
