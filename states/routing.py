"""Runs the lines of a drawing: columns and their gutters first, then boxes, then lanes, so that nothing is covered.

Every line leaves a box on its right and enters one on its left, through the gutters between the columns. What skips a
column runs in a lane above the boxes, what goes back in a lane below; lines to one stage share their lane. All lengths
are pixels, x to the right and y down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Point = tuple[float, float]
Lane = tuple[str, str, bool]

BOX_WIDTH = 170
LINE_HEIGHT = 13
LETTER = 6.4
_SPACE = 14
_MARGIN = 8
_PORT = 18
_HEADER = 46
_GAP = 30


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
    def lane(self) -> Lane:
        """What it shares its lane with: every line to the same stage, on the same side, of the same kind."""
        return (self.way, self.to.stage, self.silent)


class Page:
    """The geometry in the making: columns and their gutters, then boxes, then lanes, then lines."""

    def __init__(self, boxes: Mapping[str, Box], lines: list[Line], columns: int) -> None:
        """Take boxes and lines that know their columns and labels, but not yet their places."""
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

    def _entering(self, box: Box) -> list[Lane]:
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

    def _assign_lanes(self) -> dict[Lane, int]:
        """Give every lane a level, the shortest nearest to the boxes; lanes that do not meet share a level."""
        reach: dict[Lane, tuple[int, int]] = {}
        for line in self._lines:
            if line.way in {"over", "back"}:
                low, high = sorted((line.source.column + 1, line.to.column))
                before = reach.get(line.lane, (low, high))
                reach[line.lane] = (min(low, before[0]), max(high, before[1]))
        levels: dict[Lane, int] = {}
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
        return longest * LETTER + 2 * _MARGIN if longest else 0

    def _levels(self, way: str) -> int:
        return max((level + 1 for lane, level in self._lanes.items() if lane[0] == way), default=0)

    def _place_boxes(self) -> None:
        top = _HEADER + _GAP + self._levels("over") * _SPACE
        bottoms = [float(top)] * self._columns
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
