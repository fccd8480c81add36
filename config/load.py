"""Loads process definitions: YAML to a checked `Process`, with file, line and remedy in every error."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from config import clauses, definitions, yaml_nodes
from states import check, errors, findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from states.check import Vocabulary
    from states.process import Process

    _Rules = Callable[[Process, Vocabulary], Iterable[check.Finding]]

_SHIPPED = Path(__file__).with_name("processes")
_MAILS = Path(__file__).with_name("mails.yaml")
_DEEPEST = 5


def load_process(path: Path, *, vocabulary: Vocabulary) -> Process:
    """Load and check the definition in a file.

    Raises `DefinitionError` whose text lists every problem found, one a line: `file:line: what is wrong; how to mend`.
    """
    return load_text(read_text(path), name=str(path), vocabulary=vocabulary)


def read_text(path: Path) -> str:
    """Read the text of a file that an office wrote; raise `DefinitionError` where that cannot be done."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise errors.DefinitionError(f"{path}:1: the file cannot be read ({reason}); check its name") from None


def load_text(text: str, *, name: str, vocabulary: Vocabulary) -> Process:
    """Load and check a definition from its text; `name` stands for the file in messages."""
    return _loaded(text, name=name, vocabulary=vocabulary, rules=check.check)


def load_stored(text: str, *, name: str, vocabulary: Vocabulary) -> Process:
    """Load a definition that was checked when it was put on file, so that cases pinned to it go on by its rules.

    Raises `DefinitionError` when it names something that this version does not know any more.
    """
    return _loaded(text, name=name, vocabulary=vocabulary, rules=check.check_again)


@lru_cache(maxsize=32)
def _loaded(text: str, *, name: str, vocabulary: Vocabulary, rules: _Rules) -> Process:
    """Load a definition; the same text is read and checked once, however often it is asked for."""
    problems = yaml_nodes.Problems()
    tree = yaml_nodes.without_nothing(_merged(text, file=name, problems=problems))
    process = definitions.build(tree, problems)
    problems.settle()
    places = definitions.places(tree)
    for finding in rules(process, vocabulary):
        problems.add(
            places.get(finding.place, yaml_nodes.Mark(name, finding.line or 1)), f"{finding.place}: {finding.text}"
        )
    problems.settle()
    return process


def shipped_processes() -> Mapping[str, Path]:
    """Name the definitions that come with Parley, and their files."""
    return {path.stem: path for path in sorted(_SHIPPED.glob("*.yaml"))}


def load_shipped(name: str, *, vocabulary: Vocabulary) -> Process:
    """Load a definition that comes with Parley; raise `DefinitionError` when there is none of that name."""
    shipped = shipped_processes()
    if name not in shipped:
        raise errors.DefinitionError(f"no process “{name}” is shipped; {findings.nearest(name, shipped)}")
    return load_process(shipped[name], vocabulary=vocabulary)


def mail_templates() -> frozenset[str]:
    """Name the mail templates that definitions may use, as `config/mails.yaml` lists them."""
    problems = yaml_nodes.Problems()
    listed = yaml_nodes.parse(_MAILS.read_text(encoding="utf-8"), file=str(_MAILS), problems=problems)
    names = listed.value if isinstance(listed.value, tuple) else ()
    for name in names:
        if not isinstance(name.value, str):
            problems.add(name.mark, "this is not a name; write one template name a line, like “- case_opened”")
    problems.settle()
    return frozenset(name.value for name in names if isinstance(name.value, str))


def _merged(text: str, *, file: str, problems: yaml_nodes.Problems, depth: int = 0) -> yaml_nodes.Node:
    tree = clauses.taken_in(yaml_nodes.parse(text, file=file, problems=problems), problems)
    extends = tree.table.get("extends")
    if extends is None:
        return tree
    shipped = shipped_processes()
    own = yaml_nodes.Node({key: node for key, node in tree.table.items() if key != "extends"}, tree.mark)
    base = extends.value
    if not isinstance(base, str) or base not in shipped or depth == _DEEPEST:
        near = findings.nearest(str(base), shipped)
        problems.add(extends.mark, f"“extends” must name a shipped definition that does not extend this one; {near}")
        return own
    inherited = shipped[base].read_text(encoding="utf-8")
    below = _merged(inherited, file=str(shipped[base]), problems=problems, depth=depth + 1)
    return yaml_nodes.merge(below, own, problems=problems)
