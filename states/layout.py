"""Lays a process out for drawing: phases as columns, stages as boxes, acts as labelled lines between them."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from states import check_paths, routing
from states.process import ANY_STAGE, Urgency
from states.routing import Box, Line

if TYPE_CHECKING:
    from states.check_paths import Edge
    from states.process import Process, Stage

_LABEL_LETTERS = 18
_NAME_LETTERS = 20
_NOTE_LETTERS = 26
_MANY = 4
_MOST_LABELS = 3


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
    page = routing.Page(boxes, lines, len(phases))
    page.place()
    return Picture(
        width=page.width,
        height=page.floor + routing.LINE_HEIGHT,
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
