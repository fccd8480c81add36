"""The brief of a question: one page of what both sides share, put together from the case file and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING

from states import questions, roles
from states.events import ItemRecorded
from states.items import Cause, Deadlock, Decision, Fact, Impasse, Interim, Offer, Option, Question, Session
from states.items.facts import AGREED, DISPUTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.case import Case, Party
    from states.events import Change
    from states.items import Annotation, Item

_OVER = ("rejected", "countered", "withdrawn", "lapsed")
"""Where an offer was tried and led to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a tier decides on. `columns` holds each deciding party with what it wrote, None where it wrote nothing yet.

    `tried` lists in order what was tried before, earlier answers of the ladder among it; `meanwhile` are the rules in
    force until then.
    """

    question: Question
    agreed: tuple[Fact, ...]
    disputed: tuple[Fact, ...]
    causes: tuple[Cause, ...]
    columns: tuple[tuple[Party, Annotation | None], ...]
    options: tuple[Option, ...]
    tried: tuple[Item, ...]
    meanwhile: tuple[Interim, ...]


def brief(case: Case, question: Question) -> Brief:
    """Put together the brief of a question from a case that holds only what all who decide may read.

    Where the question is about one issue, causes and options of other issues are left out.
    """
    written = questions.columns(case, question)
    options = (one for one in case.all(Option) if one.state != "dropped")
    return Brief(
        question=question,
        agreed=case.all(Fact, AGREED),
        disputed=case.all(Fact, DISPUTED),
        causes=tuple(one for one in case.all(Cause) if question.issue in {None, one.issue}),
        columns=tuple((party, written.get(party.id)) for party in case.parties if party.decides),
        options=tuple(one for one in options if question.issue in {None, one.issue}),
        tried=tuple(sorted(_tried(case, question), key=lambda item: item.at)),
        meanwhile=case.all(Interim, "on"),
    )


def overtaken(case: Case, changes: tuple[Change, ...]) -> Iterator[Change]:
    """Count a question up where an act changes the facts, causes, options or rules that are before a tier.

    Nobody then answers on what they read before, by whatever door; what is tried meanwhile leaves an answer good.
    """
    question = next(iter(case.all(Question, questions.ASKED)), None)
    items = [change.item for change in changes if isinstance(change, ItemRecorded)]
    if question is None or not items or any(isinstance(item, Question) for item in items):
        return
    after = reduce(lambda case, change: change.apply(case), changes, case)
    if _before_them(case, question) != _before_them(after, question):
        yield ItemRecorded(replace(question, version=question.version + 1))


def _before_them(case: Case, question: Question) -> tuple[tuple[Item, ...], ...]:
    page = brief(replace(case, items=tuple(one for one in case.items if one.zone == roles.SHARED)), question)
    return page.agreed, page.disputed, page.causes, page.options, page.meanwhile


def find(case: Case, question_id: str = "") -> Question | None:
    """Find a question by its id, or else the one that is open, or else the newest."""
    asked = case.all(Question)
    if question_id:
        return next((one for one in asked if one.id == question_id), None)
    return questions.open_one(case) or next(reversed(asked), None)


def _tried(case: Case, question: Question) -> Iterator[Item]:
    """Yield what led to nothing so far: sessions, offers, where it is stuck, and what tiers answered before."""
    yield from case.all(Session, "closed")
    yield from case.all(Offer, *_OVER)
    yield from case.all(Deadlock)
    yield from (one for one in case.all(Impasse) if one.text not in {matter.text for matter in question.matters})
    yield from (one for one in case.all(Decision) if one.at < question.at or one.question == question.id)
