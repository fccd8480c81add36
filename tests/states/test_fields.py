"""Typed fields: how raw values from forms, files and JSON are read."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from states import fields
from states.fields import Field, FieldType

CHOICES = ("yes", "no")


def field(kind: FieldType, *, required: bool = True, initial: fields.Value = None) -> Field:
    choices = CHOICES if kind is FieldType.CHOICE else ()
    return Field(name="it", type=kind, label="It", required=required, initial=initial, choices=choices)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (FieldType.TEXT, "  a road  ", "a road"),
        (FieldType.LONG_TEXT, "one\ntwo", "one\ntwo"),
        (FieldType.TEXT, "a\x00b", "ab"),
        (FieldType.TEXTS, "one\n\n two ", ("one", "two")),
        (FieldType.TEXTS, ["one", "two"], ("one", "two")),
        (FieldType.INTEGER, " 12 ", 12),
        (FieldType.INTEGER, 12, 12),
        (FieldType.NUMBER, "12.50", Decimal("12.50")),
        (FieldType.NUMBER, 0.1, Decimal("0.1")),
        (FieldType.YES_NO, "Yes", True),
        (FieldType.YES_NO, False, False),
        (FieldType.YES_NO, "off", False),
        (FieldType.DATE, "2026-12-03", date(2026, 12, 3)),
        (FieldType.DATE, date(2026, 12, 3), date(2026, 12, 3)),
        (FieldType.INSTANT, "2026-12-03T16:00+02:00", datetime(2026, 12, 3, 14, tzinfo=UTC)),
        (FieldType.INSTANT, datetime(2026, 12, 3, 14, tzinfo=UTC), datetime(2026, 12, 3, 14, tzinfo=UTC)),
        (FieldType.CHOICE, "no", "no"),
        (FieldType.PARTY, "p1", "p1"),
        (FieldType.PERSON, "amina", "amina"),
        (FieldType.ITEM, "offer-1", "offer-1"),
        (FieldType.PARTIES, "p1, p2\np1", ("p1", "p2")),
        (FieldType.PEOPLE, ["amina", "bo"], ("amina", "bo")),
        (FieldType.ITEMS, "offer-1", ("offer-1",)),
    ],
)
def test_a_raw_value_is_read_as_its_type(kind: FieldType, raw: object, value: fields.Value) -> None:
    assert fields.read(field(kind), raw) == value


@pytest.mark.parametrize(
    ("kind", "raw", "told"),
    [
        (FieldType.TEXT, 12, "must be text"),
        (FieldType.TEXT, "x" * (fields.MAX_TEXT + 1), "attach it as a document"),
        (FieldType.TEXTS, 12, "must be a list of texts"),
        (FieldType.INTEGER, "1.5", "must be a whole number"),
        (FieldType.NUMBER, "much", "must be a number"),
        (FieldType.NUMBER, "NaN", "must be a number"),
        (FieldType.NUMBER, "Infinity", "must be a number"),
        (FieldType.YES_NO, "perhaps", "must be yes or no"),
        (FieldType.DATE, "3 December", "must be a date"),
        (FieldType.INSTANT, "tomorrow", "must be a date and time"),
        (FieldType.INSTANT, "2026-12-03T16:00", "needs a time zone"),
        (FieldType.CHOICE, "maybe", "must be one of: yes, no"),
    ],
)
def test_a_value_of_another_type_is_refused_with_what_is_wanted(kind: FieldType, raw: object, told: str) -> None:
    with pytest.raises(fields.Unreadable, match=told):
        fields.read(field(kind), raw)


@pytest.mark.parametrize("kind", FieldType)
@pytest.mark.parametrize("raw", [None, "", "  \n"])
def test_nothing_is_read_as_nothing(kind: FieldType, raw: object) -> None:
    assert fields.read(field(kind), raw) is None


def test_every_problem_of_a_form_is_told_at_once() -> None:
    wanted = {"amount": field(FieldType.NUMBER), "day": field(FieldType.DATE), "note": field(FieldType.TEXT)}
    values, problems = fields.read_all(wanted, {"amount": "much", "note": "ok", "extra": "x"})
    assert values == {"day": None, "note": "ok"}
    assert problems == (
        "“extra” is not asked for here",
        "It must be a number, like 12.50",
        "It is missing",
    )


def test_what_is_not_given_takes_its_initial_value() -> None:
    wanted = {"amount": field(FieldType.NUMBER, initial=Decimal(5)), "sure": field(FieldType.YES_NO, initial=False)}
    assert fields.read_all(wanted, {}) == ({"amount": Decimal(5), "sure": False}, ())


def test_an_optional_field_may_stay_empty() -> None:
    assert fields.read_all({"note": field(FieldType.TEXT, required=False)}, {}) == ({"note": None}, ())
