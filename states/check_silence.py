"""Checks what silence may mean: that every mail that asks says it, and that nothing is agreed to by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import findings, questions
from states.findings import Finding
from states.items import Question
from states.process import ANY_STAGE, CLOCK, TIER, MailKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.findings import Vocabulary
    from states.process import Mail, Move, Process, Trigger


def speechless_mails(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find mails of acts that ask for something, and could not say by when or what happens if nobody answers.

    A reminder needs neither: it speaks of its own clock.
    """
    for name in findings.sent_by_acts(process) & process.mails.keys():
        mail = process.mails[name]
        if mail.kind is MailKind.ACTION and not (mail.due or mail.silence):
            text = (
                "it asks for something; add “due: …”, the clock it asks by, or “silence: …”, what happens without one"
            )
            yield Finding(mail.line, f"mail {name}", text)


def misspoken_mails(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find mails that ask by a clock there is not, and ones that tell of silence though they ask nothing."""
    clocks = {TIER, *(rule.name for rule in process.every_deadline())}
    for mail in process.mails.values():
        for text in _misspoken(mail, clocks):
            yield Finding(mail.line, f"mail {mail.name}", text)


def _misspoken(mail: Mail, clocks: set[str]) -> Iterator[str]:
    if mail.due and mail.due not in clocks:
        yield f"there is no clock “{mail.due}”; {findings.nearest(mail.due, clocks)}"
    if mail.kind is MailKind.NOTICE and (mail.due or mail.silence):
        yield "a notice asks nothing, so silence means nothing to it; take “due” and “silence” away, or let it ask"
    if mail.kind is MailKind.ACTION and mail.formal:
        yield "whatever asks is served on its readers anyhow; take “formal” away"


def endless_waits(process: Process, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find acts that leave something waiting for somebody on which no clock runs."""
    timed = {(rule.of, state) for rule in process.every_deadline() for state in rule.states}
    for trigger in process.triggers.values():
        for kind, state in _left(trigger, vocabulary):
            if (kind, state) not in timed:
                text = (
                    f"it leaves a “{kind}” {state}, and silence would hold that open for ever; "
                    f"add a deadline of: {kind} with states: [{state}]"
                )
                yield Finding(trigger.line, f"trigger {trigger.name}", text)


def _left(trigger: Trigger, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    yield from (vocabulary.leaves[name] for name in trigger.does if name in vocabulary.leaves)
    if trigger.question is not None:
        yield Question.kind, questions.LIFE.initial


def words_of_the_clock(process: Process, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find acts by which the clock would agree, ratify, vote or decide for somebody: silence is never a yes."""
    for trigger in process.triggers.values():
        for what in _said(trigger, vocabulary) if CLOCK in trigger.who else ():
            text = f"the clock may do it, but {what} is somebody's own word, and silence is none; take clock away"
            yield Finding(trigger.line, f"trigger {trigger.name}", text)


def _said(trigger: Trigger, vocabulary: Vocabulary) -> Iterator[str]:
    yield from (name for name in trigger.does if name in vocabulary.own_words)
    if trigger.answers is not None:
        yield f"an answer of a tier ({trigger.answers})"


def ways_past_the_parties(process: Process, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find stages that people leave only once every party has said yes, and the clock leads on from all the same."""
    for trigger in process.triggers.values():
        for move in trigger.moves if CLOCK in trigger.who else ():
            for source in process.stages if ANY_STAGE in move.sources else move.sources:
                yes = _yes_between(process, source, move.to, vocabulary)
                if yes and not yes & {*trigger.needs, *move.needs}:
                    yield Finding(trigger.line, f"trigger {trigger.name}", _past(source, move.to, yes))


def _past(source: str, to: str | None, yes: set[str]) -> str:
    needed = " or ".join(sorted(yes))
    return (
        f"the clock leads from {source} to {to}, where people come only by the yes of every party; "
        f"let it need {needed}, or lead elsewhere"
    )


def _yes_between(process: Process, source: str, to: str | None, vocabulary: Vocabulary) -> set[str]:
    """Name the conditions by which every party said yes, where each way of people between two stages needs one."""
    ways = [
        vocabulary.unanimous & {*trigger.needs, *move.needs}
        for trigger in process.triggers.values()
        for move in trigger.moves
        if CLOCK not in trigger.who and _leads(move, source, to)
    ]
    return set().union(*ways) if ways and all(ways) else set()


def _leads(move: Move, source: str, to: str | None) -> bool:
    return to is not None and move.to == to and move.starts_at(source)
