"""Effects of what the tiers of the ladder are asked and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import questions
from states.effects.registry import effect, instant, leaves, number, one_of, recorded, text, yes_no
from states.events import ItemRecorded
from states.items import Annotation, Decision, Question
from states.items.ladder import VERSION
from states.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from states.events import Change
    from states.situation import Situation

DECISIONS = Lifecycle(
    Decision,
    initial="returned",
    moves=(("carry out", ("returned",), "carried out"), ("overdue", ("returned",), "overdue")),
)
ANNOTATIONS = Lifecycle(
    Annotation,
    initial="open",
    moves=(("amend", ("open", "complete"), "open"), ("complete", ("open",), "complete")),
)
_VERSION = number(VERSION, "Version of the brief that was read")


def _answered(s: Situation, answer: str, *, words: str = "", due_at: datetime | None = None) -> Iterator[Change]:
    question = questions.open_one(s.case)
    yield recorded(
        s,
        Decision,
        tier=s.case.tier or "",
        answer=answer,
        text=words or s.text("text"),
        state=answer,
        question=question.id if question else None,
        due_at=due_at,
    )


@effect(text("text", "Decision and reasons"), _VERSION, binds=True)
def record_decision(s: Situation) -> Iterator[Change]:
    """Record what a tier decided."""
    yield from _answered(s, "decided")


@effect(text("text", "Reasons", required=False), _VERSION, binds=True)
def record_approval(s: Situation) -> Iterator[Change]:
    """Record that a tier approved what was asked, as it was asked."""
    yield from _answered(s, "approved")


@effect(text("text", "The changes, and why"), _VERSION, binds=True)
def record_approval_with_changes(s: Situation) -> Iterator[Change]:
    """Record that a tier approved what was asked, with changes."""
    yield from _answered(s, "approved with changes")


@leaves(Decision, "returned")
@effect(text("text", "Instructions"), instant("due_at", "To be carried out by", required=False), _VERSION, binds=True)
def record_return(s: Situation) -> Iterator[Change]:
    """Record that a tier sent the matter back down with instructions, and until when they are to be carried out."""
    yield from _answered(s, "returned", due_at=s.moment("due_at"))


@effect(text("text", "Reasons"), _VERSION, binds=True)
def record_refusal(s: Situation) -> Iterator[Change]:
    """Record that a tier refused what was asked."""
    yield from _answered(s, "refused")


@effect(
    text("body", "The body that has accepted the matter", long=False), text("reason", "Reason"), _VERSION, binds=True
)
def record_referral(s: Situation) -> Iterator[Change]:
    """Record that a tier referred the matter to another body."""
    yield from _answered(s, "referred", words=f"{s.text('body')}: {s.text('reason')}")


@effect(text("text", "Why this tier does not answer"), _VERSION)
def record_passing_up(s: Situation) -> Iterator[Change]:
    """Record that a tier passes the question up instead of answering it."""
    yield from _answered(s, "passed up")


@effect(one_of(Decision, "Instructions", "returned"), text("text", "What was done"))
def report_instructions(s: Situation) -> Iterator[Change]:
    """Record that instructions from above were carried out."""
    decision = s.item(Decision)
    if decision is not None:
        yield ItemRecorded(DECISIONS.moved(decision, "carry out"))


@effect(one_of(Decision, "Instructions", "returned"))
def miss_instructions(s: Situation) -> Iterator[Change]:
    """Record that nobody reported instructions from above as carried out in their time."""
    decision = s.item(Decision)
    if decision is not None:
        yield ItemRecorded(DECISIONS.moved(decision, "overdue"))


@effect(
    one_of(Question, "Question", "annotating", "complete", "asked"),
    text("interest", "What matters to your side, in your own words"),
    text("facts", "What you say of the facts", required=False),
    text("options", "What each option would mean for people, staff safety, neutrality and cost", required=False),
    yes_no("complete", "This is all our side says; the brief may leave", initial=False),
    for_a_party=True,
)
def annotate_brief(s: Situation) -> Iterator[Change]:
    """Write or amend one side's column of the brief; when the last side is complete, the brief may leave."""
    question = s.item(Question)
    if question is None:
        return
    columns = questions.columns(s.case, question)
    column = recorded(
        s,
        Annotation,
        id=columns[s.party_id].id if s.party_id in columns else s.new_id(Annotation.kind),
        question=question.id,
        party=s.party_id,
        state="complete" if s.given("complete") else "open",
        **{name: s.text(name) for name in ("interest", "facts", "options")},
    )
    yield column
    said = {party for party, one in columns.items() if one.complete} - {s.party_id}
    everybody = s.given("complete") and s.party_ids <= {*said, s.party_id}
    move = "complete" if everybody and question.state == "annotating" else "annotate"
    if question.state != "complete":
        yield ItemRecorded(questions.LIFE.moved(question, move, version=question.version + 1))
