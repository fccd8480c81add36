"""Puts what was read from the record into the API's own words, field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cases import versions
from desk import printing
from desk.api import schemas
from states import endings
from states.case import Party

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cases.collisions import Claimed, Collision, Contested
    from cases.comparison import FieldChange
    from cases.queries import (
        CaseFile,
        CaseRow,
        ComingDate,
        Comparison,
        DeadlineView,
        Difference,
        Entry,
        Found,
        MessageRow,
        Version,
    )
    from cases.receipts import Receipt
    from desk.printing import Wanted
    from states.board import Board
    from states.clauses import Clause
    from states.fields import Field
    from states.file_ref import FileRef
    from states.items import Item
    from states.machine import Option
    from states.marks import Window
    from states.process import Process


def case_line(row: CaseRow) -> schemas.CaseLine:
    """Say a row of the list."""
    return schemas.CaseLine(
        number=row.number,
        title=row.title,
        process=row.process,
        stage=row.stage,
        phase=row.phase,
        urgency=row.urgency,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        outcome=row.outcome,
        due_at=row.due_at,
        due=row.due_label,
    )


def found(one: Found) -> schemas.Found:
    """Say what was found."""
    return schemas.Found(
        number=one.seen.case.number,
        title=one.seen.case.title,
        where=one.source,
        zone=one.zone,
        at=one.at,
        kind=one.item.kind if one.item else None,
        item=one.item.id if one.item else None,
        act=one.act or None,
        seq=one.seq,
        excerpt="".join(part.text for part in one.excerpt),
        found=[part.text for part in one.excerpt if part.found],
    )


def whole_case(file: CaseFile) -> schemas.Case:
    """Say a whole case file."""
    case, soonest = file.case, next(iter(file.deadlines), None)
    return schemas.Case(
        id=case.id,
        number=case.number,
        title=case.title,
        process=file.process.title,
        stage=case.stage,
        phase=file.process.phase_of(case.stage),
        urgency=case.urgency,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        outcome=case.outcome,
        ended=endings.how_it_ended(file.process, case),
        due_at=soonest.due_at if soonest else None,
        due=soonest.label if soonest else "",
        version=file.version,
        head=file.head,
        tier=case.tier,
        process_version=file.process.version,
        process_since=case.process_since or case.opened_at,
        zones=sorted(file.zones),
        parties=[party(one) for one in case.parties],
        deadlines=[deadline(one) for one in file.deadlines],
        items=[file_item(one) for one in case.items],
        timeline=[entry(one) for one in file.timeline],
        papers=[paper(one, case.number) for one in printing.offered(file)],
    )


def paper(one: Wanted, number: str) -> schemas.Paper:
    """Say where a paper is."""
    return schemas.Paper(name=one.kind, page=one.address(number), pdf=one.address(number, ending=".pdf"))


def version(one: Version) -> schemas.Version:
    """Say a version of an agreement."""
    return schemas.Version(
        number=one.number,
        agreement=one.agreement.id,
        at=one.entry.at,
        by=one.entry.actor_name,
        act=one.entry.label,
        seal=one.seal,
        changed=list(one.changed),
        text=dict(versions.text_of(one.agreement)),
        terms={term.id: dict(versions.promise_of(term)) for term in one.terms},
    )


def difference(one: Difference) -> schemas.Difference:
    """Say what differs between two versions."""
    terms = [schemas.TermChange(term=row.id, fate=row.fate, parts=_parts(row.fields)) for row in one.terms]
    return schemas.Difference(before=one.before.number, after=one.after.number, text=_parts(one.text), terms=terms)


def _parts(fields: Iterable[FieldChange]) -> dict[str, list[schemas.Piece]]:
    return {one.name: [schemas.Piece(fate=piece.fate, text=piece.text) for piece in one.pieces] for one in fields}


def party(one: Party) -> schemas.Party:
    """Say a party."""
    people = {role: list(holders) for role, holders in one.people.items()}
    return schemas.Party(
        id=one.id, name=one.name, side=one.side, organisation=one.organisation, calendar=one.calendar, people=people
    )


def case_party(one: schemas.Party) -> Party:
    """Take a party."""
    people = {role: tuple(holders) for role, holders in one.people.items()}
    return Party(
        id=one.id, name=one.name, side=one.side, organisation=one.organisation, calendar=one.calendar, people=people
    )


def deadline(one: DeadlineView) -> schemas.Deadline:
    """Say a clock."""
    return schemas.Deadline(
        name=one.name,
        label=one.label,
        since=one.since,
        due_at=one.due_at,
        first_due_at=one.first_due_at,
        duty=one.duty,
        means=one.means,
        means_at=one.means_at,
        item=one.item.id if one.item else None,
        because=one.due.explain() if one.due else None,
    )


def coming_date(one: ComingDate) -> schemas.ComingDate:
    """Say a date that is coming."""
    return schemas.ComingDate(
        **deadline(one.date).model_dump(),
        number=one.case.number,
        title=one.case.title,
        holders=[holder.id for holder in one.date.holders],
        mine=one.mine,
        overdue=one.date.overdue,
    )


def board(found: Board) -> schemas.Board:
    """Say the options board."""
    rows = [
        schemas.BoardRow(
            id=row.option.id,
            text=row.option.text,
            issue=row.option.issue,
            state=row.option.state,
            verdicts=[one.verdict if one else None for one in row.judgements],
            harms=[one.level if one else None for one in row.harms],
            missing=list(row.missing),
        )
        for row in found.rows
    ]
    return schemas.Board(criteria=[one.text for one in found.criteria], heads=list(found.heads), options=rows)


def file_item(one: Item) -> schemas.FileItem:
    """Say an item of the file with the fields of its own kind."""
    common = {"id", "zone", "by", "at", "state"}
    own = {name: getattr(one, name) for name in type(one).__dataclass_fields__ if name not in common}
    return schemas.FileItem(id=one.id, kind=one.kind, state=one.state, zone=one.zone, recorded_at=one.at, content=own)


def entry(one: Entry) -> schemas.TimelineEntry:
    """Say an entry of the timeline."""
    return schemas.TimelineEntry(
        seq=one.seq,
        at=one.at,
        label=one.label,
        trigger=one.trigger,
        actor=one.actor_name,
        zone=one.zone,
        stage=one.stage,
        tier=one.tier,
    )


def act(one: Option) -> schemas.Act:
    """Say an act and what it asks for."""
    return schemas.Act(
        trigger=one.trigger.name,
        label=one.trigger.label,
        ready=one.ready,
        missing=list(one.missing),
        inputs=[asked(field) for field in one.inputs.values()],
    )


def asked(field: Field) -> schemas.Asked:
    """Say a field."""
    return schemas.Asked(
        name=field.name,
        type=field.type.value,
        label=field.label,
        required=field.required and field.initial is None,
        choices=list(field.choices),
    )


def message(row: MessageRow) -> schemas.Message:
    """Say a mail."""
    return schemas.Message(
        id=row.id,
        case=row.number,
        to=row.person_name,
        address=row.address,
        subject=row.subject,
        language=row.language,
        state=row.state,
        attempts=row.attempts,
        created_at=row.created_at,
        next_at=row.next_at,
        settled_at=row.settled_at,
    )


def clause_line(one: Clause) -> schemas.ClauseLine:
    """Say a clause."""
    return schemas.ClauseLine(
        id=one.id, title=one.title, text=one.text, blanks=list(one.blanks), suits=list(one.suits), term=dict(one.term)
    )


def process_line(one: Process) -> schemas.ProcessLine:
    """Say a process."""
    return schemas.ProcessLine(
        name=one.name,
        title=one.title,
        hash=one.hash,
        phases=dict(one.phases),
        stages={name: stage.label for name, stage in one.stages.items()},
        fields=[asked(field) for field in one.fields.values()],
    )


def similar(found: Comparison) -> schemas.Similar:
    """Say what a notice looks like."""
    cases = [
        schemas.SimilarCase(
            number=one.number,
            title=one.title,
            opened_at=one.opened_at,
            closed_at=one.closed_at,
            score=one.score,
            likely=one.likely,
            reasons=list(one.reasons),
        )
        for one in found.cases
    ]
    return schemas.Similar(cases=cases, complete=found.complete)


def upload(one: FileRef) -> schemas.Upload:
    """Say what was uploaded."""
    return schemas.Upload(
        reference=str(one), name=one.name, size=one.size, media_type=one.media_type, sha256=one.sha256
    )


def collision(one: Collision) -> schemas.Collision:
    """Say a collision."""
    return schemas.Collision(one=_claimed(one.one), other=_claimed(one.other))


def contested(one: Contested) -> schemas.Contested:
    """Say a window that other cases contest."""
    return schemas.Contested(**_window(one.window), numbers=list(one.numbers), others=one.others)


def _claimed(one: Claimed) -> schemas.Claimed:
    return schemas.Claimed(**_window(one.window), number=one.number)


def _window(one: Window) -> dict[str, Any]:
    return {"asset": one.asset, "place": one.place, "from_at": one.from_at, "until_at": one.until_at}


def receipt(one: Receipt) -> schemas.Receipt:
    """Say what was recorded."""
    return schemas.Receipt(case_id=one.case_id, number=one.number, version=one.version, events=list(one.entries))
