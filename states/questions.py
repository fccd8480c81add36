"""How a question goes up the ladder: begun with a brief that both sides annotate, put to a tier, raised, settled.

A trigger with a `question` begins the brief and leaves the tier as it is; one with a `tier` puts the matter there at
once. Either way the file holds one open question at most, so that everybody knows what is asked of whom.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from states import roles
from states.effects.registry import recorded
from states.events import ItemRecorded
from states.items import Annotation, Decision, Fact, Matter, Question
from states.items.ladder import OPEN
from states.lifecycle import Lifecycle
from states.process import AT_LEAST
from states.said import say

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
REQUEST, TIME = "request", "time"
"""The causes of a question for which a definition gives none: somebody asked, or a clock ran out."""
UP = "up"
ASKED = "asked"
"""In place of a tier: the one that the question or the decision at hand names."""


def open_one(case: Case) -> Question | None:
    """Find the question that waits for an answer, of which there is one at most."""
    return next(iter(case.all(Question, *OPEN)), None)


def missing(trigger: Trigger, s: Situation) -> Iterator[str]:
    """List what stands against asking a tier: another open question, a tier asked before, or no tier left."""
    if trigger.question is None or s.actor.person in roles.AUTOMATIC:
        return
    waiting, cause = open_one(s.case), _cause(trigger, s)
    if waiting is not None and (trigger.question == REQUEST or cause in {one.cause for one in waiting.matters}):
        tier = s.process.tiers[waiting.tier].label
        yield say(
            "no other question waits for an answer; one is before “%(tier)s”: annotate its brief instead", tier=tier
        )
    elif waiting is None and s.inputs is not None:
        yield from _again_missing(s, cause)


def _again_missing(s: Situation, cause: str) -> Iterator[str]:
    """Let a matter be asked once per tier and issue; a second time needs a fact recorded since the first."""
    wanted = s.text("to_tier")
    if wanted and s.party and wanted != _next(s, cause):
        yield say("a party asks the next tier; the mediator or the convener may ask a higher one")
    if _fact_is_old(s, cause):
        yield say("the fact was on file when this was asked before; name one that is new since then")
    elif (wanted or _next(s, cause)) in {None, *_asked_before(s, cause)}:
        yield say("every tier above was asked about this before; a second request needs a new fact")


def _fact_is_old(s: Situation, cause: str) -> bool:
    fact, earlier = s.item(Fact), _earlier(s, cause)
    return fact is not None and bool(earlier) and fact.at <= max(one.at for one in earlier)


def _earlier(s: Situation, cause: str) -> list[Question]:
    """List what was asked for this cause about the same issue, or the whole matter, since the case was reopened."""
    issue = s.text("issue") or None
    about = (one for one in s.current(Question) if one.issue == issue)
    return [one for one in about if cause in {matter.cause for matter in one.matters}]


def _asked_before(s: Situation, cause: str) -> set[str]:
    """Name the tiers that were asked about this before; a new fact lets them be asked again."""
    if s.item(Fact) is not None:
        return set()
    return {tier for one in _earlier(s, cause) for tier in one.asked_of}


def _next(s: Situation, cause: str) -> str | None:
    """Name the lowest tier above the present one that was not asked about this before."""
    tiers, before = list(s.process.tiers), _asked_before(s, cause)
    above = tiers[tiers.index(s.case.tier) + 1 :] if s.case.tier in tiers else tiers[1:]
    return next((tier for tier in above if tier not in before), None)


def move(trigger: Trigger, s: Situation) -> str | None:
    """Say how an act moves the tier, in the words of a definition; None when it leaves it."""
    if left_over(trigger, s) is not None:
        return None
    if trigger.tier == ASKED:
        item = s.item(Question) or s.item(Decision)
        return AT_LEAST + item.tier if item else None
    if trigger.question is not None and trigger.question.startswith(AT_LEAST) and _is_asked(s):
        return trigger.question
    return trigger.tier


def _is_asked(s: Situation) -> bool:
    """Tell whether a question has left with its brief and waits for its answer."""
    waiting = open_one(s.case)
    return waiting is not None and waiting.state == ASKED


def begun(trigger: Trigger, s: Situation) -> Iterator[Change]:
    """Begin a question by its brief; while one is open, what comes up is asked with it, at the higher tier of both."""
    waiting = open_one(s.case)
    if waiting is not None:
        after = _with_matter(waiting, trigger, s)
        tier = _wanted(trigger, s) if trigger.question and not _is_asked(s) else None
        if tier is not None and _height(s.process, tier) > _height(s.process, waiting.tier):
            after = replace(after, tier=tier)
        if after != waiting:
            yield ItemRecorded(replace(after, version=waiting.version + 1))
    elif trigger.question is not None and (tier := _wanted(trigger, s)) is not None:
        yield _new(trigger, s, tier=tier, state=LIFE.initial)


def _wanted(trigger: Trigger, s: Situation) -> str | None:
    question = trigger.question or ""
    if question.startswith(AT_LEAST):
        return max(question.removeprefix(AT_LEAST), s.case.tier or "", key=lambda one: _height(s.process, one))
    return s.text("to_tier") or _next(s, _cause(trigger, s))


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
    return ItemRecorded(LIFE.moved(_with_matter(waiting, trigger, s), name, **asked))


def _with_matter(question: Question, trigger: Trigger, s: Situation) -> Question:
    """Ask what an act brings up with what is asked already; a climb, or a brief that leaves, brings up nothing."""
    asks = trigger.question is not None or (trigger.tier is not None and trigger.answers is None)
    same = trigger.tier in {UP, s.case.tier} or (trigger.tier == ASKED and s.item(Question) is not None)
    if not asks or same or trigger.tier == next(iter(s.process.tiers)):
        return question
    matter = Matter(by=s.actor.person, **_said(trigger, s))
    known = {(one.cause, one.text) for one in question.matters}
    return question if (matter.cause, matter.text) in known else replace(question, also=(*question.also, matter))


def _said(trigger: Trigger, s: Situation) -> dict[str, Any]:
    """Say what is asked and why, for which party, about which issue, and on what new fact."""
    return {
        "text": _words(trigger, s),
        "cause": _cause(trigger, s),
        "party": s.party_id or None,
        "issue": s.text("issue") or None,
        "new_fact": s.text("fact") or None,
    }


def _cause(trigger: Trigger, s: Situation) -> str:
    return trigger.because or (TIME if s.actor == roles.THE_CLOCK else REQUEST)


def _words(trigger: Trigger, s: Situation) -> str:
    """Say what is asked: in the words of whoever asks, unless only some may read them, else in those of the act."""
    said = (s.text("text") or s.text("reason")) if s.zone == roles.SHARED else ""
    if said or s.actor != roles.THE_CLOCK or trigger.because:
        return said or trigger.label
    return say("“%(stage)s” was not done in its time. What shall be done?", stage=s.process.stages[s.case.stage].label)


def _new(trigger: Trigger, s: Situation, *, tier: str, state: str, **more: object) -> Change:
    return recorded(
        s,
        Question,
        zone=roles.SHARED,
        tier=tier,
        state=state,
        **_said(trigger, s),
        **more,
    )


def settled(s: Situation) -> Iterator[Change]:
    """Settle what still waits for an answer when the matter comes down, or the case ends, without one."""
    waiting = open_one(s.case)
    if waiting is not None:
        yield ItemRecorded(LIFE.moved(waiting, "settle"))


def left_over(trigger: Trigger, s: Situation) -> Question | None:
    """Return what a tier is still asked after an act that settles only what came up for its own causes."""
    waiting = open_one(s.case)
    if waiting is None or not trigger.settles:
        return None
    left = [one for one in waiting.matters if one.cause not in trigger.settles]
    if not left:
        return None
    first, *rest = left
    return replace(waiting, **asdict(first), also=tuple(rest), version=waiting.version + 1)


def answered(s: Situation, answer: str) -> Iterator[Change]:
    """Close the open question with what was answered."""
    waiting = open_one(s.case)
    if waiting is not None and LIFE.allows(waiting, answer):
        yield ItemRecorded(LIFE.moved(waiting, answer))


def columns(case: Case, question: Question) -> dict[str, Annotation]:
    """Find each side's column of the brief, by party."""
    return {one.party: one for one in case.all(Annotation) if one.question == question.id}
