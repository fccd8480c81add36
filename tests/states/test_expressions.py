"""Expressions over the fields of a case: what they compute, and what they refuse to be."""

from decimal import Decimal

import pytest

from states import errors, expressions


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("amount * 2", Decimal(24)),
        ("amount - paid", Decimal("7.50")),
        ("amount + 0.1 + 0.2", Decimal("12.3")),
        ("-amount / 4", Decimal(-3)),
        ("(amount - paid) * 2 > 14", True),
        ("amount > paid > 4", True),
        ("amount > paid > 5", False),
        ("method == 'mediation'", True),
        ("method != 'mediation'", False),
        ("agreed and amount > 0", True),
        ("not agreed or amount < 0", False),
        ("nothing == None", True),
        ("nothing > 0", False),
        ("nothing + 1", Decimal(1)),
        ("count >= 2", True),
    ],
)
def test_an_expression_computes_over_named_values(text: str, value: object) -> None:
    names = {
        "amount": Decimal(12),
        "paid": Decimal("4.50"),
        "method": "mediation",
        "agreed": True,
        "nothing": None,
        "count": 2,
    }
    assert expressions.parse(text).value(names) == value


def test_money_is_counted_exactly() -> None:
    assert str(expressions.parse("a + b").value({"a": Decimal("0.1"), "b": Decimal("0.2")})) == "0.3"


def test_the_second_test_is_not_asked_when_the_first_decides() -> None:
    assert expressions.parse("amount == 0 or 10 / amount > 1").value({"amount": Decimal(0)}) is True


def test_an_expression_tells_which_names_it_reads() -> None:
    expression = expressions.parse(" amount - paid > 0 and agreed ")
    assert expression.names == {"amount", "paid", "agreed"}
    assert str(expression) == "amount - paid > 0 and agreed"


@pytest.mark.parametrize(
    "text",
    [
        "open('x')",
        "amount.real",
        "amount[0]",
        "[1, 2]",
        "(lambda: 1)()",
        "f'{amount}'",
        "a if b else c",
        "2 ** 99",
        "a % 2",
        "a is None",
        "a in b",
        "b'x'",
        "1j",
        "(a := 1)",
        "...",
        "{1: 2}",
        "~a",
    ],
)
def test_an_expression_cannot_reach_out(text: str) -> None:
    with pytest.raises(errors.DefinitionError, match="uses more than"):
        expressions.parse(text)


@pytest.mark.parametrize("text", ["", "amount >", "amount = 2", "a; b", "import os", "(" * 300, "\x00"])
def test_what_is_no_expression_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(errors.DefinitionError, match=r"write something like: amount \* 2"):
        expressions.parse(text)


def test_a_very_long_expression_is_refused() -> None:
    with pytest.raises(errors.DefinitionError, match="longer than 400 characters"):
        expressions.parse("a + " * 200 + "a")


def test_words_cannot_be_calculated_with() -> None:
    with pytest.raises(errors.DefinitionError, match="cannot calculate with “mediation”"):
        expressions.parse("method * 2").value({"method": "mediation"})
