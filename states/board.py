"""The options board: what each option does by each criterion and for whom it is dangerous, read from the case alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from states.items import Criterion, Option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from states.case import Case
    from states.items import Harm, Judgement

VERDICTS = ("meets it", "meets it in part", "does not meet it")
HEADS = ("staff risk", "neutrality", "affected people", "precedent")
LEVELS = ("none", "some", "serious")
SERIOUS = LEVELS[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One option: a judgement for each criterion of the board and a harm for each head, None where it has none yet."""

    option: Option
    judgements: tuple[Judgement | None, ...]
    harms: tuple[Harm | None, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Options against criteria, in the order in which they were put on file; nothing is added up into one number."""

    criteria: tuple[Criterion, ...]
    rows: tuple[Row, ...]
    heads: tuple[str, ...] = HEADS


def of(case: Case) -> Board:
    """Lay out the options of a case, as much of it as the case given holds; dropped ones stand last."""
    since = case.cycle_since
    criteria = tuple(one for one in case.all(Criterion) if since is None or one.at >= since)
    options = (one for one in case.all(Option) if since is None or one.at >= since)
    ordered = sorted(options, key=lambda option: option.state == "dropped")
    return Board(criteria=criteria, rows=tuple(_row(option, criteria) for option in ordered))


def untested(option: Option, criteria: Iterable[Criterion]) -> tuple[str, ...]:
    """Name the criteria and heads that an option was not looked at by."""
    judged, checked = {one.criterion for one in option.judgements}, {one.head for one in option.harms}
    return (*(one.text for one in criteria if one.id not in judged), *(head for head in HEADS if head not in checked))


def is_dangerous(option: Option) -> bool:
    """Tell whether an option may do serious harm."""
    return any(harm.level == SERIOUS for harm in option.harms)


def _row(option: Option, criteria: tuple[Criterion, ...]) -> Row:
    judged = {one.criterion: one for one in option.judgements}
    checked = {one.head: one for one in option.harms}
    return Row(
        option=option,
        judgements=tuple(judged.get(one.id) for one in criteria),
        harms=tuple(checked.get(head) for head in HEADS),
        missing=untested(option, criteria),
    )
