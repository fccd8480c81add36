"""A sheet of a fixed breadth in pixels, for boxes and lines; it is looked at in a frame that can be moved sideways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.drawing.pen import FONT, INK, LETTER, LINE, tag
from states import lettering

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from desk.drawing.pen import Pen

LEADING = 18
INSET = 10


@dataclass(frozen=True, slots=True)
class Page:
    """Writes boxes and lines at places in pixels, which are mirrored for who reads from right to left."""

    pen: Pen
    breadth: float

    def x(self, x: float) -> float:
        """Turn a place counted from the reader's beginning into one on the sheet."""
        return self.breadth - x if self.pen.rtl else x

    def wrapped(self, text: str, breadth: float) -> list[str]:
        """Break words into the lines that a box of a breadth holds."""
        return lettering.wrapped(self.pen.words.tell(text), int((breadth - 2 * INSET) / LETTER))

    def box(self, at: tuple[float, float], size: tuple[float, float], *, fill: str, stroke: str = LINE) -> Markup:
        """Write a box with its corner at a place."""
        left = min(self.x(at[0]), self.x(at[0] + size[0]))
        return tag(
            "rect",
            x=f"{left:g}",
            y=f"{at[1]:g}",
            width=f"{size[0]:g}",
            height=f"{size[1]:g}",
            rx=8,
            fill=fill,
            stroke=stroke,
        )

    def lines(self, at: tuple[float, float], lines: Sequence[str], *, fill: str = INK, bold: bool = False) -> Markup:
        """Write lines of words below each other, the first on a place."""
        spans = (
            tag("tspan", one, x=f"{self.x(at[0]):g}", y=f"{at[1] + row * LEADING:g}") for row, one in enumerate(lines)
        )
        return tag("text", *spans, fill=fill, font_size=FONT, font_weight="bold" if bold else None)

    def line(self, begin: tuple[float, float], end: tuple[float, float], *, stroke: str = LINE) -> Markup:
        """Write a straight line."""
        return tag(
            "line",
            x1=f"{self.x(begin[0]):g}",
            y1=f"{begin[1]:g}",
            x2=f"{self.x(end[0]):g}",
            y2=f"{end[1]:g}",
            stroke=stroke,
            stroke_width=2,
        )

    def picture(self, *marks: str, title: str, description: str, height: float) -> Markup:
        """Put marks on the sheet."""
        return tag(
            "svg",
            tag("title", self.pen.words.tell(title)),
            tag("desc", self.pen.words.tell(description)),
            *marks,
            role="img",
            width=f"{self.breadth:g}",
            height=f"{height:g}",
            direction="rtl" if self.pen.rtl else None,
        )
