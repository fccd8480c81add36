"""The page on which a person of a party answers one thing: the words, every answer there is, and ways out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from cases import queries
from desk import file_words
from desk.access import AtPortal, DeclaredRoute, PortalForm
from desk.pages import acts, agreement_view
from desk.portal.acts import CASES, DOOR, file_of, names_in
from desk.portal.answers import page
from desk.uploads import Given
from states import decidable, errors
from states.effects import asking_team, passing_on
from states.fields import FieldType
from states.items import Agreement
from states.said import say
from states.situation import Situation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.queries import CaseFile
    from desk.forms import Control
    from desk.visits import Visit
    from states.fields import Field
    from states.items import Item
    from states.machine import Option
    from states.process import Trigger

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

CHOICE, WORDS = "choice", "words"
QUESTION, ELSEWHERE = "ask", "elsewhere"
NO_CHOICE = say("Choose an answer; none is chosen for you")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: its name in the form, what it is called, a line about it, and what it asks for."""

    name: str
    label: str
    help: str
    controls: tuple[Control, ...]


@router.get("/cases/{case_ref}/answer/{item_id}")
def ask(case_ref: str, item_id: str, visit: AtPortal) -> HTMLResponse:
    """Show what is to be answered, with no answer chosen."""
    file = file_of(visit, case_ref)
    return _page(file, visit, _item(file, item_id))


@router.post("/cases/{case_ref}/answer/{item_id}")
def choose(case_ref: str, item_id: str, visit: AtPortal, form: PortalForm) -> HTMLResponse:
    """Read back the answer that was chosen; nothing is recorded before it is confirmed."""
    file = file_of(visit, case_ref)
    item = _item(file, item_id)
    chosen = form.get(CHOICE, "")
    own = _own_words(chosen, form)
    if chosen in {QUESTION, ELSEWHERE}:
        return _say_else(file, visit, item, chosen=chosen, said=own.get(WORDS, ""))
    option = next((one for one in options(file, visit, item) if one.trigger.name == chosen), None)
    if option is None:
        return _page(file, visit, item, typed=form, problems=[(CHOICE, NO_CHOICE)])
    given = Given()
    given.update({name: str(value) for name, value in decidable.named(option.trigger, item).items()} | own)
    return acts.weigh(acts.Doing(visit, file, option, DOOR), given)


def options(file: CaseFile, visit: Visit, item: Item) -> tuple[Option, ...]:
    """List the acts with which the person may answer an item now."""
    if item.kind in decidable.KINDS:
        asked = queries.asked_of(visit.desk.record, visit.viewer, file.case.id, item.id, now=visit.words.now)
        return asked.answers
    plain = Situation(process=file.process, case=file.case, actor=visit.actor, at=visit.words.now)
    found = decidable.open_on(plain, file.options, item=item)
    return tuple(sorted((one for one in found if not _serves_else(one.trigger)), key=lambda one: len(one.inputs)))


def waiting(file: CaseFile, visit: Visit) -> tuple[Item, ...]:
    """List the items that wait for the person, by a clock of theirs."""
    mine = (one for one in file.deadlines if visit.person.id in {who.id for who in one.holders})
    return tuple(one.item for one in mine if one.item is not None and options(file, visit, one.item))


def _serves_else(trigger: Trigger) -> bool:
    """Tell whether an act is no answer, but only names an item along the way."""
    return trigger.zone == "chosen" or trigger.question is not None


def _item(file: CaseFile, item_id: str) -> Item:
    item = file.case.item(item_id)
    if item is None:
        raise errors.NotFound(say("there is no such page, or it is not yours to see"))
    return item


def _page(
    file: CaseFile,
    visit: Visit,
    item: Item,
    *,
    typed: Mapping[str, str] | None = None,
    problems: list[tuple[str, str]] | None = None,
) -> HTMLResponse:
    names = names_in(visit, file)
    chosen = typed.get(CHOICE, "") if typed else ""
    return page(
        visit,
        "answer.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
        zone=file.process.timezone,
        case=file.case,
        title=file_words.item_title(item),
        text=file_words.item_text(item, file.case, names),
        facts=file_words.item_facts(item, file.case, names),
        sealed=agreement_view.sealed(item if isinstance(item, Agreement) else None, file, visit),
        dates=[one for one in file.deadlines if one.item and one.item.id == item.id],
        mine=visit.person.id,
        answers=[_answer(one, file, visit, item, typed=typed) for one in options(file, visit, item)],
        asks=_is_open(file, asking_team.act_of(file.process)),
        passes=_is_open(file, passing_on.act_of(file.process)),
        chosen=chosen,
        typed=typed or {},
        address=f"{CASES}/{file.case.number}/answer/{item.id}",
        problems=problems or [],
    )


def _answer(option: Option, file: CaseFile, visit: Visit, item: Item, *, typed: Mapping[str, str] | None) -> Answer:
    name = option.trigger.name
    said = _own_words(name, typed) if typed and typed.get(CHOICE) == name else None
    controls = acts.Doing(visit, file, option, DOOR).forms.controls(_typed_in(option, item), said)
    return Answer(
        name=name,
        label=option.trigger.label,
        help=option.trigger.help,
        controls=tuple(replace(one, name=f"{name}.{one.name}") for one in controls),
    )


def _typed_in(option: Option, item: Item) -> dict[str, Field]:
    """List what an answer asks for beside the item; a file is sent on the page of documents."""
    about = decidable.named(option.trigger, item)
    return {
        name: field for name, field in option.inputs.items() if name not in about and field.type is not FieldType.FILE
    }


def _own_words(chosen: str, typed: Mapping[str, str]) -> dict[str, str]:
    start = f"{chosen}."
    return {name.removeprefix(start): value for name, value in typed.items() if name.startswith(start)}


def _is_open(file: CaseFile, trigger: Trigger | None) -> bool:
    return trigger is not None and any(one.trigger.name == trigger.name and one.ready for one in file.options)


def _say_else(file: CaseFile, visit: Visit, item: Item, *, chosen: str, said: str) -> HTMLResponse:
    """Read back a question to those who run the case, or that somebody else decides; either is an act of its own."""
    line = file_words.item_line(item, file.case, names_in(visit, file))
    act = asking_team.act_of(file.process) if chosen == QUESTION else passing_on.act_of(file.process)
    option = next((one for one in file.options if act is not None and one.trigger.name == act.name), None)
    if option is None:
        raise errors.NotFound(say("this is not open to you on this case now; telephone the desk"))
    words = {"about": line, "text": said} if chosen == QUESTION else {"question": line, "reason": said}
    given = Given()
    given.update({name: value for name, value in words.items() if name in option.inputs})
    return acts.weigh(acts.Doing(visit, file, option, DOOR), given)
