"""Proof of service of a case: each notice, whom it reached when, and since when it counts as served."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse

from cases import equal_notice, served
from config.settings import Proof
from desk import equal_words, fresh_proof, headers, proof_file
from desk.access import DeclaredRoute, Signed
from desk.pages import mail_words
from desk.pages.answers import page
from desk.printing import Kind, Wanted
from states import roles
from states.said import say

if TYPE_CHECKING:
    from desk.equal_words import Warned
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

PAGE = 15
SEEN = say("seen at the desk")
"""How the shipped processes call a look at the case as a way of service, which no act offers as a choice."""


@router.get("/cases/{case_ref}/service")
def show(case_ref: str, visit: Signed, before: Annotated[int, Query(ge=0, le=10**6)] = 0) -> HTMLResponse:
    """Show whom each notice of a case reached, the newest first; `before` goes on after that many."""
    proof = served.of_case(visit.desk.record, visit.viewer, case_ref)
    notices = proof.notices[::-1]
    return page(
        visit,
        "served.html",
        zone=proof.process.timezone,
        case=proof.case,
        proof=proof,
        notices=notices[before : before + PAGE],
        next=before + PAGE if len(notices) > before + PAGE else 0,
        lacks=lacks(visit, case_ref),
        parties={one.id: one.name for one in proof.case.parties},
        paper=Wanted(kind=Kind.SERVICE, zones=roles.mailable(proof.zones)),
        state_words=mail_words.state_words,
        tone_of=mail_words.tone_of,
    )


@router.get("/cases/{case_ref}/service.zip")
def take(case_ref: str, visit: Signed) -> Response:
    """Answer with the proof as a file that checks itself, with the mails whose words are for this person."""
    fresh_proof.ask(visit, Proof.EXPORTS)
    return answer(visit, case_ref)


def answer(visit: Visit, case_ref: str) -> Response:
    """Answer with the file of a case, to be saved."""
    name, packed = proof_file.pack(visit.desk.record, visit.viewer, case_ref)
    saved = {
        "content-disposition": f'attachment; filename="{name}"',
        "content-security-policy": headers.DOWNLOAD_POLICY,
    }
    return Response(packed, headers=saved, media_type=proof_file.MEDIA_TYPE)


def lacks(visit: Visit, case_ref: str) -> tuple[Warned, ...]:
    """Say what some side of a case lacks, to those who run it."""
    found = equal_notice.of_case(visit.desk.record, visit.viewer, case_ref, now=visit.words.now)
    return tuple(equal_words.warned(found, visit.words))
