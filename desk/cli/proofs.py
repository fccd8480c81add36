"""`parley case service`: whom each notice of a case reached, and since when it counts as served."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from desk.cli import front, output
from desk.cli.front import As, CaseRef
from desk.cli.output import AsJson


def service(
    case: CaseRef,
    *,
    viewer: As,
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it with the mails as a ZIP.", dir_okay=False),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show whom each notice of a case reached when, as which bytes, and since when it counts as served."""
    from cases import served
    from desk import proof_file

    at = front.office()
    who = front.viewer(at, viewer)
    if to is not None:
        name, packed = proof_file.pack(at.record, who, case)
        output.write_bytes(packed, to)
        output.emit({"name": name, "file": str(to)}) if as_json else output.say(f"{name} written to {to}")
        return
    proof = served.of_case(at.record, who, case)
    if as_json:
        output.emit([proof_file.facts(one) for one in proof.notices])
        return
    zone = proof.process.timezone
    rows = [
        (
            notice.about,
            one.name,
            one.state,
            output.stamp(one.taken_at, zone),
            output.stamp(one.counts_at, zone),
            one.method,
            (one.sha256 or "")[:12],
        )
        for notice in proof.notices
        for one in notice.addressees
    ]
    columns = ("Notice", "To", "State", f"Taken ({zone})", "Counts as served", "How", "SHA-256")
    output.table(columns, rows, title=f"{proof.case.number}: proof of service", empty="no mail was written yet")
    sides = [
        (notice.about, side.name, output.stamp(side.counts_at, zone))
        for notice in proof.notices
        for side in notice.sides
    ]
    output.table(("Formal notice", "Side", "Counts as served"), sides, title="Sides", empty="none")
