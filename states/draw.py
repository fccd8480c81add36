"""Draws a process: as Mermaid text, and as an SVG that needs no browser, program or style sheet besides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from states import check_paths, layout, lettering, routing
from states.layout import Marks
from states.said import Said, say, together

if TYPE_CHECKING:
    from states.check_paths import Edge
    from states.layout import Picture, Tell
    from states.process import Process
    from states.routing import Box, Line, Point

_ROUND = 9
_MARGIN = 20
STYLE = """
.process{--ink:#16202a;--paper:#ffffff;--wash:#f2f5f7;--muted:#4a5763;--rule:#c4ccd4;--line:#6b7782;--warn:#7a4100;
--accent:#0a4f8f;--here:#e3eef8;--done:#e2f3e8;--ok:#0b5f34;font-family:system-ui,"Noto Sans",sans-serif}
@media(prefers-color-scheme:dark){.process{--ink:#e8edf1;--paper:#12181e;--wash:#1b232b;--muted:#b3bec8;--rule:#3b4752;
--line:#8794a0;--warn:#f6c77d;--accent:#8fc4f5;--here:#12283c;--done:#12301f;--ok:#8fdcae}}
.process text{unicode-bidi:plaintext}
.process .page{fill:var(--paper)}
.process .column{fill:var(--wash)}
.process .phase{font-size:13px;font-weight:650;fill:var(--muted);letter-spacing:.02em}
.process .box{fill:var(--paper);stroke:var(--rule);stroke-width:1.5}
.process .final .box{stroke:var(--muted);stroke-width:3}
.process .past .box{fill:var(--done);stroke:var(--ok)}
.process .current .box{fill:var(--here);stroke:var(--accent);stroke-width:3}
.process .name{font-size:14px;font-weight:650;fill:var(--ink)}
.process .duty,.process .acts,.process .exit{font-size:11.5px;fill:var(--muted)}
.process .silent{font-size:11.5px;fill:var(--warn)}
.process .line{fill:none;stroke:var(--line);stroke-width:1.5}
.process .line.silence{stroke:var(--warn);stroke-dasharray:5 4}
.process .head{fill:var(--line)}
.process .head.silence{fill:var(--warn)}
.process .line.taken{stroke:var(--ok);stroke-width:3}
.process .head.taken{fill:var(--ok)}
.process .spent{font-size:12px;font-weight:650;fill:var(--ok)}
.process .label{font-size:11.5px;fill:var(--ink);paint-order:stroke;stroke:var(--paper);stroke-width:4px;
stroke-linejoin:round}
.process .label.silence{fill:var(--warn)}
"""
"""The colours a drawing brings along when it stands alone, light and dark."""


def mermaid(process: Process) -> str:
    """Draw a process as a Mermaid state diagram: phases as composite states, exits by silence labelled as such."""
    lines = ["stateDiagram-v2", "    direction LR"]
    for phase, label in process.phases.items():
        inside = [stage for stage in process.stages.values() if stage.phase == phase]
        if inside:
            lines.append(f'    state "{_plain(label)}" as phase_{phase} {{')
            lines += [f'        state "{_plain(stage.label)}" as {stage.name}' for stage in inside]
            lines.append("    }")
    lines.append(f"    [*] --> {process.initial}")
    for edge in check_paths.edges(process):
        label = _plain(process.triggers[edge.trigger].label)
        lines.append(f"    {edge.source} --> {edge.to}: {'silence - ' if edge.silent else ''}{label}")
    lines += [f"    {stage.name} --> [*]" for stage in process.stages.values() if stage.final]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return " ".join(text.replace('"', "'").replace(":", " -").replace(";", ",").split())


def svg(
    process: Process,
    *,
    marks: Marks | None = None,
    title: str | None = None,
    rtl: bool = False,
    tell: Tell = str,
) -> str:
    """Draw a process as an SVG that stands alone, light or dark as the reader prefers.

    `marks` are those of a case; `rtl` runs the phases from right to left, and `tell` speaks the reader's language.
    """
    marked = marks or Marks()
    picture = layout.lay_out(process, notes=marked.notes, tell=tell)
    pen = _Pen(picture, rtl=rtl)
    letters = int((picture.width - 2 * _MARGIN) / routing.LETTER)
    told = [(kind, tell(text)) for kind, text in _footer(process, picture, tell)]
    notes = [(kind, line) for kind, text in told for line in lettering.wrapped(text, letters)]
    height = picture.height + 20 + 18 * len(notes)
    parts = [
        *_phases(picture, pen),
        *(part for line in picture.lines for part in _line(line, pen, marked)),
        *(part for box in picture.boxes for part in _box(box, pen, _marks(process, box, marked))),
        *(part for line in picture.lines for part in _label(line, pen)),
        *(pen.text(_MARGIN, picture.floor + 32 + 18 * row, text, kind) for row, (kind, text) in enumerate(notes)),
    ]
    size = f'viewBox="0 0 {picture.width:g} {height:g}" width="{picture.width:g}" height="{height:g}"'
    direction = ' direction="rtl"' if rtl else ""
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" class="process" role="img" {size}{direction}>'
    described = escape(_described(process, marked, tell))
    heading = f"<title>{escape(tell(title or process.title))}</title><desc>{described}</desc>"
    page = f'<rect class="page" width="{picture.width:g}" height="{height:g}"/>'
    return "\n".join([opening, heading, f"<style>{STYLE}</style>", page, *parts, "</svg>"]) + "\n"


class _Pen:
    """Writes marks on the page, mirrored when it is read from right to left."""

    def __init__(self, picture: Picture, *, rtl: bool) -> None:
        self._width = picture.width
        self._rtl = rtl

    def x(self, x: float) -> float:
        """Turn a place on the page into one as it is read."""
        return self._width - x if self._rtl else x

    def rect(self, kind: str, at: Point, size: Point) -> str:
        """Write a rounded rectangle."""
        left = self.x(at[0] + size[0]) if self._rtl else at[0]
        return (
            f'<rect class="{kind}" x="{left:g}" y="{at[1]:g}" width="{size[0]:g}" height="{size[1]:g}" rx="{_ROUND}"/>'
        )

    def text(self, x: float, y: float, words: str, kind: str) -> str:
        """Write words that begin at a place."""
        return f'<text class="{kind}" x="{self.x(x):g}" y="{y:g}">{escape(words)}</text>'

    def path(self, points: Iterable[Point]) -> str:
        """Write the coordinates of points."""
        return " ".join(f"{self.x(x):g},{y:g}" for x, y in points)


def _phases(picture: Picture, pen: _Pen) -> Iterator[str]:
    for label, left in picture.phases:
        yield pen.rect("column", (left - 10, 8), (routing.BOX_WIDTH + 20, picture.floor - 4))
        yield pen.text(left, 32, label, "phase")


def _marks(process: Process, box: Box, marked: Marks) -> str:
    marks = {
        "final": process.stages[box.stage].final,
        "past": box.stage in marked.past and box.stage != marked.current,
        "current": box.stage == marked.current,
    }
    return " ".join(["stage", *(mark for mark, holds in marks.items() if holds)])


def _box(box: Box, pen: _Pen, marks: str) -> Iterator[str]:
    yield f'<g class="{marks}" data-stage={quoteattr(box.stage)}>'
    yield pen.rect("box", (box.x, box.y), (routing.BOX_WIDTH, box.height))
    y = box.y + 25
    for words in box.name:
        yield pen.text(box.x + 13, y, words, "name")
        y += 17
    for kind, words in box.notes:
        yield pen.text(box.x + 13, y, words, kind)
        y += 15
    yield "</g>"


def _line(line: Line, pen: _Pen, marked: Marks) -> Iterator[str]:
    taken = " taken" if (line.source.stage, line.to.stage, line.silent) in marked.ways else ""
    kind = f"{' silence' if line.silent else ''}{taken}"
    yield f'<path class="line{kind}" d="{_curve(line, pen) if line.curved else _bends(line.points, pen)}"/>'
    if line.joins:
        return
    (before, _), (x, y) = line.points[-2:]
    if before == x:
        corners = [(x, y), (x - 4.5, y - 8), (x + 4.5, y - 8)]
    else:
        back = -8 if before < x else 8
        corners = [(x, y), (x + back, y - 4.5), (x + back, y + 4.5)]
    yield f'<polygon class="head{kind}" points="{pen.path(corners)}"/>'


def _curve(line: Line, pen: _Pen) -> str:
    begin, bend, end = line.points
    half = (bend[0] + end[0]) / 2
    return f"M{pen.path([begin])} L{pen.path([bend])} C{pen.path([(half, bend[1]), (half, end[1]), end])}"


def _bends(points: list[Point], pen: _Pen) -> str:
    drawn = [f"M{pen.path(points[:1])}"]
    for (before, corner), (_, after) in pairwise(pairwise(points)):
        near, far = _towards(corner, before), _towards(corner, after)
        drawn.append(f"L{pen.path([near])} Q{pen.path([corner, far])}")
    return " ".join([*drawn, f"L{pen.path(points[-1:])}"])


def _towards(corner: Point, other: Point) -> Point:
    """Step from a corner towards a neighbour, no further than half way."""
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = abs(dx) + abs(dy)
    step = min(_ROUND, length / 2) / length if length else 0
    return (corner[0] + dx * step, corner[1] + dy * step)


def _label(line: Line, pen: _Pen) -> Iterator[str]:
    x, y = line.label_at
    kind = "label silence" if line.silent else "label"
    for row, words in enumerate(line.label):
        yield pen.text(x, y + row * routing.LINE_HEIGHT, words, kind)


def _footer(process: Process, picture: Picture, tell: Tell) -> Iterator[tuple[str, str]]:
    if any(line.silent for line in picture.lines):
        yield "silent", say("Dashed: what happens when nothing is recorded in time. Times are those of urgency U3.")
    if picture.exits:
        yield "exit", say("Also open at many stages: %(ways)s.", ways=together(picture.exits))
    if process.tiers:
        tiers = (f"{tier.name} {tell(tier.label)}" for tier in process.tiers.values())
        yield "exit", say("The ladder, beside every stage: %(tiers)s", tiers=" → ".join(tiers))


def _described(process: Process, marked: Marks, tell: Tell) -> str:
    ways = together(_way(process, edge) for edge in check_paths.edges(process))
    if marked.current is None:
        return tell(ways)
    return tell(say("The case stands at %(stage)s. %(ways)s.", stage=process.stages[marked.current].label, ways=ways))


def _way(process: Process, edge: Edge) -> Said:
    labels = {"source": process.stages[edge.source].label, "to": process.stages[edge.to].label}
    act = process.triggers[edge.trigger].label
    if edge.silent:
        return say("%(source)s to %(to)s: silence, %(act)s", act=act, **labels)
    return say("%(source)s to %(to)s: %(act)s", act=act, **labels)
