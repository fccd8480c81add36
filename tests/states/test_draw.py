"""The drawings: well formed, complete, and laid out without one thing over another."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest

from config import load
from states import draw, layout, routing
from states.layout import Marks
from states.process import Process
from tests.states.definitions import GOOD, VOCABULARY

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def process() -> Process:
    text = GOOD.replace(
        "ladder:\n",
        "  sort_out: {label: Sort out at once, from: screening, to: closed, who: [convener], outcome: settled}\n"
        "  reopen: {label: Reopen <again>, from: closed, to: [], who: [convener]}\n"
        "  send_back: {label: Send back, from: talks, to: screening, who: [convener]}\n"
        "ladder:\n",
    ).replace("to: [], ", "to: screening, ")
    return load.load_text(text, name="small.yaml", vocabulary=VOCABULARY)


def root(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own drawing, of our own definition


def words(element: ET.Element) -> str:
    return " ".join(text.text or "" for text in element.iter(f"{SVG}text"))


def test_every_stage_stands_in_the_svg(process: Process) -> None:
    groups = [group for group in root(draw.svg(process)).iter(f"{SVG}g") if "data-stage" in group.attrib]
    assert [group.attrib["data-stage"] for group in groups] == list(process.stages)
    assert [process.stages[group.attrib["data-stage"]].label in words(group) for group in groups] == [True] * 3


def test_the_svg_says_who_has_the_duty_and_for_how_long(process: Process) -> None:
    screening = next(group for group in root(draw.svg(process)).iter(f"{SVG}g"))
    assert "Convener · 3 wd" in words(screening)


def test_acts_that_stay_are_counted_in_their_box(process: Process) -> None:
    screening = next(group for group in root(draw.svg(process)).iter(f"{SVG}g"))
    assert "1 act here" in words(screening)


def test_exits_by_silence_are_dashed_and_named(process: Process) -> None:
    drawing = root(draw.svg(process))
    silent = [path for path in drawing.iter(f"{SVG}path") if "silence" in path.attrib["class"].split()]
    assert len(silent) == 2
    assert "Admit by silence" in words(drawing)
    assert "silence: Close" in words(drawing)


def test_the_stage_where_the_case_stands_is_marked(process: Process) -> None:
    drawing = root(draw.svg(process, marks=Marks(current="talks", past=frozenset({"screening"}))))
    marks = {group.attrib["data-stage"]: group.attrib["class"].split() for group in drawing.iter(f"{SVG}g")}
    assert marks == {"screening": ["stage", "past"], "talks": ["stage", "current"], "closed": ["stage", "final"]}


def test_the_svg_speaks_to_those_who_cannot_see_it(process: Process) -> None:
    drawing = root(draw.svg(process, marks=Marks(current="talks"), title="S-2026-0001"))
    assert drawing.attrib["role"] == "img"
    assert drawing.findtext(f"{SVG}title") == "S-2026-0001"
    described = drawing.findtext(f"{SVG}desc") or ""
    assert "The case stands at Talks." in described
    assert "Screening to Talks: silence, Admit by silence" in described


def test_the_way_a_case_took_is_marked_with_the_time_it_was_there(process: Process) -> None:
    marks = Marks(current="talks", ways=frozenset({("screening", "talks", True)}), notes={"screening": "here 2 d 4 h"})
    drawing = root(draw.svg(process, marks=marks))
    taken = [path for path in drawing.iter(f"{SVG}path") if "taken" in path.attrib["class"].split()]
    assert len(taken) == 1
    assert "here 2 d 4 h" in words(next(group for group in drawing.iter(f"{SVG}g")))


def test_a_drawing_speaks_the_language_of_its_reader(process: Process) -> None:
    drawing = root(draw.svg(process, tell=str.swapcase))
    assert "tALKS" in words(drawing)
    assert "1 ACT HERE" in words(drawing)


def test_no_words_run_off_the_page(process: Process) -> None:
    drawing = root(draw.svg(process))
    width = float(drawing.attrib["width"])
    ends = [float(text.attrib["x"]) + routing.LETTER * len(text.text or "") for text in drawing.iter(f"{SVG}text")]
    assert max(ends) <= width


def test_labels_cannot_break_the_drawing(process: Process) -> None:
    assert "Reopen <again>" in words(root(draw.svg(process)))


def test_a_drawing_needs_nothing_from_elsewhere(process: Process) -> None:
    assert not re.search(r"(href|src|url\(|@import)", draw.svg(process))


def test_from_right_to_left_the_first_phase_stands_on_the_right(process: Process) -> None:
    drawing = root(draw.svg(process, rtl=True))
    assert drawing.attrib["direction"] == "rtl"
    left = {
        group.attrib["data-stage"]: float(group.find(f"{SVG}rect").attrib["x"])  # type: ignore[union-attr]
        for group in drawing.iter(f"{SVG}g")
    }
    assert left["screening"] > left["talks"] > left["closed"] > 0


def overlap(one: routing.Box, other: routing.Box) -> bool:
    across = one.x < other.x + routing.BOX_WIDTH and other.x < one.x + routing.BOX_WIDTH
    return across and one.y < other.y + other.height and other.y < one.y + one.height


def crosses(line: routing.Line, box: routing.Box) -> bool:
    return any(
        min(x1, x2) < box.x + routing.BOX_WIDTH
        and box.x < max(x1, x2)
        and min(y1, y2) < box.y + box.height
        and box.y < max(y1, y2)
        for (x1, y1), (x2, y2) in pairwise(line.points)
    )


def large() -> Process:
    """Two dozen stages in six phases, with ways forward, back, over and within."""
    stages = [f"s{number}" for number in range(24)]
    duty = "duty: convener, clock: 1 wd, silence: {means: Up., fires: climb}"
    written = "".join(
        f"  {name}: {{label: Stage {name}, phase: p{number // 4}, {duty}}}\n" for number, name in enumerate(stages)
    )
    hops = [(at, at + hop) for hop in (1, 4, 5, 9, -1, -3, -7) for at in range(24) if 0 <= at + hop < 24]
    acts = "".join(
        f"  t{a}_{b}: {{label: Go from {a} to {b}, from: s{a}, to: s{b}, who: [convener]}}\n" for a, b in hops
    )
    head, rest = GOOD.split("initial: screening\n")
    head = head.replace("{intake: Intake,", "{p0: A, p1: B, p2: C, p3: D, p4: E, p5: F, intake: Intake,")
    rest = rest.replace("stages:\n", "stages:\n" + written, 1).replace("triggers:\n", f"triggers:\n{acts}", 1)
    rest = rest.replace("ladder:\n", "  in: {label: In, from: s23, to: screening, who: [clock, convener]}\nladder:\n")
    return load.load_text(f"{head}initial: s0\n{rest}", name="large.yaml", vocabulary=VOCABULARY)


@pytest.mark.parametrize("made", [large, lambda: load.load_text(GOOD, name="small.yaml", vocabulary=VOCABULARY)])
def test_no_box_lies_over_another_and_no_line_runs_through_one(made: object) -> None:
    picture = layout.lay_out(made())  # type: ignore[operator]
    assert [pair for pair in combinations(picture.boxes, 2) if overlap(*pair)] == []
    through = [(line, box) for line in picture.lines for box in picture.boxes if crosses(line, box)]
    assert [(line.source.stage, line.to.stage, box.stage) for line, box in through] == []


def test_no_label_lies_over_another_nor_outside_the_page() -> None:
    picture = layout.lay_out(large())
    taken = []
    for line in picture.lines:
        x, y = line.label_at
        taken.append(
            (x, y - 10, x + routing.LETTER * max(map(len, line.label)), y + routing.LINE_HEIGHT * (len(line.label) - 1))
        )
    assert all(left >= 0 and right <= picture.width and top > 0 for left, top, right, _ in taken)
    pairs = combinations(taken, 2)
    assert [(a, b) for a, b in pairs if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]] == []


def test_a_drawing_is_the_same_every_time() -> None:
    assert draw.svg(large()) == draw.svg(large())


def test_the_mermaid_text_names_every_stage_phase_and_way(process: Process) -> None:
    text = draw.mermaid(process)
    assert text.startswith("stateDiagram-v2\n")
    for stage in process.stages.values():
        assert f'state "{stage.label}" as {stage.name}\n' in text
    for label in process.phases.values():
        assert f'state "{label}" as phase_' in text
    assert "    [*] --> screening\n" in text
    assert "    screening --> talks: Admit the case\n" in text
    assert "    talks --> closed: silence - Close without an answer\n" in text
    assert "    closed --> [*]\n" in text


def test_no_label_can_end_a_line_of_mermaid_early(process: Process) -> None:
    assert all(line.count(":") <= 1 and ";" not in line for line in draw.mermaid(process).splitlines())
