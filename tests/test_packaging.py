"""What is installed and what is shipped: the pinned set, and the wheel built from this tree."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)
PINNED = {name: pinned_version for name, pinned_version, _ in PIN.findall(CONSTRAINTS)}


def test_constraints_hold_nothing_but_pins_with_hashes_and_remarks() -> None:
    rest = PIN.sub("", CONSTRAINTS).splitlines()
    assert [line for line in rest if line and not line.lstrip().startswith("#")] == []
    assert len(PINNED) > 100


def test_constraints_record_no_address_and_no_path() -> None:
    assert "/" not in CONSTRAINTS


def test_everything_declared_is_pinned_within_its_range() -> None:
    extras = PROJECT["project"]["optional-dependencies"].values()
    declared = map(Requirement, [*PROJECT["project"]["dependencies"], *(line for extra in extras for line in extra)])
    outside = [str(need) for need in declared if PINNED.get(canonicalize_name(need.name), "") not in need.specifier]
    assert outside == []


def test_what_runs_here_is_what_is_pinned() -> None:
    names = ("prefect", "fastapi", "sqlalchemy", "transitions", "aiosmtplib", "tzdata")
    assert {name: version(name) for name in names} == {name: PINNED[name] for name in names}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Builds the wheel and returns the names of the files in it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [built] = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return archive.namelist()


def test_the_wheel_carries_every_file_of_every_room(wheel: list[str]) -> None:
    rooms = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--", *rooms]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    assert {name for name in names if (ROOT / name).is_file()} <= set(wheel)


def test_the_wheel_carries_nothing_beside_the_rooms_and_its_own_record(wheel: list[str]) -> None:
    rooms = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert {name.partition("/")[0] for name in wheel} == {*rooms, "parley_engine-0.1.0.dist-info"}
