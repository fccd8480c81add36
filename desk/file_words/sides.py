"""What each side says for itself, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items, temperature

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Talk, line="text", tag=lambda *_: "")
def a_talk(item: items.Talk, names: Names) -> Iterator[Fact]:
    """Tell of a talk with one side."""
    yield Fact("With", names.party(item.party))
    yield Fact("Held", item.at)


@spelled(
    items.Worksheet,
    line=lambda item, names: f"Worksheet of {names.party(item.party)}",
    tag=lambda item, _: "" if item.state == "open" else item.state,
)
def a_worksheet(item: items.Worksheet, _names: Names) -> Iterator[Fact]:
    """Tell of a worksheet."""
    yield Fact("Position", item.position)
    yield Fact("Interest", item.interest)
    yield Fact("Need", item.need)
    yield Fact("Best alternative", item.best_alternative)
    yield Fact("Worst alternative", item.worst_alternative)
    yield Fact("Red lines", item.red_lines)
    yield Fact("Mandate", item.mandate)


def _degree(item: items.Reading, names: Names) -> str:
    return f"{item.step} of 9 ({temperature.name(item.step)}): {names.party(item.party)}"


@spelled(items.Reading, line=_degree, tag=lambda *_: "")
def a_reading(item: items.Reading, _names: Names) -> Iterator[Fact]:
    """Tell of a reading."""
    yield Fact("Said", item.at)
    yield Fact("Shows in", item.text)
    yield Fact("Calls for", ", or ".join(temperature.suggestions(item.step)))


@spelled(items.Signal, line="text")
def a_signal(item: items.Signal, _names: Names) -> Iterator[Fact]:
    """Tell of a signal."""
    yield Fact("Answer", item.answer)
