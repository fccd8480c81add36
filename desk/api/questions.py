"""What somebody is asked to decide, as JSON: the question, its brief, the answers open to them, what was recorded."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from pydantic import Field

from cases import queries
from cases.api_tokens import Scope
from desk.api import said, schemas
from desk.api.bounds import CaseRef, ItemId, Line
from desk.api.route import ONCE, ApiRoute
from desk.api.scopes import ActsOnCases, ReadsCases, refuse_without
from desk.pages import decide, decision_view
from desk.sheets import BriefSheet
from desk.sheets import Line as SheetLine

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["decisions"], responses=schemas.PROBLEMS)


class AnswerOpen(schemas.Model):
    """An answer the person may give: the act that gives it, what it asks for, and what follows from it."""

    trigger: str = Field(examples=["approve"])
    label: str
    inputs: list[schemas.Asked]
    follows: list[str]


class BriefColumn(schemas.Model):
    """What one side wrote, null where it wrote nothing yet."""

    party: str
    text: str | None
    complete: bool


class Brief(schemas.Model):
    """The one page on which a tier decides, alike for both sides."""

    question: str
    version: int
    tier: str
    may: str
    agreed: list[str]
    disputed: list[str]
    causes: list[str]
    columns: list[BriefColumn]
    options: list[str]
    tried: list[str]
    meanwhile: list[str]


class SaidOnIt(schemas.Model):
    """What was recorded on the question; `who` is empty for the clock."""

    who: str
    what: str
    at: datetime
    said: list[str]


class QuestionAsked(schemas.Model):
    """What is asked; `answers` is empty when it does not wait for this person, and `barred` says why.

    `version` changes whenever something else is asked.
    """

    id: str
    kind: str = Field(examples=["question"])
    state: str
    line: str
    asked_by: str
    readers: str
    version: str
    due_at: datetime | None
    silence: str = Field(description="what silence means")
    answers: list[AnswerOpen]
    barred: list[str]
    recorded: list[SaidOnIt]
    brief: Brief | None


class NotMine(schemas.Model):
    """Why something is not for whoever was asked."""

    reason: Line = Field("", examples=["I left the office in May; ask my successor."])


class PassedOn(schemas.Model):
    """Whether those who run the case hear of it; where the process has no act for that, tell them."""

    told: bool


@router.get("/cases/{case_ref}/questions/{item_id}")
def show_question(case_ref: CaseRef, item_id: ItemId, visit: ReadsCases) -> QuestionAsked:
    """Show what is asked for a decision: a question of the ladder, a proposal, an offer or a vote.

    It is answered by one of the acts that it lists.
    """
    asked = queries.asked_of(visit.desk.record, visit.viewer, case_ref, item_id, now=visit.words.now)
    told, sheet, due = decision_view.of(asked, visit), decision_view.brief_of(asked, visit), asked.deadline
    follows = {one.name: one.follows for one in decision_view.answers(asked, visit)}
    return QuestionAsked(
        id=asked.item.id,
        kind=asked.item.kind,
        state=asked.item.state,
        line=told.line,
        asked_by=told.asked_by,
        readers=told.readers,
        version=asked.version,
        due_at=due.due_at if due else None,
        silence=due.means if due else asked.silence,
        answers=[
            AnswerOpen(
                trigger=one.trigger.name,
                label=one.trigger.label,
                inputs=[said.asked(field) for field in one.inputs.values()],
                follows=list(follows[one.trigger.name]),
            )
            for one in asked.answers
        ],
        barred=list(asked.barred),
        recorded=[SaidOnIt(who=one.who, what=one.what, at=one.at, said=list(one.said)) for one in told.entries],
        brief=_brief(sheet) if sheet else None,
    )


@router.post("/cases/{case_ref}/questions/{item_id}/not-mine", dependencies=ONCE)
def pass_question_on(case_ref: CaseRef, item_id: ItemId, visit: ActsOnCases, why: NotMine) -> PassedOn:
    """Say that one was asked by mistake: the links to it end, and those who run the case are told."""
    refuse_without(Scope.CASES_DECIDE, visit)
    asked = queries.asked_of(visit.desk.record, visit.viewer, case_ref, item_id, now=visit.words.now)
    return PassedOn(told=decide.passed_on(visit, asked, reason=why.reason))


def _brief(sheet: BriefSheet) -> Brief:
    return Brief(
        question=sheet.question.text,
        version=sheet.version,
        tier=sheet.tier,
        may=sheet.may,
        columns=[
            BriefColumn(party=one.party, text=one.written.text if one.written else None, complete=one.complete)
            for one in sheet.columns
        ],
        agreed=_lines(sheet.agreed),
        disputed=_lines(sheet.disputed),
        causes=_lines(sheet.causes),
        options=_lines(sheet.options),
        tried=_lines(sheet.tried),
        meanwhile=_lines(sheet.meanwhile),
    )


def _lines(several: tuple[SheetLine, ...]) -> list[str]:
    return [one.text for one in several]
