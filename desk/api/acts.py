"""Acts as JSON: what a person may do now, and doing it."""

from __future__ import annotations

from fastapi import APIRouter

from cases import queries
from cases.api_tokens import Scope
from cases.commands import ActOnCase
from desk import fresh_proof
from desk.api import said, schemas
from desk.api.bounds import CaseRef, Trigger
from desk.api.match import IfCaseMatches, matching
from desk.api.route import ApiRoute, Key
from desk.api.scopes import ActsOnCases, ReadsCases, refuse_without
from states import decidable, machine

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["acts"], responses=schemas.PROBLEMS)


@router.get("/cases/{case_ref}/acts")
def list_acts(case_ref: CaseRef, visit: ReadsCases) -> schemas.Acts:
    """List the acts the signed-in person has on a case now, each with what it still needs."""
    file = queries.case_file(visit.desk.record, visit.viewer, case_ref, now=visit.words.now)
    return schemas.Acts(version=file.version, acts=[said.act(one) for one in file.options])


@router.post("/cases/{case_ref}/acts/{trigger}")
def do_act(  # noqa: PLR0913 - what an act is told by
    case_ref: CaseRef, trigger: Trigger, visit: ActsOnCases, doing: schemas.Doing, *, key: Key, wanted: IfCaseMatches
) -> schemas.Receipt:
    """Do an act on a case; the same key and content sent again are answered with the same receipt.

    An act that answers what somebody was asked to decide takes a token that is good for `cases:decide` as well.
    """
    process, case = queries.case_for(visit.desk.record, visit.viewer, case_ref)
    wanted_act = machine.find_trigger(process, trigger)
    if decidable.decides(wanted_act):
        refuse_without(Scope.CASES_DECIDE, visit)
    fresh_proof.ask_for_answer(visit, wanted_act)
    command = ActOnCase(
        case_id=case.id,
        trigger=trigger,
        actor=visit.actor,
        key=f"api:{visit.person.id}:{key}",
        inputs=doing.inputs,
        expected_version=doing.expected_version if wanted is None else wanted[0],
        expected_sight=None if wanted is None else wanted[1],
    )
    with matching(wanted):
        return said.receipt(visit.desk.service.act(command))
