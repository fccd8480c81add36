"""Forms about the office and no case: their fields, what the values of each choice are called, and what was typed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from desk import forms
from desk.forms import Choice
from desk.pages.answers import page
from states import errors, fields
from states.fields import Field, FieldType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fastapi import Response
    from fastapi.responses import HTMLResponse

    from cases.people import Person
    from desk.forms import Control, FormMaker
    from desk.uploads import Given
    from desk.visits import Visit
    from states.fields import Value

Values = dict[str, "Value"]
"""What a form without problems holds, by field."""


class Wrong(errors.Refused):
    """What was typed cannot be kept; `field` says where, or is empty where no single field is at fault."""

    def __init__(self, sentence: str, *, at: str = "") -> None:
        """Keep what is wrong, and at which field."""
        super().__init__(sentence)
        self.field = at


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeForm:
    """One form: its words, its fields, who may be chosen in it, and what its choices are called.

    `address` takes the form, `back` leads away from it, `notes` are read before it is filled in.
    """

    visit: Visit
    title: str
    button: str
    address: str
    back: tuple[str, str]
    asked: tuple[Field, ...]
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    people: tuple[Person, ...] = ()
    initial: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def answer(
        self, *, typed: Mapping[str, str] | None = None, wrong: Wrong | None = None, done: bool = False
    ) -> HTMLResponse:
        """Answer with the form; with what was `typed`, it shows what is wrong with it."""
        controls = self._controls(typed, wrong)
        problems = [(one.id, one.problem) for one in controls if one.error]
        if wrong is not None and not any(one.name == wrong.field for one in controls):
            problems.append(("", wrong.sentence))
        return page(
            self.visit,
            "office_form.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if problems else HTTPStatus.OK,
            zone=self.visit.person.timezone,
            form=self,
            controls=controls,
            problems=problems,
            done=done,
        )

    def keep(self, typed: Given, *, by: Callable[[Values], Response]) -> Response:
        """Keep what was typed by a function that returns where to go on and raises `Wrong`, or show the form again."""
        known = {one.name: one for one in self.asked}
        if self._forms.problems(known, typed):
            return self.answer(typed=typed)
        raw = self._forms.read(known, typed)
        try:
            return by({name: fields.read(one, raw.get(name)) for name, one in known.items()})
        except Wrong as wrong:
            return self.answer(typed=typed, wrong=wrong)

    @property
    def _forms(self) -> FormMaker:
        return forms.of_no_case(self.people, zone=self.visit.person.timezone, words=self.visit.words)

    def _controls(self, typed: Mapping[str, str] | None, wrong: Wrong | None) -> tuple[Control, ...]:
        made = self._forms.controls({one.name: one for one in self.asked}, typed, filled_in=self.initial)
        return tuple(self._named(one, wrong) for one in made)

    def _named(self, control: Control, wrong: Wrong | None) -> Control:
        labels = self.labels.get(control.name, {})
        options = tuple(_labelled(one, labels) for one in control.options)
        # A radio that was pressed cannot be let go again, so what may be left open is a list.
        kind = "select" if control.kind == "radios" and not control.required else control.kind
        error = wrong.sentence if wrong is not None and wrong.field == control.name else control.error
        return replace(control, options=options, kind=kind, error=error)


def _labelled(option: Choice, labels: Mapping[str, str]) -> Choice:
    return replace(option, label=labels.get(option.value, option.label), aside=False)


def choice(name: str, label: str, among: Iterable[str], *, required: bool = False, hint: str = "") -> Field:
    """Make a field of one value among those given."""
    return Field(name=name, type=FieldType.CHOICE, label=label, choices=tuple(among), required=required, help=hint)


def choices(name: str, label: str, among: Iterable[str], *, hint: str = "") -> Field:
    """Make a field of any number of values among those given."""
    return Field(name=name, type=FieldType.CHOICES, label=label, choices=tuple(among), required=False, help=hint)


def text(name: str, label: str, *, required: bool = True, hint: str = "", long: bool = False) -> Field:
    """Make a field of words."""
    kind = FieldType.LONG_TEXT if long else FieldType.TEXT
    return Field(name=name, type=kind, label=label, required=required, help=hint)


def words_of(value: Value) -> str:
    """Return the text of a value, empty for none."""
    return "" if value is None else str(value)
