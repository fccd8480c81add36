"""Prints the built-in words of the process language, as the code knows them, for those who write a process."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from states.conditions import CONDITIONS
from states.effects import EFFECTS
from states.fields import FieldType
from states.items import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from states.effects.registry import Effect
    from states.fields import Field

_OPENING = """\
# The built-in words of the process language

What a definition may name under `does`, `needs`, `when`, `of` and `type`; [the process language](process-language.md)
tells how.
Renew this page with `parley process words -o docs/process-words.md`.
"""
_EFFECTS = """
## Effects

What an act does, in the order of its `does`. Each effect brings the inputs it asks for; those in brackets may stay
empty. An act may give an input of the same name another type, label, choice or initial value under `inputs`.
"""
_CONDITIONS = """
## Conditions

What an act needs, or a clock under `when`. The sentence is what a person reads when it does not hold; with it stands
who can mend it, by an act that does one of the effects named here.
"""
_KINDS = """
## Kinds of item

What lies on file: the `of` of a clock, and of an input that asks for an item.
"""
_TYPES = """
## Types of fields and inputs

"""


def page() -> str:
    """Return the page of every effect, condition, kind of item and type, in Markdown."""
    effects = ((f"`{one.name}`", _done(one), _asked(one)) for _, one in sorted(EFFECTS.items()))
    needs = ((f"`{one.name}`", _escaped(one.says), _named(one.mended_by)) for _, one in sorted(CONDITIONS.items()))
    kinds = ((f"`{name}`", _sentence(KINDS[name].__doc__)) for name in sorted(KINDS))
    types = ", ".join(f"`{one}`" for one in FieldType)
    parts = (
        _OPENING,
        _EFFECTS,
        *_table(("Effect", "What it does", "Asks for"), effects),
        _CONDITIONS,
        *_table(("Condition", "Holds when", "Mended by"), needs),
        _KINDS,
        *_table(("Kind", "What it is"), kinds),
        _TYPES,
        f"{types}.\n",
    )
    return "".join(parts)


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n"
    for row in rows:
        yield f"| {' | '.join(row)} |\n"


def _sentence(documented: str | None) -> str:
    """Take the first paragraph of what the code says of a word, in one line."""
    first = inspect.cleandoc(documented or "").partition("\n\n")[0]
    return _escaped(" ".join(first.split()))


def _done(effect: Effect) -> str:
    return f"{_sentence(effect.run.__doc__)}{' *Binds the party.*' if effect.binds else ''}"


def _asked(effect: Effect) -> str:
    return ", ".join(_input(field) for field in effect.inputs.values())


def _input(field: Field) -> str:
    required = field.required and field.initial is None
    return f"`{field.name}`" if required else f"(`{field.name}`)"


def _named(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
