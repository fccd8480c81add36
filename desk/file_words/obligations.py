"""Promises, feedback and lessons in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Obligation, line="action")
def an_obligation(item: items.Obligation, names: Names) -> Iterator[Fact]:
    """Tell of an obligation."""
    yield Fact("Owner", names.party(item.owner))
    yield Fact("Due", item.due_at)
    yield Fact("Verified by", names.party(item.verifier))
    yield Fact("Where", item.place)
    yield Fact("Will be proved by", item.proof)
    yield Fact("Measure", item.indicator)
    yield Fact("On the issue", names.items((item.issue,)))
    yield Fact("Clause", item.clause)
    yield from _conditions(item)
    yield from _course(item, names)


def _conditions(item: items.Obligation) -> Iterator[Fact]:
    if item.step_in_hours:
        yield Fact("Another party may step in", f"{item.step_in_hours} hours after it was missed")
    if item.every_days:
        yield Fact("Comes again", f"every {item.every_days} days")
        yield Fact("For the last time on", item.until or "")


def _course(item: items.Obligation, names: Names) -> Iterator[Fact]:
    """Tell what has become of it so far."""
    yield Fact("Done so far", "\n".join(item.parts))
    yield Fact("Evidence", item.evidence)
    yield Fact("Reason given", item.reason)
    yield Fact("The parties meet about it", names.items((item.session,)))
    yield Fact("Stepped in", names.party(item.stepped_in_by) if item.stepped_in_by else "")
    if item.state == "verified":
        yield Fact("Seen done by", names.person(item.verified_by) or "nobody; it was not contested in time")
    yield Fact("In place of", names.items((item.replaces,)))
    yield Fact("Follows", names.items((item.follows,)))
    yield Fact("Repays", names.items((item.repays,)))


@spelled(items.Feedback, line="text")
def feedback(item: items.Feedback, names: Names) -> Iterator[Fact]:
    """Tell of feedback."""
    yield Fact("By", names.party(item.party))
    yield Fact("The process", _score(item.process_score))
    yield Fact("The neutral", _score(item.neutral_score))


def _score(score: int | None) -> str:
    return f"{score} of 5" if score else ""


@spelled(items.Lesson, line="text")
def a_lesson(item: items.Lesson, names: Names) -> Iterator[Fact]:
    """Tell of a lesson."""
    yield Fact("By", names.party(item.party))
