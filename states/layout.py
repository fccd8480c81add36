"""Places a process on a page: phases as columns, stages as boxes, acts as lines that never cross a box.

Every line leaves a box on its right and enters one on its left, through the gutters between the columns. What skips a
column runs in a lane above the boxes, what goes back in a lane below; lines to one stage share their lane. All lengths
are pixels, x to the right and y down.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from states import check_paths
from states.process import ANY_STAGE, Urgency

if TYPE_CHECKING:
    from states.check_paths import Edge
    from states.process import Process, Stage

Point = tuple[float, float]
Kind = str

BOX_WIDTH = 170
LINE_HEIGHT = 13
_LABEL_LETTERS = 18
_LETTER = 6.4
_NAME_LETTERS = 20
_NOTE_LETTERS = 26
_SPACE = 14
_MARGIN = 8
_PORT = 18
_HEADER = 46
_GAP = 30
_MANY = 4
_MOST_LABELS = 3


@dataclass(slots=True, kw_only=True)
class Box:
    """A stage on the page: the lines of its name, and notes with the style each is set in."""

    stage: str
    column: int
    row: int
    name: list[str]
    notes: list[tuple[str, str]]
    x: float = 0
    y: float = 0
    height: float = 0


@dataclass(slots=True, kw_only=True)
class Line:
    """One way between two boxes, with the labels of every act that takes it."""

    source: Box
    to: Box
    silent: bool
    label: list[str]
    points: list[Point] = field(default_factory=list)
    label_at: Point = (0, 0)
    curved: bool = False
    joins: bool = False

    @property
    def height(self) -> float:
        """The room the label needs above the line."""
        return len(self.label) * LINE_HEIGHT + 7

    @property
    def way(self) -> str:
        """How the line runs: `next`, `over`, `back`, `down` to the box below, or `aside` within its column."""
        columns = self.to.column - self.source.column
        if columns == 0:
            return "down" if self.to.row == self.source.row + 1 else "aside"
        return "next" if columns == 1 else "over" if columns > 1 else "back"

    @property
    def lane(self) -> tuple[str, str, bool]:
        """What it shares its lane with: every line to the same stage, on the same side, of the same kind."""
        return (self.way, self.to.stage, self.silent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A process placed on a page."""

    width: float
    height: float
    phases: tuple[tuple[str, float], ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    exits: tuple[str, ...]
    floor: float


def lay_out(process: Process) -> Picture:
    """Place a process on a page."""
    phases = [phase for phase in process.phases if any(stage.phase == phase for stage in process.stages.values())]
    boxes = {box.stage: box for box in _boxes(process, phases)}
    drawn, exits = _split(process)
    lines = list(_lines(process, drawn, boxes))
    page = _Page(boxes, lines, len(phases))
    page.place()
    return Picture(
        width=page.width,
        height=page.floor + LINE_HEIGHT,
        floor=page.floor,
        phases=tuple((process.phases[phase], page.left[number]) for number, phase in enumerate(phases)),
        boxes=tuple(boxes.values()),
        lines=tuple(lines),
        exits=exits,
    )


def _boxes(process: Process, phases: list[str]) -> Iterator[Box]:
    for column, phase in enumerate(phases):
        inside = [stage for stage in process.stages.values() if stage.phase == phase]
        for row, stage in enumerate(inside):
            name = textwrap.wrap(stage.label, _NAME_LETTERS) or [stage.name]
            yield Box(stage=stage.name, column=column, row=row, name=name, notes=list(_notes(process, stage)))


def _notes(process: Process, stage: Stage) -> Iterator[tuple[str, str]]:
    yield from (("duty", text) for text in _duty(process, stage))
    fired = (silence.fires for silence in stage.deadline.silences) if stage.deadline else ()
    for name in dict.fromkeys(fired):
        trigger = process.triggers.get(name)
        if trigger and not any(move.to not in {None, stage.name} for move in trigger.moves):
            yield from (("silent", text) for text in textwrap.wrap(by_silence(trigger.label), _NOTE_LETTERS))
    acts = sum(_stays(process, name, stage.name) for name in process.triggers)
    if acts:
        yield "acts", f"{acts} act{'s' if acts > 1 else ''} here"


def by_silence(label: str) -> str:
    """Say that an act happens by silence, unless its label says so itself."""
    return label if "silence" in label.lower() else f"silence: {label}"


def _duty(process: Process, stage: Stage) -> list[str]:
    prefix, _, role = (stage.duty or "").rpartition(" ")
    label = process.roles[role].label if role in process.roles else role
    spans = stage.deadline.spans if stage.deadline else {}
    span = [str(spans[Urgency.U3])] if Urgency.U3 in spans else []
    words = [f"{prefix} {label}".strip().capitalize(), *span]
    joined = " · ".join(words)
    if len(joined) <= _NOTE_LETTERS:
        return [joined] if joined else []
    return [*textwrap.wrap(words[0], _NOTE_LETTERS), *words[1:]]


def _stays(process: Process, trigger: str, stage: str) -> bool:
    moves = [move for move in process.triggers[trigger].moves if move.starts_at(stage)]
    return any(move.to in {None, stage} and ANY_STAGE not in move.sources for move in moves)


def _split(process: Process) -> tuple[list[Edge], tuple[str, ...]]:
    """Tell the ways worth a line from the side exits that many stages share, which read better as a list."""
    shared: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in check_paths.edges(process):
        shared[edge.trigger, edge.to].append(edge)
    drawn, exits = [], []
    for (trigger, to), edges in shared.items():
        if len(edges) < _MANY:
            drawn += edges
            continue
        exits.append(f"{process.triggers[trigger].label} → {process.stages[to].label}, from {len(edges)} stages")
        drawn += [edge for edge in edges if edge.silent]
    return drawn, tuple(exits)


def _lines(process: Process, edges: Iterable[Edge], boxes: Mapping[str, Box]) -> Iterator[Line]:
    bundles: dict[tuple[str, str, bool], list[str]] = defaultdict(list)
    for edge in edges:
        bundles[edge.source, edge.to, edge.silent].append(process.triggers[edge.trigger].label)
    for (source, to, silent), labels in bundles.items():
        shown = labels if len(labels) <= _MOST_LABELS else [*labels[: _MOST_LABELS - 1], f"{len(labels) - 2} more"]
        texts = (by_silence(label) if silent else label for label in shown)
        label = [line for text in texts for line in textwrap.wrap(text, _LABEL_LETTERS)]
        yield Line(source=boxes[source], to=boxes[to], silent=silent, label=label)


class _Page:
    """The geometry in the making: columns and their gutters, then boxes, then lanes, then lines."""

    def __init__(self, boxes: Mapping[str, Box], lines: list[Line], columns: int) -> None:
        self._boxes = list(boxes.values())
        self._lines = lines
        self._columns = columns
        self._tracks = self._assign_tracks()
        self._lanes = self._assign_lanes()
        self.left: list[float] = []
        self.width = 0.0
        self.floor = 0.0

    def place(self) -> None:
        """Place everything."""
        self._place_columns()
        self._place_boxes()
        for line in self._lines:
            self._route(line)

    def _leaving(self, box: Box) -> list[Line]:
        """List the lines on the right of a box from top to bottom, so that they cross each other least."""
        rank = {"over": 0, "next": 1, "aside": 2, "back": 3}
        mine = [line for line in self._lines if line.source is box and line.way != "down"]
        return sorted(mine, key=lambda line: (rank[line.way], line.to.row, line.silent))

    def _entering(self, box: Box) -> list[tuple[str, str, bool]]:
        """List the ports on the left of a box from top to bottom."""
        rank = {"over": 0, "next": 1, "back": 2}
        lanes = {line.lane for line in self._lines if line.to is box and line.way in rank}
        return sorted(lanes, key=lambda lane: (rank[lane[0]], lane[2]))

    def _assign_tracks(self) -> dict[object, tuple[int, int]]:
        """Give every vertical run its gutter and its place in it, counted from the left."""
        tracks: dict[object, tuple[int, int]] = {}
        used = [0] * (self._columns + 1)

        def take(key: object, gutter: int) -> None:
            if key not in tracks:
                tracks[key] = (gutter, used[gutter])
                used[gutter] += 1

        for box in self._boxes:
            leaving = self._leaving(box)
            ups = [line for line in leaving if line.way in {"over", "aside"}]
            downs = [line for line in reversed(leaving) if line.way == "back"]
            for line in (*ups, *downs):
                take(id(line), box.column + 1)
        for line in self._lines:
            if line.way in {"over", "back"}:
                take(line.lane, line.to.column)
        self._used = used
        return tracks

    def _assign_lanes(self) -> dict[tuple[str, str, bool], int]:
        """Give every lane a level, the shortest nearest to the boxes; lanes that do not meet share a level."""
        reach: dict[tuple[str, str, bool], tuple[int, int]] = {}
        for line in self._lines:
            if line.way in {"over", "back"}:
                low, high = sorted((line.source.column + 1, line.to.column))
                before = reach.get(line.lane, (low, high))
                reach[line.lane] = (min(low, before[0]), max(high, before[1]))
        levels: dict[tuple[str, str, bool], int] = {}
        for lane, (low, high) in sorted(reach.items(), key=lambda item: (item[1][1] - item[1][0], item[0])):
            taken = {
                levels[other]
                for other in levels
                if other[0] == lane[0] and reach[other][0] <= high and low <= reach[other][1]
            }
            levels[lane] = next(level for level in range(len(taken) + 1) if level not in taken)
        return levels

    def _place_columns(self) -> None:
        x = 0.0
        self._gutters = []
        for gutter, used in enumerate(self._used):
            labelled = self._label_width(gutter - 1)
            self._gutters.append(x + labelled)
            margin = _SPACE if gutter == self._columns else 2 * _SPACE
            x += labelled + (used + 1) * _SPACE + margin
            if gutter < self._columns:
                self.left.append(x)
                x += BOX_WIDTH
        self.width = x

    def _label_width(self, column: int) -> float:
        labels = [line.label for line in self._lines if line.source.column == column and line.way != "down"]
        longest = max((len(words) for label in labels for words in label), default=0)
        return longest * _LETTER + 2 * _MARGIN if longest else 0

    def _levels(self, way: str) -> int:
        return max((level + 1 for lane, level in self._lanes.items() if lane[0] == way), default=0)

    def _place_boxes(self) -> None:
        top = _HEADER + _GAP + self._levels("over") * _SPACE
        bottoms = [top] * self._columns
        self._top = top
        for box in self._boxes:
            box.x, box.y = self.left[box.column], bottoms[box.column]
            box.height = self._height(box)
            below = [line for line in self._lines if line.source is box and line.way == "down"]
            room = sum(line.height for line in below) + 20 if below else 0
            bottoms[box.column] = box.y + box.height + max(_GAP, room)
        self._bottom = max(bottoms) - _GAP / 2
        self.floor = self._bottom + self._levels("back") * _SPACE + _SPACE

    def _height(self, box: Box) -> float:
        words = 26 + len(box.name) * 17 + len(box.notes) * 15
        rows = [line.height for line in self._leaving(box)]
        asides = sum(line.to is box and line.way == "aside" for line in self._lines)
        right = max(28.0, rows[0]) + sum(rows[1:]) + _SPACE if rows else 0
        left = len(self._entering(box)) * _PORT + _SPACE
        return max(words, right + asides * _PORT, left)

    def _route(self, line: Line) -> None:
        if line.way == "down":
            self._route_down(line)
            return
        source, to = line.source, line.to
        y = self._row(line)
        begin = (source.x + BOX_WIDTH, y)
        line.label_at = (source.x + BOX_WIDTH + _MARGIN, y - 6 - (len(line.label) - 1) * LINE_HEIGHT)
        if line.way == "aside":
            x, into = self._track(id(line)), to.y + to.height - 10
            line.points = [begin, (x, y), (x, into), (to.x + BOX_WIDTH, into)]
            return
        end = (to.x, self._port(line))
        if line.way == "next":
            line.curved = True
            line.points = [begin, (source.x + BOX_WIDTH + self._label_width(source.column), y), end]
            return
        x, onto, lane = self._track(id(line)), self._track(line.lane), self._lane(line)
        line.joins = line is not self._first_in_lane(line)
        onwards = (x + _SPACE if onto > x else x - _SPACE, lane)
        line.points = [begin, (x, y), (x, lane)]
        line.points += [onwards] if line.joins else [(onto, lane), (onto, end[1]), end]

    def _first_in_lane(self, line: Line) -> Line:
        """Find the line that runs the whole length of a lane; the others only join it."""
        sharing = [other for other in self._lines if other.lane == line.lane]
        return max(sharing, key=lambda other: abs(self._track(id(other)) - self._track(line.lane)))

    def _route_down(self, line: Line) -> None:
        mine = [other for other in self._lines if other.source is line.source and other.way == "down"]
        number = mine.index(line)
        x = line.source.x + 22 + 16 * number
        above = line.source.y + line.source.height
        line.points = [(x, above), (x, line.to.y)]
        skipped = sum(other.height for other in mine[:number])
        line.label_at = (line.source.x + 22 + 16 * (len(mine) - 1) + 10, above + 18 + skipped)

    def _row(self, line: Line) -> float:
        rows = self._leaving(line.source)
        before = rows[: rows.index(line) + 1]
        return line.source.y + max(28.0, before[0].height) + sum(other.height for other in before[1:])

    def _port(self, line: Line) -> float:
        return line.to.y + 22 + self._entering(line.to).index(line.lane) * _PORT

    def _track(self, key: object) -> float:
        gutter, number = self._tracks[key]
        return self._gutters[gutter] + (number + 1) * _SPACE

    def _lane(self, line: Line) -> float:
        level = self._lanes[line.lane]
        if line.way == "over":
            return self._top - _GAP / 2 - level * _SPACE
        return self._bottom + level * _SPACE
