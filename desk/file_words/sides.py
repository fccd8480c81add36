"""What each side says for itself, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items, said, temperature
from states.said import say, word

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Talk, line="text", tag=lambda *_: "")
def a_talk(item: items.Talk, names: Names) -> Iterator[Fact]:
    """Tell of a talk with one side."""
    yield Fact(say("With"), names.party(item.party))
    yield Fact(say("Took place"), item.at)


@spelled(
    items.Worksheet,
    line=lambda item, names: say("Worksheet of %(party)s", party=names.party(item.party)),
    tag=lambda item, _: "" if item.state == "open" else word(item.state),
)
def a_worksheet(item: items.Worksheet, _names: Names) -> Iterator[Fact]:
    """Tell of a worksheet."""
    yield Fact(say("Position"), item.position)
    yield Fact(say("Interest"), item.interest)
    yield Fact(say("Need"), item.need)
    yield Fact(say("Best alternative"), item.best_alternative)
    yield Fact(say("Worst alternative"), item.worst_alternative)
    yield Fact(say("Red lines"), item.red_lines)
    yield Fact(say("Mandate"), item.mandate)


def _degree(item: items.Reading, names: Names) -> str:
    stage = temperature.name(item.step)
    return say("%(step)s of 9 (%(stage)s): %(party)s", step=item.step, stage=stage, party=names.party(item.party))


@spelled(items.Reading, line=_degree, tag=lambda *_: "")
def a_reading(item: items.Reading, _names: Names) -> Iterator[Fact]:
    """Tell of a reading."""
    yield Fact(say("Said"), item.at)
    yield Fact(say("Shows in"), item.text)
    yield Fact(say("Calls for"), said.either(temperature.suggestions(item.step)))


@spelled(items.Signal, line="text")
def a_signal(item: items.Signal, _names: Names) -> Iterator[Fact]:
    """Tell of a signal."""
    yield Fact(say("Answer"), item.answer)
