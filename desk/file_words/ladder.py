"""What the tiers are asked, what the sides note on the brief, and what is answered, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Question, line="whole")
def a_question(item: items.Question, names: Names) -> Iterator[Fact]:
    """Tell of a question: who asks, why, and of whom."""
    yield Fact("Asked by", names.party(item.party) if item.party else names.person(item.by))
    yield Fact("Because of", ", ".join(dict.fromkeys(one.cause for one in item.matters)))
    yield Fact("On the issue", names.items((item.issue or "",)))
    yield Fact("New fact", names.items((item.new_fact or "",)))
    yield Fact("Tier", item.tier)
    yield Fact("Brief", f"version {item.version}")
    yield Fact("Asked on", item.asked_at or "")


@spelled(items.Annotation, line="interest")
def an_annotation(item: items.Annotation, names: Names) -> Iterator[Fact]:
    """Tell of one side's column of a brief."""
    yield Fact("By", names.party(item.party))
    yield Fact("Of the facts", item.facts)
    yield Fact("Of the options", item.options)


@spelled(items.Decision, line="text")
def a_decision(item: items.Decision, names: Names) -> Iterator[Fact]:
    """Tell of a decision."""
    yield Fact("Tier", item.tier)
    yield Fact("Answer", item.answer)
    yield Fact("To the question", names.items((item.question or "",)))
    yield Fact("To be carried out by", item.due_at or "")
