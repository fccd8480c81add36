"""Clauses of a library: ready wordings with named blanks, filled in for one agreement."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from states.said import listed, say, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_BLANK = re.compile(r"\{([a-z][a-z_]*)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A wording with blanks such as `{place}`; it `suits` families of causes, and `term` is its promise's pattern."""

    id: str
    title: str
    text: str
    suits: tuple[str, ...] = ()
    term: Mapping[str, str] = field(default_factory=dict)

    @property
    def blanks(self) -> tuple[str, ...]:
        """Name the blanks of the wording, each once, in their order."""
        return tuple(dict.fromkeys(_BLANK.findall(self.text)))


def read_blanks(lines: Iterable[str]) -> dict[str, str]:
    """Read what is to stand in the blanks from lines such as `place = the north gate`."""
    pairs = (line.partition("=") for line in lines)
    return {name.strip(): value.strip() for name, _, value in pairs}


def problem(clause: Clause, values: Mapping[str, str]) -> str:
    """Say which blanks are left open, and which given ones the clause does not have; empty when nothing is wrong."""
    left = [name for name in clause.blanks if not values.get(name)]
    foreign = [name for name in values if name not in clause.blanks]
    told = [say("left open: %(blanks)s", blanks=listed(left))] if left else []
    told += [say("not in this clause: %(blanks)s", blanks=listed(foreign))] if foreign else []
    return together(told)


def filled(clause: Clause, values: Mapping[str, str]) -> str:
    """Write the wording with its blanks filled in, under its title."""
    return f"{clause.title}. {_BLANK.sub(lambda blank: values[blank[1]], clause.text)}"
