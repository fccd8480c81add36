"""The file of a document, to be saved."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from desk import uploads
from desk.access import DeclaredRoute, Signed

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)


@router.get("/cases/{case_ref}/documents/{document_id}")
def file(case_ref: str, document_id: str, visit: Signed, request: Request) -> Response:
    """Give out the file of a document to those who may read the document."""
    return uploads.download(visit, request, case_ref, document_id)
