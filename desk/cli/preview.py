"""`parley case preview`: everything that comes in a case if nobody does anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from desk.cli import front, output
from desk.cli.front import As, CaseRef
from desk.cli.output import AsJson

if TYPE_CHECKING:
    from desk.planned_mails import PlannedMail
    from desk.preview import ComingStep


def preview(
    case: CaseRef,
    *,
    viewer: As,
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many steps.")] = 30,
    as_json: AsJson = False,
) -> None:
    """Show what comes if nobody does anything: each date and mail, to whom, and where the case then stands."""
    from desk import preview as previews

    at = front.office()
    who = front.viewer(at, viewer)
    found = previews.of(at.record, who, case, now=at.clock.now(), most=limit)
    if as_json:
        output.emit({"steps": [_data(one) for one in found.steps], "more": found.more})
        return
    columns = (f"When ({found.zone})", "Clock", "What happens", "Mails", "Stands then")
    output.table(columns, tuple(_row(one, found.zone) for one in found.steps), empty="nothing happens by itself")
    if found.more:
        output.say(f"More follows: --limit {min(200, 2 * limit)}")


def _row(one: ComingStep, zone: str) -> tuple[str, ...]:
    mails = (f"{mail.name}: {', '.join(got.person.name for got in mail.to) or 'nobody'}" for mail in one.mails)
    does = f"{one.label}: {one.means}" if one.act and one.means else one.label
    does = "; ".join((does, *one.called))
    return (
        output.stamp(one.at, zone),
        f"{one.clock}: {one.about}" if one.about else one.clock,
        f"{does} (refused: {one.refused})" if one.refused else does,
        "; ".join(mails),
        ", ".join(filter(None, (one.stage, one.tier))),
    )


def _data(one: ComingStep) -> dict[str, Any]:
    return {
        "at": one.at,
        "clock": one.clock,
        "about": one.about,
        "act": one.act,
        "label": one.label,
        "means": one.means,
        "called": one.called,
        "mails": [{"name": mail.name, "kind": mail.kind, "to": _to(mail)} for mail in one.mails],
        "stage": one.stage,
        "tier": one.tier,
        "refused": one.refused,
    }


def _to(mail: PlannedMail) -> list[dict[str, str]]:
    return [{"name": got.person.name, "part": got.part} for got in mail.to]
