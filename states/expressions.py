"""Small expressions over the fields of a case, such as `amount * 2` or `penalised and balance > 0`.

A closed grammar over Python's own syntax tree: names, numbers, texts, arithmetic, comparison, and/or/not. Nothing
else parses, so a definition can compute but never reach out.
"""

from __future__ import annotations

import ast
import operator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from states.errors import DefinitionError
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LONGEST = 400
_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], object]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISON: Mapping[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_ALLOWED = (
    ast.Expression,
    ast.Name,
    ast.Load,
    ast.Constant,
    ast.BinOp,
    ast.UnaryOp,
    ast.USub,
    ast.Not,
    ast.BoolOp,
    ast.And,
    ast.Or,
    ast.Compare,
    *_ARITHMETIC,
    *_COMPARISON,
)
_CONSTANTS = (bool, int, float, str, type(None))


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: its text, the field names it reads, and its syntax tree."""

    text: str
    names: frozenset[str]
    tree: ast.expr

    def __str__(self) -> str:
        """Give the text as written."""
        return self.text

    def value(self, names: Mapping[str, object]) -> object:
        """Compute the expression over named values; an empty value counts as 0 in sums and as no in tests."""
        return _value(self.tree, names)


def parse(text: str) -> Expression:
    """Parse an expression.

    Raises `DefinitionError` when it uses anything but names, literals, arithmetic, comparisons, and/or/not.
    """
    if len(text) > _LONGEST:
        message = f"the expression is longer than {_LONGEST} characters; split it into named conditions"
        raise DefinitionError(message)
    try:
        root = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        message = f"“{text}” is not an expression; write something like: amount * 2"
        raise DefinitionError(message) from None
    for node in ast.walk(root):
        literal = isinstance(node, ast.Constant) and not isinstance(node.value, _CONSTANTS)
        if literal or not isinstance(node, _ALLOWED):
            message = f"“{text}” uses more than fields, numbers, texts, + - * /, comparisons, and, or, not"
            raise DefinitionError(message)
    names = frozenset(node.id for node in ast.walk(root) if isinstance(node, ast.Name))
    return Expression(text.strip(), names, root.body)


def _value(node: ast.expr, names: Mapping[str, object]) -> object:
    match node:
        case ast.Constant(value=value):
            return _exact(value)
        case ast.Name(id=name):
            return _exact(names[name])
        case ast.BoolOp(op=op, values=values):
            parts = (_value(part, names) for part in values)
            return all(parts) if isinstance(op, ast.And) else any(parts)
        case ast.UnaryOp(op=op, operand=operand):
            inner = _value(operand, names)
            return not inner if isinstance(op, ast.Not) else -_number(inner)
        case ast.BinOp(left=left, op=op, right=right):
            return _ARITHMETIC[type(op)](_number(_value(left, names)), _number(_value(right, names)))
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _compare([left, *others], ops, names)
    message = f"cannot compute a {type(node).__name__}"
    raise DefinitionError(message)


def _exact(value: object) -> object:
    """Calculate with decimals, as money wants it; yes and no stay what they are."""
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _number(value: object) -> Decimal:
    if value is None:
        return Decimal(0)
    if isinstance(value, Decimal):
        return value
    message = say("cannot calculate with “%(value)s”, which is not a number", value=value)
    raise DefinitionError(message)


def _compare(parts: list[ast.expr], ops: list[ast.cmpop], names: Mapping[str, object]) -> bool:
    values = [_value(part, names) for part in parts]
    pairs = zip(values, ops, values[1:], strict=False)
    return all(_holds(left, op, right) for left, op, right in pairs)


def _holds(left: object, op: ast.cmpop, right: object) -> bool:
    if isinstance(op, ast.Eq | ast.NotEq):
        return _COMPARISON[type(op)](left, right)
    if left is None or right is None:
        left, right = _number(left), _number(right)
    return _COMPARISON[type(op)](left, right)
