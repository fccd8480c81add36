"""Promises, feedback and lessons in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items, said
from states.said import count, say

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Obligation, line="action")
def an_obligation(item: items.Obligation, names: Names) -> Iterator[Fact]:
    """Tell of an obligation."""
    yield Fact(say("Owner"), names.party(item.owner))
    yield Fact(say("Due"), item.due_at)
    yield Fact(say("Verified by"), names.party(item.verifier))
    yield Fact(say("Where"), item.place)
    yield Fact(say("Will be proved by"), item.proof)
    yield Fact(say("Measure"), item.indicator)
    yield Fact(say("On the issue"), names.items((item.issue,)))
    yield Fact(say("Clause"), item.clause)
    yield from _conditions(item)
    yield from _course(item, names)


def _conditions(item: items.Obligation) -> Iterator[Fact]:
    if item.step_in_hours:
        yield Fact(
            say("Another party may step in"),
            count(
                "%(count)s hour after it was missed", "%(count)s hours after it was missed", count=item.step_in_hours
            ),
        )
    if item.every_days:
        yield Fact(say("Comes again"), count("every day", "every %(count)s days", count=item.every_days))
        yield Fact(say("For the last time on"), item.until or "")


def _course(item: items.Obligation, names: Names) -> Iterator[Fact]:
    """Tell what has become of it so far."""
    yield Fact(say("Done so far"), said.lines(item.parts))
    yield Fact(say("Evidence"), item.evidence)
    yield Fact(say("Reason given"), item.reason)
    yield Fact(say("The parties meet about it"), names.items((item.session,)))
    yield Fact(say("Stepped in"), names.party(item.stepped_in_by) if item.stepped_in_by else "")
    if item.state == "verified":
        yield Fact(say("Seen done by"), names.person(item.verified_by) or say("nobody; it was not contested in time"))
    yield Fact(say("In place of"), names.items((item.replaces,)))
    yield Fact(say("Follows"), names.items((item.follows,)))
    yield Fact(say("Repays"), names.items((item.repays,)))


@spelled(items.Feedback, line="text")
def feedback(item: items.Feedback, names: Names) -> Iterator[Fact]:
    """Tell of feedback."""
    yield Fact(say("By"), names.party(item.party))
    yield Fact(say("The process"), _score(item.process_score))
    yield Fact(say("The neutral"), _score(item.neutral_score))


def _score(score: int | None) -> str:
    return say("%(score)s of 5", score=score) if score else ""


@spelled(items.Lesson, line="text")
def a_lesson(item: items.Lesson, names: Names) -> Iterator[Fact]:
    """Tell of a lesson."""
    yield Fact(say("By"), names.party(item.party))
