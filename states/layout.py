"""Lays a process out for drawing: phases as columns, stages as boxes, acts as labelled lines between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from states import check_paths, lettering, routing
from states.durations import Unit
from states.process import ANY_STAGE, Urgency
from states.routing import Box, Line
from states.said import Said, count, say, word

if TYPE_CHECKING:
    from states.check_paths import Edge
    from states.durations import Duration
    from states.process import Process, Stage

_LABEL_LETTERS = 18
_NAME_LETTERS = 20
_NOTE_LETTERS = 26
_MANY = 4
_MOST_LABELS = 3

_OF_A_PARTY = {
    "initiating": say("initiating %(role)s"),
    "responding": say("responding %(role)s"),
    "joined": say("joined %(role)s"),
    "owner": say("owner %(role)s"),
    "verifier": say("verifier %(role)s"),
    "other": say("other %(role)s"),
}

Tell = Callable[[str], str]
"""Tells a sentence of the rules in the language of a reader."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is marked of one case: the stage where it stands, those it has been at, the ways it took between stages.

    A way is taken from a stage to another, by silence or not. `notes` are words to stand in the box of a stage, such as
    how long the case was there.
    """

    current: str | None = None
    past: frozenset[str] = frozenset()
    ways: frozenset[tuple[str, str, bool]] = frozenset()
    notes: Mapping[str, str] = field(default_factory=dict)


def lay_out(process: Process, *, notes: Mapping[str, str] | None = None, tell: Tell = str) -> Picture:
    """Place a process on a page, with notes in the boxes of some stages, in the language that `tell` speaks."""
    phases = [phase for phase in process.phases if any(stage.phase == phase for stage in process.stages.values())]
    boxes = {box.stage: box for box in _boxes(process, phases, notes or {}, tell)}
    drawn, exits = _split(process)
    lines = list(_lines(process, drawn, boxes, tell))
    page = routing.Page(boxes, lines, len(phases))
    page.place()
    return Picture(
        width=page.width,
        height=page.floor + routing.LINE_HEIGHT,
        floor=page.floor,
        phases=tuple((tell(process.phases[phase]), page.left[number]) for number, phase in enumerate(phases)),
        boxes=tuple(boxes.values()),
        lines=tuple(lines),
        exits=tuple(tell(one) for one in exits),
    )


def _boxes(process: Process, phases: list[str], notes: Mapping[str, str], tell: Tell) -> Iterator[Box]:
    for column, phase in enumerate(phases):
        inside = [stage for stage in process.stages.values() if stage.phase == phase]
        for row, stage in enumerate(inside):
            name = lettering.wrapped(tell(stage.label), _NAME_LETTERS) or [stage.name]
            said = [("spent", line) for line in lettering.wrapped(notes.get(stage.name, ""), _NOTE_LETTERS)]
            told = [*said, *_notes(process, stage, tell)]
            yield Box(stage=stage.name, column=column, row=row, name=name, notes=told)


def _notes(process: Process, stage: Stage, tell: Tell) -> Iterator[tuple[str, str]]:
    yield from (("duty", text) for text in _duty(process, stage, tell))
    fired = (silence.fires for silence in stage.deadline.silences) if stage.deadline else ()
    for name in dict.fromkeys(fired):
        trigger = process.triggers.get(name)
        if trigger and not any(move.to not in {None, stage.name} for move in trigger.moves):
            told = tell(by_silence(trigger.label))
            yield from (("silent", text) for text in lettering.wrapped(told, _NOTE_LETTERS))
    acts = sum(_stays(process, name, stage.name) for name in process.triggers)
    if acts:
        yield "acts", tell(count("%(count)s act here", "%(count)s acts here", count=acts))


def by_silence(label: str) -> str:
    """Say that an act happens by silence, unless its label says so itself."""
    return label if "silence" in label.lower() else say("silence: %(act)s", act=label)


def _duty(process: Process, stage: Stage, tell: Tell) -> list[str]:
    prefix, _, role = (stage.duty or "").rpartition(" ")
    label = process.roles[role].label if role in process.roles else word(role)
    whose = say(_OF_A_PARTY[prefix], role=label) if prefix else label
    spans = stage.deadline.spans if stage.deadline else {}
    span = [tell(_in_short(spans[Urgency.U3]))] if Urgency.U3 in spans else []
    words = [tell(whose).capitalize(), *span]
    joined = " · ".join(words)
    if len(joined) <= _NOTE_LETTERS:
        return [joined] if joined else []
    return [*lettering.wrapped(words[0], _NOTE_LETTERS), *words[1:]]


def _in_short(span: Duration) -> Said:
    """Say a span in its short spelling."""
    match span.unit:
        case Unit.MINUTE:
            return say("%(amount)s min", amount=span.amount)
        case Unit.HOUR:
            return say("%(amount)s h", amount=span.amount)
        case Unit.WORKING_HOUR:
            return say("%(amount)s wh", amount=span.amount)
        case Unit.WORKING_DAY:
            return say("%(amount)s wd", amount=span.amount)
        case Unit.CIVIL_DAY:
            return say("%(amount)s cd", amount=span.amount)


def _stays(process: Process, trigger: str, stage: str) -> bool:
    moves = [move for move in process.triggers[trigger].moves if move.starts_at(stage)]
    return any(move.to in {None, stage} and ANY_STAGE not in move.sources for move in moves)


def _split(process: Process) -> tuple[list[Edge], tuple[Said, ...]]:
    """Tell the ways worth a line from the side exits that many stages share, which read better as a list."""
    shared: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for edge in check_paths.edges(process):
        shared[edge.trigger, edge.to].append(edge)
    drawn, exits = [], []
    for (trigger, to), edges in shared.items():
        if len(edges) < _MANY:
            drawn += edges
            continue
        labels = {"act": process.triggers[trigger].label, "stage": process.stages[to].label}
        exits.append(
            count(
                "%(act)s → %(stage)s, from %(count)s stage",
                "%(act)s → %(stage)s, from %(count)s stages",
                count=len(edges),
                **labels,
            )
        )
        drawn += [edge for edge in edges if edge.silent]
    return drawn, tuple(exits)


def _lines(process: Process, edges: Iterable[Edge], boxes: Mapping[str, Box], tell: Tell) -> Iterator[Line]:
    bundles: dict[tuple[str, str, bool], list[str]] = defaultdict(list)
    for edge in edges:
        bundles[edge.source, edge.to, edge.silent].append(process.triggers[edge.trigger].label)
    for (source, to, silent), labels in bundles.items():
        shown = labels if len(labels) <= _MOST_LABELS else [*labels[: _MOST_LABELS - 1], _more(len(labels) - 2)]
        texts = (tell(by_silence(label) if silent else label) for label in shown)
        label = [line for text in texts for line in lettering.wrapped(text, _LABEL_LETTERS)]
        yield Line(source=boxes[source], to=boxes[to], silent=silent, label=label)


def _more(number: int) -> Said:
    return count("%(count)s more", "%(count)s more", count=number)
