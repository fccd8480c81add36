"""How a question goes up the ladder: begun with a brief that both sides annotate, put to a tier, raised, settled.

A trigger with a `question` begins the brief and leaves the tier as it is; one with a `tier` puts the matter there at
once. Either way the file holds one open question at most, so that everybody knows what is asked of whom.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import roles
from states.effects.registry import recorded
from states.events import ItemRecorded
from states.items import Annotation, Decision, Fact, Question
from states.items.ladder import OPEN
from states.lifecycle import Lifecycle
from states.process import AT_LEAST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from states.case import Case
    from states.events import Change
    from states.process import Process, Trigger
    from states.situation import Situation

LIFE = Lifecycle(
    Question,
    initial="annotating",
    moves=(
        ("annotate", ("annotating",), "annotating"),
        ("annotate", ("asked",), "asked"),
        ("complete", ("annotating",), "complete"),
        ("ask", ("annotating", "complete"), "asked"),
        ("climb", ("asked",), "asked"),
        ("decided", ("asked",), "decided"),
        ("approved", ("asked",), "approved"),
        ("approved with changes", ("asked",), "approved with changes"),
        ("returned", ("asked",), "returned"),
        ("refused", ("asked",), "refused"),
        ("referred", ("asked",), "referred"),
        ("settle", OPEN, "settled"),
    ),
)
REQUEST = "request"
ASKED = "asked"
"""In place of a tier: the one that the question or the decision at hand names."""


def open_one(case: Case) -> Question | None:
    """Find the question that waits for an answer, of which there is one at most."""
    return next(iter(case.all(Question, *OPEN)), None)


def missing(trigger: Trigger, s: Situation) -> Iterator[str]:
    """List what stands against asking a tier: another open question, a tier asked before, or no tier left."""
    if trigger.question != REQUEST:
        return
    waiting = open_one(s.case)
    if waiting is not None:
        tier = s.process.tiers[waiting.tier].label
        yield f"no other question waits for an answer; one is before “{tier}”: annotate its brief instead"
    elif s.inputs is not None:
        yield from _requested_missing(s)


def _requested_missing(s: Situation) -> Iterator[str]:
    """Let a matter be asked once per tier and issue; a second time needs a fact recorded since the first."""
    wanted = s.text("to_tier")
    if wanted and s.party and wanted != _next(s):
        yield "a party asks the next tier; the mediator or the convener may ask a higher one"
    if _fact_is_old(s):
        yield "the fact was on file when this was asked before; name one that is new since then"
    elif (wanted or _next(s)) in {None, *_asked_before(s)}:
        yield "every tier above was asked about this before; a second request needs a new fact"


def _fact_is_old(s: Situation) -> bool:
    fact, earlier = s.item(Fact), _earlier(s)
    return fact is not None and bool(earlier) and fact.at <= max(one.at for one in earlier)


def _earlier(s: Situation) -> list[Question]:
    """List what was asked by request about the same issue, or about the whole matter, since the case was reopened."""
    issue = s.text("issue") or None
    return [one for one in s.current(Question) if one.cause == REQUEST and one.issue == issue]


def _asked_before(s: Situation) -> set[str]:
    """Name the tiers that were asked about this before; a new fact lets them be asked again."""
    if s.item(Fact) is not None:
        return set()
    return {tier for one in _earlier(s) for tier in one.asked_of}


def _next(s: Situation) -> str | None:
    """Name the lowest tier above the present one that was not asked about this before."""
    tiers, before = list(s.process.tiers), _asked_before(s)
    above = tiers[tiers.index(s.case.tier) + 1 :] if s.case.tier in tiers else tiers[1:]
    return next((tier for tier in above if tier not in before), None)


def move(trigger: Trigger, s: Situation) -> str | None:
    """Say how an act moves the tier, in the words of a definition; None when it leaves it."""
    if trigger.tier == ASKED:
        item = s.item(Question) or s.item(Decision)
        return AT_LEAST + item.tier if item else None
    if trigger.question in {None, REQUEST} or not _is_asked(s):
        return trigger.tier
    return trigger.question


def _is_asked(s: Situation) -> bool:
    """Tell whether a question has left with its brief and waits for its answer."""
    waiting = open_one(s.case)
    return waiting is not None and waiting.state == ASKED


def begun(trigger: Trigger, s: Situation) -> Iterator[Change]:
    """Begin a question by its brief, or let the one whose brief is being annotated go to a higher tier."""
    if trigger.question is None or _is_asked(s):
        return
    waiting = open_one(s.case)
    tier = _wanted(trigger.question, s)
    if waiting is None and tier is not None:
        yield _new(trigger, s, tier=tier, state=LIFE.initial)
    elif waiting is not None and tier is not None and _height(s.process, tier) > _height(s.process, waiting.tier):
        yield ItemRecorded(replace(waiting, tier=tier, version=waiting.version + 1))


def _wanted(question: str, s: Situation) -> str | None:
    if question.startswith(AT_LEAST):
        return max(question.removeprefix(AT_LEAST), s.case.tier or "", key=lambda one: _height(s.process, one))
    return s.text("to_tier") or _next(s)


def _height(process: Process, tier: str) -> int:
    tiers = list(process.tiers)
    return tiers.index(tier) if tier in tiers else -1


def put(trigger: Trigger, s: Situation, *, tier: str, since: datetime) -> Change:
    """Put the open question to a tier that is entered, or one that arises from the act itself."""
    waiting = open_one(s.case)
    if waiting is None:
        return _new(trigger, s, tier=tier, state=ASKED, asked_of=(tier,), asked_at=since)
    name = "climb" if waiting.state == ASKED else "ask"
    asked = {"tier": tier, "asked_of": (*waiting.asked_of, tier), "asked_at": since, "version": waiting.version + 1}
    return ItemRecorded(LIFE.moved(waiting, name, **asked))


def _new(trigger: Trigger, s: Situation, *, tier: str, state: str, **more: object) -> Change:
    by_clock = s.actor == roles.THE_CLOCK
    # What was said where only some read it is not what both sides are shown as the question.
    open_to_all = s.zone == roles.SHARED
    words = (s.text("text") or s.text("reason")) if open_to_all else ""
    stage = s.process.stages[s.case.stage].label
    lapsed = f"“{stage}” was not done in its time. What shall be done?"
    return recorded(
        s,
        Question,
        zone=roles.SHARED,
        tier=tier,
        text=words or (lapsed if by_clock and not trigger.because else trigger.label),
        cause=trigger.because or ("time" if by_clock else REQUEST),
        party=s.party_id or None,
        issue=s.text("issue") or None,
        new_fact=s.text("fact") or None,
        state=state,
        **more,
    )


def settled(s: Situation) -> Iterator[Change]:
    """Settle what still waits for an answer when the matter comes down, or the case ends, without one."""
    waiting = open_one(s.case)
    if waiting is not None:
        yield ItemRecorded(LIFE.moved(waiting, "settle"))


def answered(s: Situation, answer: str) -> Iterator[Change]:
    """Close the open question with what was answered."""
    waiting = open_one(s.case)
    if waiting is not None and LIFE.allows(waiting, answer):
        yield ItemRecorded(LIFE.moved(waiting, answer))


def columns(case: Case, question: Question) -> dict[str, Annotation]:
    """Find each side's column of the brief, by party."""
    return {one.party: one for one in case.all(Annotation) if one.question == question.id}
