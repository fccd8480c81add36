"""What the tiers are asked, what the sides note on the brief, and what is answered, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items, said
from states.said import say, word

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Question, line="whole")
def a_question(item: items.Question, names: Names) -> Iterator[Fact]:
    """Tell of a question: who asks, why, and of whom."""
    yield Fact(say("Asked by"), names.party(item.party) if item.party else names.person(item.by))
    yield Fact(say("Because of"), said.listed(dict.fromkeys(word(one.cause) for one in item.matters)))
    yield Fact(say("On the issue"), names.items((item.issue or "",)))
    yield Fact(say("New fact"), names.items((item.new_fact or "",)))
    yield Fact(say("Tier"), item.tier)
    yield Fact(say("Brief"), say("version %(number)s", number=item.version))
    yield Fact(say("Asked on"), item.asked_at or "")


@spelled(items.Annotation, line="interest")
def an_annotation(item: items.Annotation, names: Names) -> Iterator[Fact]:
    """Tell of one side's column of a brief."""
    yield Fact(say("By"), names.party(item.party))
    yield Fact(say("Of the facts"), item.facts)
    yield Fact(say("Of the options"), item.options)


@spelled(items.Decision, line="text")
def a_decision(item: items.Decision, names: Names) -> Iterator[Fact]:
    """Tell of a decision."""
    yield Fact(say("Tier"), item.tier)
    yield Fact(say("Answer"), word(item.answer))
    yield Fact(say("To the question"), names.items((item.question or "",)))
    yield Fact(say("To be carried out by"), item.due_at or "")
