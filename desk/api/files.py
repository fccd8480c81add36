"""Files for programs: uploaded first, then named in an act, and given out to those who may read the document."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from cases import queries
from cases.files import too_large
from desk import uploads
from desk.api import said, schemas
from desk.api.bounds import CaseRef, ItemId
from desk.api.route import ApiRoute
from desk.api.scopes import ActsOnCases, ReadsCases

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["files"], responses=schemas.PROBLEMS)

_BYTES = {"requestBody": {"required": True, "content": {"application/octet-stream": {}}}}


@router.post("/cases/{case_ref}/files", status_code=201, openapi_extra=_BYTES)
async def upload_file(
    case_ref: CaseRef,
    visit: ActsOnCases,
    request: Request,
    *,
    name: Annotated[str, Query(min_length=1, max_length=500, description="the file's name, which says its type")],
) -> schemas.Upload:
    """Keep the bytes of the body as a file; its reference is then an input of an act of the same person."""
    store = visit.desk.record.files
    await run_in_threadpool(queries.case_for, visit.desk.record, visit.viewer, case_ref)
    with store.receive() as incoming:
        try:
            async for chunk in uploads.limited(request, largest=store.largest):
                await run_in_threadpool(incoming.write, chunk)
        except uploads.TooMuch:
            raise too_large(store.largest) from None
        return said.upload(await run_in_threadpool(incoming.keep, name, by=visit.person.id, now=visit.words.now))


@router.get("/cases/{case_ref}/documents/{document_id}", response_class=Response)
def download_file(case_ref: CaseRef, document_id: ItemId, visit: ReadsCases, request: Request) -> Response:
    """Give out the file of a document."""
    return uploads.download(visit, request, case_ref, document_id)
