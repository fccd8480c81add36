"""Proof of service as data and as a file that checks itself: who was told what, and the bytes of the mails.

The file is a ZIP whose list of hashes any machine can check (`sha256sum -c SHA256SUMS`); the same record gives the same
bytes. It holds those mails whose words are for whoever takes it, but for one that leads somebody else to their own
answer: its hash alone proves it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cases import messages, served
from desk import mail_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cases.record import Record
    from cases.served import Addressee, Notice, Proof
    from cases.viewer import Viewer

SUMS = "SHA256SUMS"
MEDIA_TYPE = "application/zip"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_COLUMNS = (
    *("message", "name", "party", "address", "language", "subject", "state", "header_id", "sha256", "size"),
    *("written_at", "tried_at", "taken_at", "code", "reply", "perhaps_twice", "looked_at", "counts_at", "method"),
)


def name_of(proof: Proof) -> str:
    """Say what the file of a case is called."""
    return f"{proof.case.number}-service.zip"


def pack(record: Record, who: Viewer, case_ref: str) -> tuple[str, bytes]:
    """Return the name and the bytes of the file. Raises `NotFound` for a case that is not this viewer's."""
    proof = served.of_case(record, who, case_ref)
    mails = dict(_mails(record, who, proof))
    files = {"proof.json": _json(proof, mails), "mails.csv": _table(proof), **mails}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted({**files, SUMS: sums.encode()}.items()):
            archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return name_of(proof), packed.getvalue()


def facts(notice: Notice) -> dict[str, Any]:
    """Return a notice as plain data; of an addressee also when they were first told."""
    found = asdict(notice)
    for data, one in zip(found["addressees"], notice.addressees, strict=True):
        data["told_at"] = one.told_at
    return found


def _json(proof: Proof, mails: Mapping[str, bytes]) -> bytes:
    content = {
        "case": proof.case.number,
        "process": proof.process.hash,
        "seal": proof.head,
        "notices": [facts(notice) for notice in proof.notices],
        "mails": sorted(mails),
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=_instant).encode()


def _instant(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _table(proof: Proof) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(("notice", "mail", "formal", *_COLUMNS))
    for notice in proof.notices:
        for one in notice.addressees:
            values = (getattr(one, column) for column in _COLUMNS)
            writer.writerow((notice.id, notice.mail, notice.formal, *map(_cell, values)))
    return file.getvalue().encode()


def _cell(value: object) -> object:
    """Write a value so that no spreadsheet takes it for a formula."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{value}"
    return value.isoformat() if isinstance(value, datetime) else value


def _mails(record: Record, who: Viewer, proof: Proof) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes of each mail that is for the viewer to have, by the name of its file."""
    for one in (one for notice in proof.notices for one in notice.addressees):
        content = _content(record, who, one)
        if content is not None:
            yield f"mails/{one.message}.eml", content


def _content(record: Record, who: Viewer, one: Addressee) -> bytes | None:
    if one.sha256 is None:
        return None
    content = messages.message(record, who, one.message).content
    theirs = content is not None and one.person != who.person and mail_text.has_own_link(content)
    return None if theirs else content
