"""The coming dates on a line: each a numbered dot, the further along the later it is, above the days.

What is near takes more room than what is far away, for most dates of a case are near.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from desk.drawing.pen import ACCENT, BAD, LINE, MUTED, NARROW, WARN, tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markupsafe import Markup

    from desk.drawing.pen import Pen

_DOT = 11
_PITCH = 2 * _DOT + 3
_MARGIN = 0.06
_LEAST = timedelta(days=7)
_NEARER = 0.5
_TICKS = (1, 3, 7, 14, 30, 60, 90, 180, 365)
_TICK_ROOM = 0.19
MOST = 30
"""How many dates one line holds."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A date: its number in the table, when it is, and what it says."""

    number: int
    at: datetime
    says: str


def draw(pen: Pen, marks: Sequence[Mark], *, title: str, description: str, zone: str) -> Markup:
    """Draw dates, which come in order, from now on; what is overdue stands at the beginning."""
    now = pen.words.now
    span = max(max((one.at for one in marks), default=now) - now, _LEAST)
    levels = list(_levels([_share(one.at, now, span) for one in marks]))
    floor = (max(levels, default=0) + 1) * _PITCH + 6
    drawn = [
        tag("line", x1="0%", x2="100%", y1=floor, y2=floor, stroke=LINE, stroke_width=2),
        *_ticks(pen, now, span, floor=floor, zone=zone),
        *(_dot(pen, one, _share(one.at, now, span), y) for one, y in zip(marks, _heights(levels, floor), strict=True)),
    ]
    return pen.picture(*drawn, title=title, description=description, height=floor + 28)


def _share(at: datetime, now: datetime, span: timedelta) -> float:
    return _MARGIN + (1 - 2 * _MARGIN) * math.pow(max((at - now) / span, 0), _NEARER)


def _levels(shares: Sequence[float]) -> Iterator[int]:
    """Lift each dot above those that it would cover even on a telephone."""
    room = (2 * _DOT + 2) / NARROW
    taken: list[float] = []
    for share in shares:
        level = next((number for number, last in enumerate(taken) if share - last >= room), len(taken))
        taken[level : level + 1] = [share]
        yield level


def _heights(levels: Sequence[int], floor: float) -> Iterator[float]:
    return (floor - 6 - _DOT - level * _PITCH for level in levels)


def _dot(pen: Pen, mark: Mark, share: float, y: float) -> Markup:
    fill = {"bad": BAD, "warn": WARN}.get(pen.words.urgency(mark.at), ACCENT)
    number = tag(
        "text",
        str(mark.number),
        x=pen.at(share),
        y=f"{y + 4:g}",
        fill="var(--paper)",
        font_size=12,
        font_weight=700,
        text_anchor="middle",
    )
    dot = tag("circle", cx=pen.at(share), cy=f"{y:g}", r=_DOT, fill=fill)
    return tag("g", tag("title", pen.words.tell(mark.says)), dot, number)


def _ticks(pen: Pen, now: datetime, span: timedelta, *, floor: float, zone: str) -> Iterator[Markup]:
    """Mark some days, as many as have room beside each other."""
    place = ZoneInfo(zone)
    today, last = now.astimezone(place).date(), 0.0
    for ahead in _TICKS:
        day = datetime.combine(today + timedelta(days=ahead), time.min, place)
        share = _share(day, now, span)
        if share - last < _TICK_ROOM or share > 1 - _MARGIN:
            continue
        last = share
        yield tag("line", x1=pen.at(share), x2=pen.at(share), y1=floor, y2=floor + 6, stroke=LINE, stroke_width=2)
        yield pen.text(share, floor + 22, pen.words.month_day(day.date()), fill=MUTED, anchor="middle")
