"""Reads and writes the own words of mails as YAML, so that translators can work on them without the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import yaml

from config import entries, yaml_nodes


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledWords:
    """The words of one mail in one language as a file has them, the version they were made from, and their place."""

    mail: str
    language: str
    version: int
    texts: Mapping[str, str]
    place: str = ""


def load_text(text: str, *, file: str, parts: Iterable[str]) -> tuple[FiledWords, ...]:
    """Read words by mail and language. Raises `DefinitionError` with the lines of everything that cannot be read."""
    problems = yaml_nodes.Problems()
    found: list[FiledWords] = []
    for mail, languages in yaml_nodes.parse(text, file=file, problems=problems).table.items():
        for language, node in languages.table.items():
            entry = entries.Entry(node, problems, place=f"{mail} in {language}")
            texts = {part: entry.optional(part) or "" for part in parts}
            version = entry.whole("version", 0)
            entry.close()
            place = str(node.mark)
            found.append(FiledWords(mail=mail, language=language, version=version, texts=texts, place=place))
    problems.settle()
    return tuple(found)


def text_of(words: Iterable[FiledWords]) -> str:
    """Write words as a text that `load_text` reads again."""
    tree: dict[str, dict[str, dict[str, str | int]]] = {}
    for one in words:
        tree.setdefault(one.mail, {})[one.language] = {"version": one.version, **one.texts}
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=120)
