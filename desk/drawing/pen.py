"""Writes the marks of a picture: places are shares of its breadth, counted from where its reader begins to read.

Colours are those of the page, so a picture is light or dark as the page is, and needs no style of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from desk.words import Words

INK, MUTED, LINE, GROUND = "var(--ink)", "var(--muted)", "var(--line-strong)", "var(--wash)"
ACCENT, OK, WARN, BAD = "var(--accent)", "var(--ok)", "var(--warn)", "var(--bad)"
QUIET = "var(--soft-line)"
FONT = 14
BAR = 14
LETTER = 7.4
"""How broad a letter of this size is at most, on the average, in pixels."""
NARROW = 250
"""How broad a picture is at least: what a telephone leaves between the margins of a card, in pixels."""


def tag(name: str, *inside: str, **attributes: object) -> Markup:
    """Write an element; an underscore in the name of an attribute stands for a hyphen, None leaves it out."""
    told = (
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value)
        for key, value in attributes.items()
        if value is not None
    )
    return Markup("<{0}{1}>{2}</{0}>").format(
        name, Markup("").join(told), Markup("").join(escape(one) for one in inside)
    )


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes for one reader: mirrored where they read from right to left, in their language."""

    words: Words

    @property
    def rtl(self) -> bool:
        """Tell whether the reader begins at the right."""
        return self.words.direction == "rtl"

    def at(self, share: float) -> str:
        """Turn a share of the breadth into a place."""
        return f"{100 * (1 - share if self.rtl else share):.2f}%"

    def bar(self, begin: float, length: float, y: float, *, fill: str, says: str) -> Markup:
        """Write a bar that begins at a share of the breadth; `says` appears where a pointer rests on it."""
        left = 1 - begin - length if self.rtl else begin
        told = (tag("title", self.words.tell(says)),) if says else ()
        size = {"x": f"{100 * left:.2f}%", "y": f"{y:g}", "width": f"{100 * length:.2f}%", "height": BAR}
        return tag("rect", *told, **size, rx=3, fill=fill)

    def text(self, share: float, y: float, text: str, *, fill: str = INK, anchor: str = "start") -> Markup:
        """Write words that begin, end or have their middle at a share of the breadth."""
        return tag(
            "text",
            self.words.tell(text),
            x=self.at(share),
            y=f"{y:g}",
            fill=fill,
            font_size=FONT,
            text_anchor=None if anchor == "start" else anchor,
        )

    def picture(self, *marks: str, title: str, description: str, height: float) -> Markup:
        """Put marks into a picture as broad as its place on the page."""
        return tag(
            "svg",
            tag("title", self.words.tell(title)),
            tag("desc", self.words.tell(description)),
            *marks,
            role="img",
            width="100%",
            height=f"{height:g}",
            direction="rtl" if self.rtl else None,
        )
