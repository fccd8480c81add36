"""What may stand in a text by which an office words a part of a mail itself: the allow-list.

A text is a template of which only a short list of forms is let through: words, places such as `{{ due }}`, and
`{% if late %}…{% endif %}`. It is read by Jinja and never run by it, and what is not named
here is not let through.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import jinja2
from jinja2 import nodes

from notifications import mime, quotes
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LONGEST = 4000
"""How many characters a text may have as it is written."""
DEEPEST = 10
"""How deep one condition may stand in another."""


class Part(StrEnum):
    """A part of a mail that an office may put into words of its own: the subject, the first line, what has happened."""

    SUBJECT = "subject"
    FIRST = "first"
    CHANGED = "changed"


ROOM: Mapping[Part, int] = {Part.SUBJECT: mime.SUBJECT_LIMIT, Part.FIRST: 300, Part.CHANGED: 1500}
"""How much a part may come to when it is filled in: characters of a subject, bytes of the others on slow lines."""

PLACES: Mapping[str, str] = {
    "number": say("Case"),
    "title": say("About"),
    "stage": say("Stage"),
    "tier": say("Asked now"),
    "act": say("What was recorded"),
    "actor": say("By"),
    "meant": say("What silence means here"),
    "step": say("What is due"),
    "due": say("Due"),
    "due_own": say("In your own time zone"),
    "means": say("If nothing is recorded by then"),
    "ended": say("How it ended"),
    "role": say("Their part"),
    "desk": say("The desk"),
}
"""What may stand in a first line or in what has happened, by the name of its place; it is empty where a mail lacks it.

A subject has none of them: it is read on lock screens and in the logs of servers.
"""

TESTS: Mapping[str, str] = {
    "asks": say("something is asked of the reader"),
    "yours": say("the next step is with the reader"),
    "late": say("the date has passed"),
    "decides": say("the link leads to a decision"),
}
"""What can be asked for in any part, beside whether a place is empty."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on a line: an unknown name, a test that stands where words should, or a form that is not let in."""

    line: int
    name: str = ""
    is_test: bool = False


@functools.cache
def environment() -> jinja2.Environment:
    """Return what reads texts: no extension, and nothing that it could run them with."""
    return jinja2.Environment(trim_blocks=True, lstrip_blocks=True, autoescape=True)


def faults(node: nodes.Node, part: Part, *, depth: int = 0) -> Iterator[Fault]:
    """Yield every form that is not on the list; what is not named here is not let through."""
    if isinstance(node, nodes.If) and depth < DEEPEST:
        yield from _test_faults(node.test, part, depth=depth)
        for one in (*node.body, *node.elif_, *node.else_):
            yield from faults(one, part, depth=depth + 1)
    elif isinstance(node, nodes.Template | nodes.Output):
        for one in node.iter_child_nodes():
            yield from faults(one, part, depth=depth)
    elif isinstance(node, nodes.Name):
        if node.name not in places(part):
            yield Fault(node.lineno or 1, node.name, is_test=node.name in TESTS)
    elif not isinstance(node, nodes.TemplateData):
        yield Fault(node.lineno or 1)


def _test_faults(test: nodes.Node, part: Part, *, depth: int) -> Iterator[Fault]:
    if depth > DEEPEST:
        yield Fault(test.lineno or 1)
    elif isinstance(test, nodes.Name):
        if test.name not in {*places(part), *TESTS}:
            yield Fault(test.lineno or 1, test.name)
    elif isinstance(test, nodes.Not | nodes.And | nodes.Or):
        for one in test.iter_child_nodes():
            yield from _test_faults(one, part, depth=depth + 1)
    elif isinstance(test, nodes.Compare) and [one.op for one in test.ops] == ["eq"]:
        for one in (test.expr, test.ops[0].expr):
            is_text = isinstance(one, nodes.Const) and isinstance(one.value, str)
            yield from () if is_text else _name_faults(one, part)
    else:
        yield Fault(test.lineno or 1)


def _name_faults(node: nodes.Node, part: Part) -> Iterator[Fault]:
    if not isinstance(node, nodes.Name):
        yield Fault(node.lineno or 1)
    elif node.name not in places(part):
        yield Fault(node.lineno or 1, node.name)


def places(part: Part) -> Iterable[str]:
    """Name the places that a part knows."""
    return () if part is Part.SUBJECT else PLACES


def longest(node: nodes.Node, part: Part) -> int:
    """Tell how much a text comes to at most, whatever stands in its places."""
    if isinstance(node, nodes.TemplateData):
        return len(node.data) if part is Part.SUBJECT else len(node.data.encode())
    if isinstance(node, nodes.Name):
        return quotes.LINE_LIMIT
    if isinstance(node, nodes.If):
        branches = (node.body, *(one.body for one in node.elif_), node.else_)
        return max(sum(longest(one, part) for one in branch) for branch in branches)
    return sum(longest(one, part) for one in node.iter_child_nodes())
