"""The rules of the house that no other tool checks, read off the source itself."""

from __future__ import annotations

import ast
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("states", "config", "cases", "notifications", "flows", "desk")

OUTSIDE_THE_RULES = {"asyncio", "io", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3", "subprocess"}
CLOCKS_AND_DICE = {"now", "utcnow", "today", "monotonic", "perf_counter", "uuid1", "uuid4", "open", "print", "input"}
STAND_INS = {"mock", "unittest.mock", "freezegun", "time_machine"}
# The dots are escaped, so this file does not name what it forbids.
INDEX_ADDRESS = re.compile(r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|anaconda\.org|https?://\S+/simple\b")

Rule = Callable[[ast.Module], set[str]]


def tracked(*patterns: str) -> list[Path]:
    """Returns the files of this repository that git knows and that exist, limited to `patterns`."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def modules_in(*folders: str) -> list[Path]:
    """Returns every Python file in the folders."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def offenders(rule: Rule, paths: list[Path]) -> dict[str, set[str]]:
    """Returns what the rule finds, file by file, leaving out the files where it finds nothing."""
    found = {str(path.relative_to(ROOT)): rule(ast.parse(path.read_text(encoding="utf-8"))) for path in paths}
    return {name: faults for name, faults in found.items() if faults}


def imported(tree: ast.Module) -> Iterator[str]:
    """Yields the dotted name of everything imported anywhere in the module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called(tree: ast.Module) -> Iterator[str]:
    """Yields the last name of everything called anywhere in the module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func).rpartition(".")[2]


def impurities(tree: ast.Module) -> set[str]:
    """Finds the doors to the world, the clock and chance."""
    doors = {name for name in imported(tree) if name.partition(".")[0] in OUTSIDE_THE_RULES | {"time"}}
    return doors | (set(called(tree)) & CLOCKS_AND_DICE)


def stand_ins_and_waits(tree: ast.Module) -> set[str]:
    """Finds mocks, frozen clocks and sleeps."""
    sleeps = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "sleep"}
    return sleeps | {name for name in imported(tree) if name in STAND_INS or name.endswith(".sleep")}


def blocking_mail(tree: ast.Module) -> set[str]:
    """Finds the mail client of the standard library."""
    return {name for name in imported(tree) if name.partition(".")[0] == "smtplib"}


def classes(tree: ast.Module) -> set[str]:
    """Finds the classes a module defines."""
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}


def missing_docstring(tree: ast.Module) -> set[str]:
    """Finds a module that does not say what its job is."""
    return set() if ast.get_docstring(tree) else {"no docstring"}


@pytest.mark.parametrize(
    ("rule", "source", "finding"),
    [
        (impurities, "from datetime import datetime\nat = datetime.now()", "now"),
        (impurities, "import uuid\nkey = uuid.uuid4()", "uuid4"),
        (impurities, "import os.path", "os.path"),
        (impurities, "def late():\n    import time", "time"),
        (stand_ins_and_waits, "from unittest import mock", "unittest.mock"),
        (stand_ins_and_waits, "import time as t\nt.sleep(1)", "t.sleep"),
        (stand_ins_and_waits, "from asyncio import sleep", "asyncio.sleep"),
        (blocking_mail, "from smtplib import SMTP", "smtplib.SMTP"),
        (classes, "class Flow: ...", "Flow"),
        (missing_docstring, "one = 1", "no docstring"),
    ],
)
def test_every_rule_sees_its_breach(rule: Rule, source: str, finding: str) -> None:
    assert finding in rule(ast.parse(source))


def test_the_rules_of_states_read_no_clock_and_open_nothing() -> None:
    assert offenders(impurities, modules_in("states")) == {}


def test_tests_neither_mock_nor_wait() -> None:
    assert offenders(stand_ins_and_waits, modules_in("tests")) == {}


def test_mail_goes_through_one_client_only() -> None:
    assert offenders(blocking_mail, modules_in(*ROOMS, "tests")) == {}


def test_every_module_says_what_it_is_for() -> None:
    assert offenders(missing_docstring, modules_in(*ROOMS, "tests")) == {}


def test_flows_define_no_classes() -> None:
    # Prefect's extension point for running flows in a process of our own is to subclass its worker.
    allowed = {"flows/worker.py": {"InProcessWorker"}}
    assert offenders(classes, modules_in("flows")) == allowed


def test_no_flow_is_named_like_a_room_or_a_standard_module() -> None:
    names = {path.stem for path in modules_in("flows")} - {"__init__"}
    assert names.isdisjoint(sys.stdlib_module_names | set(ROOMS))


def test_nobody_else_installed_a_package_by_the_name_of_a_room() -> None:
    owners = packages_distributions()
    assert {owner for room in ROOMS for owner in owners.get(room, [])} <= {"parley-engine"}


def test_no_file_names_a_package_index() -> None:
    texts = {path: path.read_bytes().decode("utf-8", errors="ignore") for path in tracked()}
    assert [str(path.relative_to(ROOT)) for path, text in texts.items() if INDEX_ADDRESS.search(text)] == []


def test_a_test_cannot_reach_beyond_this_machine() -> None:
    documentation_address = "192.0.2.1"
    with closing(socket.socket()) as outward, pytest.raises(RuntimeError, match=documentation_address):
        outward.connect((documentation_address, 80))
