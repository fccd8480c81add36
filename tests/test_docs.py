"""What the documents say is there: settings, commands, links, pictures, and the lines of real YAML in the README."""

from __future__ import annotations

import ast
import inspect
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from config import deadlines, definitions
from config.settings import Settings
from desk import process_words
from desk.cli import app
from states.fields import FieldType

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
OPERATIONS = ROOT / "docs" / "operations.md"
PICTURES = ROOT / "docs" / "pictures"
DOCUMENTS = (README, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
MOST_BYTES = 250_000

BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
SETTING = re.compile(r"^\| `PARLEY_(\w+)` \| (.+?) \|", re.MULTILINE)
MAKE = re.compile(r"\bmake ([a-z]+)\b")


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def said(path: Path) -> Iterator[str]:
    """Yields each line of shell and each piece of code that a document shows."""
    for language, block in BLOCK.findall(text(path)):
        if language in {"sh", "cron"}:
            yield from block.splitlines()
    yield from CODE.findall(BLOCK.sub("", text(path)))


def commands(path: Path) -> Iterator[str]:
    """Yields everything that follows the word `parley` where it begins a command."""
    for line in said(path):
        for part in re.split(r"&&|;", line.partition(" #")[0]):
            found = re.match(r"\s*(?:\S*/bin/)?parley( .+)?$", part)
            if found and found[1] and found[1].strip() != "…":
                yield found[1].strip()


def complaint(spelled: str) -> str:
    """Says what is wrong with a command as a document spells it, or nothing."""
    known: Any = typer.main.get_command(app)
    words = shlex.split(spelled)
    while words and hasattr(known, "commands"):
        if words[0] not in known.commands:
            break
        known = known.commands[words.pop(0)]
    if words and not words[0].startswith("-") and hasattr(known, "commands"):
        return f"parley {spelled}: there is no command {words[0]}"
    options = {name for one in known.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}
    wrong = [word for word in words if word.startswith("-") and word not in options]
    return f"parley {spelled}: there is no option {', '.join(wrong)}" if wrong else ""


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def targets(path: Path) -> Iterator[str]:
    for markdown, html in LINK.findall(BLOCK.sub("", text(path))):
        target = markdown or html
        if not target.startswith(("http://", "https://", "mailto:")):
            yield target


def leads_nowhere(path: Path, target: str) -> bool:
    file, _, place = target.partition("#")
    aim = (path.parent / file).resolve() if file else path
    return not aim.exists() or (bool(place) and place not in map(anchor, HEADING.findall(text(aim))))


def spelled(value: object) -> str:
    """Spells a default as the table of settings does."""
    if isinstance(value, bool | tuple):
        return f"`{json.dumps(value, separators=(',', ':'))}`"
    return "unset" if value is None or not str(value) else f"`{value}`"


def test_every_setting_is_documented_with_its_default() -> None:
    told = {name.lower(): default for name, default in SETTING.findall(text(OPERATIONS))}
    assert told == {name: spelled(field.default) for name, field in Settings.model_fields.items()}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_a_document_names_exists(path: Path) -> None:
    assert [fault for one in commands(path) if (fault := complaint(one))] == []


def test_the_check_of_commands_sees_a_wrong_one() -> None:
    assert complaint("case fly D-1") == "parley case fly D-1: there is no command fly"
    assert complaint("tick --slowly") == "parley tick --slowly: there is no option --slowly"
    assert complaint("mail retry --all") == ""


def test_the_readme_names_commands_to_check() -> None:
    assert {"demo play S3", "doctor", "verify"} <= set(commands(README))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert [target for target in targets(path) if leads_nowhere(path, target)] == []


def test_every_document_is_linked_from_the_readme() -> None:
    linked = {(ROOT / target.partition("#")[0]).resolve() for target in targets(README)}
    assert set(DOCUMENTS) - {README} <= linked


def test_every_picture_is_shown_and_small() -> None:
    shown = {(path.parent / target).resolve() for path in DOCUMENTS for target in targets(path)}
    kept = set(PICTURES.glob("*"))
    assert kept
    assert kept <= shown
    assert {path.name for path in kept if path.stat().st_size >= MOST_BYTES} == set()


def test_the_process_in_the_readme_is_the_shipped_one() -> None:
    (excerpt,) = (block for language, block in BLOCK.findall(text(README)) if language == "yaml")
    shipped = iter(text(ROOT / "config" / "processes" / "dispute.yaml").splitlines())
    assert [line for line in excerpt.splitlines() if line not in shipped] == []


def test_every_make_target_a_document_names_exists() -> None:
    offered = set(re.findall(r"^([a-z]+):", text(ROOT / "Makefile"), re.MULTILINE))
    named = {target for path in DOCUMENTS for line in said(path) for target in MAKE.findall(line)}
    assert named
    assert named <= offered


def accepted_keys() -> set[str]:
    """Collects every key that the readers of a definition ask an entry for."""
    takers = {"text", "optional", "names", "truth", "whole", "choice", "span", "expression", "offset", "inner"}
    takers |= {"section", "rows", "node"}
    calls = (
        node
        for module in (definitions, deadlines)
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in takers
        and node.args
    )
    return {str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)}


def test_every_key_of_the_language_is_told_on_its_page() -> None:
    page = text(ROOT / "docs" / "process-language.md")
    keys = accepted_keys()
    assert {"after_closing", "moves", "reminders"} <= keys
    assert [str(one) for one in FieldType if f"`{one}`" not in page and one is not FieldType.FILE] == []
    assert sorted(key for key in keys if not re.search(rf"(?:^|[`{{ ]){key}(?::|`)", page, re.MULTILINE)) == []


def test_the_page_of_built_in_words_is_what_the_command_prints() -> None:
    wanted = process_words.page()
    assert text(ROOT / "docs" / "process-words.md") == wanted, "run: parley process words -o docs/process-words.md"
