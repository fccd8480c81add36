"""Proof of service as JSON, and as a file that checks itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import Field

from cases import served
from config.settings import Proof
from desk import fresh_proof, proof_file
from desk.api import schemas
from desk.api.bounds import CaseRef
from desk.api.route import ApiRoute
from desk.api.scopes import ReadsMails
from desk.pages import served as served_page

router = APIRouter(prefix="/api", route_class=ApiRoute, tags=["mails"], responses=schemas.PROBLEMS)


class ServedOtherwise(schemas.Model):
    """A declaration that somebody was told otherwise than by mail; `item` stands in the case."""

    item: str
    by: str
    at: datetime
    method: str = Field(examples=["read over the telephone"])
    counts_at: datetime | None
    state: str = Field(examples=["declared"])


class Addressee(schemas.Model):
    """One person a notice was written to; `sha256` is of the mail's bytes, null before they are written."""

    message: int
    person: str
    name: str
    party: str
    address: str
    language: str
    subject: str
    state: str = Field(examples=["sent"])
    header_id: str = Field(description="the Message-ID of the mail")
    sha256: str | None
    size: int
    written_at: datetime
    tried_at: datetime | None
    taken_at: datetime | None = Field(description="when the mail server took it, with its code and reply")
    code: int | None = Field(examples=[250])
    reply: str
    tries: list[schemas.Try]
    perhaps_twice: bool
    otherwise: list[ServedOtherwise]
    looked_at: datetime | None
    counts_at: datetime | None = Field(description="since when it counts as served on them, by `method`")
    method: str = Field(examples=["e-mail"])
    told_at: datetime | None


class ServedSide(schemas.Model):
    """A party that a formal notice is for; of another party `told_at` is told to those who run the case."""

    party: str
    name: str
    told_at: datetime | None
    counts_at: datetime | None


class Served(schemas.Model):
    """One notice: whom it reached, and how the sides stand."""

    id: int
    mail: str = Field(examples=["case_admitted"])
    about: str
    subject: str
    formal: bool
    reminder: bool
    at: datetime
    addressees: list[Addressee]
    sides: list[ServedSide]
    apart: bool


class ProofOfService(schemas.Model):
    """Each notice of a case as far as one may know of it, the oldest first; `lacks` says which side lacks one."""

    number: str
    notices: list[Served]
    lacks: list[str]


_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "a ZIP whose SHA256SUMS check it",
        "content": {proof_file.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.get("/cases/{case_ref}/service")
def show_service(case_ref: CaseRef, visit: ReadsMails) -> ProofOfService:
    """Show whom each notice of a case reached when, and since when it counts as served."""
    proof = served.of_case(visit.desk.record, visit.viewer, case_ref)
    return ProofOfService(
        number=proof.case.number,
        notices=[Served(**proof_file.facts(one)) for one in proof.notices],
        lacks=[visit.words.tell(one.words) for one in served_page.lacks(visit, case_ref)],
    )


@router.get("/cases/{case_ref}/service/file", response_class=Response, responses=_FILE)
def take_service(case_ref: CaseRef, visit: ReadsMails) -> Response:
    """Take the proof as a file that checks itself, with the mails whose words are for whoever asks."""
    fresh_proof.ask(visit, Proof.EXPORTS)
    return served_page.answer(visit, case_ref)
