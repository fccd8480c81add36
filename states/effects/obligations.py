"""Effects of follow-up: what was promised is reported, then verified by the other party, or missed and met about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states.effects.registry import effect, instant, number, one_of, own_word, recorded, text
from states.events import ItemRecorded
from states.fields import Field, FieldType
from states.items import Feedback, Lesson, Obligation
from states.obligations import BROKEN, LIFE, OPEN, next_due
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

_UNDONE = ("due", "replanned", "missed", "reconvened")


@effect(one_of(Obligation, "Obligation", *LIFE.sources("report")), text("evidence", "What was done, and the proof"))
def report_obligation(s: Situation) -> Iterator[Change]:
    """Record the owner's report; the other party verifies it."""
    evidence = {"evidence": s.text("evidence"), "reported_by": s.actor.person, "reported_at": s.at}
    yield from _moved(s, "report", **evidence)


@effect(one_of(Obligation, "Obligation", *_UNDONE), text("part", "What part was done, and the proof"))
def report_part(s: Situation) -> Iterator[Change]:
    """Record that a part is done; the rest stays due."""
    term = s.item(Obligation)
    if term is not None:
        yield ItemRecorded(replace(term, parts=(*term.parts, s.text("part"))))


@own_word
@effect(one_of(Obligation, "Obligation", *LIFE.sources("verify")))
def verify_obligation(s: Situation) -> Iterator[Change]:
    """Record that the other party saw it done."""
    yield from _moved(s, "verify", verified_by=s.actor.person)
    yield from _next_occurrence(s)


@effect(one_of(Obligation, "Obligation", *LIFE.sources("contest")), text("reason", "What is not as promised"))
def contest_obligation(s: Situation) -> Iterator[Change]:
    """Record that the other party does not find it done."""
    yield from _moved(s, "contest", reason=s.text("reason"), broken_at=s.counts_from)


@effect(one_of(Obligation, "Obligation", *LIFE.sources("miss")))
def miss_obligation(s: Situation) -> Iterator[Change]:
    """Record that nothing was reported by the due instant."""
    yield from _moved(s, "miss", broken_at=s.counts_from)


@effect(one_of(Obligation, "Obligation", *LIFE.sources("accept")))
def accept_provisionally(s: Situation) -> Iterator[Change]:
    """Accept a report nobody verified: a silent verifier holds no hostage, and may still contest for a while."""
    yield from _moved(s, "accept", provisional_at=s.at)


@effect(one_of(Obligation, "Obligation", *LIFE.sources("let_stand")))
def let_stand(s: Situation) -> Iterator[Change]:
    """Let a provisional acceptance stand, since nobody contested it in time."""
    yield from _moved(s, "let_stand")
    yield from _next_occurrence(s)


@effect(one_of(Obligation, "Obligation", *LIFE.sources("replan")), instant("due_at", "New date"))
def replan_obligation(s: Situation) -> Iterator[Change]:
    """Give it a new date; its reminders move with it."""
    yield from _moved(s, "replan", due_at=s.given("due_at"), stepped_in_by="", session="")


@effect(one_of(Obligation, "Obligation", *LIFE.sources("waive")), text("reason", "Reason"), binds=True)
def waive_obligation(s: Situation) -> Iterator[Change]:
    """Record that the party it benefits gives it up, with what would have come after it."""
    yield from _moved(s, "waive", reason=s.text("reason"))


@effect(one_of(Obligation, "Obligation", *LIFE.sources("fail")), text("reason", "Reason"))
def fail_obligation(s: Situation) -> Iterator[Change]:
    """Record that it will not be done; those above are asked what now."""
    yield from _moved(s, "fail", reason=s.text("reason"), failed_at=s.at)
    yield from _next_occurrence(s)


@effect(
    one_of(Obligation, "Obligation", *BROKEN),
    text("done", "What was done in the owner's place"),
    text("action", "What is to be repaid"),
    instant("due_at", "To be repaid by"),
    for_a_party=True,
)
def step_in(s: Situation) -> Iterator[Change]:
    """Record that another party did what was missed; its owner now owes the cost."""
    term = s.item(Obligation)
    if term is None:
        return
    yield ItemRecorded(replace(term, stepped_in_by=s.party_id, parts=(*term.parts, s.text("done"))))
    yield recorded(
        s,
        Obligation,
        owner=term.owner,
        verifier=s.party_id,
        action=s.text("action"),
        due_at=s.given("due_at"),
        proof="receipt of the repayment",
        agreement=term.agreement,
        repays=term.id,
        state="due",
    )


@effect(Field(name="obligation", type=FieldType.ITEM, label=say("What was broken"), required=False, of=Obligation.kind))
def name_the_breach(s: Situation) -> Iterator[Change]:
    """Put an obligation that was thought to be kept before the parties again; the earlier entry stays as it is."""
    term = s.item(Obligation)
    if term is not None:
        again = {"id": s.new_id("obligation"), "at": s.at, "by": s.actor.person, "follows": term.id}
        again |= {"broken_at": s.counts_from, "session": ""}
        yield ItemRecorded(replace(term, **again, state="contested", reason=s.text("reason"), every_days=0))  # type: ignore[arg-type] # one word for several attributes


@effect(
    one_of(Obligation, "Obligation", *LIFE.sources("correct")), text("action", "What will be done, without the slip")
)
def correct_obligation(s: Situation) -> Iterator[Change]:
    """Put the words without the slip in place of the old ones, which stay on file as corrected."""
    term = s.item(Obligation)
    if term is not None:
        anew = {"id": s.new_id("obligation"), "at": s.at, "by": s.actor.person, "action": s.text("action")}
        yield ItemRecorded(replace(term, **anew, replaces=term.id))  # type: ignore[arg-type] # one word for several attributes
        yield ItemRecorded(LIFE.moved(term, "correct"))


@effect()
def release_obligations(s: Situation) -> Iterator[Change]:
    """Record that what is still owed goes on outside this case, with what has overtaken it."""
    for term in s.case.all(Obligation, *OPEN):
        yield ItemRecorded(LIFE.moved(term, "replace"))


@effect(text("text", "What was learned", help="“None” is an answer."))
def file_lessons(s: Situation) -> Iterator[Change]:
    """Keep what a party or the office learned."""
    yield recorded(s, Lesson, party=s.party_id or None, text=s.text("text"))


@effect(
    text("text", "What went well, and what did not"),
    number("process_score", "The process, from 1 (bad) to 5 (good)"),
    number("neutral_score", "The neutral, from 1 (bad) to 5 (good)"),
)
def give_feedback(s: Situation) -> Iterator[Change]:
    """Keep what somebody thinks of the process and of the neutral."""
    scores = {name: s.given(name) for name in ("process_score", "neutral_score")}
    yield recorded(s, Feedback, party=s.party_id or None, text=s.text("text"), **scores)


def _moved(s: Situation, move: str, **changes: object) -> Iterator[Change]:
    term = s.item(Obligation)
    if term is not None:
        yield ItemRecorded(LIFE.moved(term, move, **changes))


def _next_occurrence(s: Situation) -> Iterator[Change]:
    """Make what comes next of a promise that recurs."""
    term = s.item(Obligation)
    due_at = next_due(term, s.process.timezone) if term is not None else None
    if term is None or due_at is None:
        return
    repeated = (
        *("owner", "verifier", "action", "place", "proof", "indicator", "issue", "clause", "agreement"),
        *("step_in_hours", "every_days", "until"),
    )
    same = {name: getattr(term, name) for name in repeated}
    yield recorded(s, Obligation, **same, due_at=due_at, follows=term.id, state="due")
