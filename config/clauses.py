"""The library of clauses that comes with Parley: YAML files by theme, and how a definition takes clauses from it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from config import entries, yaml_nodes
from states import findings
from states.clauses import Clause
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHIPPED = Path(__file__).with_name("clauses")


@cache
def library() -> Mapping[str, Clause]:
    """Load every clause of the library; raise `DefinitionError` for one that cannot be read."""
    problems = yaml_nodes.Problems()
    found = {
        name: clause(name, entries.Entry(node, problems, place=f"clause {name}")) for name, node in _nodes().items()
    }
    problems.settle()
    return found


def clause(name: str, entry: entries.Entry) -> Clause:
    """Read one clause."""
    term, text = entry.inner("term"), " ".join(entry.text("text").split())
    read = Clause(
        id=name,
        title=entry.sentence("title"),
        text=say(text),
        suits=entry.names("suits"),
        term={key: term.sentence(key) for key in ("action", "proof") if key in term},
    )
    term.close()
    entry.close()
    return read


def taken_in(tree: yaml_nodes.Node, problems: yaml_nodes.Problems) -> yaml_nodes.Node:
    """Put the wordings in place of their names where a definition lists clauses, so that it carries them itself."""
    listed = tree.table.get("clauses")
    if listed is None or not isinstance(listed.value, tuple):
        return tree
    known = _nodes()
    wanted: dict[str, yaml_nodes.Node] = {}
    for node in listed.value:
        name = str(node.value)
        if name in known:
            wanted[name] = known[name]
        else:
            problems.add(node.mark, f"there is no clause “{name}” in the library; {findings.nearest(name, known)}")
    return yaml_nodes.Node({**tree.table, "clauses": yaml_nodes.Node(wanted, listed.mark)}, tree.mark)


@cache
def _nodes() -> Mapping[str, yaml_nodes.Node]:
    problems = yaml_nodes.Problems()
    found: dict[str, yaml_nodes.Node] = {}
    for path in sorted(_SHIPPED.glob("*.yaml")):
        found |= yaml_nodes.parse(path.read_text(encoding="utf-8"), file=str(path), problems=problems).table
    problems.settle()
    return found
